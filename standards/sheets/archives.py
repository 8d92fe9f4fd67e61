"""What is looked at in an XLSX file, a zip archive, before anything of it is unpacked."""

import re
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from standards.sheets.refusals import SheetRefused

MOST_ENTRIES = 400
MOST_UNPACKED = 300_000_000
MOST_RATIO = 200
SMALL = 1_000_000
"""Up to so many unpacked bytes an entry may be packed as tightly as it likes."""
_WORKBOOK = "xl/workbook.xml"
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)


def check_archive(path: str) -> None:
    """Raises `SheetRefused` for what is no workbook, is locked, has macros, or would unpack into too much."""
    try:
        with ZipFile(path) as archive:
            _check_entries(archive.infolist())
            _check_parts(archive)
    except (BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise _no_workbook() from error


def dates_from_1904(path: str) -> bool:
    """Whether the workbook counts days from 1904, as old Macintosh versions did."""
    with ZipFile(path) as archive:
        head = _head(archive, _WORKBOOK, 100_000)
    return re.search(rb"""date1904\s*=\s*["'](1|true)["']""", head) is not None


def _check_entries(entries: list[ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MOST_ENTRIES:
        raise SheetRefused(
            f"The workbook has {len(names):,} parts; at most {MOST_ENTRIES} are read. Save the sheet"
            " in a new workbook.",
            f"ブックの内部ファイルが{len(names):,}個あります(上限{MOST_ENTRIES}個)。"
            "対象のシートだけを新しいブックに保存してください。",
        )
    if len(set(names)) < len(names) or any(_strange(name) for name in names):
        raise _no_workbook()
    if any(entry.flag_bits & 1 for entry in entries):
        raise SheetRefused(
            "The workbook is encrypted; save it without a password.",
            "ブックが暗号化されています。パスワードを解除して保存してください。",
        )
    _check_sizes(entries)


def _check_sizes(entries: list[ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    dense = [
        entry
        for entry in entries
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
    ]
    if unpacked > MOST_UNPACKED or dense:
        raise SheetRefused(
            f"The workbook unpacks into {unpacked / 1e6:,.0f} MB, or is packed far more tightly than a"
            " table is; it is not read. Save the table alone in a new workbook, or as CSV.",
            f"ブックを展開すると{unpacked / 1e6:,.0f}MBになる、又は圧縮率が異常に高いため、読み込みません。"
            "表だけを新しいブック又はCSVで保存してください。",
        )


def _check_parts(archive: ZipFile) -> None:
    names = archive.namelist()
    if _WORKBOOK not in names:
        raise _no_workbook()
    if any(PurePosixPath(name).name.lower() == "vbaproject.bin" for name in names):
        raise SheetRefused(
            "The workbook contains macros; save it as .xlsx without them.",
            "ブックにマクロが含まれています。マクロなしの.xlsx形式で保存してください。",
        )
    for name in names:
        if name.endswith((".xml", ".rels")) and _DOCTYPE.search(_head(archive, name, 2_000)):
            raise _no_workbook()


def _head(archive: ZipFile, name: str, size: int) -> bytes:
    with archive.open(name) as part:
        return part.read(size)


def _strange(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in PurePosixPath(name).parts or "\\" in name


def _no_workbook() -> SheetRefused:
    return SheetRefused(
        "The file is no readable Excel workbook (.xlsx). Open it in a spreadsheet program and save it"
        " again as .xlsx or CSV.",
        "読み込めるExcelブック(.xlsx)ではありません。"
        "表計算ソフトで開き、.xlsx又はCSV形式で保存し直してください。",
    )
