"""One purchase as its pages read it: the object, its lines, whose turn it is, and what today would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from procurement.differences import differences
from procurement.dossiers import compose, stored
from procurement.errors import Difference
from procurement.guidance import FORWARD, LABELS, Text, consequence, guidance
from procurement.models import (
    Condition,
    EvidenceRequest,
    Line,
    Offer,
    Purchase,
    RefusedUnit,
)
from procurement.permissions import may_find_met, may_offer, may_refuse
from procurement.states import Action, Status
from procurement.workflow import Available, available_actions
from web.access import found
from web.dossiers import DossierView, view_dossier
from web.elements import Change
from web.values import language

HOLDS_TODAY = (*Status.under_review(), Status.EMERGENCY, Status.APPROVED, Status.ORDERED)
"""States in which the next step asks whether the dossier still holds."""
TAKING_A_TURN = {*FORWARD, Action.RETURN}
"""Whoever may take one of these is who the purchase waits for."""


def purchase_for(person: Person, pk: UUID, *, lock: bool = False) -> Purchase:
    """One purchase with all that a page about it shows, or 404. Locked, it stays as it is until the answer."""
    rows = Purchase.objects.visible_to(person).select_related("agency", "requester", "dossier")
    return found(rows.select_for_update(of=("self",)) if lock else rows, pk=pk)


def dossier_view(purchase: Purchase, lines: Sequence[Line]) -> DossierView | None:
    """The frozen dossier; of a draft what it would say today. None for a draft without lines."""
    body = stored(purchase)
    if purchase.editable:
        return view_dossier(compose(purchase, lines, timezone.localdate()).body) if lines else None
    if body is None or purchase.dossier is None:
        return None
    return view_dossier(body, purchase.dossier.digest)


def changed_since_dossier(purchase: Purchase, lines: Sequence[Line]) -> tuple[Difference, ...]:
    """What is not as the dossier says, in states where that matters."""
    body = stored(purchase)
    if body is None or purchase.status not in HOLDS_TODAY:
        return ()
    return differences(body, compose(purchase, lines, timezone.localdate()).body)


def as_changes(found: Iterable[Difference]) -> list[Change]:
    return [Change(each.label, each.old, each.new) for each in found]


def outstanding_of(
    purchase: Purchase, lines: Sequence[Line], person: Person
) -> list[tuple[Line, int]]:
    """The lines of which aircraft are still to come, with how many. One query."""
    received = purchase.received_units.visible_to(person).values_list("line_id", flat=True)
    came = list(received)
    left = [(line, line.quantity - came.count(line.pk)) for line in lines if line.build_id]
    return [(line, count) for line, count in left if count > 0]


def offers_on(purchase: Purchase, person: Person) -> list[Offer]:
    """Every offer that was recorded, in that order. One query."""
    offers = purchase.offers.visible_to(person).select_related(
        "line", "purchase", "supplier", "build__model__manufacturer", "recorded_by"
    )
    return list(offers)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the reader may take, with what it brings about. `forward`: it carries the purchase on."""

    available: Available
    label: Text
    consequences: Sequence[Text]
    forward: bool


def steps_for(purchase: Purchase, person: Person) -> list[Step]:
    """What the workflow offers this person now, in its order. Two queries."""
    return [
        Step(
            each,
            LABELS[each.action],
            list(dict.fromkeys(consequence(each.action, target) for target in each.targets)),
            each.action in FORWARD,
        )
        for each in available_actions(purchase, person)
    ]


@dataclass(frozen=True, slots=True)
class Turn:
    """Who holds a purchase and what happens next, for one reader. `yours` is empty where it is not their turn."""

    holder: Text
    next_step: Text
    yours: Text


def turn_of(
    purchase: Purchase, steps: Iterable[Step], reader: Person, held_by: Person | None
) -> Turn:
    """Asks the database for nothing. Who has taken the review on, or the requester, by name."""
    now = guidance(purchase)
    actions = {each.available.action for each in steps}
    asked = {Action.GIVE_EVIDENCE} if purchase.evidence_open else TAKING_A_TURN
    if held_by is not None and not purchase.evidence_open:
        held = _("%(holder)s: %(person)s") % {"holder": now.holder, "person": held_by}
        return Turn(held, now.next_step, now.yours if held_by == reader else "")
    said = {"holder": now.holder, "person": purchase.requester}
    holder = _("%(holder)s: %(person)s") % said if now.by_requester else now.holder
    return Turn(holder, now.next_step, now.yours if actions & asked else "")


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What is open in a purchase beside its state, for its pages."""

    evidence: EvidenceRequest | None
    conditions: Sequence[Condition]
    offers: Sequence[Offer]
    refused: Sequence[RefusedUnit]
    may_offer: bool
    may_refuse: bool
    may_meet: bool


def follow_ups(purchase: Purchase, person: Person) -> FollowUps:
    """Four queries."""
    asked = purchase.evidence_requests.visible_to(person).filter(answered__isnull=True)
    conditions = purchase.conditions.visible_to(person).select_related("met_by", "move__actor")
    refused = purchase.refused_units.visible_to(person).select_related("inspector")
    flags = (stored(purchase) or {}).get("flags", {})
    return FollowUps(
        asked.select_related("move__actor").first() if purchase.evidence_open else None,
        list(conditions),
        offers_on(purchase, person),
        list(refused),
        may_offer=may_offer(person, purchase) and flags.get("specification", False),
        may_refuse=may_refuse(person, purchase) and flags.get("deliveries", False),
        may_meet=may_find_met(person, purchase),
    )


def line_name(line: Line) -> str:
    return line.japanese if language() == "ja" else line.english
