"""Standing periods of aircraft: judged once per group of like aircraft, written set-wise.

A group is all aircraft of one build with the same missions at the same kind of agency under the
same waivers; the rules cannot tell them apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce

from agencies.scoping import ScopedQuerySet
from compliance.models import FOR_EVER, StandingState
from compliance.rulebooks import LoadedRulebook
from compliance.waivers import COVERED, waivers_for
from policy.scopes import Acquisition
from policy.trace import Result
from policy.verdicts import Case, Verdict, Waiver, judge
from registry.models import Build
from registry.querysets import DroneQuerySet


@dataclass(frozen=True, slots=True)
class Phase:
    """The results of a build from a day on, until the next phase of that build."""

    begins: date
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Group:
    build: Build
    missions: tuple[str, ...]
    agency_kind: str
    waivers: tuple[str, ...] = ()

    def under(self, waivers: Mapping[str, Waiver]) -> tuple[Waiver, ...]:
        """The waivers of the group, as they read for all its aircraft: those are picked already."""
        return tuple(
            replace(waivers[pk], builds=frozenset({self.build.pk}), agencies=None)
            for pk in self.waivers
        )

    def case(self) -> Case:
        weight = None if self.build.model.weight_g is None else Decimal(self.build.model.weight_g)
        return Case(
            kind=Acquisition.HELD,
            missions=frozenset(self.missions) or None,
            build=self.build.pk,
            agency_kind=self.agency_kind,
            weight_min_g=weight,
            weight_max_g=weight,
        )


GROUPS = (
    COVERED
    + """
select distinct d.build_id, d.missions, a.kind, coalesce(c.waivers, '{}')::text[]
from registry_drone d join agencies_agency a on a.id = d.agency_id
left join covered c on c.drone = d.id
where d.build_id = any(%(builds)s) and (%(drones)s::uuid[] is null or d.id = any(%(drones)s::uuid[]))
"""
)

END = """
with touched as (select d.id from registry_drone d
  where d.build_id = any(%(builds)s) and (%(drones)s::uuid[] is null or d.id = any(%(drones)s::uuid[]))),
gone as (delete from compliance_standing s using touched t where s.drone_id = t.id and s.begins >= %(on)s)
update compliance_standing s set ends = %(on)s from touched t
where s.drone_id = t.id and s.begins < %(on)s and s.ends > %(on)s
"""

WRITE = (
    COVERED
    + """
insert into compliance_standing
  (agency_id, drone_id, begins, ends, state, state_without_waivers, rule_id, by, barred_missions)
select d.agency_id, d.id, p.begins, p.ends, p.state, p.bare, p.rule_id, p.by,
       coalesce(string_to_array(nullif(p.barred, ''), ','), '{}')::varchar[]
from (values %(rows)s) as p (build_id, missions, kind, waivers, begins, ends, state, bare, rule_id, by, barred)
join registry_drone d on d.build_id = p.build_id and d.missions = p.missions
join agencies_agency a on a.id = d.agency_id and a.kind = p.kind
left join covered c on c.drone = d.id
where coalesce(c.waivers, '{}') = p.waivers
"""
)
ROW = "(%s::bigint, %s::varchar[], %s::varchar, %s::uuid[], %s::date, %s::date, %s, %s, %s::bigint, %s::date, %s)"
BATCH = 500


def write_standings(
    builds: Mapping[int, Build],
    phases: Mapping[int, tuple[Phase, ...]],
    book: LoadedRulebook,
    on: date,
    *,
    drones: list[str] | None = None,
) -> int:
    """Replace the standing of the aircraft of these builds from this day on, or of these aircraft of them alone.

    What held before the day stays as it was. Returns the number of periods judged.
    """
    waivers = {waiver.id: waiver for waiver in waivers_for(book, on)}
    scope = {"builds": list(builds), "drones": drones, "on": on, "waivers": list(waivers)}
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, scope)
        groups = [
            Group(builds[build], tuple(missions), kind, tuple(covering))
            for build, missions, kind, covering in cursor.fetchall()
        ]
        cursor.execute(END, scope)
    rows = [
        row
        for group in groups
        for row in _periods(group, phases[group.build.pk], group.under(waivers), book)
    ]
    for start in range(0, len(rows), BATCH):
        _write(rows[start : start + BATCH], list(waivers), drones)
    return len(rows)


def _write(rows: list[tuple[Any, ...]], waivers: list[str], drones: list[str] | None) -> None:
    sql = WRITE.replace("%(waivers)s", "%s").replace("%(rows)s", ", ".join([ROW] * len(rows)))
    parameters = [waivers, *(value for row in rows for value in row)]
    if drones is not None:
        sql, parameters = sql + " and d.id = any(%s::uuid[])", [*parameters, drones]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _periods(
    group: Group, phases: tuple[Phase, ...], waivers: tuple[Waiver, ...], book: LoadedRulebook
) -> Iterable[tuple[Any, ...]]:
    """Rows for WRITE; neighbouring days with the same answer are one period."""
    case = group.case()
    judged = [
        (phase.begins, judge(phase.results, case, book.rules, waivers, phase.begins))
        for phase in _cut(phases, waivers)
    ]
    merged = [
        judged[0],
        *(after for before, after in pairwise(judged) if _key(before[1]) != _key(after[1])),
    ]
    ends = [*(begins for begins, _ in merged[1:]), FOR_EVER]
    for (begins, verdict), end in zip(merged, ends, strict=True):
        rule = None if verdict.deciding is None else book.stored[verdict.deciding].pk
        yield (
            group.build.pk,
            list(group.missions),
            group.agency_kind,
            list(group.waivers),
            begins,
            end,
            verdict.standing.value,
            verdict.without_waivers.value,
            rule,
            verdict.until,
            ",".join(sorted(verdict.barred_missions)),
        )


def _cut(phases: tuple[Phase, ...], waivers: tuple[Waiver, ...]) -> list[Phase]:
    """The phases, cut again at every day on which one of the waivers begins or has ended."""
    days = {day for waiver in waivers for day in waiver.change_days()}
    begun = {phase.begins for phase in phases}
    cuts = [
        Phase(day, max((p for p in phases if p.begins < day), key=lambda p: p.begins).results)
        for day in days - begun
        if day > phases[0].begins
    ]
    return sorted([*phases, *cuts], key=lambda phase: phase.begins)


def _key(verdict: Verdict) -> tuple[object, ...]:
    return (
        verdict.standing,
        verdict.without_waivers,
        verdict.deciding,
        verdict.until,
        verdict.barred_missions,
    )


def with_standing(drones: DroneQuerySet, day: date) -> ScopedQuerySet[Any]:
    """Each aircraft with `standing_state`, `standing_by` and `standing_rule_id` of the day, and
    `standing_without`: what its standing would be without waivers.

    One without a period has not been assessed yet: undetermined.
    """
    today = FilteredRelation(
        "standings", condition=Q(standings__begins__lte=day, standings__ends__gt=day)
    )
    return drones.annotate(on_day=today).annotate(
        standing_state=Coalesce(F("on_day__state"), Value(StandingState.UNDETERMINED.value)),
        standing_without=Coalesce(
            F("on_day__state_without_waivers"), Value(StandingState.UNDETERMINED.value)
        ),
        standing_by=F("on_day__by"),
        standing_rule_id=F("on_day__rule_id"),
    )
