"""Aircraft: the list, the record page with its tabs, logging and changing."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from compliance.assess import refresh_drone
from compliance.filters import drones_for_list
from compliance.guidance import NEXT_STEPS
from policy.models import Rule
from registry.models import Drone
from registry.permissions import may_change_drone, may_log_drones
from reporting.listings import DRONES
from web.access import MemberRequest, download, form_page, found, page, refuse_unless
from web.consequences import consequences
from web.events import events_of
from web.forms.drones import DroneForm
from web.listing import Action, Heading, ListPage, export_list, show_list
from web.parts import parts_of
from web.record_kinds import attached_tabs
from web.records import history, tab
from web.results import results_of, results_on
from web.states import look
from web.values import mission_names


def drone_for(person: Person, pk: UUID, day: date | None = None) -> Drone:
    """One aircraft with its standing of the day, or 404."""
    return found(drones_for_list(person, day or timezone.localdate()), pk=pk)


LIST = ListPage(
    DRONES,
    title=gettext_lazy("Drones"),
    lead=gettext_lazy("The aircraft of the agencies that you may see."),
    headings=(
        Heading(gettext_lazy("Aircraft"), "serial"),
        Heading(gettext_lazy("Agency")),
        Heading(gettext_lazy("Place")),
        Heading(gettext_lazy("Status")),
        Heading(gettext_lazy("Acquired on"), "acquired"),
        Heading(gettext_lazy("Standing")),
    ),
    row="drones/_row.html",
    none=gettext_lazy("No aircraft"),
    nothing=gettext_lazy("The agencies that you may see have no aircraft in the registry yet."),
)


@page
def list_drones(request: MemberRequest) -> HttpResponse:
    """`/drones/`: what the reader may see, filtered by what stands in the address."""
    may = may_log_drones(request.user)
    action = Action(reverse("new_drone"), _("Log an aircraft")) if may else None
    return show_list(request, LIST, action=action)


@download
def export_drones(request: MemberRequest, form: str) -> HttpResponseBase:
    """`/drones/export/csv/`: the same as a file."""
    return export_list(request, DRONES, form)


@form_page
def new_drone(request: MemberRequest) -> HttpResponse:
    """`/drones/new/`: a custodian logs an aircraft of their agency."""
    refuse_unless(may_log_drones(request.user), _("Only a custodian logs aircraft."))
    form = DroneForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid() and form.log():
        refresh_drone(form.instance)
        messages.success(request, _("The aircraft %(drone)s is logged.") % {"drone": form.instance})
        return redirect("drone", form.instance.pk)
    return render(request, "drones/form.html", {"form": form}, status=422 if form.errors else 200)


@form_page
def edit_drone(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/edit/`: a custodian of its agency changes what is recorded."""
    drone = drone_for(request.user, pk)
    refuse_unless(
        may_change_drone(request.user, drone),
        _("Only a custodian of its agency changes an aircraft."),
    )
    form = DroneForm(request.POST or None, instance=drone, person=request.user)
    if request.method == "POST" and form.is_valid():
        form.change()
        refresh_drone(drone)
        messages.success(request, _("The changes are recorded."))
        return redirect("drone", drone.pk)
    context = {"form": form, "drone": drone}
    return render(request, "drones/form.html", context, status=422 if form.errors else 200)


@page
def show_drone(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/`: what is recorded of one aircraft."""
    shown = drone_for(request.user, pk)
    context = frame(request, shown, "drone")
    return render(
        request, "drones/overview.html", context | {"missions": mission_names(shown.missions)}
    )


@page
def drone_components(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/components/`: the parts of its build, and where each comes from."""
    shown = drone_for(request.user, pk)
    context = frame(request, shown, "drone_components") | {"parts": parts_of(shown.build)}
    return render(request, "drones/components.html", context)


@page
def drone_results(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/results/`: what every rule says of its build today, why, and what follows."""
    shown, today = drone_for(request.user, pk), timezone.localdate()
    results = results_of(shown.build, today)
    context = frame(request, shown, "drone_results") | {
        "results": results,
        "consequences": consequences(shown, results.explanations, today),
    }
    return render(request, "drones/results.html", context)


@page
def drone_history(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/history/`: who changed what and when."""
    shown = drone_for(request.user, pk)
    context = frame(request, shown, "drone_history") | history(request, shown)
    return render(request, "drones/history.html", context)


def frame(request: MemberRequest, drone: Drone, here: str) -> dict[str, object]:
    """What every tab of the record shows: the band and the tabs. Six queries."""
    standing = DayStanding.of(drone)
    components = drone.build.components.count()
    results = results_on(drone.build, timezone.localdate()).count()
    events = events_of(request.user, drone).count()
    return {
        "drone": drone,
        "tone": look("standing", standing.state).tone,
        "next_step": NEXT_STEPS[standing.state],
        "deciding": standing.rule(),
        "may_change": may_change_drone(request.user, drone),
        "tabs": [
            tab("drone", drone.pk, _("Overview"), here),
            tab("drone_components", drone.pk, _("Components and origin"), here, components),
            tab("drone_results", drone.pk, _("Results"), here, results),
            *attached_tabs(request.user, drone),
            tab("drone_history", drone.pk, _("History"), here, events),
        ],
    }


@dataclass(frozen=True, slots=True)
class DayStanding:
    """The standing that `drones_for_list` reads with an aircraft."""

    state: str
    rule_id: int | None

    @classmethod
    def of(cls, drone: Drone) -> "DayStanding":
        row = vars(drone)
        return cls(row["standing_state"], row["standing_rule_id"])

    def rule(self) -> Rule | None:
        """The rule that decided it. One query, none when no rule did."""
        rules = Rule.objects.select_related("version__policy")
        return rules.filter(pk=self.rule_id).first() if self.rule_id else None


urlpatterns: list[URLPattern] = [
    path("drones/", list_drones, name="drones"),
    path("drones/export/<slug:form>/", export_drones, name="export_drones"),
    path("drones/new/", new_drone, name="new_drone"),
    path("drones/<uuid:pk>/", show_drone, name="drone"),
    path("drones/<uuid:pk>/components/", drone_components, name="drone_components"),
    path("drones/<uuid:pk>/results/", drone_results, name="drone_results"),
    path("drones/<uuid:pk>/history/", drone_history, name="drone_history"),
    path("drones/<uuid:pk>/edit/", edit_drone, name="edit_drone"),
]
