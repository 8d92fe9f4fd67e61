"""A build found by typing its maker and model: where thousands of builds would be too many to choose from."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Build
from registry.search import search_builds

NUMBER = re.compile(r".*#([0-9]{1,18})\s*", re.DOTALL)
NAMED = 8
"""So many builds are named when a text can mean several."""


class BuildSearchField(forms.CharField):
    """The value is a `Build`, or None. A text that can mean several is answered with their numbers."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "Type maker and model, or part of them; of several builds you choose by the number."
            ),
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return _label(value) if isinstance(value, Build) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = _found(text)
        if not found:
            raise forms.ValidationError(
                _("No build is found by “%(text)s”. Type the maker and the model.") % {"text": text}
            )
        if len(found) > 1:
            named = _("; ").join(_label(each) for each in found[:NAMED])
            raise forms.ValidationError(
                _(
                    "Several builds can be meant. Give the number of yours, such as #%(first)s: %(builds)s"
                )
                % {"first": found[0].pk, "builds": named}
            )
        return found[0]


def _label(build: Build) -> str:
    return f"{build.model.manufacturer} {build} #{build.pk}"


def _found(text: str) -> list[Build]:
    """By the number of the record, else by the names of model and maker, in any script."""
    builds = Build.objects.select_related("model__manufacturer")
    if numbered := NUMBER.fullmatch(text):
        return list(builds.filter(pk=int(numbered[1])))
    return list(search_builds(builds, text).order_by("model__name", "name", "pk")[: NAMED + 1])
