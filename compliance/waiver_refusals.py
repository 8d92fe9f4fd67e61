"""What refuses a request for a waiver or a decision on one, by the name of its guard, in words.

Guards of the program and of the database (compliance/waiver_sql.py) share them.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.attempts import Refusal
from compliance.models import WaiverDecision

TEXTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "requester_is_actor": _("A waiver is asked for by the person who stores it."),
        "actor": _("A decision is made by the person who acts."),
        "role": _("Your roles do not allow this for this agency."),
        "rules": _("A waiver names rules of published versions, each once."),
        "builds": _("A waiver names builds that exist, each once."),
        "drones": _("A waiver names aircraft of its own body, each once."),
        "retroactive": _("A waiver begins today or later."),
        "max_period": _("The waiver lasts longer than the policy allows."),
        "extends": _("An extension covers no more than what it extends."),
        "moved": _("Somebody has decided on the waiver since you opened it."),
        "step": _("This is not possible in the state that the waiver is in."),
        "own_request": _("Nobody decides on a waiver they asked for."),
        "second_person": _("The second decision is made by another person than the first."),
        "over": _("The period of the waiver is over."),
        "reason": _("Say why."),
        "ends_from": _("It ends early today or later, before it would end anyway."),
        "waiver": _("There is no such waiver."),
    }
)


class WaiverRefused(Refusal):
    """`guard` is a key of TEXTS."""

    def __init__(self, guard: str) -> None:
        self.guard = guard
        self.message = str(TEXTS[guard])
        super().__init__(self.message)


class WaiverNotAllowed(WaiverRefused):
    """This person may not do this. Answered with 403."""


class WaiverNotNow(WaiverRefused):
    """Not in this state, or decided on meanwhile. Answered with 409; `since` is what happened, newest first."""

    def __init__(self, guard: str, since: Sequence[WaiverDecision] = ()) -> None:
        super().__init__(guard)
        self.since = tuple(since)


def refused_by_database(
    error: DatabaseError, since: Sequence[WaiverDecision] = ()
) -> WaiverRefused | None:
    """What a trigger refused, in the words of the program; None for any other error."""
    cause = error.__cause__
    guard = getattr(getattr(cause, "diag", None), "message_detail", "") or ""
    match getattr(cause, "pgcode", ""):
        case "RG403":
            return WaiverNotAllowed(guard)
        case "42501":
            return WaiverNotAllowed("role")
        case "RG409":
            return WaiverNotNow(guard, since)
    return None
