"""Keyset paging in any order: every page costs the same, and rows added meanwhile shift nothing.

A cursor names the row at the edge of a page by its order, its value there and its id; it is opaque to
readers. Rows without a value stand last in both directions, so that they are a stretch of their own.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value


class CursorError(ValueError):
    """The cursor was not made here, or for another order."""


@dataclass(frozen=True, slots=True)
class Order:
    """Rows by one column, of the table or joined, and by id where it is the same.

    `blank` says what stands where nothing is recorded: "null", "text" (an empty one), or "" where the
    column always has a value. `path` may be "id" itself.
    """

    path: str = "id"
    descending: bool = True
    blank: Literal["", "null", "text"] = ""

    @property
    def name(self) -> str:
        return f"-{self.path}" if self.descending else self.path

    def columns(self, *, backwards: bool) -> list[str]:
        """As `order_by` takes them."""
        sign = "-" if self.descending != backwards else ""
        return [f"{sign}{path}" for path in dict.fromkeys((self.path, "id"))]

    def stretches(self, *, backwards: bool) -> list[tuple[bool, Q]]:
        """Whether a stretch of the list has values, and which rows it is, in the order of reading."""
        if not self.blank:
            return [(True, Q())]
        none = Q(**({f"{self.path}__isnull": True} if self.blank == "null" else {self.path: ""}))
        both = [(True, ~none), (False, none)]
        return both[::-1] if backwards else both


NEWEST_FIRST = Order()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind a cursor, or before one; without a cursor at the first row."""

    cursor: str = ""
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """The ids of one page in their order, and the cursors around it, empty where there is no page."""

    ids: Sequence[Any]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class _Edge:
    value: Any
    pk: Any


class _Row(Func):
    template = "(%(expressions)s)"
    output_field: Any = BooleanField()


class _Beyond(Func):
    """`(a, id) > (x, y)` as one comparison of rows: an index on both columns leads straight there."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def slice_of(rows: QuerySet[Any], order: Order, place: Place, size: int) -> Slice:
    """One page of the rows. One query. Raises CursorError."""
    edge = _edge(place.cursor, rows.model, order) if place.cursor else None
    parts = _parts(rows, order, place.backwards, edge, size + 1)
    found = list(parts[0].union(*parts[1:], all=True)[: size + 1] if parts[1:] else parts[0])
    more, shown = len(found) > size, found[:size]
    if place.backwards:
        shown.reverse()
    has_previous, has_next = (more, True) if place.backwards else (edge is not None, more)
    return Slice(
        ids=[pk for pk, _ in shown],
        previous=cursor_at(order, *shown[0]) if shown and has_previous else "",
        next=cursor_at(order, *shown[-1]) if shown and has_next else "",
    )


def _parts(
    rows: QuerySet[Any], order: Order, backwards: bool, edge: _Edge | None, most: int
) -> list[QuerySet[Any]]:
    """The stretches of the list from the edge on, as (id, value); later ones are read only when needed."""
    stretches = order.stretches(backwards=backwards)
    if edge is not None:
        has_value = not order.blank or edge.value is not None
        begin = next(i for i, (values, _) in enumerate(stretches) if values is has_value)
        stretches = stretches[begin:]
    columns = order.columns(backwards=backwards)
    parts = []
    for place, (has_values, stretch) in enumerate(stretches):
        part = rows.filter(stretch)
        if edge is not None and place == 0:
            part = part.filter(_beyond(part.model, columns, edge, has_values))
        wanted = columns if has_values else columns[-1:]
        parts.append(part.order_by(*wanted).values_list("pk", order.path)[:most])
    return parts


def _beyond(model: type[Model], columns: list[str], edge: _Edge, has_values: bool) -> _Beyond:
    """Rows that come after the edge. Those without a value are told apart by their id alone."""
    compared = columns if has_values else columns[-1:]
    operator = " < " if columns[-1].startswith("-") else " > "
    paths = [name.removeprefix("-") for name in compared]
    values = [edge.pk if path == "id" else edge.value for path in paths]
    given = [
        Value(value, output_field=field_of(model, path))
        for path, value in zip(paths, values, strict=True)
    ]
    return _Beyond(_Row(*map(F, paths)), _Row(*given), arg_joiner=operator)


def field_of(model: type[Model], path: str) -> "Field[Any, Any]":
    """The column at the end of a path such as "build__model__name". Raises FieldDoesNotExist."""
    *joined, last = path.split("__")
    for name in joined:
        related = model._meta.get_field(name).related_model
        if not (isinstance(related, type) and issubclass(related, Model)):
            raise FieldDoesNotExist(path)
        model = related
    found = model._meta.pk if last == "pk" else model._meta.get_field(last)
    if not isinstance(found, Field):
        raise FieldDoesNotExist(path)
    return found


def cursor_at(order: Order, pk: Any, value: Any) -> str:
    """The place of a row in an order, by its id and the value it is sorted by."""
    empty = value is None or (order.blank == "text" and value == "")
    told = [order.name, None if empty else str(value), str(pk)]
    return urlsafe_b64encode(json.dumps(told, ensure_ascii=False).encode()).decode().rstrip("=")


def _edge(cursor: str, model: type[Model], order: Order) -> _Edge:
    """What the cursor says, each value checked as its column checks it. Raises CursorError."""
    try:
        name, value, pk = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if name != order.name or (value is None and not order.blank):
            raise CursorError
        read = None if value is None else _read(field_of(model, order.path), value)
        return _Edge(read, _read(field_of(model, "id"), pk))
    except (ValueError, TypeError, ValidationError, RecursionError):
        raise CursorError from None


def _read(field: "Field[Any, Any]", text: object) -> Any:
    """The value of a column from its text. Raises ValueError or ValidationError."""
    if not (isinstance(text, str) and "\0" not in text):
        raise ValueError
    text.encode()
    value = field.to_python(text)
    field.run_validators(value)
    if str(value) != text:
        raise ValueError
    return value
