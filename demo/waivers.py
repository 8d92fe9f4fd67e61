from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Person
from compliance.models import Waiver, WaiverStep
from compliance.waiver_steps import decide, request_waiver
from demo.people import SCOPE
from demo.reference_files import read_json
from policy.models import PolicyVersion, Rule
from registry.models import Build, Drone

Entry = dict[str, Any]


def load_waivers(builds: dict[str, Build]) -> None:
    """Each asked for and decided by the people named, beginning today: no waiver is retroactive."""
    for entry in read_json("waivers.json"):
        agency = Agency.objects.get(code=entry["agency"])
        known = Waiver.objects.unscoped(reason=SCOPE).filter(agency=agency, reason=entry["reason"])
        if not known.exists():
            waiver = _ask(agency, entry, builds)
            for number, step in enumerate(entry["steps"]):
                _take(waiver, step, number)


def _ask(agency: Agency, entry: Entry, builds: dict[str, Build]) -> Waiver:
    today = timezone.localdate()
    rules = Rule.objects.filter(version__in=PolicyVersion.objects.in_force_on(today))
    requester = Person.objects.get(email=entry["requested_by"])
    with acting_as(requester):
        own = Drone.objects.visible_to(requester).filter(serial_number__in=entry["drones"])
        waiver = Waiver(
            agency=agency,
            kind=entry["kind"],
            rules=[rule.pk for rule in rules if rule.code in entry["rules"]],
            builds=[builds[key].pk for key in entry["builds"]],
            drones=[drone.pk for drone in own],
            missions=entry["missions"],
            valid_from=today,
            valid_until=today + timedelta(days=entry["days"]),
            reason=entry["reason"],
            conditions=entry["conditions"],
        )
        return request_waiver(waiver=waiver, by=requester)


def _take(waiver: Waiver, step: Entry, seen: int) -> None:
    person = Person.objects.get(email=step["by"])
    kind = WaiverStep(step["step"])
    ends = timezone.localdate() if kind is WaiverStep.END else None
    with acting_as(person):
        decide(kind, waiver.pk, by=person, seen=seen, reason=step["reason"], ends_from=ends)
