"""Filters as sentences that can be taken away one by one, kept in the address."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import Field, Form
from django.forms.models import ModelChoiceField
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django_filters import FilterSet

from web.elements import Pill
from web.templatetags.components import AFTER, BEFORE


def pills(filters: FilterSet, request: HttpRequest) -> list[Pill]:
    """One sentence for each filter that is set, with the address of the list without it."""
    form = filters.form
    if not form.is_valid():
        return []
    return [
        Pill(_sentence(form, name, value), _without(request, name))
        for name, value in form.cleaned_data.items()
        if _is_set(value)
    ]


def _is_set(value: object) -> bool:
    if isinstance(value, QuerySet):
        return bool(value)
    return value not in (None, False, "", [], ())


def _without(request: HttpRequest, name: str) -> str:
    """This address without the filter, the place in the list and whatever is empty."""
    query = QueryDict(mutable=True)
    for each, values in request.GET.lists():
        if each not in {name, AFTER, BEFORE} and any(values):
            query.setlist(each, [value for value in values if value])
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _sentence(form: Form, name: str, value: object) -> str:
    field = form.fields[name]
    words = {"field": field.label, "value": _("” or “").join(_words(field, value))}
    if value is True:
        return _("%(field)s") % words
    if name == "q":
        return _("Contains “%(value)s”") % words
    return _("%(field)s is “%(value)s”") % words


def _words(field: Field, value: object) -> Iterable[str]:
    if isinstance(value, Model):
        return [str(value)]
    if isinstance(field, ModelChoiceField) and isinstance(value, QuerySet):
        return [str(each) for each in value]
    labels: dict[Any, Any] = {str(code): label for code, label in getattr(field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return [str(labels.get(str(each), each)) for each in values]
