"""Files that no spreadsheet program made, or that were made to harm, with why each is refused."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from standards.sheets.refusals import Said
from tests.registry.spreadsheets import HEADING, SORA, text


@dataclass(frozen=True)
class Hostile:
    """`said` are parts of the reason."""

    build: Callable[[], bytes]
    said: Said


def _row(serial: str) -> bytes:
    return text([HEADING, (*SORA, serial, "", "")])


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return out.getvalue()


def _many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1_000):
            archive.writestr(f"xl/part{number}.xml", "")
    return out.getvalue()


HOSTILE = {
    "empty": Hostile(lambda: b"", Said("The file is empty.", "空")),
    "unreadable": Hostile(
        lambda: b"PK\x03\x04" + b"\xff" * 500,
        Said("no readable Excel workbook", "読み込めるExcelブック(.xlsx)ではありません"),
    ),
    "old workbook": Hostile(
        lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, Said("old Excel workbook", "旧形式")
    ),
    "35 MB": Hostile(lambda: b"a" * 35_000_000, Said("at most 30 MB are read", "上限30")),
    "bomb": Hostile(_bomb, Said("packed far more tightly", "圧縮率が異常に高い")),
    "many parts": Hostile(_many_parts, Said("1,000 parts", "内部ファイルが1,000個")),
    "NUL": Hostile(lambda: _row("A\0"), Said("NUL character", "NUL")),
    "lone surrogate": Hostile(
        lambda: _row("A1").decode().encode("utf-16-le") + b"\x00\xd8,\x00",
        Said("encoding of the file cannot be told", "文字コード"),
    ),
    "10,000 columns": Hostile(
        lambda: text([[*HEADING, *("x" for _ in range(10_000))]]),
        Said("columns; at most", "10,005列"),
    ),
    "huge cell": Hostile(
        lambda: _row("A" * 5_000), Said("Cell C2 has 5,000 characters", "セルC2が5,000文字")
    ),
    "a picture": Hostile(
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        Said("encoding of the file cannot be told", "文字コード"),
    ),
}
