"""Fifty rules of four policies, one of them with a version still to come, and the lists they refer to."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from agencies.context import acting_as
from agencies.models import Person
from bench.seed_models import COMPONENT_ROLES
from bench.seed_people import DRAFTER, PUBLISHER
from bench.size import Size
from compliance.models import ListMatch
from policy.list_formats.entries import EntryRow
from policy.models import Policy, PolicyVersion, ReferenceList, Rule
from policy.services import publish, record_edition
from registry.models import Vendor

ENTITY_LISTS = ("entities-a", "entities-b", "entities-c")
ENTRIES = 100
MATCHES = 25  # entries of each list that are a vendor here
SENSITIVE = (
    *("defence", "criminal_investigation", "guarding", "maritime_patrol"),
    *("infrastructure_inspection", "confidential_survey", "rescue"),
)
HALF = {"mode": "share", "threshold": "50", "control": True, "undisclosed": False}
ANY_AFFILIATE = {"mode": "affiliate", "threshold": "50", "control": True, "undisclosed": False}
SCOPES: tuple[dict[str, Any], ...] = (
    {"kind": "sensitive_mission"},
    {"kind": "all", "of": []},
    {"kind": "mission_in", "missions": ["criminal_investigation", "defence", "rescue"]},
    {
        "kind": "all",
        "of": [
            {"kind": "sensitive_mission"},
            {"kind": "weight_range_g", "from_g": "100", "below_g": None},
        ],
    },
    {"kind": "agency_kind_in", "kinds": ["agency", "ministry"]},
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A version: its policy, label, days in force, and how many rules of which kind it has."""

    policy: str
    label: str
    days: DateRange
    origin: int
    listed: int
    attribute: int


PLANS = (
    Plan("origin", "2021", DateRange(date(2021, 4, 1), date(2027, 4, 1)), 8, 4, 1),
    Plan("origin", "2027", DateRange(date(2027, 4, 1), None), 8, 4, 1),
    Plan("parties", "2023", DateRange(date(2023, 10, 1), None), 2, 7, 1),
    Plan("parts", "2025", DateRange(date(2025, 4, 1), None), 6, 2, 6),
)


def seed_rules(size: Size, chance: random.Random) -> None:
    with acting_as(None, reason="seed"):
        _lists(size, chance)
    drafter, publisher = (Person.objects.get(email=email) for email in (DRAFTER, PUBLISHER))
    for plan in PLANS:
        with acting_as(drafter):
            draft = _draft(plan, drafter)
            for number, rule in enumerate(_rules(plan)):
                draft.rules.create(**rule, code=f"r{number:02}", citation=f"Article {number}")
        with acting_as(publisher):
            publish(version=draft, by=publisher)


def _lists(size: Size, chance: random.Random) -> None:
    concern = ReferenceList.objects.create(
        code="concern", kind="jurisdictions", name_en="Places of concern", name_local="懸念国・地域"
    )
    for day, codes in ((date(2021, 4, 1), ("CN",)), (date(2027, 1, 1), ("CN", "IL"))):
        rows = [EntryRow(row=0, name=code, key=code, country=code) for code in codes]
        record_edition(of=concern, edition=day, rows=rows)
    steward = Person.objects.get(email="steward@bench.example")
    for code in ENTITY_LISTS:
        listed = ReferenceList.objects.create(
            code=code, kind="entities", name_en=f"Listed {code}", name_local=f"懸念企業{code[-1]}"
        )
        vendors = Vendor.objects.in_bulk(chance.sample(range(1, size.vendors + 1), ENTRIES))
        rows = [EntryRow(row=0, name=each.name, key=f"{pk}") for pk, each in vendors.items()]
        record_edition(of=listed, edition=date(2021, 4, 1), rows=rows)
        ListMatch.objects.bulk_create(
            ListMatch(
                list=listed,
                entry_key=f"{pk}",
                vendor_id=pk,
                decision=ListMatch.Decision.SAME,
                reason="Same name and seat.",
                decided_by=steward,
                decided_on=date(2021, 4, 1),
            )
            for pk in sorted(vendors)[:MATCHES]
        )


def _draft(plan: Plan, drafter: Person) -> PolicyVersion:
    policy, _ = Policy.objects.get_or_create(
        code=plan.policy,
        defaults={"name_en": f"Policy {plan.policy}", "name_local": f"方針 {plan.policy}"},
    )
    return PolicyVersion.objects.create(
        policy=policy,
        label=plan.label,
        in_force=plan.days,
        sensitive_missions=list(SENSITIVE),
        drafted_by=drafter,
    )


def _rules(plan: Plan) -> Iterator[dict[str, Any]]:
    for number in range(plan.origin):
        yield _rule(number, _origin(number))
    for number in range(plan.listed):
        yield _rule(number, _listed(number))
    for number in range(plan.attribute):
        part = {"role": COMPONENT_ROLES[number % 10], "fitted": True}
        yield _rule(number, {"kind": "attribute", "limits": [], "parts": [part]})


def _origin(number: int) -> dict[str, Any]:
    hardware = COMPONENT_ROLES[:6]
    asked = ["made_in", "maker_domicile", "maker_controlled_from"][number % 3]
    roles = [hardware[(number + step) % len(hardware)] for step in range(1 + number % 3)]
    return {
        "kind": "origin",
        "list": "concern",
        "where": "inside",
        "aircraft": ["assembled_in"] if number % 4 else ["assembled_in", "maker_domicile"],
        "components": [{"roles": roles, "meanings": [asked]}],
        "ownership": HALF,
    }


def _listed(number: int) -> dict[str, Any]:
    return {
        "kind": "listed_party",
        "list": ENTITY_LISTS[number % 3],
        "parties": ["component_maker", "licensor", "maker"] if number % 2 else ["maker"],
        "roles": sorted(COMPONENT_ROLES[: 3 + number % 5]) if number % 2 else [],
        "ownership": ANY_AFFILIATE if number % 5 == 4 else HALF,
    }


def _rule(number: int, criterion: dict[str, Any]) -> dict[str, Any]:
    """Levels, scopes and what happens to aircraft already held, in turn."""
    level = [Rule.Level.BLOCK, Rule.Level.CONSULT, Rule.Level.INFORM][number % 3]
    held: dict[str, Any] = {"effect": "allowed"}
    if level != Rule.Level.INFORM:
        effects: list[dict[str, Any]] = [
            {"effect": "phase_out", "months": 60 + 6 * (number % 4), "missions": []},
            {"effect": "training_only"},
            {"effect": "allowed"},
            {"effect": "ground"},
        ]
        held = effects[number % 4]
    return {
        "clause_en": f"No part from a place or party of concern ({number}).",
        "clause_local": "懸念のあるものを用いないこと。",
        "level": level,
        "on_unknown": Rule.Level.CONSULT if level == Rule.Level.BLOCK else level,
        "scope": SCOPES[number % len(SCOPES)],
        "criterion": criterion,
        "held": held,
    }
