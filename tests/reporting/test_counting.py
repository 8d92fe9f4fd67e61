"""Aircraft counted for each agency: a figure is the length of the list it opens, whatever was written meanwhile."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import assess_builds, refresh
from compliance.filters import DroneFilter, drones_for_list
from registry.models import Build, Component, Drone, Vendor
from reporting import counting
from reporting.clock import count_aircraft
from reporting.counting import keep_up, uncounted
from reporting.figures import Figure, Fleet
from reporting.models import Uncounted
from standards.missions import MISSIONS
from tests.people import People, Tree
from tests.web.pages import queries, signed_in
from tests.worlds import World, log

pytestmark = pytest.mark.django_db
EVERYBODY = ["aiko", "daisuke", "fumi"]
TODAY = timezone.localdate


@pytest.fixture
def busy(world: World, people: People, tree: Tree) -> World:
    """Aircraft of several builds, years and missions at two agencies, one of them handed on."""
    builds = [world.listed, world.no_radio, world.unknown, world.clean]
    for number, build in enumerate(builds):
        year = date(2018 + 2 * number, 5, 1) if number else None
        log(tree.coast_guard, build, f"JCG-{number}", missions=["rescue"], acquired_on=year)
        log(tree.forestry, build, f"FA-{number}", missions=["rescue", "forestry"], acquired_on=year)
    gone = Drone.Status.DISPOSED
    log(tree.coast_guard, world.listed, "JCG-X", missions=["rescue"], status=gone)
    with acting_as(None):
        assess_builds(None, on=TODAY())
    log(tree.coast_guard, world.listed, "JCG-NEW", missions=["rescue"])  # not assessed yet
    return world


def figures_of(fleet: Fleet) -> list[Figure]:
    days = [TODAY() + timedelta(days=days) for days in (0, 400, 800)]
    return [
        fleet.total(),
        *(figure for day in days for figure in fleet.by_standing(day)),
        *fleet.by_mission(MISSIONS.codes),
        *fleet.by_year(),
        *fleet.not_recorded(),
        *(figure for meaning in fleet.meanings for figure in fleet.by_origin(meaning)),
    ]


def listed(person: Person, figure: Figure) -> int:
    """How many rows the list has that the figure opens."""
    request = HttpRequest()
    request.user = person
    rows = drones_for_list(person, TODAY())
    filters = DroneFilter(QueryDict(figure.query), queryset=rows, request=request)
    assert filters.is_valid(), filters.errors
    return filters.qs.count()


@pytest.mark.parametrize("name", EVERYBODY)
def test_each_figure_is_the_length_of_the_list_that_it_opens(
    name: str, busy: World, people: People
) -> None:
    person: Person = getattr(people, name)
    with acting_as(person):
        counted = {each.query: each.count for each in figures_of(Fleet.of(person))}
        assert counted == {query: listed(person, Figure("", 0, query)) for query in counted}
    assert len(counted) > 20
    assert sum(counted.values()) > 20


def test_the_figures_of_one_agency_are_those_of_its_own_list(
    busy: World, people: People, tree: Tree
) -> None:
    with acting_as(people.fumi):
        counted = {e.query: e.count for e in figures_of(Fleet.of(people.fumi, tree.mlit))}
        assert counted == {query: listed(people.fumi, Figure("", 0, query)) for query in counted}
        whole = Fleet.of(people.fumi).total().count
        assert 0 < Fleet.of(people.fumi, tree.mlit).total().count < whole


def _buy(world: World, tree: Tree) -> None:
    log(tree.coast_guard, world.clean, "JCG-LATER", missions=["forestry"])


def _dispose(world: World, tree: Tree) -> None:
    world.patrol.status = Drone.Status.LOST
    Drone.objects.unscoped(reason="as raw SQL would").filter(pk=world.patrol.pk).update(
        missions=["disaster_response"]
    )


def _move_the_maker(world: World, tree: Tree) -> None:
    Vendor.objects.filter(pk=world.kite.pk).update(headquartered_in=["FR"])


def _make_a_part_elsewhere(world: World, tree: Tree) -> None:
    Component.objects.filter(build=world.clean).update(made_in=["DE"])


def _assemble_elsewhere(world: World, tree: Tree) -> None:
    Build.objects.filter(pk=world.clean.pk).update(assembled_in=["IT"])


def _judge_anew(world: World, tree: Tree) -> None:
    Component.objects.filter(build=world.clean).update(made_in=["CN"])
    refresh([world.clean.pk])


@pytest.mark.parametrize(
    "write",
    [_buy, _dispose, _move_the_maker, _make_a_part_elsewhere, _assemble_elsewhere, _judge_anew],
)
def test_what_is_written_is_counted_when_the_figures_are_read_next(
    write: Callable[[World, Tree], None], busy: World, people: People, tree: Tree
) -> None:
    def figures() -> dict[str, int]:
        with acting_as(people.fumi):
            return {each.query: each.count for each in figures_of(Fleet.of(people.fumi))}

    before = figures()
    with acting_as(None):
        write(busy, tree)
    after = figures()
    assert after != before
    with acting_as(people.fumi):
        assert after == {query: listed(people.fumi, Figure("", 0, query)) for query in after}


def test_a_large_fleet_is_left_to_the_clock(
    busy: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", 2)
    with acting_as(people.fumi):
        fleet = Fleet.of(people.fumi)
        assert len(fleet.waiting) == 2
        assert fleet.total().count == 0
    count_aircraft(timezone.now())
    with acting_as(people.fumi):
        assert uncounted(people.fumi) == []
        assert Fleet.of(people.fumi).total().count > 2


def test_nothing_is_counted_twice(busy: World, people: People) -> None:
    with acting_as(people.fumi):
        assert keep_up(people.fumi) == []
        assert not Uncounted.objects.visible_to(people.fumi).exists()


def test_the_page_asks_the_same_number_of_questions_of_a_larger_fleet(
    busy: World, people: People, tree: Tree
) -> None:
    client = signed_in(people.fumi)
    few = queries(client, "/dashboards/")
    for number in range(20):
        log(tree.forestry, busy.clean, f"MORE-{number}", acquired_on=date(2000 + number, 1, 1))
    assert queries(client, "/dashboards/") == few
