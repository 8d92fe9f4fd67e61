"""What an agency does not tell the centre: the number of its aircraft, and prices."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from agencies.context import acting_as
from agencies.models import Disclosure, Person
from registry.disclosures import disclose, price_as_kept
from registry.imports.checking import read_table
from registry.imports.sessions import check_rows
from registry.models import Drone
from tests.api.programs import API, aircraft, program_of
from tests.databases import FreshDatabase
from tests.isolation.test_either_net import take_first_net_away, take_second_net_away
from tests.people import Society, settle
from tests.refusals import NO_RIGHT, refused
from tests.web.pages import queries, shown, signed_in
from tests.worlds import SERIAL, World, furnish, log

WHY = "Act on the Protection of Specially Designated Secrets"


def say(society: Society, **said: Any) -> Disclosure:
    """Ben states for the Coast Guard."""
    ben = society.people.ben
    ben.__dict__.pop("scope", None)
    with acting_as(ben):
        stored = disclose(Disclosure(agency=society.tree.coast_guard, **{"basis": WHY, **said}))
    for name in ("chie", "fumi", "iori"):
        getattr(society.people, name).__dict__.pop("scope", None)
    return stored


def met(person: Person, world: World) -> set[str]:
    """Where this person meets the Coast Guard's aircraft."""
    client, program = signed_in(person), program_of(person)
    one = f"/drones/{world.patrol.pk}/"
    lists: dict[str, Any] = {
        "list": client.get("/drones/"),
        "search": client.get("/drones/", {"q": "jcg secret"}),
        "filter": client.get("/drones/", {"agency": "jcg", "model": str(world.clean.model_id)}),
        "history": client.get("/history/"),
        "its history": client.get("/history/", {"record": str(world.patrol.pk)}),
        "build": client.get(f"/builds/{world.clean.pk}/"),
        "home": client.get("/"),
        "api": program.get(f"{API}/drones/"),
        "api search": program.get(f"{API}/drones/", {"q": "jcg secret"}),
    }
    found = {name for name, answer in lists.items() if SERIAL in answer.content.decode()}
    file: Any = client.get("/drones/export/csv/")
    if SERIAL in b"".join(file.streaming_content).decode():
        found.add("file")
    for name in ("", "events/", "history/", "files/", "notes/", "certificates/", "tag/"):
        if client.get(f"{one}{name}").status_code != 404:
            found.add(f"page {name}")
    if program.get(f"{API}{one}").status_code != 404:
        found.add("api one")
    return found


EVERYWHERE = (
    {"list", "search", "filter", "history", "its history", "file", "api", "api search"}
    | {
        f"page {name}"
        for name in ("", "events/", "history/", "files/", "notes/", "certificates/", "tag/")
    }
    | {"api one"}
)


@pytest.mark.parametrize(
    "given",
    [{"aircraft": "withheld"}, {"aircraft": "approximate", "about": 30, "as_of": date(2026, 4, 1)}],
)
def test_the_centre_does_not_meet_aircraft_whose_number_is_not_told(
    given: dict[str, Any], society: Society, world: World
) -> None:
    chie, aiko = society.people.chie, society.people.aiko
    assert met(chie, world) >= EVERYWHERE
    say(society, **given)
    assert met(chie, world) == set()
    assert met(aiko, world) >= EVERYWHERE - {"history"}


@pytest.fixture
def site(fresh_database: FreshDatabase) -> tuple[FreshDatabase, Society, World]:
    society = settle()
    world = furnish(society)
    say(society, aircraft="withheld")
    return fresh_database, society, world


def test_the_database_alone_keeps_them_from_the_centre(
    site: tuple[FreshDatabase, Society, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, society, world = site
    take_first_net_away(monkeypatch)
    assert met(society.people.chie, world) == set()


def test_the_program_alone_keeps_them_from_the_centre(
    site: tuple[FreshDatabase, Society, World],
) -> None:
    database, society, world = site
    take_second_net_away(database)
    assert met(society.people.chie, world) == set()


def test_without_both_the_same_look_finds_them(
    site: tuple[FreshDatabase, Society, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, society, world = site
    take_first_net_away(monkeypatch)
    take_second_net_away(database)
    assert {"list", "api", "page ", "file"} <= met(society.people.chie, world)


def test_figures_say_what_they_do_not_contain(society: Society, world: World) -> None:
    client = signed_in(society.people.fumi)
    pages = ("/drones/", "/dashboards/", "/agencies/", f"/agencies/{society.tree.mlit.pk}/")
    assert not any("about 1,200" in shown(client, page) for page in pages)
    say(society, aircraft="approximate", about=1200, as_of=date(2026, 4, 1))
    client = signed_in(society.people.fumi)
    for page in pages:
        text = shown(client, page)
        assert "about 1,200 (as of 1 Apr 2026)" in text, page
    assert client.get("/dashboards/").context["aircraft"].total == 1
    assert "about 1,200" not in shown(signed_in(society.people.ben), "/drones/")


def test_programs_read_what_is_told(society: Society, world: World) -> None:
    program = program_of(society.people.chie)
    assert program.get(f"{API}/agencies/jcg/").json()["told"] is None
    say(society, aircraft="approximate", about=30, as_of=date(2026, 4, 1), prices="withheld")
    assert program_of(society.people.chie).get(f"{API}/agencies/jcg/").json()["told"] == {
        "aircraft": "approximate",
        "about": 30,
        "as_of": "2026-04-01",
        "prices": "withheld",
        "basis": WHY,
    }


def test_it_costs_the_list_one_query_for_the_centre_and_none_for_others(
    society: Society, world: World
) -> None:
    chie, aiko = society.people.chie, society.people.aiko
    before = queries(signed_in(chie), "/drones/"), queries(signed_in(aiko), "/drones/")
    say(society, aircraft="withheld")
    after = queries(signed_in(chie), "/drones/"), queries(signed_in(aiko), "/drones/")
    assert after == (before[0] + 1, before[1])


def test_the_program_itself_still_judges_what_the_centre_does_not_see(
    society: Society, world: World
) -> None:
    say(society, aircraft="withheld")
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_drone")
        assert cursor.fetchone() == (2,)


def test_nobody_at_the_centre_decides_what_it_is_told(society: Society, world: World) -> None:
    for name in ("chie", "jun"):
        with refused(NO_RIGHT), acting_as(getattr(society.people, name)):
            Disclosure.objects.create(agency=society.tree.coast_guard)
    say(society, aircraft="withheld")
    rows = Disclosure.objects.unscoped(reason="the first net is not asked")
    with refused(NO_RIGHT), acting_as(society.people.jun):
        rows.update(aircraft="exact")
    with refused(NO_RIGHT), acting_as(society.people.aiko):
        rows.update(aircraft="exact")
    with refused(NO_RIGHT), acting_as(society.people.ben):
        rows.all().delete()


def form(**given: Any) -> dict[str, Any]:
    return {"aircraft": "exact", "about": "", "as_of": "", "prices": "exact", "basis": "", **given}


def test_an_approver_states_it_on_the_page_of_the_agency(
    ben: Person, society: Society, world: World
) -> None:
    client, address = signed_in(ben), f"/agencies/{society.tree.coast_guard.pk}/disclosure/"
    wrong = client.post(address, form(aircraft="approximate", basis=WHY))
    assert wrong.status_code == 422
    assert "Say about how many aircraft there are" in wrong.content.decode()
    silent = client.post(address, form(aircraft="withheld"))
    assert "Say why, and on what legal basis." in silent.content.decode()
    right = form(aircraft="approximate", about="30", as_of="2026-04-01", basis=WHY)
    assert client.post(address, right).status_code == 302
    page = shown(client, f"/agencies/{society.tree.coast_guard.pk}/")
    assert "about 30" in page
    assert WHY in page


def test_prices_that_are_withheld_are_taken_away_once_that_is_agreed(
    ben: Person, society: Society, world: World
) -> None:
    coast_guard = society.tree.coast_guard
    held = log(coast_guard, world.clean, "P-1", price=123_456)
    gone = log(coast_guard, world.clean, "P-2", price=777_777, status="disposed")
    client, address = signed_in(ben), f"/agencies/{coast_guard.pk}/disclosure/"
    asked = client.post(address, form(prices="withheld", basis=WHY))
    assert asked.status_code == 422
    assert "2 recorded prices would be removed" in asked.content.decode()
    assert client.post(address, form(prices="withheld", basis=WHY, agreed="on")).status_code == 302
    for given in (held, gone):
        with acting_as(ben):
            kept = Drone.objects.visible_to(ben).get(pk=given.pk)
        assert (kept.price, kept.price_given) == (None, "withheld")
    told = shown(signed_in(society.people.chie), f"/drones/{held.pk}/")
    assert "withheld" in told
    past = shown(signed_in(society.people.chie), f"/drones/{held.pk}/history/")
    assert "123,456" not in past
    assert "123456" not in past
    assert "123" in shown(client, f"/drones/{held.pk}/history/")


def test_approximate_prices_are_rounded_and_stay_so(
    ben: Person, society: Society, world: World
) -> None:
    drone = log(society.tree.coast_guard, world.clean, "P-1", price=1_250_000)
    small = log(society.tree.coast_guard, world.clean, "P-2", price=97)
    say(society, prices="approximate")
    with acting_as(ben):
        prices = {
            each.pk: (each.price, each.price_given)
            for each in Drone.objects.visible_to(ben).filter(price__isnull=False)
        }
    assert prices == {drone.pk: (1_300_000, "approximate"), small.pk: (97, "approximate")}
    program = program_of(society.people.aiko)
    exact = program.post(f"{API}/drones/", aircraft(world.clean.pk, price=1_234_567), format="json")
    assert exact.status_code in {400, 409}
    assert "round the price to two digits" in exact.content.decode()
    near = program.post(f"{API}/drones/", aircraft(world.clean.pk, price=1_200_000), format="json")
    assert (near.status_code, near.json()["price_given"]) == (201, "approximate")


@pytest.mark.parametrize(
    ("kept", "given", "stored"),
    [
        ("exact", 1_234_567, 1_234_567),
        ("approximate", 1_234_567, 1_200_000),
        ("approximate", 1_250_000, 1_300_000),
        ("approximate", 97, 97),
        ("approximate", 995, 1_000),
        ("withheld", 1_234_567, None),
        ("withheld", None, None),
    ],
)
def test_aircraft_that_come_in_on_an_order_follow_what_the_agency_tells_of_prices(
    kept: str, given: int | None, stored: int | None, society: Society, world: World
) -> None:
    say(society, prices=kept)
    with acting_as(society.people.emi), connection.cursor() as cursor:
        assert price_as_kept(society.tree.coast_guard.pk, given) == stored
        if kept == "approximate":
            cursor.execute("select registry_rounded_price(%s)", [given])
            assert cursor.fetchone() == (stored,)


def test_a_form_says_that_prices_are_withheld(aiko: Person, society: Society, world: World) -> None:
    say(society, prices="withheld")
    program = program_of(aiko)
    answer = program.post(f"{API}/drones/", aircraft(world.clean.pk, price=1_000), format="json")
    assert answer.status_code in {400, 409}
    assert "Your agency withholds its prices" in answer.content.decode()


def test_an_aircraft_without_a_price_says_that_its_agency_withholds_prices(
    aiko: Person, society: Society, world: World
) -> None:
    client, address = signed_in(aiko), f"/drones/{world.patrol.pk}/"
    assert "withheld" not in shown(client, address)
    say(society, prices="withheld")
    assert "withheld" in shown(client, address)


def test_a_price_that_the_agency_does_not_give_is_an_error_beside_the_field(
    aiko: Person, society: Society, world: World
) -> None:
    say(society, prices="withheld")
    client, address = signed_in(aiko), f"/drones/{world.patrol.pk}/edit/"
    fields = client.get(address).context["form"]
    sent = {each.html_name: each.value() for each in fields if each.value() is not None}
    answer = client.post(address, {**sent, "price": "1000"})
    assert answer.status_code == 422
    assert "Your agency withholds its prices" in str(answer.context["form"].errors["price"])


@pytest.mark.parametrize(
    ("prices", "reason"),
    [
        ("exact", ""),
        ("withheld", "Your agency withholds its prices"),
        ("approximate", "round the price to two digits"),
    ],
)
def test_a_file_follows_what_the_agency_tells_of_prices(
    prices: str, reason: str, society: Society, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "fleet.csv"
    file.write_text(
        "maker,model,serial number,price\nSora Aircraft,S-1,P-1,1234567\nSora Aircraft,S-1,P-2,\n"
    )
    say(society, prices=prices)
    with acting_as(society.people.aiko):
        checked = check_rows(
            read_table(file), agency_id=society.tree.coast_guard.pk, digest="0" * 64
        )
    found = [(each.row, each.said.en) for each in checked.problems]
    assert [row for row, _ in found] == ([2] if reason else [])
    assert all(reason in said for _, said in found)
