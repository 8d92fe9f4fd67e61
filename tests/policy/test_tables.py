"""One table of cases per kind of criterion. A cell that cannot be says why, and says it in the table."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from policy.criteria import (
    Attribute,
    Certificate,
    ClearedBuild,
    ListedParty,
    Origin,
    RequiredMeasure,
)
from policy.criteria.attribute import Limit, PartLimit
from policy.criteria.listed_party import PartyRole
from policy.criteria.origin import AircraftMeaning, ComponentQuestion, Meaning
from policy.editions import ClearanceEdition, ClearanceList, ClearedEntry
from policy.engine import evaluate
from policy.facts import (
    PARTY_NOT_KNOWN,
    AttributeFacts,
    BuildFacts,
    CertificateFacts,
    Evidence,
    Grade,
    Link,
    LinkKind,
    LinkStatus,
    Match,
    MeasureFacts,
    Party,
)
from policy.rules import Rulebook
from policy.scopes import Acquisition, SensitiveMission
from policy.trace import Text
from policy.verdicts import Case, Standing, judge
from tests.policy.builders import (
    CLAIM,
    COMPANIES,
    CONCERN,
    LAPSED,
    MATCHED,
    PAPER,
    TODAY,
    build,
    component,
    holds,
    places,
    rule,
    rulebook,
)

BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
VERIFIED = Evidence(9, "Teardown", "Laboratory", "assessment", Grade.VERIFIED, date(2026, 1, 1))
CLEARED = ClearanceList(
    "cleared",
    Text("Cleared aircraft", "承認機体"),
    (
        ClearanceEdition(
            date(2026, 6, 1),
            date(2026, 6, 1),
            "d" * 64,
            (ClearedEntry("sora", "Sora S-1", valid_from=TODAY, valid_until=TODAY),),
        ),
    ),
)
CELLS = (
    "below",
    "at",
    "above",
    "missing",
    "claimed",
    "expired",
    "disputed",
    "not_fitted",
    "not_yet",
    "out_of_scope",
)


class Cell(NamedTuple):
    """What is known, on which day, and what the rule must say of it."""

    facts: BuildFacts
    expected: str
    criterion: Any
    on: date = TODAY


class Never(NamedTuple):
    """Why a kind has no such cell."""

    because: str


CONTROLLED = Origin("concern", aircraft=frozenset({AircraftMeaning.MAKER_CONTROLLED_FROM}))
CAMERA = Origin(
    "concern",
    components=(ComponentQuestion(frozenset({"camera"}), frozenset({Meaning.MADE_IN})),),
)
MAKER = ListedParty("companies", frozenset({PartyRole.MAKER}))
LICENSOR = ListedParty("companies", frozenset({PartyRole.LICENSOR}))
GIMBAL = ListedParty("companies", frozenset({PartyRole.COMPONENT_MAKER}), frozenset({"gimbal"}))
ENCRYPTED = RequiredMeasure(frozenset({"encryption_at_rest"}))
CLEAR = ClearedBuild("cleared")
LIGHT = Attribute((Limit("weight_g", at_most=Decimal(100)),))
NO_CAMERA = Attribute(parts=(PartLimit("camera", False),))
TYPE = Certificate(frozenset({"type_certificate"}))


def owned_by_listed(share: str, **more: Any) -> BuildFacts:
    return build(links=(holds(1, 3, 1, share, **more),), matches=(MATCHED,))


def camera(*codes: str, **more: Any) -> BuildFacts:
    return build(components=(component(1, "camera", made_in=places(*codes, **more)),))


def measured(**more: Any) -> BuildFacts:
    return build(measures=(MeasureFacts("encryption_at_rest", **{"claimed": True, **more}),))


def weighing(low: int | None, evidence: Any = PAPER, **more: Any) -> BuildFacts:
    grams = None if low is None else Decimal(low)
    return build(attributes=(AttributeFacts("weight_g", grams, grams, None, evidence, **more),))


def certified(**more: Any) -> BuildFacts:
    given = {"held": True, "evidence": PAPER, **more}
    return build(certificates=(CertificateFacts("type_certificate", **given),))


def cleared(*, matched: bool = True, known: bool = True) -> BuildFacts:
    match = (Match("cleared", "sora", build=7),) if matched else ()
    return build(matches=match, configuration_known=known)


TABLES: dict[str, dict[str, Cell | Never]] = {
    "origin": {
        "below": Cell(owned_by_listed("49.99"), "pass", CONTROLLED),
        "at": Cell(owned_by_listed("50"), "fail", CONTROLLED),
        "above": Cell(owned_by_listed("50.01"), "fail", CONTROLLED),
        "missing": Cell(camera(), "unknown", CAMERA),
        "claimed": Cell(camera("JP", on=CLAIM), "unknown", CAMERA),
        "expired": Cell(camera("JP", on=LAPSED), "unknown", CAMERA),
        "disputed": Cell(camera("CN", disputed=True), "unknown", CAMERA),
        "not_fitted": Cell(build(components=(), not_fitted=frozenset({"camera"})), "pass", CAMERA),
        "not_yet": Cell(camera("CN"), "unknown", CAMERA, date(2025, 12, 31)),
        "out_of_scope": Cell(camera("CN"), "fail", CAMERA),
    },
    "listed_party": {
        "below": Cell(owned_by_listed("49.99"), "pass", MAKER),
        "at": Cell(owned_by_listed("50"), "fail", MAKER),
        "above": Cell(owned_by_listed("50.01"), "fail", MAKER),
        "missing": Cell(build(licensor=PARTY_NOT_KNOWN), "unknown", LICENSOR),
        "claimed": Cell(build(licensor=Party(known=True, evidence=CLAIM)), "unknown", LICENSOR),
        "expired": Cell(build(licensor=Party(known=True, evidence=LAPSED)), "unknown", LICENSOR),
        "disputed": Cell(owned_by_listed("80", status=LinkStatus.DISPUTED), "unknown", MAKER),
        "not_fitted": Cell(build(not_fitted=frozenset({"gimbal"})), "pass", GIMBAL),
        "not_yet": Cell(
            build(manufacturer=3, matches=(MATCHED,)), "unknown", MAKER, date(2025, 1, 6)
        ),
        "out_of_scope": Cell(build(manufacturer=3, matches=(MATCHED,)), "fail", MAKER),
    },
    "required_measure": {
        "below": Cell(measured(evidence=CLAIM), "unknown", ENCRYPTED),
        "at": Cell(measured(evidence=PAPER), "pass", ENCRYPTED),
        "above": Cell(measured(evidence=VERIFIED), "pass", ENCRYPTED),
        "missing": Cell(build(), "unknown", ENCRYPTED),
        "claimed": Cell(measured(), "unknown", ENCRYPTED),
        "expired": Cell(measured(evidence=LAPSED), "unknown", ENCRYPTED),
        "disputed": Cell(measured(claimed=False, disputed=True), "unknown", ENCRYPTED),
        "not_fitted": Cell(measured(claimed=False), "fail", ENCRYPTED),
        "not_yet": Never("a measure has no first day and the rule asks no list"),
        "out_of_scope": Cell(measured(claimed=False), "fail", ENCRYPTED),
    },
    "cleared_build": {
        "below": Cell(cleared(), "fail", CLEAR, BEFORE),
        "at": Cell(cleared(), "pass", CLEAR),
        "above": Cell(cleared(), "fail", CLEAR, AFTER),
        "missing": Cell(cleared(matched=False, known=False), "unknown", CLEAR),
        "claimed": Never("that an entry is this build is a person's decision, not a claim"),
        "expired": Cell(cleared(), "fail", CLEAR, AFTER),
        "disputed": Never("a decision is taken back, never disputed"),
        "not_fitted": Cell(cleared(matched=False), "fail", CLEAR),
        "not_yet": Cell(cleared(), "unknown", CLEAR, date(2026, 5, 31)),
        "out_of_scope": Cell(cleared(matched=False), "fail", CLEAR),
    },
    "attribute": {
        "below": Cell(weighing(99), "pass", LIGHT),
        "at": Cell(weighing(100), "pass", LIGHT),
        "above": Cell(weighing(101), "fail", LIGHT),
        "missing": Cell(weighing(None), "unknown", LIGHT),
        "claimed": Cell(weighing(99, CLAIM), "unknown", LIGHT),
        "expired": Cell(weighing(99, LAPSED), "unknown", LIGHT),
        "disputed": Cell(weighing(101, disputed=True), "unknown", LIGHT),
        "not_fitted": Cell(
            build(components=(), not_fitted=frozenset({"camera"})), "pass", NO_CAMERA
        ),
        "not_yet": Never("an attribute has no first day and the rule asks no list"),
        "out_of_scope": Cell(weighing(101), "fail", LIGHT),
    },
    "certificate": {
        "below": Cell(certified(valid_from=AFTER), "fail", TYPE),
        "at": Cell(certified(valid_from=TODAY, valid_until=TODAY), "pass", TYPE),
        "above": Cell(certified(valid_until=BEFORE), "fail", TYPE),
        "missing": Cell(build(), "unknown", TYPE),
        "claimed": Cell(certified(evidence=CLAIM), "unknown", TYPE),
        "expired": Cell(certified(evidence=LAPSED), "unknown", TYPE),
        "disputed": Cell(certified(held=False, disputed=True), "unknown", TYPE),
        "not_fitted": Cell(certified(held=False), "fail", TYPE),
        "not_yet": Cell(certified(valid_from=AFTER), "fail", TYPE),
        "out_of_scope": Cell(certified(held=False), "fail", TYPE),
    },
}
EVERY = [(kind, cell) for kind, table in TABLES.items() for cell in table]


def book_of(cell: Cell, in_force_from: date = date(2020, 1, 1)) -> Rulebook:
    asked = rule("r", cell.criterion, scope=SensitiveMission())
    return Rulebook(
        rulebook(asked, in_force_from=in_force_from).policies, (CONCERN, COMPANIES, CLEARED)
    )


def test_every_kind_has_every_cell_or_the_reason_why_not() -> None:
    assert set(TABLES) == {
        "origin",
        "listed_party",
        "required_measure",
        "cleared_build",
        "attribute",
        "certificate",
    }
    assert [kind for kind, table in TABLES.items() if tuple(table) != CELLS] == []
    asked = [
        c.criterion.kind == k for k, t in TABLES.items() for c in t.values() if isinstance(c, Cell)
    ]
    assert all(asked)


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_a_cell_of_the_table_comes_out_as_it_says(kind: str, name: str) -> None:
    cell = TABLES[kind][name]
    if isinstance(cell, Never):
        assert len(cell.because.split()) > 4
        return
    (result,) = evaluate(cell.facts, book_of(cell), cell.on)
    assert result.outcome.value == cell.expected


@pytest.mark.parametrize("kind", TABLES)
def test_before_its_version_is_in_force_a_rule_says_nothing(kind: str) -> None:
    cell = TABLES[kind]["out_of_scope"]
    assert isinstance(cell, Cell)
    book = book_of(cell, in_force_from=AFTER)
    assert evaluate(cell.facts, book, TODAY) == ()
    assert [each.outcome.value for each in evaluate(cell.facts, book, AFTER)] == ["fail"]


@pytest.mark.parametrize("kind", TABLES)
def test_out_of_scope_a_fail_stays_to_be_read_and_bars_nothing(kind: str) -> None:
    cell = TABLES[kind]["out_of_scope"]
    assert isinstance(cell, Cell)
    book = book_of(cell)
    results = evaluate(cell.facts, book, TODAY)
    assert results[0].outcome.value == "fail"
    case = Case(Acquisition.PURCHASE, frozenset({"training"}), build=7)
    assert judge(results, case, book, (), TODAY).standing is Standing.CLEAR
    sensitive = replace(case, missions=frozenset({"rescue"}))
    assert judge(results, sensitive, book, (), TODAY).standing is Standing.GROUND


def test_control_counts_whatever_the_share() -> None:
    link = Link(1, 3, 1, LinkKind.CONTROL)
    cell = Cell(build(links=(link,), matches=(MATCHED,)), "fail", MAKER)
    (result,) = evaluate(cell.facts, book_of(cell), TODAY)
    assert result.outcome.value == "fail"
