"""What is worked out once: a clause is asked again only when something it looked at can read differently."""

from datetime import date, timedelta

from policy.engine import evaluate, evaluate_days
from policy.facts import BuildFacts
from standards.canonical import digest
from tests.policy.builders import TODAY
from tests.policy.strategies import facts, owned
from tests.policy.test_invariants import BOOK, sweep

DAYS = [
    *(date(2026, 6, day) for day in range(6, 11)),
    *(TODAY + timedelta(days=offset) for offset in range(-4, 6)),
]
"""Those around the second edition of the list of companies, and those on which drawn facts change."""


@sweep(known=facts() | owned())
def test_every_day_is_what_it_is_alone(known: BuildFacts) -> None:
    for day, results in zip(DAYS, evaluate_days(known, BOOK, DAYS), strict=True):
        assert results == evaluate(known, BOOK, day), day


@sweep(known=facts())
def test_clauses_can_be_asked_apart(known: BuildFacts) -> None:
    keys = sorted(BOOK.clause_by_key)
    some, others = keys[::2], keys[1::2]
    for day, first, second in zip(
        DAYS,
        evaluate_days(known, BOOK, DAYS, some),
        evaluate_days(known, BOOK, DAYS, others),
        strict=True,
    ):
        together = sorted([*first, *second], key=lambda result: result.rule)
        assert together == list(evaluate(known, BOOK, day))


@sweep(known=facts() | owned())
def test_facts_written_in_parts_are_the_text_of_the_whole(known: BuildFacts) -> None:
    assert known.digest() == digest(known.to_json())
