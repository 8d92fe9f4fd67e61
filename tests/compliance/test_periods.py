"""Periods of results and of standing: where they are cut, whose they are, and what a refresh reaches."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance import assess
from compliance.assess import assess_builds, refresh_drone, refresh_vendors
from compliance.models import FOR_EVER, Assessment, RuleResult, Standing
from compliance.stale import stale_builds
from compliance.standings import with_standing
from registry.models import Build, Component, Declaration, Drone
from tests.compliance.test_rulebooks import enact
from tests.people import People, Society
from tests.worlds import IN_FORCE, World, log, publish

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
EXPIRY = date(2027, 3, 31)
AFTER = date(2027, 4, 1)


def periods(drone: Drone) -> list[Standing]:
    with acting_as(None):
        rows = Standing.objects.unscoped(reason="test").filter(drone=drone)
        return list(rows.order_by("begins"))


def period_of(drone: Drone, day: date) -> Standing:
    with acting_as(None):
        return Standing.objects.unscoped(reason="test").on(day).get(drone=drone)


@pytest.fixture
def expiring(world: World, goro: Person) -> World:
    """The one paper of the world is valid until EXPIRY."""
    with acting_as(None):
        Declaration.objects.filter(pk=world.paper.pk).update(expires=EXPIRY)
    with acting_as(goro):
        Declaration.objects.filter(pk=world.paper.pk).update(verified_by=goro)
    return world


def test_a_result_that_stays_the_same_is_one_row_and_one_that_changes_is_two(
    expiring: World,
) -> None:
    with acting_as(None):
        publish(expiring.companies, date(2026, 12, 1), {"kite works": "KITE"})
    assess_builds([expiring.clean.pk], on=TODAY)
    rows = RuleResult.objects.current().filter(build=expiring.clean, rule=expiring.origin)
    assert list(rows.values_list("begins", "ends", "outcome")) == [
        (TODAY, AFTER, "pass"),
        (AFTER, FOR_EVER, "unknown"),
    ]
    for day in (EXPIRY, AFTER):
        assert rows.on(day).count() == 1


def test_a_standing_that_stays_the_same_is_one_period(world: World) -> None:
    with acting_as(None):
        publish(world.companies, date(2026, 12, 1), {"kite works": "KITE", "else": "ELSE"})
    assess_builds(on=TODAY)
    assert [(each.begins, each.ends) for each in periods(world.patrol)] == [(TODAY, FOR_EVER)]


def test_on_the_day_of_a_cut_exactly_one_period_holds(expiring: World, society: Society) -> None:
    drone = log(society.tree.coast_guard, expiring.clean, "S-1", missions=["rescue"])
    assess_builds([expiring.clean.pk], on=TODAY)
    assert [period_of(drone, day).state for day in (TODAY, EXPIRY, AFTER)] == [
        "clear",
        "clear",
        "undetermined",
    ]
    with acting_as(None):
        everything = Drone.objects.unscoped(reason="test").filter(pk=drone.pk)
        assert len(with_standing(everything, AFTER)) == 1


def test_missions_with_deadlines_of_their_own_are_barred_one_after_the_other(
    world: World, society: Society, people: People
) -> None:
    months = [{"mission": "forestry", "months": 12}]
    held = {"effect": "phase_out", "months": 24, "missions": months, "counted_from": None}
    rule = enact(people, held=held)
    drone = log(society.tree.coast_guard, world.listed, "K-1", missions=["forestry", "training"])
    assess_builds([world.listed.pk], on=IN_FORCE)
    first, second = date(2022, 4, 1), date(2023, 4, 1)
    with acting_as(None):
        row = with_standing(Drone.objects.unscoped(reason="test"), IN_FORCE).get(pk=drone.pk)
    assert (row.standing_state, row.standing_by, row.standing_rule_id) == (
        "phase_out",
        first,
        rule.pk,
    )
    with acting_as(None):
        grounded = with_standing(Drone.objects.unscoped(reason="test"), second).get(pk=drone.pk)
    assert (grounded.standing_state, grounded.standing_by) == ("ground", None)
    barred = [
        (each.state, each.barred_missions)
        for each in (period_of(drone, first), period_of(drone, second))
    ]
    assert barred == [("ground", ["forestry"]), ("ground", ["forestry", "training"])]


def test_a_period_ends_where_another_rule_decides(world: World, society: Society) -> None:
    """Once the maker is off the list, the place of manufacture alone still grounds it."""
    drone = log(society.tree.coast_guard, world.listed, "K-1", missions=["rescue"])
    with acting_as(None):
        publish(world.companies, AFTER, {})
    assess_builds([world.listed.pk], on=TODAY)
    rules = [(each.begins, each.state, each.rule_id) for each in periods(drone)]
    assert rules == [
        (TODAY, "ground", world.listed_party.pk),
        (AFTER, "ground", world.origin.pk),
    ]
    assert {each.state_without_waivers for each in periods(drone)} == {"ground"}


def test_aircraft_of_other_kinds_of_agency_stand_for_themselves(
    world: World, society: Society, people: People
) -> None:
    enact(people, scope={"kind": "agency_kind_in", "kinds": ["ministry"]})
    drones = [
        log(node, world.listed, f"K-{node.code}", missions=["training"])
        for node in (society.tree.mlit, society.tree.coast_guard)
    ]
    assess_builds([world.listed.pk], on=TODAY)
    assert [period_of(each, TODAY).state for each in drones] == ["ground", "clear"]


@pytest.mark.parametrize(("from_g", "state"), [("900", "ground"), ("901", "clear")])
def test_the_weight_of_the_model_decides_where_a_rule_asks_for_it(
    world: World, society: Society, people: People, from_g: str, state: str
) -> None:
    enact(people, scope={"kind": "weight_range_g", "from_g": from_g})
    drone = log(society.tree.coast_guard, world.listed, "K-1", missions=["training"])
    assess_builds([world.listed.pk], on=TODAY)
    assert period_of(drone, TODAY).state == state


def test_a_refreshed_aircraft_leaves_its_sisters_as_they_were(
    world: World, society: Society, people: People
) -> None:
    sister = log(society.tree.coast_guard, world.clean, "S-1")
    assess_builds([world.clean.pk], on=TODAY - timedelta(days=400))
    before = [(each.pk, each.begins, each.ends) for each in periods(sister)]
    with acting_as(people.aiko):
        drone = Drone.objects.create(
            agency=society.tree.coast_guard, build=world.clean, serial_number="S-2"
        )
        refresh_drone(drone)
    assert [(each.pk, each.begins, each.ends) for each in periods(sister)] == before
    assert [each.begins for each in periods(drone)] == [timezone.localdate()]


def test_a_refreshed_aircraft_without_a_standing_leaves_its_sister_unassessed(
    world: World, society: Society, people: People
) -> None:
    with acting_as(people.aiko):
        refresh_drone(world.patrol)
    sister = log(society.tree.coast_guard, world.clean, "S-1")
    with acting_as(people.aiko):
        refresh_drone(world.patrol)
    assert (len(periods(world.patrol)), periods(sister)) == (1, [])


def test_a_fleet_larger_than_a_batch_is_assessed_whole(
    world: World, society: Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assess, "BATCH", 2)
    fleet = [
        log(society.tree.coast_guard, build, f"{number}-{build.pk}", missions=missions)
        for build in (world.clean, world.no_radio)
        for number, missions in enumerate((["rescue"], ["training"], ["rescue", "training"]))
    ]
    assert assess_builds(on=TODAY).builds == 5
    assert [len(periods(drone)) for drone in fleet] == [1] * 6
    assert set(RuleResult.objects.on(TODAY).values_list("build", flat=True)) == set(
        Build.objects.values_list("pk", flat=True)
    )


@pytest.mark.parametrize("role", ["licensor", "maker of a part"])
def test_a_changed_vendor_reaches_the_builds_it_is_part_of(
    world: World, goro: Person, role: str
) -> None:
    with acting_as(goro):
        if role == "licensor":
            Build.objects.filter(pk=world.clean.pk).update(design_licensed_from=world.kite)
        else:
            Component.objects.filter(build=world.clean, role="radio").update(maker=world.kite)
    refresh_vendors([world.kite.pk])
    touched = set(Assessment.objects.values_list("build", flat=True))
    assert touched == {world.clean.pk, *world.listed.model.builds.values_list("pk", flat=True)}


def test_what_was_stale_is_fresh_once_it_is_assessed(world: World, goro: Person) -> None:
    assess_builds(on=TODAY)
    with acting_as(goro):
        Component.objects.filter(build=world.no_radio, role="radio").update(made_in=["JP"])
    with acting_as(None):
        publish(world.companies, date(2026, 12, 1), {})
    assess_builds(stale_builds(), on=AFTER)
    assert stale_builds() == []
    assert {each.evaluated_for for each in Assessment.objects.all()} == {AFTER}


def test_assess_all_evaluates_what_is_not_stale_too(world: World) -> None:
    assess_builds()
    out = StringIO()
    call_command("assess", "--all", "--json", stdout=out)
    assert json.loads(out.getvalue())["builds"] == 5
