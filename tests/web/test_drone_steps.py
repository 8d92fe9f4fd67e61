"""The pages of what happens to an aircraft, of transfers, and of grounding all aircraft of a build."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from registry.models import Build, Drone, DroneEvent, TransferOffer
from registry.transfers import offer
from tests.people import Society
from tests.web.pages import queries, shown, signed_in
from tests.worlds import SERIAL, World, log
from web.drone_guidance import FOLLOWS, LABELS, SENTENCES

TODAY = timezone.localdate()
IN_A_WEEK = (TODAY + timedelta(days=7)).isoformat()


def given(**more: Any) -> dict[str, Any]:
    return {"seen": "0", "on": TODAY.isoformat(), "reason": "because", **more}


def now(drone: Drone) -> Drone:
    with acting_as(None):
        return Drone.objects.unscoped(reason="test").get(pk=drone.pk)


def test_every_step_has_its_words() -> None:
    assert set(LABELS) == set(FOLLOWS)
    assert set(SENTENCES) == set(DroneEvent.Action)


STEPS: list[tuple[str, dict[str, Any], str, str]] = [
    ("hand_over", {"custodian_name": "Captain Endo"}, "in_service", "Handed over to Captain Endo."),
    ("confirm", {}, "in_service", "Confirmed to be there."),
    ("store", {}, "stored", "Put into store."),
    ("lend", {"lent_to": "NPA", "lent_until": IN_A_WEEK}, "lent", "Lent to NPA until"),
    ("ground", {}, "grounded", "Grounded."),
    ("lose", {}, "lost", "Reported lost."),
    ("enter_in_error", {}, "entered_in_error", "Marked as entered in error"),
    (
        "dispose",
        {"sanitised": "destroyed", "sanitisation_record": "R8-3", "understood": "on"},
        "disposed",
        "Disposed of. Its data: storage destroyed (R8-3).",
    ),
]


@pytest.mark.parametrize(("step", "more", "status", "sentence"), STEPS)
def test_a_custodian_takes_each_step_on_its_page_and_it_stands_in_the_history(
    step: str, more: dict[str, Any], status: str, sentence: str, aiko: Person, world: World
) -> None:
    client, address = signed_in(aiko), f"/drones/{world.patrol.pk}/"
    page = shown(client, f"{address}{step}/")
    assert str(FOLLOWS[DroneEvent.Action(step)]) in page
    answer = client.post(f"{address}{step}/", given(**more))
    assert (answer.status_code, answer["location"]) == (302, address)
    assert now(world.patrol).status == status
    history = shown(client, f"{address}events/")
    assert sentence in history
    assert "because" in history


def test_the_pages_speak_japanese_too(aiko: Person, world: World) -> None:
    client, address = signed_in(aiko), f"/drones/{world.patrol.pk}/"
    client.post(f"{address}lend/", given(lent_to="警察庁", lent_until=IN_A_WEEK))
    client.cookies["django_language"] = "ja"
    assert "警察庁に貸し出しました" in shown(client, f"{address}events/")
    assert "返却を記録" in shown(client, address)


@pytest.mark.parametrize(
    ("step", "more", "sentence"),
    [
        ("ground", {"reason": ""}, "This field is required."),
        ("hand_over", {}, "Name one custodian"),
        ("lend", {"lent_to": "NPA", "lent_until": "2020-01-01"}, "It cannot be due before"),
        ("store", {"on": "2999-01-01"}, "This day is still to come."),
        ("swap", {"component_role": "radio"}, "Choose a build, or name a new one"),
        (
            "dispose",
            {"sanitised": "destroyed", "sanitisation_record": "x"},
            "This field is required",
        ),
        ("dispose", {"sanitised": "not_possible", "understood": "on"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_asked_for_at_its_field(
    step: str, more: dict[str, Any], sentence: str, aiko: Person, world: World
) -> None:
    answer = signed_in(aiko).post(f"/drones/{world.patrol.pk}/{step}/", given(**more))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert now(world.patrol).events_made == 0


def test_two_who_act_on_the_same_page_are_not_both_recorded(
    aiko: Person, mika: Person, world: World
) -> None:
    address = f"/drones/{world.patrol.pk}/"
    assert signed_in(aiko).post(f"{address}lose/", given()).status_code == 302
    late = signed_in(mika).post(f"{address}confirm/", given())
    assert late.status_code == 409
    assert "Reported lost." in late.content.decode()


def test_a_swap_makes_a_claimed_build_without_evidence_and_the_standing_follows(
    aiko: Person, world: World
) -> None:
    client, address = signed_in(aiko), f"/drones/{world.patrol.pk}/"
    form = given(component_role="radio", new_name="Field radio", new_part="FR-2")
    assert client.post(f"{address}swap/", form).status_code == 302
    made = Build.objects.get(name="Field radio")
    assert now(world.patrol).build_id == made.pk
    assert (made.verified_by_id, made.claimed_by_id, made.declaration_id) == (None, aiko.pk, None)
    parts = {each.role: each for each in made.components.all()}
    assert set(parts) == {"flight_controller", "radio", "camera"}
    assert (parts["radio"].part, parts["radio"].made_in) == ("FR-2", None)
    assert parts["camera"].made_in == ["JP"]
    assert {each.declaration_id for each in parts.values()} == {None}
    assert "Undetermined" in shown(client, address)


def test_a_swap_leads_to_a_build_that_is_there(aiko: Person, world: World) -> None:
    form = given(component_role="radio", build_to=world.no_radio.pk)
    client = signed_in(aiko)
    client.post(f"/drones/{world.patrol.pk}/swap/", form)
    assert now(world.patrol).build_id == world.no_radio.pk
    page = shown(client, f"/drones/{world.patrol.pk}/events/")
    assert "the build is now “S-1 — Long range”, before “S-1 — Standard”" in page


def test_an_overdue_loan_is_said_on_the_page_and_waits_at_home(
    aiko: Person, society: Society, world: World
) -> None:
    drone = log(
        society.tree.coast_guard,
        world.clean,
        "LOAN-1",
        status="lent",
        lent_to="NPA",
        lent_until=TODAY - timedelta(days=3),
    )
    client = signed_in(aiko)
    assert "take it back or prolong it" in shown(client, f"/drones/{drone.pk}/")
    home = shown(client, "/")
    assert "Overdue loans" in home
    assert "LOAN-1" in home


def test_a_closed_record_offers_nothing_and_is_not_edited(
    aiko: Person, society: Society, world: World
) -> None:
    drone = log(society.tree.coast_guard, world.clean, "GONE-1", status="disposed")
    client = signed_in(aiko)
    page = shown(client, f"/drones/{drone.pk}/")
    assert "Record what happened" not in page
    assert f"/drones/{drone.pk}/edit/" not in page
    assert client.get(f"/drones/{drone.pk}/edit/").status_code == 409


def test_the_same_serial_number_elsewhere_is_a_hint_for_the_centre_alone(
    aiko: Person, chie: Person, society: Society, world: World
) -> None:
    log(society.tree.forestry, world.clean, SERIAL)
    hint = "The same serial number in other agencies"
    address = f"/drones/{world.patrol.pk}/"
    assert hint in shown(signed_in(chie), address)
    assert hint not in shown(signed_in(aiko), address)


def test_the_asset_tag_is_printed_in_groups(aiko: Person, world: World) -> None:
    assert world.patrol.tag in shown(signed_in(aiko), f"/drones/{world.patrol.pk}/tag/")


def test_the_events_cost_as_many_queries_for_many_as_for_one(aiko: Person, world: World) -> None:
    client, address = signed_in(aiko), f"/drones/{world.patrol.pk}/"
    client.post(f"{address}hand_over/", given(custodian_name="Endo"))
    one = queries(client, f"{address}events/")
    for number in range(1, 9):
        client.post(f"{address}hand_over/", given(seen=number, custodian_name=f"Endo {number}"))
    assert queries(client, f"{address}events/") == one


def test_an_aircraft_moves_from_page_to_page(
    aiko: Person, daisuke: Person, society: Society, world: World
) -> None:
    giver, receiver = signed_in(aiko), signed_in(daisuke)
    form = {"seen": "0", "to": society.tree.forestry.pk, "message": "For the woods"}
    assert giver.post(f"/drones/{world.patrol.pk}/offer/", form).status_code == 302
    assert "it waits for their answer" in shown(giver, f"/drones/{world.patrol.pk}/")
    assert SERIAL in shown(receiver, "/")
    with acting_as(aiko):
        pk = TransferOffer.objects.visible_to(aiko).get().pk
    assert "For the woods" in shown(receiver, f"/transfers/{pk}/")
    answer = receiver.post(f"/transfers/{pk}/accept/", {"missions": ["forestry"], "place": "Takao"})
    arrived = shown(receiver, answer["location"])
    assert "Takao" in arrived
    assert "Arrived from Japan Coast Guard." in shown(receiver, f"{answer['location']}events/")
    assert "Transferred to Forestry Agency." in shown(giver, f"/drones/{world.patrol.pk}/events/")
    assert receiver.get(f"/drones/{world.patrol.pk}/").status_code == 404
    again = receiver.post(f"/transfers/{pk}/accept/", {})
    assert again.status_code == 409
    assert "Accepted" in again.content.decode()


def test_an_offer_is_declined_and_withdrawn_with_reasons(
    aiko: Person, daisuke: Person, society: Society, world: World
) -> None:
    giver, receiver = signed_in(aiko), signed_in(daisuke)
    for number, end in ((0, "declined"), (2, "withdrawn")):
        with acting_as(aiko):
            pk = offer(
                drone=world.patrol, seen=number, to=society.tree.forestry, message="", by=aiko
            )
        page = f"/drones/{world.patrol.pk}/withdraw_offer/"
        if end == "declined":
            receiver.post(f"/transfers/{pk}/decline/", {"reason": "Too heavy"})
        else:
            giver.post(page, {"reason": "Needed here"})
        with acting_as(aiko):
            assert TransferOffer.objects.visible_to(aiko).get(pk=pk).status == end
        assert giver.post(page, {"reason": "x"}).status_code == 409
    assert "Too heavy" in shown(giver, "/transfers/")
    assert "Needed here" in shown(receiver, f"/transfers/{pk}/")


def firmware(world: World, society: Society) -> None:
    """Three aircraft of the clean build with firmware 1.0 and one with 2.0, in two agencies."""
    log(society.tree.coast_guard, world.clean, "FW-1", firmware="1.0")
    log(society.tree.coast_guard, world.clean, "FW-2", firmware="1.0", status="stored")
    log(society.tree.coast_guard, world.clean, "FW-3", firmware="2.0")
    log(society.tree.forestry, world.clean, "FW-4", firmware="1.0")


def seal(page: str) -> str:
    return page.split('name="shown" value="')[1].split('"', maxsplit=1)[0]


def grounded() -> set[str]:
    with acting_as(None):
        rows = Drone.objects.unscoped(reason="test").filter(status="grounded")
        return {str(each) for each in rows}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chie", {"FW-1", "FW-2", "FW-4"}),
        ("goro", {"FW-1", "FW-2", "FW-4"}),
        ("aiko", {"FW-1", "FW-2"}),
        ("daisuke", {"FW-4"}),
    ],
)
def test_all_aircraft_of_a_build_and_firmware_are_grounded_as_far_as_a_role_reaches(
    name: str, expected: set[str], society: Society, world: World
) -> None:
    firmware(world, society)
    client = signed_in(getattr(society.people, name))
    address = f"/builds/{world.clean.pk}/ground/"
    page = shown(client, address, firmware="1.0")
    assert f"{len(expected)} aircraft in all" in page
    form = {"firmware": "1.0", "shown": seal(page), "reason": "advisory 7"}
    assert client.post(address, form).status_code == 302
    assert grounded() == expected


def test_what_is_grounded_is_what_the_preview_showed(
    chie: Person, society: Society, world: World
) -> None:
    firmware(world, society)
    client, address = signed_in(chie), f"/builds/{world.clean.pk}/ground/"
    form = {"firmware": "1.0", "shown": seal(shown(client, address, firmware="1.0")), "reason": "r"}
    log(society.tree.forestry, world.clean, "FW-5", firmware="1.0")
    answer = client.post(address, form)
    assert answer.status_code == 409
    assert grounded() == set()


def test_what_the_centre_grounded_an_agency_does_not_release(
    aiko: Person, chie: Person, society: Society, world: World
) -> None:
    firmware(world, society)
    centre, address = signed_in(chie), f"/builds/{world.clean.pk}"
    page = shown(centre, f"{address}/ground/")
    centre.post(f"{address}/ground/", {"firmware": "*", "shown": seal(page), "reason": "r"})
    assert len(grounded()) == 6
    assert "No aircraft" in shown(signed_in(aiko), f"{address}/release/")
    page = shown(centre, f"{address}/release/")
    centre.post(f"{address}/release/", {"firmware": "*", "shown": seal(page), "reason": "fixed"})
    assert grounded() == set()
    with acting_as(None):
        stored = Drone.objects.unscoped(reason="test").filter(status="stored")
        assert {str(each) for each in stored} == {"FW-2"}
