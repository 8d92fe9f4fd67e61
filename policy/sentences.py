"""A result in plain sentences, rendered from its trace and from nothing else."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from policy.trace import Edge, Result
from policy.wording import Names, Wording
from policy.wording_en import English
from policy.wording_ja import Japanese


class Part(StrEnum):
    """What a line is for, so that a page can set it apart."""

    ANSWER = "answer"
    HIT = "hit"
    PATH = "path"
    SOURCE = "source"
    MISSING = "missing"
    CHANGE = "change"
    USED = "used"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. Steps of a path are numbered from 1 after the line they belong to."""

    part: Part
    text: str
    number: int | None = None


def wording(language: str, names: Names | None = None) -> Wording:
    """Japanese for "ja" and "ja-…", English for every other language."""
    if language.lower().split("-")[0] == "ja":
        return Japanese(names or Names())
    return English(names or Names())


def sentences(result: Result, language: str, names: Names | None = None) -> list[str]:
    """Answer, reasons with their paths and sources, what is missing, and what would change it."""
    return [
        line.text if line.number is None else f"{line.number}. {line.text}"
        for line in lines(result, language, names, set(Part) - {Part.USED, Part.LIST})
    ]


def lines(
    result: Result,
    language: str,
    names: Names | None = None,
    parts: Container[Part] = frozenset(Part),
) -> list[Line]:
    """All that the trace can say, in reading order, down to each fact used and each list; or these parts of it alone."""
    return [
        Line(part, say(), number)
        for part, say, number in _sayings(result, wording(language, names))
        if part in parts
    ]


_Saying = tuple[Part, Callable[[], str], int | None]


def _sayings(result: Result, say: Wording) -> Iterator[_Saying]:
    """What could be said, not put into words yet."""
    trace = result.trace
    yield Part.ANSWER, partial(say.answer, result), None
    for hit in trace.hits:
        yield Part.HIT, partial(say.hit, hit, trace.lists, trace.asked), None
        if hit.evidence is not None:
            yield Part.SOURCE, partial(say.source, hit.evidence), None
        yield from _path(hit.path, say)
    for missing in trace.missing:
        yield Part.MISSING, partial(say.missing, missing), None
        yield from _path(missing.path, say)
    for way in trace.would_change:
        yield Part.CHANGE, partial(say.changes, way), None
    for used in trace.used:
        yield Part.USED, partial(say.used, used), None
    for each in trace.lists:
        yield Part.LIST, partial(say.list_used, each), None


def _path(path: tuple[Edge, ...], say: Wording) -> Iterator[_Saying]:
    for number, edge in enumerate(path, 1):
        yield Part.PATH, partial(say.edge, edge), number
