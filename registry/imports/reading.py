"""One row of the table as values of an aircraft, with everything that is wrong in it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import override

from registry.imports.columns import acquired_of, mission_of, says_no_serial, status_of
from registry.matching import Asked
from registry.models import Drone
from standards.asset_tags import AssetTagError, read_asset_tag
from standards.sheets import cells
from standards.sheets.raw import Cell
from standards.sheets.refusals import CellRefused, Said
from standards.sheets.tables import Column, Table, TableRow

MOST_OF_ONE_ROW = 500
_LIST = re.compile(r"[、,，;；/／・\n]+")
_SERIALS = re.compile(r"[、,，;；\n]+")
_SHOWN = 120
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, or with a row when `column` is empty."""

    row: int
    column: str
    heading: str
    value: str
    said: Said


@dataclass(slots=True)
class Line:
    """One aircraft of the file. `values` holds what its row says, by the name of the field; what is
    left empty says nothing."""

    row: int
    copy: int
    values: dict[str, Any]
    asked: Asked
    asset_tag: str = ""

    @property
    def serial(self) -> str:
        return str(self.values.get("serial_number", ""))


@dataclass
class RowReader:
    """Reads the rows of one table; equal cells of a column are read once."""

    table: Table
    today: date
    problems: list[Problem] = field(default_factory=list)
    _known: dict[tuple[str, type, Cell], Mapping[str, Any] | Said] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        """The aircraft of all rows; those of a row with a problem serve to find its other problems."""
        for row in self.table.rows:
            yield from self._lines(row)

    @cached_property
    def _read_columns(self) -> tuple[str, ...]:
        return tuple(name for name in _READERS if name in self.table.columns)

    def wrong(self, row: int, name: str, value: Cell, said: Said) -> None:
        column = self.table.columns.get(name)
        letter, heading = (column.letter, column.heading) if column else ("", "")
        shown = "" if value is None else str(value)[:_SHOWN]
        self.problems.append(Problem(row, letter, heading, shown, said))

    def _lines(self, row: TableRow) -> Iterator[Line]:
        values: dict[str, Any] = {}
        for name in self._read_columns:
            if (cell := row.cells[name]) is not None:
                values.update(self._read(row.number, name, cell))
        serials = self._serials(row, values)
        asked, tag = self._asked(row), self._tag(row)
        for copy, serial in enumerate(serials):
            own = values | ({"serial_number": serial} if serial else {})
            yield Line(row.number, copy, own, asked, tag)

    def _asked(self, row: TableRow) -> Asked:
        """The texts for maker and model; both empty, with a problem noted, when either cannot be read."""
        maker, model = (self._text(row, name) for name in ("maker", "model"))
        if maker is None or model is None:
            return Asked()
        if not maker and not model:
            name = "model" if "model" in self.table.columns else "maker"
            self.wrong(row.number, name, None, _NO_MODEL)
        return Asked(maker, model)

    def _read(self, row: int, name: str, cell: Cell) -> Mapping[str, Any]:
        """The values that a cell gives, checked by their fields; none with a problem noted, or when it is empty."""
        key = (name, type(cell), cell)
        read = self._known.get(key)
        if read is None:
            read = self._known[key] = self._read_first(name, cell)
        if isinstance(read, Said):
            self.wrong(row, name, cell, read)
            return _NOTHING
        return read

    def _read_first(self, name: str, cell: Cell) -> Mapping[str, Any] | Said:
        if cells.is_empty(cell):
            return _NOTHING
        try:
            found = _READERS[name](cell, self)
            return {each: cleaned(each, value) for each, value in found.items()}
        except CellRefused as refused:
            return refused.said

    def _text(self, row: TableRow, name: str) -> str | None:
        cell = row.cells.get(name)
        if cells.is_empty(cell):
            return ""
        try:
            return cells.read_text(cell)
        except CellRefused as refused:
            self.wrong(row.number, name, cell, refused.said)
            return None

    def _serials(self, row: TableRow, values: dict[str, Any]) -> list[str]:
        """The serial number of each aircraft of the row; "" for one that has none, with a reason."""
        cell, quantity = row.cells.get("serial_number"), values.pop("quantity", 1)
        if quantity > MOST_OF_ONE_ROW:
            self.wrong(row.number, "quantity", row.cells["quantity"], _TOO_MANY)
            return [""]
        try:
            found = self._split(cell, quantity)
        except CellRefused as refused:
            self.wrong(row.number, "serial_number", cell, refused.said)
            return [""]
        if not found and "serial_missing_because" not in values:
            because = cells.plain(cell)
            if because and says_no_serial(because):
                values["serial_missing_because"] = because
            elif not self._tag_given(row):
                self.wrong(row.number, "serial_number", cell, _NO_SERIAL)
        if found and "serial_missing_because" in values:
            self.wrong(
                row.number, "serial_missing_because", row.cells.get("serial_missing_because"), _BOTH
            )
        return found or [""] * quantity

    def _split(self, cell: Cell, quantity: int) -> list[str]:
        if cells.is_empty(cell) or says_no_serial(cells.plain(cell)):
            return []
        parts = [part for part in _SERIALS.split(str(cell)) if part.strip()]
        if isinstance(cell, str) and len(parts) > 1:
            if len(parts) != quantity:
                raise CellRefused(
                    f"The cell has {len(parts)} serial numbers for a quantity of {quantity}. Give each"
                    " aircraft a row of its own.",
                    f"数量{quantity}に対し、製造番号が{len(parts)}件あります。1機につき1行としてください。",
                )
            return [str(cleaned("serial_number", cells.read_serial(part))) for part in parts]
        if quantity > 1:
            raise CellRefused(
                f"The row has a quantity of {quantity} and one serial number. Give each aircraft a row of its own.",
                f"数量が{quantity}ですが、製造番号は1件です。1機につき1行としてください。",
            )
        return [str(cleaned("serial_number", cells.read_serial(cell)))]

    def _tag_given(self, row: TableRow) -> bool:
        return not cells.is_empty(row.cells.get("asset_tag"))

    def _tag(self, row: TableRow) -> str:
        cell = row.cells.get("asset_tag")
        if cells.is_empty(cell):
            return ""
        try:
            return read_asset_tag(cells.plain(cell))
        except AssetTagError as error:
            self.wrong(
                row.number,
                "asset_tag",
                cell,
                Said(
                    f"No asset tag of this registry: {error}.",
                    "この台帳の資産タグではありません(文字数又は検査文字が一致しません)。",
                ),
            )
            return ""


_NO_MODEL = Said(
    "The row names neither a maker nor a model.", "製造者及び機種が記入されていません。"
)
_NO_SERIAL = Said(
    "The serial number is missing. Enter it, or say in a column “Why there is no serial number” why"
    " there is none.",
    "製造番号がありません。記入するか、「製造番号がない理由」の列に理由を記入してください。",
)
_BOTH = Said(
    "There is a serial number and a reason why there is none. Remove one of them.",
    "製造番号と、製造番号がない理由の両方が記入されています。一方を削除してください。",
)
_TOO_MANY = Said(
    f"A row stands for at most {MOST_OF_ONE_ROW} aircraft.",
    f"1行で登録できるのは{MOST_OF_ONE_ROW}機までです。",
)


def _plain(name: str) -> "_Reader":
    return lambda cell, reader: {name: cells.read_text(cell)}


def _heading(reader: RowReader, name: str) -> Column:
    return reader.table.columns[name]


def _acquired_on(cell: Cell, reader: RowReader) -> dict[str, Any]:
    day = cells.read_date(cell, from_1904=reader.table.days_from_1904)
    if day > reader.today:
        raise CellRefused(
            "An aircraft cannot have been acquired in the future.",
            "取得日が将来の日付になっています。",
        )
    return {"acquired_on": day}


def _price(cell: Cell, reader: RowReader) -> dict[str, Any]:
    amount = cells.read_amount(cell, _heading(reader, "price").remark)
    return {"price": amount.value} | ({"currency": amount.currency} if amount.currency else {})


def _currency(cell: Cell, reader: RowReader) -> dict[str, Any]:
    code = cells.CURRENCIES.get(cells.plain(cell).upper(), cells.plain(cell).upper())
    return {"currency": code}


def _missions(cell: Cell, reader: RowReader) -> dict[str, Any]:
    words = [word for word in _LIST.split(cells.read_text(cell)) if word.strip()]
    return {"missions": sorted({mission_of(word) for word in words})}


_Reader = Callable[[Cell, RowReader], dict[str, Any]]
_READERS: dict[str, _Reader] = {
    "serial_missing_because": _plain("serial_missing_because"),
    "registration_id": lambda cell, reader: {"registration_id": cells.read_serial(cell)},
    "status": lambda cell, reader: {"status": status_of(cells.read_text(cell))},
    "missions": _missions,
    "custodian_name": _plain("custodian_name"),
    "place": _plain("place"),
    "acquired_on": _acquired_on,
    "acquired_how": lambda cell, reader: {"acquired_how": acquired_of(cells.read_text(cell))},
    "price": _price,
    "currency": _currency,
    "firmware": _plain("firmware"),
    "flight_hours": lambda cell, reader: {"flight_hours": cells.read_hours(cell)},
    "note": _plain("note"),
    "quantity": lambda cell, reader: {"quantity": cells.read_quantity(cell)},
}
"""By the column, in the order in which they are asked: a currency of its own goes before that of the price."""


_FIELDS: dict[str, "models.Field[Any, Any]"] = {each.name: each for each in Drone._meta.fields}


def cleaned(name: str, value: Any) -> Any:
    """The value after the field of the model has checked it. Raises `CellRefused`."""
    if name == "quantity":
        return value
    try:
        return _FIELDS[name].clean(value, None)
    except ValidationError as error:
        raise CellRefused(*(_in(language, error) for language in ("en", "ja"))) from error


def _in(language: str, error: ValidationError) -> str:
    with override(language):
        return " ".join(error.messages)


EDITABLE = (
    "serial_number",
    "serial_missing_because",
    "registration_id",
    "missions",
    "place",
    "firmware",
    "flight_hours",
    "acquired_on",
    "acquired_how",
    "price",
    "currency",
    "note",
)
"""What a file may change of an aircraft that is recorded already; the rest changes by events."""
