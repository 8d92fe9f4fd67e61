"""What has happened to the aircraft of the demo world, recorded by the people who did it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Person
from demo.people import SCOPE
from demo.reference_files import read_json
from registry.drone_events import Report, record, record_many
from registry.models import Build, Drone, DroneEvent
from registry.transfers import Place, accept, offer

Entry = dict[str, Any]
Builds = dict[str, Build]


def load_events(builds: Builds) -> None:
    """Each event of the reference file, once: an aircraft that has events already is left as it is."""
    entries = read_json("events.json")
    untouched = not DroneEvent.objects.unscoped(reason=SCOPE).exists()
    if untouched:
        for entry in entries["aircraft"]:
            _happen(entry, builds)
        for entry in entries["groundings"]:
            _ground(entry, builds)


def _happen(entry: Entry, builds: Builds) -> None:
    offered: UUID | None = None
    for event in entry["events"]:
        by = Person.objects.get(email=event["by"])
        with acting_as(by):
            if event["action"] == "accept" and offered:
                settled = Place(event["missions"], event["place"])
                accept(offer_id=offered, settled=settled, by=by)
            else:
                offered = _recorded(entry["serial_number"], event, by, builds)


def _recorded(serial: str, event: Entry, by: Person, builds: Builds) -> UUID | None:
    """The id of the offer, if it is one."""
    drone = Drone.objects.visible_to(by).get(serial_number=serial)
    if event["action"] == "offer":
        to = Agency.objects.get(code=event["to"])
        return offer(drone=drone, seen=drone.events_made, to=to, message=event["reason"], by=by)
    action = DroneEvent.Action(event["action"])
    report = _report(event, builds)
    record(action, drone.pk, by=by, seen=drone.events_made, report=report)
    return None


def _report(event: Entry, builds: Builds) -> Report:
    today = timezone.localdate()
    until = event.get("until_days")
    return Report(
        on=today + timedelta(days=event["days"]),
        reason=event.get("reason", ""),
        custodian=Person.objects.filter(email=event.get("custodian")).first(),
        lent_to=event.get("lent_to", ""),
        lent_until=None if until is None else today + timedelta(days=until),
        build_to=build_of(event["build"], builds) if "build" in event else None,
        component_role=event.get("component_role", ""),
        sanitised=event.get("sanitised", ""),
        sanitisation_record=event.get("sanitisation_record", ""),
    )


def build_of(code: str, builds: Mapping[str, Build]) -> Build:
    """A build by its code; `model:unknown` is the model's build whose configuration is not known."""
    model, _, unknown = code.partition(":")
    if not unknown:
        return builds[code]
    beside = next(build for key, build in builds.items() if key.startswith(model))
    return Build.objects.get(model_id=beside.model_id, configuration_known=False)


def _ground(entry: Entry, builds: Builds) -> None:
    by = Person.objects.get(email=entry["by"])
    with acting_as(by):
        concerned = Drone.objects.visible_to(by).filter(
            build=builds[entry["build"]], firmware=entry["firmware"], status="in_service"
        )
        report = Report(reason=entry["reason"], firmware=entry["firmware"])
        record_many(DroneEvent.Action.GROUND, concerned, by=by, report=report)
