"""What a step leaves open: evidence that was asked for, conditions that are to be met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import DatabaseError, transaction

from agencies.models import Person
from agencies.scoping import ScopedQuerySet
from procurement.errors import as_refusal
from procurement.models import Condition, EvidenceRequest, Move, Purchase
from procurement.states import Action


@dataclass(frozen=True, slots=True)
class Demand:
    """A condition as it is set."""

    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Evidence as it is asked for."""

    what: str
    from_whom: str
    by_when: date


def follow_up(move: Move, conditions: Sequence[Demand], evidence: Wanted | None) -> None:
    """Store what this step asks for, or close what it answers."""
    of_it = {"agency_id": move.agency_id, "purchase_id": move.purchase_id}
    if move.action == Action.ASK_EVIDENCE and evidence is not None:
        EvidenceRequest.objects.create(
            **of_it,
            move=move,
            what=evidence.what,
            from_whom=evidence.from_whom,
            by_when=evidence.by_when,
        )
    if move.action == Action.GIVE_EVIDENCE or move.from_status != move.to_status:
        _requests(move).filter(answered__isnull=True).update(answered=move)
    if move.action in (Action.APPROVE, Action.RECORD_ANSWER):
        for each in conditions:
            Condition.objects.create(**of_it, move=move, text=each.text, due_on=each.due_on)


def _requests(move: Move) -> ScopedQuerySet[EvidenceRequest]:
    if move.actor is None:
        requests = EvidenceRequest.objects.unscoped(reason="moves of the program itself")
    else:
        requests = EvidenceRequest.objects.visible_to(move.actor)
    return requests.filter(purchase=move.purchase_id)


@transaction.atomic
def meet_condition(
    *, purchase: Purchase, condition_id: UUID, note: str, by: Person, today: date
) -> Condition:
    """Find a condition to be met. Raises Condition.DoesNotExist, NotAllowed, NotNow."""
    found = Condition.objects.visible_to(by).get(pk=condition_id, purchase=purchase)
    found.met_on, found.met_by, found.met_note = today, by, note.strip()
    try:
        with transaction.atomic():
            found.save(update_fields=["met_on", "met_by", "met_note"])
    except DatabaseError as error:
        raise as_refusal(error) from error
    return found
