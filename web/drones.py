"""Aircraft: the list and the record page with its tabs."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from compliance.permissions import may_evaluate
from compliance.waiver_steps import may_ask
from registry.disclosures import Given, prices_of
from registry.models import Drone
from registry.permissions import may_log_drones
from reporting.keyset import Order
from reporting.listings import DRONES
from web.access import MemberRequest, download, page
from web.consequences import consequences
from web.disclosures import left_out
from web.drone_guidance import timeline_of
from web.drone_records import (
    drone_for,
    elsewhere,
    frame,
    happenings,
    papers_of,
    remarks,
    unsure_of,
)
from web.listing import Action, Heading, ListPage, export_list, show_list
from web.paging import keyset
from web.parts import parts_of
from web.reasons import deciding
from web.records import history
from web.results import results_of
from web.values import mission_names
from web.waiver_sentences import waivers_of_drone

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
    others = [Action(reverse("transfers"), _("Transfers"))]
    if may:
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        others.append(Action(reverse("confirm_drones") + asked, _("Confirm that they are there")))
    return show_list(
        request, LIST, action=action, others=others, remarks=left_out(request.user), rows=_rows
    )


def _rows(drones: list[Drone]) -> list[dict[str, object]]:
    """With the result that the standing of each rests on."""
    why = deciding(drones)
    return [
        {"record": each, "why": why.get((each.build_id, vars(each)["standing_rule_id"]))}
        for each in drones
    ]


@download
def export_drones(request: MemberRequest, form: str) -> HttpResponseBase:
    """`/drones/export/csv/`: the same as a file."""
    return export_list(request, DRONES, form)


@page
def show_drone(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/`: what is recorded of one aircraft."""
    shown = drone_for(request.user, pk)
    context = frame(request, shown, "drone") | {
        "missions": mission_names(shown.missions),
        "remarks": remarks(shown),
        "elsewhere": elsewhere(request.user, shown),
        "unsure": unsure_of(shown),
        "price_withheld": shown.price is None and prices_of(shown.agency_id) == Given.WITHHELD,
    }
    return render(request, "drones/overview.html", context)


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
    results, papers = results_of(shown.build, today), papers_of(request.user, shown)
    told = consequences(shown, results.explanations, papers, today)
    shown_standing = vars(shown)["standing_state"]
    context = frame(request, shown, "drone_results") | {
        "results": replace(results, explanations=told.explanations),
        "consequences": told.rules,
        "standing_waits": told.standing != shown_standing,
        "may_evaluate": may_evaluate(request.user),
        "waivers": waivers_of_drone(shown, request.user),
        "ask_url": _ask_url(request.user, shown),
    }
    return render(request, "drones/results.html", context)


def _ask_url(person: Person, drone: Drone) -> str:
    """Where a waiver for this aircraft is asked for; empty for those who may not."""
    asks = may_ask(person, drone.agency_id)
    return f"{reverse('new_waiver')}?drone={drone.pk}" if asks else ""


@page
def drone_history(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/history/`: who changed what and when."""
    shown = drone_for(request.user, pk)
    papers = papers_of(request.user, shown)
    context = frame(request, shown, "drone_history") | history(request, shown, *papers)
    return render(request, "drones/history.html", context)


@page
def drone_events(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/events/`: custody, loans, swaps and all else that happened to it, as sentences."""
    shown = drone_for(request.user, pk)
    events, links = keyset(happenings(request.user, shown), request, order=Order("no"))
    context = frame(request, shown, "drone_events")
    context |= {"events": timeline_of(events), "page": links}
    return render(request, "drones/events.html", context)


@page
def drone_tag(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/tag/`: the asset tag as it is printed and stuck to the aircraft."""
    return render(request, "drones/tag.html", {"drone": drone_for(request.user, pk)})


urlpatterns: list[URLPattern] = [
    path("drones/", list_drones, name="drones"),
    path("drones/export/<slug:form>/", export_drones, name="export_drones"),
    path("drones/<uuid:pk>/", show_drone, name="drone"),
    path("drones/<uuid:pk>/components/", drone_components, name="drone_components"),
    path("drones/<uuid:pk>/results/", drone_results, name="drone_results"),
    path("drones/<uuid:pk>/history/", drone_history, name="drone_history"),
    path("drones/<uuid:pk>/events/", drone_events, name="drone_events"),
    path("drones/<uuid:pk>/tag/", drone_tag, name="drone_tag"),
]
