"""Models, their builds with origin, components and results, and the changes people propose."""

from collections.abc import Iterable

from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from compliance.permissions import may_evaluate
from compliance.stale import evaluated_at_of
from compliance.waiver_steps import may_ask
from registry.groundings import reach
from registry.models import Build, Drone, DroneModel
from registry.permissions import may_keep_catalogue, may_propose
from reporting.listings import BUILDS, MODELS
from web.access import MemberRequest, download, found, page
from web.events import events_of
from web.listing import Action, Heading, ListPage, export_list, show_list
from web.parts import not_fitted, origin, parts_of
from web.reasons import worst_results
from web.record_kinds import attached_tabs
from web.records import history, tab
from web.results import results_of, results_on
from web.waiver_sentences import waivers_of_build

PEOPLE = ("claimed_by", "verified_by", "refused_by")


def held_by_model(person: Person, models: Iterable[DroneModel]) -> dict[int, int]:
    """How many aircraft of each model the reader's agencies hold. One query."""
    held = Drone.objects.visible_to(person).held().filter(build__model__in=list(models)).order_by()
    return dict(held.values_list("build__model").annotate(Count("pk")))


def held_by_build(person: Person, builds: Iterable[Build]) -> dict[int, int]:
    """How many aircraft of each build the reader's agencies hold. One query."""
    held = Drone.objects.visible_to(person).held().filter(build__in=list(builds)).order_by()
    return dict(held.values_list("build").annotate(Count("pk")))


HELD = Heading(gettext_lazy("Held by your agencies"), number=True)
MODEL_LIST = ListPage(
    MODELS,
    title=gettext_lazy("Models"),
    lead=gettext_lazy("What makers sell. Origin and results belong to the builds of a model."),
    headings=(
        Heading(gettext_lazy("Model"), "name"),
        Heading(gettext_lazy("Maker"), "maker"),
        Heading(gettext_lazy("Weight (g)"), "weight", number=True),
        Heading(gettext_lazy("Builds"), number=True),
        HELD,
    ),
    row="models/_row.html",
    none=gettext_lazy("No models"),
    nothing=gettext_lazy("The catalogue is still empty."),
)
BUILD_LIST = ListPage(
    BUILDS,
    title=gettext_lazy("Builds"),
    lead=gettext_lazy("Configurations of models: each has its own parts, origin and results."),
    headings=(
        Heading(gettext_lazy("Build"), "model"),
        Heading(gettext_lazy("Maker"), "maker"),
        Heading(gettext_lazy("Place of final assembly")),
        Heading(gettext_lazy("Components"), number=True),
        Heading(gettext_lazy("Result")),
        HELD,
    ),
    row="builds/_row.html",
    none=gettext_lazy("No builds"),
    nothing=gettext_lazy("The catalogue is still empty."),
)


@page
def list_models(request: MemberRequest) -> HttpResponse:
    """`/models/`: every model of the catalogue, with what the reader's agencies hold of it."""

    def rows(models: list[DroneModel]) -> list[dict[str, object]]:
        held = held_by_model(request.user, models)
        return [{"record": each, "held": held.get(each.pk, 0)} for each in models]

    may = may_propose(request.user)
    action = Action(reverse("new_model"), _("Propose a model")) if may else None
    return show_list(request, MODEL_LIST, action=action, rows=rows)


@page
def list_builds(request: MemberRequest) -> HttpResponse:
    """`/builds/`: every build of the catalogue, with its worst result and what the reader's agencies hold."""

    def rows(builds: list[Build]) -> list[dict[str, object]]:
        held, worst = held_by_build(request.user, builds), worst_results(builds)
        return [
            {"record": each, "held": held.get(each.pk, 0), "worst": worst.get(each.pk)}
            for each in builds
        ]

    return show_list(request, BUILD_LIST, rows=rows)


@download
def export_models(request: MemberRequest, form: str) -> HttpResponseBase:
    """`/models/export/csv/`: the models as a file."""
    return export_list(request, MODELS, form)


@download
def export_builds(request: MemberRequest, form: str) -> HttpResponseBase:
    """`/builds/export/csv/`: the builds as a file."""
    return export_list(request, BUILDS, form)


@page
def show_model(request: MemberRequest, pk: int) -> HttpResponse:
    """`/models/<id>/`: what the maker sells under this name, and its builds."""
    model = found(DroneModel.objects.select_related("manufacturer", *PEOPLE), pk=pk)
    builds = list(model.builds.select_related("model", *PEOPLE))
    held, worst = held_by_build(request.user, builds), worst_results(builds)
    context = {
        "model": model,
        "builds": [(build, held.get(build.pk, 0), worst.get(build.pk)) for build in builds],
        "may_check": may_keep_catalogue(request.user),
    }
    return render(request, "models/page.html", context | history(request, model))


@page
def show_build(request: MemberRequest, pk: int) -> HttpResponse:
    """`/builds/<id>/`: where one configuration and its parts come from."""
    build = _build(pk)
    context = build_frame(request, build, "build") | {
        "parts": parts_of(build),
        "assembly": [origin("assembled_in", build.assembled_in)],
        "not_fitted": not_fitted(build),
        "measures": build.measures.select_related("declaration", *PEOPLE),
        "attributes": build.attributes.select_related("declaration", *PEOPLE),
        "may_propose": may_propose(request.user),
        "may_check": may_keep_catalogue(request.user),
    }
    return render(request, "builds/origin.html", context)


@page
def build_results(request: MemberRequest, pk: int) -> HttpResponse:
    """`/builds/<id>/results/`: what every rule says of it today, and why."""
    build = _build(pk)
    results = results_of(build, timezone.localdate())
    context = build_frame(request, build, "build_results") | {
        "results": results,
        "may_evaluate": may_evaluate(request.user),
        "waivers": waivers_of_build(build, request.user),
        "ask_url": f"{reverse('new_waiver')}?build={build.pk}" if may_ask(request.user) else "",
    }
    return render(request, "builds/results.html", context)


@page
def build_history(request: MemberRequest, pk: int) -> HttpResponse:
    """`/builds/<id>/history/`: who claimed, changed and checked it."""
    build = _build(pk)
    context = build_frame(request, build, "build_history")
    context |= history(
        request,
        build,
        *build.components.all(),
        *build.measures.all(),
        *build.attributes.all(),
    )
    return render(request, "builds/history.html", context)


def _build(pk: int) -> Build:
    joined = (
        "model__manufacturer",
        "design_licensed_from",
        "declaration",
        *PEOPLE,
    )
    return found(Build.objects.select_related(*joined), pk=pk)


def build_frame(request: MemberRequest, build: Build, here: str) -> dict[str, object]:
    """What every tab of a build shows. Eight queries."""
    held = held_by_build(request.user, [build]).get(build.pk, 0)
    components = list(build.components.all())
    stated = [*components, *build.measures.all(), *build.attributes.all()]
    results = results_on(build, timezone.localdate()).count()
    events = events_of(request.user, build, *stated).count()
    return {
        "build": build,
        "held": held,
        "may_ground": bool(reach(request.user)),
        "worst": worst_results([build]).get(build.pk),
        "evaluated_at": evaluated_at_of(build.pk),
        "tabs": [
            tab("build", build.pk, _("Components and origin"), here, len(components)),
            tab("build_results", build.pk, _("Results"), here, results),
            *attached_tabs(request.user, build),
            tab("build_history", build.pk, _("History"), here, events),
        ],
    }


urlpatterns: list[URLPattern] = [
    path("models/", list_models, name="models"),
    path("models/export/<slug:form>/", export_models, name="export_models"),
    path("models/<int:pk>/", show_model, name="model"),
    path("builds/", list_builds, name="builds"),
    path("builds/export/<slug:form>/", export_builds, name="export_builds"),
    path("builds/<int:pk>/", show_build, name="build"),
    path("builds/<int:pk>/results/", build_results, name="build_results"),
    path("builds/<int:pk>/history/", build_history, name="build_history"),
]
