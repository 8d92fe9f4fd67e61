"""Waivers for programs: what is read of them, by whom, and the filters of the page."""

from typing import Any

import pytest

from registry.models import Drone
from tests.api.programs import API, program_of
from tests.compliance.waivers import ended, granted, in_days, requested, today
from tests.people import People, Tree
from tests.worlds import World, log

WAIVERS = f"{API}/waivers/"
pytestmark = pytest.mark.django_db


def test_a_program_reads_what_a_waiver_covers_and_who_decided(
    world: World, tree: Tree, people: People
) -> None:
    waiver = granted(people, tree.mlit, world, missions=["rescue"], conditions="Offline.")
    read: dict[str, Any] = program_of(people.aiko).get(f"{WAIVERS}{waiver.pk}/").json()
    decisions = read.pop("decisions")
    assert [(each["no"], each["step"], each["by"]) for each in decisions] == [
        (1, "endorse", "chie@test.example"),
        (2, "grant", "kei@test.example"),
    ]
    assert read.pop("requested_at")
    assert read == {
        "id": str(waiver.pk),
        "name": str(waiver),
        "agency": "mlit",
        "state": "valid",
        "kind": "waiver",
        "rules": ["jp/1/origin", "jp/1/listed_party"],
        "builds": [world.listed.pk],
        "drones": [],
        "all_missions": False,
        "missions": ["rescue"],
        "valid_from": today().isoformat(),
        "valid_until": in_days(99).isoformat(),
        "last_day": in_days(99).isoformat(),
        "reason": waiver.reason,
        "conditions": "Offline.",
        "extends": None,
        "requested_by": "hana@test.example",
    }


def test_the_filters_are_those_of_the_page(world: World, tree: Tree, people: People) -> None:
    waiting = requested(people.aiko, tree.coast_guard, world)
    over = ended(granted(people, tree.coast_guard, world), people.chie)
    requested(people.daisuke, tree.forestry, world)
    program = program_of(people.aiko)

    def found(query: str) -> list[str]:
        return [each["id"] for each in program.get(f"{WAIVERS}?{query}").json()["results"]]

    assert found("") == [str(over.pk), str(waiting.pk)]
    assert found("state=ended") == [str(over.pk)]
    assert found(f"build={world.clean.pk}") == []
    assert program.get(f"{WAIVERS}?status=ended").status_code == 400


def test_a_waiver_ended_early_says_its_last_day_and_an_extension_what_it_extends(
    world: World, tree: Tree, people: People
) -> None:
    waiver = ended(granted(people, tree.coast_guard, world), people.chie)
    longer = requested(
        people.hana,
        tree.coast_guard,
        world,
        extends=waiver,
        valid_from=in_days(100),
        valid_until=in_days(120),
    )
    program = program_of(people.aiko)
    read = program.get(f"{WAIVERS}{waiver.pk}/").json()
    assert (read["state"], read["last_day"]) == ("ended", in_days(-1).isoformat())
    assert read["valid_until"] == in_days(99).isoformat()
    assert read["decisions"][-1]["ends_from"] == today().isoformat()
    assert program.get(f"{WAIVERS}{longer.pk}/").json()["extends"] == str(waiver.pk)


def test_aircraft_of_others_that_a_waiver_names_are_left_out(
    world: World, tree: Tree, people: People
) -> None:
    both = [world.patrol.pk, world.timber.pk]
    waiver = requested(people.hana, tree.centre, world, drones=both)
    own = program_of(people.aiko).get(f"{WAIVERS}{waiver.pk}/").json()
    whole = program_of(people.chie).get(f"{WAIVERS}{waiver.pk}/").json()
    assert own["drones"] == [str(world.patrol.pk)]
    assert set(whole["drones"]) == {str(pk) for pk in both}


def test_nothing_is_written_through_the_interface(world: World, tree: Tree, people: People) -> None:
    waiver = requested(people.aiko, tree.coast_guard, world)
    program = program_of(people.aiko)
    assert program.post(WAIVERS, {}).status_code == 405
    assert program.patch(f"{WAIVERS}{waiver.pk}/", {}).status_code == 405


def test_aircraft_are_found_by_the_waiver_that_covers_them(
    world: World, tree: Tree, people: People
) -> None:
    kite: Drone = log(tree.coast_guard, world.listed, "KITE-1", missions=["rescue"])
    waiver = granted(people, tree.coast_guard, world)
    program = program_of(people.aiko)
    (row,) = program.get(f"{API}/drones/?waiver={waiver.pk}").json()["results"]
    assert row["id"] == str(kite.pk)
    assert (row["standing"]["state"], row["standing"]["without_waivers"]) == ("waived", "ground")
