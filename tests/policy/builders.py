"""Short ways to write facts, lists and rules in tests; every default clears."""

from datetime import date
from decimal import Decimal
from typing import Any

from policy.criteria.listed_party import ListedParty, PartyRole
from policy.criteria.origin import AircraftMeaning, ComponentQuestion, Meaning, Origin, Where
from policy.editions import (
    EntityEdition,
    EntityList,
    Entry,
    JurisdictionEdition,
    JurisdictionList,
)
from policy.facts import (
    BuildFacts,
    ComponentFacts,
    Countries,
    Evidence,
    Grade,
    Link,
    LinkKind,
    Match,
    Party,
    VendorFacts,
)
from policy.rules import Effect, HeldEffect, Level, Rule, Rulebook, VersionFacts
from policy.scopes import SensitiveMission
from policy.trace import Text

TODAY = date(2026, 7, 1)
PAPER = Evidence(
    1, "Declaration of origin", "Maker", "maker_declaration", Grade.DOCUMENTED, date(2026, 1, 10)
)
CLAIM = Evidence(
    2, "Sales sheet", "Supplier", "maker_declaration", Grade.CLAIMED, date(2026, 1, 10)
)
LAPSED = Evidence(
    3,
    "Old declaration",
    "Maker",
    "maker_declaration",
    Grade.VERIFIED,
    date(2024, 1, 1),
    date(2026, 6, 30),
)
LAST_DAY = Evidence(
    4,
    "Declaration that ends today",
    "Maker",
    "maker_declaration",
    Grade.DOCUMENTED,
    date(2025, 7, 1),
    TODAY,
)


def places(*codes: str, on: Evidence | None = PAPER, disputed: bool = False) -> Countries:
    return Countries(frozenset(codes) or None, on, disputed)


def vendor(key: int, name: str, home: str = "JP", **more: Any) -> VendorFacts:
    given = {"incorporated_in": places(home), "headquartered_in": places(home), **more}
    return VendorFacts(key, name, **given)


def component(
    key: int, role: str, made: str = "JP", maker: int | None = 1, **more: Any
) -> ComponentFacts:
    given = {"made_in": places(made), "developed_in": places(made), "evidence": PAPER, **more}
    return ComponentFacts(key, role, f"{role} part", maker, **given)


def holds(
    key: int, holder: int, subject: int, low: str | None, high: str | None = "=", **more: Any
) -> Link:
    """A shareholding of exactly `low` percent unless `high` says otherwise."""
    top = low if high == "=" else high
    share_min = None if low is None else Decimal(low)
    share_max = None if top is None else Decimal(top)
    return Link(key, holder, subject, LinkKind.SHAREHOLDING, share_min, share_max, **more)


def build(**more: Any) -> BuildFacts:
    given: dict[str, Any] = {
        "manufacturer": 1,
        "assembled_in": places("JP"),
        "licensor": Party(known=True, evidence=PAPER),
        "components": (component(1, "flight_controller"), component(2, "camera")),
        "vendors": (
            vendor(1, "Sora Aircraft"),
            vendor(2, "Umi Holdings"),
            vendor(3, "Listed Group", "CN"),
        ),
        **more,
    }
    return BuildFacts(7, "Sora S-1 Standard", "Sora S-1", **given)


CONCERN = JurisdictionList(
    "concern",
    Text("Places of concern", "懸念国・地域"),
    (JurisdictionEdition(date(2026, 1, 1), date(2026, 1, 1), "a" * 64, frozenset({"CN", "RU"})),),
)
COMPANIES = EntityList(
    "companies",
    Text("Companies of concern", "懸念企業"),
    (
        EntityEdition(
            date(2025, 1, 7), date(2025, 1, 7), "b" * 64, (Entry("listed", "LISTED GROUP CO LTD"),)
        ),
        EntityEdition(
            date(2026, 6, 8),
            date(2026, 6, 8),
            "c" * 64,
            (Entry("listed", "LISTED GROUP CO LTD"), Entry("late", "LATE ADDITION")),
        ),
    ),
)
MATCHED = Match("companies", "listed", vendor=3, decided_by="steward", decided_on=date(2026, 2, 1))

ORIGIN = Origin(
    "concern",
    Where.INSIDE,
    frozenset({AircraftMeaning.ASSEMBLED_IN}),
    (ComponentQuestion(frozenset({"flight_controller", "camera"}), frozenset({Meaning.MADE_IN})),),
)
LISTED = ListedParty(
    "companies",
    frozenset({PartyRole.MAKER, PartyRole.COMPONENT_MAKER, PartyRole.LICENSOR, PartyRole.SUPPLIER}),
)


def rule(code: str = "r", criterion: Any = ORIGIN, **more: Any) -> Rule:
    given: dict[str, Any] = {
        "clause": Text("No part from a place of concern.", "懸念国・地域の部品を用いないこと。"),
        "authoritative": "ja",
        "citation": "Agreement of 14 September 2020",
        "level": Level.BLOCK,
        "scope": SensitiveMission(),
        "on_unknown": Level.BLOCK,
        "held": HeldEffect(Effect.PHASE_OUT, months=24),
        **more,
    }
    return Rule(code, criterion=criterion, **given)


def rulebook(*rules: Rule, **more: Any) -> Rulebook:
    given: dict[str, Any] = {
        "in_force_from": date(2026, 4, 1),
        "in_force_to": None,
        "sensitive_missions": frozenset({"criminal_investigation", "rescue"}),
        **more,
    }
    version = VersionFacts("jp", "1", rules=rules or (rule(),), **given)
    return Rulebook((version,), (CONCERN, COMPANIES))
