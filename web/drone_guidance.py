"""What can happen to an aircraft, in words: the names of the steps, what follows from each, and what happened."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import DroneEvent
from registry.transitions import Action
from standards.component_roles import ROLES
from web.elements import Event
from web.templatetags.formats import day_text
from web.values import language

LABELS: Mapping[DroneEvent.Action, str | Promise] = {
    Action.HAND_OVER: gettext_lazy("Hand over"),
    Action.CONFIRM: gettext_lazy("Confirm that it is there"),
    Action.STORE: gettext_lazy("Put into store"),
    Action.DEPLOY: gettext_lazy("Take into service"),
    Action.LEND: gettext_lazy("Lend"),
    Action.PROLONG: gettext_lazy("Prolong the loan"),
    Action.GIVE_BACK: gettext_lazy("Take back from the loan"),
    Action.GROUND: gettext_lazy("Ground"),
    Action.RELEASE: gettext_lazy("Release to fly again"),
    Action.LOSE: gettext_lazy("Report lost"),
    Action.FIND: gettext_lazy("Report found"),
    Action.SWAP: gettext_lazy("Record a swapped component"),
    Action.DISPOSE: gettext_lazy("Dispose of"),
    Action.ENTER_IN_ERROR: gettext_lazy("Mark as entered in error"),
    Action.REINSTATE: gettext_lazy("Take back “entered in error”"),
}
"""The steps that have a page of their own under the aircraft."""

FOLLOWS: Mapping[DroneEvent.Action, str | Promise] = {
    Action.HAND_OVER: gettext_lazy(
        "From then on the person named answers for the aircraft. Its status stays as it is."
    ),
    Action.CONFIRM: gettext_lazy(
        "You say that you, or somebody you rely on, saw the aircraft on that day."
    ),
    Action.STORE: gettext_lazy("The aircraft counts as held and is not used."),
    Action.DEPLOY: gettext_lazy("The aircraft counts as used. Its standing says for what."),
    Action.LEND: gettext_lazy(
        "The aircraft stays in your register and is shown as lent out until it is taken back."
    ),
    Action.PROLONG: gettext_lazy("The new day replaces the one agreed before."),
    Action.GIVE_BACK: gettext_lazy("The loan ends. A grounded aircraft stays grounded."),
    Action.GROUND: gettext_lazy(
        "Nobody flies the aircraft until it is released. What a security reviewer or steward orders to"
        " the ground is released by one of them alone."
    ),
    Action.RELEASE: gettext_lazy("The aircraft goes back to the status that it had before."),
    Action.LOSE: gettext_lazy(
        "A loan ends with it. When it turns up again, report it found: it is then grounded until checked."
    ),
    Action.FIND: gettext_lazy("The aircraft is grounded until it is released after a check."),
    Action.SWAP: gettext_lazy(
        "The aircraft moves to the other build, and its standing is worked out anew at once."
    ),
    Action.DISPOSE: gettext_lazy(
        "The record is closed for good: nothing of it can be changed, and the aircraft is no longer"
        " counted as held. Its history stays."
    ),
    Action.ENTER_IN_ERROR: gettext_lazy(
        "The row is left out of every count and list of what is held. It stays readable with its"
        " history, and a custodian can take this back."
    ),
    Action.REINSTATE: gettext_lazy("The aircraft counts again, in the status that it had before."),
}

SENTENCES: Mapping[DroneEvent.Action, str | Promise] = {
    Action.RECEIVE: gettext_lazy("Received with the delivery of a purchase."),
    Action.HAND_OVER: gettext_lazy("Handed over to %(custodian)s."),
    Action.CONFIRM: gettext_lazy("Confirmed to be there."),
    Action.STORE: gettext_lazy("Put into store."),
    Action.DEPLOY: gettext_lazy("Taken into service."),
    Action.LEND: gettext_lazy("Lent to %(lent_to)s until %(until)s."),
    Action.PROLONG: gettext_lazy("The loan to %(lent_to)s was prolonged until %(until)s."),
    Action.GIVE_BACK: gettext_lazy("Came back from the loan."),
    Action.GROUND: gettext_lazy("Grounded."),
    Action.RELEASE: gettext_lazy("Released: it is %(status)s again."),
    Action.LOSE: gettext_lazy("Reported lost."),
    Action.FIND: gettext_lazy("Reported found, and grounded until it is checked."),
    Action.SWAP: gettext_lazy(
        "Component swapped (%(component)s): the build is now “%(build)s”, before “%(before)s”."
    ),
    Action.DISPOSE: gettext_lazy("Disposed of. Its data: %(sanitised)s (%(record)s)."),
    Action.ENTER_IN_ERROR: gettext_lazy("Marked as entered in error, outside all counts."),
    Action.REINSTATE: gettext_lazy("No longer marked as entered in error: it is %(status)s again."),
    Action.OFFER: gettext_lazy("Offered to %(agency)s."),
    Action.WITHDRAW_OFFER: gettext_lazy("The offer to %(agency)s was withdrawn."),
    Action.DECLINE_OFFER: gettext_lazy("%(agency)s declined the offer."),
    Action.TRANSFER: gettext_lazy("Transferred to %(agency)s. The record here is closed."),
    Action.ARRIVE: gettext_lazy("Arrived from %(agency)s."),
}
"""What happened, in the history of an aircraft."""

TONES: Mapping[DroneEvent.Action, str] = {
    Action.GROUND: "serious",
    Action.LOSE: "critical",
    Action.DISPOSE: "neutral",
    Action.TRANSFER: "neutral",
    Action.ENTER_IN_ERROR: "neutral",
    Action.CONFIRM: "positive",
    Action.RELEASE: "positive",
    Action.FIND: "positive",
    Action.RECEIVE: "positive",
    Action.ARRIVE: "positive",
}


def sentence(event: DroneEvent) -> str:
    """What happened. `custodian`, `build_from`, `build_to` and `other_agency` are selected with the event."""
    words = {
        "custodian": event.custodian or event.custodian_name,
        "lent_to": event.lent_to,
        "until": day_text(event.lent_until) if event.lent_until else "",
        "status": event.get_to_status_display(),
        "component": ROLES[event.component_role].label(language()) if event.component_role else "",
        "build": event.build_to or "",
        "before": event.build_from or "",
        "sanitised": event.get_sanitised_display(),
        "record": event.sanitisation_record,
        "agency": event.other_agency or "",
    }
    if event.by_order:
        return _("Grounded by order of a security reviewer or steward.")
    return str(SENTENCES[Action(event.action)]) % words


def timeline_of(events: Iterable[DroneEvent]) -> list[Event]:
    """The events as lines of a history, newest first as they come."""
    return [_line(event) for event in events]


def _line(event: DroneEvent) -> Event:
    said = sentence(event)
    if event.happened_on != localtime(event.at).date():
        said = _("%(sentence)s It happened on %(day)s.") % {
            "sentence": said,
            "day": day_text(event.happened_on),
        }
    return Event(
        at=event.at,
        actor=str(event.actor) if event.actor else _("the program"),
        sentence=said,
        reason=event.reason,
        tone=TONES.get(Action(event.action), "active"),
    )
