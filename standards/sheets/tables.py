"""Finding the table in a sheet: its heading somewhere near the top, its rows, and what is not part of it."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from standards.sheets.raw import Cell, RawSheet, letters
from standards.sheets.refusals import Said, SheetRefused

HEADING_WITHIN = 40
"""Rows from the top in which the heading is looked for."""
_TOTAL = re.compile(
    r"(合\s*計|小\s*計|総\s*計|累\s*計|計|(grand |sub ?)?totals?|sum)\s*[::]?", re.IGNORECASE
)
_NOTE = re.compile(
    r"(※|＊|\*|注[\s意))::0-9]|\(注|（注|備考\s*[::]|以\s*上$|notes?\b|source\b|出典)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"[((【\[〔](.*?)[))】\]〕]")
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: `place` counts from 0; `remark` is what stands in brackets in its heading."""

    field: str
    place: int
    heading: str
    remark: str = ""

    @property
    def letter(self) -> str:
        return letters(self.place)


@dataclass(frozen=True, slots=True)
class TableRow:
    """`number` is the one that a spreadsheet program shows."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """`remarks` say what of the file was not read, or is easily overlooked in it."""

    sheet: str
    columns: Mapping[str, Column]
    rows: Sequence[TableRow]
    remarks: Sequence[Said] = field(default_factory=tuple)
    days_from_1904: bool = False


def heading_key(text: str) -> tuple[str, str]:
    """(what a heading is compared by, what stands in brackets): "価格(千円)" is ("価格", "千円")."""
    plain = unicodedata.normalize("NFKC", text)
    inside = " ".join(_IN_BRACKETS.findall(plain))
    key = _NOT_A_WORD.sub("", _IN_BRACKETS.sub("", plain)).casefold()
    return key or _NOT_A_WORD.sub("", plain).casefold(), inside


def find_table(sheets: Sequence[RawSheet], headings: Mapping[str, str], examples: Said) -> Table:
    """The one table of the file. `headings` gives the field for each `heading_key`; `examples` names
    some of them for the message. Raises `SheetRefused`."""
    found = [(sheet, row) for sheet in sheets if (row := _heading_row(sheet, headings)) is not None]
    if not found:
        raise SheetRefused(
            f"No row with headings was found in the first {HEADING_WITHIN} rows. It must name at least"
            f" two of the columns that are read: {examples.en}.",
            f"先頭{HEADING_WITHIN}行に見出し行が見つかりません。"
            f"読み取る列の見出しを2つ以上含めてください({examples.ja})。",
        )
    if len(found) > 1:
        names = "”, “".join(sheet.name for sheet, _ in found)
        raise SheetRefused(
            f"The sheets “{names}” each have such a table. Keep one of them in the file.",
            f"シート「{names.replace('”, “', '」「')}」のそれぞれに表があります。1つだけ残してください。",
        )
    sheet, row = found[0]
    columns = _columns(sheet.rows[row], headings)
    rows, remarks = _rows(sheet, row, columns)
    if not rows:
        raise SheetRefused(
            f"Below the heading in row {row + 1} there is no row with data.",
            f"見出し行({row + 1}行目)の下にデータの行がありません。",
        )
    remarks = [*_about_columns(sheet, row, columns), *remarks]
    return Table(sheet.name, columns, rows, tuple(remarks), sheet.days_from_1904)


def _known(row: Sequence[Cell], headings: Mapping[str, str]) -> Iterator[tuple[int, str, str, str]]:
    """(place, field, heading, remark) of each cell that is a known heading."""
    for place, cell in enumerate(row):
        if isinstance(cell, str):
            key, inside = heading_key(cell)
            if name := headings.get(key):
                yield place, name, " ".join(cell.split()), inside


def _heading_row(sheet: RawSheet, headings: Mapping[str, str]) -> int | None:
    """The row near the top with the most known headings, at least two; the first of equals."""
    counts = [
        len({name for _, name, *_ in _known(row, headings)}) for row in sheet.rows[:HEADING_WITHIN]
    ]
    best = max(counts, default=0)
    return counts.index(best) if best >= 2 else None


def _columns(row: Sequence[Cell], headings: Mapping[str, str]) -> dict[str, Column]:
    places: dict[str, list[Column]] = defaultdict(list)
    for place, name, heading, inside in _known(row, headings):
        places[name].append(Column(name, place, heading, inside))
    doubled = [columns for columns in places.values() if len(columns) > 1]
    if doubled:
        pairs = [[f"{each.letter} “{each.heading}”" for each in columns] for columns in doubled]
        raise SheetRefused(
            "Several columns mean the same: "
            + "; ".join(" and ".join(pair) for pair in pairs)
            + ". Keep one of them, or rename the heading of the other.",
            "同じ項目を示す列が複数あります("
            + "、".join("と".join(pair).replace("“", "「").replace("”", "」") for pair in pairs)
            + ")。1列だけ残すか、見出しを変更してください。",
        )
    return {name: columns[0] for name, columns in places.items()}


def _rows(
    sheet: RawSheet, heading: int, columns: Mapping[str, Column]
) -> tuple[list[TableRow], list[Said]]:
    rows: list[TableRow] = []
    remarks: list[Said] = []
    first = sheet.rows[heading]
    hidden = set(sheet.hidden_rows)
    places = [(name, column.place) for name, column in columns.items()]
    for number, row in enumerate(sheet.rows[heading + 1 :], start=heading + 2):
        filled = [cell for cell in row if cell is not None and not _is_blank(cell)]
        if not filled:
            continue
        if (why := _not_data(row, filled, first, columns)) is not None:
            remarks += [Said(f"Row {number} {why.en}", f"{number}行目は{why.ja}")] if why.en else []
            continue
        rows.append(TableRow(number, {name: _at(row, place) for name, place in places}))
        if number - 1 in hidden:
            remarks.append(
                Said(
                    f"Row {number} is hidden in the file; it is read.",
                    f"{number}行目は非表示の行ですが、読み取りました。",
                )
            )
    return rows, remarks


def _not_data(
    row: Sequence[Cell],
    filled: Sequence[Cell],
    heading: Sequence[Cell],
    columns: Mapping[str, Column],
) -> Said | None:
    """Why a row is no data: None for data, an empty sentence for what needs no word."""
    first = str(filled[0]).strip()
    shown = first if len(first) <= 40 else f"{first[:40]}…"
    if list(row[: len(heading)]) == list(heading):
        return Said(
            "repeats the heading; it is not read.", "見出しの繰返しのため、読み取りません。"
        )
    if any(isinstance(cell, str) and _TOTAL.fullmatch(cell.strip()) for cell in filled[:3]):
        return Said(
            f"is a total (“{shown}”); it is not read.",
            f"合計行(「{shown}」)のため、読み取りません。",
        )
    if len(filled) <= 2 and _NOTE.match(first):
        return Said(
            f"is a note (“{shown}”); it is not read.", f"注記(「{shown}」)のため、読み取りません。"
        )
    if all(_is_blank(_at(row, column.place)) for column in columns.values()):
        if all(_is_number(cell) for cell in filled):
            return Said("", "")
        return Said(
            f"has nothing in a column that is read (“{shown}”); it is not read.",
            f"読み取る列が全て空欄(「{shown}」)のため、読み取りません。",
        )
    return None


def _about_columns(sheet: RawSheet, heading: int, columns: Mapping[str, Column]) -> Iterator[Said]:
    read = {column.place: column for column in columns.values()}
    hidden = set(sheet.hidden_columns)
    for place, cell in enumerate(sheet.rows[heading]):
        if place in read and place in hidden:
            yield Said(
                f"Column {letters(place)} “{cell}” is hidden in the file; it is read.",
                f"{letters(place)}列「{cell}」は非表示の列ですが、読み取りました。",
            )
        elif place not in read and not _is_blank(cell) and not _is_numbering(cell):
            yield Said(
                f"Column {letters(place)} “{cell}” is not read.",
                f"{letters(place)}列「{cell}」は読み取りません。",
            )


def _is_numbering(cell: Cell) -> bool:
    return heading_key(str(cell))[0] in {"no", "番号", "通番", "連番", "項番", "通し番号", "#", "№"}


def _at(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) or str(cell).strip().isdecimal()
