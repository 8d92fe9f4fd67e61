"""Form fields for what only this registry has: builds by maker, missions."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.models import Build
from standards.missions import MISSIONS
from web.values import language


def builds_by_maker() -> "QuerySet[Build]":
    """Every build with all that its name needs, in the order of a drop-down. One query."""
    return Build.objects.select_related("model__manufacturer").order_by(
        "model__manufacturer__name",
        "model__manufacturer_id",
        "model__name",
        "model_id",
        "-configuration_known",
        "name",
    )


class _GroupedByMaker(forms.models.ModelChoiceIterator[Build]):
    def __iter__(self) -> Iterator[Any]:
        yield ("", _("Choose a build"))
        by_maker = groupby(self.queryset, key=lambda build: build.model.manufacturer)
        for maker, builds in by_maker:
            yield (str(maker), [self.choice(build) for build in builds])


class BuildField(forms.ModelChoiceField[Build]):
    """A drop-down of all builds, grouped by maker."""

    iterator = _GroupedByMaker

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=builds_by_maker(), **kwargs)


class MissionsField(forms.MultipleChoiceField):
    """Kinds of work as boxes to tick; the value keeps the order of the vocabulary."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: MISSIONS.choices(language()), **kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen = set(super().clean(value))
        return [code for code in MISSIONS.codes if code in chosen]
