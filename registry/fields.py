"""Sets of codes from the controlled vocabularies of `standards`, as database arrays."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from standards.component_roles import ROLES
from standards.countries import COUNTRY_CODES
from standards.missions import MISSIONS


def _check_known(codes: Iterable[str], known: Iterable[str], message: Any) -> None:
    if wrong := sorted(set(codes) - set(known)):
        raise ValidationError(message, params={"codes": ", ".join(wrong)}, code="unknown_code")


def validate_countries(codes: list[str]) -> None:
    _check_known(
        codes,
        COUNTRY_CODES,
        _("Not country codes (ISO 3166-1, such as JP): %(codes)s."),
    )


def validate_missions(codes: list[str]) -> None:
    _check_known(
        codes,
        {term.code for term in MISSIONS},
        _("Not missions known here: %(codes)s."),
    )


def validate_roles(codes: list[str]) -> None:
    _check_known(
        codes,
        {term.code for term in ROLES},
        _("Not component roles known here: %(codes)s."),
    )


def countries_field(label: Any) -> Any:
    """Where: a set of countries, or null for "not known". Never an empty set."""
    return ArrayField(
        models.CharField(max_length=2),
        verbose_name=label,
        null=True,
        blank=True,
        validators=[validate_countries],
    )


def missions_field(label: Any) -> Any:
    """Kinds of work. An empty set is allowed: not yet assigned."""
    return ArrayField(
        models.CharField(max_length=40),
        verbose_name=label,
        default=list,
        blank=True,
        validators=[validate_missions],
    )


def folded(column: str) -> models.Func:
    """A text as the quick search compares it (registry/sql_search.py)."""
    return models.Func(
        models.F(column), function="registry_folded", output_field=models.TextField()
    )


def search_index(name: str, *columns: str) -> GinIndex:
    """Finds any part of the folded columns by its trigrams."""
    return GinIndex(*(OpClass(folded(each), name="gin_trgm_ops") for each in columns), name=name)


def not_empty(*names: str) -> list[models.CheckConstraint]:
    """Null says "not known"; an empty set of countries would say nothing at all."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__len__gt": 0}),
            name=f"%(app_label)s_%(class)s_{name}_not_empty",
            violation_error_message=_("Name at least one country, or leave it as not known."),
        )
        for name in names
    ]
