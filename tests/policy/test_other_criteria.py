from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policy.criteria.attribute import Attribute, Limit, PartLimit
from policy.criteria.certificate import Certificate
from policy.criteria.cleared_build import ClearedBuild
from policy.criteria.inquiry import Context
from policy.criteria.required_measure import RequiredMeasure
from policy.editions import ClearanceEdition, ClearanceList, ClearedEntry
from policy.facts import AttributeFacts, BuildFacts, CertificateFacts, Grade, Match, MeasureFacts
from policy.trace import Outcome, Text
from tests.policy.builders import CLAIM, LAPSED, LAST_DAY, PAPER, TODAY, build, component

FAIL, PASS, UNKNOWN = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN
CLEARED = ClearanceList(
    "cleared",
    Text("Cleared aircraft"),
    (
        ClearanceEdition(
            date(2026, 1, 1), date(2026, 1, 1), "d" * 64, (ClearedEntry("sora", "Sora S-1"),)
        ),
        ClearanceEdition(
            date(2026, 5, 1),
            date(2026, 5, 1),
            "e" * 64,
            (
                ClearedEntry("sora", "Sora S-1", valid_until=date(2026, 7, 1)),
                ClearedEntry("soon", "Sora S-2", valid_from=date(2026, 7, 2)),
            ),
        ),
        ClearanceEdition(date(2026, 8, 1), date(2026, 8, 1), "f" * 64, ()),
    ),
)


def outcome(criterion: Any, facts: BuildFacts, on: date = TODAY) -> Outcome:
    context = Context({"cleared": CLEARED}, on, Grade.DOCUMENTED)
    found: Outcome = criterion.check(facts, context).outcome
    return found


@pytest.mark.parametrize(
    ("claimed", "evidence", "disputed", "expected"),
    [
        (True, PAPER, False, PASS),
        (True, LAST_DAY, False, PASS),
        (True, CLAIM, False, UNKNOWN),
        (True, None, False, UNKNOWN),
        (True, LAPSED, False, UNKNOWN),
        (True, PAPER, True, UNKNOWN),
        (False, None, False, FAIL),
        (False, CLAIM, False, FAIL),
        (False, PAPER, True, UNKNOWN),
        (None, None, False, UNKNOWN),
    ],
)
def test_a_required_measure(claimed: Any, evidence: Any, disputed: bool, expected: Outcome) -> None:
    fact = MeasureFacts("encryption", claimed, evidence, disputed)
    assert outcome(RequiredMeasure(frozenset({"encryption"})), build(measures=(fact,))) is expected


def test_every_measure_named_is_required_and_silence_is_unknown() -> None:
    both = RequiredMeasure(frozenset({"encryption", "update_control"}))
    one = build(measures=(MeasureFacts("encryption", True, PAPER),))
    assert outcome(both, one) is UNKNOWN


@pytest.mark.parametrize(
    ("matches", "on", "expected"),
    [
        ((), TODAY, FAIL),
        ((Match("cleared", "sora", build=7),), date(2025, 12, 31), UNKNOWN),
        ((Match("cleared", "sora", build=7),), date(2026, 1, 1), PASS),
        ((Match("cleared", "sora", build=7),), TODAY, PASS),
        ((Match("cleared", "sora", build=7),), date(2026, 7, 2), FAIL),
        ((Match("cleared", "sora", build=7),), date(2026, 8, 1), FAIL),
        ((Match("cleared", "soon", build=7),), TODAY, FAIL),
        ((Match("cleared", "soon", build=7),), date(2026, 7, 2), PASS),
        ((Match("cleared", "sora", build=8),), TODAY, FAIL),
        ((Match("cleared", "sora", vendor=1),), TODAY, FAIL),
        ((Match("elsewhere", "sora", build=7),), TODAY, FAIL),
    ],
)
def test_a_cleared_build(matches: tuple[Match, ...], on: date, expected: Outcome) -> None:
    assert outcome(ClearedBuild("cleared"), build(matches=matches), on) is expected


def test_a_build_that_only_stands_for_its_model_is_neither_cleared_nor_not() -> None:
    assert outcome(ClearedBuild("cleared"), build(configuration_known=False)) is UNKNOWN


def weight(low: str | None, high: str | None, **more: Any) -> BuildFacts:
    least, most = (None if bound is None else Decimal(bound) for bound in (low, high))
    given = {"evidence": PAPER, **more}
    return build(attributes=(AttributeFacts("weight_g", least, most, **given),))


@pytest.mark.parametrize(
    ("facts", "at_most", "at_least", "below"),
    [
        (weight("99", "99"), PASS, FAIL, PASS),
        (weight("100", "100"), PASS, PASS, FAIL),
        (weight("101", "101"), FAIL, PASS, FAIL),
        (weight("90", "110"), UNKNOWN, UNKNOWN, UNKNOWN),
        (weight("101", None), FAIL, PASS, FAIL),
        (weight(None, "99"), PASS, FAIL, PASS),
        (weight(None, None), UNKNOWN, UNKNOWN, UNKNOWN),
        (build(), UNKNOWN, UNKNOWN, UNKNOWN),
        (weight("99", "99", evidence=CLAIM), UNKNOWN, FAIL, UNKNOWN),
        (weight("99", "99", evidence=LAPSED), UNKNOWN, FAIL, UNKNOWN),
        (weight("99", "99", disputed=True), UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_a_limit_on_a_quantity(
    facts: BuildFacts, at_most: Outcome, at_least: Outcome, below: Outcome
) -> None:
    limit = Decimal(100)
    assert outcome(Attribute((Limit("weight_g", at_most=limit),)), facts) is at_most
    assert outcome(Attribute((Limit("weight_g", at_least=limit),)), facts) is at_least
    assert outcome(Attribute((Limit("weight_g", below=limit),)), facts) is below


@pytest.mark.parametrize(
    ("present", "evidence", "expected"),
    [(True, PAPER, PASS), (True, CLAIM, UNKNOWN), (False, CLAIM, FAIL), (None, PAPER, UNKNOWN)],
)
def test_a_property_that_must_be_so(present: Any, evidence: Any, expected: Outcome) -> None:
    facts = build(attributes=(AttributeFacts("toy", present=present, evidence=evidence),))
    assert outcome(Attribute((Limit("toy", present=True),)), facts) is expected


@pytest.mark.parametrize(
    ("facts", "fitted", "expected"),
    [
        (build(components=(component(1, "camera"),)), True, PASS),
        (build(components=(component(1, "camera"),)), False, FAIL),
        (build(components=(), not_fitted=frozenset({"camera"})), False, PASS),
        (build(components=(), not_fitted=frozenset({"camera"})), True, FAIL),
        (build(components=()), False, UNKNOWN),
    ],
)
def test_a_part_that_must_or_must_not_be_fitted(
    facts: BuildFacts, fitted: bool, expected: Outcome
) -> None:
    assert outcome(Attribute(parts=(PartLimit("camera", fitted),)), facts) is expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (CertificateFacts("type", True, evidence=PAPER), PASS),
        (CertificateFacts("type", True, evidence=CLAIM), UNKNOWN),
        (CertificateFacts("type", True, evidence=LAPSED), UNKNOWN),
        (CertificateFacts("type", True, evidence=PAPER, disputed=True), UNKNOWN),
        (CertificateFacts("type", True, valid_until=TODAY, evidence=PAPER), PASS),
        (CertificateFacts("type", True, valid_until=date(2026, 6, 30), evidence=PAPER), FAIL),
        (CertificateFacts("type", True, valid_from=TODAY, evidence=PAPER), PASS),
        (CertificateFacts("type", True, valid_from=date(2026, 7, 2), evidence=PAPER), FAIL),
        (CertificateFacts("type", False), FAIL),
        (CertificateFacts("type"), UNKNOWN),
        (CertificateFacts("registration", True, evidence=PAPER), UNKNOWN),
    ],
)
def test_a_certificate(fact: CertificateFacts, expected: Outcome) -> None:
    facts = build(certificates=(fact,))
    assert outcome(Certificate(frozenset({"type"})), facts) is expected


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: RequiredMeasure(frozenset()),
        lambda: Certificate(frozenset()),
        Attribute,
        lambda: Limit("weight_g"),
        lambda: Limit("toy", at_most=Decimal(1), present=True),
        lambda: PartLimit("wing", True),
    ],
)
def test_a_rule_that_asks_nothing_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"at least one|limits nothing|not both|no component role"):
        wrong()
