"""What a waiver does, or would do, to the aircraft within its scope: how many, and their standing with and without it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count

from compliance.checks import Request
from compliance.facts import Gathered, gather
from compliance.models import Waiver
from compliance.rulebooks import LoadedRulebook, load_rulebook
from compliance.waivers import as_read, body_and_below, covered_by, waivers_for
from policy import verdicts
from policy.engine import evaluate
from policy.scopes import Acquisition
from policy.trace import Result
from policy.verdicts import WORST_FIRST, Standing, judge
from registry.querysets import DroneQuerySet


@dataclass(frozen=True, slots=True)
class Effect:
    """So many aircraft have this standing without the waiver, and that one with it."""

    without: Standing
    standing: Standing
    count: int

    @property
    def changes(self) -> bool:
        return self.without is not self.standing


@dataclass(frozen=True, slots=True)
class _Group:
    """Aircraft that rules cannot tell apart."""

    build: int
    request: Request
    count: int


def effects_of(waiver: Waiver, drones: DroneQuerySet, on: date) -> list[Effect]:
    """Of a waiver that is stored or only asked for, on the day or on its first one if that is later.

    `drones` are those that the reader may see; only what is held counts. Other waivers that hold on
    that day count on both sides. A fixed number of queries; worst first.
    """
    day = max(on, waiver.valid_from)
    book = load_rulebook()
    groups = _groups(waiver, drones)
    gathered = gather({group.build for group in groups})
    results = {pk: evaluate(each.facts, book.rules, day) for pk, each in gathered.items()}
    others, own = _others(waiver, groups, book, day), _in_force(waiver, book, day)
    counted: Counter[tuple[Standing, Standing]] = Counter()
    for group in groups:
        found = results[group.build]
        pair = _compared(group, gathered[group.build], found, others, own, book, day)
        counted[pair] += group.count
    return [
        Effect(without, standing, counted[without, standing])
        for without, standing in sorted(
            counted, key=lambda pair: tuple(map(WORST_FIRST.index, pair))
        )
    ]


def _groups(waiver: Waiver, drones: DroneQuerySet) -> list[_Group]:
    """Particular aircraft stay apart: another waiver may name one of them."""
    columns = ["build_id", "missions", "agency_id", "agency__kind"]
    if waiver.drones:
        columns.append("pk")
    rows = covered_by(waiver, drones.held()).order_by().values_list(*columns)
    return [
        _Group(build, Request(Acquisition.HELD, frozenset(missions), agency, kind, *pk), count)
        for build, missions, agency, kind, *pk, count in rows.annotate(Count("pk", distinct=True))
    ]


def _others(
    waiver: Waiver, groups: Sequence[_Group], book: LoadedRulebook, day: date
) -> tuple[verdicts.Waiver, ...]:
    builds = {group.build for group in groups}
    found = waivers_for(book, day, builds=builds, drones=waiver.drones)
    return tuple(each for each in found if each.id != str(waiver.pk))


def _in_force(waiver: Waiver, book: LoadedRulebook, day: date) -> verdicts.Waiver:
    """The waiver as if it were granted and in force on this day, to compare with and without it."""
    keys = {rule.pk: key for key, rule in book.stored.items()}
    read = as_read(waiver, keys, body_and_below(waiver.agency_id), waiver.valid_until)
    return replace(
        read, valid_from=min(day, read.valid_from), valid_until=max(day, read.valid_until)
    )


def _compared(
    group: _Group,
    gathered: Gathered,
    results: Sequence[Result],
    others: tuple[verdicts.Waiver, ...],
    own: verdicts.Waiver,
    book: LoadedRulebook,
    day: date,
) -> tuple[Standing, Standing]:
    """The standing without the waiver, and with it."""
    case = group.request.case(gathered.build)
    without = judge(results, case, book.rules, others, day).standing
    return without, judge(results, case, book.rules, (*others, own), day).standing
