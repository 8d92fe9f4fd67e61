"""What members propose for vendors: the record, its names, its numbers and the links to others."""

from functools import partial
from typing import TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.models import OwnershipLink, Vendor, VendorIdentifier, VendorName
from web.access import MemberRequest, action, form_page, found
from web.checks import KINDS
from web.editing import FormPage, add, change, members_propose, shown_form
from web.elements import Text
from web.forms.catalogue import (
    EndLinkForm,
    IdentifierForm,
    LinkForm,
    NewVendorForm,
    VendorForm,
    VendorNameForm,
)

M = TypeVar("M", bound=Model)
Trail = list[tuple[str, Text]]


def claim_lead() -> str:
    return _(
        "What you enter is your claim until a steward who is not you has checked it. Until then rules treat it as merely claimed."
    )


def vendor_trail(vendor: Vendor | None = None) -> Trail:
    above: Trail = [(reverse("vendors"), _("Vendors"))]
    return [*above, (reverse("vendor", args=[vendor.pk]), str(vendor))] if vendor else above


def current_vendor(request: MemberRequest, pk: int) -> Vendor:
    """A vendor that stands by itself; held until the end of the request by whoever is about to store."""
    return found(held(request, Vendor.objects.current()), pk=pk)


def held(request: MemberRequest, rows: "QuerySet[M]") -> "QuerySet[M]":
    return rows.select_for_update(of=("self",)) if request.method == "POST" else rows


@form_page
def new_vendor(request: MemberRequest) -> HttpResponse:
    """`/vendors/new/`: a company or body that the catalogue does not know yet."""
    members_propose(request)
    form = NewVendorForm(request.POST if request.method == "POST" else None)
    page = FormPage(
        _("Propose a vendor"),
        vendor_trail(),
        claim_lead(),
        template="vendors/new.html",
    )
    if request.method == "POST" and form.is_valid():
        form.add(request.user)
        messages.success(request, _("Recorded as your claim. A steward who is not you checks it."))
        return redirect("vendor", form.instance.pk)
    return shown_form(request, page, form)


@form_page
def edit_vendor(request: MemberRequest, pk: int) -> HttpResponse:
    """`/vendors/<id>/edit/`"""
    vendor = current_vendor(request, pk)
    page = FormPage(_("Change the vendor"), vendor_trail(vendor), claim_lead())
    form = partial(VendorForm, instance=vendor)
    return change(request, page, vendor, form, KINDS["vendors"].refresh)


@form_page
def new_name(request: MemberRequest, pk: int) -> HttpResponse:
    """`/vendors/<id>/names/new/`: a further name, in any script."""
    vendor = current_vendor(request, pk)
    form = VendorNameForm(
        request.POST if request.method == "POST" else None, instance=VendorName(vendor=vendor)
    )
    page = FormPage(_("Add a name"), vendor_trail(vendor), claim_lead())
    return add(request, page, form, lambda name: None)


@action
def end_name(request: MemberRequest, pk: int) -> HttpResponse:
    """`/vendor-names/<id>/end/`: from now on a former name; it is still searched."""
    members_propose(request)
    name = found(VendorName.objects.select_for_update(of=("self",)).select_related("vendor"), pk=pk)
    if name.name in (name.vendor.name, name.vendor.name_local):
        words = _("“%(name)s” is the name of the vendor today. Change the vendor to rename it.")
        messages.warning(request, words % {"name": name})
        return redirect("vendor", name.vendor_id)
    VendorName.objects.filter(pk=name.pk).update(kind=VendorName.Kind.FORMER)
    messages.success(request, _("“%(name)s” is now a former name.") % {"name": name})
    return redirect("vendor", name.vendor_id)


@form_page
def new_identifier(request: MemberRequest, pk: int) -> HttpResponse:
    """`/vendors/<id>/identifiers/new/`: the number of the vendor in a register."""
    vendor = current_vendor(request, pk)
    form = IdentifierForm(
        request.POST if request.method == "POST" else None,
        instance=VendorIdentifier(vendor=vendor),
    )
    page = FormPage(
        _("Add an identifier"),
        vendor_trail(vendor),
        claim_lead(),
        template="vendors/identifier.html",
    )
    return add(request, page, form, lambda identifier: None)


@form_page
def edit_identifier(request: MemberRequest, pk: int) -> HttpResponse:
    """`/identifiers/<id>/edit/`"""
    identifier = found(held(request, VendorIdentifier.objects.select_related("vendor")), pk=pk)
    page = FormPage(
        _("Change the identifier"),
        vendor_trail(identifier.vendor),
        claim_lead(),
        template="vendors/identifier.html",
    )
    form = partial(IdentifierForm, instance=identifier)
    return change(request, page, identifier, form, lambda identifier: None)


@form_page
def new_link(request: MemberRequest, pk: int) -> HttpResponse:
    """`/vendors/<id>/links/new/`: who owns or controls it, or, with `?below`, whom it owns or controls."""
    vendor = current_vendor(request, pk)
    end = "holder" if "below" in request.GET else "subject"
    form = LinkForm(request.POST if request.method == "POST" else None, initial={end: vendor.pk})
    page = FormPage(_("Add an ownership link"), vendor_trail(vendor), claim_lead())
    return add(request, page, form, KINDS["links"].refresh)


def _link(request: MemberRequest, pk: int) -> OwnershipLink:
    return found(held(request, OwnershipLink.objects.select_related("subject")), pk=pk)


@form_page
def edit_link(request: MemberRequest, pk: int) -> HttpResponse:
    """`/links/<id>/edit/`"""
    link = _link(request, pk)
    before = (link.holder_id, link.subject_id)
    page = FormPage(_("Change the ownership link"), vendor_trail(link.subject), claim_lead())

    def after(changed: OwnershipLink) -> None:
        KINDS["links"].refresh(changed)
        KINDS["links"].refresh(OwnershipLink(holder_id=before[0], subject_id=before[1]))

    return change(request, page, link, partial(LinkForm, instance=link), after)


@form_page
def end_link(request: MemberRequest, pk: int) -> HttpResponse:
    """`/links/<id>/end/`: it no longer holds from a day on; what was stays on record."""
    link = _link(request, pk)
    page = FormPage(
        _("End the ownership link"),
        vendor_trail(link.subject),
        _("Links are ended and not deleted, so that a past day can still be looked at."),
        button=_("End the link"),
    )
    today = {"until": timezone.localdate()}
    form = partial(EndLinkForm, instance=link, initial=today)
    return change(request, page, link, form, KINDS["links"].refresh)


urlpatterns: list[URLPattern] = [
    path("vendors/new/", new_vendor, name="new_vendor"),
    path("vendors/<int:pk>/edit/", edit_vendor, name="edit_vendor"),
    path("vendors/<int:pk>/names/new/", new_name, name="new_vendor_name"),
    path("vendor-names/<int:pk>/end/", end_name, name="end_vendor_name"),
    path("vendors/<int:pk>/identifiers/new/", new_identifier, name="new_identifier"),
    path("identifiers/<int:pk>/edit/", edit_identifier, name="edit_identifier"),
    path("vendors/<int:pk>/links/new/", new_link, name="new_link"),
    path("links/<int:pk>/edit/", edit_link, name="edit_link"),
    path("links/<int:pk>/end/", end_link, name="end_link"),
]
