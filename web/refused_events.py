"""Attempts that were refused, as people read them in a history."""

import json
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Event
from compliance import waiver_refusals
from procurement import refusals as purchase_refusals
from procurement.guidance import LABELS
from registry import refusals as drone_refusals

GUARDS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "procurement_purchase": purchase_refusals.TEXTS,
    "compliance_waiver": waiver_refusals.TEXTS,
    "registry_drone": drone_refusals.TEXTS,
}
"""The words of the guards, by the table of the record."""
DOORS: Final[Mapping[str, str | Promise]] = {
    "page": gettext_lazy("on a page"),
    "api": gettext_lazy("through the interface for programs"),
    "token": gettext_lazy("with an API token"),
    "program": gettext_lazy("by a command or job"),
    "sql": gettext_lazy("by a statement to the database"),
}
STEPS: Final[Mapping[str, str | Promise]] = {step.value: label for step, label in LABELS.items()}
MORE: Final[Mapping[str, str | Promise]] = {
    "no_right": gettext_lazy("Only the program itself writes this."),
    "not_allowed": gettext_lazy("Your roles do not allow this for this agency."),
    "read_only_token": gettext_lazy("This token is for reading only."),
}


def refused_sentence(event: Event, words: Mapping[str, object] | None) -> str:
    """What was tried, where, and what refused it. `words`: kind and name of the record, None for an unknown one."""
    said: dict[str, str] = json.loads(event.canon)["new"]
    guards = GUARDS.get(event.record_table, {})
    guard = said["guard"]
    tried = {
        "attempt": str(STEPS.get(said["attempt"], said["attempt"])),
        "door": str(DOORS.get(said["through"], said["through"])),
        "why": f"{guards.get(guard) or MORE.get(guard) or ''} ({guard})".strip(),
    }
    if words is None:
        return _("Refused: “%(attempt)s” %(door)s. %(why)s") % tried
    return _("Refused: “%(attempt)s” on the %(kind)s “%(name)s” %(door)s. %(why)s") % {
        **words,
        **tried,
    }
