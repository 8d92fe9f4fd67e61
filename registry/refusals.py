"""Why something did not happen to an aircraft: by the name of the guard, in words. Program and database share them."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.attempts import Refusal

TEXTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "drone": _("There is no such aircraft."),
        "offer": _("There is no such offer."),
        "role": _("Your roles do not allow this for this agency."),
        "actor": _("An event is recorded by the person who acts."),
        "begins": _("An aircraft is logged as in service, stored or grounded."),
        "by_offer": _("This comes of an offer to another agency and its answer."),
        "moved": _("Something happened to the aircraft since you opened it."),
        "transition": _("This is not possible in the status that the aircraft has now."),
        "closed": _("The record of this aircraft is closed and stays as it is."),
        "reason": _("Give the reason."),
        "future": _("This day is still to come."),
        "status_before": _("The aircraft goes back to the status that it had before."),
        "grounded_by_order": _(
            "A security reviewer or steward ordered it to the ground: one of them releases it."
        ),
        "custodian": _("Name one custodian: somebody with an account, or a name in words."),
        "custodian_elsewhere": _("This person has no role at the agency of the aircraft today."),
        "loan": _("Say to whom it is lent, and until which day."),
        "not_lent": _("The aircraft is not lent out."),
        "still_lent": _("The aircraft is still lent out: take it back first."),
        "swap": _("A swap leads to another build of the same model; name the component."),
        "sanitisation": _(
            "Say how its data was removed and where that is recorded. That it was not possible can be"
            " said of a lost aircraft alone."
        ),
        "offered": _("The aircraft is offered to another agency: withdraw the offer first."),
        "offer_closed": _("The offer is no longer open."),
        "receiver": _("An aircraft is offered to another agency."),
        "own_offer": _("Who offered an aircraft does not accept it: a colleague does."),
        "changed_since_offer": _(
            "The aircraft changed since it was offered: ask the giver to withdraw the offer and to renew it."
        ),
        "serial_taken": _("Your agency already has an aircraft with this serial number."),
        "price_withheld": _(
            "Your agency withholds its prices, so none can be entered. Leave the price empty."
        ),
        "price_approximate": _(
            "Your agency gives its prices approximately: round the price to two digits, such as 1,200,000."
        ),
        "preview": _("The aircraft concerned are no longer those of the preview: look again."),
    }
)


def text(guard: str) -> str:
    """The words of a guard, in the reader's language."""
    return str(TEXTS[guard])


class Refused(Refusal):
    """`guard` is a key of TEXTS."""

    def __init__(self, guard: str) -> None:
        self.guard = guard
        self.message = text(guard)
        super().__init__(self.message)


class NotThere(Refused):
    """Nothing that this person may see. Answered with 404."""


class NotAllowed(Refused):
    """This person may not do this. Answered with 403."""


class NotNow(Refused):
    """Not in this status, or something changed meanwhile. Answered with 409."""


_KINDS: dict[str, type[Refused]] = {"RG404": NotThere, "RG403": NotAllowed, "RG409": NotNow}
_SERIAL = "drone_serial_once_per_agency"


def as_refusal(error: DatabaseError) -> Exception:
    """What a trigger or function refused, in the words of the program; any other error as it is."""
    cause = error.__cause__
    diag = getattr(cause, "diag", None)
    if getattr(diag, "constraint_name", None) == _SERIAL:
        return NotNow("serial_taken")
    kind = _KINDS.get(getattr(cause, "pgcode", None) or "")
    guard = getattr(diag, "message_detail", None) or ""
    return error if kind is None or guard not in TEXTS else kind(guard)
