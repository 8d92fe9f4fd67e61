"""What may happen to an aircraft in which status. The database holds the same table (a test compares) and enforces it."""

from dataclasses import dataclass

from agencies.models import Membership
from registry.models import Drone, DroneEvent

Action = DroneEvent.Action
Status = Drone.Status
Role = Membership.Role

CUSTODIAN = (Role.CUSTODIAN.value,)
GROUNDING = (Role.CUSTODIAN.value, Role.SECURITY_REVIEWER.value, Role.STEWARD.value)
"""Who grounds and releases: the agency its own; reviewers and stewards where their role covers it, at the centre everywhere."""
BY_OFFER: tuple[str, ...] = ()
"""No role may do it by itself: it comes of an offer, its answer or its withdrawal."""

STARTING = (Status.IN_SERVICE, Status.STORED, Status.GROUNDED)
"""The status in which an aircraft may be logged; every other follows from an event."""
CLOSED = (Status.TRANSFERRED, Status.DISPOSED, Status.ENTERED_IN_ERROR)
"""Rows that are read and not changed any more."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One event that is allowed: its action, the status before and after, who may record it."""

    action: DroneEvent.Action
    source: Drone.Status
    target: Drone.Status
    roles: tuple[str, ...] = CUSTODIAN
    needs_reason: bool = False


def _same(
    action: DroneEvent.Action,
    *statuses: Drone.Status,
    roles: tuple[str, ...] = CUSTODIAN,
    reason: bool = False,
) -> tuple[Transition, ...]:
    """The status stays as it is."""
    return tuple(Transition(action, status, status, roles, reason) for status in statuses)


def _to(
    action: DroneEvent.Action,
    target: Drone.Status,
    *sources: Drone.Status,
    roles: tuple[str, ...] = CUSTODIAN,
    reason: bool = False,
) -> tuple[Transition, ...]:
    return tuple(Transition(action, source, target, roles, reason) for source in sources)


def _back(
    action: DroneEvent.Action,
    source: Drone.Status,
    *targets: Drone.Status,
    roles: tuple[str, ...] = CUSTODIAN,
) -> tuple[Transition, ...]:
    """Back to the status before, which the aircraft remembers; with a reason."""
    return tuple(Transition(action, source, target, roles, needs_reason=True) for target in targets)


TRANSITIONS: tuple[Transition, ...] = (
    *_same(Action.RECEIVE, *STARTING, roles=(Role.INSPECTOR.value,)),
    *_same(Action.HAND_OVER, *STARTING),
    *_same(Action.CONFIRM, *STARTING, Status.LENT),
    *_to(Action.STORE, Status.STORED, Status.IN_SERVICE),
    *_to(Action.DEPLOY, Status.IN_SERVICE, Status.STORED),
    *_to(Action.LEND, Status.LENT, Status.IN_SERVICE, Status.STORED),
    *_same(Action.PROLONG, Status.LENT),
    *_to(Action.GIVE_BACK, Status.IN_SERVICE, Status.LENT),
    *_same(Action.GIVE_BACK, Status.GROUNDED),
    *_to(
        Action.GROUND,
        Status.GROUNDED,
        Status.IN_SERVICE,
        Status.STORED,
        Status.LENT,
        Status.GROUNDED,
        roles=GROUNDING,
        reason=True,
    ),
    *_back(
        Action.RELEASE,
        Status.GROUNDED,
        Status.IN_SERVICE,
        Status.STORED,
        Status.LENT,
        roles=GROUNDING,
    ),
    *_to(Action.LOSE, Status.LOST, *STARTING, Status.LENT, reason=True),
    *_to(Action.FIND, Status.GROUNDED, Status.LOST, reason=True),
    *_same(Action.SWAP, *STARTING, reason=True),
    *_to(Action.DISPOSE, Status.DISPOSED, *STARTING, Status.LOST, reason=True),
    *_to(Action.ENTER_IN_ERROR, Status.ENTERED_IN_ERROR, *STARTING, Status.LOST, reason=True),
    *_back(Action.REINSTATE, Status.ENTERED_IN_ERROR, *STARTING, Status.LOST),
    *_same(Action.OFFER, *STARTING, roles=BY_OFFER),
    *_same(Action.WITHDRAW_OFFER, *Status, roles=BY_OFFER),
    *_same(Action.DECLINE_OFFER, *Status, roles=BY_OFFER),
    *_to(Action.TRANSFER, Status.TRANSFERRED, *STARTING, roles=BY_OFFER),
    *_same(Action.ARRIVE, Status.STORED, Status.GROUNDED, roles=BY_OFFER),
)
