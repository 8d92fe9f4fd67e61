"""One purchase as its pages read it: the object, its lines, its timeline, and what today would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from audit.models import Event as AuditEvent
from procurement.differences import differences
from procurement.dossiers import compose, stored
from procurement.errors import Difference
from procurement.guidance import DONE
from procurement.models import (
    Condition,
    EvidenceRequest,
    Line,
    Move,
    Offer,
    Purchase,
    RefusedUnit,
)
from procurement.permissions import may_find_met, may_offer, may_refuse
from procurement.states import Action, ConsultationAnswer, Reason, Status
from web.access import found
from web.dossiers import DossierView, view_dossier
from web.elements import Change, Event
from web.events import readable_events, timeline
from web.values import language

HOLDS_TODAY = (*Status.under_review(), Status.EMERGENCY, Status.APPROVED, Status.ORDERED)
"""States in which the next step asks whether the dossier still holds."""
TONES = {
    Action.APPROVE: "positive",
    Action.RECORD_ANSWER: "positive",
    Action.RETURN: "serious",
    Action.DECLINE: "critical",
    Action.CANCEL: "critical",
    Action.RECHECK: "serious",
    Action.ORDER_FIRST: "serious",
    Action.AMEND: "serious",
}
EDITS_SHOWN = 50
COUNTERS = ("version", "edited_at")
PURCHASES, LINES = Purchase._meta.db_table, Line._meta.db_table
INSERT = AuditEvent.Action.INSERT


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


def purchase_timeline(purchase: Purchase, lines: Sequence[Line], person: Person) -> list[Event]:
    """Moves and changes in one stream, newest first. Four queries, whatever its length."""
    moves = purchase.moves.visible_to(person).select_related("actor").order_by("-no")
    events = [*map(move_event, moves), *_edits(purchase, lines, person)]
    return sorted(events, key=_when, reverse=True)


def _when(event: Event) -> datetime:
    return event.at


def _edits(purchase: Purchase, lines: Sequence[Line], person: Person) -> list[Event]:
    """The latest changes of the request itself and of its lines; what moves change is said by the moves."""
    of_purchase = Q(record_table=PURCHASES, record_id=str(purchase.pk))
    of_lines = Q(record_table=LINES, record_id__in=[str(line.pk) for line in lines])
    content = Q(action=INSERT) | Q(fields__overlap=Purchase.CONTENT)
    found = readable_events(person).filter(of_purchase & content | of_lines)
    events = _without_first_lines(list(found[:EDITS_SHOWN]))
    names = {str(line.pk): f"{line.quantity} × {line_name(line)}" for line in lines}
    shown = zip(events, timeline(events, person), strict=True)
    return [_named(event, line, names.get(event.record_id)) for event, line in shown]


def _without_first_lines(events: list[AuditEvent]) -> list[AuditEvent]:
    """Lines stored together with the purchase go without saying."""
    first = {
        each.request for each in events if (each.record_table, each.action) == (PURCHASES, INSERT)
    }
    return [
        each
        for each in events
        if not (each.record_table == LINES and each.action == INSERT and each.request in first)
    ]


def _named(event: AuditEvent, shown: Event, line: str | None) -> Event:
    """Without the columns that count edits; a line by what it asks for, for it has no name of its own."""
    counters = {str(each.verbose_name) for each in Purchase._meta.fields if each.name in COUNTERS}
    shown = replace(shown, changes=[each for each in shown.changes if each.label not in counters])
    if line is None:
        return shown
    added = event.action == INSERT
    sentence = _("Added the line “%(line)s”.") if added else _("Changed the line “%(line)s”.")
    return replace(shown, sentence=sentence % {"line": line})


def move_event(move: Move) -> Event:
    """A move as a line of a timeline; reads `actor`."""
    codes = [str(Reason(code).label) for code in move.reasons]
    if move.answer:
        codes.insert(0, str(ConsultationAnswer(move.answer).label))
    return Event(
        at=move.at,
        actor=str(move.actor) if move.actor else _("the program"),
        sentence=str(DONE[Action(move.action)]),
        reason=linebreaksbr("\n".join(filter(None, [_("; ").join(codes), move.letter]))),
        tone=TONES.get(Action(move.action), "active"),
    )


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
