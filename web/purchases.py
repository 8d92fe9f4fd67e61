"""Purchases: the list, the record page, and the form with its live check beside it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.errors import NotNow
from procurement.models import Line, Purchase
from procurement.permissions import may_edit, may_request
from procurement.services import edit_purchase, start_purchase
from procurement.states import Status
from procurement.workflow import lines_of
from records.permissions import may_add
from reporting.listings import PURCHASES
from web.access import MemberRequest, action, download, form_page, found, page, refuse_unless
from web.conflicts import conflict
from web.evidence import decisions_with_evidence
from web.forms.purchases import SPARE_LINES, BaseLines, PurchaseForm, lines_form
from web.forms.records import NoteForm
from web.listing import Action, Heading, ListPage, export_list, show_list
from web.live_check import live_check
from web.purchase_records import (
    as_changes,
    changed_since_dossier,
    dossier_view,
    follow_ups,
    purchase_for,
    steps_for,
    turn_of,
)
from web.purchase_steps import first_step
from web.purchase_stream import stream
from web.review_claims import holding
from web.states import look
from web.values import mission_names

ALL = "all"
"""In the address of a new purchase: everything on one page, for those who know the form."""
LIST = ListPage(
    PURCHASES,
    title=gettext_lazy("Purchases"),
    lead=gettext_lazy("What the agencies that you may see ask to buy."),
    headings=(
        Heading(gettext_lazy("Title"), "title"),
        Heading(gettext_lazy("Agency")),
        Heading(gettext_lazy("Requester")),
        Heading(gettext_lazy("Status")),
        Heading(gettext_lazy("In this state since"), "since"),
        Heading(gettext_lazy("Result")),
    ),
    row="purchases/_row.html",
    none=gettext_lazy("No purchases"),
    nothing=gettext_lazy("Nobody has asked for anything yet at the agencies that you may see."),
)


@page
def purchases(request: MemberRequest) -> HttpResponse:
    """`/purchases/`: what the reader may see, filtered by what stands in the address."""
    may = may_request(request.user)
    action = Action(reverse("new_purchase"), _("Ask for a purchase")) if may else None
    return show_list(request, LIST, action=action)


@download
def export_purchases(request: MemberRequest, form: str) -> HttpResponseBase:
    """`/purchases/export/csv/`: the same as a file."""
    return export_list(request, PURCHASES, form)


@page
def purchase(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/purchases/<id>/`: where it stands, what rules say, and what the reader may do now."""
    shown = purchase_for(request.user, pk)
    lines, steps = lines_of(shown, request.user), steps_for(shown, request.user)
    held = holding(shown, request.user)
    context = {
        "purchase": shown,
        "holding": held,
        "tone": look("purchase", shown.status).tone,
        "turn": turn_of(shown, steps, request.user, held.claim.person if held.claim else None),
        "missions": mission_names(shown.missions),
        "lines": lines,
        "total": _total(lines),
        "dossier": dossier_view(shown, lines),
        "changes": as_changes(changed_since_dossier(shown, lines)),
        "steps": steps,
        "may_edit": may_edit(request.user, shown),
        "under_review": shown.status in Status.under_review(),
        "units": shown.received_units.visible_to(request.user).select_related("drone", "inspector"),
        "follow_ups": follow_ups(shown, request.user),
        "stream": stream(request, shown, lines, request.user),
        "note_form": NoteForm(of_agency=True) if may_add(request.user, shown) else None,
        "evidence": decisions_with_evidence(shown, request.user),
    }
    return render(request, "purchases/record.html", context)


def _total(lines: list[Line]) -> int | None:
    """The value of all lines in the currency of the purchase; None while a price is missing."""
    totals = [line.total for line in lines]
    known = [each for each in totals if each is not None]
    return sum(known) if known and len(known) == len(totals) else None


@dataclass(frozen=True, slots=True)
class Draft:
    """A purchase being filled in: the two forms over it."""

    form: PurchaseForm
    lines: BaseLines

    @classmethod
    def of(cls, request: MemberRequest, purchase: Purchase | None) -> "Draft":
        data = request.POST if request.method == "POST" else None
        stored = {each.pk: each for each in lines_of(purchase, request.user)} if purchase else {}
        form = PurchaseForm(data, instance=purchase, person=request.user)
        return cls(form, lines_form(data, stored))

    def is_valid(self) -> bool:
        """Both are looked at, so that all errors show at once."""
        return all([self.form.is_valid(), self.lines.is_valid()])

    def shown(
        self, request: MemberRequest, purchase: Purchase | None, status: int = 200
    ) -> HttpResponse:
        context = {
            "form": self.form,
            "lines": self.lines,
            "needed_lines": self.lines.forms[: len(self.lines.forms) - SPARE_LINES],
            "spare_lines": self.lines.forms[-SPARE_LINES:],
            "purchase": purchase,
            "check": live_check(self.form, self.lines),
        }
        return render(request, "purchases/form.html", context, status=status)


@form_page
def new_purchase(request: MemberRequest) -> HttpResponse:
    """`/purchases/new/`: a custodian asks for aircraft, step by step; `?all`: on one page."""
    refuse_unless(may_request(request.user), _("Only a custodian asks for purchases."))
    if ALL not in request.GET:
        return first_step(request)
    draft = Draft.of(request, None)
    if request.method == "GET" or not draft.is_valid():
        return draft.shown(request, None, 422 if draft.form.is_bound else 200)
    try:
        stored = start_purchase(
            purchase=draft.form.instance, lines=draft.lines.lines(), by=request.user
        )
    except ValidationError as error:
        draft.form.refused(error)
        return draft.shown(request, None, 422)
    messages.success(request, _("Stored as the draft %(number)s.") % {"number": stored.number})
    return redirect("purchase", stored.pk)


@form_page
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/purchases/<id>/edit/`: a custodian of its agency changes a draft."""
    purchase = purchase_for(request.user, pk, lock=request.method == "POST")
    refuse_unless(
        may_request(request.user, purchase.agency_id),
        _("Only a custodian of its agency changes a purchase."),
    )
    draft = Draft.of(request, purchase)
    if request.method == "GET" and purchase.editable:
        return draft.shown(request, purchase)
    try:
        _demand_open(purchase, draft)
        if not draft.is_valid():
            return draft.shown(request, purchase, 422)
        edit_purchase(purchase=purchase, lines=draft.lines.lines(), by=request.user)
    except ValidationError as error:
        draft.form.refused(error)
        return draft.shown(request, purchase, 422)
    except NotNow as refused:
        return conflict(request, purchase, refused)
    messages.success(request, _("The changes are stored."))
    return redirect("purchase", purchase.pk)


def _demand_open(purchase: Purchase, draft: Draft) -> None:
    """It is a draft still, and the one that was opened. Raises NotNow."""
    if not purchase.editable:
        raise NotNow("not_a_draft", _("A purchase is edited as a draft only."))
    if str(purchase.version) != draft.form.data.get("version"):
        raise NotNow("moved", _("The purchase was changed since you opened it."))


@action
def check(request: MemberRequest) -> HttpResponse:
    """`/purchases/check/`: what rules would say of the form as it is now. Stores nothing."""
    refuse_unless(may_request(request.user), _("Only a custodian asks for purchases."))
    purchase = _named(request)
    draft = Draft.of(request, purchase)
    draft.is_valid()
    if not request.htmx:
        return draft.shown(request, purchase)
    answer = live_check(draft.form, draft.lines)
    return render(request, "purchases/_check.html", {"check": answer})


def _named(request: MemberRequest) -> Purchase | None:
    """The draft that the form is about, or None for a new one. Raises Http404."""
    named = request.POST.get("purchase", "")
    if not named:
        return None
    drafts = Purchase.objects.visible_to(request.user).select_related(
        "agency", "requester", "dossier"
    )
    try:
        return found(drafts, pk=UUID(named))
    except ValueError:
        return found(drafts.none(), pk=None)


urlpatterns: list[URLPattern] = [
    path("purchases/", purchases, name="purchases"),
    path("purchases/export/<slug:form>/", export_purchases, name="export_purchases"),
    path("purchases/new/", new_purchase, name="new_purchase"),
    path("purchases/check/", check, name="check_purchase"),
    path("purchases/<uuid:pk>/", purchase, name="purchase"),
    path("purchases/<uuid:pk>/edit/", edit, name="edit_purchase"),
]
