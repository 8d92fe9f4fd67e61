"""What refuses a step, by the name of its guard, in words. Guards of the program and of the database share them."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "role": _("Your roles do not allow this for this agency."),
        "actor": _("A step is taken by the person who acts."),
        "requester_is_actor": _("A purchase is asked for by the person who stores it."),
        "requester_does_not_receive": _("Who asked for it does not receive it."),
        "own_work": _("Nobody decides on their own work."),
        "claimed_a_fact": _("Who claimed a fact used here does not decide on it."),
        "waiver_author": _(
            "Who asked for a waiver used here, or decided on it, does not decide on the purchase."
        ),
        "declared_tie": _(
            "You have declared a tie to this purchase or to a vendor that it involves: others decide on it."
        ),
        "late_role": _(
            "The role was given after this round of review had begun. Somebody who held it then decides."
        ),
        "substituted_had_a_hand": _(
            "The person you stand in for had a hand in this purchase, or you had: others decide on it."
        ),
        "tie_ended": _("There is no such tie of yours, or it has ended already."),
        "once_per_round": _("You have already decided in this round."),
        "transition": _("This step is not possible from here."),
        "moved": _("The purchase was changed since you opened it."),
        "dossier": _("The dossier was renewed since you opened it: look at it again."),
        "digest": _("The dossier is not what its digest says."),
        "dossier_no_longer_holds": _(
            "Facts that the dossier rests on have changed: take over today's facts and decide on them."
        ),
        "documents": _(
            "The files of the purchase are not those that the dossier names: take over today's files and decide on them."
        ),
        "security": _("The security review cannot be left out here."),
        "blocked": _("A blocking rule is not met or cannot be decided: return it or decline it."),
        "consultation": _("The central authority has to be consulted first."),
        "accept_in_writing": _("An unknown is accepted in writing only: say why in the letter."),
        "reasons": _("Give at least one reason."),
        "contract": _("An order needs the reference of its contract."),
        "no_lines": _("Nothing is asked for yet: add at least one line."),
        "not_approved": _("The contract reference is entered with the order."),
        "units": _("Not all units are in."),
        "not_ordered": _("Aircraft come in on an order only."),
        "line": _("A unit belongs to a line of this purchase."),
        "build": _("The aircraft is not of the build that was approved."),
        "quantity": _("More units than were ordered."),
        "answer": _("The answer does not lead there."),
        "say_the_answer": _("Say what the central authority answers."),
        "say_why": _("Say why, in the letter."),
        "say_what_is_needed": _("Say what is needed, from whom and by when."),
        "name_the_conditions": _("Name at least one condition."),
        "asked_already": _("Evidence has been asked for already. Wait for the answer."),
        "nothing_asked": _("Nothing has been asked for, or it was answered meanwhile."),
        "not_ended": _("A lease, a loan or a service contract is closed when its time has ended."),
        "specification": _("A line is a specification still: name the offer first."),
        "not_a_specification": _("Offers are made on a specification of this purchase."),
        "specification_not_approved": _("Offers are recorded on an approved specification."),
        "offer_stays": _("An offer stays as it was recorded."),
        "one_offer_each": _("Name exactly one offer for each line of the specification."),
        "units_are_in": _("Aircraft have come in on this line: it stays what it was."),
        "follow_up": _("It belongs to the step that brought it, and is written with it."),
        "condition_met": _("The condition has been found to be met already."),
        "not_under_review": _("It is not under review, so nobody can hold it."),
        "held_already": _("You hold this review already."),
        "held_by_another": _(
            "Somebody else holds this review: take it over first, or wait for the decision."
        ),
        "not_the_holder": _("Only the holder lets a review go."),
        "not_held": _("Nobody holds this review any more."),
        "deliveries": _("Nothing that is asked for here comes into the registry."),
        "ordered_first": _("It was not ordered before its review."),
        "may_order_first": _(
            "Only a purchase or a loan can be ordered first, and only with the reason of the emergency."
        ),
        "not_a_draft": _("A purchase is edited as a draft only."),
        "line_stays": _("A line stays with its purchase."),
    }
)


def text(guard: str) -> str:
    return str(TEXTS[guard])
