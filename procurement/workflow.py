"""The workflow: what may be done now, and doing it. The table is in transitions.py, its enforcement in sql.py."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies.models import Person
from procurement.differences import differences
from procurement.dossiers import Composed, compose, stored
from procurement.errors import NotAllowed, NotNow
from procurement.guards import Involvement, refusal
from procurement.models import Dossier, Line, Move, Purchase, PurchaseQuerySet
from procurement.receipts import Unit, book_in
from procurement.refusals import text
from procurement.states import Action, Status
from procurement.transitions import TRANSITIONS, Transition

# Steps that rest on the dossier as it was seen: its facts and outcomes must still hold.
RESTS_ON_DOSSIER = (Action.APPROVE, Action.RECORD_ANSWER, Action.ORDER, Action.RECEIVE)


@dataclass(frozen=True, slots=True)
class Available:
    """A step this person may take from here. `blocked_by` says why not yet; empty when it may be taken now."""

    action: Action
    targets: tuple[Status, ...]
    needs_reasons: bool
    blocked_by: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """All that somebody hands in with a step."""

    version: int
    digest: str = ""
    reasons: Sequence[str] = ()
    letter: str = ""
    contract_reference: str = ""
    units: Sequence[Unit] = field(default=())


def available_actions(purchase: Purchase, by: Person) -> tuple[Available, ...]:
    """The steps this person may take now, in the order of the table: what buttons, API and handler ask.

    `purchase` comes with `dossier` selected. Two queries.
    """
    dossier = stored(purchase)
    involved = Involvement.of(by, purchase, dossier)
    open_to: dict[Action, list[Transition]] = {}
    for transition in TRANSITIONS:
        if (
            transition.source == purchase.status
            and refusal(transition, purchase, by, involved) is None
        ):
            open_to.setdefault(transition.action, []).append(transition)
    flags = (dossier or {}).get("flags", {})
    return tuple(_available(action, ways, flags) for action, ways in open_to.items())


def _available(action: Action, ways: list[Transition], flags: dict[str, bool]) -> Available:
    met = [way for way in ways if _flags_met(way, flags)]
    return Available(
        action=action,
        targets=tuple(way.target for way in met or ways),
        needs_reasons=ways[0].needs_reasons,
        blocked_by="" if met else text("blocked"),
    )


def _flags_met(transition: Transition, flags: dict[str, bool]) -> bool:
    return all(
        flags.get(flag.lstrip("!"), True) != flag.startswith("!") for flag in transition.requires
    )


@transaction.atomic
def perform(
    action: Action | str, purchase_id: UUID, *, by: Person | None, request: Request
) -> Move:
    """Take one step. `by` None is the program itself.

    Raises Purchase.DoesNotExist when there is none that `by` can see, NotAllowed when this person
    may not, NotNow when it is not possible now or something changed since, ValidationError for units.
    """
    _hold_rulebook()
    purchase = _purchase(purchase_id, by)
    action = Action(action)
    ways = [way for way in TRANSITIONS if way.action == action and way.source == purchase.status]
    _demand_unmoved(purchase, ways, by, request)
    dossier = stored(purchase)
    _demand_allowed(ways, purchase, by, dossier)
    today = timezone.localdate()
    composed = (
        _composed(purchase, by, today)
        if ways[0].new_dossier or action in RESTS_ON_DOSSIER
        else None
    )
    if action in RESTS_ON_DOSSIER and composed is not None:
        _demand_dossier_holds(purchase, dossier, composed, request)
    if (
        action == Action.APPROVE
        and dossier
        and dossier["flags"]["acceptance"]
        and not request.letter.strip()
    ):
        raise NotNow("accept_in_writing")
    way = _way(ways, (composed.flags if composed else (dossier or {}).get("flags", {})))
    with transaction.atomic():
        try:
            return _make(way, purchase, by, composed, request, today)
        except DatabaseError as error:
            refused = error
    raise _as_refusal(refused, purchase, by) from refused


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
    return list(scoped.select_related("build__model__manufacturer", "supplier"))


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


def _demand_allowed(
    ways: list[Transition], purchase: Purchase, by: Person | None, dossier: dict[str, object] | None
) -> None:
    """Raises NotAllowed; to somebody who could have taken the step before the last move, NotNow."""
    involved = None if by is None else Involvement.of(by, purchase, dossier)
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
    met = [way for way in ways if _flags_met(way, flags)]
    if not met:
        raise NotNow("blocked")
    return met[0]


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
    if way.action == Action.ORDER:
        purchase.contract_reference = request.contract_reference.strip()
        purchase.save(update_fields=["contract_reference", "edited_at"])
    target = way.target
    if way.action == Action.RECEIVE and by is not None:
        target = book_in(purchase, lines_of(purchase, by), request.units, by=by, today=today)
    return Move.objects.create(
        agency_id=purchase.agency_id,
        purchase=purchase,
        action=way.action,
        from_status=way.source,
        to_status=target,
        version=purchase.version,
        round=purchase.round,
        dossier=dossier,
        digest=dossier.digest if dossier else "",
        actor=by,
        reasons=list(request.reasons),
        letter=request.letter.strip(),
    )


def _hold(purchase: Purchase, by: Person | None) -> None:
    """Rows are about to be stored that point to the purchase: their keys share its row, and two who
    both share it could not both have it moved."""
    _purchases(by).select_for_update().get(pk=purchase.pk)


def _as_refusal(error: DatabaseError, purchase: Purchase, by: Person | None) -> Exception:
    """What the trigger refused, in the words of the program; any other error as it is."""
    cause = error.__cause__
    guard = getattr(getattr(cause, "diag", None), "message_detail", "")
    match getattr(cause, "pgcode", ""):
        case "RG403":
            return NotAllowed(guard)
        case "RG409":
            return NotNow(guard, moves=_since(purchase, by))
    return error
