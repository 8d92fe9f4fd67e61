"""Asking for a waiver and deciding on it: who may, what is open now, and doing it.

The database asks the same questions (compliance/waiver_sql.py); a test compares the two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from agencies.models import Membership, Person
from compliance.assess import refresh
from compliance.models import Waiver, WaiverDecision, WaiverStep
from compliance.waiver_refusals import (
    WaiverNotAllowed,
    WaiverNotNow,
    WaiverRefused,
    refused_by_database,
)
from registry.models import Drone

Role = Membership.Role
Status = Waiver.Status

ASKING = (Role.CUSTODIAN, Role.APPROVER, Role.POLICY_OFFICER)
"""Roles that ask for waivers, for the bodies they cover."""
FIRST = (Role.SECURITY_REVIEWER,)
SECOND = (Role.CONSULTATION_OFFICER, Role.POLICY_OFFICER)


@dataclass(frozen=True, slots=True)
class Way:
    """One allowed step. `decides`: closed to the requester and to whoever decided on it already."""

    step: WaiverStep
    source: str
    target: str
    roles: tuple[str, ...] = ()
    requester: bool = False
    decides: bool = True
    needs_reason: bool = False


WAYS: tuple[Way, ...] = (
    Way(WaiverStep.ENDORSE, Status.REQUESTED, Status.ENDORSED, FIRST),
    Way(WaiverStep.GRANT, Status.ENDORSED, Status.GRANTED, SECOND),
    Way(WaiverStep.DECLINE, Status.REQUESTED, Status.DECLINED, FIRST, needs_reason=True),
    Way(WaiverStep.DECLINE, Status.ENDORSED, Status.DECLINED, SECOND, needs_reason=True),
    *(
        Way(
            WaiverStep.WITHDRAW,
            source,
            Status.WITHDRAWN,
            requester=True,
            decides=False,
            needs_reason=True,
        )
        for source in (Status.REQUESTED, Status.ENDORSED)
    ),
    Way(
        WaiverStep.END,
        Status.GRANTED,
        Status.GRANTED,
        (*FIRST, *SECOND),
        requester=True,
        decides=False,
        needs_reason=True,
    ),
)
CHANGES_STANDINGS = (WaiverStep.GRANT, WaiverStep.END)


def may_ask(person: Person, agency_id: int | None = None) -> bool:
    """Whether this person asks for waivers of this body, or of any when none is named."""
    return person.scope.holds_any(ASKING, agency_id)


@transaction.atomic
def request_waiver(*, waiver: Waiver, by: Person) -> Waiver:
    """Store a request. It is decided on exactly as it is stored.

    Raises ValidationError for what is wrong with it, WaiverNotAllowed when this person may not ask
    for it, WaiverNotNow for a period or a scope that no waiver may have.
    """
    waiver.requested_by = by
    waiver.full_clean()
    try:
        with transaction.atomic():
            waiver.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(str(error)) from error
    except DatabaseError as error:
        raise refused_by_database(error) or error from error
    waiver.refresh_from_db()
    return waiver


def refusal(
    way: Way, waiver: Waiver, person: Person, decided: Iterable[int], today: date
) -> str | None:
    """The guard that keeps this person from this step; None when they may take it.

    `decided` are the ids of those who decided on it already.
    """
    own = waiver.requested_by_id == person.pk
    if not (way.requester and own) and not person.scope.holds_any(way.roles, waiver.agency_id):
        return "role"
    if way.decides and own:
        return "own_request"
    if way.decides and person.pk in set(decided):
        return "second_person"
    return "over" if _is_over(way.step, waiver, today) else None


def _is_over(step: WaiverStep, waiver: Waiver, today: date) -> bool:
    if step is WaiverStep.END:
        return bool(waiver.last_day < today)
    return step in (WaiverStep.ENDORSE, WaiverStep.GRANT) and waiver.valid_until < today


def decisions_on(waiver: Waiver, reader: Person) -> list[WaiverDecision]:
    """All that was decided, oldest first. One query."""
    rows = WaiverDecision.objects.visible_to(reader).filter(waiver=waiver)
    return list(rows.select_related("actor").order_by("no"))


def available_steps(
    waiver: Waiver, person: Person, decisions: Iterable[WaiverDecision]
) -> list[WaiverStep]:
    """What this person may do with the waiver now: what buttons and pages ask."""
    decided, today = {each.actor_id for each in decisions}, timezone.localdate()
    return [
        way.step
        for way in WAYS
        if way.source == waiver.status and refusal(way, waiver, person, decided, today) is None
    ]


def demand(
    step: WaiverStep, waiver: Waiver, by: Person, decisions: list[WaiverDecision], seen: int
) -> Way:
    """The way of this step. Raises WaiverNotAllowed or WaiverNotNow when it may not be taken.

    `seen` is the number of decisions that the person knew of.
    """
    since = [each for each in reversed(decisions) if each.no > seen] or decisions[-1:]
    if seen != waiver.decisions_made:
        raise WaiverNotNow("moved", since)
    way = next((w for w in WAYS if w.step == step and w.source == waiver.status), None)
    if way is None:
        raise WaiverNotNow("step", since)
    refused = refusal(way, waiver, by, {each.actor_id for each in decisions}, timezone.localdate())
    if refused == "over":
        raise WaiverNotNow(refused, since)
    if refused is not None:
        raise WaiverNotAllowed(refused)
    return way


@transaction.atomic
def decide(
    step: WaiverStep,
    waiver_id: UUID,
    *,
    by: Person,
    seen: int,
    reason: str = "",
    ends_from: date | None = None,
) -> WaiverDecision:
    """Take a step with a waiver; the aircraft that it covers have their new standing at once.

    Raises Waiver.DoesNotExist when there is none that `by` can see, WaiverNotAllowed, WaiverNotNow.
    `ends_from` is the first day without it, for END.
    """
    waiver = Waiver.objects.visible_to(by).get(pk=waiver_id)
    decisions = decisions_on(waiver, by)
    way = demand(step, waiver, by, decisions, seen)
    if way.needs_reason and not reason.strip():
        raise WaiverNotNow("reason")
    decision = WaiverDecision(
        agency_id=waiver.agency_id,
        waiver=waiver,
        no=seen + 1,
        step=step,
        actor=by,
        reason=reason.strip(),
        ends_from=ends_from,
    )
    _store(decision, by)
    if step in CHANGES_STANDINGS:
        refresh_waived(waiver)
    return decision


def _store(decision: WaiverDecision, by: Person) -> None:
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except DatabaseError as error:
        since = decisions_on(decision.waiver, by)[:-4:-1]
        refused: WaiverRefused | None = refused_by_database(error, since)
        raise refused or error from error


def refresh_waived(waiver: Waiver) -> None:
    """The aircraft of its builds, and of the builds of its aircraft, are judged again now."""
    of_drones = Drone.objects.unscoped(reason="builds of the aircraft that a waiver names")
    builds = of_drones.filter(pk__in=waiver.drones).values_list("build_id", flat=True)
    refresh({*waiver.builds, *builds})
