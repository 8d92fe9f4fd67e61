"""Confirming many aircraft at once: what is ticked and nothing else, by custodians, of their own agencies."""

from datetime import timedelta

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from registry.models import Drone, DroneEvent
from tests.people import Society
from tests.web.pages import queries, shown, signed_in
from tests.worlds import World, log

PAGE = "/drones/confirm/"


def confirmed(by: Person) -> dict[str, object]:
    with acting_as(by):
        rows = Drone.objects.visible_to(by).values_list("serial_number", "last_confirmed_on")
        return dict(rows)


def test_what_is_ticked_is_confirmed_on_the_day_and_nothing_else(
    aiko: Person, society: Society, world: World
) -> None:
    one, two = (log(society.tree.coast_guard, world.clean, f"JCG-{n}") for n in (1, 2))
    day = timezone.localdate() - timedelta(days=2)
    client = signed_in(aiko)
    page = shown(client, PAGE)
    assert page.count('name="drones"') == page.count("checked") == 3
    answer = client.post(f"{PAGE}?status=in_service", {"drones": [one.pk, two.pk], "on": day})
    assert (answer.status_code, answer["Location"]) == (302, "/drones/?status=in_service")
    assert confirmed(aiko) == {
        "JCG-1": day,
        "JCG-2": day,
        world.patrol.serial_number: None,
    }
    with acting_as(aiko):
        events = DroneEvent.objects.visible_to(aiko)
        assert {(each.action, each.actor_id) for each in events} == {("confirm", aiko.pk)}
        assert events.count() == 2


def test_the_filter_of_the_list_chooses_what_is_offered(
    aiko: Person, society: Society, world: World
) -> None:
    log(society.tree.coast_guard, world.listed, "KITE-1")
    client = signed_in(aiko)
    assert "KITE-1" in shown(client, PAGE)
    page = shown(client, PAGE, build=world.clean.pk)
    assert "KITE-1" not in page
    assert world.patrol.serial_number in page
    assert client.get(PAGE, {"bild": "1"}).status_code == 422


def test_aircraft_of_others_and_closed_ones_cannot_be_named(
    aiko: Person, society: Society, world: World
) -> None:
    gone = log(society.tree.coast_guard, world.clean, "GONE-1", status="disposed")
    client, today = signed_in(aiko), timezone.localdate()
    for drone in (world.timber, gone):
        answer = client.post(PAGE, {"drones": [drone.pk, world.patrol.pk], "on": today})
        assert answer.status_code == 422
    assert confirmed(aiko)[world.patrol.serial_number] is None


def test_a_day_to_come_and_no_aircraft_are_errors(aiko: Person, world: World) -> None:
    client, today = signed_in(aiko), timezone.localdate()
    late = client.post(PAGE, {"drones": [world.patrol.pk], "on": today + timedelta(days=1)})
    assert (late.status_code, "still to come" in late.content.decode()) == (422, True)
    none = client.post(PAGE, {"on": today})
    assert (none.status_code, "Tick at least one" in none.content.decode()) == (422, True)


def test_only_a_custodian_confirms(chie: Person, rin: Person, world: World) -> None:
    for person in (chie, rin):
        answer = signed_in(person).post(
            PAGE, {"drones": [world.patrol.pk], "on": timezone.localdate()}
        )
        assert answer.status_code == 403
        assert "drones/confirm" not in shown(signed_in(person), "/drones/")


def test_many_rows_take_as_many_queries_as_one(
    aiko: Person, society: Society, world: World
) -> None:
    client = signed_in(aiko)
    one = queries(client, PAGE)
    for number in range(9):
        log(society.tree.coast_guard, world.clean, f"JCG-{number}")
    assert queries(client, PAGE) == one
