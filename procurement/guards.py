"""Who may take a step, said before the database says it: the same questions as its trigger asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from agencies.models import Person
from procurement.models import Purchase
from procurement.states import REQUESTER, SYSTEM, Action
from procurement.transitions import TRANSITIONS, Transition


@dataclass(frozen=True, slots=True)
class Involvement:
    """What a person already has to do with a purchase, as the database knows it (procurement/sql_deciders.py).

    `bar` keeps them from deciding whatever their role; `late`: they came into the role after the round had
    begun, and somebody who was there in time could decide. `stands_in_for` is the person whose absence lets
    them decide in the state that it is in; `not_for` names what keeps them from standing in.
    """

    contributed: bool = False
    bar: str | None = None
    late: bool = False
    stands_in_for: int | None = None
    not_for: str | None = None

    @classmethod
    def of(cls, purchase: Purchase) -> "Involvement":
        """Of the person for whom the transaction works. One query."""
        with connection.cursor() as cursor:
            cursor.execute("select * from procurement_involvement(%s)", [purchase.pk])
            row = cursor.fetchone()
        return cls(*row) if row else cls()


def refusal(
    transition: Transition, purchase: Purchase, person: Person | None, involved: Involvement | None
) -> str | None:
    """The guard that keeps this person from this step; None when they may take it. `person` None is the program itself."""
    if person is None:
        return None if SYSTEM in transition.actors else "role"
    if not _holds(transition.actors, purchase, person):
        lent = _lent(transition, purchase, person, involved)
        if lent is not None:
            return lent
    elif transition.decides and involved is not None and involved.late:
        return _own_work(transition, involved) or "late_role"
    if transition.action == Action.RECEIVE and purchase.requester_id == person.pk:
        return "requester_does_not_receive"
    return _own_work(transition, involved)


def _lent(
    transition: Transition, purchase: Purchase, person: Person, involved: Involvement | None
) -> str | None:
    """What keeps this person from the step in somebody else's stead; None when nothing does."""
    if not person.scope.stands_in(set(transition.actors) - {REQUESTER, SYSTEM}, purchase.agency_id):
        return "role"
    if involved is None or involved.stands_in_for is not None:
        return None
    if involved.contributed:
        return "own_work" if transition.decides else "substituted_had_a_hand"
    return involved.not_for or "role"


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
    return involved.bar if transition.decides else None
