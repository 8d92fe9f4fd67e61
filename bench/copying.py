"""Rows into tables by COPY, with the triggers that every row meets."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import models
from psycopg2 import extensions
from psycopg2.sql import SQL, Identifier

from audit.context import SYSTEM_JOB

CHUNK = 1 << 16
CONTEXT = """
select set_config('app.actor', %s, false), set_config('app.reason', 'seed', false),
  set_config('app.agencies', coalesce(string_agg(id::text, ','), ''), false) from agencies_agency
"""
"""The program itself, over all agencies, until the connection is closed."""
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_into(
    db: extensions.connection,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """Store rows of these columns; the other columns get the default that the model gives them.

    Raises ValueError for a column that has neither: the seed has to say something about it.
    """
    rest = _rest(model, set(columns))
    tail = "".join("\t" + text(value) for value in rest.values())
    lines = ("\t".join(map(text, row)) + tail + "\n" for row in rows)
    with db.cursor() as cursor:
        cursor.execute(CONTEXT, [SYSTEM_JOB])
        table = Identifier(model._meta.db_table)
        names = SQL(", ").join(map(Identifier, [*columns, *rest]))
        copy = SQL("copy {} ({}) from stdin").format(table, names)
        cursor.copy_expert(copy.as_string(cursor), _Lines(lines), size=CHUNK)
        if isinstance(model._meta.pk, models.AutoField):
            count_on = SQL("select setval(pg_get_serial_sequence(%s, 'id'), max(id)) from {}")
            cursor.execute(count_on.format(table), [model._meta.db_table])


def _rest(model: type[models.Model], given: set[str]) -> dict[str, object]:
    rest: dict[str, object] = {}
    for field in model._meta.concrete_fields:
        if field.column in given or field is model._meta.auto_field or field.generated:
            continue
        if not field.null and not field.has_default() and not field.empty_strings_allowed:
            raise ValueError(f"{model.__name__}.{field.name} has no default: the seed must name it")
        rest[str(field.column)] = field.get_default()
    return rest


def text(value: object) -> str:
    """The value in COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, list | tuple):
        return "{" + ",".join(str(item) for item in value) + "}"
    return value.isoformat() if isinstance(value, date) else str(value)


class _Lines:
    """A file of lines that are made while they are read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = ""

    def read(self, size: int) -> Any:
        parts, length = [self._rest], len(self._rest)
        while length < size:
            line = next(self._lines, None)
            if line is None:
                break
            parts.append(line)
            length += len(line)
        whole = "".join(parts)
        self._rest = whole[size:]
        return whole[:size]
