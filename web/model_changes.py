"""What members propose for models and builds."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from compliance.assess import refresh
from registry.models import Build, DroneModel
from web.access import MemberRequest, form_page, found
from web.checks import KINDS
from web.editing import FormPage, add, change
from web.elements import Text
from web.forms.builds import BuildForm, CopiedBuildForm, ModelForm
from web.vendor_changes import claim_lead, held

Trail = list[tuple[str, Text]]


def model_trail(model: DroneModel | None = None) -> Trail:
    above: Trail = [(reverse("models"), _("Models"))]
    return [*above, (reverse("model", args=[model.pk]), str(model))] if model else above


def build_trail(build: Build) -> Trail:
    return [*model_trail(build.model), (reverse("build", args=[build.pk]), str(build))]


def known_build(request: MemberRequest, pk: int) -> Build:
    """A build that may be changed: not the one that stands for not knowing the configuration (403)."""
    build = found(held(request, Build.objects.select_related("model__manufacturer")), pk=pk)
    if not build.configuration_known:
        raise PermissionDenied(
            _(
                "Nothing is recorded of a build whose configuration is not known."
                " Record another build of the model for what you know."
            )
        )
    return build


@form_page
def new_model(request: MemberRequest) -> HttpResponse:
    """`/models/new/`: a model that the catalogue does not know yet, with its build "configuration not known"."""
    form = ModelForm(
        request.POST if request.method == "POST" else None,
        initial={"manufacturer": _number(request.GET.get("maker", ""))},
    )
    page = FormPage(_("Propose a model"), model_trail(), claim_lead())
    answer = add(request, page, form, lambda model: refresh(_builds(model)))
    stored = answer.status_code == 302
    return redirect("model", form.instance.pk) if stored else answer


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _builds(model: DroneModel) -> list[int]:
    return list(model.builds.values_list("pk", flat=True))


@form_page
def edit_model(request: MemberRequest, pk: int) -> HttpResponse:
    """`/models/<id>/edit/`"""
    model = found(held(request, DroneModel.objects.select_related("manufacturer")), pk=pk)
    page = FormPage(_("Change the model"), model_trail(model), claim_lead())
    return change(request, page, model, partial(ModelForm, instance=model), KINDS["models"].refresh)


@form_page
def new_build(request: MemberRequest, pk: int) -> HttpResponse:
    """`/models/<id>/builds/new/`: one configuration of the model."""
    model = found(DroneModel.objects.all(), pk=pk)
    form = BuildForm(
        request.POST if request.method == "POST" else None, instance=Build(model=model)
    )
    page = FormPage(_("Propose a build"), model_trail(model), claim_lead())
    return _shown_once_stored(add(request, page, form, KINDS["builds"].refresh), form.instance)


def _shown_once_stored(answer: HttpResponse, build: Build) -> HttpResponse:
    """The page of the new build, where its parts are recorded next."""
    stored = answer.status_code == 302
    return redirect("build", build.pk) if stored else answer


@form_page
def copy_build(request: MemberRequest, pk: int) -> HttpResponse:
    """`/builds/<id>/copy/`: another build that starts with the parts of this one, without its evidence."""
    source = known_build(request, pk)
    form = CopiedBuildForm(
        request.POST if request.method == "POST" else None,
        instance=Build(model=source.model),
        source=source,
    )
    page = FormPage(
        _("Propose a build like this one"),
        build_trail(source),
        _(
            "Parts, measures and attributes are taken over as claims of yours. Evidence, checks and results are not: they belong to the build that was looked at."
        ),
    )
    return _shown_once_stored(add(request, page, form, KINDS["builds"].refresh), form.instance)


@form_page
def edit_build(request: MemberRequest, pk: int) -> HttpResponse:
    """`/builds/<id>/edit/`"""
    build = known_build(request, pk)
    page = FormPage(_("Change the build"), build_trail(build), claim_lead())
    return change(request, page, build, partial(BuildForm, instance=build), KINDS["builds"].refresh)


urlpatterns: list[URLPattern] = [
    path("models/new/", new_model, name="new_model"),
    path("models/<int:pk>/edit/", edit_model, name="edit_model"),
    path("models/<int:pk>/builds/new/", new_build, name="new_build"),
    path("builds/<int:pk>/copy/", copy_build, name="copy_build"),
    path("builds/<int:pk>/edit/", edit_build, name="edit_build"),
]
