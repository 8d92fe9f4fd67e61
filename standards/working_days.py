"""Working days of Japanese administrative bodies, in plain Python.

Sources: 国民の祝日に関する法律 (Act on National Holidays, 1948 no. 178) with its amendments in force from 2000;
the special laws for 2019 (accession and enthronement) and for 2020 and 2021 (Olympic Games);
行政機関の休日に関する法律 (Act on Holidays of Administrative Organs, 1988 no. 91): Saturdays, Sundays,
national holidays, and 29 December to 3 January.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import chain, islice
from typing import Final

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099

_DAY: Final = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6

# Month and day, and the years in which it is a holiday.
_FIXED: Final = (
    (1, 1, FIRST_YEAR, LAST_YEAR),  # New Year's Day
    (2, 11, FIRST_YEAR, LAST_YEAR),  # National Foundation Day
    (2, 23, 2020, LAST_YEAR),  # Emperor's Birthday
    (4, 29, FIRST_YEAR, LAST_YEAR),  # Shōwa Day; Greenery Day until 2006
    (5, 1, 2019, 2019),  # the day of the accession
    (5, 3, FIRST_YEAR, LAST_YEAR),  # Constitution Memorial Day
    (5, 4, 2007, LAST_YEAR),  # Greenery Day
    (5, 5, FIRST_YEAR, LAST_YEAR),  # Children's Day
    (7, 20, FIRST_YEAR, 2002),  # Marine Day
    (7, 23, 2020, 2020),
    (7, 22, 2021, 2021),
    (7, 24, 2020, 2020),  # Sports Day of the two Olympic years
    (7, 23, 2021, 2021),
    (8, 11, 2016, 2019),  # Mountain Day
    (8, 10, 2020, 2020),
    (8, 8, 2021, 2021),
    (8, 11, 2022, LAST_YEAR),
    (9, 15, FIRST_YEAR, 2002),  # Respect for the Aged Day
    (10, 22, 2019, 2019),  # the enthronement ceremony
    (11, 3, FIRST_YEAR, LAST_YEAR),  # Culture Day
    (11, 23, FIRST_YEAR, LAST_YEAR),  # Labour Thanksgiving Day
    (12, 23, FIRST_YEAR, 2018),  # Emperor's Birthday of the Heisei era
)
# Month and which Monday of it, and the years.
_MONDAYS: Final = (
    (1, 2, FIRST_YEAR, LAST_YEAR),  # Coming of Age Day
    (7, 3, 2003, 2019),  # Marine Day
    (7, 3, 2022, LAST_YEAR),
    (9, 3, 2003, LAST_YEAR),  # Respect for the Aged Day
    (10, 2, FIRST_YEAR, 2019),  # Sports Day; Health and Sports Day until 2019
    (10, 2, 2022, LAST_YEAR),
)


@cache
def national_holidays(year: int) -> frozenset[date]:
    """Every holiday of the Act, with substitutes and the days between two holidays.

    The days of the equinoxes are announced a year ahead; here they follow the usual astronomical
    formula, which has agreed with every announcement. Raises ValueError before 2000 and after 2099.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            f"Holidays are known for the years {FIRST_YEAR} to {LAST_YEAR}, not for {year}."
        )
    named = _named(year)
    return named | _substitutes(named) | _between(named)


def _named(year: int) -> frozenset[date]:
    fixed = (date(year, month, day) for month, day, first, last in _FIXED if first <= year <= last)
    mondays = (
        _monday(year, month, which)
        for month, which, first, last in _MONDAYS
        if first <= year <= last
    )
    return frozenset(
        chain(fixed, mondays, (_equinox(year, 3, 20.8431), _equinox(year, 9, 23.2488)))
    )


def _monday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (which - 1))


def _equinox(year: int, month: int, in_1980: float) -> date:
    """`in_1980`: the day of the month, with its fraction, on which the equinox fell in 1980."""
    since = year - 1980
    return date(year, month, int(in_1980 + 0.242194 * since - since // 4))


def _substitutes(named: frozenset[date]) -> frozenset[date]:
    """For each holiday on a Sunday the next day that is none itself (article 3, paragraph 2)."""
    return frozenset(_next_free(day, named) for day in named if day.weekday() == _SUNDAY)


def _next_free(day: date, named: frozenset[date]) -> date:
    while day in named:
        day += _DAY
    return day


def _between(named: frozenset[date]) -> frozenset[date]:
    """Days, no Sundays, of which the day before and the day after are holidays (article 3, paragraph 3)."""
    between = {day + _DAY for day in named if day + 2 * _DAY in named} - named
    return frozenset(day for day in between if day.weekday() != _SUNDAY)


def is_working_day(day: date) -> bool:
    """Whether administrative bodies work on this day."""
    if day.weekday() in (_SATURDAY, _SUNDAY):
        return False
    turn_of_the_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return not turn_of_the_year and day not in national_holidays(day.year)


def working_days_from(day: date) -> Iterator[date]:
    """The working days after this one, without end."""
    while True:
        day += _DAY
        if is_working_day(day):
            yield day


def working_day_after(day: date, count: int) -> date:
    """The working day that comes so many working days after this day; `count` is at least 1."""
    if count < 1:
        raise ValueError("Count at least one working day.")
    return next(islice(working_days_from(day), count - 1, None))


def latest_working_day(day: date) -> date:
    """This day, or the last working day before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


def working_days_between(begin: date, end: date) -> int:
    """How many working days follow `begin` up to and with `end`; none when `end` is not later."""
    days = (begin + timedelta(days=n) for n in range(1, (end - begin).days + 1))
    return sum(map(is_working_day, days))


def closed_weekdays(year: int) -> list[date]:
    """The days from Monday to Friday on which administrative bodies do not work, in order."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return [day for day in days if day.weekday() < _SATURDAY and not is_working_day(day)]
