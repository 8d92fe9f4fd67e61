"""The filters of the pages, for programs: a word that no filter knows is refused, not left out."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import BooleanFilter, Filter, ModelChoiceFilter, ModelMultipleChoiceFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.views import APIView

from api.fields import ascii_number
from api.parsers import hidden_characters, refusal_of

PAGING = frozenset({"cursor", "page_size"})
TRUE_OR_FALSE = frozenset({"true", "false"})


class StrictFilters(DjangoFilterBackend):
    """Checks what stands in the address before the filter set reads it."""

    def filter_queryset(
        self, request: Any, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        kind = self.get_filterset_class(view, queryset)
        filters: dict[str, Filter] = dict(kind.base_filters) if kind else {}
        wrong = {
            name: [said]
            for name, values in request.query_params.lists()
            if (said := _refusal(name, values, filters))
        }
        if wrong:
            raise ValidationError(wrong)
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered


def _refusal(name: str, values: list[str], filters: dict[str, Filter]) -> str:
    """What is wrong with this parameter; empty when nothing is."""
    if name in PAGING:
        return ""
    if name not in filters:
        known = ", ".join(sorted({*filters, *PAGING}))
        return _("There is no such filter; there are: %(known)s.") % {"known": known}
    if found := [each for value in values for each in hidden_characters(value)]:
        return refusal_of(found)
    return _misshapen(filters[name], values)


def _misshapen(filter_: Filter, values: list[str]) -> str:
    by_id = (
        isinstance(filter_, ModelChoiceFilter | ModelMultipleChoiceFilter)
        and "to_field_name" not in filter_.extra
    )
    if by_id and any(ascii_number(value) is None for value in values):
        return _("Give the id as a number.")
    if isinstance(filter_, BooleanFilter) and not set(values) <= TRUE_OR_FALSE:
        return _("Give true or false.")
    return ""
