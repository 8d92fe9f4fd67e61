"""What happens to aircraft, recorded by programs: the same steps, rights and refusals as on the pages."""

from typing import Any

import pytest
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from api.drone_events import STEPS
from registry.drone_events import available_events
from registry.models import Drone
from registry.swaps import NewPart, build_after_swap
from tests.api.programs import API, Program, program_of
from tests.people import Society
from tests.worlds import World, log


def step(program: Program, drone: Drone, name: str, **body: Any) -> Any:
    return program.post(f"{API}/drones/{drone.pk}/actions/{name}/", body, format="json")


def read(program: Program, drone: Drone) -> dict[str, Any]:
    answer: dict[str, Any] = program.get(f"{API}/drones/{drone.pk}/").json()
    return answer


def test_an_aircraft_says_what_its_reader_may_record_now(
    aiko: Person, chie: Person, rin: Person, world: World
) -> None:
    for person in (aiko, chie, rin):
        told = read(program_of(person), world.patrol)["available_actions"]
        assert told == [str(each) for each in available_events(world.patrol, person)]
    assert read(program_of(rin), world.patrol)["available_actions"] == []


def test_a_program_records_a_day_in_the_life_of_an_aircraft(
    aiko: Person, mika: Person, world: World
) -> None:
    program, drone = program_of(aiko), world.patrol
    today = timezone.localdate().isoformat()
    done = [
        ("hand_over", {"custodian": mika.email}, "in_service"),
        ("confirm", {"on": today}, "in_service"),
        ("lend", {"lent_to": "Port of Kobe", "lent_until": today}, "lent"),
        ("give_back", {}, "in_service"),
        ("ground", {"reason": "Cracked arm"}, "grounded"),
        ("release", {"reason": "Arm replaced"}, "in_service"),
        ("lose", {"reason": "Fell into the sea"}, "lost"),
        ("find", {"reason": "Washed ashore"}, "grounded"),
        (
            "dispose",
            {"reason": "Salt water", "sanitised": "destroyed", "sanitisation_record": "R8-77"},
            "disposed",
        ),
    ]
    for no, (name, body, status) in enumerate(done):
        answer = step(program, drone, name, seen=no, **body)
        assert answer.status_code == 200, answer.json()
        assert (answer.json()["status"], answer.json()["events_made"]) == (status, no + 1)
    told = program.get(f"{API}/drones/{drone.pk}/events/").json()
    assert [each["action"] for each in told] == [name for name, _, _ in reversed(done)]
    assert (told[0]["from"], told[0]["to"], told[0]["sanitised"]) == (
        "grounded",
        "disposed",
        "destroyed",
    )
    assert told[-1]["custodian"] == mika.email
    assert {each["actor"] for each in told} == {aiko.email}
    assert read(program, drone)["available_actions"] == []


def test_the_same_body_sent_twice_is_recorded_once(aiko: Person, world: World) -> None:
    program = program_of(aiko)
    assert step(program, world.patrol, "store", seen=0).status_code == 200
    again = step(program, world.patrol, "store", seen=0)
    assert (again.status_code, again.json()["guard"]) == (409, "moved")
    assert len(program.get(f"{API}/drones/{world.patrol.pk}/events/").json()) == 1


@pytest.mark.parametrize(
    ("who", "name", "body", "status", "said"),
    [
        ("rin", "store", {}, 403, "Your roles do not allow this"),
        ("daisuke", "store", {}, 404, "There is nothing here that you may see."),
        ("aiko", "deploy", {}, 409, "not possible in the status"),
        ("aiko", "ground", {}, 409, "Give the reason."),
        ("aiko", "receive", {}, 404, "There is nothing here"),
        ("aiko", "transfer", {}, 404, "There is nothing here"),
        ("aiko", "explode", {}, 404, "There is nothing here"),
        ("aiko", "store", {"lent_to": "Kobe"}, 400, "This step does not take it."),
        ("aiko", "store", {"status": "lost"}, 400, "There is no such field"),
        ("aiko", "confirm", {"on": "2999-01-01"}, 409, "This day is still to come."),
        ("aiko", "lend", {"lent_to": "Kobe"}, 409, "until which day"),
        ("aiko", "hand_over", {}, 409, "Name one custodian"),
        ("aiko", "hand_over", {"custodian": "daisuke@example.jp"}, 400, "Nobody with this address"),
        ("aiko", "offer", {}, 400, "Name the agency by its code."),
        ("aiko", "offer", {"to": "jcg"}, 409, "offered to another agency"),
        ("aiko", "withdraw_offer", {}, 409, "The offer is no longer open."),
        ("aiko", "dispose", {"reason": "Old"}, 409, "how its data was removed"),
        ("aiko", "dispose", {"reason": "Old", "sanitised": "lost"}, 400, "Give one of"),
    ],
)
def test_what_is_not_possible_is_refused_with_the_reason_and_records_nothing(
    who: str,
    name: str,
    body: dict[str, Any],
    status: int,
    said: str,
    society: Society,
    world: World,
) -> None:
    answer = step(program_of(getattr(society.people, who)), world.patrol, name, seen=0, **body)
    assert (answer.status_code, said in answer.content.decode()) == (status, True), answer.json()
    assert read(program_of(society.people.aiko), world.patrol)["events_made"] == 0


def test_a_swap_leads_to_another_build_of_the_model(aiko: Person, world: World) -> None:
    with acting_as(aiko):
        other = build_after_swap(
            build=world.clean, new=NewPart("camera", "Eye 2"), name="With Eye 2", by=aiko
        )
    answer = step(
        program_of(aiko),
        world.patrol,
        "swap",
        seen=0,
        reason="Lens broken",
        build_to=other.pk,
        component_role="camera",
    )
    assert (answer.status_code, answer.json()["build"]) == (200, other.pk)


def test_a_transfer_needs_both_agencies_and_two_programs(society: Society, world: World) -> None:
    giver, receiver = (program_of(getattr(society.people, who)) for who in ("aiko", "daisuke"))
    assert step(giver, world.patrol, "offer", seen=0, to="rinya", reason="Spare").status_code == 200
    (offered,) = receiver.get(f"{API}/transfers/").json()["results"]
    assert (offered["from"], offered["message"], offered["status"]) == ("jcg", "Spare", "open")
    address = f"{API}/transfers/{offered['id']}/actions/accept/"
    assert giver.post(address, {}, format="json").status_code == 404
    taken = receiver.post(address, {"missions": ["rescue"], "place": "Takao"}, format="json")
    assert (taken.status_code, taken.json()["status"]) == (200, "accepted")
    there = receiver.get(f"{API}/drones/{taken.json()['drone']}/").json()
    here = read(giver, world.patrol)
    assert (there["airframe"], there["place"]) == (here["airframe"], "Takao")
    assert here["status"] == "transferred"
    again = receiver.post(address, {}, format="json")
    assert (again.status_code, again.json()["guard"]) == (409, "offer_closed")


def test_an_offer_is_declined_with_a_reason_or_withdrawn(society: Society, world: World) -> None:
    giver, receiver = (program_of(getattr(society.people, who)) for who in ("aiko", "daisuke"))
    step(giver, world.patrol, "offer", seen=0, to="rinya")
    (offered,) = receiver.get(f"{API}/transfers/").json()["results"]
    address = f"{API}/transfers/{offered['id']}/actions/decline/"
    silent = receiver.post(address, {}, format="json")
    assert (silent.status_code, silent.json()["guard"]) == (409, "reason")
    assert receiver.post(address, {"reason": "No hangar"}, format="json").status_code == 200
    second = log(society.tree.coast_guard, world.clean, "JCG-2")
    step(giver, second, "offer", seen=0, to="rinya")
    assert step(giver, second, "withdraw_offer", seen=1, reason="Needed here").status_code == 200
    statuses = [each["status"] for each in receiver.get(f"{API}/transfers/").json()["results"]]
    assert sorted(statuses) == ["declined", "withdrawn"]


def test_every_step_of_the_pages_is_one_of_the_interface() -> None:
    assert set(STEPS) == {
        *("hand_over", "confirm", "store", "deploy", "lend", "prolong", "give_back", "ground"),
        *("release", "lose", "find", "swap", "dispose", "enter_in_error", "reinstate"),
        *("offer", "withdraw_offer"),
    }
