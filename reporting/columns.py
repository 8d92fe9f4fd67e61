"""Columns of the files that lists are exported to: where each value comes from and how it reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, When
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.functional import Promise

from reporting.words import country_names, language

Words = Callable[[Any], object]
"""A stored value as a file shows it: text, number, day or None."""


def as_stored(value: Any) -> object:
    return value


def local_time(moment: datetime) -> datetime:
    """Where the government is, to the second; spreadsheets know no time zones."""
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. `source` is read from the database, `words` is asked once for each file."""

    label: str | Promise
    source: Callable[[], str | Combinable]
    words: Callable[[], Words] = lambda: as_stored


def plain(label: str | Promise, path: str) -> Column:
    return Column(label, lambda: path)


def coded(label: str | Promise, path: str, choices: Sequence[tuple[Any, Any]]) -> Column:
    def words() -> Words:
        named = {code: str(word) for code, word in choices}
        return lambda code: named.get(code, code)

    return Column(label, lambda: path, words)


def worded(label: str | Promise, path: str, words: Words) -> Column:
    return Column(label, lambda: path, lambda: words)


def set_of(label: str | Promise, path: str, words: Callable[[Any], str]) -> Column:
    """A set of codes in words. There are few different sets: each is put into words once for a file."""

    def fresh() -> Words:
        known: dict[tuple[str, ...], str] = {}

        def remembered(codes: Sequence[str] | None) -> str:
            key = tuple(codes or ())
            if key not in known:
                known[key] = words(key)
            return known[key]

        return remembered

    return Column(label, lambda: path, fresh)


def localised(label: str | Promise, english: str, local: str) -> Column:
    """The name in the reader's language, the other where that one is empty."""

    def source() -> Combinable:
        first, second = (local, english) if language() == "ja" else (english, local)
        empty = When(**{first: ""}, then=F(second))
        return Case(empty, default=F(first), output_field=CharField())

    return Column(label, source)


def seats(label: str | Promise, path: str) -> Column:
    """A set of countries by their names; empty for "not known"."""
    return set_of(label, path, country_names)
