"""Form fields for what only this registry has: builds by maker, missions, sets of countries."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from registry.models import Build
from standards.countries import is_country
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


SEPARATOR = re.compile(r"[,;、，；\n]+")


class CountriesField(forms.CharField):
    """A set of countries by code or name in either language, or None for "not known"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "Codes or names, separated by commas, such as JP, US. Leave empty if it is not known."
            ),
        )
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or None) != self.clean(data))
        except forms.ValidationError:
            return True

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in SEPARATOR.split(value or "") if word.strip()]
        codes = {word: country_code(word) for word in words}
        if wrong := [word for word, code in codes.items() if not code]:
            raise forms.ValidationError(
                _("No country is known by the code or name “%(words)s”. Use a code such as JP.")
                % {"words": _("”, “").join(wrong)}
            )
        return sorted(set(codes.values())) or None


def country_code(word: str) -> str:
    """The code of a country given by its code or its name in English or Japanese; empty if there is none."""
    if is_country(word.upper()):
        return word.upper()
    for lang in ("en", "ja"):
        code = countries.by_name(word, language=lang, insensitive=True)
        if is_country(code):
            return str(code)
    return ""
