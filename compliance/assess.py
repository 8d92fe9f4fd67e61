"""Evaluates builds and writes what came out: results of every rule, and the standing of aircraft."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.context import acting_as, take_time
from compliance.facts import connected, gather
from compliance.judging import Phase
from compliance.processes import spread
from compliance.results import Evaluated, Run, evaluate_builds, store_results
from compliance.rulebooks import load_rulebook
from compliance.standings import Assignment, write_standings
from registry.models import Build, Drone

BATCH = 50
"""Builds of one transaction: a page that needs one of them waits for about a second."""
AT_ONCE = 300
"""So many builds are evaluated while somebody waits; more are left to the job."""
ASSESSMENT_LOCK = 7_270_002


@dataclass(frozen=True, slots=True)
class Assessed:
    """What an assessment did: rules in the book, builds evaluated, periods judged."""

    rules: int
    builds: int
    periods: int


def assess_builds(
    build_ids: Iterable[int] | None = None,
    *,
    on: date | None = None,
    afresh: bool = False,
    workers: int = 1,
) -> Assessed:
    """Evaluate these builds, or all, from this day on, and replace their results and standings.

    Results whose facts and rule are those of the last assessment are taken from there, unless
    `afresh`. Works as the program itself, over all agencies; each batch of builds is a transaction,
    and up to so many processes, `workers`, work on different ones.
    """
    with acting_as(None, reason="assessment"):
        book, day = load_rulebook(), on or timezone.localdate()
        run, assignment = Run.under(book, day, afresh=afresh), Assignment.under(book, day)
        wanted = (
            sorted(set(build_ids))
            if build_ids is not None
            else list(Build.objects.order_by("pk").values_list("pk", flat=True))
        )
    batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    periods = spread(partial(_batch, run, assignment), batches, workers)
    return Assessed(len(book.stored), len(wanted), periods)


def _batch(run: Run, assignment: Assignment, build_ids: list[int]) -> int:
    with acting_as(None, reason="assessment"):
        take_time()
        return _assess(build_ids, run, assignment)


def _hold(build_ids: list[int]) -> None:
    """Whoever else evaluates one of these builds waits until this transaction ends, then reads what it stored.

    In the order of the ids, so that two who want several never wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, (id & 2147483647)::int) from unnest(%s::bigint[]) as id",
            [ASSESSMENT_LOCK, sorted(build_ids)],
        )


def _assess(build_ids: list[int], run: Run, assignment: Assignment) -> int:
    _hold(build_ids)
    gathered = gather(build_ids)
    evaluated = evaluate_builds(gathered, run)
    store_results(evaluated, run)
    return write_standings(gathered, _phases(evaluated), assignment)


def _phases(evaluated: Mapping[int, Evaluated]) -> dict[int, tuple[Phase, ...]]:
    return {pk: each.phases for pk, each in evaluated.items()}


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
    """The same for many aircraft, given as (id, build id): their builds are evaluated as far as no stored result
    holds, and other aircraft of them are left alone."""
    of_build: dict[int, list[str]] = defaultdict(list)
    for drone, build in drones:
        of_build[build].append(drone)
    builds = sorted(of_build)
    book, on = load_rulebook(), timezone.localdate()
    run, assignment = Run.under(book, on), Assignment.under(book, on)
    for start in range(0, len(builds), BATCH):
        batch = builds[start : start + BATCH]
        _hold(batch)
        gathered = gather(batch)
        phases = _phases(evaluate_builds(gathered, run))
        of_batch = [drone for build in batch for drone in of_build[build]]
        write_standings(gathered, phases, assignment, drones=of_batch)
