"""The rows of a CSV file as people save it: its encoding and its separator are found out."""

import codecs
import csv
import io

from standards.sheets.refusals import SheetRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = (",", "\t", ";")
_SAMPLE = 50


def read_csv(content: bytes) -> list[list[str]]:
    """Rows of cells, a blank line as an empty row. UTF-8, UTF-16 and CP932 (Shift_JIS of Windows);
    comma, tab or semicolon. Raises `SheetRefused`."""
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return _rows(rest, first.strip()[4])
    return _rows(text, _separator(text))


def _decoded(content: bytes) -> str:
    """The text; a byte order mark decides, then zero bytes (UTF-16), then UTF-8 before CP932."""
    encodings = [name for mark, name in _MARKS if content.startswith(mark)] or _guessed(content)
    for encoding in encodings:
        try:
            return _without_zeros(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise SheetRefused(
        "The encoding of the file cannot be told. Save it as CSV UTF-8.",
        "ファイルの文字コードを判別できません。「CSV UTF-8」形式で保存してください。",
    )


def _guessed(content: bytes) -> list[str]:
    even, odd = content[:2000:2].count(0), content[1:2000:2].count(0)
    if max(even, odd) > 10 and min(even, odd) * 10 < max(even, odd):
        return ["utf-16-le" if odd > even else "utf-16-be"]
    return ["utf-8", "cp932"]


def _without_zeros(text: str) -> str:
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise SheetRefused(
            f"Row {row} contains a NUL character: the file is damaged, or is no CSV file.",
            f"{row}行目にNUL文字があります。ファイルが壊れているか、CSVファイルではありません。",
        )
    return text


def _separator(text: str) -> str:
    """The one that splits the first rows into the most cells; a comma when none does."""
    lines = "\n".join(text.splitlines()[:_SAMPLE])
    cells = {mark: sum(len(row) - 1 for row in _sample(lines, mark)) for mark in _SEPARATORS}
    return max(_SEPARATORS, key=lambda mark: cells[mark])


def _sample(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return []


def _rows(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return list(reader)
    except csv.Error as mistake:
        raise SheetRefused(
            f"Line {reader.line_num} is no readable CSV ({mistake}).",
            f"{reader.line_num}行目をCSVとして読み込めません({mistake})。",
        ) from mistake
