from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from policy.criteria import Attribute, Certificate, ClearedBuild, RequiredMeasure
from policy.criteria.attribute import PartLimit
from policy.editions import (
    EntityList,
    JurisdictionEdition,
    JurisdictionList,
    ListError,
)
from policy.rules import (
    Effect,
    HeldEffect,
    Level,
    MissionMonths,
    Rule,
    Rulebook,
    VersionFacts,
    criterion_from_json,
    months_after,
)
from policy.trace import Text
from standards.codec import ShapeError
from tests.policy.builders import COMPANIES, CONCERN, LISTED, ORIGIN, rule, rulebook

EVERY_CRITERION = (
    ORIGIN,
    LISTED,
    RequiredMeasure(frozenset({"encryption"})),
    ClearedBuild("cleared"),
    Attribute(parts=(PartLimit("camera", False),)),
    Certificate(frozenset({"type"})),
)


@pytest.mark.parametrize("criterion", EVERY_CRITERION, ids=lambda each: each.kind)
def test_a_rule_is_read_as_it_was_written(criterion: Any) -> None:
    written = rule(criterion=criterion)
    assert Rule.from_json(written.to_json()) == written


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"level": "forbid"}, "rule.level: expected one of block, consult, inform"),
        ({"authoritative": "fr"}, "rule: authoritative is 'fr'; it must be en or ja"),
        ({"on_unknown": "block", "level": "consult"}, "not knowing would be worse than failing"),
        ({"level": "inform", "on_unknown": "inform"}, "leaves aircraft already held allowed"),
        ({"held": {"effect": "phase_out"}}, "rule.held: a phase_out needs the number of months"),
        ({"held": {"effect": "ground", "months": 3}}, "rule.held: months belong to phase_out"),
        (
            {
                "held": {
                    "effect": "phase_out",
                    "months": 3,
                    "missions": [{"mission": "x", "months": 1}],
                }
            },
            r"rule.held.missions\[0\]: 'x' is no mission",
        ),
        ({"criterion": {"kind": "origin", "list": "x"}}, "rule.criterion: an origin rule asks"),
        (
            {"criterion": {"kind": "listed_party", "list": "x", "parties": ["owner"]}},
            r"rule.criterion.parties\[0\]: expected one of component_maker, licensor",
        ),
        (
            {"criterion": {"kind": "magic"}},
            "rule.criterion.kind: 'magic' is no kind known here; use one of attribute, certificate",
        ),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_its_path(change: dict[str, Any], message: str) -> None:
    written: Any = rule().to_json()
    with pytest.raises(ShapeError, match=message):
        Rule.from_json({**written, **change})


def test_a_criterion_can_be_read_alone_with_short_json() -> None:
    short = {"kind": "listed_party", "list": "companies", "parties": ["maker"]}
    read = criterion_from_json(short)
    assert (read.kind, read.list_codes()) == ("listed_party", frozenset({"companies"}))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2021, 4, 1), 24, date(2023, 4, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 15), 1, date(2026, 12, 15)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_one(
    day: date, months: int, expected: date
) -> None:
    assert months_after(day, months) == expected


def test_a_phase_out_may_give_a_mission_its_own_months_and_keep_an_older_start() -> None:
    start = date(2026, 4, 1)
    held = HeldEffect(Effect.PHASE_OUT, 24, (MissionMonths("rescue", 6),))
    assert held.deadline("rescue", start) == date(2026, 10, 1)
    assert held.deadline("defence", start) == date(2028, 4, 1)
    assert held.deadline(None, start) == date(2028, 4, 1)
    kept = replace(held, counted_from=date(2025, 4, 1))
    assert kept.deadline("rescue", start) == date(2025, 10, 1)
    assert set(held.deadlines(start)) == {date(2026, 10, 1), date(2028, 4, 1)}


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_a_version_is_in_force_from_its_first_day_until_the_day_it_ends(
    day: date, in_force: bool
) -> None:
    rules = rulebook(in_force_to=date(2027, 4, 1))
    assert bool(rules.clauses_in_force(day)) is in_force
    assert bool(rules.sensitive_on(day)) is in_force


def edition(effective: date, made: date | None = None) -> JurisdictionEdition:
    return JurisdictionEdition(made or effective, effective, "0" * 64, frozenset({"CN"}))


def test_the_edition_in_force_is_the_latest_that_has_taken_effect() -> None:
    first, second = edition(date(2026, 1, 1)), edition(date(2026, 5, 1), date(2026, 4, 1))
    concern = JurisdictionList("c", Text("C"), (second, first))
    assert concern.on(date(2025, 12, 31)) is None
    assert concern.on(date(2026, 4, 30)) == first
    assert concern.on(date(2026, 5, 1)) == second


def test_one_edition_cannot_stand_twice_in_a_list() -> None:
    with pytest.raises(ListError, match="list c: the same edition occurs twice"):
        JurisdictionList("c", Text("C"), (edition(date(2026, 1, 1)), edition(date(2026, 1, 1))))


def test_the_digest_of_a_rulebook_ignores_order_and_what_stands_in_an_edition() -> None:
    one, two = rule("a"), rule("b", LISTED)
    book = rulebook(one, two)
    unfiltered = EntityList(
        "companies", COMPANIES.name, tuple(replace(each, entries=()) for each in COMPANIES.editions)
    )
    assert rulebook(two, one).digest() == book.digest()
    assert Rulebook(book.policies, (unfiltered, CONCERN)).digest() == book.digest()


def test_the_digest_of_a_rulebook_covers_rules_and_editions() -> None:
    book = rulebook()
    reworded = rulebook(replace(rule(), citation="Another source"))
    redated = JurisdictionList(
        "concern", CONCERN.name, (replace(CONCERN.editions[0], digest="9" * 64),)
    )
    changed = {reworded.digest(), Rulebook(book.policies, (redated, COMPANIES)).digest()}
    assert book.digest() not in changed
    assert len(changed) == 2


def test_a_rulebook_with_anything_twice_is_refused() -> None:
    version = rulebook().policies[0]
    with pytest.raises(ValueError, match="a version of a policy twice"):
        Rulebook((version, version))
    with pytest.raises(ValueError, match="a list code twice"):
        Rulebook((), (CONCERN, CONCERN))
    with pytest.raises(ValueError, match="has a rule code twice"):
        rulebook(rule("a"), rule("a"))


def test_a_version_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="jp/1 ends before it begins"):
        VersionFacts("jp", "1", date(2026, 4, 1), date(2026, 4, 1), frozenset(), ())


def test_a_rule_that_only_informs_may_leave_held_aircraft_allowed() -> None:
    informing = rule(level=Level.INFORM, on_unknown=Level.INFORM, held=HeldEffect(Effect.ALLOWED))
    assert informing.held.deadline("rescue", date(2026, 4, 1)) == date(2026, 4, 1)
