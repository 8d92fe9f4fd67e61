"""Counting the aircraft of agencies set-wise, so that figures over a government are sums of a few rows.

What a figure counts is what the list shows: the same conditions, applied once for each agency whenever something was
written about its aircraft.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db import connection, models
from django.db.models import Case, CharField, Count, F, Func, QuerySet, Value, When
from django.db.models.functions import Cast, ExtractYear
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.filters import BLANKS
from compliance.models import Standing
from registry.models import Drone
from registry.querysets import GONE
from reporting.models import BuildTally, Counted, Origin, StandingTally, Tally, Uncounted

LOCK: Final = 0x7A11
AT_ONCE: Final = 50_000
"""So many aircraft are counted while a page is made; more are left to the job."""

OF_BUILDS: Final = {
    "configuration": Origin.Meaning.CONFIGURATION,
    "assembled_in": Origin.Meaning.ASSEMBLY,
}
"""What is not recorded of an aircraft because it is not of its build: known by the origins of builds."""

Dimension = Tally.Dimension
WHY: Final = "aircraft are counted for each agency by itself"


def uncounted(person: Person) -> list[int]:
    """The agencies of the reader about whose aircraft something was written since they were counted. One query."""
    return sorted(Uncounted.objects.visible_to(person).values_list("agency", flat=True).distinct())


def uncounted_anywhere() -> list[int]:
    """The same of all agencies, for the job. One query."""
    rows = Uncounted.objects.unscoped(reason=WHY).values_list("agency", flat=True)
    return sorted(rows.distinct())


def keep_up(person: Person) -> list[int]:
    """Counts what is quickly counted of what the reader may see; the agencies that are left to the job."""
    waiting = uncounted(person)
    if waiting and _are_many(person, waiting):
        return waiting
    count(waiting)
    return []


def _are_many(person: Person, agencies: list[int]) -> bool:
    aircraft = Drone.objects.visible_to(person).filter(agency__in=agencies)
    return aircraft.order_by()[: AT_ONCE + 1].count() > AT_ONCE


def count(agencies: Collection[int]) -> None:
    """Counts the aircraft of these agencies anew. A fixed number of queries; one counts at a time.

    What is noted while it counts stays noted: what it deleted was there before it began to read.
    """
    if not agencies:
        return
    with acting_as(None, reason="counting aircraft"):
        _wait_for_others()
        for derived in (Uncounted, BuildTally, StandingTally, Tally, Counted):
            derived.objects.unscoped(reason=WHY).filter(agency__in=agencies).delete()
        held = Drone.objects.unscoped(reason=WHY).held().filter(agency__in=agencies)
        for dimension, key in _keys().items():
            _store(Tally, _by_key(held, dimension, key))
        _store(BuildTally, _by_build(held))
        _store_blanks(held)
        _store(StandingTally, _by_standing(agencies))
        now = timezone.now()
        Counted.objects.unscoped(reason=WHY).bulk_create(
            Counted(agency_id=pk, at=now) for pk in agencies
        )


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def _keys() -> dict[str, Any]:
    return {
        Dimension.MISSION: Func(F("missions"), function="unnest", output_field=CharField()),
        Dimension.YEAR: ExtractYear("acquired_on"),
    }


def _by_key(held: QuerySet[Drone], dimension: str, key: Any) -> QuerySet[Any, Any]:
    rows = held.filter(acquired_on__isnull=False) if dimension == Dimension.YEAR else held
    return (
        rows.order_by()
        .annotate(dimension=Value(dimension), key=Cast(key, CharField()))
        .values("agency_id", "dimension", "key")
        .annotate(number=Count("pk"))
    )


def _by_build(held: QuerySet[Drone]) -> QuerySet[Any, Any]:
    return held.order_by().values("agency_id", "build_id").annotate(number=Count("pk"))


def _by_standing(agencies: Iterable[int]) -> QuerySet[Any, Any]:
    return (
        Standing.objects.unscoped(reason=WHY)
        .filter(agency__in=agencies)
        .exclude(drone__status__in=GONE)
        .order_by()
        .values("agency_id", "state", "begins", "ends")
        .annotate(number=Count("pk"))
    )


def _store(model: type[models.Model], rows: QuerySet[Any, Any]) -> None:
    """Writes what the query gives, in the database, without reading it."""
    select, parameters = rows.query.sql_with_params()
    columns = ", ".join([*rows.query.values_select, *rows.query.annotation_select])
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {model._meta.db_table} ({columns}) {select}",
            parameters,
        )


def _store_blanks(held: QuerySet[Drone]) -> None:
    """One pass over the aircraft for all columns."""
    counts = {
        f"{name}_blank": Count(Case(When(blank, then=Value(1))))
        for name, (_label, blank) in BLANKS.items()
        if name not in OF_BUILDS
    }
    rows: Any = held.order_by().values("agency_id").annotate(**counts)
    Tally.objects.unscoped(reason=WHY).bulk_create(
        Tally(
            agency_id=row["agency_id"],
            dimension=Dimension.NOT_RECORDED,
            key=name,
            number=row[f"{name}_blank"],
        )
        for row in rows
        for name in BLANKS.keys() - OF_BUILDS.keys()
    )
