"""Logging an aircraft, and changing what is recorded of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from compliance.assess import refresh_drone
from registry.models import Drone
from registry.permissions import may_change_drone, may_log_drones
from registry.refusals import NotNow
from registry.transitions import CLOSED
from web.access import MemberRequest, form_page, found, page, refuse_unless
from web.drone_records import drone_for, remarks
from web.drone_steps import answer
from web.elements import Change
from web.forms.drones import LIKE, DroneForm
from web.values import mission_names


@form_page
def new_drone(request: MemberRequest) -> HttpResponse:
    """`/drones/new/`: a custodian logs an aircraft of their agency; `?like=<id>` begins like that one."""
    refuse_unless(may_log_drones(request.user), _("Only a custodian logs aircraft."))
    form = DroneForm(request.POST or None, person=request.user, initial=_like(request))
    if request.method == "POST" and form.is_valid() and form.log():
        refresh_drone(form.instance)
        messages.success(request, _("The aircraft %(drone)s is logged.") % {"drone": form.instance})
        _warn(request, form.instance)
        if "another" in request.POST:
            return redirect(f"{reverse('new_drone')}?like={form.instance.pk}")
        return redirect("drone", form.instance.pk)
    return render(request, "drones/form.html", {"form": form}, status=422 if form.errors else 200)


def _like(request: MemberRequest) -> dict[str, object]:
    """What the new aircraft has in common with the one named in the address; nothing where none is."""
    try:
        named = UUID(request.GET.get("like", ""))
    except ValueError:
        return {}
    drone = found(Drone.objects.visible_to(request.user), pk=named)
    given = {name: getattr(drone, f"{name}_id", getattr(drone, name)) for name in LIKE}
    return given if drone.status not in CLOSED else {**given, "status": None}


def _warn(request: MemberRequest, drone: Drone) -> None:
    for remark in remarks(drone):
        messages.warning(request, remark)


@page
def candidates(request: MemberRequest) -> HttpResponse:
    """`/drones/candidates/`: the builds that the text typed so far can mean, as part of the form."""
    refuse_unless(may_log_drones(request.user), _("Only a custodian logs aircraft."))
    form = DroneForm(None, person=request.user, initial=request.GET.dict())
    return render(request, "drones/_candidates.html", {"form": form})


@form_page
def edit_drone(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/edit/`: a custodian of its agency changes what is recorded."""
    drone = drone_for(request.user, pk)
    refuse_unless(
        may_change_drone(request.user, drone),
        _("Only a custodian of its agency changes an aircraft."),
    )
    if drone.status in CLOSED:
        return answer(request, drone, NotNow("closed"))
    form = DroneForm(request.POST or None, instance=drone, person=request.user)
    context = {"form": form, "drone": drone}
    if request.method == "POST" and form.is_valid():
        try:
            if not form.change():
                return _changed_meanwhile(request, pk, form)
        except NotNow as refused:
            if refused.guard not in PRICES:
                return answer(request, drone, refused)
            form.add_error("price", refused.message)
            return render(request, "drones/form.html", context, status=422)
        refresh_drone(drone)
        messages.success(request, _("The changes are recorded."))
        _warn(request, drone)
        return redirect("drone", drone.pk)
    return render(request, "drones/form.html", context, status=422 if form.errors else 200)


def _changed_meanwhile(request: MemberRequest, pk: UUID, typed: DroneForm) -> HttpResponse:
    """409: what differs between the record as it is now and what was typed, which stays in the form."""
    now = drone_for(request.user, pk)
    data = request.POST.copy()
    data["version"] = str(now.version)
    again = DroneForm(data, instance=drone_for(request.user, pk), person=request.user)
    names = [name for name in again.changed_data if name in SHOWN]
    changes = [
        Change(str(again.fields[name].label), _shown(now, name), _shown(typed.instance, name))
        for name in names
    ]
    context = {"form": again, "drone": now, "changes": changes, "conflict": True}
    return render(request, "drones/form.html", context, status=409)


PRICES = ("price_withheld", "price_approximate")
"""Refusals that speak of one field."""
SHOWN = frozenset(DroneForm.Meta.fields)


def _shown(drone: Drone, name: str) -> str:
    """A value of the record in words."""
    if name == "missions":
        return mission_names(drone.missions)
    display = getattr(drone, f"get_{name}_display", None)
    value = display() if display else getattr(drone, name)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


urlpatterns: list[URLPattern] = [
    path("drones/new/", new_drone, name="new_drone"),
    path("drones/candidates/", candidates, name="drone_candidates"),
    path("drones/<uuid:pk>/edit/", edit_drone, name="edit_drone"),
]
