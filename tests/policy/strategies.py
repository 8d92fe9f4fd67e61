"""Random facts, small enough that every clause of the engine is met often."""

from datetime import date, timedelta
from decimal import Decimal

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
from tests.policy.builders import TODAY

VENDORS = (1, 2, 3, 4)
ROLES = ("flight_controller", "camera", "radio")
MEASURES = ("encryption", "update_control")

days = st.integers(-3, 3).map(lambda offset: TODAY + timedelta(days=offset))
maybe_day = st.none() | days
evidence = st.builds(
    Evidence,
    id=st.integers(1, 9),
    title=st.sampled_from(["Declaration", "証明書", "Teardown"]),
    claimant=st.just("Maker"),
    kind=st.just("maker_declaration"),
    grade=st.sampled_from(Grade),
    dated=st.just(date(2025, 1, 1)),
    expires=maybe_day,
)
maybe_evidence = st.none() | evidence
countries = st.builds(
    Countries,
    values=st.none() | st.frozensets(st.sampled_from(["JP", "US", "CN"]), min_size=1, max_size=2),
    evidence=maybe_evidence,
    disputed=st.sampled_from([False, False, False, True]),
)
percents = st.sampled_from(
    [Decimal(each) for each in ("0", "10", "25", "49.99", "50", "60", "100")]
)


@st.composite
def links(draw: st.DrawFn) -> tuple[Link, ...]:
    """At most one link of a kind between two vendors: no conflicting claims about one holding."""
    ends = st.tuples(
        st.sampled_from(VENDORS), st.sampled_from(VENDORS), st.sampled_from(LinkKind)
    ).filter(lambda pair: pair[0] != pair[1])
    made = []
    for number, (holder, subject, kind) in enumerate(
        draw(st.lists(ends, max_size=5, unique=True)), 1
    ):
        low, high = sorted((draw(percents), draw(percents)))
        made.append(
            Link(
                number,
                holder,
                subject,
                kind,
                draw(st.sampled_from([low, None])),
                draw(st.sampled_from([high, None])),
                draw(maybe_day),
                draw(maybe_day),
                draw(st.sampled_from(LinkStatus)),
                draw(maybe_evidence),
            )
        )
    return tuple(made)


vendor_ids = st.none() | st.sampled_from(VENDORS)
components = st.builds(
    ComponentFacts,
    id=st.integers(1, 9),
    role=st.sampled_from(ROLES),
    part=st.sampled_from(["", "P-1"]),
    maker=vendor_ids,
    made_in=countries,
    developed_in=countries,
    data_stored_in=countries,
    administered_from=countries,
    evidence=maybe_evidence,
)
parties = st.just(Party(known=False)) | st.builds(
    Party, known=st.just(True), vendor=vendor_ids, evidence=maybe_evidence
)
matches = st.sampled_from(
    [
        Match("companies", "listed", vendor=3),
        Match("companies", "late", vendor=4),
        Match("cleared", "sora", build=7),
    ]
)
measures = st.builds(
    MeasureFacts,
    measure=st.sampled_from(MEASURES),
    claimed=st.sampled_from([True, False, None]),
    evidence=maybe_evidence,
    disputed=st.booleans(),
)
quantities = st.sampled_from([None, Decimal(90), Decimal(100), Decimal(110)])


@st.composite
def attributes(draw: st.DrawFn) -> AttributeFacts:
    low, high = draw(quantities), draw(quantities)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return AttributeFacts("weight_g", low, high, None, draw(maybe_evidence), draw(st.booleans()))


certificates = st.builds(
    CertificateFacts,
    certificate=st.just("type"),
    held=st.sampled_from([True, False, None]),
    valid_from=maybe_day,
    valid_until=maybe_day,
    evidence=maybe_evidence,
    disputed=st.booleans(),
)


@st.composite
def facts(draw: st.DrawFn) -> BuildFacts:
    return BuildFacts(
        id=7,
        name="Sora S-1",
        model="Sora S-1",
        configuration_known=draw(st.booleans()),
        manufacturer=draw(vendor_ids),
        assembled_in=draw(countries),
        licensor=draw(parties),
        supplier=draw(parties),
        components=tuple(draw(st.lists(components, max_size=4, unique_by=lambda each: each.id))),
        not_fitted=draw(st.frozensets(st.sampled_from(ROLES), max_size=1)),
        measures=tuple(draw(st.lists(measures, max_size=2, unique_by=lambda each: each.measure))),
        attributes=tuple(draw(st.lists(attributes(), max_size=1))),
        certificates=tuple(draw(st.lists(certificates, max_size=1))),
        vendors=tuple(
            VendorFacts(number, f"Vendor {number}", "", draw(countries), draw(countries))
            for number in VENDORS
        ),
        links=draw(links()),
        matches=tuple(draw(st.lists(matches, max_size=3, unique=True))),
    )
