from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policy.rules import Effect, HeldEffect, Level, MissionMonths, Rulebook
from policy.scopes import ALWAYS, Acquisition, MissionIn, SensitiveMission, WeightRange
from policy.trace import Outcome, Result, Trace
from policy.verdicts import (
    Case,
    MissingResultError,
    Standing,
    Verdict,
    Waiver,
    judge,
    worst,
)
from tests.policy.builders import TODAY, rule, rulebook

HELD = Case(Acquisition.HELD, frozenset({"rescue"}), build=7, agency=1, drone="70")
BUY = Case(Acquisition.PURCHASE, frozenset({"rescue"}), build=7, agency=1, purchase="700")
FAIL, PASS, UNKNOWN, SILENT = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE


def results(**outcomes: Outcome) -> list[Result]:
    return [Result(f"jp/1/{code}", outcome, Trace("origin")) for code, outcome in outcomes.items()]


def verdict(
    case: Case, outcome: Outcome, *waivers: Waiver, on: date = TODAY, **more: Any
) -> Verdict:
    return judge(results(r=outcome), case, rulebook(rule(**more)), waivers, on)


def missions(*codes: str, kind: Acquisition = Acquisition.HELD) -> Case:
    return Case(kind, frozenset(codes) or None, build=7, agency=1, drone="70")


GROUND = HeldEffect(Effect.GROUND)
TRAINING = HeldEffect(Effect.TRAINING_ONLY)
ALLOWED = HeldEffect(Effect.ALLOWED)
PHASE_OUT = HeldEffect(Effect.PHASE_OUT, 24)


@pytest.mark.parametrize(
    ("outcome", "held", "standing"),
    [
        (PASS, GROUND, Standing.CLEAR),
        (SILENT, GROUND, Standing.CLEAR),
        (FAIL, GROUND, Standing.GROUND),
        (FAIL, PHASE_OUT, Standing.PHASE_OUT),
        (FAIL, TRAINING, Standing.TRAINING_ONLY),
        (FAIL, ALLOWED, Standing.CLEAR),
        (UNKNOWN, GROUND, Standing.UNDETERMINED),
        (UNKNOWN, PHASE_OUT, Standing.UNDETERMINED),
        (UNKNOWN, ALLOWED, Standing.CLEAR),
    ],
)
def test_what_a_result_means_for_an_aircraft_already_held(
    outcome: Outcome, held: HeldEffect, standing: Standing
) -> None:
    assert verdict(HELD, outcome, held=held).standing is standing


@pytest.mark.parametrize(
    ("outcome", "level", "on_unknown", "standing", "flagged"),
    [
        (FAIL, Level.BLOCK, Level.BLOCK, Standing.GROUND, True),
        (FAIL, Level.CONSULT, Level.CONSULT, Standing.CONSULT, True),
        (FAIL, Level.INFORM, Level.INFORM, Standing.CLEAR, False),
        (UNKNOWN, Level.BLOCK, Level.BLOCK, Standing.UNDETERMINED, True),
        (UNKNOWN, Level.BLOCK, Level.CONSULT, Standing.UNDETERMINED, True),
        (UNKNOWN, Level.BLOCK, Level.INFORM, Standing.CLEAR, False),
        (PASS, Level.BLOCK, Level.BLOCK, Standing.CLEAR, False),
    ],
)
def test_what_a_result_means_for_an_acquisition(
    outcome: Outcome, level: Level, on_unknown: Level, standing: Standing, flagged: bool
) -> None:
    found = verdict(BUY, outcome, level=level, on_unknown=on_unknown, held=ALLOWED)
    assert (found.standing, found.flagged) == (standing, flagged)


def test_the_verdict_on_an_acquisition_names_the_rules_by_what_they_ask() -> None:
    rules = rulebook(
        rule("block"),
        rule("consult", level=Level.CONSULT, on_unknown=Level.CONSULT),
        rule("open", on_unknown=Level.CONSULT),
        rule("fine"),
    )
    found = judge(results(block=FAIL, consult=FAIL, open=UNKNOWN, fine=PASS), BUY, rules, (), TODAY)
    assert found.blocked == ("jp/1/block",)
    assert found.consult == ("jp/1/consult",)
    assert found.unknown == ("jp/1/open",)
    assert found.deciding == "jp/1/block"
    assert {reason.rule: reason.weight for reason in found.reasons} == {
        "jp/1/block": Level.BLOCK,
        "jp/1/consult": Level.CONSULT,
        "jp/1/open": Level.CONSULT,
        "jp/1/fine": Level.INFORM,
    }


@pytest.mark.parametrize(
    ("day", "standing", "until"),
    [
        (date(2026, 4, 1), Standing.PHASE_OUT, date(2028, 4, 1)),
        (date(2028, 3, 31), Standing.PHASE_OUT, date(2028, 4, 1)),
        (date(2028, 4, 1), Standing.GROUND, None),
        (date(2026, 3, 31), Standing.CLEAR, None),
    ],
)
def test_a_phase_out_runs_from_the_day_in_force_to_its_deadline_and_then_grounds(
    day: date, standing: Standing, until: date | None
) -> None:
    found = verdict(HELD, FAIL, on=day, held=PHASE_OUT)
    assert (found.standing, found.until) == (standing, until)


def test_the_badge_is_the_worst_over_the_missions_and_the_barred_ones_are_named() -> None:
    held = HeldEffect(Effect.PHASE_OUT, 24, (MissionMonths("rescue", 1),))
    both = missions("rescue", "criminal_investigation")
    found = verdict(both, FAIL, held=held)
    assert found.standing is Standing.GROUND
    assert found.barred_missions == {"rescue"}


def test_training_stays_possible_where_only_training_is_allowed() -> None:
    everywhere: dict[str, Any] = {"scope": ALWAYS, "held": TRAINING}
    found = verdict(missions("rescue", "training"), FAIL, **everywhere)
    assert (found.standing, found.barred_missions) == (
        Standing.TRAINING_ONLY,
        frozenset({"rescue"}),
    )
    assert verdict(missions("training"), FAIL, **everywhere).standing is Standing.CLEAR


def test_a_rule_outside_its_scope_says_nothing() -> None:
    found = verdict(missions("training"), FAIL, scope=SensitiveMission(), held=GROUND)
    assert (found.standing, found.reasons, found.flagged) == (Standing.CLEAR, (), False)


def test_a_fail_under_a_scope_that_may_apply_is_undetermined() -> None:
    assert verdict(missions(), FAIL, held=GROUND).standing is Standing.UNDETERMINED
    assert verdict(missions(), PASS, held=GROUND).standing is Standing.CLEAR
    unweighed = verdict(BUY, FAIL, scope=WeightRange(from_g=Decimal(100)))
    assert unweighed.standing is Standing.UNDETERMINED
    assert unweighed.flagged


def test_a_mission_is_sensitive_if_any_version_in_force_says_so() -> None:
    ours = rulebook(rule(), sensitive_missions=frozenset())
    other = rulebook(sensitive_missions=frozenset({"rescue"})).policies[0]
    silent = Rulebook(ours.policies, ours.lists)
    assert judge(results(r=FAIL), HELD, silent, (), TODAY).standing is Standing.CLEAR
    renamed = type(other)("us", "1", other.in_force_from, None, other.sensitive_missions, ())
    joined = Rulebook((*ours.policies, renamed), ours.lists)
    found = judge(results(r=FAIL), HELD, joined, (), TODAY)
    assert (found.standing, found.sensitive) == (Standing.PHASE_OUT, True)


def test_whether_the_missions_are_sensitive_is_part_of_the_verdict() -> None:
    assert verdict(missions("rescue", "training"), PASS).sensitive is True
    assert verdict(missions("training"), PASS).sensitive is False
    assert verdict(missions(), PASS).sensitive is None


WAIVER = Waiver("5", frozenset({"jp/1/r"}), date(2026, 6, 1), TODAY, builds=frozenset({7}))


@pytest.mark.parametrize(
    ("change", "covers"),
    [
        ({}, True),
        ({"rules": frozenset({"jp/1/other"})}, False),
        ({"valid_from": date(2026, 7, 2), "valid_until": date(2026, 8, 1)}, False),
        ({"valid_from": TODAY}, True),
        ({"valid_until": date(2026, 6, 30)}, False),
        ({"builds": frozenset({8})}, False),
        ({"builds": frozenset(), "drones": frozenset({"70"})}, True),
        ({"builds": frozenset(), "drones": frozenset({"71"})}, False),
        ({"builds": frozenset(), "purchases": frozenset({"700"})}, False),
        ({"missions": frozenset({"rescue"})}, True),
        ({"missions": frozenset({"defence"})}, False),
        ({"agencies": frozenset({1, 2})}, True),
        ({"agencies": frozenset({2})}, False),
    ],
)
def test_a_waiver_covers_only_what_it_names(change: dict[str, Any], covers: bool) -> None:
    given = {name: getattr(WAIVER, name) for name in Waiver.__slots__} | change
    found = verdict(HELD, FAIL, Waiver(**given), held=GROUND)
    assert (found.standing is Standing.WAIVED) is covers
    assert found.without_waivers is Standing.GROUND


def test_a_waived_case_says_until_when_and_stays_flagged() -> None:
    purchase = Waiver(
        "6", frozenset({"jp/1/r"}), TODAY, date(2026, 12, 31), purchases=frozenset({"700"})
    )
    found = verdict(BUY, FAIL, purchase)
    assert (found.standing, found.until) == (Standing.WAIVED, date(2026, 12, 31))
    assert (found.blocked, found.flagged) == ((), True)
    assert found.reasons[0].waiver == "6"


def test_of_several_waivers_the_one_that_lasts_longest_counts() -> None:
    longer = Waiver("9", WAIVER.rules, TODAY, date(2027, 1, 1), builds=WAIVER.builds)
    assert verdict(HELD, FAIL, WAIVER, longer, held=GROUND).until == date(2027, 1, 1)


def test_of_two_waivers_that_last_as_long_the_same_one_counts_in_any_order() -> None:
    other = replace(WAIVER, id="4")
    for both in ((WAIVER, other), (other, WAIVER)):
        assert verdict(HELD, FAIL, *both, held=GROUND).reasons[0].waiver == "4"


def test_an_unknown_can_be_waived_too() -> None:
    found = verdict(HELD, UNKNOWN, WAIVER, held=GROUND)
    assert (found.standing, found.without_waivers) == (Standing.WAIVED, Standing.UNDETERMINED)


def test_a_waiver_changes_something_on_its_first_day_and_the_day_after_its_last() -> None:
    assert WAIVER.change_days() == (date(2026, 6, 1), date(2026, 7, 2))


def test_a_rule_in_force_without_a_result_is_never_skipped() -> None:
    with pytest.raises(MissingResultError, match="jp/1/r is in force on 2026-07-01"):
        judge([], HELD, rulebook(rule()), (), TODAY)


def test_results_of_rules_not_in_force_are_left_aside() -> None:
    found = judge(results(r=FAIL, gone=FAIL), HELD, rulebook(rule(held=ALLOWED)), (), TODAY)
    assert [reason.rule for reason in found.reasons] == ["jp/1/r"]


def test_of_two_phase_outs_the_earlier_end_decides() -> None:
    soon = rule("z", held=HeldEffect(Effect.PHASE_OUT, 6))
    late = rule("a", held=PHASE_OUT)
    found = judge(results(z=FAIL, a=FAIL), HELD, rulebook(soon, late), (), TODAY)
    assert (found.deciding, found.until) == ("jp/1/z", date(2026, 10, 1))


def test_standings_are_ordered_worst_first() -> None:
    assert worst([]) is Standing.CLEAR
    assert worst([Standing.WAIVED, Standing.UNDETERMINED, Standing.CLEAR]) is Standing.UNDETERMINED
    assert worst(Standing) is Standing.GROUND


def test_a_case_without_missions_says_that_they_are_not_known() -> None:
    with pytest.raises(ValueError, match="says None"):
        Case(Acquisition.HELD, frozenset(), build=7)


def test_case_and_verdict_are_read_as_they_were_written() -> None:
    scope = MissionIn(frozenset({"rescue"}))
    found = verdict(HELD, FAIL, WAIVER, scope=scope)
    assert Verdict.from_json(found.to_json()) == found
    assert Case.from_json(BUY.to_json()) == BUY
    assert BUY.digest() != HELD.digest()
