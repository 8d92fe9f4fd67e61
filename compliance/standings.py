"""Standing periods of aircraft: judged once per group of like aircraft, written set-wise.

An aircraft whose periods from the day on are what they were is left as it is.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from django.db import connection
from django.db.models import DateField, F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce

from agencies.scoping import ScopedQuerySet
from compliance.facts import Gathered
from compliance.groups import MARK, Similar, certificates_asked, read_groups
from compliance.judging import Judging, Period, Phase
from compliance.models import StandingState
from compliance.rulebooks import LoadedRulebook
from compliance.waivers import waivers_for
from registry.querysets import DroneQuerySet

COLUMNS = """plan int, begins date, ends date, state text, bare text, rule_id bigint, by date, barred text[]"""
"""Of a period of a plan, as JSON hands it over."""

MARKS = "".join(
    (
        "select plan, ",
        MARK.format(of="p", begins="p.begins", bare="bare", barred="barred"),
        " from jsonb_to_recordset(%(rows)s::jsonb) as p (",
        COLUMNS,
        ") group by plan",
    )
)
"""The mark of each plan, as `SIMILAR` gives one to what is stored."""

CHANGED = """
with changed as (
  select c.plan, c.agency_id, unnest(c.aircraft::uuid[]) as id
  from unnest(%(plans)s::int[], %(agencies)s::bigint[], %(aircraft)s::text[]) as c (plan, agency_id, aircraft)
)
"""
"""How a statement begins that reads the aircraft to be `changed`, each with its plan."""

END = "".join(
    (
        CHANGED,
        """,
gone as (
  delete from compliance_standing s using changed c where s.drone_id = c.id and s.begins >= %(on)s
)
update compliance_standing s set ends = %(on)s from changed c
where s.drone_id = c.id and s.begins < %(on)s and s.ends > %(on)s
""",
    )
)
"""Ends what holds of the aircraft for which something else was judged."""

WRITE = "".join(
    (
        CHANGED,
        """
insert into compliance_standing
  (agency_id, drone_id, begins, ends, state, state_without_waivers, rule_id, by, barred_missions)
select c.agency_id, c.id, p.begins, p.ends, p.state, p.bare, p.rule_id, p.by, p.barred
from changed c join jsonb_to_recordset(%(rows)s::jsonb) as p (""",
        COLUMNS,
        ") using (plan)",
    )
)
"""Writes the periods of the plan of each."""


@dataclass
class Plans:
    """What was judged: each list of periods once, under a number. `marks` are those of the database."""

    book: LoadedRulebook
    numbers: dict[tuple[Period, ...], int] = field(default_factory=dict)
    rows: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)

    def number(self, periods: tuple[Period, ...]) -> int:
        number = self.numbers.setdefault(periods, len(self.numbers))
        if number not in self.rows:
            self.rows[number] = [_row(number, each, self.book) for each in periods]
        return number

    def as_json(self, numbers: Iterable[int]) -> str:
        return json.dumps([row for number in numbers for row in self.rows[number]])

    def read_marks(self) -> None:
        """Of the plans that have none yet. One query, if any."""
        if unmarked := [number for number in self.rows if number not in self.marks]:
            with connection.cursor() as cursor:
                cursor.execute(MARKS, {"rows": self.as_json(unmarked)})
                self.marks.update(cursor.fetchall())


@dataclass(frozen=True)
class Assignment:
    """How standings are written by one assessment: under which rulebook, from which day on, what was judged so far."""

    book: LoadedRulebook
    on: date
    judging: Judging
    plans: Plans

    @classmethod
    def under(cls, book: LoadedRulebook, on: date) -> Self:
        """Under this rulebook and the waivers of today and later. One query."""
        waivers = {waiver.id: waiver for waiver in waivers_for(book, on)}
        return cls(book, on, Judging(book.rules, waivers), Plans(book))


def write_standings(
    gathered: Mapping[int, Gathered],
    phases: Mapping[int, tuple[Phase, ...]],
    assignment: Assignment,
    *,
    drones: Collection[str] | None = None,
) -> int:
    """Replace the standing of the aircraft of these builds from the day on; of them these `drones` alone, when given.

    What held before the day stays as it was. Whoever calls holds the builds (`compliance.assess`), so that nobody else
    writes standings of their aircraft meanwhile. Returns the number of periods judged.
    """
    judging, plans = assignment.judging, assignment.plans
    scope = {
        "builds": list(gathered),
        "drones": None if drones is None else list(drones),
        "waivers": list(judging.waivers),
        "certificates": certificates_asked(assignment.book),
        "on": assignment.on,
    }
    stretches = {pk: judging.stretches(each) for pk, each in phases.items()}
    planned = [
        (plans.number(tuple(judging.periods(group, stretches[group.gathered.build.pk]))), similar)
        for group, some in read_groups(gathered, scope)
        for similar in some
    ]
    plans.read_marks()
    _write([each for each in planned if plans.marks[each[0]] != each[1].mark], assignment)
    return sum(len(plans.rows[number]) for number, _ in planned)


def _write(changed: list[tuple[int, Similar]], assignment: Assignment) -> None:
    if not changed:
        return
    numbers = [number for number, _ in changed]
    parameters: dict[str, Any] = {
        "on": assignment.on,
        "plans": numbers,
        "agencies": [similar.agency for _, similar in changed],
        "aircraft": [similar.aircraft for _, similar in changed],
        "rows": assignment.plans.as_json(sorted(set(numbers))),
    }
    with connection.cursor() as cursor:
        for statement in (END, WRITE):
            cursor.execute(statement, parameters)


def _row(plan: int, period: Period, book: LoadedRulebook) -> dict[str, Any]:
    """A period by the names of `COLUMNS`."""
    answer = period.answer
    return {
        "plan": plan,
        "begins": period.begins.isoformat(),
        "ends": period.ends.isoformat(),
        "state": answer.standing.value,
        "bare": answer.without_waivers.value,
        "rule_id": None if answer.deciding is None else book.stored[answer.deciding].pk,
        "by": None if answer.until is None else answer.until.isoformat(),
        "barred": sorted(answer.barred_missions),
    }


def with_standing(drones: DroneQuerySet, day: date) -> ScopedQuerySet[Any]:
    """Each aircraft with `standing_state`, `standing_by` and `standing_rule_id` of the day, which is `standing_on`,
    and `standing_without`: what its standing would be without waivers.

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
        standing_on=Value(day, DateField()),
    )
