"""The workflow: what may be done now, and doing it. The table is in transitions.py, its enforcement in sql.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies.models import Person
from audit.attempts import attempting
from procurement.claims import claim_on, held_by_another, hindering
from procurement.differences import differences
from procurement.dossiers import Composed, compose, stored
from procurement.errors import NotAllowed, NotNow, Refused, as_refusal
from procurement.follow_ups import follow_up
from procurement.guards import Involvement, refusal
from procurement.models import Claim, Dossier, Line, Move, Purchase, PurchaseQuerySet
from procurement.readiness import demand_complete, flags_met, offered, unmet, waits, ways_from
from procurement.receipts import all_in, book_in
from procurement.requests import Request
from procurement.states import Action, Status
from procurement.tenders import name_offers
from procurement.transitions import TRANSITIONS, Transition

# Steps that rest on the dossier as it was seen: its facts and outcomes must still hold.
RESTS_ON_DOSSIER = (Action.APPROVE, Action.RECORD_ANSWER, Action.ORDER, Action.RECEIVE)


@dataclass(frozen=True, slots=True)
class Available:
    """A step this person may take from here. `blocked_by` says why not yet, `guard` which guard says so; both empty
    when it may be taken now."""

    action: Action
    targets: tuple[Status, ...]
    needs_reasons: bool
    blocked_by: str = ""
    guard: str = ""


def available_actions(purchase: Purchase, by: Person) -> tuple[Available, ...]:
    """The steps this person may take now, in the order of the table: what buttons, API and handler ask.

    `purchase` comes with `dossier` selected. Three queries at most.
    """
    dossier = stored(purchase)
    involved = Involvement.of(purchase)
    flags: dict[str, bool] = (dossier or {}).get("flags", {})
    open_to: dict[Action, list[Transition]] = {}
    for transition in TRANSITIONS:
        if (
            transition.source == purchase.status
            and offered(transition, purchase, flags)
            and refusal(transition, purchase, by, involved) is None
        ):
            open_to.setdefault(transition.action, []).append(transition)
    today, held = timezone.localdate(), _held(purchase, by)
    return tuple(
        _available(action, ways, flags, _waiting(ways[0], purchase, by, held, today))
        for action, ways in open_to.items()
    )


def _held(purchase: Purchase, by: Person | None) -> Claim | None:
    """The claim on a review; nothing else is claimed, and the program itself respects none. One query at most."""
    reviewed = purchase.status in Status.under_review()
    return claim_on(purchase, by) if reviewed and by is not None else None


def _waiting(
    way: Transition, purchase: Purchase, by: Person, held: Claim | None, today: date
) -> Refused | None:
    """Why this step waits, whatever the dossier says; None when it does not."""
    if others := hindering(way, held, by):
        return held_by_another(others)
    guard = waits(way.action, purchase, today)
    return NotNow(guard) if guard else None


def _available(
    action: Action, ways: list[Transition], flags: dict[str, bool], waiting: Refused | None
) -> Available:
    met = [way for way in ways if way.new_dossier or flags_met(way, flags)]
    refused = waiting or (None if met else NotNow(unmet(ways, flags)))
    return Available(
        action=action,
        targets=tuple(dict.fromkeys(way.target for way in met or ways)),
        needs_reasons=ways[0].needs_reasons,
        blocked_by=refused.message if refused else "",
        guard=refused.guard if refused else "",
    )


def perform(
    action: Action | str, purchase_id: UUID, *, by: Person | None, request: Request
) -> Move:
    """Take one step. `by` None is the program itself.

    Raises Purchase.DoesNotExist when there is none that `by` can see, NotAllowed when this person
    may not, NotNow when it is not possible now or something changed since, ValidationError for units.
    What is refused is noted for the audit trail.
    """
    with attempting(str(action), Purchase._meta.db_table, purchase_id), transaction.atomic():
        return _perform(Action(action), purchase_id, by, request)


def _perform(action: Action, purchase_id: UUID, by: Person | None, request: Request) -> Move:
    _hold_rulebook()
    purchase = _purchase(purchase_id, by)
    ways = ways_from(purchase, action, request.answer)
    _demand_unmoved(purchase, ways, by, request)
    dossier = stored(purchase)
    _demand_allowed(ways, purchase, by)
    if others := hindering(ways[0], _held(purchase, by), by):
        raise held_by_another(others)
    demand_complete(action, request, dossier)
    if action == Action.NAME_OFFER:
        _take_over(purchase, request.offers, by)
    today = timezone.localdate()
    composed = (
        _composed(purchase, by, today)
        if ways[0].new_dossier or action in RESTS_ON_DOSSIER
        else None
    )
    if action in (Action.SUBMIT, Action.ORDER_FIRST) and composed and not composed.body["lines"]:
        raise NotNow("no_lines")
    if action in RESTS_ON_DOSSIER and composed is not None:
        _demand_dossier_holds(purchase, dossier, composed, request)
    way = _way(ways, (composed.flags if composed else (dossier or {}).get("flags", {})))
    try:
        with transaction.atomic():
            return _make(way, purchase, by, composed, request, today)
    except DatabaseError as error:
        raise as_refusal(error, moves=_since(purchase, by)) from error


def _hold_rulebook() -> None:
    """No version or edition changes between what is compared here and the end of the step."""
    with connection.cursor() as cursor:
        cursor.execute("select policy_hold_rulebook()")


def _purchases(by: Person | None) -> PurchaseQuerySet:
    if by is None:
        return Purchase.objects.unscoped(reason="moves of the program itself")
    return Purchase.objects.visible_to(by)


def _purchase(purchase_id: UUID, by: Person | None) -> Purchase:
    rows = _purchases(by).select_related("agency", "requester", "dossier")
    return rows.get(pk=purchase_id)


def lines_of(purchase: Purchase, by: Person | None) -> list[Line]:
    """The lines with all that a dossier or a page says of them."""
    rows = purchase.lines
    scoped = (
        rows.unscoped(reason="moves of the program itself") if by is None else rows.visible_to(by)
    )
    return list(
        scoped.select_related("build__model__manufacturer", "supplier", "maker", "declaration")
    )


def _composed(purchase: Purchase, by: Person | None, on: date) -> Composed:
    return compose(purchase, lines_of(purchase, by), on)


def _demand_unmoved(
    purchase: Purchase, ways: list[Transition], by: Person | None, request: Request
) -> None:
    if not ways:
        raise NotNow("transition", moves=_since(purchase, by))
    if purchase.version != request.version:
        raise NotNow("moved", moves=_since(purchase, by))


def _since(purchase: Purchase, by: Person | None) -> list[Move]:
    """The latest moves, newest first: what happened meanwhile."""
    if by is None:
        return []
    return list(purchase.moves.visible_to(by).select_related("actor").order_by("-no")[:3])


def _demand_allowed(ways: list[Transition], purchase: Purchase, by: Person | None) -> None:
    """Raises NotAllowed; to somebody who could have taken the step before the last move, NotNow."""
    involved = None if by is None else Involvement.of(purchase)
    refused = refusal(ways[0], purchase, by, involved)
    if refused == "role" and _came_late(ways[0].action, purchase, by):
        raise NotNow("moved", moves=_since(purchase, by))
    if refused is not None:
        raise NotAllowed(refused)


def _came_late(action: Action, purchase: Purchase, by: Person | None) -> bool:
    """Whether this step was this person's to take in the state that the last move left."""
    left = {move.from_status for move in _since(purchase, by)[:1]}
    return any(
        refusal(way, purchase, by, None) is None
        for way in TRANSITIONS
        if way.action == action and way.source in left
    )


def _demand_dossier_holds(
    purchase: Purchase, dossier: dict[str, object] | None, composed: Composed, request: Request
) -> None:
    if purchase.dossier is None or dossier is None or request.digest != purchase.dossier.digest:
        raise NotNow("dossier")
    changed = differences(dossier, composed.body)
    if changed:
        raise NotNow("dossier_no_longer_holds", differences=changed)


def _way(ways: list[Transition], flags: dict[str, bool]) -> Transition:
    met = [way for way in ways if flags_met(way, flags)]
    if not met:
        raise NotNow(unmet(ways, flags))
    return met[0]


def _take_over(purchase: Purchase, offers: Sequence[UUID], by: Person | None) -> None:
    """The lines of the specification become what these offers say; the purchase counts a version for each."""
    if by is None:
        raise NotAllowed("role")
    _hold(purchase, by)
    try:
        name_offers(purchase, offers, by)
    except DatabaseError as error:
        raise as_refusal(error) from error
    purchase.refresh_from_db(fields=["version"])


def _make(
    way: Transition,
    purchase: Purchase,
    by: Person | None,
    composed: Composed | None,
    request: Request,
    today: date,
) -> Move:
    if way.new_dossier or way.action == Action.RECEIVE:
        _hold(purchase, by)
    dossier = purchase.dossier
    if way.new_dossier and composed is not None:
        dossier = Dossier.objects.create(
            agency_id=purchase.agency_id,
            purchase=purchase,
            version=purchase.version,
            digest=composed.digest,
            body=composed.text,
        )
    if way.action in (Action.ORDER, Action.ORDER_FIRST):
        purchase.contract_reference = request.contract_reference.strip()
        purchase.save(update_fields=["contract_reference", "edited_at"])
    move = Move.objects.create(
        agency_id=purchase.agency_id,
        purchase=purchase,
        action=way.action,
        from_status=way.source,
        to_status=_target(way, purchase, by, request, today),
        version=purchase.version,
        round=purchase.round,
        dossier=dossier,
        digest=dossier.digest if dossier else "",
        actor=by,
        reasons=list(request.reasons),
        letter=request.letter.strip(),
        answer=request.answer if way.answers else "",
    )
    follow_up(move, request.conditions, request.evidence)
    return move


def _target(
    way: Transition, purchase: Purchase, by: Person | None, request: Request, today: date
) -> Status:
    """Where the step leads; of an order and a receipt it depends on what is in."""
    if by is None or way.action not in (Action.RECEIVE, Action.ORDER):
        return way.target
    lines = lines_of(purchase, by)
    if way.action == Action.RECEIVE:
        book_in(purchase, lines, request.units, by=by, today=today)
    if way.source in (Status.APPROVED, Status.ORDERED):
        return Status.RECEIVED if all_in(purchase, lines, by) else Status.ORDERED
    return way.target


def _hold(purchase: Purchase, by: Person | None) -> None:
    """Rows are about to be stored that point to the purchase: their keys share its row, and two who
    both share it could not both have it moved. Raises NotNow where somebody moved it on while this one waited."""
    now = _purchases(by).select_for_update().get(pk=purchase.pk)
    if (now.status, now.version, now.round) != (purchase.status, purchase.version, purchase.round):
        raise NotNow("moved", moves=_since(purchase, by))
