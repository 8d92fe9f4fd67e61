"""What happens to one aircraft: a page for each step. GET says what follows and asks, POST records it."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from compliance.assess import refresh, refresh_drone
from registry.drone_events import may_record, record, ways
from registry.models import Drone, DroneEvent
from registry.refusals import NotAllowed, NotNow, NotThere, Refused
from registry.transitions import Action
from web.access import MemberRequest, form_page
from web.drone_guidance import FOLLOWS, LABELS, sentence
from web.drone_records import drone_for, events_of_drone
from web.forms.drone_events import EventForm, form_for

ENDING = (Action.DISPOSE, Action.ENTER_IN_ERROR)
SHOWN = 3


@form_page
def take_step(request: MemberRequest, pk: UUID, action: DroneEvent.Action) -> HttpResponse:
    """`/drones/<id>/<action>/`: the page of the step, and recording it."""
    drone = drone_for(request.user, pk)
    try:
        _demand(drone, action, request)
        form = form_for(
            request.POST if request.method == "POST" else None, drone, action, request.user
        )
        if request.method == "POST" and form.is_valid():
            return _recorded(request, drone, action, form)
    except Refused as refused:
        return answer(request, drone, refused)
    except ValidationError as error:
        form.add_error(None, error)
    context = {
        "drone": drone,
        "action": action,
        "label": LABELS[action],
        "follows": FOLLOWS[action],
        "ending": action in ENDING,
        "form": form,
    }
    return render(request, "drones/step.html", context, status=422 if form.errors else 200)


def _demand(drone: Drone, action: DroneEvent.Action, request: MemberRequest) -> None:
    """Raises NotAllowed or NotNow before anything is asked."""
    if not may_record(request.user, drone, action):
        raise NotAllowed("grounded_by_order" if drone.grounded_by_order else "role")
    if ways(drone, action) is None:
        raise NotNow("transition")


def _recorded(
    request: MemberRequest, drone: Drone, action: DroneEvent.Action, form: EventForm
) -> HttpResponse:
    with transaction.atomic():
        report, seen = form.report(), form.cleaned_data["seen"]
        event = record(action, drone.pk, by=request.user, seen=seen, report=report)
    if event.build_to_id:
        refresh([event.build_to_id])
    refresh_drone(Drone.objects.visible_to(request.user).get(pk=drone.pk))
    messages.success(request, f"{drone}: {sentence(event)}")
    return redirect("drone", drone.pk)


def answer(request: MemberRequest, drone: Drone, refused: Refused) -> HttpResponse:
    """404, 403 with the reason, or 409 with what happened meanwhile."""
    if isinstance(refused, NotThere):
        raise Http404 from refused
    if isinstance(refused, NotAllowed):
        raise PermissionDenied(refused.message) from refused
    context = {
        "drone": drone_for(request.user, drone.pk),
        "explanation": refused.message,
        "events": events_of_drone(request.user, drone)[:SHOWN],
    }
    return render(request, "drones/conflict.html", context, status=409)


urlpatterns: list[URLPattern] = [
    path(
        f"drones/<uuid:pk>/{action.value}/",
        partial(take_step, action=action),
        name=f"drone_{action.value}",
    )
    for action in LABELS
]
