"""What happens beside the steps of a purchase: offers come in, conditions are met, an aircraft is not taken."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.errors import NotAllowed, NotNow, as_refusal
from procurement.follow_ups import meet_condition
from procurement.models import Line, Purchase
from procurement.permissions import may_find_met, may_offer, may_refuse
from procurement.receipts import refuse_unit
from procurement.tenders import record_offer
from procurement.workflow import lines_of
from web.access import MemberRequest, form_page, found, refuse_unless
from web.conflicts import conflict
from web.forms.follow_ups import ConditionMetForm, OfferForm, RefusalForm
from web.purchase_records import line_name, purchase_for


@form_page
def new_offer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/purchases/<id>/offers/new/`: a custodian records what a supplier offers."""
    purchase = purchase_for(request.user, pk)
    refuse_unless(
        may_offer(request.user, purchase),
        _("A custodian of the agency records offers, on a specification that was approved."),
    )
    lines = [
        line for line in lines_of(purchase, request.user) if line.kind == Line.Kind.SPECIFICATION
    ]
    form = OfferForm(request.POST or None, purchase=purchase, lines=lines)
    if request.method == "POST" and form.is_valid():
        return _done(
            request,
            purchase,
            lambda: record_offer(offer=form.instance, by=request.user),
            _("The offer is recorded."),
        )
    return _asked(request, purchase, form, _("Record an offer"), _("Record the offer"))


@form_page
def condition_met(request: MemberRequest, pk: UUID, condition: UUID) -> HttpResponse:
    """`/purchases/<id>/conditions/<id>/`: somebody who decides finds a condition to be met."""
    purchase = purchase_for(request.user, pk)
    open_one = found(purchase.conditions.visible_to(request.user), pk=condition)
    refuse_unless(
        may_find_met(request.user, purchase),
        _("Whoever decides on purchases of the agency finds a condition to be met."),
    )
    form = ConditionMetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _done(
            request,
            purchase,
            lambda: meet_condition(
                purchase=purchase,
                condition_id=condition,
                note=form.cleaned_data["note"],
                by=request.user,
                today=timezone.localdate(),
            ),
            _("The condition is recorded as met."),
        )
    return _asked(
        request, purchase, form, _("Find a condition met"), _("It is met"), about=open_one.text
    )


@form_page
def refusal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/purchases/<id>/refusals/new/`: an inspector does not take an aircraft that differs."""
    purchase = purchase_for(request.user, pk)
    refuse_unless(
        may_refuse(request.user, purchase),
        _("An inspector of the agency who did not ask for it refuses an aircraft on delivery."),
    )
    lines = lines_of(purchase, request.user)
    named = [(line.pk, line_name(line)) for line in lines if line.build_id]
    form = RefusalForm(request.POST or None, lines=named)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        return _done(
            request,
            purchase,
            lambda: refuse_unit(
                purchase=purchase,
                line_id=given["line"],
                serial_number=given["serial_number"],
                difference=given["difference"],
                by=request.user,
                today=timezone.localdate(),
            ),
            _("The aircraft is recorded as not taken. It enters no inventory."),
        )
    return _asked(
        request, purchase, form, _("Refuse an aircraft"), _("It is not taken"), danger=True
    )


def _done(
    request: MemberRequest, purchase: Purchase, act: Callable[[], object], said: str
) -> HttpResponse:
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return _refused(request, purchase, as_refusal(error))
    except (NotAllowed, NotNow) as refused:
        return _refused(request, purchase, refused)
    messages.success(request, said)
    return redirect("purchase", purchase.pk)


def _refused(request: MemberRequest, purchase: Purchase, refused: Exception) -> HttpResponse:
    if isinstance(refused, NotNow):
        return conflict(request, purchase_for(request.user, purchase.pk), refused)
    if isinstance(refused, NotAllowed):
        raise PermissionDenied(refused.message) from refused
    raise refused


def _asked(
    request: MemberRequest,
    purchase: Purchase,
    form: forms.BaseForm,
    title: str,
    button: str,
    *,
    about: str = "",
    danger: bool = False,
) -> HttpResponse:
    context = {
        "purchase": purchase,
        "form": form,
        "label": title,
        "button": button,
        "about": about,
        "danger": danger,
    }
    status = 422 if form.errors else 200
    return render(request, "purchases/follow_up.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("purchases/<uuid:pk>/offers/new/", new_offer, name="new_offer"),
    path("purchases/<uuid:pk>/conditions/<uuid:condition>/", condition_met, name="condition_met"),
    path("purchases/<uuid:pk>/refusals/new/", refusal, name="refuse_unit"),
]
