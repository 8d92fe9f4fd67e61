from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policy.criteria.inquiry import Context, Finding
from policy.criteria.origin import AircraftMeaning, ComponentQuestion, Meaning, Origin, Where
from policy.facts import BuildFacts, Grade, Link, LinkKind, LinkStatus
from policy.ownership import Ownership, OwnershipTest
from policy.trace import Outcome, Why
from tests.policy.builders import (
    CLAIM,
    CONCERN,
    LAPSED,
    LAST_DAY,
    ORIGIN,
    PAPER,
    TODAY,
    build,
    component,
    holds,
    places,
    vendor,
)

FAIL, PASS, UNKNOWN = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN
MADE = ComponentQuestion(frozenset({"camera"}), frozenset({Meaning.MADE_IN}))


def check(facts: BuildFacts, criterion: Origin = ORIGIN, on: date = TODAY) -> Finding:
    return criterion.check(facts, Context({"concern": CONCERN}, on, Grade.DOCUMENTED))


def about_camera(**camera: Any) -> BuildFacts:
    return build(components=(component(2, "camera", **camera),))


@pytest.mark.parametrize(
    ("made_in", "outcome", "why"),
    [
        (places("JP"), PASS, None),
        (places("JP", "US"), PASS, None),
        (places("CN"), FAIL, None),
        (places("JP", "CN"), FAIL, None),
        (places(), UNKNOWN, Why.NOT_KNOWN),
        (places("JP", on=None), UNKNOWN, Why.NO_EVIDENCE),
        (places("JP", on=CLAIM), UNKNOWN, Why.BELOW_GRADE),
        (places("JP", on=LAPSED), UNKNOWN, Why.EXPIRED),
        (places("JP", on=LAST_DAY), PASS, None),
        (places("JP", disputed=True), UNKNOWN, Why.DISPUTED),
        (places("CN", on=None), FAIL, None),
        (places("CN", on=CLAIM), FAIL, None),
        (places("CN", on=LAPSED), FAIL, None),
        (places("CN", disputed=True), UNKNOWN, Why.DISPUTED),
    ],
)
def test_the_place_of_manufacture_of_a_part(
    made_in: Any, outcome: Outcome, why: Why | None
) -> None:
    found = check(about_camera(made_in=made_in), Origin("concern", components=(MADE,)))
    assert found.outcome is outcome
    assert [missing.why for missing in found.trace.missing] == ([] if why is None else [why])


def test_outside_turns_the_list_into_the_only_places_allowed() -> None:
    allowed_only = Origin("concern", Where.OUTSIDE, components=(MADE,))
    assert check(about_camera(made="CN"), allowed_only).outcome is PASS
    assert check(about_camera(made="JP"), allowed_only).outcome is FAIL
    assert check(about_camera(made_in=places("CN", "JP")), allowed_only).outcome is FAIL


def test_a_named_role_without_a_part_is_unknown_and_not_fitted_is_an_answer() -> None:
    silent = build(components=(component(1, "flight_controller"),))
    said = build(components=(component(1, "flight_controller"),), not_fitted=frozenset({"camera"}))
    assert check(silent).outcome is UNKNOWN
    assert [missing.subject.role for missing in check(silent).trace.missing] == ["camera"]
    assert check(said).outcome is PASS


def test_a_part_that_is_there_is_looked_at_even_where_the_build_says_not_fitted() -> None:
    facts = build(
        components=(component(1, "flight_controller"), component(2, "camera", "CN")),
        not_fitted=frozenset({"camera"}),
    )
    assert check(facts).outcome is FAIL


@pytest.mark.parametrize(
    ("assembled_in", "outcome"),
    [
        (places("JP"), PASS),
        (places("CN"), FAIL),
        (places(), UNKNOWN),
        (places("JP", on=CLAIM), UNKNOWN),
    ],
)
def test_the_place_of_assembly_of_the_aircraft(assembled_in: Any, outcome: Outcome) -> None:
    assert check(build(assembled_in=assembled_in)).outcome is outcome


@pytest.mark.parametrize(
    "meaning",
    [Meaning.MADE_IN, Meaning.DEVELOPED_IN, Meaning.DATA_STORED_IN, Meaning.ADMINISTERED_FROM],
)
def test_each_meaning_of_country_is_asked_by_itself(meaning: Meaning) -> None:
    clean = {each.value: places("JP") for each in Meaning if not each.value.startswith("maker")}
    question = ComponentQuestion(frozenset({"camera"}), frozenset({meaning}))
    rule = Origin("concern", components=(question,))
    assert check(about_camera(**clean), rule).outcome is PASS
    assert check(about_camera(**{**clean, meaning.value: places("CN")}), rule).outcome is FAIL
    others = {name: places("CN") for name in clean if name != meaning.value}
    assert check(about_camera(**{**clean, **others}), rule).outcome is PASS


DOMICILE = Origin("concern", aircraft=frozenset({AircraftMeaning.MAKER_DOMICILE}))


@pytest.mark.parametrize(
    ("incorporated", "headquartered", "outcome"),
    [
        (places("JP"), places("JP"), PASS),
        (places("CN"), places("JP"), FAIL),
        (places("JP"), places("CN"), FAIL),
        (places("CN"), places(), FAIL),
        (places("JP"), places(), UNKNOWN),
        (places(), places(), UNKNOWN),
    ],
)
def test_a_maker_is_domiciled_where_it_is_incorporated_and_where_it_has_its_headquarters(
    incorporated: Any, headquartered: Any, outcome: Outcome
) -> None:
    maker = vendor(1, "Sora", incorporated_in=incorporated, headquartered_in=headquartered)
    assert check(build(vendors=(maker,)), DOMICILE).outcome is outcome


def test_an_unknown_maker_leaves_its_domicile_unknown() -> None:
    found = check(build(manufacturer=None), DOMICILE)
    assert found.outcome is UNKNOWN
    assert [missing.predicate for missing in found.trace.missing] == ["manufacturer"]


@pytest.mark.parametrize(
    ("maker", "evidence", "outcome"),
    [
        (1, PAPER, PASS),
        (1, CLAIM, UNKNOWN),
        (1, None, UNKNOWN),
        (None, PAPER, UNKNOWN),
        (3, None, FAIL),
    ],
)
def test_a_clean_maker_of_a_part_counts_only_if_it_is_shown_that_it_made_the_part(
    maker: int | None, evidence: Any, outcome: Outcome
) -> None:
    question = ComponentQuestion(frozenset({"camera"}), frozenset({Meaning.MAKER_DOMICILE}))
    facts = about_camera(maker=maker, evidence=evidence)
    assert check(facts, Origin("concern", components=(question,))).outcome is outcome


CONTROL = Origin("concern", aircraft=frozenset({AircraftMeaning.MAKER_CONTROLLED_FROM}))


@pytest.mark.parametrize(
    ("links", "outcome"),
    [
        ((), PASS),
        ((holds(1, 3, 1, "49.99"),), PASS),
        ((holds(1, 3, 1, "50"),), FAIL),
        ((holds(1, 3, 1, "40", "60"),), UNKNOWN),
        ((holds(1, 3, 1, None),), UNKNOWN),
        ((holds(1, 3, 1, "60", status=LinkStatus.DISPUTED),), UNKNOWN),
        ((holds(1, 3, 1, "60", status=LinkStatus.DENIED),), PASS),
        ((holds(1, 3, 1, "60", since=date(2026, 7, 2)),), PASS),
        ((holds(1, 3, 1, "60", since=TODAY),), FAIL),
        ((holds(1, 3, 1, "60", until=TODAY),), PASS),
        ((holds(1, 3, 2, "50"), holds(2, 2, 1, "50")), FAIL),
        ((Link(1, 3, 1, LinkKind.CONTROL),), FAIL),
        ((Link(1, 3, 1, LinkKind.AFFILIATION),), PASS),
    ],
)
def test_a_maker_is_controlled_from_where_its_owners_are(
    links: tuple[Link, ...], outcome: Outcome
) -> None:
    assert check(build(links=links), CONTROL).outcome is outcome


def test_a_maker_is_controlled_from_where_it_is_domiciled_itself() -> None:
    found = check(build(manufacturer=3), CONTROL)
    assert found.outcome is FAIL
    assert found.trace.hits[0].path == ()
    assert found.trace.hits[0].values == ("CN",)


def test_the_path_to_the_controlling_owner_is_numbered_upwards_with_shares() -> None:
    facts = build(links=(holds(1, 3, 2, "60"), holds(2, 2, 1, "50")))
    path = check(facts, CONTROL).trace.hits[0].path
    assert [(edge.source.name, edge.target.name, edge.low) for edge in path] == [
        ("Umi Holdings", "Sora Aircraft", Decimal(50)),
        ("Listed Group", "Umi Holdings", Decimal(60)),
    ]


def test_an_owner_of_unknown_domicile_leaves_control_unknown_and_is_named() -> None:
    vendors = (vendor(1, "Sora"), vendor(2, "Umi", incorporated_in=places()))
    facts = build(vendors=vendors, links=(holds(1, 2, 1, "70"),))
    (missing,) = check(facts, CONTROL).trace.missing
    assert (missing.subject.name, missing.predicate, missing.why) == (
        "Umi",
        "incorporated_in",
        Why.NOT_KNOWN,
    )
    assert [edge.low for edge in missing.path] == [Decimal(70)]


def test_owners_that_are_not_disclosed_leave_control_unknown_where_the_rule_says_so() -> None:
    strict = Origin("concern", aircraft=CONTROL.aircraft, ownership=OwnershipTest(undisclosed=True))
    maker, founder = vendor(1, "Sora"), vendor(2, "Founder", ultimate=True)

    def outcome(*links: Link) -> Outcome:
        return check(build(vendors=(maker, founder), links=links), strict).outcome

    assert outcome() is UNKNOWN
    assert outcome(holds(1, 2, 1, "50")) is UNKNOWN
    assert outcome(holds(1, 2, 1, "50.01")) is PASS
    company = vendor(2, "Umi")
    hidden = build(vendors=(maker, company), links=(holds(1, 2, 1, "100"),))
    assert check(hidden, strict).outcome is UNKNOWN


def test_without_ownership_only_the_maker_itself_is_looked_at() -> None:
    rule = Origin("concern", aircraft=CONTROL.aircraft, ownership=OwnershipTest(Ownership.NONE))
    assert check(build(links=(holds(1, 3, 1, "100"),)), rule).outcome is PASS


def test_before_the_first_edition_of_its_list_the_rule_is_unknown() -> None:
    found = check(about_camera(made="CN"), on=date(2025, 12, 31))
    assert found.outcome is UNKNOWN
    assert [missing.predicate for missing in found.trace.missing] == ["edition", "fitted"]


def test_the_trace_names_the_facts_with_their_papers_and_the_edition() -> None:
    trace = check(build()).trace
    assert {(used.predicate, used.values, used.evidence) for used in trace.used} == {
        ("assembled_in", ("JP",), PAPER),
        ("made_in", ("JP",), PAPER),
    }
    assert trace.lists[0].edition == date(2026, 1, 1)
    assert trace.lists[0].digest == "a" * 64


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Origin("concern"),
        lambda: ComponentQuestion(frozenset(), frozenset({Meaning.MADE_IN})),
        lambda: ComponentQuestion(frozenset({"wing"}), frozenset({Meaning.MADE_IN})),
    ],
)
def test_a_rule_that_asks_nothing_or_of_no_known_role_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"asks something|needs roles|'wing' is no component role"):
        wrong()
