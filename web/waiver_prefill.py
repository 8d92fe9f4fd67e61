"""What a request for a waiver begins with, from the address of the page that led to it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from compliance.models import Waiver
from registry.models import Drone
from web.access import MemberRequest
from web.forms.waivers import askable_agencies, rules_in_force
from web.results import key_of


def prefilled(request: MemberRequest) -> dict[str, Any]:
    """From `rule` (policy/version/code), `build`, `drone`, `extends` and `agency`; what cannot be read is left out."""
    start: dict[str, Any] = {}
    own = list(askable_agencies(request.user).values_list("pk", flat=True)[:2])
    if len(own) == 1:
        start["agency"] = own[0]
    if keys := request.GET.getlist("rule"):
        start["rules"] = [rule.pk for rule in rules_in_force() if key_of(rule) in keys]
    if builds := [int(each) for each in request.GET.getlist("build") if _is_number(each)]:
        start["builds"] = builds
    return start | _of_drone(request) | _of_extended(request)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _ids(texts: list[str]) -> Iterator[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue


def _of_drone(request: MemberRequest) -> dict[str, Any]:
    """Particular aircraft, and their body when it is one."""
    wanted = list(_ids(request.GET.getlist("drone")))
    if not wanted:
        return {}
    rows = list(Drone.objects.visible_to(request.user).filter(pk__in=wanted))
    bodies = {row.agency_id for row in rows}
    start: dict[str, Any] = {"drones": [row.pk for row in rows]}
    return start | ({"agency": bodies.pop()} if len(bodies) == 1 else {})


def _of_extended(request: MemberRequest) -> dict[str, Any]:
    """Everything of the waiver that is to be extended, from the day after its last."""
    wanted = list(_ids(request.GET.getlist("extends")))
    rows = Waiver.objects.visible_to(request.user).filter(status=Waiver.Status.GRANTED)
    old = rows.filter(pk__in=wanted).first() if wanted else None
    if old is None:
        return {}
    copied = ("kind", "rules", "builds", "drones", "all_missions", "missions", "conditions")
    begins = max(old.last_day + timedelta(days=1), timezone.localdate())
    return {name: getattr(old, name) for name in copied} | {
        "agency": old.agency_id,
        "extends": old.pk,
        "valid_from": begins,
    }
