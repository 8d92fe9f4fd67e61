"""Purchases of one agency that look like another of its own: a hint, from which nothing follows by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from agencies.models import Person
from procurement.models import Line, Purchase, PurchaseQuerySet
from procurement.states import Status

WITHIN = timedelta(days=90)
GIVEN_UP = (Status.DECLINED, Status.WITHDRAWN, Status.CANCELLED)


def similar_purchases(
    *,
    agency_id: int,
    builds: Iterable[int],
    person: Person,
    at: datetime | None = None,
    but: Purchase | None = None,
) -> PurchaseQuerySet:
    """Of this agency, recorded within 90 days before or after, for a model of one of these builds.

    What was declined, withdrawn or cancelled is no second purchase. `but` is the purchase itself.
    """
    day = at or timezone.now()
    models = Line.objects.visible_to(person).filter(
        purchase=OuterRef("pk"), build__model__builds__in=list(builds)
    )
    rows = (
        Purchase.objects.visible_to(person)
        .filter(agency_id=agency_id, recorded_at__range=(day - WITHIN, day + WITHIN))
        .filter(Exists(models))
        .exclude(status__in=GIVEN_UP)
        .order_by("-recorded_at", "-id")
    )
    return rows if but is None else rows.exclude(pk=but.pk)


def similar_to(purchase: Purchase, lines: Iterable[Line], person: Person) -> PurchaseQuerySet:
    """The same of a purchase that is stored."""
    return similar_purchases(
        agency_id=purchase.agency_id,
        builds=[line.build_id for line in lines if line.build_id is not None],
        person=person,
        at=purchase.recorded_at,
        but=purchase,
    )
