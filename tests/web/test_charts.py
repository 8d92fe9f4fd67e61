"""Drawings of figures: heights and widths say what the numbers say."""

from datetime import date

import pytest

from reporting.figures import Figure
from web.charts import ABOVE, PLOT_HEIGHT, ceiling, columns, named_chart
from web.dashboards import quarter_ends


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (4, 4), (5, 8), (9, 20), (21, 40), (40, 40), (41, 80), (1999, 2000)]
)
def test_the_scale_ends_at_a_round_number_that_nothing_exceeds(most: int, top: int) -> None:
    assert ceiling(most) == top


def test_a_column_is_as_high_as_its_parts_together() -> None:
    drawn = columns(
        "standing",
        [("Q1", [Figure("ground", 3, "a=1"), Figure("phase_out", 5, "b=1")]), ("Q2", [])],
        "/drones/",
    )
    first, second = drawn.columns
    assert [part.height for part in first.parts] == [60, 100]
    assert first.parts[0].top == ABOVE + PLOT_HEIGHT - 60
    assert first.parts[1].top == first.top == ABOVE
    assert [part.url for part in first.parts] == ["/drones/?a=1", "/drones/?b=1"]
    assert (second.total, second.left - first.left) == (0, 64)
    assert [number for _, number in drawn.ticks] == [0, 2, 4, 6, 8]


def test_bars_are_drawn_against_the_longest_and_shares_against_the_whole() -> None:
    drawn = named_chart([Figure("x", 10, "q=x"), Figure("y", 5, "q=y")], "/drones/", 40, str.upper)
    assert [(bar.word, bar.width, bar.share) for bar in drawn.bars] == [
        ("X", 100, 25),
        ("Y", 50, 12),
    ]


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 22), date(2026, 12, 31), date(2028, 9, 30)),
        (date(2026, 1, 1), date(2026, 3, 31), date(2027, 12, 31)),
        (date(2028, 2, 29), date(2028, 3, 31), date(2029, 12, 31)),
    ],
)
def test_quarters_end_on_their_last_days(today: date, first: date, last: date) -> None:
    ends = quarter_ends(today)
    assert (len(ends), ends[0], ends[-1]) == (8, first, last)
