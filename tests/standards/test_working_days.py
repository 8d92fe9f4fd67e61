"""Working days of Japanese administrative bodies, against days that the government announced."""

from datetime import date, timedelta

import pytest

from standards.working_days import (
    closed_weekdays,
    is_working_day,
    national_holidays,
    working_day_after,
    working_days_between,
)

# The holidays of a year, month by month, substitutes and days between included.
YEARS = {
    2003: "1/1 1/13 2/11 3/21 4/29 5/3 5/5 7/21 9/15 9/23 10/13 11/3 11/23 11/24 12/23",
    2006: "1/1 1/2 1/9 2/11 3/21 4/29 5/3 5/4 5/5 7/17 9/18 9/23 10/9 11/3 11/23 12/23",
    2009: "1/1 1/12 2/11 3/20 4/29 5/3 5/4 5/5 5/6 7/20 9/21 9/22 9/23 10/12 11/3 11/23 12/23",
    2019: "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 10/22"
    " 11/3 11/4 11/23",
    2020: "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/23 7/24 8/10 9/21 9/22 11/3 11/23",
    2021: "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 9/23 11/3 11/23",
    2024: "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14"
    " 11/3 11/4 11/23",
    2026: "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23",
    2032: "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/21 9/22 10/11 11/3 11/23",
}


def days_of(year: int, written: str) -> set[date]:
    return {date(year, *map(int, each.split("/"))) for each in written.split()}


@pytest.mark.parametrize("year", YEARS)
def test_the_holidays_of_a_year_are_those_that_were_announced(year: int) -> None:
    assert national_holidays(year) == days_of(year, YEARS[year])


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 3, 19), True),  # a Thursday
        (date(2026, 3, 20), False),  # the vernal equinox
        (date(2026, 3, 21), False),  # a Saturday
        (date(2026, 3, 22), False),  # a Sunday
        (date(2026, 9, 22), False),  # a Tuesday between two holidays
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), False),
        (date(2028, 1, 3), False),  # a Monday, and no national holiday
        (date(2028, 1, 4), True),
    ],
)
def test_a_day_is_a_working_day_or_not(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        (date(2026, 9, 18), 1, date(2026, 9, 24)),  # over a weekend and three holidays
        (date(2026, 9, 19), 1, date(2026, 9, 24)),  # from a Saturday
        (date(2026, 4, 28), 5, date(2026, 5, 11)),
        (date(2019, 4, 26), 1, date(2019, 5, 7)),  # ten days without work
        (date(2026, 12, 25), 2, date(2027, 1, 4)),
        (date(2026, 6, 1), 20, date(2026, 6, 29)),
    ],
)
def test_so_many_working_days_later(day: date, count: int, then: date) -> None:
    assert working_day_after(day, count) == then
    assert working_days_between(day, then) == count
    assert working_days_between(day, then - timedelta(days=1)) == count - 1


def test_no_working_days_lie_between_a_day_and_one_before_it() -> None:
    assert working_days_between(date(2026, 6, 5), date(2026, 6, 5)) == 0
    assert working_days_between(date(2026, 6, 5), date(2026, 6, 1)) == 0


def test_less_than_one_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_day_after(date(2026, 6, 1), 0)


@pytest.mark.parametrize("year", [1999, 2100])
def test_holidays_of_years_that_are_not_known_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match=f"not for {year}"):
        national_holidays(year)


def test_the_closed_weekdays_of_a_year_are_holidays_and_the_turn_of_the_year() -> None:
    closed = set(closed_weekdays(2026))
    on_weekdays = {day for day in national_holidays(2026) if day.weekday() < 5}
    assert closed == on_weekdays | {
        date(2026, 1, 2),
        date(2026, 12, 29),
        date(2026, 12, 30),
        date(2026, 12, 31),
    }
