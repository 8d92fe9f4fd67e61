"""Long forms in sections: what everybody fills in stands open, the rest folds away until it holds something."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise

NOTHING: tuple[object, ...] = (None, "", [], (), False)


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under a title. `opened`: something in it was filled in, differs from the usual, or is wrong."""

    title: str | Promise
    fields: tuple[forms.BoundField, ...]
    opened: bool


def folded(form: forms.BaseForm, title: str | Promise, names: Iterable[str]) -> Section:
    fields = tuple(form[name] for name in names)
    return Section(title, fields, any(_holds(field) for field in fields))


def _holds(field: forms.BoundField) -> bool:
    usual = field.field.initial
    value = field.value()
    if callable(usual):
        usual = usual()
    return bool(field.errors) or (value not in NOTHING and str(value) != str(usual))
