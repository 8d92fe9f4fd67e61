"""Waivers in tests: asked for and decided by the people whose work it is."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Person
from compliance.models import Waiver, WaiverDecision, WaiverState, WaiverStep
from compliance.waiver_steps import decide, request_waiver
from tests.people import People
from tests.worlds import World


def today() -> date:
    return timezone.localdate()


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def asked(agency: Agency, world: World, **more: Any) -> Waiver:
    """A request as it would be stored: both rules for the listed build, every mission, 100 days."""
    given = {
        "rules": [world.origin.pk, world.listed_party.pk],
        "builds": [] if more.get("drones") else [world.listed.pk],
        "all_missions": not more.get("missions"),
        "valid_from": today(),
        "valid_until": in_days(99),
        "reason": "No other aircraft carries the lamp that the search needs.",
        **more,
    }
    return Waiver(agency=agency, **given)


def requested(by: Person, agency: Agency, world: World, **more: Any) -> Waiver:
    with acting_as(by):
        return request_waiver(waiver=asked(agency, world, **more), by=by)


def take(
    step: WaiverStep, waiver: Waiver, by: Person, reason: str = "Considered.", **more: Any
) -> WaiverDecision:
    """One step by this person, who has seen all before it."""
    reload(waiver)
    with acting_as(by):
        made = decide(step, waiver.pk, by=by, seen=waiver.decisions_made, reason=reason, **more)
    reload(waiver)
    return made


def granted(people: People, agency: Agency, world: World, **more: Any) -> Waiver:
    """Asked for by Hana, whose role is central, and decided by Chie and Kei."""
    waiver = requested(more.pop("by", people.hana), agency, world, **more)
    take(WaiverStep.ENDORSE, waiver, people.chie)
    take(WaiverStep.GRANT, waiver, people.kei)
    return waiver


def ended(waiver: Waiver, by: Person, day: date | None = None) -> Waiver:
    take(WaiverStep.END, waiver, by, ends_from=day or today())
    return waiver


def reload(waiver: Waiver) -> None:
    with acting_as(None):
        waiver.refresh_from_db()


def state(waiver: Waiver, day: date) -> WaiverState:
    """As pages, counts, gates and the API work it out."""
    with acting_as(None):
        rows = Waiver.objects.unscoped(reason="the only function that knows").on(day)
        return WaiverState(vars(rows.get(pk=waiver.pk))["state"])
