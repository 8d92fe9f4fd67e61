"""What coded values are called in a list or a file, in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries

from standards.component_roles import ROLES
from standards.missions import MISSIONS


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
