"""What a result says would change it does change it: for every kind of rule, on any facts."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import strategies as st

from policy.criteria import ListedParty
from policy.criteria.listed_party import PartyRole
from policy.engine import evaluate_clause
from policy.facts import BuildFacts, Link, LinkKind, Match
from policy.rules import Clause, Rulebook
from policy.trace import Outcome
from tests.policy.builders import (
    CLAIM,
    MATCHED,
    TODAY,
    build,
    component,
    holds,
    rule,
    rulebook,
)
from tests.policy.changed import World
from tests.policy.strategies import facts, owned
from tests.policy.test_invariants import BOOK, sweep
from tests.policy.test_tables import TABLES, Cell, book_of

CLAUSES = BOOK.clause_by_key
BEFORE_ALL_EDITIONS = date(2024, 12, 31)


def changed(
    known: BuildFacts, clause: Clause, book: Rulebook, on: date
) -> list[tuple[Outcome, Outcome]]:
    """Of every way that the result names: what it promises, and what comes of it."""
    result = evaluate_clause(known, clause, book, on)
    found = []
    for way in result.trace.would_change:
        world = World(clause.rule, known, book.lists, result.trace, on)
        for change in way.changes:
            world = world.after(change, way.to)
        after = Rulebook(book.policies, world.lists)
        found.append((way.to, evaluate_clause(world.facts, clause, after, on).outcome))
    return found


@sweep(known=facts() | owned(), on=st.sampled_from([TODAY, TODAY, BEFORE_ALL_EDITIONS]))
def test_whoever_makes_the_changes_named_gets_the_outcome_named(
    known: BuildFacts, on: date
) -> None:
    for key, clause in CLAUSES.items():
        for promised, came in changed(known, clause, BOOK, on):
            assert came is promised, key


@pytest.mark.parametrize(
    ("kind", "name"),
    [(k, n) for k, t in TABLES.items() for n, c in t.items() if isinstance(c, Cell)],
)
def test_in_every_cell_of_the_table_the_changes_named_are_enough(kind: str, name: str) -> None:
    cell = TABLES[kind][name]
    assert isinstance(cell, Cell)
    book = book_of(cell)
    (clause,) = book.clause_by_key.values()
    ways = changed(cell.facts, clause, book, cell.on)
    assert ways
    assert [promised for promised, _ in ways] == [came for _, came in ways]


CONTROLS = Link(2, 2, 1, LinkKind.CONTROL)
ALSO = Match("companies", "late", vendor=2)
ON_A_CLAIM = component(1, "camera", maker=3, evidence=CLAIM)


@pytest.mark.parametrize(
    ("known", "remedies"),
    [
        # Each of two owners is enough: it helps only if somebody else makes the aircraft.
        (build(links=(holds(1, 3, 1, "60"), CONTROLS), matches=(MATCHED, ALSO)), [{"other_party"}]),
        (
            build(links=(holds(1, 3, 1, "60"),), matches=(MATCHED,)),
            [{"share_below"}, {"other_party"}],
        ),
        # On the list itself, and owned by somebody on it.
        (
            build(links=(holds(1, 3, 1, "60"),), matches=(MATCHED, replace(ALSO, vendor=1))),
            [{"other_party"}],
        ),
        # Another maker of the camera has to be shown better than by a claim.
        (
            build(components=(ON_A_CLAIM,), matches=(MATCHED,)),
            [{"other_party", "better_evidence"}, {"off_the_list", "better_evidence"}],
        ),
    ],
)
def test_a_way_is_named_only_if_it_is_enough(known: BuildFacts, remedies: list[set[str]]) -> None:
    parties = frozenset({PartyRole.MAKER, PartyRole.COMPONENT_MAKER})
    book = rulebook(rule(criterion=ListedParty("companies", parties)))
    (clause,) = book.clause_by_key.values()
    ways = evaluate_clause(known, clause, book, TODAY).trace.would_change
    assert [{change.remedy.value for change in way.changes} for way in ways] == remedies
    assert all(promised is came for promised, came in changed(known, clause, book, TODAY))


@sweep(known=facts() | owned())
def test_every_result_that_asked_something_says_what_would_change_it(known: BuildFacts) -> None:
    for clause in CLAUSES.values():
        result = evaluate_clause(known, clause, BOOK, TODAY)
        if result.outcome is not Outcome.NOT_APPLICABLE:
            assert result.trace.would_change, result
            to_fail = result.outcome is Outcome.PASS
            ways = {way.to for way in result.trace.would_change}
            assert ways == ({Outcome.FAIL} if to_fail else {Outcome.PASS})
