"""Waivers as the rules read them, and the aircraft that they cover.

`waivers_for` is how every check learns of waivers: forms, dossiers, the API, standings and previews.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, F, Func, Q, QuerySet

from compliance.models import Waiver, WaiverDecision, WaiverState
from compliance.rulebooks import LoadedRulebook
from policy import verdicts
from registry.models import Drone

AGENCIES = Func(
    F("agency_id"), function="agencies_below", output_field=ArrayField(BigIntegerField())
)
"""The ids of the body that a waiver is granted to and of all below it."""

COVERED = """
with live as (
  select w.id, w.builds, w.drones, agencies_below(w.agency_id) as agencies
  from compliance_waiver w where w.id = any (%(waivers)s::uuid[])
),
covered as (
  select drone, array_agg(waiver order by waiver) as waivers from (
    select d.id as drone, l.id as waiver from live l cross join unnest(l.builds) b
      join registry_drone d on d.build_id = b and d.agency_id = any (l.agencies)
    union
    select d.id, l.id from live l cross join unnest(l.drones) x
      join registry_drone d on d.id = x and d.agency_id = any (l.agencies)
  ) pairs group by drone
)
"""
"""How a statement begins that reads `covered (drone, waivers)` each aircraft that one of
`%(waivers)s` covers, with their ids in order. Missions are left to `judge`."""


def waivers_for(
    book: LoadedRulebook,
    on: date,
    *,
    builds: Iterable[int] | None = None,
    drones: Iterable[UUID] | None = None,
    agencies: Iterable[int] | None = None,
) -> tuple[verdicts.Waiver, ...]:
    """What is waived on this day or later, for `judge`. One query.

    Of these builds or drones, when either is given, and of these agencies or a body above them. The
    database gives those that concern the agencies of whoever asks, which are all that can matter.
    """
    live = Waiver.objects.unscoped(reason="what is waived decides what a check answers")
    rows = live.in_state(on, WaiverState.VALID, WaiverState.UPCOMING).annotate(covered=AGENCIES)
    if builds is not None or drones is not None:
        rows = rows.filter(
            Q(builds__overlap=list(builds or ())) | Q(drones__overlap=list(drones or ()))
        )
    if agencies is not None:
        rows = rows.filter(covered__overlap=list(agencies))
    keys = {rule.pk: key for key, rule in book.stored.items()}
    return tuple(
        as_read(row, keys, vars(row)["covered"], row.last_day) for row in rows.order_by("id")
    )


def as_read(
    waiver: Waiver, keys: Mapping[int, str], agencies: Iterable[int], last_day: date
) -> verdicts.Waiver:
    """The engine's form of a waiver; `keys` are those of the rulebook by rule id, `agencies` its body and all below.

    A rule that the book no longer has is in force on no day, so that nothing of it is to be waived.
    """
    return verdicts.Waiver(
        id=str(waiver.pk),
        rules=frozenset(keys[rule] for rule in waiver.rules if rule in keys),
        valid_from=waiver.valid_from,
        valid_until=last_day,
        builds=frozenset(waiver.builds),
        drones=frozenset(map(str, waiver.drones)),
        missions=None if waiver.all_missions else frozenset(waiver.missions),
        agencies=frozenset(agencies),
    )


def read_waivers(ids: Iterable[str]) -> list[Waiver]:
    """The records behind what a verdict names, in the order of their ids. One query."""
    rows = Waiver.objects.unscoped(reason="what a dossier relies on, whoever reads it")
    return list(rows.filter(pk__in=list(ids)).select_related("agency").order_by("id"))


def authors(waivers: Iterable[Waiver]) -> dict[UUID, set[int]]:
    """The ids of the people who asked for each waiver or decided on it. One query."""
    found = {waiver.pk: {waiver.requested_by_id} for waiver in waivers}
    rows = WaiverDecision.objects.unscoped(reason="who may not decide on what relies on a waiver")
    for pk, person in rows.filter(waiver__in=list(found)).values_list("waiver_id", "actor_id"):
        found[pk].add(person)
    return found


def covered_by(waiver: Waiver, drones: "QuerySet[Drone]") -> "QuerySet[Drone]":
    """The aircraft, out of these, that are within the scope of a waiver: by body, build or id, and missions."""
    within = Q(build__in=waiver.builds) | Q(pk__in=waiver.drones)
    rows = drones.filter(within, agency__in=body_and_below(waiver.agency_id))
    return rows if waiver.all_missions else rows.filter(missions__overlap=waiver.missions)


def body_and_below(agency_id: int) -> list[int]:
    """The ids of a body and of all below it. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select agencies_below(%s)", [agency_id])
        row = cursor.fetchone()
    return list(row[0]) if row else []
