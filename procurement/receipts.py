"""Aircraft that come in on an order: into the registry, tied to their line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import Person
from compliance.assess import refresh_drone
from procurement.models import Line, Purchase, ReceivedUnit, RefusedUnit
from registry.disclosures import price_as_kept
from registry.drone_events import Report, record
from registry.models import Drone, DroneEvent
from registry.services import log_drone

ACQUIRED = {
    Purchase.Kind.PURCHASE: Drone.Acquired.PURCHASE,
    Purchase.Kind.LEASE: Drone.Acquired.LEASE,
    Purchase.Kind.LOAN: Drone.Acquired.OTHER,
    Purchase.Kind.DONATION: Drone.Acquired.DONATION,
    Purchase.Kind.TRANSFER: Drone.Acquired.TRANSFER,
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One aircraft as it was delivered."""

    line_id: UUID
    serial_number: str
    place: str = ""


def book_in(
    purchase: Purchase, lines: Sequence[Line], units: Sequence[Unit], *, by: Person, today: date
) -> None:
    """Store the units as aircraft of the agency.

    Raises ValidationError with every wrong unit at once, by its number from 1. The caller
    holds the purchase, so that nobody else receives on it meanwhile.
    """
    by_id = {line.pk: line for line in lines if line.flies and line.build_id}
    in_already = Counter(purchase.received_units.visible_to(by).values_list("line_id", flat=True))
    _check(units, by_id, in_already)
    errors = []
    for number, unit in enumerate(units, start=1):
        try:
            _receive(purchase, by_id[unit.line_id], unit, by, today)
        except ValidationError as error:
            errors += [f"{number}: {message}" for message in error.messages]
    if errors:
        raise ValidationError({"units": errors})


def all_in(purchase: Purchase, lines: Sequence[Line], by: Person) -> bool:
    """Whether every aircraft that was asked for has come in; false where none was."""
    expected = sum(line.quantity for line in lines if line.flies)
    return expected > 0 and purchase.received_units.visible_to(by).count() == expected


def _check(units: Sequence[Unit], lines: dict[UUID, Line], in_already: Counter[UUID]) -> None:
    if not units:
        raise ValidationError({"units": _("Enter the serial number of at least one aircraft.")})
    if any(unit.line_id not in lines for unit in units):
        raise ValidationError({"units": _("A unit belongs to a line of this purchase.")})
    coming = Counter(unit.line_id for unit in units)
    if any(in_already[pk] + count > lines[pk].quantity for pk, count in coming.items()):
        raise ValidationError({"units": _("More units than were ordered.")})


def _receive(purchase: Purchase, line: Line, unit: Unit, by: Person, today: date) -> None:
    drone = Drone(
        agency_id=purchase.agency_id,
        build=line.build,
        serial_number=unit.serial_number.strip(),
        missions=list(purchase.missions),
        place=unit.place.strip(),
        acquired_on=today,
        acquired_how=ACQUIRED[Purchase.Kind(purchase.kind)],
        price=price_as_kept(purchase.agency_id, line.unit_price),
        currency=purchase.currency,
    )
    log_drone(drone=drone, today=today)
    record(
        DroneEvent.Action.RECEIVE,
        drone.pk,
        by=by,
        seen=0,
        report=Report(on=today, reason=purchase.number),
    )
    ReceivedUnit.objects.create(
        agency_id=purchase.agency_id,
        purchase=purchase,
        line=line,
        drone=drone,
        received_on=today,
        inspector=by,
    )
    refresh_drone(drone)


def refuse_unit(
    *,
    purchase: Purchase,
    line_id: UUID,
    serial_number: str,
    difference: str,
    by: Person,
    today: date,
) -> RefusedUnit:
    """Record an aircraft that was delivered and not taken. Raises Line.DoesNotExist, ValidationError."""
    refused = RefusedUnit(
        agency_id=purchase.agency_id,
        purchase=purchase,
        line=purchase.lines.visible_to(by).get(pk=line_id),
        serial_number=serial_number.strip(),
        difference=difference.strip(),
        refused_on=today,
        inspector=by,
    )
    refused.full_clean(exclude=["agency", "purchase", "line", "inspector"])
    refused.save(force_insert=True)
    return refused
