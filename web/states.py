"""How each state looks: a word, a shape and a tone. The one place where pages learn it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policy.facts import Grade


class UnknownStateError(LookupError):
    """A page asked for a state that has no look. The message says which, and what there is."""


@dataclass(frozen=True, slots=True)
class Look:
    """`shape` is an id of the icon sprite without `shape-`; `tone` is a class of the style sheet without `tone-`."""

    word: str | Promise
    shape: str
    tone: str


# `standing` is of aircraft already held, `acquisition` the same question for a planned purchase.
LOOKS: dict[str, dict[str, Look]] = {
    "standing": {
        "ground": Look(_("Ground now"), "stop", "critical"),
        "phase_out": Look(_("Phase out"), "deadline", "serious"),
        "training_only": Look(_("Training only"), "half", "caution"),
        "consult": Look(_("Consult"), "speech", "active"),
        "undetermined": Look(_("Undetermined"), "question", "unknown"),
        "waived": Look(_("Waived"), "shield", "active"),
        "clear": Look(_("Clear"), "circle", "positive"),
    },
    "acquisition": {
        "ground": Look(_("May not be acquired"), "stop", "critical"),
        "training_only": Look(_("Training only"), "half", "caution"),
        "undetermined": Look(_("Undetermined"), "question", "unknown"),
        "consult": Look(_("Consult"), "speech", "active"),
        "waived": Look(_("Waived"), "shield", "active"),
        "clear": Look(_("May be acquired"), "circle", "positive"),
    },
    "outcome": {
        "fail": Look(_("Fails"), "cross", "critical"),
        "unknown": Look(_("Unknown"), "question", "unknown"),
        "pass": Look(_("Passes"), "circle", "positive"),
        "not_applicable": Look(_("Not applicable"), "dash", "neutral"),
    },
    "answer": {
        "flagged": Look(_("Flagged"), "cross", "critical"),
        "undetermined": Look(_("Undetermined"), "question", "unknown"),
        "clean": Look(_("Nothing flagged"), "circle", "positive"),
    },
    "level": {
        "block": Look(_("Blocks"), "stop", "critical"),
        "consult": Look(_("Consult"), "speech", "active"),
        "inform": Look(_("Informs"), "dash", "neutral"),
    },
    "notice": {
        "unread": Look(_("Unread"), "diamond-full", "active"),
        "read": Look(_("Read"), "circle", "neutral"),
    },
    "mail": {
        "waiting": Look(_("Waiting"), "dotted", "neutral"),
        "sending": Look(_("Being sent"), "forward", "active"),
        "sent": Look(_("Sent"), "circle", "positive"),
        "unsure": Look(_("Not known whether sent"), "half", "caution"),
        "void": Look(_("Nothing left to say"), "dash", "neutral"),
        "dead": Look(_("Given up"), "cross", "critical"),
    },
    "purchase": {
        "draft": Look(_("Draft"), "dotted", "neutral"),
        "agency_review": Look(_("Agency review"), "diamond", "active"),
        "security_review": Look(_("Security review"), "diamond-full", "active"),
        "consultation": Look(_("In consultation"), "speech", "active"),
        "emergency": Look(_("Ordered in an emergency"), "triangle", "serious"),
        "approved": Look(_("Approved"), "circle", "positive"),
        "ordered": Look(_("Ordered"), "forward", "positive"),
        "received": Look(_("Received"), "box", "positive"),
        "closed": Look(_("Closed"), "square", "neutral"),
        "declined": Look(_("Declined"), "cross", "critical"),
        "withdrawn": Look(_("Withdrawn"), "back", "neutral"),
        "cancelled": Look(_("Cancelled"), "slash", "neutral"),
    },
    "substitution": {
        "coming": Look(_("Not yet begun"), "dotted", "neutral"),
        "valid": Look(_("Stands in now"), "circle", "positive"),
        "ended": Look(_("Over"), "square", "neutral"),
    },
    "due": {
        "overdue": Look(_("Overdue"), "deadline", "critical"),
        "today": Look(_("Due today"), "triangle", "serious"),
    },
    "drone": {
        "in_service": Look(_("In service"), "circle", "positive"),
        "stored": Look(_("Stored"), "box", "neutral"),
        "grounded": Look(_("Grounded"), "bars", "serious"),
        "lent": Look(_("Lent"), "back", "active"),
        "lost": Look(_("Lost"), "triangle", "critical"),
        "transferred": Look(_("Transferred"), "forward", "neutral"),
        "disposed": Look(_("Disposed of"), "square", "neutral"),
        "entered_in_error": Look(_("Entered in error"), "slash", "neutral"),
    },
    "transfer": {
        "open": Look(_("Waiting for an answer"), "speech", "active"),
        "accepted": Look(_("Accepted"), "circle", "positive"),
        "declined": Look(_("Declined"), "cross", "critical"),
        "withdrawn": Look(_("Withdrawn"), "back", "neutral"),
    },
    "grade": {
        str(Grade.CLAIMED.value): Look(_("Claimed"), "dotted", "caution"),
        str(Grade.DOCUMENTED.value): Look(_("Documented"), "diamond", "active"),
        str(Grade.VERIFIED.value): Look(_("Verified"), "circle", "positive"),
    },
    "fact": {
        "claimed": Look(_("Claimed"), "dotted", "caution"),
        "checked": Look(_("Checked"), "circle", "positive"),
        "refused": Look(_("Refused"), "cross", "critical"),
    },
    "certificate": {
        "valid": Look(_("Valid"), "circle", "positive"),
        "lapsed": Look(_("Expired"), "deadline", "serious"),
        "not_yet_valid": Look(_("Not yet valid"), "dotted", "caution"),
        "not_held": Look(_("Not held"), "cross", "critical"),
        "not_known": Look(_("Not known"), "question", "unknown"),
    },
    "file": {
        "kept": Look(_("Kept"), "circle", "positive"),
        "withdrawn": Look(_("Withdrawn"), "slash", "neutral"),
    },
    "link": {
        "asserted": Look(_("Asserted"), "diamond-full", "active"),
        "disputed": Look(_("Disputed"), "question", "unknown"),
        "denied": Look(_("Denied"), "slash", "neutral"),
    },
    "rule": {
        "added": Look(_("Added"), "circle", "positive"),
        "removed": Look(_("Removed"), "cross", "critical"),
        "changed": Look(_("Changed"), "diamond", "active"),
        "same": Look(_("Unchanged"), "dash", "neutral"),
    },
    "check": {"to_check": Look(_("To be checked"), "triangle", "caution")},
    "import": {
        "uploaded": Look(_("Waiting to be checked"), "dotted", "neutral"),
        "checked": Look(_("Waiting for confirmation"), "diamond", "active"),
        "applying": Look(_("Being imported"), "forward", "active"),
        "applied": Look(_("Imported"), "circle", "positive"),
        "discarded": Look(_("Discarded"), "slash", "neutral"),
    },
    "waiver": {
        "requested": Look(_("Requested"), "dotted", "caution"),
        "endorsed": Look(_("First decision made"), "half", "active"),
        "upcoming": Look(_("Not yet in force"), "forward", "active"),
        "valid": Look(_("Valid"), "shield", "positive"),
        "ended": Look(_("Ended"), "square", "neutral"),
        "declined": Look(_("Declined"), "cross", "critical"),
        "withdrawn": Look(_("Withdrawn"), "back", "neutral"),
    },
    "version": {
        "draft": Look(_("Draft"), "dotted", "neutral"),
        "proposed": Look(_("Publication asked for"), "forward", "active"),
        "withdrawn": Look(_("Withdrawn"), "back", "neutral"),
        "published": Look(_("Published"), "diamond", "active"),
        "in_force": Look(_("In force"), "circle", "positive"),
        "ended": Look(_("Ended"), "square", "neutral"),
    },
}


def look(kind: str, code: str) -> Look:
    """The look of a state. Raises `UnknownStateError` rather than inventing one."""
    if kind not in LOOKS:
        raise UnknownStateError(
            f"No kind of state is called {kind!r}; there are {', '.join(LOOKS)}."
        )
    if code not in LOOKS[kind]:
        raise UnknownStateError(
            f"No {kind} state is called {code!r}; there are {', '.join(LOOKS[kind])}."
        )
    return LOOKS[kind][code]
