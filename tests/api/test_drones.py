"""`/api/v1/drones/`: aircraft are read, logged and changed by programs as by people."""

from datetime import date
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Membership
from compliance.assess import assess_builds
from procurement.errors import NotNow
from tests.api.programs import API, Program, aircraft, program_of
from tests.people import SINCE, Society
from tests.worlds import FOREST_SERIAL, SERIAL, World

DRONES = f"{API}/drones/"


@pytest.fixture
def aiko_program(society: Society, world: World) -> Program:
    return program_of(society.people.aiko)


def test_an_aircraft_is_logged_with_all_it_was_given_and_its_standing_is_worked_out(
    aiko_program: Program, world: World
) -> None:
    given = aircraft(
        world.listed.pk,
        status="stored",
        missions=["rescue", "criminal_investigation", "rescue"],
        place="横浜",
        acquired_on="2024-05-01",
        acquired_how="donation",
        price=1_200_000,
        note="two\nlines",
    )
    stored = aiko_program.post(DRONES, given).json()
    assert {name: stored[name] for name in given} == given | {
        "missions": ["criminal_investigation", "rescue"]
    }
    assert stored["built_as"]["model"]["maker"]["name"] == "Kite Works"
    assert stored["standing"]["state"] == "ground"
    assert stored["standing"]["rule"] in {"jp/1/origin", "jp/1/listed_party"}
    assert aiko_program.get(f"{DRONES}{stored['id']}/").json() == stored


def test_an_aircraft_that_was_never_assessed_is_undetermined_by_no_rule(
    aiko_program: Program, world: World
) -> None:
    shown = aiko_program.get(f"{DRONES}{world.patrol.pk}/").json()
    assert shown["standing"] == {
        "state": "undetermined",
        "without_waivers": "undetermined",
        "by": None,
        "rule": None,
    }


def test_a_missing_field_and_a_missing_serial_number_are_said_by_name(
    aiko_program: Program, world: World
) -> None:
    nothing = aiko_program.post(DRONES, {}).json()["errors"]
    assert set(nothing) == {"agency", "build"}
    unnamed = aiko_program.post(DRONES, {"agency": "jcg", "build": world.clean.pk})
    assert unnamed.status_code == 400
    assert "serial number" in unnamed.json()["detail"]


def test_the_same_serial_number_twice_in_an_agency_is_refused(
    aiko_program: Program, world: World
) -> None:
    answer = aiko_program.post(DRONES, aircraft(world.clean.pk, serial_number=SERIAL))
    assert answer.status_code == 400
    assert "already has an aircraft" in answer.json()["detail"]


def test_a_serial_number_of_another_agency_is_no_hindrance_and_no_hint(
    aiko_program: Program, world: World
) -> None:
    answer = aiko_program.post(DRONES, aircraft(world.clean.pk, serial_number=FOREST_SERIAL))
    assert answer.status_code == 201


def test_only_what_was_sent_is_changed(aiko_program: Program, world: World) -> None:
    answer = aiko_program.patch(f"{DRONES}{world.patrol.pk}/", {"firmware": "01.00.0500"})
    assert (answer.json()["firmware"], answer.json()["serial_number"]) == ("01.00.0500", SERIAL)
    assert answer.json()["place"] == "Patrol vessel Akitsushima"


@pytest.mark.parametrize("change", [{"status": "grounded"}, {"custodian_name": "Mika"}])
def test_what_follows_from_events_is_not_changed_here(
    change: dict[str, str], aiko_program: Program, world: World
) -> None:
    answer = aiko_program.patch(f"{DRONES}{world.patrol.pk}/", change)
    assert (answer.status_code, set(answer.json()["errors"])) == (400, set(change))
    same = aiko_program.patch(f"{DRONES}{world.patrol.pk}/", {"status": "in_service", "place": "A"})
    assert (same.status_code, same.json()["status"], same.json()["place"]) == (
        200,
        "in_service",
        "A",
    )


def test_an_aircraft_is_not_logged_as_lost(aiko_program: Program, world: World) -> None:
    answer = aiko_program.post(DRONES, aircraft(world.clean.pk, status="lost"))
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"status"})


def test_a_change_of_the_build_changes_the_standing(aiko_program: Program, world: World) -> None:
    given = {"build": world.listed.pk, "missions": ["rescue"]}
    answer = aiko_program.patch(f"{DRONES}{world.patrol.pk}/", given).json()
    assert (answer["build"], answer["standing"]["state"]) == (world.listed.pk, "ground")


def test_an_aircraft_stays_with_its_agency_also_for_a_custodian_of_both(
    society: Society, world: World
) -> None:
    with acting_as(None):
        Membership.objects.create(
            person=society.people.aiko, agency=society.tree.forestry, role="custodian", since=SINCE
        )
    program, address = program_of(society.people.aiko), f"{DRONES}{world.patrol.pk}/"
    moved = program.patch(address, {"agency": "rinya"})
    assert (moved.status_code, list(moved.json()["errors"])) == (400, ["agency"])
    assert program.patch(address, {"agency": "jcg"}).json()["agency"] == "jcg"


def test_a_change_is_checked_like_a_new_aircraft(society: Society, world: World) -> None:
    program = program_of(society.people.aiko)
    program.post(DRONES, aircraft(world.clean.pk, serial_number="SN-2"))
    for change in ({"serial_number": "SN-2"}, {"serial_number": ""}):
        answer = program.patch(f"{DRONES}{world.patrol.pk}/", change)
        assert (answer.status_code, answer.json()["type"].split("/")[1]) == (400, "invalid")


def test_what_somebody_else_changes_at_the_same_time_is_not_overwritten(
    society: Society, world: World
) -> None:
    program = program_of(society.people.aiko)
    with CaptureQueriesContext(connection) as caught:
        program.patch(f"{DRONES}{world.patrol.pk}/", {"place": "Kobe"})
    (update,) = (
        each["sql"] for each in caught if each["sql"].startswith('UPDATE "registry_drone"')
    )
    assert update.count(" = ") == 2  # the place, and the id of the row


def test_the_list_holds_what_the_reader_may_see_and_nothing_else(
    society: Society, world: World
) -> None:
    people = society.people
    seen = {
        name: {each["serial_number"] for each in program_of(person).get(DRONES).json()["results"]}
        for name, person in (
            ("aiko", people.aiko),
            ("daisuke", people.daisuke),
            ("chie", people.chie),
        )
    }
    assert seen == {"aiko": {SERIAL}, "daisuke": {FOREST_SERIAL}, "chie": {SERIAL, FOREST_SERIAL}}


def test_the_list_is_filtered_as_the_page_is(society: Society, world: World) -> None:
    assess_builds(None, on=timezone.localdate())
    program = program_of(society.people.chie)

    def found(query: str) -> list[str]:
        return [
            each["serial_number"] for each in program.get(f"{DRONES}?{query}").json()["results"]
        ]

    assert found("agency=jcg") == [SERIAL]
    assert found("q=rinya") == [FOREST_SERIAL]
    assert found("standing=clear&held=true&agency=rinya") == [FOREST_SERIAL]
    assert found("standing=ground") == []
    assert found(f"maker={world.kite.pk}") == []
    assert sorted(found("agency=jcg&agency=rinya")) == [SERIAL, FOREST_SERIAL]


def test_a_filter_by_an_agency_of_others_answers_like_one_that_does_not_exist(
    society: Society, world: World
) -> None:
    program = program_of(society.people.daisuke)
    hidden, absent = (program.get(f"{DRONES}?agency={code}") for code in ("jcg", "xyz"))
    assert hidden.status_code == absent.status_code == 400
    assert hidden.content.replace(b"jcg", b"xyz") == absent.content


def test_an_agency_of_others_cannot_be_named_in_a_body(society: Society, world: World) -> None:
    program = program_of(society.people.daisuke)
    hidden, absent = (
        program.post(DRONES, aircraft(world.clean.pk, agency=code)) for code in ("jcg", "xyz")
    )
    assert (hidden.status_code, hidden.content) == (400, absent.content)
    stored = program.post(DRONES, aircraft(world.clean.pk, agency="rinya"))
    assert stored.status_code == 201


def test_an_acquisition_in_the_future_is_refused_also_as_a_change(
    aiko_program: Program, world: World
) -> None:
    day = date(timezone.localdate().year + 1, 1, 1).isoformat()
    answer = aiko_program.patch(f"{DRONES}{world.patrol.pk}/", {"acquired_on": day})
    assert list(answer.json()["errors"]) == ["acquired_on"]
    assert aiko_program.get(f"{DRONES}{world.patrol.pk}/").json()["acquired_on"] is None


def test_an_error_after_the_write_undoes_the_write(aiko_program: Program, world: World) -> None:
    refused = NotNow("test", "Something was refused after the aircraft was stored.")
    with mock.patch("api.drones.refresh_drone", side_effect=refused):
        assert aiko_program.post(DRONES, aircraft(world.clean.pk)).status_code == 409
    assert aiko_program.get(f"{DRONES}?q=SN-1").json()["results"] == []
