"""Aircraft on pages: the list, the record, logging and changing."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from agencies.context import acting_as
from agencies.models import Agency, Person
from compliance.assess import refresh
from compliance.models import Standing
from registry.models import Build, Drone
from tests.people import Society
from tests.web.pages import queries, shown, signed_in
from tests.worlds import FOREST_SERIAL, SERIAL, World, log

NOBODY = UUID("0190a000-0000-7000-8000-000000000000")
TABS = ("", "components/", "results/", "history/", "events/", "edit/")


def many(agency: Agency, build: Build, number: int) -> None:
    with acting_as(None):
        Drone.objects.bulk_create(
            Drone(agency=agency, build=build, serial_number=f"FLEET-{place:04}")
            for place in range(number)
        )


def given(world: World, agency: Agency, **changes: Any) -> dict[str, Any]:
    """A form that can be logged as it is."""
    return {
        "agency": agency.pk,
        "build": world.clean.pk,
        "serial_number": "NEW-0001",
        "serial_missing_because": "",
        "what": "",
        "version": "1",
        "missions": ["rescue", "training"],
        "place": "Yokohama",
        "status": "in_service",
        "acquired_how": "purchase",
        "acquired_on": "2026-04-01",
        "price": "1200000",
        "currency": "JPY",
        "price_given": "exact",
        "note": "",
        **changes,
    }


def move(drone: Drone, times: int, by: Person) -> None:
    """From pier to pier: one event each."""
    with acting_as(by):
        for _ in range(times):
            Drone.objects.visible_to(by).filter(pk=drone.pk).update(place=f"Pier {uuid4()}")


def standing_of(drone: Drone, reader: Person) -> str:
    """The latest."""
    with acting_as(reader):
        return Standing.objects.visible_to(reader).get(drone=drone, ends="9999-12-31").state


def newest(person: Person) -> Drone:
    drone = Drone.objects.visible_to(person).order_by("-id").first()
    assert drone is not None
    return drone


def test_the_list_shows_what_the_readers_agencies_hold_and_nothing_else(
    aiko: Person, chie: Person, world: World
) -> None:
    own = shown(signed_in(aiko), "/drones/")
    assert SERIAL in own
    assert FOREST_SERIAL not in own
    centre = shown(signed_in(chie), "/drones/")
    assert SERIAL in centre
    assert FOREST_SERIAL in centre


def test_an_aircraft_never_assessed_reads_undetermined_and_is_found_so(
    aiko: Person, world: World
) -> None:
    assert SERIAL in shown(signed_in(aiko), "/drones/", standing="undetermined")
    assert SERIAL not in shown(signed_in(aiko), "/drones/", standing="clear")


def test_a_standing_is_found_by_its_filter(aiko: Person, world: World) -> None:
    refresh([world.clean.pk])
    with acting_as(None):
        Drone.objects.unscoped(reason="test").filter(pk=world.patrol.pk).update(missions=["rescue"])
    refresh([world.clean.pk])
    assert SERIAL in shown(signed_in(aiko), "/drones/", standing="clear")
    assert SERIAL not in shown(signed_in(aiko), "/drones/", standing="undetermined")


def test_each_filter_is_a_sentence_that_can_be_taken_away(aiko: Person, world: World) -> None:
    page = shown(signed_in(aiko), "/drones/", status="in_service", q="JCG")
    assert "Status is “in service”" in page
    assert 'href="/drones/?q=JCG"' in page
    assert 'href="/drones/?status=in_service"' in page


def test_a_filter_that_does_not_exist_shows_nothing_and_says_so(aiko: Person, world: World) -> None:
    answer = signed_in(aiko).get("/drones/", {"standing": "excellent"})
    assert answer.status_code == 422
    assert SERIAL not in answer.content.decode()
    assert "excellent" in answer.content.decode()


def test_another_agency_cannot_be_named_in_the_filter(aiko: Person, world: World) -> None:
    hidden = signed_in(aiko).get("/drones/", {"agency": "rinya"})
    missing = signed_in(aiko).get("/drones/", {"agency": "nobody"})
    assert hidden.status_code == missing.status_code == 422
    assert "Forestry Agency" not in hidden.content.decode()


def test_a_superior_body_in_the_filter_means_all_below_it(chie: Person, world: World) -> None:
    page = shown(signed_in(chie), "/drones/", agency="mlit")
    assert SERIAL in page
    assert FOREST_SERIAL not in page


@pytest.mark.parametrize("text", ["secret-0001", "ＪＣＧ－ＳＥＣＲＥＴ", "Sora", "空航空機", "s-1"])
def test_an_aircraft_is_found_by_serial_number_model_and_maker(
    text: str, aiko: Person, world: World
) -> None:
    assert SERIAL in shown(signed_in(aiko), "/drones/", q=text)


def test_an_aircraft_is_found_by_its_asset_tag(aiko: Person, world: World) -> None:
    assert SERIAL in shown(signed_in(aiko), "/drones/", q=world.patrol.tag)
    assert SERIAL not in shown(signed_in(aiko), "/drones/", q="no such thing")


def test_the_list_is_read_page_by_page_forward_and_back(
    aiko: Person, world: World, society: Society
) -> None:
    many(society.tree.coast_guard, world.clean, 60)
    client = signed_in(aiko)
    first = client.get("/drones/")
    after = first.context["page"].next
    second = client.get("/drones/", {"after": after})
    seen = [row["record"].pk for answer in (first, second) for row in answer.context["rows"]]
    assert len(seen) == len(set(seen)) == 61
    assert second.context["page"].next == ""
    back = client.get("/drones/", {"before": second.context["page"].previous})
    assert [row["record"].pk for row in back.context["rows"]] == seen[:50]
    assert back.context["page"].previous == ""


def test_htmx_gets_the_list_without_the_frame(aiko: Person, world: World) -> None:
    fragment = (
        signed_in(aiko)
        .get("/drones/", headers={"HX-Request": "true", "HX-Target": "list"})
        .content.decode()
    )
    assert SERIAL in fragment
    assert "<html" not in fragment


@pytest.mark.parametrize("tab", TABS)
def test_another_agencys_aircraft_answers_like_one_that_does_not_exist(
    tab: str, daisuke: Person, world: World
) -> None:
    client = signed_in(daisuke)
    theirs = client.get(f"/drones/{world.patrol.pk}/{tab}")
    nobodys = client.get(f"/drones/{NOBODY}/{tab}")
    assert theirs.status_code == 404
    assert theirs.content == nobodys.content
    assert theirs.headers == nobodys.headers
    assert client.get(f"/drones/{world.timber.pk}/{tab}").status_code == 200


def test_the_results_say_why(aiko: Person, society: Society, world: World) -> None:
    drone = log(society.tree.coast_guard, world.listed, "KITE-1", missions=["rescue"])
    refresh([world.listed.pk])
    page = shown(signed_in(aiko), f"/drones/{drone.pk}/results/")
    assert "KITE WORKS CO., LTD." in page
    assert "No party of concern takes part." in page
    assert 'class="state tone-critical"' in page


def test_a_rule_that_does_not_apply_to_the_missions_of_an_aircraft_says_so(
    aiko: Person, society: Society, world: World
) -> None:
    drones = {
        mission: log(society.tree.coast_guard, world.listed, f"KITE-{mission}", missions=[mission])
        for mission in ("training", "rescue")
    }
    refresh([world.listed.pk])
    client = signed_in(aiko)
    free, bound = (shown(client, f"/drones/{each.pk}/results/") for each in drones.values())
    sentence = "Nothing: the rule does not apply to the missions of this aircraft."
    assert free.count(sentence) == 2
    assert sentence not in bound
    assert bound.count("<div>Search and rescue:") == 2
    assert "Ground now" in bound


def test_the_band_names_the_standing_the_deciding_rule_and_the_next_step(
    aiko: Person, society: Society, world: World
) -> None:
    drone = log(society.tree.coast_guard, world.no_radio, "LONG-1", missions=["rescue"])
    refresh([world.no_radio.pk])
    page = shown(signed_in(aiko), f"/drones/{drone.pk}/")
    assert "Undetermined" in page
    assert "Facts are missing." in page
    assert f"/rules/{world.origin.pk}/" in page


def test_a_custodian_logs_an_aircraft_and_its_standing_is_known_at_once(
    aiko: Person, society: Society, world: World
) -> None:
    answer = signed_in(aiko).post("/drones/new/", given(world, society.tree.coast_guard))
    drone = newest(aiko)
    assert answer.status_code == 302
    assert answer["location"] == f"/drones/{drone.pk}/"
    assert (drone.serial_number, drone.missions, drone.price) == (
        "NEW-0001",
        ["rescue", "training"],
        1_200_000,
    )
    assert standing_of(drone, aiko) == "clear"


def test_the_history_of_a_new_aircraft_begins_with_who_logged_it(
    aiko: Person, society: Society, world: World
) -> None:
    client = signed_in(aiko)
    client.post("/drones/new/", given(world, society.tree.coast_guard))
    page = shown(client, f"/drones/{newest(aiko).pk}/history/")
    assert "Recorded the drone “NEW-0001”." in page
    assert "Aiko" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"serial_number": SERIAL}, "Your agency already has an aircraft with this serial number."),
        ({"serial_number": ""}, "Enter the serial number, or say why there is none."),
        ({"acquired_on": "2999-01-01"}, "An aircraft cannot have been acquired in the future."),
        ({"build": "999999"}, "Select a valid choice."),
        ({"missions": ["espionage"]}, "espionage is not one of the available choices."),
    ],
)
def test_a_form_that_cannot_be_right_is_refused_with_the_reason(
    changes: dict[str, Any], sentence: str, aiko: Person, society: Society, world: World
) -> None:
    form = given(world, society.tree.coast_guard, **changes)
    answer = signed_in(aiko).post("/drones/new/", form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert newest(aiko) == world.patrol


def test_a_custodian_cannot_log_an_aircraft_for_another_agency(
    aiko: Person, society: Society, world: World
) -> None:
    client = signed_in(aiko)
    theirs = client.post("/drones/new/", given(world, society.tree.forestry))
    assert theirs.status_code == 422
    assert "Forestry Agency" not in client.get("/drones/new/").content.decode()


def test_only_a_custodian_logs_and_changes(rin: Person, fumi: Person, world: World) -> None:
    for person in (rin, fumi):
        client = signed_in(person)
        assert client.get("/drones/new/").status_code == 403
        assert client.get(f"/drones/{world.patrol.pk}/edit/").status_code == 403
        assert client.get(f"/drones/{world.patrol.pk}/").status_code == 200


def test_a_change_stands_in_the_history_in_words(
    aiko: Person, society: Society, world: World
) -> None:
    client = signed_in(aiko)
    form = given(
        world,
        society.tree.coast_guard,
        serial_number=SERIAL,
        build=world.listed.pk,
    )
    answer = client.post(f"/drones/{world.patrol.pk}/edit/", form)
    assert answer.status_code == 302
    page = shown(client, f"/drones/{world.patrol.pk}/history/")
    assert "<ins>Yokohama</ins>" in page
    assert "<del>S-1 — Standard</del>" in page
    assert "<ins>K-9 — Standard</ins>" in page
    assert "<ins>Search and rescue, Flight training</ins>" in page


def test_a_change_to_a_day_to_come_is_refused(aiko: Person, society: Society, world: World) -> None:
    form = given(world, society.tree.coast_guard, acquired_on="2999-01-01")
    answer = signed_in(aiko).post(f"/drones/{world.patrol.pk}/edit/", form)
    assert answer.status_code == 422
    assert "An aircraft cannot have been acquired in the future." in answer.content.decode()
    assert newest(aiko).serial_number == SERIAL


def test_a_change_of_missions_changes_the_standing_at_once(
    aiko: Person, society: Society, world: World
) -> None:
    refresh([world.clean.pk])
    drone = log(society.tree.coast_guard, world.listed, "KITE-2", missions=["training"])
    refresh([world.listed.pk])
    before = standing_of(drone, aiko)
    form = given(world, society.tree.coast_guard, build=world.listed.pk, serial_number="KITE-2")
    signed_in(aiko).post(f"/drones/{drone.pk}/edit/", form)
    assert (before, standing_of(drone, aiko)) == ("clear", "ground")


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_costs_more_queries_when_there_is_more_to_show(
    tab: str, aiko: Person, society: Society, world: World
) -> None:
    refresh([world.clean.pk])
    client, address = signed_in(aiko), f"/drones/{world.patrol.pk}/{tab}"
    move(world.patrol, 1, aiko)
    one = queries(client, address)
    move(world.patrol, 20, aiko)
    assert queries(client, address) == one


def test_the_list_takes_as_many_queries_for_twenty_as_for_one(
    aiko: Person, society: Society, world: World
) -> None:
    client: Client = signed_in(aiko)
    one = queries(client, "/drones/")
    many(society.tree.coast_guard, world.listed, 20)
    assert queries(client, "/drones/") == one


def test_maker_and_model_are_typed_by_any_name_and_a_build_is_chosen(
    aiko: Person, society: Society, world: World
) -> None:
    client = signed_in(aiko)
    form = given(world, society.tree.coast_guard, build="", what="S-1")
    asked = client.post("/drones/new/", form)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Choose one of the builds below." in page
    for build in (world.clean, world.no_radio, world.unknown):
        assert f'value="{build.pk}"' in page
    assert newest(aiko) == world.patrol
    client.post("/drones/new/", {**form, "build": world.unknown.pk})
    assert newest(aiko).build_id == world.unknown.pk


def test_what_was_chosen_for_a_text_is_remembered(
    aiko: Person, society: Society, world: World
) -> None:
    client = signed_in(aiko)
    form = given(world, society.tree.coast_guard, what="the grey one from Sora")
    client.post("/drones/new/", form)
    again = {**form, "build": "", "serial_number": "NEW-0002"}
    assert client.post("/drones/new/", again).status_code == 302
    assert newest(aiko).build_id == world.clean.pk


def test_a_text_that_nothing_is_called_is_said_to_be_so(
    aiko: Person, society: Society, world: World
) -> None:
    form = given(world, society.tree.coast_guard, build="", what="Zzyzx Q-77")
    page = signed_in(aiko).post("/drones/new/", form).content.decode()
    assert "The catalogue knows no model called “Zzyzx Q-77”." in page


def test_candidates_come_with_reasons_while_somebody_types(aiko: Person, world: World) -> None:
    fragment = shown(signed_in(aiko), "/drones/candidates/", what="S-1")
    assert "<html" not in fragment
    assert f'value="{world.clean.pk}"' in fragment
    assert "is the name of the model." in fragment
    assert 'class="errorlist"' not in fragment


def test_the_next_aircraft_begins_like_the_last(
    aiko: Person, society: Society, world: World
) -> None:
    client = signed_in(aiko)
    form = given(world, society.tree.coast_guard, another="yes")
    answer = client.post("/drones/new/", form)
    assert answer["location"] == f"/drones/new/?like={newest(aiko).pk}"
    page = shown(client, answer["location"])
    assert 'value="Yokohama"' in page
    assert "NEW-0001" not in page.split("<form")[-1]
    assert f'value="{world.clean.pk}" id="id_build_{world.clean.pk}" checked' in page


def test_an_aircraft_of_others_is_no_pattern(aiko: Person, world: World) -> None:
    client = signed_in(aiko)
    assert client.get("/drones/new/", {"like": str(world.timber.pk)}).status_code == 404
    assert client.get("/drones/new/", {"like": "nonsense"}).status_code == 200


def test_a_doubtful_number_is_kept_and_pointed_out(
    aiko: Person, society: Society, world: World
) -> None:
    form = given(world, society.tree.coast_guard, registration_id="JU12", unsure=["price"])
    page = signed_in(aiko).post("/drones/new/", form, follow=True).content.decode()
    assert newest(aiko).registration_id == "JU12"
    assert "JU and ten digits or capital letters" in page
    assert "Not sure of" in page


def test_a_withheld_price_is_not_entered(aiko: Person, society: Society, world: World) -> None:
    client = signed_in(aiko)
    form = given(world, society.tree.coast_guard, price_given="withheld")
    assert (
        "A price that is withheld is not entered."
        in client.post("/drones/new/", form).content.decode()
    )
    client.post("/drones/new/", {**form, "price": ""})
    assert "withheld" in shown(client, f"/drones/{newest(aiko).pk}/")


def test_who_changes_what_somebody_changed_meanwhile_sees_both_and_loses_nothing(
    aiko: Person, society: Society, world: World
) -> None:
    client, address = signed_in(aiko), f"/drones/{world.patrol.pk}/edit/"
    form = given(world, society.tree.coast_guard, serial_number=SERIAL, place="Kobe", version="1")
    move(world.patrol, 1, aiko)
    late = client.post(address, form)
    page = late.content.decode()
    assert late.status_code == 409
    assert "<ins>Kobe</ins>" in page
    assert "<del>Pier" in page
    assert 'value="Kobe"' in page
    assert 'name="version" value="2"' in page
    assert client.post(address, {**form, "version": "2"}).status_code == 302
    assert newest(aiko).place == "Kobe"
