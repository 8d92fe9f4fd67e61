"""Waivers: the list, one waiver, and asking for one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from compliance.models import Waiver, WaiverState
from compliance.waiver_effects import Effect, effects_of
from compliance.waiver_filters import waivers_for_list
from compliance.waiver_refusals import WaiverRefused
from compliance.waiver_steps import available_steps, decisions_on, may_ask, request_waiver
from registry.models import Drone
from reporting.listings import WAIVERS
from web.access import MemberRequest, action, download, form_page, found, page, refuse_unless
from web.elements import Tab
from web.forms.waivers import WaiverForm
from web.listing import Action, Heading, ListPage, export_list, show_list
from web.record_kinds import attached_tabs, sees_attached
from web.records import history, tab
from web.states import look
from web.waiver_prefill import prefilled
from web.waiver_sentences import LABELS, NEXT, Listed, decision_event, listed

LIST = ListPage(
    WAIVERS,
    title=gettext_lazy("Waivers"),
    lead=gettext_lazy(
        "Dated exceptions from rules that concern your agencies. Two people decide on each, and it ends by itself."
    ),
    headings=(
        Heading(gettext_lazy("Waiver")),
        Heading(gettext_lazy("Agency"), "agency"),
        Heading(gettext_lazy("Aircraft")),
        Heading(gettext_lazy("Missions")),
        Heading(gettext_lazy("Last day"), "ends"),
        Heading(gettext_lazy("State")),
    ),
    row="waivers/_row.html",
    none=gettext_lazy("No waivers"),
    nothing=gettext_lazy("Nobody has asked for an exception that concerns your agencies."),
)


@page
def list_waivers(request: MemberRequest) -> HttpResponse:
    """`/waivers/`: those that concern the reader's agencies, filtered by what stands in the address."""
    may = may_ask(request.user)
    asking = Action(reverse("new_waiver"), _("Ask for a waiver")) if may else None
    return show_list(
        request, LIST, action=asking, rows=lambda waivers: listed(waivers, request.user)
    )


@download
def export_waivers(request: MemberRequest, form: str) -> HttpResponseBase:
    """`/waivers/export/csv/`: the same as a file."""
    return export_list(request, WAIVERS, form)


def waiver_for(person: Person, pk: UUID) -> Waiver:
    """One waiver with its state of today, or 404."""
    rows = waivers_for_list(person, timezone.localdate()).select_related("extends")
    return found(rows, pk=pk)


@page
def show_waiver(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/waivers/<id>/`: what it covers, who decided, and what would be without it."""
    waiver = waiver_for(request.user, pk)
    context = waiver_frame(request, waiver, "waiver") | {
        "effects": effects_for(request.user, waiver),
        "extensions": Waiver.objects.visible_to(request.user).filter(extends=waiver),
    }
    return render(request, "waivers/overview.html", context)


@page
def waiver_history(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/waivers/<id>/history/`: who asked, decided and when."""
    waiver = waiver_for(request.user, pk)
    decisions = decisions_on(waiver, request.user)
    context = waiver_frame(request, waiver, "waiver_history")
    context |= history(request, waiver, *decisions)
    return render(request, "waivers/history.html", context)


def waiver_frame(request: MemberRequest, waiver: Waiver, here: str) -> dict[str, object]:
    """What every tab of the record shows."""
    decisions = decisions_on(waiver, request.user)
    (shown,) = listed([waiver], request.user)
    steps = available_steps(waiver, request.user, decisions)
    return {
        "waiver": waiver,
        "shown": shown,
        "tone": look("waiver", shown.state).tone,
        "next_step": NEXT[shown.state],
        "steps": [(step, LABELS[step]) for step in steps],
        "events": [decision_event(each) for each in reversed(decisions)],
        "may_extend": _may_extend(request.user, shown),
        "tabs": _tabs(request.user, waiver, here),
    }


def _tabs(person: Person, waiver: Waiver, here: str) -> list[Tab]:
    """Of a waiver of a body above, its files and notes are not for the reader and stand on no tab."""
    attached = attached_tabs(person, waiver) if sees_attached(person, waiver) else []
    return [
        tab("waiver", waiver.pk, _("Overview"), here),
        *attached,
        tab("waiver_history", waiver.pk, _("History"), here),
    ]


def _may_extend(person: Person, shown: Listed) -> bool:
    granted = shown.state in (WaiverState.VALID, WaiverState.ENDED)
    return granted and may_ask(person, shown.waiver.agency_id)


def effects_for(person: Person, waiver: Waiver) -> list[Effect]:
    """On the aircraft that the reader may see."""
    return effects_of(waiver, Drone.objects.visible_to(person), timezone.localdate())


def _form(request: MemberRequest, data: QueryDict | None) -> WaiverForm:
    """As it was sent, or filled in from the address: rule, build, drone, extends."""
    start = prefilled(request)
    named = data.getlist("drones") if data is not None else start.get("drones", [])
    return WaiverForm(
        data, person=request.user, drones=_nameable(request.user, named), initial=start
    )


def _nameable(person: Person, ids: list[Any]) -> "QuerySet[Drone]":
    """The particular aircraft that the form offers: those named, out of those the person may see."""
    rows = Drone.objects.visible_to(person).select_related("build__model")
    return rows.filter(pk__in=[pk for pk in ids if _is_uuid(pk)])


def _is_uuid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


@form_page
def new_waiver(request: MemberRequest) -> HttpResponseBase:
    """`/waivers/new/`: somebody of an agency asks for an exception; two others decide."""
    refuse_unless(
        may_ask(request.user), _("Only custodians, approvers and policy officers ask for waivers.")
    )
    form = _form(request, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if (sent := _sent_already(request)) is not None:
            return redirect("waiver", sent.pk)
        if form.is_valid() and (stored := _stored(form, request.user)) is not None:
            messages.success(
                request,
                _("%(waiver)s is asked for. Two people decide on it.") % {"waiver": stored},
            )
            return redirect("waiver", stored.pk)
    return _asked(request, form, status=422 if form.errors else 200)


def _sent_already(request: MemberRequest) -> Waiver | None:
    """What this form stored when it was sent before."""
    key = request.POST.get("key", "")
    if not _is_uuid(key):
        return None
    rows = Waiver.objects.visible_to(request.user)
    return rows.filter(pk=key, requested_by=request.user).first()


def _stored(form: WaiverForm, by: Person) -> Waiver | None:
    """None where it was refused, which the form then says."""
    try:
        return request_waiver(waiver=form.as_waiver(), by=by)
    except WaiverRefused as refused:
        form.refused(refused)
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None


@action
def preview_waiver(request: MemberRequest) -> HttpResponse:
    """`/waivers/preview/`: what the request would do as far as it is filled in. Stores nothing."""
    refuse_unless(
        may_ask(request.user), _("Only custodians, approvers and policy officers ask for waivers.")
    )
    form = _form(request, request.POST)
    form.full_clean()
    if request.htmx:
        return render(request, "waivers/_preview.html", _preview(request.user, form))
    return _asked(request, form, status=200)


def _asked(request: MemberRequest, form: WaiverForm, *, status: int) -> HttpResponse:
    context = {"form": form, **_preview(request.user, form)}
    return render(request, "waivers/form.html", context, status=status)


def _preview(person: Person, form: WaiverForm) -> dict[str, object]:
    draft = form.draft()
    return {"draft": draft, "effects": effects_for(person, draft) if draft else []}


urlpatterns: list[URLPattern] = [
    path("waivers/", list_waivers, name="waivers"),
    path("waivers/export/<slug:form>/", export_waivers, name="export_waivers"),
    path("waivers/new/", new_waiver, name="new_waiver"),
    path("waivers/preview/", preview_waiver, name="preview_waiver"),
    path("waivers/<uuid:pk>/", show_waiver, name="waiver"),
    path("waivers/<uuid:pk>/history/", waiver_history, name="waiver_history"),
]
