"""What people are told about purchases: whose turn it is, what became of what they asked for, and what is due.

Whose turn it is, is what `available_actions` answers for each of the people who hold a post for it, so that
nobody is told of a step that they may not take.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from agencies.context import acting_as
from agencies.models import Membership, Person
from agencies.posts import holders, substitutes
from procurement.due import due_of
from procurement.models import Claim, Condition, EvidenceRequest, Move, Purchase
from procurement.states import REQUESTER, SYSTEM, Action, Status
from procurement.transitions import TRANSITIONS
from procurement.workflow import available_actions
from records.notice_kinds import NoticeKind
from records.notice_words import in_both, on_day
from records.telling import Cause, Told

SOON: Final = timedelta(days=7)
"""So long before a day that something is due, people are told of it; and again when the day has passed."""

DAYS_BEFORE: Final = 2
"""So many working days before a review is due, people are told of it."""
HELD: Final = "held_by_another"

TURN: Final[Mapping[str, tuple[Action, ...]]] = {
    Status.AGENCY_REVIEW: (Action.APPROVE,),
    Status.SECURITY_REVIEW: (Action.APPROVE,),
    Status.CONSULTATION: (Action.RECORD_ANSWER,),
    Status.EMERGENCY: (Action.SUBMIT,),
    Status.APPROVED: (Action.ORDER, Action.NAME_OFFER),
    Status.ORDERED: (Action.RECEIVE, Action.CLOSE),
    Status.RECEIVED: (Action.CLOSE,),
}
"""The step that carries a purchase on, in each state: whoever may take it has the turn."""


def of_moves(ids: Collection[UUID], today: date) -> Iterator[Told]:
    """About these steps, but for those that others have overtaken since: what they brought about is nobody's any more."""
    rows = Move.objects.unscoped(reason="whom a step concerns, at whatever agency")
    moves = rows.filter(pk__in=ids).select_related(
        "actor", "purchase__agency", "purchase__requester", "purchase__dossier"
    )
    for move in moves.order_by("id"):
        told: dict[int, Told] = {}
        for person, cause in _of_move(move, today) if _still_holds(move) else ():
            if person.pk != move.actor_id:
                told.setdefault(person.pk, (person, cause))
        yield from told.values()


def _still_holds(move: Move) -> bool:
    """Whether what the step brought about is still so: the state, the open request, or its answer."""
    purchase = move.purchase
    if move.action == Action.ASK_EVIDENCE:
        return purchase.evidence_asked_at == move.at
    if move.action == Action.GIVE_EVIDENCE:
        same = (purchase.status, purchase.round) == (move.to_status, move.round)
        return same and not purchase.evidence_open
    return purchase.since == move.at


def _of_move(move: Move, today: date) -> Iterator[Told]:
    """The first that somebody is told of a step is the only one: what became of it before whose turn it is."""
    purchase = move.purchase
    outcome = _outcome(move)
    if outcome is not None:
        yield purchase.requester, _cause(outcome, move)
    if move.action == Action.ASK_EVIDENCE:
        yield from _asked(move, today)
        return
    cause = _cause(NoticeKind.EVIDENCE_GIVEN, move)
    if move.action != Action.GIVE_EVIDENCE:
        state = in_both(Status(move.to_status).label)
        under_review = move.to_status in Status.under_review()
        cause = _cause(NoticeKind.YOUR_TURN, move, state=state, review=under_review)
    yield from ((person, cause) for person in on_turn(purchase, today))


def _outcome(move: Move) -> NoticeKind | None:
    """What the step means for whoever asked for the purchase; None where it is only on its way."""
    if move.action == Action.RETURN:
        return NoticeKind.RETURNED
    if move.action == Action.RECHECK:
        return NoticeKind.RECHECKED
    decided = move.action in (Action.APPROVE, Action.RECORD_ANSWER)
    if decided and move.to_status == Status.APPROVED:
        return NoticeKind.APPROVED
    if move.to_status == Status.DECLINED:
        return NoticeKind.DECLINED
    return NoticeKind.CANCELLED if move.to_status == Status.CANCELLED else None


def _cause(kind: NoticeKind, move: Move, **parameters: object) -> Cause:
    return Cause(kind, f"move:{move.pk}", move.purchase, str(move.purchase), parameters)


def _asked(move: Move, today: date) -> Iterator[Told]:
    """Evidence is asked for: of the requester, and of every custodian of the agency."""
    requests = EvidenceRequest.objects.unscoped(reason="what a step asked for")
    request = requests.filter(move=move).first()
    if request is None:
        return
    cause = _cause(NoticeKind.EVIDENCE_ASKED, move, day=on_day(request.by_when))
    yield from ((person, cause) for person in _suppliers(move.purchase, today))


def _suppliers(purchase: Purchase, today: date) -> Iterator[Person]:
    """Whoever may give evidence."""
    yield purchase.requester
    yield from holders((Membership.Role.CUSTODIAN,), purchase.agency_id, today)


def on_turn(purchase: Purchase, today: date) -> Iterator[Person]:
    """Whoever may now take the step that carries the purchase on: while somebody holds the review, nobody else.

    `agency`, `requester` and `dossier` come selected.

    A few queries for each person who holds a post for it: they are few.
    """
    steps = TURN.get(Status(purchase.status), ())
    actors = {
        actor
        for way in TRANSITIONS
        if way.source == purchase.status and way.action in steps
        for actor in way.actors
    }
    roles = actors - {REQUESTER, SYSTEM}
    people = {
        each.pk: each
        for among in (holders, substitutes)
        for each in among(roles, purchase.agency_id, today)
    }
    if REQUESTER in actors:
        people.setdefault(purchase.requester_id, purchase.requester)
    for person in people.values():
        with acting_as(person):  # the database says what they already have to do with it
            offered = available_actions(purchase, person)
        if any(each.action in steps and each.guard != HELD for each in offered):
            yield person


def of_conditions(today: date) -> Iterator[Told]:
    """Conditions of approvals that are open and due within a week, or overdue: to whoever asked for the purchase."""
    rows = Condition.objects.unscoped(reason="conditions that are due, of every agency")
    due = rows.filter(met_on__isnull=True, due_on__lte=today + SOON).exclude(
        purchase__status__in=[Status.WITHDRAWN, Status.CANCELLED, Status.DECLINED]
    )
    for each in due.select_related("purchase__requester", "purchase__agency"):
        key = f"condition:{each.pk}:{_stage(each.due_on, today)}"
        yield (
            each.purchase.requester,
            _due(NoticeKind.CONDITION_DUE, key, each.purchase, each.due_on),
        )


def of_evidence(today: date) -> Iterator[Told]:
    """Evidence that was asked for, is not given, and is due within a week or overdue."""
    rows = EvidenceRequest.objects.unscoped(reason="evidence that is due, of every agency")
    due = rows.filter(answered__isnull=True, by_when__lte=today + SOON)
    for each in due.select_related("purchase__requester", "purchase__agency"):
        key = f"evidence:{each.pk}:{_stage(each.by_when, today)}"
        cause = _due(NoticeKind.EVIDENCE_DUE, key, each.purchase, each.by_when)
        people = {person.pk: person for person in _suppliers(each.purchase, today)}
        yield from ((person, cause) for person in people.values())


def of_reviews(today: date) -> Iterator[Told]:
    """Reviews that are due within two working days, or overdue: to the holder, or to all who may decide."""
    rows = Purchase.objects.unscoped(reason="reviews that are due, of every agency")
    near = rows.filter(due_on__lte=today + SOON, evidence_asked_at__isnull=True)
    for purchase in near.select_related("agency", "requester", "dossier"):
        due = due_of(purchase, today)
        if due.on is None or due.days > DAYS_BEFORE:
            continue
        stage = "over" if due.overdue else "soon"
        key = f"review:{purchase.pk}:{purchase.status}:{due.on}:{stage}"
        cause = _due(NoticeKind.REVIEW_DUE, key, purchase, due.on)
        yield from ((person, cause) for person in on_turn(purchase, today))


def of_lapsed_claims(today: date) -> Iterator[Told]:
    """Reviews that somebody held, and no longer does because no step was taken: to whoever held them."""
    rows = Claim.objects.unscoped(reason="claims that ran out, at whatever agency")
    going = rows.filter(ended_at__isnull=True).exclude(pk__in=rows.holding_on(today).values("pk"))
    for claim in going.select_related("person", "purchase__agency"):
        yield claim.person, _claim_cause(NoticeKind.CLAIM_ENDED, claim)


def of_claims(ids: Collection[UUID]) -> Iterator[Told]:
    """Reviews that another took over: to whoever held them until then."""
    rows = Claim.objects.unscoped(reason="claims that were taken over, at whatever agency")
    ended = rows.filter(instead_of__in=ids, instead_of__ended_how=Claim.Ended.TAKEN_OVER)
    for claim in ended.select_related("person", "instead_of__person", "purchase__agency"):
        if claim.instead_of is not None:
            cause = _claim_cause(
                NoticeKind.CLAIM_TAKEN_OVER, claim.instead_of, person=in_both(claim.person)
            )
            yield claim.instead_of.person, cause


def _claim_cause(kind: NoticeKind, claim: Claim, **parameters: object) -> Cause:
    return Cause(kind, f"claim:{claim.pk}", claim.purchase, str(claim.purchase), parameters)


def _stage(due: date | None, today: date) -> str:
    """Once before the day and once after it, for each day that something is due."""
    return f"{due}:{'over' if due is not None and due < today else 'soon'}"


def _due(kind: NoticeKind, key: str, purchase: Purchase, day: date | None) -> Cause:
    return Cause(kind, key, purchase, str(purchase), {"day": on_day(day)} if day else {})
