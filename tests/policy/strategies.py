"""Random facts of a build that is mostly in order, so that every outcome is met often.

A world is made out of one run of bytes, a byte for each choice. Drawing every choice by itself took
fifty times as long, and ten times as long as asking all rules. Bytes shrink towards nought, and
nought is the usual value: what stays of a world that fails is what is unusual in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from policy.facts import (
    AttributeFacts,
    BuildFacts,
    CertificateFacts,
    ComponentFacts,
    Countries,
    Evidence,
    Grade,
    Link,
    LinkKind,
    LinkStatus,
    Match,
    MeasureFacts,
    Party,
    VendorFacts,
)
from tests.policy.builders import MATCHED, PAPER, TODAY

T = TypeVar("T")
U = TypeVar("U")

VENDORS = (1, 2, 3, 4)
ROLES = ("flight_controller", "camera", "radio")
JAPAN = Countries(frozenset({"JP"}), PAPER)
PLACES = (frozenset({"JP"}), frozenset({"CN"}), frozenset({"JP", "CN"}), None)
SHARES = tuple(Decimal(each) for each in ("0", "10", "25", "49.99", "50", "60", "100"))
QUANTITIES = (Decimal(90), Decimal(100), Decimal(110), None)
LATE, CLEARED = Match("companies", "late", vendor=4), Match("cleared", "sora", build=7)
KNOWN_PARTY = Party(known=True, evidence=PAPER)
CHOICES = 640
"""What a world asks for at most: all is unusual and every role is fitted twice."""


@dataclass(slots=True)
class Chance:
    """Choices, one byte each; `IndexError` would mean that `CHOICES` is too small."""

    choices: bytes
    next: int = 0

    def of(self, items: Sequence[T]) -> T:
        choice = self.choices[self.next]
        self.next += 1
        return items[choice % len(items)]

    def mostly(self, usual: T, otherwise: Callable[[], U]) -> T | U:
        """The usual value in five of six cases."""
        return usual if self.of(range(6)) < 5 else otherwise()


def worlds(make: Callable[[Chance], T]) -> st.SearchStrategy[T]:
    return st.binary(min_size=CHOICES, max_size=CHOICES).map(lambda choices: make(Chance(choices)))


def _day(chance: Chance) -> date:
    return TODAY + timedelta(days=chance.of((0, 1, 2, 3, -1, -2, -3)))


def _perhaps_a_day(chance: Chance) -> date | None:
    return chance.mostly(None, lambda: _day(chance))


def _evidence(chance: Chance) -> Evidence | None:
    return chance.mostly(PAPER, lambda: chance.of((None, _other_paper(chance))))


def _other_paper(chance: Chance) -> Evidence:
    return Evidence(
        id=chance.of(range(1, 10)),
        title=chance.of(("Declaration", "証明書", "Teardown")),
        claimant="Maker",
        kind="maker_declaration",
        grade=chance.of(list(Grade)),
        dated=date(2025, 1, 1),
        expires=chance.of((None, _day(chance))),
    )


def _countries(chance: Chance) -> Countries:
    return chance.mostly(JAPAN, lambda: _other_countries(chance))


def _other_countries(chance: Chance) -> Countries:
    return Countries(chance.of(PLACES), _evidence(chance), chance.of((False, False, True)))


def _vendor(chance: Chance) -> int | None:
    return chance.mostly(1, lambda: chance.of((None, *VENDORS)))


def _disputed(chance: Chance) -> bool:
    return chance.mostly(False, lambda: True)


def _links(chance: Chance) -> tuple[Link, ...]:
    """At most one link of a kind between two vendors: no conflicting claims about one holding."""
    ends = {_ends(chance): None for _ in range(chance.of(range(5)))}
    made = (each for each in ends if each[0] != each[1])
    return tuple(_link(chance, number, *each) for number, each in enumerate(made, 1))


def _ends(chance: Chance) -> tuple[int, int, LinkKind]:
    return (
        chance.mostly(3, lambda: chance.of(VENDORS)),
        chance.of((1, 1, 2, 4)),
        chance.mostly(LinkKind.SHAREHOLDING, lambda: chance.of(list(LinkKind))),
    )


def _link(chance: Chance, number: int, holder: int, subject: int, kind: LinkKind) -> Link:
    low, high = sorted((chance.of(SHARES), chance.of(SHARES)))
    return Link(
        number,
        holder,
        subject,
        kind,
        chance.mostly(low, lambda: None),
        chance.mostly(high, lambda: None),
        _perhaps_a_day(chance),
        _perhaps_a_day(chance),
        chance.mostly(LinkStatus.ASSERTED, lambda: chance.of(list(LinkStatus))),
        _evidence(chance),
    )


def _components(chance: Chance) -> tuple[ComponentFacts, ...]:
    """One of each role as a rule, now and then none or two."""
    counts = [chance.mostly(1, lambda: chance.of((0, 2))) for _ in ROLES]
    roles = [role for role, count in zip(ROLES, counts, strict=True) for _ in range(count)]
    return tuple(_component(chance, number, role) for number, role in enumerate(roles, 1))


def _component(chance: Chance, number: int, role: str) -> ComponentFacts:
    return ComponentFacts(
        id=number,
        role=role,
        part=chance.of(("", "P-1")),
        maker=_vendor(chance),
        made_in=_countries(chance),
        developed_in=_countries(chance),
        data_stored_in=_countries(chance),
        administered_from=_countries(chance),
        evidence=_evidence(chance),
    )


def _party(chance: Chance) -> Party:
    return chance.mostly(
        KNOWN_PARTY,
        lambda: chance.of(
            (
                Party(known=False),
                Party(known=True, vendor=_vendor(chance), evidence=_evidence(chance)),
            )
        ),
    )


def _measures(chance: Chance) -> tuple[MeasureFacts, ...]:
    claimed = chance.mostly(True, lambda: chance.of((False, None)))
    measure = MeasureFacts("encryption", claimed, _evidence(chance), _disputed(chance))
    return chance.mostly((measure,), tuple)


def _attributes(chance: Chance) -> tuple[AttributeFacts, ...]:
    low, high = chance.of(QUANTITIES), chance.of(QUANTITIES)
    if low is not None and high is not None and low > high:
        low, high = high, low
    weight = AttributeFacts("weight_g", low, high, None, _evidence(chance), _disputed(chance))
    return chance.mostly((weight,), tuple)


def _certificates(chance: Chance) -> tuple[CertificateFacts, ...]:
    held = chance.mostly(True, lambda: chance.of((False, None)))
    days = _perhaps_a_day(chance), _perhaps_a_day(chance)
    of_type = CertificateFacts("type", held, "", *days, _evidence(chance), _disputed(chance))
    return chance.mostly((of_type,), tuple)


def _vendors(chance: Chance) -> tuple[VendorFacts, ...]:
    return tuple(
        VendorFacts(
            each,
            f"Vendor {each}",
            incorporated_in=_countries(chance),
            headquartered_in=_countries(chance),
        )
        for each in VENDORS
    )


def _not_fitted(chance: Chance) -> frozenset[str]:
    named = [chance.of((None, *ROLES)) for _ in range(2)]
    return frozenset(role for role in named if role is not None)


def _matches(chance: Chance) -> tuple[Match, ...]:
    return (MATCHED, *chance.of(((), (LATE,), (CLEARED,), (LATE, CLEARED))))


def _facts(chance: Chance) -> BuildFacts:
    components = _components(chance)
    fitted = {component.role for component in components}
    return BuildFacts(
        id=7,
        name="Sora S-1",
        model="Sora S-1",
        configuration_known=chance.mostly(True, lambda: False),
        manufacturer=_vendor(chance),
        assembled_in=_countries(chance),
        licensor=_party(chance),
        supplier=_party(chance),
        components=components,
        not_fitted=_not_fitted(chance) - fitted,
        measures=_measures(chance),
        attributes=_attributes(chance),
        certificates=_certificates(chance),
        vendors=_vendors(chance),
        links=_links(chance),
        matches=_matches(chance),
    )


def _owned(chance: Chance) -> BuildFacts:
    drawn = _links(chance)
    held = {each.subject for each in drawn}
    clean = tuple(
        VendorFacts(each, f"Vendor {each}", "", JAPAN, JAPAN, ultimate=each in {2, 4} - held)
        for each in VENDORS
    )
    listed = VendorFacts(3, "Listed Group", "", Countries(frozenset({"CN"}), PAPER))
    share = chance.of(SHARES)
    declared = Link(99, 2, 1, LinkKind.SHAREHOLDING, share, share, evidence=PAPER)
    return replace(
        _facts(chance),
        manufacturer=1,
        links=(declared, *(each for each in drawn if each.holder != 2)),
        vendors=tuple(listed if each.id == 3 else each for each in clean),
    )


def links() -> st.SearchStrategy[tuple[Link, ...]]:
    return worlds(_links)


def facts() -> st.SearchStrategy[BuildFacts]:
    """Vendor 1 makes aircraft and parts; vendor 3 is on the list of companies.

    No role is both fitted and not fitted: taking one of the two away would settle a contradiction.
    """
    return worlds(_facts)


def owned() -> st.SearchStrategy[BuildFacts]:
    """As `facts`, with a known clean maker: what is in doubt is who owns it.

    Nobody owns an ultimate owner, so that hiding a link does not contradict another fact.
    """
    return worlds(_owned)
