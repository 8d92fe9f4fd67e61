"""The frame of every list page: filters, order, pages, count, empty states and files, said once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.filtering import ListFilterSet
from reporting.exports import MOST_IN_XLSX, Table, csv_of, too_long_for_xlsx, xlsx_of
from reporting.keyset import Order, Slice
from reporting.listings import Listing
from reporting.models import Export
from reporting.totals import Total, total_of
from web.access import MemberRequest
from web.elements import Choice, PageLinks, Text
from web.filtering import pills
from web.paging import PAGE_SIZE, loaded, page_slice
from web.templatetags.components import AFTER, BEFORE, ORDER

PAGE_SIZES: Final = (25, 50, 100, 200)
SIZE: Final = "page_size"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the table. `order` is the order of the listing that it sorts by, if any."""

    label: Text
    order: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class ListPage:
    """How a listing is shown: its headings, the template of a row, and what it says when it is empty."""

    listing: Listing
    title: Promise
    lead: Promise
    headings: Sequence[Heading]
    row: str
    none: Promise
    nothing: Promise


@dataclass(frozen=True, slots=True)
class Action:
    """What may be done above a list, and in one that is empty."""

    url: str
    label: Text


def show_list(
    request: MemberRequest,
    page: ListPage,
    *,
    action: Action | None = None,
    others: Sequence[Action] = (),
    rows: Callable[[list[Any]], Iterable[Any]] = list,
    remarks: Sequence[Text] = (),
    template: str = "listing/frame.html",
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page, or the list alone for htmx. `rows` turns the records of a page into what a row shows.

    `others` stand beside `action`; `remarks` is what the list does not contain for this reader; `more` is what a
    `template` of one's own shows around it.
    """
    listing = page.listing
    order, size = order_of(request, listing), page_size_of(request)
    filters = listing.filters(request.GET, queryset=listing.bare(request.user), request=request)
    valid = filters.is_valid()
    wanted = filters.qs if valid else listing.bare(request.user).none()
    found = page_slice(wanted, request, order, size)
    total = _total(wanted, found)
    shown = loaded(listing.shown(listing.bare(request.user), _day(filters)), found)
    context = {
        "list": page,
        "rows": rows(shown),
        "page": PageLinks(len(shown), found.previous, found.next, total.rows, total.estimated),
        "filter": filters,
        "first_filters": [each for each in filters.panel() if each.name in filters.first],
        "more_filters": [each for each in filters.panel() if each.name not in filters.first],
        "pills": pills(filters, request),
        "action": action,
        "others": others,
        "remarks": remarks,
        "carried": [(name, request.GET[name]) for name in (ORDER, SIZE) if request.GET.get(name)],
        "sizes": [_size(request, each, size) for each in PAGE_SIZES],
        "files": [_file(request, form) for form in Export.Form],
    }
    used = list_template(request, template, "listing/_list.html")
    answer = render(request, used, {**context, **(more or {})}, status=200 if valid else 422)
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


def list_template(request: MemberRequest, page: str, part: str) -> str:
    """htmx asks for the list alone; a page that it restores from its history is asked for as a whole."""
    partial = request.htmx.target == "list" and not request.htmx.history_restore_request
    return part if partial else page


def _total(rows: Any, found: Slice) -> Total:
    """What fits on one page is counted already."""
    alone = not found.previous and not found.next
    return Total(len(found.ids)) if alone else total_of(rows)


def _day(filters: ListFilterSet) -> Any:
    return getattr(filters, "day", None) or timezone.localdate()


def order_of(request: MemberRequest, listing: Listing) -> Order:
    """The order that the address names. Raises BadRequest."""
    name = request.GET.get(ORDER, "")
    order = listing.order(name)
    if order is None:
        known = ", ".join(listing.orders)
        raise BadRequest(
            _("This list cannot be sorted by “%(name)s”; it can by: %(known)s.")
            % {"name": ascii(name)[1:-1][:40], "known": known}
        )
    return order


def page_size_of(request: MemberRequest) -> int:
    """The number of rows on a page that the address names. Raises BadRequest."""
    asked = request.GET.get(SIZE, "")
    sizes = {str(size): size for size in PAGE_SIZES}
    if asked and asked not in sizes:
        raise BadRequest(_("A page of a list has %(sizes)s rows.") % {"sizes": ", ".join(sizes)})
    return sizes.get(asked, PAGE_SIZE)


def _size(request: MemberRequest, size: int, current: int) -> Choice:
    query = _query(request)
    query[SIZE] = str(size)
    return Choice(str(size), f"?{query.urlencode()}", size == current)


def _file(request: MemberRequest, form: Export.Form) -> Choice:
    query = _query(request)
    query.pop(SIZE, None)
    address = f"{request.path}export/{form}/"
    return Choice(str(form.label), f"{address}?{query.urlencode()}" if query else address)


def _query(request: MemberRequest) -> Any:
    """The address without its place in the list."""
    query = request.GET.copy()
    for name in (AFTER, BEFORE):
        query.pop(name, None)
    return query


def export_list(request: MemberRequest, listing: Listing, form: str) -> HttpResponseBase:
    """The list that the same address shows, as a file. What went out stands in the history."""
    if form not in Export.Form.values:
        raise Http404
    filters = listing.filters(request.GET, queryset=listing.bare(request.user), request=request)
    if not filters.is_valid():
        return _refused(
            request,
            _("The filter cannot be read. Open the list at this address to see what is wrong."),
        )
    order = order_of(request, listing)
    table = Table(listing.shown(filters.qs, _day(filters)), order, listing.columns)
    if form == Export.Form.XLSX and too_long_for_xlsx(table):
        return _refused(
            request,
            _(
                "A spreadsheet takes at most %(most)s rows. Narrow the filter, or take CSV, which takes any number."
            )
            % {"most": f"{MOST_IN_XLSX:,}"},
        )
    return _file_of(request, listing.name, table, Export.Form(form))


def _file_of(
    request: MemberRequest, name: str, table: Table, form: Export.Form
) -> HttpResponseBase:
    export = Export.objects.create(
        person=request.user, listing=name, form=form, query=_query(request).urlencode()
    )
    filename = f"{name}-{timezone.localdate()}.{form}"
    if form == Export.Form.XLSX:
        return FileResponse(xlsx_of(table, export), as_attachment=True, filename=filename)
    lines = csv_of(table, export, request.user, get_language() or "en")
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _refused(request: MemberRequest, why: str) -> HttpResponse:
    return render(request, "400.html", {"explanation": why}, status=422)
