"""Filters as sentences that can be taken away one by one, kept in the address."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import Field
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_filters import FilterSet

from registry.filtering import Blank
from web.elements import Pill
from web.templatetags.components import AFTER, BEFORE
from web.templatetags.formats import day


def pills(filters: FilterSet, request: HttpRequest) -> list[Pill]:
    """One sentence for each filter that is set, with the address of the list without it."""
    form = filters.form
    if not form.is_valid():
        return []
    return [
        pill
        for name, value in form.cleaned_data.items()
        if _is_set(value)
        for pill in _pills(filters, name, value, request)
    ]


def _is_set(value: object) -> bool:
    if isinstance(value, QuerySet):
        return bool(value)
    return value not in (None, False, "", [], ())


def _pills(filters: FilterSet, name: str, value: Any, request: HttpRequest) -> Iterator[Pill]:
    """One for a filter; for columns that are recorded or not, of which all must hold, one for each."""
    field, asked = filters.form.fields[name], filters.filters[name]
    if not isinstance(asked, Blank):
        yield Pill(_sentence(field, name, value), _without(request, name))
        return
    text = _("%(field)s is recorded") if asked.recorded else _("%(field)s is not recorded")
    for column in value:
        label = asked.columns[column][0]
        yield Pill(text % {"field": label}, _without(request, name, column))


def _without(request: HttpRequest, name: str, value: str = "") -> str:
    """This address without the filter, or one value of it, and without the place in the list."""
    query = request.GET.copy()
    for each, values in request.GET.lists():
        gone = each in {AFTER, BEFORE} or (each == name and not value)
        kept = [] if gone else [v for v in values if v and (each != name or v != value)]
        if kept:
            query.setlist(each, kept)
        else:
            del query[each]
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _sentence(field: Field, name: str, value: object) -> str:
    words = {"field": field.label, "value": _("” or “").join(_words(field, value))}
    if value is True:
        return _("%(field)s") % words
    if name == "q":
        return _("Contains “%(value)s”") % words
    if isinstance(value, date | int):
        return _("%(field)s: %(value)s") % words
    return _("%(field)s is “%(value)s”") % words


def _words(field: Field, value: object) -> Iterable[str]:
    if isinstance(value, Model):
        return [str(value)]
    if isinstance(value, date):
        return [day(value)]
    if isinstance(value, int):
        return [f"{value:,}"]
    if isinstance(field, ModelChoiceField) and isinstance(value, QuerySet):
        return [str(each) for each in value]
    labels: dict[Any, Any] = {str(code): label for code, label in getattr(field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return [str(labels.get(str(each), each)) for each in values]
