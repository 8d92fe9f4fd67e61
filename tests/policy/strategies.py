"""Random facts of a build that is mostly in order, so that every outcome is met often."""

from dataclasses import replace
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

VENDORS = (1, 2, 3, 4)
ROLES = ("flight_controller", "camera", "radio")

days = st.integers(-3, 3).map(lambda offset: TODAY + timedelta(days=offset))
evidence = st.builds(
    Evidence,
    id=st.integers(1, 9),
    title=st.sampled_from(["Declaration", "証明書", "Teardown"]),
    claimant=st.just("Maker"),
    kind=st.just("maker_declaration"),
    grade=st.sampled_from(Grade),
    dated=st.just(date(2025, 1, 1)),
    expires=st.none() | days,
)


def mostly(usual: T, otherwise: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """The usual value in five of six cases."""
    return st.integers(0, 5).flatmap(lambda turn: st.just(usual) if turn else otherwise)


def mostly_one(items: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.integers(0, 5).flatmap(lambda turn: st.tuples(items) if turn else st.just(()))


maybe_evidence = mostly(PAPER, st.none() | evidence)
JAPAN = Countries(frozenset({"JP"}), PAPER)
countries = mostly(
    JAPAN,
    st.builds(
        Countries,
        values=st.none() | st.frozensets(st.sampled_from(["JP", "CN"]), min_size=1, max_size=2),
        evidence=maybe_evidence,
        disputed=st.sampled_from([False, False, True]),
    ),
)
percents = st.sampled_from(
    [Decimal(each) for each in ("0", "10", "25", "49.99", "50", "60", "100")]
)
vendor_ids = mostly(1, st.none() | st.sampled_from(VENDORS))


@st.composite
def links(draw: st.DrawFn) -> tuple[Link, ...]:
    """At most one link of a kind between two vendors: no conflicting claims about one holding."""
    ends = st.tuples(
        mostly(3, st.sampled_from(VENDORS)),
        st.sampled_from((1, 1, 2, 4)),
        mostly(LinkKind.SHAREHOLDING, st.sampled_from(LinkKind)),
    ).filter(lambda pair: pair[0] != pair[1])
    made = []
    for number, (holder, subject, kind) in enumerate(
        draw(st.lists(ends, max_size=4, unique=True)), 1
    ):
        low, high = sorted((draw(percents), draw(percents)))
        made.append(
            Link(
                number,
                holder,
                subject,
                kind,
                draw(mostly(low, st.none())),
                draw(mostly(high, st.none())),
                draw(mostly(None, days)),
                draw(mostly(None, days)),
                draw(mostly(LinkStatus.ASSERTED, st.sampled_from(LinkStatus))),
                draw(maybe_evidence),
            )
        )
    return tuple(made)


def part(number: int, role: str) -> st.SearchStrategy[ComponentFacts]:
    return st.builds(
        ComponentFacts,
        id=st.just(number),
        role=st.just(role),
        part=st.sampled_from(["", "P-1"]),
        maker=vendor_ids,
        made_in=countries,
        developed_in=countries,
        data_stored_in=countries,
        administered_from=countries,
        evidence=maybe_evidence,
    )


@st.composite
def parts(draw: st.DrawFn) -> tuple[ComponentFacts, ...]:
    """One of each role as a rule, now and then none or two."""
    roles = [role for role in ROLES for _ in range(draw(mostly(1, st.sampled_from([0, 2]))))]
    return tuple(draw(part(number, role)) for number, role in enumerate(roles, 1))


parties = mostly(
    Party(known=True, evidence=PAPER),
    st.just(Party(known=False))
    | st.builds(Party, known=st.just(True), vendor=vendor_ids, evidence=maybe_evidence),
)
other_matches = [Match("companies", "late", vendor=4), Match("cleared", "sora", build=7)]
measures = st.builds(
    MeasureFacts,
    measure=st.just("encryption"),
    claimed=mostly(True, st.sampled_from([False, None])),
    evidence=maybe_evidence,
    disputed=mostly(False, st.just(True)),
)
quantities = st.sampled_from([None, Decimal(90), Decimal(100), Decimal(110)])


@st.composite
def attributes(draw: st.DrawFn) -> AttributeFacts:
    low, high = draw(quantities), draw(quantities)
    if low is not None and high is not None and low > high:
        low, high = high, low
    disputed = draw(mostly(False, st.just(True)))
    return AttributeFacts("weight_g", low, high, None, draw(maybe_evidence), disputed)


certificates = st.builds(
    CertificateFacts,
    certificate=st.just("type"),
    held=mostly(True, st.sampled_from([False, None])),
    valid_from=mostly(None, days),
    valid_until=mostly(None, days),
    evidence=maybe_evidence,
    disputed=mostly(False, st.just(True)),
)
vendors = st.tuples(
    *(
        st.builds(
            VendorFacts,
            id=st.just(number),
            name=st.just(f"Vendor {number}"),
            incorporated_in=countries,
            headquartered_in=countries,
        )
        for number in VENDORS
    )
)


@st.composite
def facts(draw: st.DrawFn) -> BuildFacts:
    """Vendor 1 makes aircraft and parts; vendor 3 is on the list of companies.

    No role is both fitted and not fitted: taking one of the two away would settle a contradiction.
    """
    components = draw(parts())
    fitted = {component.role for component in components}
    return BuildFacts(
        id=7,
        name="Sora S-1",
        model="Sora S-1",
        configuration_known=draw(mostly(True, st.just(False))),
        manufacturer=draw(vendor_ids),
        assembled_in=draw(countries),
        licensor=draw(parties),
        supplier=draw(parties),
        components=components,
        not_fitted=draw(st.frozensets(st.sampled_from(ROLES), max_size=2)) - fitted,
        measures=draw(mostly_one(measures)),
        attributes=draw(mostly_one(attributes())),
        certificates=draw(mostly_one(certificates)),
        vendors=draw(vendors),
        links=draw(links()),
        matches=(MATCHED, *draw(st.lists(st.sampled_from(other_matches), unique=True))),
    )


@st.composite
def owned(draw: st.DrawFn) -> BuildFacts:
    """As `facts`, with a known clean maker: what is in doubt is who owns it.

    Nobody owns an ultimate owner, so that hiding a link does not contradict another fact.
    """
    drawn = draw(links())
    held = {each.subject for each in drawn}
    clean = tuple(
        VendorFacts(each, f"Vendor {each}", "", JAPAN, JAPAN, ultimate=each in {2, 4} - held)
        for each in VENDORS
    )
    listed = VendorFacts(3, "Listed Group", "", Countries(frozenset({"CN"}), PAPER))
    share = draw(percents)
    declared = Link(99, 2, 1, LinkKind.SHAREHOLDING, share, share, evidence=PAPER)
    return replace(
        draw(facts()),
        manufacturer=1,
        links=(declared, *(each for each in drawn if each.holder != 2)),
        vendors=tuple(listed if each.id == 3 else each for each in clean),
    )
