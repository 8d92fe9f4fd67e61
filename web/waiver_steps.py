"""The steps with a waiver: one address per step. GET says what follows and asks, POST takes the step."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from compliance.models import Waiver, WaiverStep
from compliance.waiver_refusals import WaiverNotAllowed, WaiverNotNow
from compliance.waiver_steps import Way, decide, decisions_on, demand
from web.access import MemberRequest, form_page
from web.forms.waivers import WaiverStepForm
from web.waiver_sentences import CONSEQUENCES, DONE, LABELS, decision_event, listed
from web.waivers import effects_for, waiver_for

ENDING = (WaiverStep.DECLINE, WaiverStep.WITHDRAW, WaiverStep.END)


@form_page
def take_step(request: MemberRequest, pk: UUID, step: WaiverStep) -> HttpResponse:
    """`/waivers/<id>/<step>/`: the page of the step, and taking it."""
    waiver = waiver_for(request.user, pk)
    decisions = decisions_on(waiver, request.user)
    try:
        way = demand(step, waiver, request.user, decisions, _seen(request, waiver))
        form = _form(request, waiver, way)
        if request.method == "POST" and form.is_valid():
            return _taken(request, waiver, step, form)
    except WaiverNotAllowed as refused:
        raise PermissionDenied(refused.message) from refused
    except WaiverNotNow as refused:
        if refused.guard != "ends_from":
            return _conflict(request, pk, refused)
        form.add_error("ends_from", refused.message)
    return _asked(request, waiver, step, form)


def _seen(request: MemberRequest, waiver: Waiver) -> int:
    """The number of decisions that the reader of the form knew of; what cannot be read is not known."""
    sent = request.POST.get("seen", "")
    known = sent.isascii() and sent.isdigit() and len(sent) < 9
    return int(sent) if known else waiver.decisions_made


def _form(request: MemberRequest, waiver: Waiver, way: Way) -> WaiverStepForm:
    data = request.POST if request.method == "POST" else None
    return WaiverStepForm(
        data, step=way.step, seen=waiver.decisions_made, needs_reason=way.needs_reason
    )


def _taken(
    request: MemberRequest, waiver: Waiver, step: WaiverStep, form: WaiverStepForm
) -> HttpResponse:
    said = form.cleaned_data
    decide(
        step,
        waiver.pk,
        by=request.user,
        seen=said["seen"],
        reason=said["reason"],
        ends_from=said.get("ends_from"),
    )
    messages.success(request, f"{waiver}: {DONE[step]}")
    return redirect("waiver", waiver.pk)


def _asked(
    request: MemberRequest, waiver: Waiver, step: WaiverStep, form: WaiverStepForm
) -> HttpResponse:
    (shown,) = listed([waiver], request.user)
    context = {
        "waiver": waiver,
        "shown": shown,
        "step": step,
        "label": LABELS[step],
        "consequence": CONSEQUENCES[step],
        "ending": step in ENDING,
        "effects": effects_for(request.user, waiver),
        "form": form,
    }
    return render(request, "waivers/step.html", context, status=422 if form.errors else 200)


def _conflict(request: MemberRequest, pk: UUID, refused: WaiverNotNow) -> HttpResponse:
    """409, with what happened meanwhile."""
    waiver = waiver_for(request.user, pk)
    (shown,) = listed([waiver], request.user)
    context = {
        "waiver": waiver,
        "shown": shown,
        "explanation": refused.message,
        "events": [decision_event(each) for each in refused.since],
    }
    return render(request, "waivers/conflict.html", context, status=409)


urlpatterns: list[URLPattern] = [
    path(
        f"waivers/<uuid:pk>/{step.value}/",
        partial(take_step, step=step),
        name=f"waiver_{step.value}",
    )
    for step in WaiverStep
]
