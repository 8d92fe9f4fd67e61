"""Grounding and releasing all aircraft of a build, as far as a person's roles reach.

No function of the owner is needed for it: a reviewer or steward at the centre works over all agencies
anyway, and somebody with a role in one agency over that one.
"""

from dataclasses import dataclass

from agencies.models import Person
from registry.drone_events import ORDERING, Report, record_many
from registry.models import Build, Drone, DroneEvent
from registry.querysets import DroneQuerySet
from registry.refusals import NotNow
from registry.transitions import GROUNDING, Action, Status
from standards.canonical import digest


@dataclass(frozen=True, slots=True)
class Which:
    """All aircraft of a build, or those with one firmware; `""` is those whose firmware nobody recorded."""

    build: Build
    firmware: str | None = None


def reach(person: Person) -> frozenset[int]:
    """The agencies whose aircraft this person grounds and releases."""
    return frozenset().union(*(person.scope.where(role) for role in GROUNDING))


def concerned(person: Person, action: DroneEvent.Action, which: Which) -> DroneQuerySet:
    """The aircraft that this person would ground, or release, now."""
    rows = Drone.objects.visible_to(person).filter(build=which.build, agency__in=reach(person))
    if which.firmware is not None:
        rows = rows.filter(firmware=which.firmware)
    orders = person.scope.holds_any(ORDERING)
    if action is Action.RELEASE:
        rows = rows.filter(status=Status.GROUNDED)
        return rows if orders else rows.filter(grounded_by_order=False)
    flying = rows.filter(status__in=(Status.IN_SERVICE, Status.STORED, Status.LENT))
    if not orders:
        return flying
    return flying | rows.filter(status=Status.GROUNDED, grounded_by_order=False)


def seal(drones: DroneQuerySet) -> str:
    """A digest of which aircraft these are, so that what is done is what was shown."""
    return digest([str(pk) for pk in drones.order_by("pk").values_list("pk", flat=True)])


def act_on_all(
    action: DroneEvent.Action, which: Which, *, seen: str, reason: str, by: Person
) -> int:
    """Ground or release all that the preview showed. Answers how many.

    Raises NotNow when they are others by now or none, NotAllowed where a role was taken away meanwhile.
    """
    drones = concerned(by, action, which)
    if seal(drones) != seen or not drones.exists():
        raise NotNow("preview")
    report = Report(reason=reason.strip(), firmware=which.firmware or "")
    return len(record_many(action, drones, by=by, report=report))
