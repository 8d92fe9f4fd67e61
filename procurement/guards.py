"""Who may take a step, said before the database says it: the same questions as its trigger asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agencies.models import Person
from procurement.models import Contributor, Move, Purchase
from procurement.states import DECISIONS, REQUESTER, SYSTEM, Action
from procurement.transitions import TRANSITIONS, Transition


@dataclass(frozen=True, slots=True)
class Involvement:
    """What a person already has to do with a purchase."""

    contributed: bool
    decided_this_round: bool
    claimed_a_fact: bool
    authored_a_waiver: bool = False

    @classmethod
    def of(
        cls, person: Person, purchase: Purchase, dossier: dict[str, Any] | None
    ) -> "Involvement":
        hands = Contributor.objects.visible_to(person).filter(purchase=purchase, person=person)
        decisions = Move.objects.visible_to(person).filter(
            purchase=purchase, actor=person, round=purchase.round, action__in=DECISIONS
        )
        seen = dossier or {}
        return cls(
            contributed=hands.exists(),
            decided_this_round=decisions.exists(),
            claimed_a_fact=person.pk in seen.get("claimants", ()),
            authored_a_waiver=person.pk in seen.get("waiver_authors", ()),
        )


def refusal(
    transition: Transition, purchase: Purchase, person: Person | None, involved: Involvement | None
) -> str | None:
    """The guard that keeps this person from this step; None when they may take it. `person` None is the program itself."""
    if person is None:
        return None if SYSTEM in transition.actors else "role"
    if not _holds(transition.actors, purchase, person):
        return "role"
    if transition.action == Action.RECEIVE and purchase.requester_id == person.pk:
        return "requester_does_not_receive"
    return _own_work(transition, involved)


def may_decide(purchase: Purchase, person: Person, involved: Involvement | None) -> bool:
    """Whether this person may decide on it in the state of review that it is in, and so take the review upon themselves."""
    ways = [
        way for way in TRANSITIONS if (way.action, way.source) == (Action.RETURN, purchase.status)
    ]
    return any(refusal(way, purchase, person, involved) is None for way in ways)


def _holds(actors: Sequence[str], purchase: Purchase, person: Person) -> bool:
    as_requester = REQUESTER in actors and purchase.requester_id == person.pk
    return as_requester or person.scope.holds_any(
        set(actors) - {REQUESTER, SYSTEM}, purchase.agency_id
    )


def _own_work(transition: Transition, involved: Involvement | None) -> str | None:
    if involved is None:
        return None
    if involved.contributed and (transition.decides or transition.action == Action.ASK_EVIDENCE):
        return "own_work"
    if not transition.decides:
        return None
    if involved.claimed_a_fact:
        return "claimed_a_fact"
    if involved.authored_a_waiver:
        return "waiver_author"
    if involved.decided_this_round:
        return "once_per_round"
    return None
