"""What pages of catalogue records need beyond the components."""

from typing import Any

from django import template
from django.db.models import Model
from django.template.context import Context

from registry.models import CatalogueRecord
from web.checks import fingerprint as _fingerprint
from web.record_kinds import attached_tabs
from web.states import Look
from web.states import look as _look
from web.values import country_names

register = template.Library()
register.filter("country_names", country_names)


@register.filter
def fingerprint(record: CatalogueRecord) -> str:
    """What a check has to name, so that nobody checks what they have not seen."""
    return _fingerprint(record)


@register.simple_tag
def look(kind: str, code: str) -> Look:
    """Word, shape and tone of a state, for components that take the tone by itself."""
    return _look(kind, code)


@register.inclusion_tag("records/_links.html", takes_context=True)
def attached(context: Context, record: Model) -> dict[str, Any]:
    """Links to the files and notes of a record, with counts, for pages without tabs. Two queries."""
    return {"tabs": attached_tabs(context["user"], record)}
