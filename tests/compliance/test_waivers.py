"""What a waiver changes, for which aircraft and on which days, and what stays visible without it."""

from datetime import date, timedelta
from typing import Any

import pytest

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import assess_builds, refresh_drone
from compliance.checks import BuildCheck, Request, check_builds
from compliance.models import FOR_EVER, Standing, Waiver, WaiverState, WaiverStep
from compliance.rulebooks import load_rulebook
from compliance.standings import with_standing
from compliance.waivers import waivers_for
from policy.scopes import Acquisition
from registry.models import Drone
from tests.compliance.waivers import (
    ended,
    granted,
    in_days,
    requested,
    state,
    take,
    today,
)
from tests.people import People, Tree
from tests.worlds import World, log

pytestmark = pytest.mark.django_db
RESCUE = ["rescue"]
YESTERDAY = timedelta(days=1)


def standing_of(drone: Drone, day: date) -> tuple[str, str, date | None]:
    """State, state without waivers, and until when."""
    with acting_as(None):
        row = Standing.objects.unscoped(reason="test").on(day).get(drone=drone)
    return row.state, row.state_without_waivers, row.by


@pytest.fixture
def kite(world: World, tree: Tree) -> Drone:
    """An aircraft of the listed build at the Coast Guard: grounded since its phase-out ended."""
    drone = log(tree.coast_guard, world.listed, "KITE-1", missions=RESCUE)
    assess_builds()
    return drone


def test_without_a_waiver_the_aircraft_of_the_listed_build_is_on_the_ground(kite: Drone) -> None:
    assert standing_of(kite, today()) == ("ground", "ground", None)


def test_a_granted_waiver_holds_through_its_last_day_and_shows_what_would_be_without_it(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    waiver = granted(people, tree.coast_guard, world)
    last = waiver.valid_until
    assert standing_of(kite, today()) == ("waived", "ground", last)
    assert standing_of(kite, last) == ("waived", "ground", last)
    assert standing_of(kite, last + YESTERDAY) == ("ground", "ground", None)


def test_a_waiver_that_begins_later_changes_nothing_before_its_first_day(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    granted(people, tree.coast_guard, world, valid_from=in_days(10))
    assert [standing_of(kite, in_days(day))[0] for day in (0, 9, 10)] == [
        "ground",
        "ground",
        "waived",
    ]


def test_a_request_and_a_first_decision_change_nothing(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    waiver = requested(people.aiko, tree.coast_guard, world)
    take(WaiverStep.ENDORSE, waiver, people.chie)
    assess_builds()
    assert standing_of(kite, today())[0] == "ground"


def test_a_waiver_that_is_ended_early_is_gone_at_once_everywhere(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    waiver = ended(granted(people, tree.coast_guard, world), people.chie)
    assert standing_of(kite, today()) == ("ground", "ground", None)
    assert check(people.aiko, world, tree).verdict.standing == "ground"
    assert state(waiver, today()) is WaiverState.ENDED


def test_a_waiver_that_will_end_early_holds_until_the_day_before(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    ended(granted(people, tree.coast_guard, world), people.chie, in_days(5))
    assert standing_of(kite, in_days(4)) == ("waived", "ground", in_days(4))
    assert standing_of(kite, in_days(5))[0] == "ground"


@pytest.mark.parametrize(
    ("change", "covers"),
    [
        ({}, True),
        ({"missions": RESCUE}, True),
        ({"missions": ["criminal_investigation"]}, False),
        ({"agency": "mlit"}, True),
        ({"agency": "centre"}, True),
        ({"agency": "forestry"}, False),
        ({"rules": "origin"}, False),  # the other rule still grounds it
        ({"builds": "clean"}, False),
        ({"drones": "kite"}, True),
        ({"drones": "other"}, False),
    ],
)
def test_a_waiver_covers_only_what_it_names(
    change: dict[str, Any], covers: bool, kite: Drone, world: World, tree: Tree, people: People
) -> None:
    other = log(tree.coast_guard, world.listed, "KITE-2", missions=RESCUE)
    named: dict[str, dict[str, Any]] = {
        "rules": {"origin": [world.origin.pk]},
        "builds": {"clean": [world.clean.pk]},
        "drones": {"kite": [kite.pk], "other": [other.pk]},
    }
    given = {key: named[key][value] if key in named else value for key, value in change.items()}
    node = getattr(tree, given.pop("agency", "coast_guard"))
    granted(people, node, world, **given)
    assess_builds()
    assert (standing_of(kite, today())[0] == "waived") is covers


def test_an_aircraft_logged_later_comes_under_the_waiver_of_its_build(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    granted(people, tree.mlit, world)
    with acting_as(people.aiko):
        late = Drone.objects.create(
            agency=tree.coast_guard, build=world.listed, serial_number="KITE-9", missions=RESCUE
        )
        refresh_drone(late)
    assert standing_of(late, today())[0] == "waived"


def test_the_standings_of_a_fleet_are_those_that_a_check_of_each_aircraft_gives(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    fleet = [
        kite,
        log(tree.coast_guard, world.listed, "KITE-2", missions=["training", "rescue"]),
        log(tree.coast_guard, world.no_radio, "LONG-1", missions=RESCUE),
        log(tree.forestry, world.listed, "KITE-3", missions=RESCUE),
        log(tree.forestry, world.listed, "KITE-4"),
    ]
    granted(people, tree.mlit, world, valid_until=in_days(20))
    granted(people, tree.forestry, world, drones=[fleet[3].pk], valid_from=in_days(7))
    granted(people, tree.centre, world, builds=[world.no_radio.pk], missions=RESCUE)
    assess_builds()
    days = [in_days(day) for day in (0, 6, 7, 20, 21, 99, 100)]
    stored = [standing_of(drone, day)[:2] for drone in fleet for day in days]
    assert stored == [judged(drone, day) for drone in fleet for day in days]
    assert {found for found, _ in stored} == {"waived", "ground", "undetermined"}


def judged(drone: Drone, day: date) -> tuple[str, str]:
    with acting_as(None):
        held = Request(
            Acquisition.HELD,
            frozenset(drone.missions),
            drone.agency_id,
            drone.agency.kind,
            drone.pk,
        )
        verdict = check_builds([drone.build_id], held, day)[drone.build_id].verdict
    return verdict.standing.value, verdict.without_waivers.value


def test_each_aircraft_keeps_exactly_one_period_for_each_day(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    granted(people, tree.coast_guard, world, valid_until=in_days(20))
    granted(people, tree.centre, world, valid_from=in_days(10), valid_until=in_days(30))
    with acting_as(None):
        rows = list(Standing.objects.unscoped(reason="test").filter(drone=kite).order_by("begins"))
    assert [row.ends for row in rows[:-1]] == [row.begins for row in rows[1:]]
    assert rows[-1].ends == FOR_EVER
    assert [(row.begins, row.state, row.by) for row in rows if row.ends > today()] == [
        (today(), "waived", in_days(20)),
        (in_days(10), "waived", in_days(30)),
        (in_days(31), "ground", None),
    ]


# What a check of a purchase sees


def check(person: Person, world: World, tree: Tree, day: date | None = None) -> BuildCheck:
    wanted = Request(
        Acquisition.PURCHASE, frozenset(RESCUE), tree.coast_guard.pk, tree.coast_guard.kind
    )
    with acting_as(person):
        return check_builds([world.listed.pk], wanted, day or today())[world.listed.pk]


def test_a_purchase_of_a_waived_build_is_not_blocked_and_names_the_waiver(
    world: World, tree: Tree, people: People
) -> None:
    before = check(people.aiko, world, tree)
    assert before.verdict.blocked
    assert not before.waivers
    waiver = granted(people, tree.centre, world)
    after = check(people.aiko, world, tree)
    assert (after.verdict.standing, after.verdict.without_waivers) == ("waived", "ground")
    assert (after.verdict.blocked, after.verdict.flagged) == ((), True)
    assert after.waivers == {str(waiver.pk)}


def test_the_waiver_of_another_agency_waives_nothing_here(
    world: World, tree: Tree, people: People
) -> None:
    granted(people, tree.forestry, world)
    for person in (people.aiko, people.chie):
        assert check(person, world, tree).verdict.standing == "ground"


# The one function


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (4, WaiverState.UPCOMING),
        (5, WaiverState.VALID),
        (9, WaiverState.VALID),
        (10, WaiverState.ENDED),
    ],
)
def test_the_state_of_a_granted_waiver_follows_from_the_day_alone(
    day: int, expected: WaiverState, world: World, tree: Tree, people: People
) -> None:
    waiver = granted(people, tree.coast_guard, world, valid_from=in_days(5), valid_until=in_days(9))
    assert state(waiver, in_days(day)) is expected
    with acting_as(None):
        (read,) = waivers_for(load_rulebook(), today(), builds=[world.listed.pk])
    assert (read.valid_from <= in_days(day) <= read.valid_until) is (expected is WaiverState.VALID)


def test_a_waiver_ended_before_it_began_is_over(world: World, tree: Tree, people: People) -> None:
    waiver = granted(people, tree.coast_guard, world, valid_from=in_days(5))
    ended(waiver, people.chie, in_days(5))
    assert [state(waiver, in_days(day)) for day in (0, 4, 5)] == [WaiverState.ENDED] * 3


@pytest.mark.parametrize(("left", "ending"), [(89, True), (90, True), (91, False), (-1, False)])
def test_a_waiver_is_ending_within_ninety_days_of_its_last(
    left: int, ending: bool, world: World, tree: Tree, people: People
) -> None:
    waiver = granted(people, tree.coast_guard, world, valid_until=in_days(200))
    with acting_as(people.aiko):
        found = Waiver.objects.visible_to(people.aiko).ending(in_days(200 - left))
        assert found.filter(pk=waiver.pk).exists() is ending


def test_reading_waivers_asks_once_however_many_there_are(
    django_assert_num_queries: Any, world: World, tree: Tree, people: People
) -> None:
    for _ in range(3):
        granted(people, tree.coast_guard, world)
    with acting_as(None):
        book = load_rulebook()
        with django_assert_num_queries(1):
            assert len(waivers_for(book, today(), builds=[world.listed.pk])) == 3


def test_a_list_of_aircraft_shows_the_standing_without_the_waiver(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    granted(people, tree.coast_guard, world)
    with acting_as(people.aiko):
        row = with_standing(Drone.objects.visible_to(people.aiko), today()).get(pk=kite.pk)
    assert (row.standing_state, row.standing_without) == ("waived", "ground")
