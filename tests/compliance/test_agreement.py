"""What the database joins over the fleet is what `judge` says of each aircraft by itself, whatever the world.

12 worlds in the suite, 2,000 in the slow run.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agencies.context import acting_as
from agencies.models import Agency
from compliance.assess import assess_builds
from compliance.facts import certificate_facts, gather
from compliance.models import Standing
from compliance.rulebooks import LoadedRulebook, load_rulebook
from compliance.waiver_refusals import WaiverRefused
from compliance.waivers import waivers_for
from policy.engine import evaluate
from policy.facts import BuildFacts, CertificateFacts
from policy.scopes import Acquisition
from policy.verdicts import Case, Verdict, Waiver, judge
from registry.models import Build, Declaration, Drone, DroneCertificate
from tests.compliance.test_rulebooks import enact
from tests.compliance.waivers import granted, in_days, today
from tests.people import Society
from tests.worlds import World, log

pytestmark = pytest.mark.django_db
ASKED = {"kind": "certificate", "certificates": ["registration", "remote_id"]}
DAYS = 7
offsets = st.none() | st.integers(-2, DAYS)


@dataclass(frozen=True)
class Paper:
    code: str
    held: bool | None
    begins: int | None
    ends: int | None
    expires: int | None
    declared: bool
    checked: bool


@dataclass(frozen=True)
class Aircraft:
    build: int
    agency: int
    missions: tuple[str, ...]
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Waived:
    """A waiver: of one aircraft (`drone`) or of builds; None is all missions."""

    agency: int
    rules: tuple[int, ...]
    builds: tuple[int, ...]
    drone: int | None
    missions: tuple[str, ...]
    begins: int
    days: int


papers = st.builds(
    Paper,
    code=st.sampled_from(["registration", "remote_id", "radio_licence"]),
    held=st.sampled_from([True, True, True, False, None]),
    begins=offsets,
    ends=offsets,
    expires=offsets,
    declared=st.sampled_from([True, True, False]),
    checked=st.sampled_from([True, True, False]),
)
missions = st.lists(
    st.sampled_from(["rescue", "training", "forestry"]), max_size=2, unique=True
).map(lambda codes: tuple(sorted(codes)))
aircraft = st.builds(
    Aircraft,
    build=st.integers(0, 3),
    agency=st.integers(0, 1),
    missions=missions,
    papers=st.lists(papers, max_size=3, unique_by=lambda each: each.code).map(tuple),
)
exceptions = st.builds(
    Waived,
    agency=st.integers(0, 2),
    rules=st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True).map(tuple),
    builds=st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True).map(tuple),
    drone=st.none() | st.integers(0, 3),
    missions=missions,
    begins=st.integers(0, 3),
    days=st.integers(0, 4),
)


@pytest.mark.parametrize("examples", [12, pytest.param(2000, marks=pytest.mark.slow)])
def test_the_join_over_the_fleet_and_judge_agree_on_every_aircraft_and_day(
    world: World, society: Society, examples: int
) -> None:
    asked = enact(society.people, criterion=ASKED)
    rules = [world.origin.pk, world.listed_party.pk, asked.pk]

    def agree(fleet: list[Aircraft], waived: list[Waived]) -> None:
        with transaction.atomic():
            drones = [_logged(each, world, society) for each in fleet]
            for each in waived:
                _grant(each, rules, drones, world, society)
            assess_builds()
            _compare(drones)
            transaction.set_rollback(True)

    drawn = given(
        fleet=st.lists(aircraft, min_size=1, max_size=4), waived=st.lists(exceptions, max_size=2)
    )(agree)
    settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )(drawn)()


def _logged(each: Aircraft, world: World, society: Society) -> Drone:
    build = _builds(world)[each.build]
    drone = log(_agencies(society)[each.agency], build, missions=list(each.missions))
    for paper in each.papers:
        _papered(drone, paper, society)
    return drone


def _builds(world: World) -> list[Build]:
    return [world.clean, world.no_radio, world.unknown, world.listed]


def _agencies(society: Society) -> list[Agency]:
    return [society.tree.coast_guard, society.tree.forestry, society.tree.centre]


def _papered(drone: Drone, paper: Paper, society: Society) -> None:
    steward = society.people.goro
    with acting_as(steward):
        declaration = Declaration.objects.create(
            title="Notice",
            kind="certificate",
            claimant="MLIT",
            dated=date(2024, 1, 1),
            expires=_day(paper.expires),
            grade=Declaration.Grade.DOCUMENTED,
            verified_by=steward if paper.checked else None,
        )
        # Only what is held has days.
        begins = _day(paper.begins) if paper.held else None
        ends = _day(paper.ends) if paper.held else None
        DroneCertificate.objects.create(
            agency=drone.agency,
            drone=drone,
            certificate=paper.code,
            held=paper.held,
            valid_from=min(begins, ends) if begins and ends else begins,
            valid_until=max(begins, ends) if begins and ends else ends,
            declaration=declaration if paper.declared else None,
            verified_by=steward,
        )


def _day(offset: int | None) -> date | None:
    return None if offset is None else in_days(offset)


def _grant(
    each: Waived, rules: list[int], drones: list[Drone], world: World, society: Society
) -> None:
    of_drone = each.drone is not None and each.drone < len(drones)
    more: dict[str, Any] = {
        "rules": [rules[number] for number in each.rules],
        "valid_from": in_days(each.begins),
        "valid_until": in_days(each.begins + each.days),
    }
    if each.missions:
        more["missions"] = list(each.missions)
    if of_drone:
        more["drones"] = [drones[each.drone or 0].pk]
    else:
        more["builds"] = [_builds(world)[number].pk for number in each.builds]
    with suppress(WaiverRefused):  # for an aircraft that the body does not hold, none is given
        granted(society.people, _agencies(society)[each.agency], world, **more)


def _compare(drones: list[Drone]) -> None:
    with acting_as(None):
        book = load_rulebook()
        known = _known(drones)
        waivers = waivers_for(book, today())
        for day in (today() + timedelta(days=offset) for offset in range(DAYS + 2)):
            rows = Standing.objects.unscoped(reason="test").on(day)
            stored = {row.drone_id: row for row in rows.filter(drone__in=drones)}
            for drone, verdict in _judged(drones, known, waivers, book, day):
                assert _told(stored[drone.pk]) == _expected(verdict, book), (day, drone.pk)


def _known(drones: list[Drone]) -> dict[UUID, BuildFacts]:
    """Of each aircraft the facts of its build with its own papers: the same on every day."""
    builds = gather({drone.build_id for drone in drones})
    papers: dict[UUID, list[CertificateFacts]] = defaultdict(list)
    rows = DroneCertificate.objects.unscoped(reason="test").filter(drone__in=drones)
    for row in rows.select_related("declaration"):
        papers[row.drone_id].append(certificate_facts(row))
    return {
        drone.pk: replace(builds[drone.build_id].facts, certificates=tuple(papers[drone.pk]))
        for drone in drones
    }


def _judged(
    drones: list[Drone],
    known: dict[UUID, BuildFacts],
    waivers: Sequence[Waiver],
    book: LoadedRulebook,
    day: date,
) -> Iterator[tuple[Drone, Verdict]]:
    """Each aircraft by itself, with every waiver there is."""
    for drone in drones:
        results = evaluate(known[drone.pk], book.rules, day)
        weight = Decimal(drone.build.model.weight_g or 0)
        case = Case(
            kind=Acquisition.HELD,
            missions=frozenset(drone.missions) or None,
            build=drone.build_id,
            agency=drone.agency_id,
            agency_kind=drone.agency.kind,
            drone=str(drone.pk),
            weight_min_g=weight,
            weight_max_g=weight,
        )
        yield drone, judge(results, case, book.rules, waivers, day)


def _told(row: Standing) -> tuple[object, ...]:
    without = row.state_without_waivers
    return row.state, without, row.rule_id, row.by, sorted(row.barred_missions)


def _expected(verdict: Verdict, book: LoadedRulebook) -> tuple[object, ...]:
    return (
        verdict.standing.value,
        verdict.without_waivers.value,
        None if verdict.deciding is None else book.stored[verdict.deciding].pk,
        verdict.until,
        sorted(verdict.barred_missions),
    )
