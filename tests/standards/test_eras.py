from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.eras import DayError, era_date, fiscal_year, read_day, short_era_date

DAYS = st.dates(date(1873, 1, 1), date(2117, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和6年3月12日", date(2024, 3, 12)),
        ("令和６年３月１２日", date(2024, 3, 12)),
        ("㋿6年3月12日", date(2024, 3, 12)),
        ("R6.3.12", date(2024, 3, 12)),
        ("r6/3/12", date(2024, 3, 12)),
        ("Reiwa 6-3-12", date(2024, 3, 12)),
        ("令和元年五月一日", date(2019, 5, 1)),
        ("H31.4.30", date(2019, 4, 30)),
        ("昭和六十三年十二月三十一日", date(1988, 12, 31)),
        ("昭和二十年八月十五日", date(1945, 8, 15)),
        ("明治6年1月1日", date(1873, 1, 1)),
        ("2024年3月12日", date(2024, 3, 12)),
        (" 2024/3/12 ", date(2024, 3, 12)),
        ("2024-03-12", date(2024, 3, 12)),
    ],
)
def test_a_day_is_read_from_the_ways_people_write_it(text: str, day: date) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is no date"),
        ("令和6年3月", "is no date"),
        ("来年度", "is no date"),
        ("令和6年元月1日", "is no date"),
        ("24/3/12", "no era and a year of less than four digits"),
        ("12/3/2024", "no era and a year of less than four digits"),
        ("2024-02-30", "the calendar does not have"),
        ("令和6年13月1日", "the calendar does not have"),
        ("令和十十年一月一日", "is no number"),
        ("平成31年5月1日", "does not lie in 平成"),
        ("令和元年4月30日", "does not lie in 令和"),
        ("令和0年5月1日", "does not lie in 令和"),
        ("明治5年12月2日", "does not lie in 明治"),
    ],
)
def test_what_is_no_certain_day_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(DayError, match=reason):
        read_day(text)


@given(DAYS)
def test_a_day_written_in_its_era_is_read_back(day: date) -> None:
    assert read_day(era_date(day)) == day
    assert read_day(short_era_date(day)) == day


@pytest.mark.parametrize(
    ("first", "name"),
    [
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1912, 7, 30), "大正元年7月30日"),
    ],
)
def test_an_era_begins_on_its_day_and_not_before(first: date, name: str) -> None:
    assert era_date(first) == name
    assert era_date(first - timedelta(days=1))[:2] != name[:2]


def test_days_before_the_present_calendar_have_no_era_here() -> None:
    with pytest.raises(DayError, match="before the eras"):
        era_date(date(1872, 12, 31))


def test_the_fiscal_year_begins_in_april() -> None:
    assert fiscal_year(date(2025, 3, 31)) == 2024
    assert fiscal_year(date(2025, 4, 1)) == 2025
