"""Keyset paging: every page costs the same, and rows added meanwhile shift nothing.

A cursor names the row at the edge of a page by its values of the order; it is opaque to readers.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TypeVar

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from web.elements import PageLinks
from web.templatetags.components import AFTER, BEFORE

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50


def keyset(
    rows: QuerySet[M],
    request: HttpRequest,
    *,
    order: Sequence[str] = ("-id",),
    size: int = PAGE_SIZE,
) -> tuple[list[M], PageLinks]:
    """One page of the rows and the links around it. One query.

    `order` names columns of the row itself that are never null, the last of them unique; `-` descends.
    Raises BadRequest when the address carries a cursor that was not made here.
    """
    backwards = BEFORE in request.GET
    cursor = request.GET.get(BEFORE) or request.GET.get(AFTER) or ""
    wanted = [_turned(name) for name in order] if backwards else list(order)
    if cursor:
        rows = _beyond(rows, wanted, read_cursor(cursor, len(order)))
    found = list(rows.order_by(*wanted)[: size + 1])
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    has_previous, has_next = (more, True) if backwards else (bool(cursor), more)
    return shown, PageLinks(
        shown=len(shown),
        previous=_cursor(shown[0], order) if shown and has_previous else "",
        next=_cursor(shown[-1], order) if shown and has_next else "",
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(rows: QuerySet[M], order: Sequence[str], edge: Sequence[str]) -> QuerySet[M]:
    """Rows that come after the edge in this order: (a, b) > (x, y) as a > x, or a = x and b > y."""
    condition, equal = Q(), Q()
    for name, value in zip(order, edge, strict=True):
        column, operator = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{column}__{operator}": value})
        equal &= Q(**{column: value})
    try:
        return rows.filter(condition)
    except (ValidationError, ValueError):
        raise _not_a_cursor() from None


def _cursor(row: Model, order: Sequence[str]) -> str:
    values = [str(getattr(row, name.removeprefix("-"))) for name in order]
    return urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(text: str, length: int) -> list[str]:
    """The values a cursor holds. Raises BadRequest when it holds anything else."""
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise _not_a_cursor() from None
    if not (
        isinstance(values, list)
        and len(values) == length
        and all(isinstance(v, str) for v in values)
    ):
        raise _not_a_cursor()
    return values


def _not_a_cursor() -> BadRequest:
    return BadRequest(
        _(
            "This address names a place in the list that does not exist. Open the list from its beginning."
        )
    )
