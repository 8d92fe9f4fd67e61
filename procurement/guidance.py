"""Who holds a purchase and what happens next, in plain words: for pages, the API and mails alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from procurement.dossiers import stored
from procurement.models import Purchase
from procurement.states import Action, Status

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Guidance:
    """`holder`: whose turn it is. `next_step`: what they do, and what follows. `yours`: the same said to them."""

    holder: Text
    next_step: Text
    yours: Text = ""

    @property
    def by_requester(self) -> bool:
        return self.holder is _REQUESTER


_REQUESTER, _APPROVER = _("the requester"), _("an approver of the agency")
_NOBODY = _("nobody: the purchase has ended")

BY_STATUS: Mapping[Status, Guidance] = {
    Status.DRAFT: Guidance(
        _REQUESTER,
        _("The requester completes it and submits it. Nobody reviews it before that."),
        _("Your turn: complete it and submit it for review."),
    ),
    Status.AGENCY_REVIEW: Guidance(
        _APPROVER,
        _(
            "An approver of the agency approves, returns or declines it. If a rule is flagged or a mission "
            "is sensitive, the security review follows; otherwise it may be ordered."
        ),
        _("Your turn: read the results, then approve, return or decline it."),
    ),
    Status.SECURITY_REVIEW: Guidance(
        _("a security reviewer"),
        _(
            "A security reviewer looks at the results and their evidence, then approves, returns or declines "
            "it. While a blocking rule fails or cannot be decided, it cannot be approved."
        ),
        _("Your turn: look at the results and their evidence, then approve, return or decline it."),
    ),
    Status.CONSULTATION: Guidance(
        _("a consultation officer of the central authority"),
        _(
            "The consultation officer records the answer of the central authority, or returns or declines it."
        ),
        _("Your turn: record the answer of the central authority."),
    ),
    Status.EMERGENCY: Guidance(
        _REQUESTER,
        _(
            "It was ordered before its review. The requester submits it within the time allowed; until then an "
            "inspector may already receive aircraft."
        ),
        _("Your turn: submit it for review. It was ordered before that."),
    ),
    Status.APPROVED: Guidance(
        _REQUESTER,
        _(
            "The requester places the order with the reference of its contract. If a fact of the dossier "
            "changes before that, the purchase is reviewed again."
        ),
        _("Your turn: place the order, with the reference of its contract."),
    ),
    Status.ORDERED: Guidance(
        _("an inspector of the agency"),
        _(
            "An inspector, who is not the requester, receives each aircraft with its serial number. It then "
            "stands in the registry."
        ),
        _("Your turn: receive each aircraft with its serial number."),
    ),
    Status.RECEIVED: Guidance(
        _APPROVER,
        _("All aircraft are in. An approver of the agency closes the purchase."),
        _("Your turn: all aircraft are in, close the purchase."),
    ),
    Status.CLOSED: Guidance(_NOBODY, _("Nothing more happens. The record is kept.")),
    Status.DECLINED: Guidance(
        _NOBODY, _("It was declined and is not bought. The reasons stand in the timeline.")
    ),
    Status.WITHDRAWN: Guidance(_NOBODY, _("The requester withdrew it. The record is kept.")),
    Status.CANCELLED: Guidance(_NOBODY, _("It was cancelled. The record is kept.")),
}
RETURNED = Guidance(
    _REQUESTER,
    _("It was returned. The requester changes what the letter asks for and submits it again."),
    _("Your turn: change what the letter asks for and submit it again."),
)


EVIDENCE_ASKED = Guidance(
    _REQUESTER,
    _(
        "Evidence has been asked for. The requester or a custodian of the agency answers; until then the clock "
        "of the review stands still."
    ),
    _("Your turn: answer what was asked for. The review waits for it."),
)
SPECIFICATION = Guidance(
    _REQUESTER,
    _(
        "The specification is approved. The requester records the offers and names one; the build that it "
        "offers is then reviewed."
    ),
    _("Your turn: record the offers and name one."),
)
NOTHING_COMES_IN = Guidance(
    _APPROVER,
    _("It is under contract and nothing enters the registry. An approver of the agency closes it."),
    _("Your turn: close it when its time is over."),
)


# In these states it depends on a flag of the dossier: the flag, its value, and what then holds.
_BY_FLAG: Mapping[Status, tuple[str, bool, Guidance]] = {
    Status.APPROVED: ("specification", True, SPECIFICATION),
    Status.ORDERED: ("deliveries", False, NOTHING_COMES_IN),
}


def guidance(purchase: Purchase) -> Guidance:
    """What holds for this purchase now, by its state and by what is open in it. `dossier` comes selected with it."""
    if purchase.evidence_open:
        return EVIDENCE_ASKED
    if purchase.status in _BY_FLAG:
        flag, value, otherwise = _BY_FLAG[Status(purchase.status)]
        if (stored(purchase) or {}).get("flags", {}).get(flag) is value:
            return otherwise
    if purchase.status == Status.DRAFT and purchase.round > 0:
        return RETURNED
    return BY_STATUS[Status(purchase.status)]


# What a step is called on its button and its page.
LABELS: Mapping[Action, Text] = {
    Action.SUBMIT: _("Submit for review"),
    Action.APPROVE: _("Approve"),
    Action.ORDER_FIRST: _("Order in an emergency"),
    Action.RECORD_ANSWER: _("Record the answer"),
    Action.ASK_EVIDENCE: _("Ask for evidence"),
    Action.GIVE_EVIDENCE: _("Answer with evidence"),
    Action.NAME_OFFER: _("Name the offer"),
    Action.AMEND: _("Amend"),
    Action.RETURN: _("Return to the requester"),
    Action.DECLINE: _("Decline"),
    Action.WITHDRAW: _("Withdraw"),
    Action.REFRESH: _("Take over today's facts"),
    Action.RECHECK: _("Send back to security review"),
    Action.CANCEL: _("Cancel the purchase"),
    Action.ORDER: _("Place the order"),
    Action.RECEIVE: _("Receive aircraft"),
    Action.CLOSE: _("Close"),
}

# The steps that carry a purchase forward: one of them is the chief thing to do in each state.
FORWARD = (
    Action.SUBMIT,
    Action.APPROVE,
    Action.RECORD_ANSWER,
    Action.GIVE_EVIDENCE,
    Action.NAME_OFFER,
    Action.ORDER,
    Action.RECEIVE,
    Action.CLOSE,
)

# What was done, for the timeline.
DONE: Mapping[Action, Text] = {
    Action.SUBMIT: _("Submitted it for review."),
    Action.APPROVE: _("Approved it."),
    Action.ORDER_FIRST: _("Ordered it in an emergency, before its review."),
    Action.RECORD_ANSWER: _("Recorded the answer of the central authority."),
    Action.ASK_EVIDENCE: _("Asked for evidence."),
    Action.GIVE_EVIDENCE: _("Answered with evidence."),
    Action.NAME_OFFER: _("Named the offer."),
    Action.AMEND: _("Opened it again to change it."),
    Action.RETURN: _("Returned it to the requester."),
    Action.DECLINE: _("Declined it."),
    Action.WITHDRAW: _("Withdrew it."),
    Action.REFRESH: _("Took over the facts of the day into a new dossier."),
    Action.RECHECK: _("Sent it back to security review."),
    Action.CANCEL: _("Cancelled it."),
    Action.ORDER: _("Placed the order."),
    Action.RECEIVE: _("Received aircraft."),
    Action.CLOSE: _("Closed it."),
}

# What a step brings about, said before its button. A step with several outcomes is told apart by where it leads.
_CONSEQUENCES: Mapping[Action, Text] = {
    Action.SUBMIT: _(
        "Today's facts and results are frozen in a dossier, and an approver of the agency reviews it. You "
        "cannot change the purchase unless it is returned."
    ),
    Action.ORDER_FIRST: _(
        "The order is placed before the review, with today's facts frozen in a dossier. It is counted as such "
        "in the open, and you submit it for review within the time allowed."
    ),
    Action.ASK_EVIDENCE: _(
        "The requester is asked for it, and the clock of the review stands still until the answer comes. "
        "Nothing is decided by it."
    ),
    Action.GIVE_EVIDENCE: _(
        "Your answer goes to whoever reviews it, and the clock of the review goes on."
    ),
    Action.NAME_OFFER: _(
        "The lines take over the build, the supplier and the price of the offer. Today's facts of that build "
        "are frozen in a new dossier, and a new round of security review begins."
    ),
    Action.AMEND: _(
        "The purchase becomes a draft again. The approval ends with it: after your changes it is reviewed anew. "
        "Aircraft that have come in stay."
    ),
    Action.RETURN: _(
        "The purchase goes back to the requester as a draft, with your reasons and your letter. It can be "
        "changed and submitted again; a new round of review then begins."
    ),
    Action.DECLINE: _(
        "The purchase ends here, with your reasons and your letter. This cannot be undone."
    ),
    Action.WITHDRAW: _("The purchase ends here and is not reviewed. This cannot be undone."),
    Action.REFRESH: _(
        "A new dossier with the facts and results of today takes the place of the present one. It decides "
        "nothing: the review goes on, on the new dossier."
    ),
    Action.RECHECK: _(
        "A new dossier is made with the facts of today, and a new round of security review begins. Nothing "
        "can be ordered or received until it ends."
    ),
    Action.CANCEL: _(
        "The purchase ends here, with your reasons. Nothing more can be ordered or received on it."
    ),
    Action.ORDER: _("An inspector of the agency, who is not you, receives the aircraft."),
    Action.RECEIVE: _(
        "Each aircraft with a serial number is added to the registry of the agency. When all are in, the "
        "purchase is received; until then it stays ordered."
    ),
    Action.CLOSE: _("The purchase ends here. Its aircraft stay in the registry."),
}
_APPROVAL: Mapping[Status, Text] = {
    Status.SECURITY_REVIEW: _(
        "You approve the need and the means. The purchase goes on to a security reviewer, because a rule is "
        "flagged or a mission is sensitive."
    ),
    Status.CONSULTATION: _(
        "You approve it. A rule asks for the central authority, so a consultation officer answers next."
    ),
    Status.APPROVED: _("The purchase is approved, and the requester may order."),
}


_ANSWER: Mapping[Status, Text] = {
    Status.APPROVED: _(
        "Cleared, perhaps with conditions: the purchase is approved, and the requester may order."
    ),
    Status.SECURITY_REVIEW: _(
        "The central authority asks for more: a new round of security review begins."
    ),
    Status.DECLINED: _(
        "Refused: the purchase ends here, with your reasons and your letter. This cannot be undone."
    ),
}


def consequence(action: Action, target: Status) -> Text:
    """What taking this step to this state brings about."""
    if action is Action.APPROVE:
        return _APPROVAL[target]
    return _ANSWER[target] if action is Action.RECORD_ANSWER else _CONSEQUENCES[action]
