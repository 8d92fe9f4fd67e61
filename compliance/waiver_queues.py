"""Waivers that wait for somebody's decision, and those that end soon, as sets in the database."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from agencies.models import Person
from compliance.models import Waiver, WaiverDecision
from compliance.models.waivers import WaiverQuerySet
from compliance.waiver_steps import ASKING, WAYS


def decidable_by(person: Person, day: date) -> WaiverQuerySet:
    """Those on which this person may decide, as `available_steps` says of each; the longest waiting first."""
    mine = Q(pk__in=[])
    for way in WAYS:
        if way.decides:
            where = frozenset().union(*(person.scope.where(role) for role in way.roles))
            mine |= Q(status=way.source, agency__in=sorted(where))
    own = WaiverDecision.objects.visible_to(person).filter(waiver=OuterRef("pk"), actor=person)
    waiting = Waiver.objects.visible_to(person).on(day).filter(mine, valid_until__gte=day)
    return (
        waiting.exclude(requested_by=person)
        .exclude(Exists(own))
        .select_related("agency", "requested_by")
        .order_by("requested_at", "id")
    )


def ending_for(person: Person, day: date) -> WaiverQuerySet:
    """Those in force at bodies for which this person could ask anew, that end soon; the next to end first."""
    where = frozenset().union(*(person.scope.where(role) for role in ASKING))
    rows = Waiver.objects.visible_to(person).ending(day).filter(agency__in=sorted(where))
    return rows.select_related("agency").order_by("last_day", "id")
