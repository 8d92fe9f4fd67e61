"""What happens to aircraft: what may be recorded now, and recording it. The database decides (`sql_events.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone

from agencies.models import Membership, Person
from registry.models import Build, Drone, DroneEvent
from registry.querysets import DroneQuerySet
from registry.refusals import NotAllowed, NotNow, as_refusal
from registry.transitions import GROUNDING, TRANSITIONS, Action, Status, Transition

Role = Membership.Role
ORDERING = (Role.SECURITY_REVIEWER.value, Role.STEWARD.value)
"""Who releases what one of them ordered to the ground."""
ELSEWHERE = (Action.RECEIVE,)
"""Recorded with a delivery, not on the page of an aircraft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody reports of an aircraft; each action needs some of it. `on` is today unless said."""

    on: date | None = None
    reason: str = ""
    custodian: Person | None = None
    custodian_name: str = ""
    lent_to: str = ""
    lent_until: date | None = None
    build_to: Build | None = None
    component_role: str = ""
    sanitised: str = ""
    sanitisation_record: str = ""
    firmware: str = ""

    def columns(self) -> dict[str, object]:
        given = {name: getattr(self, name) for name in _COLUMNS}
        return {**given, "happened_on": self.on or timezone.localdate()}


_COLUMNS = (
    "reason",
    "custodian",
    "custodian_name",
    "lent_to",
    "lent_until",
    "build_to",
    "component_role",
    "sanitised",
    "sanitisation_record",
    "firmware",
)


def ways(drone: Drone, action: DroneEvent.Action) -> Transition | None:
    """The transition that this action is from the status of the aircraft; none if there is none."""
    found = [each for each in TRANSITIONS if each.action is action and each.source == drone.status]
    if action in (Action.RELEASE, Action.REINSTATE):
        back = drone.status_before or Status.IN_SERVICE
        found = [each for each in found if each.target == back]
    return found[0] if found else None


def may_record(person: Person, drone: Drone, action: DroneEvent.Action) -> bool:
    """Whether a role of this person allows the action for the agency of the aircraft, whatever its status."""
    if action is Action.RELEASE and drone.grounded_by_order:
        return person.scope.holds_any(ORDERING, drone.agency_id)
    roles = {role for each in TRANSITIONS if each.action is action for role in each.roles}
    return person.scope.holds_any(roles, drone.agency_id)


def available_events(drone: Drone, person: Person) -> tuple[DroneEvent.Action, ...]:
    """What this person may record now, in the order of the table: what buttons and pages ask. No query."""
    return tuple(
        action
        for action in dict.fromkeys(each.action for each in TRANSITIONS)
        if action not in ELSEWHERE
        and ways(drone, action)
        and may_record(person, drone, action)
        and not _hindered(drone, action)
    )


def _hindered(drone: Drone, action: DroneEvent.Action) -> bool:
    """What follows from the loan alone; the database checks it again."""
    if action is Action.GIVE_BACK:
        return not drone.lent_to
    return bool(drone.lent_to) and action in (Action.DISPOSE, Action.ENTER_IN_ERROR, Action.SWAP)


@transaction.atomic
def record(
    action: DroneEvent.Action, drone_id: UUID, *, by: Person, seen: int, report: Report
) -> DroneEvent:
    """Record one event. `seen` is the number of the last event that `by` knew of (`Drone.events_made`).

    Raises Drone.DoesNotExist when there is none that `by` can see, NotAllowed when this person may
    not, NotNow when it is not possible now or something happened since.
    """
    drone = Drone.objects.visible_to(by).get(pk=drone_id)
    if not may_record(by, drone, action):
        raise NotAllowed(
            "grounded_by_order"
            if action is Action.RELEASE and by.scope.holds_any(GROUNDING, drone.agency_id)
            else "role"
        )
    if drone.events_made != seen:
        raise NotNow("moved")
    way = ways(drone, action)
    if way is None:
        raise NotNow("transition")
    try:
        with transaction.atomic():
            event = _event(drone, way, by, report)
            event.save(force_insert=True)
    except DatabaseError as error:
        raise as_refusal(error) from error
    return event


def _event(drone: Drone, way: Transition, by: Person, report: Report) -> DroneEvent:
    return DroneEvent(
        agency_id=drone.agency_id,
        drone=drone,
        no=drone.events_made + 1,
        action=way.action,
        from_status=way.source,
        to_status=way.target,
        actor=by,
        **report.columns(),
    )


@transaction.atomic
def record_many(
    action: DroneEvent.Action, drones: DroneQuerySet, *, by: Person, report: Report
) -> Sequence[DroneEvent]:
    """Record the same event for all of these aircraft, or for none. They are locked in the order of their ids.

    Raises NotAllowed or NotNow for the first that does not allow it. Three queries, whatever their number.
    """
    rows = list(drones.order_by("pk").select_for_update(of=("self",)))
    events = []
    for drone in rows:
        way = ways(drone, action)
        if not may_record(by, drone, action):
            raise NotAllowed("role")
        if way is None:
            raise NotNow("transition")
        events.append(_event(drone, way, by, report))
    try:
        with transaction.atomic():
            return DroneEvent.objects.bulk_create(events)
    except DatabaseError as error:
        raise as_refusal(error) from error


def confirm(drones: DroneQuerySet, *, by: Person, on: date | None = None) -> int:
    """Everything that `by` saw today, or on that day: "last confirmed on". Answers how many."""
    return len(record_many(Action.CONFIRM, drones, by=by, report=Report(on=on)))
