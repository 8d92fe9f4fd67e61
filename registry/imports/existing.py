"""The aircraft that the rows of a file mean, found set-wise: by serial number, else asset tag, else file and row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from registry.imports.reading import EDITABLE, Line

_COLUMNS = ("id", "build_id", "status", "asset_tag", "price_given", "custodian_name", *EDITABLE)
_SELECT = "w.line, b.model_id, p.name_en, p.name_local, p.email, " + ", ".join(
    f"d.{name}" for name in _COLUMNS
)
_JOINED = """
  join registry_build b on b.id = d.build_id
  left join agencies_person p on p.id = d.custodian_id
"""
_BY_SERIAL = f"""
select {_SELECT} from unnest(%s::int[], %s::text[]) as w (line, serial)
  join registry_drone d on d.agency_id = %s and d.serial_number = w.serial
    and not (d.serial_number = '') and not (d.status in ('transferred', 'entered_in_error')) {_JOINED}
"""  # noqa: S608  # names of columns
_BY_TAG = f"""
select {_SELECT} from unnest(%s::int[], %s::text[]) as w (line, tag)
  join registry_drone d on d.agency_id = %s and d.asset_tag = w.tag {_JOINED}
"""  # noqa: S608  # names of columns
_BY_ROW = f"""
select {_SELECT} from unnest(%s::int[], %s::int[], %s::int[]) as w (line, row, copy)
  join registry_importedrow i on i.agency_id = %s and i.digest = %s and i.row = w.row and i.copy = w.copy
  join registry_drone d on d.id = i.drone_id {_JOINED}
"""  # noqa: S608  # names of columns


@dataclass(frozen=True, slots=True)
class Existing:
    """An aircraft as it is recorded."""

    id: UUID
    build_id: int
    model_id: int
    status: str
    custodians: frozenset[str]
    price_withheld: bool
    values: dict[str, str | int | date | Decimal | list[str] | None]


def existing(lines: Sequence[Line], *, agency_id: int, digest: str) -> dict[int, Existing]:
    """The recorded aircraft by the place of its line in `lines`. Three queries."""
    serials = [(n, line.serial) for n, line in enumerate(lines) if line.serial]
    tags = [
        (n, line.asset_tag) for n, line in enumerate(lines) if not line.serial and line.asset_tag
    ]
    rows = [
        (n, line.row, line.copy)
        for n, line in enumerate(lines)
        if not line.serial and not line.asset_tag
    ]
    found = _fetch(_BY_SERIAL, [*_transposed(serials, 2), agency_id])
    found |= _fetch(_BY_TAG, [*_transposed(tags, 2), agency_id])
    found |= _fetch(_BY_ROW, [*_transposed(rows, 3), agency_id, digest])
    return found | _by_tag_beside_serial(lines, found, agency_id)


def _by_tag_beside_serial(
    lines: Sequence[Line], found: dict[int, Existing], agency_id: int
) -> dict[int, Existing]:
    """A serial number that is new may be that of an aircraft recorded by its tag without one."""
    both = [
        (n, line.asset_tag)
        for n, line in enumerate(lines)
        if line.serial and line.asset_tag and n not in found
    ]
    return _fetch(_BY_TAG, [*_transposed(both, 2), agency_id]) if both else {}


def _transposed(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]


def _fetch(sql: str, parameters: list[Any]) -> dict[int, Existing]:
    if not parameters[0]:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {row[0]: _existing(row) for row in cursor.fetchall()}


def _existing(row: tuple[Any, ...]) -> Existing:
    _line, model, *rest = row
    person, values = rest[:3], dict(zip(_COLUMNS, rest[3:], strict=True))
    names = {values["custodian_name"], *person} - {None, ""}
    return Existing(
        id=values["id"],
        build_id=values["build_id"],
        model_id=model,
        status=values["status"],
        custodians=frozenset(names),
        price_withheld=values["price_given"] == "withheld",
        values={name: values[name] for name in EDITABLE},
    )
