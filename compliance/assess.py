"""Evaluates builds and writes what came out: results of every rule, and the standing of aircraft."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.context import acting_as
from compliance.facts import Gathered, connected, gather
from compliance.judging import Judging, Phase
from compliance.models import FOR_EVER, Assessment, FactsSnapshot, RuleResult
from compliance.rulebooks import LoadedRulebook, load_rulebook
from compliance.standings import judging_of, write_standings
from policy.engine import breakpoints, evaluate_days
from policy.trace import Result
from registry.models import Build, Drone
from standards.canonical import canonical

BATCH = 200
AT_ONCE = 300
"""So many builds are evaluated while somebody waits; more are left to the job."""
ASSESSMENT_LOCK = 7_270_002


@dataclass(frozen=True, slots=True)
class Assessed:
    """What an assessment did: rules in the book, builds evaluated, periods judged."""

    rules: int
    builds: int
    periods: int


def assess_builds(build_ids: Iterable[int] | None = None, *, on: date | None = None) -> Assessed:
    """Evaluate these builds, or all, from this day on, and replace their results and standings.

    Works as the program itself, over all agencies; each batch of builds is a transaction.
    """
    on = on or timezone.localdate()
    with acting_as(None, reason="assessment"):
        book = load_rulebook()
        wanted = (
            sorted(set(build_ids))
            if build_ids is not None
            else list(Build.objects.values_list("pk", flat=True))
        )
        judging = judging_of(book, on)
    periods = 0
    for start in range(0, len(wanted), BATCH):
        with acting_as(None, reason="assessment"):
            periods += _assess(wanted[start : start + BATCH], book, on, judging)
    return Assessed(len(book.stored), len(wanted), periods)


def _hold(build_ids: list[int]) -> None:
    """Whoever else evaluates one of these builds waits until this transaction ends, then reads what it stored.

    In the order of the ids, so that two who want several never wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, (id & 2147483647)::int) from unnest(%s::bigint[]) as id",
            [ASSESSMENT_LOCK, sorted(build_ids)],
        )


def _assess(build_ids: list[int], book: LoadedRulebook, on: date, judging: Judging) -> int:
    _hold(build_ids)
    gathered = gather(build_ids)
    phases = {pk: phases_of(each, book, on) for pk, each in gathered.items()}
    _store_results(gathered, phases, book, on)
    return write_standings(gathered, phases, book, on, judging=judging)


def phases_of(gathered: Gathered, book: LoadedRulebook, on: date) -> tuple[Phase, ...]:
    """The results of a build on this day and on every later day on which they can differ."""
    days = breakpoints(gathered.facts, book.rules, on)
    results = evaluate_days(gathered.facts, book.rules, days)
    return tuple(Phase(day, each) for day, each in zip(days, results, strict=True))


def _store_results(
    gathered: Mapping[int, Gathered],
    phases: Mapping[int, tuple[Phase, ...]],
    book: LoadedRulebook,
    on: date,
) -> None:
    now, digest = timezone.now(), book.rules.digest()
    facts = {pk: each.facts.digest() for pk, each in gathered.items()}
    FactsSnapshot.objects.bulk_create(
        (
            FactsSnapshot(digest=facts[pk], body=canonical(each.facts.to_json()))
            for pk, each in gathered.items()
        ),
        ignore_conflicts=True,
    )
    RuleResult.objects.current().filter(build__in=list(gathered)).update(superseded_at=now)
    RuleResult.objects.bulk_create(
        row for pk in gathered for row in _result_rows(pk, phases[pk], book, facts[pk], now)
    )
    Assessment.objects.bulk_create(
        (
            Assessment(
                build_id=pk,
                facts_id=facts[pk],
                rulebook_digest=digest,
                evaluated_at=now,
                evaluated_for=on,
            )
            for pk in gathered
        ),
        update_conflicts=True,
        unique_fields=["build"],
        update_fields=["facts", "rulebook_digest", "evaluated_at", "evaluated_for"],
    )


def _result_rows(
    build: int, phases: tuple[Phase, ...], book: LoadedRulebook, facts: str, now: datetime
) -> Iterable[RuleResult]:
    """One row for each stretch of days on which a rule says the same with the same reasons."""
    ends = {before.begins: after.begins for before, after in pairwise(phases)}
    running: dict[str, tuple[Result, RuleResult]] = {}
    for phase in phases:
        end = ends.get(phase.begins, FOR_EVER)
        for result in phase.results:
            last = running.get(result.rule)
            if last and last[0] == result and last[1].ends == phase.begins:
                last[1].ends = end
                continue
            row = RuleResult(
                rule=book.stored[result.rule],
                build_id=build,
                begins=phase.begins,
                ends=end,
                outcome=result.outcome.value,
                trace=result.trace.to_json(),
                facts_id=facts,
                evaluated_at=now,
            )
            if last:
                yield last[1]
            running[result.rule] = (result, row)
    for _, row in running.values():
        yield row


def refresh(build_ids: Iterable[int]) -> Assessed:
    """After a write that changed facts of these builds: evaluated at once, in the same transaction."""
    return assess_builds(build_ids)


def refresh_rulebook() -> Assessed | None:
    """After a version was published or an edition recorded: every build at once, where they are few.

    None where they are many: `manage.py assess` finds them as stale, and pages say how many wait.
    """
    return assess_builds() if Build.objects.count() <= AT_ONCE else None


def refresh_vendors(vendor_ids: Iterable[int]) -> Assessed:
    """After a change of a vendor, a link or a match: every build that anyone joined to it is part of."""
    near = connected(vendor_ids)
    touched = Build.objects.filter(
        Q(model__manufacturer__in=near)
        | Q(design_licensed_from__in=near)
        | Q(components__maker__in=near)
    )
    return refresh(touched.values_list("pk", flat=True).distinct())


def refresh_drone(drone: Drone) -> None:
    """After an aircraft was logged or changed, with the rights of whoever did it."""
    refresh_drones([(str(drone.pk), drone.build_id)])


@transaction.atomic
def refresh_drones(drones: Iterable[tuple[str, int]]) -> None:
    """The same for many aircraft, given as (id, build id): each build is evaluated once, and its
    other aircraft are left alone."""
    of_build: dict[int, list[str]] = defaultdict(list)
    for drone, build in drones:
        of_build[build].append(drone)
    builds = sorted(of_build)
    book, on = load_rulebook(), timezone.localdate()
    for start in range(0, len(builds), BATCH):
        batch = builds[start : start + BATCH]
        _hold(batch)
        gathered = gather(batch)
        phases = {pk: phases_of(each, book, on) for pk, each in gathered.items()}
        of_batch = [drone for build in batch for drone in of_build[build]]
        write_standings(gathered, phases, book, on, drones=of_batch)
