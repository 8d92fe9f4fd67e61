"""What members say of the parts, measures and attributes of a build."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from compliance.assess import refresh
from registry.models import Build, CatalogueRecord, Component
from registry.proposals import parts_and_properties
from web.access import MemberRequest, form_page, found
from web.checks import KINDS
from web.editing import OPENED_WITH, FormPage, add, change, members_propose, shown_form
from web.events import events_of, timeline
from web.forms.catalogue import ComponentForm, NewComponentForm
from web.forms.parts import PartsForm
from web.forms.properties import PropertiesForm
from web.model_changes import build_trail, known_build
from web.vendor_changes import claim_lead, held


def _belonging(build: Build) -> list[CatalogueRecord]:
    return [build, *(row for rows in parts_and_properties(build) for row in rows)]


def _version(request: MemberRequest, build: Build) -> str:
    """Names the state of a build with all its parts: the last event of any of them, and how many there are."""
    rows = _belonging(build)
    last = events_of(request.user, *rows).aggregate(last=Max("id"))["last"]
    return f"{last or 0}.{len(rows)}"


def _several(
    request: MemberRequest, build: Build, page: FormPage, form: PartsForm | PropertiesForm
) -> HttpResponse:
    """Show a form of many rows, or store it; 409 when somebody changed one of them meanwhile."""
    members_propose(request)
    version = _version(request, build)
    if request.method != "POST":
        return shown_form(request, page, form.evidence, several=form, version=version)
    opened = request.POST.get(OPENED_WITH, "")
    if opened != version:
        before = opened.partition(".")[0]
        since = int(before) if before.isdecimal() and len(before) < 18 else 0
        events = events_of(request.user, *_belonging(build)).filter(id__gt=since)
        meanwhile = timeline(events, request.user)
        return shown_form(
            request,
            page,
            form.evidence,
            status=409,
            several=form,
            version=version,
            meanwhile=meanwhile,
        )
    if form.is_valid() and _stored(request, form):
        refresh([build.pk])
        messages.success(request, _("Recorded as your claim. A steward who is not you checks it."))
        return redirect("build", build.pk)
    return shown_form(request, page, form.evidence, status=422, several=form, version=version)


def _stored(request: MemberRequest, form: PartsForm | PropertiesForm) -> bool:
    try:
        form.store(request.user)
    except ValidationError as refused:
        form.evidence.add_error(None, ValidationError(refused.messages))
    return form.evidence.is_valid()


@form_page
def edit_parts(request: MemberRequest, pk: int) -> HttpResponse:
    """`/builds/<id>/components/`: every role of a part at once: recorded, not known, or not fitted."""
    build = known_build(request, pk)
    page = FormPage(
        _("Parts of the build"), build_trail(build), claim_lead(), template="builds/parts_form.html"
    )
    data = request.POST if request.method == "POST" else None
    return _several(request, build, page, PartsForm(build, data))


@form_page
def new_component(request: MemberRequest, pk: int) -> HttpResponse:
    """`/builds/<id>/components/new/`: one more part, also a second one of a role."""
    build = known_build(request, pk)
    form = NewComponentForm(
        request.POST if request.method == "POST" else None, instance=Component(build=build)
    )
    page = FormPage(_("Add a component"), build_trail(build), claim_lead())
    return add(request, page, form, KINDS["components"].refresh)


@form_page
def edit_properties(request: MemberRequest, pk: int) -> HttpResponse:
    """`/builds/<id>/measures/`: security measures and attributes."""
    build = known_build(request, pk)
    page = FormPage(
        _("Security measures and attributes"),
        build_trail(build),
        claim_lead(),
        template="builds/properties_form.html",
    )
    data = request.POST if request.method == "POST" else None
    return _several(request, build, page, PropertiesForm(build, data))


@form_page
def edit_component(request: MemberRequest, pk: int) -> HttpResponse:
    """`/components/<id>/edit/`: anyone may propose where a part comes from; it is a claim until checked."""
    component = found(
        held(request, Component.objects.select_related("build__model__manufacturer")), pk=pk
    )
    page = FormPage(component.role_label, build_trail(component.build), claim_lead())
    form = partial(ComponentForm, instance=component)
    return change(request, page, component, form, KINDS["components"].refresh)


urlpatterns: list[URLPattern] = [
    path("builds/<int:pk>/components/", edit_parts, name="edit_parts"),
    path("builds/<int:pk>/components/new/", new_component, name="new_component"),
    path("builds/<int:pk>/measures/", edit_properties, name="edit_properties"),
    path("components/<int:pk>/edit/", edit_component, name="edit_component"),
]
