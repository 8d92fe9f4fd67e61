"""Lists of the US Treasury's Office of Foreign Assets Control in their legacy CSV files.

A list is several files without heading that share a number: the entries (…prim.csv or sdn.csv),
other names (…alt.csv), addresses (…add.csv) and the rest of long remarks (…comments.csv). They are
handed over together in one ZIP file. "-0-" means that a cell has no value.
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from policy.list_formats.entries import EntryRow, ListFileError, Problem
from policy.list_formats.tables import decoded
from policy.trace import Text

_WIDTHS = {"prim": 12, "alt": 5, "add": 6, "comments": 2}
_ENDINGS = {
    "prim.csv": "prim",
    "sdn.csv": "prim",
    "alt.csv": "alt",
    "add.csv": "add",
    "comments.csv": "comments",
}
_KINDS = {"": "entity", "individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
_LARGEST = 200 * 1024 * 1024
_NOTHING = "-0-"
_END_OF_FILE = "\x1a"
_NO_ENTRIES = Text("has no entries", "項目がありません。")
_NO_ZIP = Text(
    "is no ZIP file; put the prim, alt, add and comments files of the list into one",
    "ZIPファイルではありません。リストのprim、alt、add、commentsの各ファイルを1つのZIPにまとめてください。",
)
_NO_PRIM = Text(
    "has no file that ends with prim.csv or sdn.csv",
    "prim.csv又はsdn.csvで終わるファイルが含まれていません。",
)
_TOO_LARGE = Text(
    "holds more than 200 MB and was not opened", "展開後に200MBを超えるため、開きませんでした。"
)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: tuple[str, ...]


def read_ofac(content: bytes) -> tuple[EntryRow, ...]:
    """Entries keyed by the number that the office gives them. Raises `ListFileError`."""
    problems: list[Problem] = []
    tables = {part: list(_lines(part, data, problems)) for part, data in _members(content).items()}
    entries = _entries(tables, problems)
    if problems or not entries:
        raise ListFileError(problems or [Problem(0, "", _NO_ENTRIES)])
    return entries


def _members(content: bytes) -> dict[str, bytes]:
    """The files of the list by what they hold."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise ListFileError([Problem(0, "", _NO_ZIP)]) from None
    found = {part: info for info in archive.infolist() if (part := _part_of(info.filename))}
    if "prim" not in found:
        raise ListFileError([Problem(0, "", _NO_PRIM)])
    if sum(info.file_size for info in found.values()) > _LARGEST:
        raise ListFileError([Problem(0, "", _TOO_LARGE)])
    try:
        return {part: archive.read(info) for part, info in found.items()}
    except (zipfile.BadZipFile, RuntimeError) as mistake:
        reason = Text(f"cannot be unpacked: {mistake}", f"展開できません({mistake})。")
        raise ListFileError([Problem(0, "", reason)]) from None


def _part_of(name: str) -> str:
    endings = (part for ending, part in _ENDINGS.items() if name.lower().endswith(ending))
    return next(endings, "")


def _lines(part: str, data: bytes, problems: list[Problem]) -> Iterator[_Line]:
    """The rows of one file; the office closes it with an end-of-file character."""
    text = decoded(data, part).replace(_END_OF_FILE, "")
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        if len(cells) == _WIDTHS[part]:
            yield _Line(number, tuple(map(_value, cells)))
        elif cells:
            reason = Text(
                f"has {len(cells)} cells where {_WIDTHS[part]} belong",
                f"セルが{len(cells)}個ありますが、{_WIDTHS[part]}個であるべきです。",
            )
            problems.append(Problem(number, "", reason, part))


def _value(cell: str) -> str:
    """Spaces are kept: long remarks are cut anywhere and go on in the comments file."""
    return "" if cell.strip() == _NOTHING else cell


def _entries(tables: dict[str, list[_Line]], problems: list[Problem]) -> tuple[EntryRow, ...]:
    entries: dict[str, _Line] = {}
    for line in tables["prim"]:
        problems += _faults(line, entries)
        entries[line.cells[0]] = line
    more = {part: _by_entry(part, tables.get(part, []), entries, problems) for part in _WIDTHS}
    return tuple(
        _entry(line, more["alt"][key], more["add"][key], more["comments"][key])
        for key, line in entries.items()
    )


def _faults(line: _Line, earlier: dict[str, _Line]) -> Iterator[Problem]:
    number, name, kind = line.cells[:3]
    if not number.isdigit():
        yield _fault(
            line,
            f"begins with {number!r}, which is no entry number",
            f"先頭の「{number}」は項目番号ではありません。",
        )
    if number in earlier:
        yield _fault(
            line,
            f"has entry {number}, which is in row {earlier[number].number} too",
            f"項目{number}は{earlier[number].number}行目にもあります。",
        )
    if not name:
        yield _fault(line, "has no name", "名称がありません。")
    if kind.lower() not in _KINDS:
        yield _fault(
            line,
            f"is of kind {kind!r}, not individual, vessel or aircraft",
            f"種別「{kind}」は、individual、vessel、aircraftのいずれでもありません。",
        )


def _fault(line: _Line, en: str, ja: str) -> Problem:
    return Problem(line.number, "", Text(en, ja), "prim")


def _by_entry(
    part: str, lines: list[_Line], entries: dict[str, _Line], problems: list[Problem]
) -> dict[str, list[_Line]]:
    found: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        if line.cells[0] not in entries:
            reason = Text(
                f"belongs to entry {line.cells[0]!r}, which the list does not have",
                f"項目「{line.cells[0]}」に属しますが、その項目はリストにありません。",
            )
            problems.append(Problem(line.number, "", reason, part))
        found[line.cells[0]].append(line)
    return found


def _entry(line: _Line, names: list[_Line], places: list[_Line], comments: list[_Line]) -> EntryRow:
    number, name, kind, programme, title = line.cells[:5]
    remarks = line.cells[11] + "".join(each.cells[1] for each in comments)
    return EntryRow(
        row=line.number,
        name=name,
        key=number,
        aliases=tuple(each.cells[3] for each in names if each.cells[2] != "fka"),
        previous_names=tuple(each.cells[3] for each in names if each.cells[2] == "fka"),
        addresses=tuple(filter(None, (", ".join(filter(None, p.cells[2:5])) for p in places))),
        note="; ".join(filter(None, (programme, title, remarks))),
        kind=_KINDS.get(kind.lower(), ""),
    )
