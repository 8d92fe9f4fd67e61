"""Dashboards: figures of the reader's own scope, each a link to the list it counts."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from compliance.filters import BLANKS
from compliance.models import StandingState
from registry.filters import reader_agencies
from reporting.figures import Figure, Fleet, purchases_by_status, query_of, reviews_by_answer
from reporting.models import Origin
from standards.missions import MISSIONS
from web.access import MemberRequest, found, page
from web.agencies import Branch, tree
from web.charts import Chart, Columns, chart, columns, named_chart
from web.disclosures import left_out
from web.elements import Text
from web.values import country_name, language

QUARTERS = 8
COUNTRIES_SHOWN = 8
FORECAST = (StandingState.GROUND, StandingState.PHASE_OUT)
SENSES = {
    Origin.Meaning.MAKER: gettext_lazy("By country of the maker"),
    Origin.Meaning.CONTROL: gettext_lazy("By country from which the maker is controlled"),
    Origin.Meaning.ASSEMBLY: gettext_lazy("By country of final assembly"),
    Origin.Meaning.PARTS: gettext_lazy("By country of any part"),
}
"""Never just "country": each sense of the word is a chart of its own."""


@page
def dashboards(request: MemberRequest) -> HttpResponse:
    """`/dashboards/`: what is held and what it may do, what is asked for, what is flagged."""
    return _dashboard(request, None)


@page
def agency_dashboard(request: MemberRequest, pk: int) -> HttpResponse:
    """`/dashboards/agencies/<id>/`: the same for one agency and all below it."""
    return _dashboard(request, found(reader_agencies(request), pk=pk))


def _dashboard(request: MemberRequest, agency: Agency | None) -> HttpResponse:
    today, drones, purchases = timezone.localdate(), reverse("drones"), reverse("purchases")
    fleet = Fleet.of(request.user, agency)
    held = fleet.total()
    context = {
        "today": today,
        "agency": agency,
        "waiting": len(fleet.waiting),
        "held": held,
        "held_url": f"{drones}?{held.query}",
        "aircraft": chart("standing", fleet.by_standing(today), drones),
        "forecast": forecast(fleet, today),
        "agencies": _by_agency(request, fleet),
        "missions": named_chart(
            [each for each in fleet.by_mission(MISSIONS.codes) if each.count],
            drones,
            held.count,
            lambda code: MISSIONS[code].label(language()),
        ),
        "origins": [(title, _by_origin(fleet, sense, held)) for sense, title in SENSES.items()],
        "years": named_chart(fleet.by_year(), drones, held.count, _year),
        "blanks": named_chart(_most_first(fleet.not_recorded()), drones, held.count, _blank),
        "purchases": chart("purchase", purchases_by_status(request.user, agency), purchases),
        "reviews": chart("answer", reviews_by_answer(request.user, agency), purchases),
        "remarks": left_out(request.user),
    }
    return render(request, "dashboards/overview.html", context)


def forecast(fleet: Fleet, today: date) -> Columns:
    """What may no longer fly, or only for a time, on the last day of each of the next quarters."""
    stacks = [
        (_("%(year)d Q%(quarter)d") % {"year": day.year, "quarter": (day.month + 2) // 3}, figures)
        for day in quarter_ends(today)
        for figures in [[f for f in fleet.by_standing(day) if f.code in FORECAST]]
    ]
    return columns("standing", stacks, reverse("drones"))


def quarter_ends(today: date) -> list[date]:
    """The last days of this quarter and of those after it."""
    ends, first = [], today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    for _number in range(QUARTERS):
        first = (first + timedelta(days=100)).replace(day=1)
        ends.append(first - timedelta(days=1))
    return ends


def _by_agency(request: MemberRequest, fleet: Fleet) -> Chart:
    """The bodies directly below the one that is shown, each with all below it."""
    shown = _below(tree(list(reader_agencies(request)), fleet.by_agency(), {}), fleet.agency)
    names = {str(each.agency.pk): str(each.agency) for each in shown}
    figures = [
        Figure(
            str(each.agency.pk), each.held, query_of({**fleet.base, "agency": [each.agency.code]})
        )
        for each in shown
        if each.held
    ]
    whole = sum(figure.count for figure in figures)
    return named_chart(_most_first(figures), reverse("drones"), whole, names.__getitem__)


def _below(branches: Sequence[Branch], agency: Agency | None) -> list[Branch]:
    """Of no agency in particular those at the top, or what is below it where it stands alone."""
    if agency is not None:
        return [each for each in branches if each.agency.parent_id == agency.pk]
    top = [each for each in branches if each.depth == 0]
    return (_below(branches, top[0].agency) or top) if len(top) == 1 else top


def _by_origin(fleet: Fleet, sense: Origin.Meaning, held: Figure) -> Chart:
    figures = fleet.by_origin(sense)[:COUNTRIES_SHOWN]
    return named_chart(figures, reverse("drones"), held.count, country_name)


def _most_first(figures: Sequence[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda each: (-each.count, each.code))


def _blank(code: str) -> Text:
    label: Text = BLANKS[code][0]
    return label


def _year(code: str) -> Text:
    return code if code.isdigit() else _("Not recorded")


urlpatterns: list[URLPattern] = [
    path("dashboards/", dashboards, name="dashboards"),
    path("dashboards/agencies/<int:pk>/", agency_dashboard, name="agency_dashboard"),
]
