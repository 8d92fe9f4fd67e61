"""Transfer of aircraft between agencies: what is offered to us and by us, offering, withdrawing, answering."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from agencies.models import Membership
from compliance.assess import refresh_drone
from registry.models import Drone, IncomingTransfer, TransferOffer, TransferStatus
from registry.permissions import may_change_drone
from registry.refusals import NotNow, Refused, text
from registry.transfers import Place, accept, decline, offer, withdraw
from registry.transitions import STARTING
from web.access import MemberRequest, form_page, found, page, refuse_unless
from web.drone_records import drone_for, open_offer
from web.drone_steps import answer
from web.forms.transfers import AcceptForm, AnswerForm, OfferForm

SHOWN = 50
Form = TypeVar("Form", AcceptForm, AnswerForm)


@page
def list_transfers(request: MemberRequest) -> HttpResponse:
    """`/transfers/`: what other agencies offer to those of the reader, and what these offer."""
    incoming = IncomingTransfer.objects.visible_to(request.user).select_related(
        "agency", "from_agency", "build__model__manufacturer"
    )
    outgoing = TransferOffer.objects.visible_to(request.user).select_related(
        "agency", "to_agency", "drone__build__model__manufacturer"
    )
    custodian = request.user.scope.where(Membership.Role.CUSTODIAN)
    context = {
        "incoming": incoming.order_by("-offered_at")[:SHOWN],
        "outgoing": outgoing.order_by("-offered_at")[:SHOWN],
        "answering": custodian,
    }
    return render(request, "transfers/list.html", context)


@form_page
def offer_drone(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/offer/`: a custodian offers an aircraft to another agency."""
    drone = drone_for(request.user, pk)
    refuse_unless(may_change_drone(request.user, drone), text("role"))
    form = OfferForm(request.POST if request.method == "POST" else None, drone=drone)
    try:
        if drone.status not in STARTING or drone.lent_to:
            raise NotNow("still_lent" if drone.lent_to else "transition")
        if open_offer(request.user, drone):
            raise NotNow("offered")
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            offer(
                drone=drone,
                seen=given["seen"],
                to=given["to"],
                message=given["message"],
                by=request.user,
            )
            messages.success(request, _("The aircraft is offered to %(to)s.") % {"to": given["to"]})
            return redirect("drone", drone.pk)
    except Refused as refused:
        return answer(request, drone, refused)
    context = {"drone": drone, "form": form}
    return render(request, "transfers/offer.html", context, status=422 if form.errors else 200)


@form_page
def withdraw_offer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/withdraw_offer/`: a custodian of the giver takes the open offer back."""
    drone = drone_for(request.user, pk)
    refuse_unless(may_change_drone(request.user, drone), text("role"))
    form = AnswerForm(request.POST if request.method == "POST" else None)
    try:
        offered = open_offer(request.user, drone)
        if offered is None:
            raise NotNow("offer_closed")
        if request.method == "POST" and form.is_valid():
            withdraw(offer_id=offered.pk, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("The offer is withdrawn."))
            return redirect("drone", drone.pk)
    except Refused as refused:
        return answer(request, drone, refused)
    context = {"drone": drone, "form": form, "offer": offered}
    return render(request, "transfers/withdraw.html", context, status=422 if form.errors else 200)


def incoming_for(request: MemberRequest, pk: UUID) -> IncomingTransfer:
    """An offer to an agency of the reader, or 404; a custodian of that agency, or 403."""
    rows = IncomingTransfer.objects.visible_to(request.user).select_related(
        "agency", "from_agency", "build__model__manufacturer", "answered_by"
    )
    return found(rows, pk=pk)


@page
def show_transfer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/transfers/<id>/`: what another agency offers to one of the reader's."""
    offered = incoming_for(request, pk)
    open_to = offered.status == TransferStatus.OPEN
    context = {
        "transfer": offered,
        "may_answer": open_to and _may_answer(request, offered),
    }
    return render(request, "transfers/page.html", context)


def _may_answer(request: MemberRequest, offered: IncomingTransfer) -> bool:
    return request.user.scope.holds(Membership.Role.CUSTODIAN, offered.agency_id)


@form_page
def accept_transfer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/transfers/<id>/accept/`: a custodian of the receiver takes the aircraft over."""

    def take(offered: IncomingTransfer, form: AcceptForm) -> HttpResponse:
        given = form.cleaned_data
        settled = Place(given["missions"], given["place"])
        row = accept(offer_id=offered.pk, settled=settled, by=request.user)
        refresh_drone(Drone.objects.visible_to(request.user).get(pk=row))
        messages.success(request, _("The aircraft is in your register now."))
        return redirect("drone", row)

    form = AcceptForm(request.POST if request.method == "POST" else None)
    return _answered(request, pk, form, take, "transfers/accept.html")


@form_page
def decline_transfer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/transfers/<id>/decline/`: a custodian of the receiver declines, with the reason."""

    def refuse(offered: IncomingTransfer, form: AnswerForm) -> HttpResponse:
        decline(offer_id=offered.pk, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The offer is declined."))
        return redirect("transfer", offered.pk)

    form = AnswerForm(request.POST if request.method == "POST" else None)
    return _answered(request, pk, form, refuse, "transfers/decline.html")


def _answered(
    request: MemberRequest,
    pk: UUID,
    form: Form,
    act: Callable[[IncomingTransfer, Form], HttpResponse],
    template: str,
) -> HttpResponse:
    """The page of an answer and giving it: 404, 403, or 409 with the offer as it is now."""
    offered = incoming_for(request, pk)
    refuse_unless(_may_answer(request, offered), text("role"))
    try:
        if offered.status != TransferStatus.OPEN:
            raise NotNow("offer_closed")
        if request.method == "POST" and form.is_valid():
            return act(offered, form)
    except NotNow as refused:
        return render(
            request,
            "transfers/conflict.html",
            {"transfer": incoming_for(request, pk), "explanation": refused.message},
            status=409,
        )
    except Refused as refused:
        if refused.guard == "offer":
            raise Http404 from refused
        raise PermissionDenied(refused.message) from refused
    context = {"transfer": offered, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


urlpatterns: list[URLPattern] = [
    path("transfers/", list_transfers, name="transfers"),
    path("transfers/<uuid:pk>/", show_transfer, name="transfer"),
    path("transfers/<uuid:pk>/accept/", accept_transfer, name="transfer_accept"),
    path("transfers/<uuid:pk>/decline/", decline_transfer, name="transfer_decline"),
    path("drones/<uuid:pk>/offer/", offer_drone, name="drone_offer"),
    path("drones/<uuid:pk>/withdraw_offer/", withdraw_offer, name="drone_withdraw_offer"),
]
