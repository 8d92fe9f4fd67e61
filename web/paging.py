"""Pages of lists: the place in the address, the rows, and the links around them."""

from typing import TypeVar

from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from reporting.keyset import NEWEST_FIRST, CursorError, Order, Place, Slice, slice_of
from web.elements import PageLinks
from web.templatetags.components import AFTER, BEFORE

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50


def page_slice(
    rows: "QuerySet[M]", request: HttpRequest, order: Order, size: int = PAGE_SIZE
) -> Slice:
    """The ids of the page that the address names. One query.

    Raises BadRequest when the address carries a cursor that was not made here, or for another order.
    """
    before = request.GET.get(BEFORE, "")
    place = Place(before or request.GET.get(AFTER, ""), backwards=bool(before))
    try:
        return slice_of(rows, order, place, size)
    except CursorError:
        raise BadRequest(
            _(
                "This address names a place in the list that does not exist. Open the list from its beginning."
            )
        ) from None


def loaded(rows: "QuerySet[M]", found: Slice) -> list[M]:
    """The rows of a page in its order. One query."""
    by_id = {row.pk: row for row in rows.filter(pk__in=found.ids).order_by()}
    return [by_id[pk] for pk in found.ids if pk in by_id]


def keyset(
    rows: "QuerySet[M]",
    request: HttpRequest,
    *,
    order: Order = NEWEST_FIRST,
    size: int = PAGE_SIZE,
) -> tuple[list[M], PageLinks]:
    """One page of the rows and the links around it. Two queries."""
    found = page_slice(rows, request, order, size)
    shown = loaded(rows, found)
    return shown, PageLinks(shown=len(shown), previous=found.previous, next=found.next)
