"""Lists as files: exactly the rows, order and columns that are shown, in the reader's language.

A file is streamed after the request has ended, in a transaction of its own with the reader's own scope,
and holds no more than one part of the rows in memory. Texts that a spreadsheet would run as a formula
are given an apostrophe before them.
"""

import csv
import io
import re
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Final

from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.db.models.expressions import Combinable
from django.utils import translation
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from agencies.context import acting_as
from agencies.models import Person
from reporting.columns import Column, as_stored
from reporting.keyset import Order
from reporting.models import Export

PART: Final = 2_000
MOST_IN_XLSX: Final = 50_000
"""Rows of a spreadsheet file: it is made as a whole before it is sent."""
IN_MEMORY: Final = 2**20
FORMULA: Final = tuple("=+-@\t\r＝＋－＠")
MAY_BE_FORMULA: Final = re.compile(r'(?:^|[,"\n])[=+\-@\t＝＋－＠]|(?:^|[,\n])"\r')
"""In the text of a file: such a character where a value begins, or a little oftener."""
BYTE_ORDER_MARK: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Table:
    """What goes into a file: the rows with all that their columns read, their order, and the columns."""

    rows: QuerySet[Any]
    order: Order
    columns: Sequence[Column]

    @property
    def headings(self) -> list[str]:
        return [str(column.label) for column in self.columns]

    def parts(self) -> Iterator[Sequence[Sequence[object]]]:
        """All rows, some thousand at a time, through a cursor of the database; put into words a column at a time."""
        read = self.rows.order_by(*_ordering(self.order))
        words = [(place, each.words()) for place, each in enumerate(self.columns)]
        worded = [(place, word) for place, word in words if word is not as_stored]
        rows = read.values_list(*(each.source() for each in self.columns)).iterator(PART)
        while part := list(islice(rows, PART)):
            columns: list[Iterable[object]] = list(zip(*part, strict=True))
            for place, word in worded:
                columns[place] = map(word, columns[place])
            yield list(zip(*columns, strict=True))


def _ordering(order: Order) -> list[str | Combinable]:
    """The order of the list as one `order by`: rows without a value last, as on its pages."""
    columns: list[str | Combinable] = [*order.columns(backwards=False)]
    if not order.blank:
        return columns
    blank = order.stretches(backwards=False)[-1][1]
    return [ExpressionWrapper(blank, output_field=BooleanField()), *columns]


def _safe(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [[defused(value) if isinstance(value, str) else value for value in row] for row in rows]


def defused(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_of(
    table: Table, export: Export, person: Person, language: str
) -> Generator[bytes, None, None]:
    """The lines of a CSV file in UTF-8 with a byte order mark, which tells spreadsheets that it is."""
    with acting_as(person), translation.override(language):
        written = 0
        yield (BYTE_ORDER_MARK + _lines([table.headings])).encode()
        for part in table.parts():
            written += len(part)
            yield _lines(part).encode(errors="replace")
        finish(export, written)


def _lines(rows: Sequence[Sequence[object]]) -> str:
    """As CSV. Only a part in which some value may begin as a formula does is looked at value by value."""
    text = _written(rows)
    return _written(_safe(rows)) if MAY_BE_FORMULA.search(text) else text


def _written(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def too_long_for_xlsx(table: Table) -> bool:
    return table.rows.order_by()[: MOST_IN_XLSX + 1].count() > MOST_IN_XLSX


def xlsx_of(table: Table, export: Export) -> IO[bytes]:
    """A spreadsheet in a temporary file."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(export.listing)
    sheet.freeze_panes = "A2"
    sheet.append(table.headings)
    written = 0
    for part in table.parts():
        written += len(part)
        for row in _safe(part):
            sheet.append([_writable(value) for value in row])
    file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 — the answer closes it
    book.save(file)
    file.seek(0)
    finish(export, written)
    return file


def _writable(value: object) -> object:
    """Control characters have no place in the format."""
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", value) if isinstance(value, str) else value


def finish(export: Export, written: int) -> None:
    Export.objects.filter(pk=export.pk).update(rows=written)
