"""Vendors: names, seats, who owns whom, what they make, and which list entries they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps

from django.db.models import Count, Model, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.models import ListMatch
from registry.models import Component, OwnershipLink, Vendor
from registry.permissions import may_keep_catalogue, may_propose
from reporting.listings import VENDORS
from web.access import MemberRequest, download, found, page
from web.drone_models import held_by_model
from web.events import events_of
from web.listing import Action, Heading, ListPage, export_list, show_list
from web.paging import keyset
from web.parts import origin
from web.record_kinds import attached_tabs
from web.records import history, tab

PEOPLE = ("claimed_by", "verified_by", "refused_by")


LIST = ListPage(
    VENDORS,
    title=gettext_lazy("Vendors"),
    lead=gettext_lazy("Companies and bodies that make, own, license or supply."),
    headings=(
        Heading(gettext_lazy("Vendor"), "name"),
        Heading(gettext_lazy("Country of incorporation")),
        Heading(gettext_lazy("Country of headquarters")),
        Heading(gettext_lazy("Models"), number=True),
        Heading(gettext_lazy("Components"), number=True),
    ),
    row="vendors/_row.html",
    none=gettext_lazy("No vendors"),
    nothing=gettext_lazy("The catalogue is still empty."),
)


@page
def list_vendors(request: MemberRequest) -> HttpResponse:
    """`/vendors/`: every company and body of the catalogue."""
    may = may_propose(request.user)
    action = Action(reverse("new_vendor"), _("Propose a vendor")) if may else None
    others = [
        Action(reverse("duplicates"), _("Possible duplicates")),
        Action(reverse("remembered_names"), _("Remembered names")),
    ]
    return show_list(request, LIST, action=action, others=others)


@download
def export_vendors(request: MemberRequest, form: str) -> HttpResponseBase:
    """`/vendors/export/csv/`: the same as a file."""
    return export_list(request, VENDORS, form)


def _follow_merges(
    view: Callable[[MemberRequest, int], HttpResponse],
) -> Callable[[MemberRequest, int], HttpResponse]:
    """The page of a record that was merged leads to the same page of the one that stands."""

    @wraps(view)
    def following(request: MemberRequest, pk: int) -> HttpResponse:
        target = Vendor.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
        if target is None:
            return view(request, pk)
        match = resolve(request.path)
        return redirect(match.view_name, target)

    return following


@page
@_follow_merges
def show_vendor(request: MemberRequest, pk: int) -> HttpResponse:
    """`/vendors/<id>/`: who it is, who owns it and whom it owns."""
    vendor = _vendor(pk)
    context = _frame(request, vendor, "vendor") | {
        "names": vendor.names.select_related(*PEOPLE),
        "identifiers": vendor.identifiers.select_related("declaration", *PEOPLE),
        "merged": vendor.merged.all(),
        "may_propose": may_propose(request.user),
        "seats": [
            origin("incorporated_in", vendor.incorporated_in),
            origin("headquartered_in", vendor.headquartered_in),
        ],
        "links": links_of(vendor),
        "matches": vendor.list_matches.select_related("list", "decided_by"),
    }
    return render(request, "vendors/overview.html", context)


@page
@_follow_merges
def vendor_products(request: MemberRequest, pk: int) -> HttpResponse:
    """`/vendors/<id>/products/`: its models, and the builds that contain its parts."""
    vendor = _vendor(pk)
    models = list(vendor.models.annotate(build_count=Count("builds")))
    held = held_by_model(request.user, models)
    components, links = keyset(
        Component.objects.filter(maker=vendor).select_related("build__model"), request
    )
    context = _frame(request, vendor, "vendor_products") | {
        "models": [(model, held.get(model.pk, 0)) for model in models],
        "components": components,
        "page": links,
    }
    return render(request, "vendors/products.html", context)


@page
@_follow_merges
def vendor_history(request: MemberRequest, pk: int) -> HttpResponse:
    """`/vendors/<id>/history/`: who claimed, changed and checked it."""
    vendor = _vendor(pk)
    context = _frame(request, vendor, "vendor_history") | history(request, *_told_together(vendor))
    return render(request, "vendors/history.html", context)


def _vendor(pk: int) -> Vendor:
    return found(Vendor.objects.select_related("declaration", *PEOPLE), pk=pk)


def _told_together(vendor: Vendor) -> list[Model]:
    """The vendor with its names, numbers, links and matches, and the records merged into it: one history. Five queries."""
    links = OwnershipLink.objects.filter(Q(holder=vendor) | Q(subject=vendor))
    belonging = (
        vendor.names.all(),
        vendor.identifiers.all(),
        links,
        vendor.list_matches.all(),
        vendor.merged.all(),
    )
    return [vendor, *(row for rows in belonging for row in rows.only("pk"))]


def _frame(request: MemberRequest, vendor: Vendor, here: str) -> dict[str, object]:
    """What every tab of a vendor shows. Nine queries."""
    models, components = vendor.models.count(), vendor.components.count()
    events = events_of(request.user, *_told_together(vendor)).count()
    listed = vendor.list_matches.filter(decision=ListMatch.Decision.SAME).count()
    return {
        "vendor": vendor,
        "listed": listed,
        "may_check": may_keep_catalogue(request.user),
        "tabs": [
            tab("vendor", vendor.pk, _("Overview"), here),
            tab(
                "vendor_products", vendor.pk, _("Models and components"), here, models + components
            ),
            *attached_tabs(request.user, vendor),
            tab("vendor_history", vendor.pk, _("History"), here, events),
        ],
    }


@dataclass(frozen=True, slots=True)
class Link:
    """An ownership link as the page of one of its ends shows it; `up`: the other end is the holder."""

    link: OwnershipLink
    other: Vendor
    up: bool
    share: str


def links_of(vendor: Vendor) -> Sequence[Link]:
    """Who holds it first, then whom it holds. Two queries."""
    joined = OwnershipLink.objects.select_related("holder", "subject", "declaration", *PEOPLE)
    above = [
        Link(link, link.holder, True, share_text(link)) for link in joined.filter(subject=vendor)
    ]
    below = [
        Link(link, link.subject, False, share_text(link)) for link in joined.filter(holder=vendor)
    ]
    return above + below


def share_text(link: OwnershipLink) -> str:
    """The share in percent: exact, a range, one end of a range, or empty when nothing is known."""
    low, high = (
        None if each is None else f"{each.normalize():f}"
        for each in (link.share_min, link.share_max)
    )
    if low is None and high is None:
        return ""
    if low == high:
        return _("%(share)s %%") % {"share": low}
    if high is None:
        return _("at least %(share)s %%") % {"share": low}
    if low is None:
        return _("at most %(share)s %%") % {"share": high}
    return _("%(low)s to %(high)s %%") % {"low": low, "high": high}


urlpatterns: list[URLPattern] = [
    path("vendors/", list_vendors, name="vendors"),
    path("vendors/export/<slug:form>/", export_vendors, name="export_vendors"),
    path("vendors/<int:pk>/", show_vendor, name="vendor"),
    path("vendors/<int:pk>/products/", vendor_products, name="vendor_products"),
    path("vendors/<int:pk>/history/", vendor_history, name="vendor_history"),
]
