"""A result in plain sentences, rendered from its trace and from nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

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
    leave_out = {Part.USED, Part.LIST}
    return [
        line.text if line.number is None else f"{line.number}. {line.text}"
        for line in lines(result, language, names)
        if line.part not in leave_out
    ]


def lines(result: Result, language: str, names: Names | None = None) -> list[Line]:
    """All that the trace can say, in reading order, down to each fact used and each list."""
    return list(_lines(result, wording(language, names)))


def _lines(result: Result, say: Wording) -> Iterator[Line]:
    trace = result.trace
    yield Line(Part.ANSWER, say.answer(result))
    for hit in trace.hits:
        yield Line(Part.HIT, say.hit(hit, trace.lists, trace.asked))
        if hit.evidence is not None:
            yield Line(Part.SOURCE, say.source(hit.evidence))
        yield from _path(hit.path, say)
    for missing in trace.missing:
        yield Line(Part.MISSING, say.missing(missing))
        yield from _path(missing.path, say)
    for way in trace.would_change:
        yield Line(Part.CHANGE, say.changes(way))
    for used in trace.used:
        yield Line(Part.USED, say.used(used))
    for each in trace.lists:
        yield Line(Part.LIST, say.list_used(each))


def _path(path: tuple[Edge, ...], say: Wording) -> Iterator[Line]:
    for number, edge in enumerate(path, 1):
        yield Line(Part.PATH, say.edge(edge), number)
