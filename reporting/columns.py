"""Columns of the files that lists are exported to: where each value comes from and how it reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, When
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from reporting.words import country_names, language

Words = Callable[[Any], object]
"""A stored value as a file shows it: text, number, day or None."""


def as_stored(value: Any) -> object:
    return value


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


def localised(label: str | Promise, english: str, local: str) -> Column:
    """The name in the reader's language, the other where that one is empty."""

    def source() -> Combinable:
        first, second = (local, english) if language() == "ja" else (english, local)
        empty = When(**{first: ""}, then=F(second))
        return Case(empty, default=F(first), output_field=CharField())

    return Column(label, source)


def seats(label: str | Promise, path: str) -> Column:
    """A set of countries by their names; empty for "not known"."""
    return worded(label, path, country_names)
