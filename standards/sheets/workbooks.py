"""The visible sheets of an XLSX workbook, with what python-calamine does not tell: what is hidden,
and which cells hold an error."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree as Xml
from zipfile import ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from standards.sheets.archives import check_archive, dates_from_1904
from standards.sheets.raw import MOST_COLUMNS, MOST_ROWS, Cell, RawSheet
from standards.sheets.refusals import SheetRefused

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).){0,2000}?<(?:\w+:)?v>([^<]{1,20})</",
    re.DOTALL,
)


def read_workbook(path: str) -> list[RawSheet]:
    """Raises `SheetRefused`."""
    check_archive(path)
    from_1904 = dates_from_1904(path)
    try:
        with CalamineWorkbook.from_path(path) as book, ZipFile(path) as archive:
            parts = _parts(archive)
            return [
                _sheet(book.get_sheet_by_name(each.name), parts.get(each.name, b""), from_1904)
                for each in book.sheets_metadata
                if each.visible is SheetVisibleEnum.Visible
            ]
    except (CalamineError, Xml.ParseError, KeyError, ValueError) as error:
        raise SheetRefused(
            f"The workbook cannot be read ({error}). Open it in a spreadsheet program and save it again.",
            f"ブックを読み込めません({error})。表計算ソフトで開き、保存し直してください。",
        ) from error


def _parts(archive: ZipFile) -> dict[str, bytes]:
    """The XML of each sheet by the name of the sheet."""
    relations = Xml.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # no DOCTYPE: check_archive
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    book = Xml.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  # as above
    known = set(archive.namelist())
    found = {}
    for each in book.iter():
        if each.tag.endswith("}sheet"):
            target = targets.get(each.get(_RELATION), "")
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found[each.get("name", "")] = archive.read(name) if name in known else b""
    return found


def _sheet(sheet: CalamineSheet, xml: bytes, from_1904: bool) -> RawSheet:
    if sheet.total_width > MOST_COLUMNS or sheet.total_height > MOST_ROWS:
        raise too_large(sheet.total_height, sheet.total_width)
    found = sheet.to_python(skip_empty_area=False) if sheet.total_height else []
    rows: list[list[Cell]] = [[_cell(value) for value in row] for row in found]
    for top, left, bottom, _right in _merges(sheet):
        for row in range(top + 1, min(bottom + 1, len(rows))):
            rows[row][left] = rows[top][left]
    for row, column, text in _errors(xml):
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    return RawSheet(sheet.name, rows, _hidden_columns(xml), _hidden_rows(xml), from_1904)


def too_large(rows: int, columns: int) -> SheetRefused:
    return SheetRefused(
        f"The table has {rows:,} rows and {columns:,} columns; at most {MOST_ROWS:,} rows and"
        f" {MOST_COLUMNS} columns are read. Divide the file, or delete what is empty around the table.",
        f"表が{rows:,}行{columns:,}列あります(上限は{MOST_ROWS:,}行{MOST_COLUMNS}列)。"
        "ファイルを分割するか、表の外側の不要な行・列を削除してください。",
    )


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value


def _merges(sheet: CalamineSheet) -> Iterator[tuple[int, int, int, int]]:
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        yield top, left, bottom, right


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    return found[1].decode("ascii", "replace") if found else ""


def _hidden_columns(xml: bytes) -> list[int]:
    hidden: list[int] = []
    for tag in _HIDDEN_COLUMNS.findall(xml):
        if _attribute(tag, b"hidden") in {"1", "true"}:
            first, last = int(_attribute(tag, b"min")), int(_attribute(tag, b"max"))
            hidden += range(first - 1, min(last, MOST_COLUMNS))
    return hidden


def _hidden_rows(xml: bytes) -> list[int]:
    return [
        int(_attribute(tag, b"r")) - 1
        for tag in _HIDDEN_ROW.findall(xml)
        if b"hidden=" in tag and _attribute(tag, b"hidden") in {"1", "true"}
    ]


def _errors(xml: bytes) -> Iterator[tuple[int, int, str]]:
    if b't="e"' not in xml:
        return
    for letters, row, text in _ERROR_CELL.findall(xml):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        yield int(row) - 1, column - 1, text.decode("ascii", "replace")
