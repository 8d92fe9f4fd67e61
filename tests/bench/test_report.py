"""Figures beside their budgets: what holds, what is missed, and how both are told."""

import json

import pytest

from bench.report import Budget, Measure, document, table


def measure(**given: object) -> Measure:
    known: dict[str, object] = {"section": "list", "name": "page 1", "unit": "ms", "runs": [80.0]}
    return Measure(**(known | given))  # type: ignore[arg-type]  # the cases name fields


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ({}, None),
        ({"budget": Budget(80)}, True),
        ({"budget": Budget(79.9)}, False),
        ({"budget": Budget(80), "queries": 13, "most_queries": 12}, False),
        ({"budget": Budget(80), "queries": 12, "most_queries": 12}, True),
        ({"unit": "rows/s", "runs": [4_000.0], "budget": Budget(4_000, at_least=True)}, True),
        ({"unit": "rows/s", "runs": [3_999.0], "budget": Budget(4_000, at_least=True)}, False),
        ({"factor": 3, "bare": [30.0, 20.0, 40.0]}, True),
        ({"factor": 3, "bare": [26.0]}, False),
    ],
)
def test_a_budget_holds_up_to_and_at_its_limit(
    given: dict[str, object], holds: bool | None
) -> None:
    assert measure(**given).holds is holds


def test_the_median_and_the_slow_end_are_told_apart() -> None:
    runs = [float(number) for number in range(1, 101)]
    times, rates = measure(runs=runs), measure(runs=runs, unit="rows/s")
    assert (times.median, times.p95) == (50.5, 95.0)
    assert rates.p95 == 6.0


def test_a_missed_budget_is_marked_in_the_table_and_in_the_document() -> None:
    missed = measure(budget=Budget(50), queries=13, most_queries=12)
    assert "NO" in table([missed])
    assert "13 (≤ 12)" in table([missed])
    (told,) = json.loads(document(10, {"cores": 2}, [missed]))["measures"]
    assert (told["holds"], told["budget"], told["median"]) == (False, 50, 80)
