"""What a stored value is called on a page, in the reader's language."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from registry.fields import validate_countries, validate_missions, validate_roles
from reporting.words import country_name, country_names, language, mission_names, role_names
from web.templatetags.formats import day, moment

__all__ = [
    "country_name",
    "country_names",
    "language",
    "mission_names",
    "role_names",
    "value_text",
]


def value_text(field: "models.Field[Any, Any]", value: Any) -> str:
    """A value as an audit event holds it (JSON), in words; empty where there is none."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, ArrayField):
        return _array_text(field, value)
    if isinstance(field, models.DateField):
        return _date_text(value)
    return str(value)


def _array_text(field: "ArrayField[Any, Any]", values: list[Any]) -> str:
    if validate_countries in field.validators:
        return country_names(values)
    if validate_missions in field.validators:
        return mission_names(values)
    if validate_roles in field.validators:
        return role_names(values)
    return _(", ").join(map(str, values))


def _date_text(value: str) -> str:
    """Of "2026-11-22" or a point in time in ISO 8601, as a `<time>` element."""
    if len(value) > len("2026-11-22"):
        return moment(parse_datetime(value))
    return day(parse_date(value))
