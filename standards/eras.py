"""Japanese era dates (和暦) and days of the calendar, either way round.

An era begins on the day given here and ends on the day before the next one begins.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Era:
    name: str
    letter: str
    roman: str
    begins: date
    first_year: int


ERAS = (
    Era("令和", "R", "Reiwa", date(2019, 5, 1), 2019),
    Era("平成", "H", "Heisei", date(1989, 1, 8), 1989),
    Era("昭和", "S", "Showa", date(1926, 12, 25), 1926),
    Era("大正", "T", "Taisho", date(1912, 7, 30), 1912),
    Era("明治", "M", "Meiji", date(1873, 1, 1), 1868),
)
"""Latest first. Meiji counts from 1868 but begins here in 1873, with the calendar of today."""

_ERA_OF = {spelling.upper(): era for era in ERAS for spelling in (era.name, era.letter, era.roman)}
_ERA_NAMES = "|".join(sorted(_ERA_OF, key=len, reverse=True))
_DIGITS_OF_KANJI = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
_NUMBER = "[0-9]{1,4}|[一二三四五六七八九十]{1,3}"
_DAY = re.compile(
    rf"(?:(?P<era>{_ERA_NAMES})\s*)?(?P<year>元|{_NUMBER})\s*(?:年|[-./])\s*"
    rf"(?P<month>{_NUMBER})\s*(?:月|[-./])\s*(?P<day>{_NUMBER})\s*日?",
    re.IGNORECASE,
)


class DayError(ValueError):
    """The text is no day of the calendar; the message says why and how to write it."""


def read_day(text: str) -> date:
    """The day that "令和6年3月12日", "R6.3.12", "平成３１年４月３０日", "昭和六十三年…",
    "2024年3月12日", "2024/3/12" or "2024-03-12" names. A year without an era has four digits: a
    two-digit year, or month and day the other way round, is refused, not guessed. Raises
    `DayError`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.fullmatch(plain)
    if found is None:
        raise DayError(f"{text!r} is no date; write it as 2024-03-12 or 令和6年3月12日")
    year, month, day = (_number(found[part], text) for part in ("year", "month", "day"))
    era = _ERA_OF[found["era"].upper()] if found["era"] else None
    return _checked(era, year, month, day, text)


def _checked(era: Era | None, year: int, month: int, day: int, text: str) -> date:
    if era is None and year < 1000:
        raise DayError(f"{text!r} has no era and a year of less than four digits; write 2024-03-12")
    try:
        result = date(year if era is None else era.first_year + year - 1, month, day)
    except ValueError:
        raise DayError(f"{text!r} is a day that the calendar does not have") from None
    if era is not None and _era_of(result) is not era:
        raise DayError(f"{text!r} does not lie in {era.name} ({era.roman})")
    return result


def era_date(day: date) -> str:
    """ "令和6年3月12日"; the first year of an era is 元年. Raises `DayError` before 1873."""
    era, year = _era_and_year(day)
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def short_era_date(day: date) -> str:
    """ "R6.3.12", for narrow columns. Raises `DayError` before 1873."""
    era, year = _era_and_year(day)
    return f"{era.letter}{year}.{day.month}.{day.day}"


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year, 1 April to 31 March, by the year in which it begins."""
    return day.year if day.month >= 4 else day.year - 1


def _era_and_year(day: date) -> tuple[Era, int]:
    era = _era_of(day)
    if era is None:
        raise DayError(f"{day} lies before the eras known here")
    return era, day.year - era.first_year + 1


def _era_of(day: date) -> Era | None:
    return next((era for era in ERAS if era.begins <= day), None)


def _number(text: str, whole: str) -> int:
    """Digits, 元 for 1, or kanji up to ninety-nine."""
    if text == "元":
        return 1
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    parts = (tens, ones) if ten else ("", text)
    if any(len(part) > 1 or part == "十" for part in parts):
        raise DayError(f"{text!r} in {whole!r} is no number; use digits")
    return (_DIGITS_OF_KANJI.get(parts[0], 1) if ten else 0) * 10 + _DIGITS_OF_KANJI.get(
        parts[1], 0
    )
