"""The program that opens a spreadsheet in a process of its own, with little memory and little time.

`python -m standards.sheets.child FILE` prints one JSON object: {"sheets": […]} or
{"refused": {"en": …, "ja": …}}. Nothing that stands in the file can harm more than this process.
"""

import contextlib
import json
import resource
import sys
from pathlib import Path

from standards.sheets.csv_files import read_csv
from standards.sheets.raw import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Cell, RawSheet, letters
from standards.sheets.refusals import SheetRefused
from standards.sheets.workbooks import read_workbook, too_large

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 60
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def main(path: str) -> int:
    _limit()
    try:
        answer: dict[str, object] = {"sheets": [each.to_json() for each in read_sheets(path)]}
    except SheetRefused as refused:
        answer = {"refused": {"en": refused.said.en, "ja": refused.said.ja}}
    json.dump(answer, sys.stdout)
    return 0


def read_sheets(path: str) -> list[RawSheet]:
    """Every visible sheet of the file. What it is, its first bytes say, not its name. Raises `SheetRefused`."""
    file = Path(path)
    with file.open("rb") as opened:
        head = opened.read(8)
    if not head:
        raise SheetRefused("The file is empty.", "ファイルが空です。")
    if head.startswith(_OLE):
        raise SheetRefused(
            "The file is an old Excel workbook (.xls), or one with a password. Save it as .xlsx"
            " without a password.",
            "旧形式のExcelブック(.xls)、又はパスワード付きのブックです。"
            "パスワードなしの.xlsx形式で保存してください。",
        )
    sheets = (
        read_workbook(path)
        if head.startswith(_ZIP)
        else [RawSheet("", [[cell or None for cell in row] for row in read_csv(file.read_bytes())])]
    )
    for sheet in sheets:
        _check(sheet)
    return sheets


def _check(sheet: RawSheet) -> None:
    width = max((len(row) for row in sheet.rows), default=0)
    if width > MOST_COLUMNS or len(sheet.rows) > MOST_ROWS:
        raise too_large(len(sheet.rows), width)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _check_length(cell, number, column)


def _check_length(cell: Cell, row: int, column: int) -> None:
    if isinstance(cell, str) and len(cell) > LONGEST_CELL:
        place = f"{letters(column)}{row}"
        raise SheetRefused(
            f"Cell {place} has {len(cell):,} characters; at most {LONGEST_CELL:,} are read.",
            f"セル{place}が{len(cell):,}文字あります(上限{LONGEST_CELL:,}文字)。",
        )


def _limit() -> None:
    """A system that knows no such limit (macOS has none on memory) still has that of time in the parent."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
