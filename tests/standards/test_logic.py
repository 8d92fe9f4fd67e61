from decimal import Decimal

import pytest

from standards.logic import Range, Truth, conjunction, disjunction, negation

TRUTHS: tuple[Truth, ...] = (True, False, None)


def refinements(value: Truth) -> tuple[bool, ...]:
    return (True, False) if value is None else (value,)


@pytest.mark.parametrize("left", TRUTHS)
@pytest.mark.parametrize("right", TRUTHS)
def test_an_answer_is_known_exactly_when_every_way_to_settle_the_unknowns_agrees(
    left: Truth, right: Truth
) -> None:
    pairs = [(one, other) for one in refinements(left) for other in refinements(right)]
    both = {one and other for one, other in pairs}
    either = {one or other for one, other in pairs}
    assert conjunction([left, right]) == (both.pop() if len(both) == 1 else None)
    assert disjunction([left, right]) == (either.pop() if len(either) == 1 else None)


def test_nothing_asked_is_true_for_and_and_false_for_or() -> None:
    assert conjunction([]) is True
    assert disjunction([]) is False


def test_not_of_unknown_stays_unknown() -> None:
    assert [negation(value) for value in TRUTHS] == [False, True, None]


@pytest.mark.parametrize(
    ("low", "high", "at_least", "at_most", "below"),
    [
        ("50", "50", True, True, False),
        ("49.99", "49.99", False, True, True),
        ("50.01", "50.01", True, False, False),
        ("40", "60", None, None, None),
        ("50", "60", True, None, False),
        ("40", "50", None, True, None),
        (None, "49", False, True, True),
        ("51", None, True, False, False),
        (None, None, None, None, None),
    ],
)
def test_a_range_is_compared_with_fifty(
    low: str | None, high: str | None, at_least: Truth, at_most: Truth, below: Truth
) -> None:
    quantity = Range(Decimal(low) if low else None, Decimal(high) if high else None)
    fifty = Decimal(50)
    answers = (quantity.at_least(fifty), quantity.at_most(fifty), quantity.below(fifty))
    assert answers == (at_least, at_most, below)


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="from 60 to 40"):
        Range(Decimal(60), Decimal(40))
