"""Standing periods of aircraft: judged once per group of like aircraft, written set-wise.

An aircraft whose periods from the day on are what they were is left as it is.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce

from agencies.scoping import ScopedQuerySet
from compliance.facts import Gathered
from compliance.groups import FLEET, Group, certificates_asked, read_groups
from compliance.judging import Judging, Period, Phase, Stretch
from compliance.models import StandingState
from compliance.rulebooks import LoadedRulebook
from compliance.waivers import waivers_for
from registry.querysets import DroneQuerySet

PERIODS = "".join(
    (
        FLEET,
        """,
period as (
  select * from jsonb_to_recordset(%(rows)s::jsonb) as p (
    build_id bigint, missions text[], kind text, waivers text[], papers text,
    begins date, ends date, state text, bare text, rule_id bigint, by date, barred text[])
)
""",
    )
)
"""How a statement begins that reads the `fleet` and each `period` of its groups."""

OF_GROUP = """p.build_id = f.build_id and p.missions = f.missions and p.kind = f.kind
  and p.waivers = f.waivers and p.papers = f.papers"""

END = "".join(
    (
        PERIODS,
        """, wanted as (
  select build_id, missions, kind, waivers, papers,
         array_agg((begins, ends, state, bare, rule_id, by, barred)::text order by begins) as periods
  from period group by build_id, missions, kind, waivers, papers
),
stored as (
  select s.drone_id, array_agg((greatest(s.begins, %(on)s), s.ends, s.state::text,
           s.state_without_waivers::text, s.rule_id, s.by, s.barred_missions::text[])::text
         order by s.begins) as periods
  from scope f join compliance_standing s on s.drone_id = f.id
  where s.ends > %(on)s group by s.drone_id
),
changed as (
  select f.id from fleet f join stored s on s.drone_id = f.id
  left join wanted p on """,
        OF_GROUP,
        """
  where s.periods is distinct from p.periods
),
gone as (
  delete from compliance_standing s using changed c where s.drone_id = c.id and s.begins >= %(on)s
)
update compliance_standing s set ends = %(on)s from changed c
where s.drone_id = c.id and s.begins < %(on)s and s.ends > %(on)s
""",
    )
)
"""Ends what holds of the aircraft for which something else was judged, or nothing any more."""

WRITE = "".join(
    (
        PERIODS,
        """
insert into compliance_standing
  (agency_id, drone_id, begins, ends, state, state_without_waivers, rule_id, by, barred_missions)
select f.agency_id, f.id, p.begins, p.ends, p.state, p.bare, p.rule_id, p.by, p.barred
from fleet f join period p on """,
        OF_GROUP,
        """
where not exists (
  select from compliance_standing s where s.drone_id = f.id and s.ends > %(on)s)
""",
    )
)
"""Writes the periods of every aircraft of which nothing holds from the day on."""


def write_standings(
    gathered: Mapping[int, Gathered],
    phases: Mapping[int, tuple[Phase, ...]],
    book: LoadedRulebook,
    on: date,
    *,
    drones: Collection[str] | None = None,
    judging: Judging | None = None,
) -> int:
    """Replace the standing of the aircraft of these builds from this day on; of them these `drones` alone, when given.

    What held before the day stays as it was. Returns the number of periods judged.
    """
    judging = judging or judging_of(book, on)
    scope = {
        "builds": list(gathered),
        "drones": None if drones is None else list(drones),
        "waivers": list(judging.waivers),
        "certificates": certificates_asked(book),
        "on": on,
    }
    groups = read_groups(gathered, scope)
    stretches = {pk: judging.stretches(each) for pk, each in phases.items()}
    rows = [row for group in groups for row in _rows(group, stretches, judging, book)]
    with connection.cursor() as cursor:
        for statement in (END, WRITE):
            cursor.execute(statement, {**scope, "rows": json.dumps(rows)})
    return len(rows)


def judging_of(book: LoadedRulebook, on: date) -> Judging:
    """How groups are judged under this rulebook and under the waivers of today and later. One query."""
    return Judging(book.rules, {waiver.id: waiver for waiver in waivers_for(book, on)})


def _rows(
    group: Group,
    stretches: Mapping[int, tuple[Stretch, ...]],
    judging: Judging,
    book: LoadedRulebook,
) -> Iterable[dict[str, Any]]:
    """Rows of `period`."""
    key = group.key()
    return _stored(key, judging.periods(group, stretches[group.gathered.build.pk]), book)


def _stored(
    key: Mapping[str, Any], periods: Iterable[Period], book: LoadedRulebook
) -> Iterator[dict[str, Any]]:
    for period in periods:
        answer = period.answer
        yield {
            **key,
            "begins": period.begins.isoformat(),
            "ends": period.ends.isoformat(),
            "state": answer.standing.value,
            "bare": answer.without_waivers.value,
            "rule_id": None if answer.deciding is None else book.stored[answer.deciding].pk,
            "by": None if answer.until is None else answer.until.isoformat(),
            "barred": sorted(answer.barred_missions),
        }


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
