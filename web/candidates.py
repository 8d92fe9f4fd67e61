"""Builds that a typed text can mean, with reasons: what the form of an aircraft offers to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, IntegerField, When

from registry.matching import Candidate, candidates
from registry.models import Build

MODELS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A build to choose, and why it is offered; a build chosen before has no reasons."""

    build: Build
    reasons: Sequence[str] = ()
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What a text can mean. `makers` are named by it without a model of theirs."""

    text: str = ""
    builds: Sequence[Choice] = ()
    makers: Sequence[Candidate] = ()

    @property
    def certain(self) -> Build | None:
        """The one build that may be taken without asking."""
        found = [each.build for each in self.builds if each.certain]
        return found[0] if len(found) == 1 else None


def choices_for(
    text: str, *, serial: str = "", agency_id: int | None = None, chosen: Build | None = None
) -> Choices:
    """The builds of the models that the text can mean, best first. Six queries at most."""
    found = candidates(text, serial=serial, agency_id=agency_id) if text.strip() or serial else ()
    named = dict.fromkeys(each.model_id for each in found if each.model_id is not None)
    models = list(named)[:MODELS_SHOWN]
    of_model = _builds(models)
    builds = [choice for model in models for choice in _of_model(model, found, of_model)]
    if chosen and all(each.build.pk != chosen.pk for each in builds):
        builds.insert(0, Choice(chosen))
    makers = () if builds else tuple(each for each in found if not each.model_id)
    return Choices(text, builds, makers)


def _builds(models: Sequence[int]) -> dict[int, list[Build]]:
    order = Case(When(configuration_known=True, then=0), default=1, output_field=IntegerField())
    rows = Build.objects.filter(model_id__in=models).select_related("model__manufacturer")
    grouped: dict[int, list[Build]] = {}
    for build in rows.order_by(order, "name", "pk"):
        grouped.setdefault(build.model_id, []).append(build)
    return grouped


def _of_model(
    model: int, found: Sequence[Candidate], builds: dict[int, list[Build]]
) -> list[Choice]:
    """The build that the candidate names first, then the others of its model."""
    candidate = next(each for each in found if each.model_id == model)
    reasons = [str(reason) for reason in candidate.reasons]
    rows = sorted(builds.get(model, []), key=lambda build: build.pk != candidate.build_id)
    return [
        Choice(build, reasons, candidate.certain and build.pk == candidate.build_id)
        for build in rows
    ]
