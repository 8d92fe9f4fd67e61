from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from policy.criteria.inquiry import Context, Finding, RuleError
from policy.engine import breakpoints, evaluate, why_not
from policy.facts import BuildFacts, Link, LinkKind, Match, Party
from policy.rules import Effect, HeldEffect, MissionMonths, Rulebook
from policy.scopes import Acquisition
from policy.trace import Change, Outcome, Remedy
from policy.verdicts import Case
from tests.policy.builders import (
    CLAIM,
    LAST_DAY,
    LISTED,
    MATCHED,
    ORIGIN,
    TODAY,
    build,
    component,
    holds,
    places,
    rule,
    rulebook,
    vendor,
)

BOOK = rulebook(rule("origin"), rule("listed", LISTED))


def test_every_rule_in_force_has_one_result_in_the_order_of_its_name() -> None:
    results = evaluate(build(), BOOK, TODAY)
    assert [(result.rule, result.outcome) for result in results] == [
        ("jp/1/listed", Outcome.PASS),
        ("jp/1/origin", Outcome.PASS),
    ]


def test_a_rule_not_in_force_has_no_result() -> None:
    assert evaluate(build(), BOOK, date(2026, 3, 31)) == ()


@dataclass(frozen=True, slots=True)
class Broken:
    kind: str = "broken"

    def check(self, facts: BuildFacts, context: Context) -> Finding:
        raise ZeroDivisionError(f"on {context.on} of {facts.id}")


def test_a_rule_that_raises_surfaces_with_its_name() -> None:
    with pytest.raises(RuleError, match="rule jp/1/bad cannot be evaluated on build 7: on 2026"):
        evaluate(build(), rulebook(rule("bad", Broken())), TODAY)


@pytest.mark.parametrize(
    ("lists", "message"),
    [((), "the rulebook has no list 'concern'; it has: none"), (None, "is no list of entities")],
)
def test_a_rule_whose_list_is_absent_or_of_another_sort_surfaces(lists: Any, message: str) -> None:
    wrong = replace(LISTED, list="concern")
    policies = rulebook(rule("r", wrong if lists is None else ORIGIN)).policies
    book = Rulebook(policies, rulebook().lists if lists is None else lists)
    with pytest.raises(RuleError, match=f"rule jp/1/r cannot be evaluated.*{message}"):
        evaluate(build(), book, TODAY)


def test_breakpoints_are_the_days_on_which_something_can_change() -> None:
    facts = build(
        assembled_in=places("JP", on=LAST_DAY),
        links=(holds(1, 2, 1, "60", since=date(2026, 9, 1), until=date(2026, 12, 1)),),
    )
    held = HeldEffect(Effect.PHASE_OUT, 24, (MissionMonths("rescue", 12),))
    book = rulebook(rule("r", held=held), in_force_to=date(2027, 1, 1))
    assert breakpoints(facts, book, date(2026, 4, 15)) == (
        date(2026, 4, 15),
        date(2026, 6, 8),
        date(2026, 7, 2),
        date(2026, 9, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 4, 1),
        date(2028, 4, 1),
    )


# ------------------------------------------------------------------ what would change it


def changes(facts: BuildFacts, key: str = "jp/1/origin") -> list[tuple[Change, ...]]:
    (result,) = [each for each in evaluate(facts, BOOK, TODAY) if each.rule == key]
    return [way.changes for way in result.trace.would_change]


def test_what_would_clear_a_part_from_a_place_of_concern_clears_it() -> None:
    facts = build(components=(component(1, "flight_controller", "CN"), component(2, "camera")))
    ((change,),) = changes(facts)
    assert (change.subject.role, change.remedy, change.values) == (
        "flight_controller",
        Remedy.OTHER_VALUE,
        ("CN",),
    )
    changed = replace(
        facts, components=(component(1, "flight_controller", "JP"), component(2, "camera"))
    )
    assert evaluate(changed, BOOK, TODAY)[1].outcome is Outcome.PASS


def test_an_unknown_names_everything_that_has_to_be_supplied_and_how_well() -> None:
    cameras = (component(1, "flight_controller", made_in=places()),)
    facts = build(assembled_in=places("JP", on=CLAIM), components=cameras)
    ((paper, fact, part),) = changes(facts)
    assert (paper.predicate, paper.remedy, paper.values) == (
        "assembled_in",
        Remedy.BETTER_EVIDENCE,
        ("documented",),
    )
    assert (part.subject.role, part.remedy) == ("flight_controller", Remedy.SUPPLY)
    assert (fact.subject.role, fact.predicate, fact.remedy) == ("camera", "fitted", Remedy.SUPPLY)


def test_one_link_that_stands_behind_several_makers_is_the_smallest_change() -> None:
    behind_both = (holds(1, 3, 2, "60"), holds(2, 2, 1, "50"))
    facts = build(links=behind_both, matches=(MATCHED,))
    smallest, other = changes(facts, "jp/1/listed")
    assert [(change.subject.name, change.remedy, change.values) for change in smallest] == [
        ("Umi Holdings", Remedy.SHARE_BELOW, ("50",))
    ]
    assert {change.remedy for change in other} == {Remedy.OTHER_PARTY}
    below = build(links=(holds(1, 3, 2, "49.99"), holds(2, 2, 1, "50")), matches=(MATCHED,))
    assert evaluate(below, BOOK, TODAY)[0].outcome is Outcome.PASS


def test_of_joint_holdings_the_sum_at_the_maker_has_to_fall() -> None:
    vendors = (*build().vendors, vendor(4, "Hoshi Holdings"))
    joint = (holds(1, 3, 2, "50"), holds(2, 3, 4, "50"), holds(3, 2, 1, "25"), holds(4, 4, 1, "25"))
    facts = build(vendors=vendors, links=joint, matches=(MATCHED,))
    ((change,), _) = changes(facts, "jp/1/listed")
    assert (change.subject.name, change.remedy) == ("Sora Aircraft", Remedy.SHARE_BELOW)


def test_a_listed_maker_passes_when_replaced_or_taken_off_the_list() -> None:
    facts = build(manufacturer=3, matches=(MATCHED,))
    ways = changes(facts, "jp/1/listed")
    assert {way[0].remedy for way in ways} == {Remedy.OTHER_PARTY, Remedy.OFF_THE_LIST}


def test_a_controlling_link_has_to_end() -> None:
    facts = build(links=(Link(1, 3, 1, LinkKind.CONTROL),), matches=(MATCHED,))
    ((change,), _) = changes(facts, "jp/1/listed")
    assert (change.remedy, change.values) == (Remedy.END_LINK, ("Listed Group",))


# ------------------------------------------------------------------ why not


def test_a_pass_says_what_was_looked_at_and_what_would_turn_it() -> None:
    told = why_not(build(), BOOK, "jp/1/origin", TODAY)
    assert (told.in_force, told.applies, told.result.outcome) == (True, (), Outcome.PASS)
    assert {used.predicate for used in told.result.trace.used} == {"assembled_in", "made_in"}
    (way,) = told.result.trace.would_change
    assert (way.to, len(way.changes)) == (Outcome.FAIL, 1)


def test_why_not_tells_a_rule_out_of_scope_from_one_not_yet_in_force() -> None:
    case = Case(Acquisition.PURCHASE, frozenset({"rescue", "training"}), build=7)
    facts = build(assembled_in=places("CN"))
    now = why_not(facts, BOOK, "jp/1/origin", TODAY, case)
    assert now.applies == (("rescue", True), ("training", False))
    before = why_not(facts, BOOK, "jp/1/origin", date(2026, 3, 31), case)
    assert (before.in_force, before.result.outcome) == (False, Outcome.FAIL)


def test_why_not_of_no_rule_is_an_error() -> None:
    with pytest.raises(RuleError, match="no rule 'jp/9/x'"):
        why_not(build(), BOOK, "jp/9/x", TODAY)


# ------------------------------------------------------------------ facts that contradict themselves


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: build(manufacturer=99), "the manufacturer names vendor 99"),
        (
            lambda: build(components=(component(1, "camera", maker=98),)),
            "component 1 names vendor 98",
        ),
        (lambda: build(links=(holds(4, 97, 1, "5"),)), "link 4 names vendor 97"),
        (
            lambda: build(components=(component(1, "camera"), component(1, "radio"))),
            "components: 1 occurs twice",
        ),
        (lambda: holds(1, 2, 3, "101"), "a share of 101 % is not between 0 and 100"),
        (lambda: holds(1, 2, 3, "60", "40"), "the share runs from 60 % to 40 %"),
        (lambda: places("CHN"), "'CHN'"),
        (lambda: replace(places("JP"), values=frozenset()), "no country given"),
        (lambda: Match("companies", "listed"), "needs a vendor or a build"),
        (lambda: Party(known=False, vendor=1), "not known cannot name a vendor"),
    ],
)
def test_facts_that_contradict_themselves_are_refused(wrong: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wrong()
