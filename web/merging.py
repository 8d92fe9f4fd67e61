"""Vendors that may be recorded twice, and making two records one. Stewards decide; nothing merges by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.assess import refresh_vendors
from compliance.merging import merge, merger
from registry.duplicates import keep_apart, suggestions
from registry.merging import Merger, Moving
from registry.models import Vendor
from registry.permissions import may_keep_catalogue
from web.access import MemberRequest, form_page, found, page, refuse_unless
from web.editing import FormPage, shown_form
from web.events import names_of
from web.forms.vendor_field import VendorField, VendorIndex
from web.vendor_changes import vendor_trail

SHOWN = 20


@page
def list_duplicates(request: MemberRequest) -> HttpResponse:
    """`/catalogue/duplicates/`: pairs of vendors that may be one, with the reasons."""
    context = {
        "suggestions": suggestions(),
        "may_keep": may_keep_catalogue(request.user),
    }
    return render(request, "vendors/duplicates.html", context)


class MergeForm(forms.Form):
    """Which record stays, and what was shown of the merge when it was confirmed."""

    into = VendorField(
        label=gettext_lazy("The record that stays"),
        help_text=gettext_lazy(
            "Everything of this vendor moves there. Type a name, or part of it, and choose."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def vendor_options(self) -> list[str]:
        index: VendorIndex = self.fields["into"].index  # type: ignore[attr-defined]  # a VendorField
        return index.options


@dataclass(frozen=True, slots=True)
class MovingRows:
    """One kind of rows that move: what they are called, the first few by name, and how many stay."""

    label: str
    count: int
    names: Sequence[str]
    more: int
    stays: int


@form_page
def merge_vendor(request: MemberRequest, pk: int) -> HttpResponse:
    """`/vendors/<id>/merge/`: choose the record that stays, look at everything that moves, merge."""
    gone = found(Vendor.objects.current(), pk=pk)
    refuse_unless(may_keep_catalogue(request.user), _("Only a steward merges vendors."))
    asked = request.POST if request.method == "POST" else request.GET or None
    form = MergeForm(asked)
    frame = FormPage(
        _("Merge into another record"),
        vendor_trail(gone),
        _(
            "Everything that names this vendor will name the other. The old address leads to the new record, and dossiers keep what they said."
        ),
        button=_("Show what would move"),
        template="vendors/merge.html",
    )
    if asked is None or not form.is_valid():
        return shown_form(request, frame, form, vendor=gone)
    planned = merger(kept=form.cleaned_data["into"], gone=gone, by=request.user)
    if request.method == "POST" and form.cleaned_data["seen"]:
        return _merged(request, frame, form, planned)
    return _preview(request, frame, form, planned)


def _merged(
    request: MemberRequest, frame: FormPage, form: MergeForm, planned: Merger
) -> HttpResponse:
    kept, gone = planned.kept, planned.gone
    try:
        merge(kept=kept, gone=gone, seen=form.cleaned_data["seen"], by=request.user)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _preview(request, frame, form, planned, status=409)
    refresh_vendors([kept.pk, gone.pk])
    messages.success(request, _("%(gone)s was merged into %(kept)s") % {"gone": gone, "kept": kept})
    return redirect("vendor", kept.pk)


def _preview(
    request: MemberRequest, frame: FormPage, form: MergeForm, planned: Merger, status: int = 0
) -> HttpResponse:
    rows = [row for each in planned.moving for row in each.moves[:SHOWN]]
    called = names_of(rows, request.user)
    preview = {
        "vendor": planned.gone,
        "planned": planned,
        "moving": [_rows(each, called) for each in planned.moving],
    }
    return shown_form(request, frame, form, status=status, **preview)


def _rows(moving: Moving, called: dict[Model, str]) -> MovingRows:
    first = moving.moves[:SHOWN]
    field = moving.model._meta.get_field(moving.field)
    label = f"{capfirst(moving.model._meta.verbose_name_plural)} ({field.verbose_name})"  # type: ignore[union-attr]  # a foreign key
    return MovingRows(
        label,
        len(moving.moves),
        [called[row] for row in first],
        len(moving.moves) - len(first),
        len(moving.stays),
    )


class ApartForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why they are different"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What you compared: numbers in registers, seats, websites."),
    )


@form_page
def keep_vendors_apart(request: MemberRequest, pk: int, other: int) -> HttpResponse:
    """`/vendors/<id>/apart/<other>/`: a steward says that two vendors are different."""
    one, another = (found(Vendor.objects.current(), pk=each) for each in (pk, other))
    refuse_unless(
        may_keep_catalogue(request.user),
        _("Only a steward decides that two vendors are different."),
    )
    form = ApartForm(request.POST if request.method == "POST" else None)
    frame = FormPage(
        _("Two different vendors"),
        [*vendor_trail(), (reverse("duplicates"), _("Possible duplicates"))],
        f"{one} (#{one.pk}) ≠ {another} (#{another.pk})",
        button=_("Record that they are different"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            keep_apart(one=one, other=another, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, ValidationError(refused.messages))
            return shown_form(request, frame, form)
        messages.success(request, _("The two are not suggested as duplicates again."))
        return redirect(frame.back)
    return shown_form(request, frame, form)


urlpatterns: list[URLPattern] = [
    path("catalogue/duplicates/", list_duplicates, name="duplicates"),
    path("vendors/<int:pk>/merge/", merge_vendor, name="merge_vendor"),
    path("vendors/<int:pk>/apart/<int:other>/", keep_vendors_apart, name="keep_vendors_apart"),
]
