"""The letter that goes with a return, a refusal or a cancellation: filled from reasons, then edited by its writer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from policy.sentences import Part, lines
from policy.trace import Outcome
from policy.wording import Names
from procurement.answers import results_of
from procurement.models import Purchase
from procurement.states import Action, Reason

OPENINGS: Mapping[Action, Promise] = {
    Action.RETURN: gettext_lazy(
        "We have looked at your purchase %(purchase)s and return it for the following reasons."
    ),
    Action.DECLINE: gettext_lazy(
        "We have looked at your purchase %(purchase)s and decline it for the following reasons."
    ),
    Action.CANCEL: gettext_lazy(
        "The purchase %(purchase)s is cancelled for the following reasons."
    ),
}
PARAGRAPHS: Mapping[Reason, Promise] = {
    Reason.RULE_FAILED: gettext_lazy("A rule is not met:"),
    Reason.EVIDENCE_MISSING: gettext_lazy(
        "Evidence is missing. Ask the maker or the supplier for it, and have it recorded:"
    ),
    Reason.SECURITY_MEASURE: gettext_lazy(
        "It is not shown that a required security measure is in place. Say how data are protected, and on what paper that rests."
    ),
    Reason.MISSION_UNCLEAR: gettext_lazy(
        "Say more exactly which missions the aircraft are for, and why they need this equipment."
    ),
    Reason.ALTERNATIVE_EXISTS: gettext_lazy(
        "An aircraft that meets the rules is available for these missions. Consider it, or say why it does not serve."
    ),
    Reason.PRICE_UNCLEAR: gettext_lazy("Explain the quantity and the unit price."),
    Reason.OTHER: gettext_lazy("(State the other reason here.)"),
}
CLOSINGS: Mapping[Action, Promise] = {
    Action.RETURN: gettext_lazy("Please change the purchase accordingly and submit it again."),
    Action.DECLINE: gettext_lazy(
        "If the circumstances change, you may ask again with a new purchase."
    ),
    Action.CANCEL: gettext_lazy("Nothing more can be ordered or received on this purchase."),
}


def revise(
    letter: str,
    *,
    action: Action,
    purchase: Purchase,
    dossier: Mapping[str, Any] | None,
    reasons: Sequence[str],
    drafted: Sequence[str],
    names: Names,
) -> str:
    """The letter in the requester's language with a paragraph for each reason; what was edited by hand stays.

    `drafted` are the reasons whose paragraphs were put in before: they are not put in again, and
    taken out only when their reason is and nobody has changed them.
    """
    with override(purchase.requester.language):
        closing = str(CLOSINGS[action])
        paragraphs = {
            reason: _paragraph(Reason(reason), dossier, purchase, names) for reason in Reason.values
        }
        body = letter.replace("\r\n", "\n").strip() or _opening(action, purchase) + "\n\n" + closing
        for reason in drafted:
            if reason not in reasons:
                body = body.replace(paragraphs[reason] + "\n\n", "")
        fresh = [paragraphs[reason] for reason in reasons if reason not in drafted]
        return _before(closing, body, fresh)


def _opening(action: Action, purchase: Purchase) -> str:
    return str(OPENINGS[action]) % {"purchase": purchase}


def _before(closing: str, body: str, paragraphs: Iterable[str]) -> str:
    """The paragraphs before the closing sentence, or at the end when it is no longer there."""
    added = "".join(f"{each}\n\n" for each in paragraphs)
    head, found, tail = body.rpartition(closing)
    return head + added + found + tail if found else f"{body}\n\n{added}".rstrip()


def _paragraph(
    reason: Reason, dossier: Mapping[str, Any] | None, purchase: Purchase, names: Names
) -> str:
    language = purchase.requester.language
    builds = (dossier or {"builds": []})["builds"]
    particulars = dict.fromkeys(
        line for build in builds for line in _particulars(reason, build, language, names)
    )
    return "\n".join([str(PARAGRAPHS[reason]), *particulars])


PARTICULARS: Mapping[Reason, tuple[Part, frozenset[Outcome]]] = {
    Reason.RULE_FAILED: (Part.HIT, frozenset({Outcome.FAIL})),
    Reason.EVIDENCE_MISSING: (Part.MISSING, frozenset({Outcome.FAIL, Outcome.UNKNOWN})),
}
NAMED = 3


def _particulars(
    reason: Reason, build: Mapping[str, Any], language: str, names: Names
) -> Iterator[str]:
    """What the dossier says of a build: under each clause its first few reasons, or missing facts."""
    if reason not in PARTICULARS:
        return
    part, outcomes = PARTICULARS[reason]
    for result, stored in zip(results_of(build), build["results"], strict=True):
        found = [line.text for line in lines(result, language, names) if line.part is part]
        if result.outcome in outcomes and found:
            yield f"■ {stored['clause'][language] or stored['clause']['en']}"
            yield from (f"- {text}" for text in found[:NAMED])
            if len(found) > NAMED:
                yield "- " + _("and %(number)s more, named in the dossier") % {
                    "number": len(found) - NAMED
                }
