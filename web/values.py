"""What a stored value is called on a page, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries

from registry.fields import validate_countries, validate_missions, validate_roles
from standards.component_roles import ROLES
from standards.missions import MISSIONS
from web.templatetags.formats import day, moment


def language() -> str:
    return get_language() or "en"


def country_name(code: str) -> str:
    """The name of the country, or its code where no name is known."""
    return str(countries.name(code)) or code


def country_names(codes: Iterable[str] | None) -> str:
    """Several names in one line; empty for "not known"."""
    return _(", ").join(country_name(code) for code in codes or ())


def mission_names(codes: Iterable[str]) -> str:
    return _(", ").join(MISSIONS[code].label(language()) for code in codes)


def role_names(codes: Iterable[str]) -> str:
    return _(", ").join(ROLES[code].label(language()) for code in codes)


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
