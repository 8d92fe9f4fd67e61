"""Reading of a table with a heading out of the bytes of a CSV file, and of its cells."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from policy.list_formats.entries import EntryRow, ListFileError, Problem
from policy.trace import Text
from standards.countries import is_country

_EMPTY = Text("is empty", "内容がありません。")
_NO_ENTRIES = Text("has a heading and no entries", "見出しのみで、項目がありません。")
_NOT_UTF8 = Text(
    "is not UTF-8; save the file as CSV UTF-8 and try again",
    "文字コードがUTF-8ではありません。CSV UTF-8形式で保存し直してください。",
)
_MISSING = Text("is missing", "必要な列がありません。")
_TWICE = Text("occurs more than once", "同じ列が複数あります。")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. Reading a malformed cell notes the problem and gives the empty value,
    so that all problems of a file are found in one pass."""

    number: int
    cells: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def text(self, column: str) -> str:
        """The cell without the spaces around it; empty also when the file has no such column."""
        return self.cells.get(column, "").strip()

    def required(self, column: str) -> str:
        if not (text := self.text(column)):
            self.refuse(column, "is empty", "空欄です。値を入力してください。")
        return text

    def parts(self, column: str) -> tuple[str, ...]:
        """The names in a cell that separates them with semicolons."""
        return tuple(part for part in map(str.strip, self.text(column).split(";")) if part)

    def day(self, column: str) -> date | None:
        if not (text := self.text(column)):
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(
                column,
                f"{text!r} is no date; write it as 2025-01-07",
                f"「{text}」は日付として読めません。2025-01-07の形式で入力してください。",
            )
            return None

    def country(self, column: str) -> str:
        code = self.text(column)
        if code and not is_country(code):
            self.refuse(
                column,
                f"{code!r} is no country code; use two capitals such as JP",
                f"「{code}」は国コードではありません。JPのような英大文字2字で入力してください。",
            )
            return ""
        return code

    def address(self, column: str) -> str:
        text = self.text(column)
        if text and not text.startswith(("https://", "http://")):
            self.refuse(
                column,
                f"{text!r} is no web address; it begins with https://",
                f"「{text}」はウェブアドレスではありません。https://で始まる形で入力してください。",
            )
        return text

    def period(self, start: str, end: str) -> tuple[date | None, date | None]:
        first, last = self.day(start), self.day(end)
        if first and last and last < first:
            self.refuse(
                end,
                f"{last} lies before the {start} {first}",
                f"{last}は列「{start}」の{first}より前の日付です。",
            )
        return first, last

    def refuse(self, column: str, en: str, ja: str) -> None:
        self.problems.append(Problem(self.number, column, Text(en, ja)))


def read_entries(
    content: bytes,
    *,
    required: Sequence[str],
    optional: Sequence[str],
    entry: Callable[[Row], EntryRow],
) -> list[EntryRow]:
    """The entries of a CSV file in UTF-8, with or without byte order mark. Raises `ListFileError`
    with all problems when a row has one, a column is missing or unknown, or there is no row."""
    table = _table(content)
    heading = [name.strip() for name in next(table, [])]
    _check_heading(heading, required, optional)
    entries: list[EntryRow] = []
    problems: list[Problem] = []
    for number, cells in enumerate(table, start=2):
        if not cells:
            continue
        if len(cells) != len(heading):
            problems.append(_wrong_width(number, len(cells), len(heading)))
            continue
        row = Row(number, dict(zip(heading, cells, strict=True)))
        entries.append(entry(row))
        problems += row.problems
    if problems or not entries:
        raise ListFileError(problems or [Problem(0, "", _NO_ENTRIES)])
    return entries


def _table(content: bytes) -> Iterator[list[str]]:
    """Rows of cells; a blank line is a row without cells."""
    reader = csv.reader(io.StringIO(decoded(content), newline=""), strict=True)
    try:
        yield from reader
    except csv.Error as mistake:
        reason = Text(f"is no readable CSV: {mistake}", f"CSVとして読めません({mistake})。")
        raise ListFileError([Problem(reader.line_num, "", reason)]) from None


def decoded(content: bytes, file: str = "") -> str:
    """UTF-8 with or without byte order mark, or `ListFileError` with the row that is not."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as mistake:
        row = content.count(b"\n", 0, mistake.start) + 1
        raise ListFileError([Problem(row, "", _NOT_UTF8, file)]) from None


def _check_heading(heading: list[str], required: Sequence[str], optional: Sequence[str]) -> None:
    if not heading:
        raise ListFileError([Problem(0, "", _EMPTY)])
    known = [*required, *optional]
    problems = [Problem(1, name, _MISSING) for name in required if name not in heading]
    problems += [Problem(1, name, _not_known(known)) for name in heading if name not in known]
    doubled = {name for name in heading if heading.count(name) > 1}
    problems += [Problem(1, name, _TWICE) for name in sorted(doubled)]
    if problems:
        raise ListFileError(problems)


def _wrong_width(number: int, found: int, expected: int) -> Problem:
    reason = Text(
        f"has {found} cells where the heading has {expected}",
        f"セルが{found}個ありますが、見出しは{expected}個です。",
    )
    return Problem(number, "", reason)


def _not_known(known: Sequence[str]) -> Text:
    return Text(
        f"is not known; known are {', '.join(known)}",
        f"この形式にない列です。使える列は{'、'.join(known)}です。",
    )
