"""What all list pages have in common: addresses that are read strictly, orders, counts, sizes and parts for htmx."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from agencies.models import Agency, Person
from registry.models import Build, Drone
from reporting import totals
from tests.api.programs import API, program_of
from tests.people import Society
from tests.web.pages import Answer, shown, signed_in
from tests.worlds import SERIAL, World, log

LISTS = ("drones", "models", "builds", "vendors", "purchases", "history")
FRAMED = LISTS[:-1]
OF_API = ("drones", "models", "builds", "vendors", "purchases")

WRONG = [
    "q=%00",
    "q=a%E2%80%AEb",
    "nonsense=1",
    "_connector=OR",
    "_negated=1",
    "pk__in=1",
    "q=a&q=b",
]
WRONG_OF_DRONES = [
    "model=%D9%A3",
    "model=1_0",
    "model=999999",
    "model=-1",
    "model=1e3",
    "build=x",
    "rule=99999999999999999999",
    "agency=nobody",
    "standing=excellent",
    "on=tomorrow",
    "on=%D9%A2%D9%A0%D9%A2%D9%A4-01-01",
    "acquired_since=2024-13-01",
    "price_min=1_0",
    "price_min=%D9%A3",
    "price_min=-5",
    "empty=password",
    "part_country=ZZ",
    "part_role=wings",
    "mission=espionage",
]


def asked(person: Person, name: str, query: str) -> Answer:
    answer: Answer = signed_in(person).get(f"/{name}/?{query}")
    return answer


@pytest.mark.parametrize("query", WRONG)
@pytest.mark.parametrize("name", LISTS)
def test_a_wrong_filter_shows_nothing_and_says_what_is_wrong(
    name: str, query: str, aiko: Person, world: World
) -> None:
    answer = asked(aiko, name, query)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert SERIAL not in page
    assert 'class="error-summary' in page


@pytest.mark.parametrize("query", WRONG_OF_DRONES)
def test_a_wrong_value_of_a_filter_of_aircraft_is_refused_by_page_and_interface(
    query: str, aiko: Person, world: World
) -> None:
    assert asked(aiko, "drones", query).status_code == 422
    answer = program_of(aiko).get(f"{API}/drones/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"]


@pytest.mark.parametrize("query", WRONG)
@pytest.mark.parametrize("name", OF_API)
def test_a_wrong_filter_of_the_interface_is_refused_with_a_sentence(
    name: str, query: str, aiko: Person, world: World
) -> None:
    answer = program_of(aiko).get(f"{API}/{name}/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"]


@pytest.mark.parametrize("name", LISTS)
def test_ten_thousand_values_are_refused(name: str, aiko: Person, world: World) -> None:
    """Django itself stops reading an address of more than a thousand names."""
    few = "&".join(f"nobody={number}" for number in range(500))
    many = "&".join(f"q={number}" for number in range(10_000))
    assert asked(aiko, name, few).status_code == 422
    assert asked(aiko, name, many).status_code == 400


def test_more_agencies_than_anybody_chooses_are_refused(aiko: Person, world: World) -> None:
    many = "&".join(f"agency=jcg{number}" for number in range(300))
    assert asked(aiko, "drones", many).status_code == 422


def test_an_empty_value_is_no_filter(aiko: Person, world: World) -> None:
    page = shown(signed_in(aiko), "/drones/", q="", model="", on="")
    assert SERIAL in page
    assert 'class="pill"' not in page


@pytest.mark.parametrize("name", FRAMED)
@pytest.mark.parametrize(
    "query", ["order=password", "order=--recorded", "page_size=7", "page_size=%D9%A3", "after=x"]
)
def test_an_address_that_asks_for_what_a_list_does_not_have_is_malformed(
    name: str, query: str, aiko: Person, world: World
) -> None:
    answer = asked(aiko, name, query)
    assert answer.status_code == 400
    assert "<h1>The address is not right</h1>" in answer.content.decode()


MOST_QUERIES = 12
OF_THE_TEST = 4
"""A savepoint for each of the two transactions, which on the site is none, and their releases."""


def many(agency: Agency, build: Build, number: int) -> None:
    with acting_as(None):
        Drone.objects.bulk_create(
            Drone(agency=agency, build=build, serial_number=f"FLEET-{place:05}")
            for place in range(number)
        )


ASKED = ("", "?order=acquired", "?status=in_service", "?q=FLEET", "?standing=undetermined")


def test_the_number_of_queries_is_the_same_for_ten_a_hundred_and_a_thousand_rows(
    aiko: Person, society: Society, world: World
) -> None:
    """One less when all is on one page: then nothing needs to be counted."""
    counts: dict[str, list[int]] = {query: [] for query in ASKED}
    client, there = signed_in(aiko), 1
    for rows in (10, 100, 1_000):
        with acting_as(None):
            Drone.objects.bulk_create(
                Drone(
                    agency=society.tree.coast_guard,
                    build=(world.clean, world.listed, world.no_radio)[place % 3],
                    serial_number=f"FLEET-{place:05}",
                )
                for place in range(there, rows)
            )
        there = rows
        for query, found in counts.items():
            shown(client, f"/drones/{query}")
            with CaptureQueriesContext(connection) as captured:
                shown(client, f"/drones/{query}")
            found.append(len(captured))
    for few, some, many in counts.values():
        assert few + 1 == some == many
        assert many - OF_THE_TEST <= MOST_QUERIES


def test_a_column_sorts_both_ways_and_the_page_says_so(
    aiko: Person, society: Society, world: World
) -> None:
    for serial in ("B-1", "A-1", "C-1"):
        log(society.tree.coast_guard, world.clean, serial)
    log(society.tree.coast_guard, world.clean)
    client = signed_in(aiko)

    def serials(order: str) -> list[str]:
        return [
            row["record"].serial_number
            for row in client.get("/drones/", {"order": order}).context["rows"]
        ]

    assert serials("serial") == ["A-1", "B-1", "C-1", SERIAL, ""]
    assert serials("-serial") == [SERIAL, "C-1", "B-1", "A-1", ""]
    page = shown(client, "/drones/", order="serial", status="in_service")
    assert 'aria-sort="ascending"' in page
    assert "order=-serial" in page


def test_an_order_and_a_size_stay_when_the_filter_changes(aiko: Person, world: World) -> None:
    page = shown(signed_in(aiko), "/drones/", order="serial", page_size="25")
    assert '<input type="hidden" name="order" value="serial">' in page
    assert '<input type="hidden" name="page_size" value="25">' in page


def test_a_count_is_exact_when_small_and_says_about_when_it_is_an_estimate(
    aiko: Person, society: Society, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(society.tree.coast_guard, world.clean, 60)
    client = signed_in(aiko)
    assert "50 shown of 61" in shown(client, "/drones/")
    monkeypatch.setattr(totals, "EXACT", 20)
    with connection.cursor() as cursor:
        cursor.execute("set local role none")
    assert re.search(r"50 shown of about \d+", shown(client, "/drones/"))


def test_columns_recorded_or_not_are_removed_one_by_one(
    aiko: Person, society: Society, world: World
) -> None:
    log(society.tree.coast_guard, world.clean, "WITH-PLACE", place="Kobe")
    page = shown(signed_in(aiko), "/drones/?empty=firmware&empty=price&filled=place")
    assert "WITH-PLACE" in page
    for sentence, rest in (
        ("Firmware is not recorded", "empty=price&amp;filled=place"),
        ("Price is not recorded", "empty=firmware&amp;filled=place"),
        ("Place is recorded", "empty=firmware&amp;empty=price"),
    ):
        assert f'href="/drones/?{rest}">{sentence}' in page


def test_htmx_gets_the_list_with_what_stands_beside_it_brought_up_to_date(
    aiko: Person, world: World
) -> None:
    asked = {"HX-Request": "true", "HX-Target": "list"}
    part = signed_in(aiko).get("/drones/?order=serial&q=JCG", headers=asked).content.decode()
    assert "<html" not in part
    assert '<div id="carried" hx-swap-oob="true"><input type="hidden" name="order"' in part
    assert '<span id="filter-count" hx-swap-oob="true"><span class="count">1</span></span>' in part
    assert 'data-announce="1 shown of 1"' in part


def test_htmx_gets_a_page_that_it_restores_from_its_history_as_a_whole(
    aiko: Person, world: World
) -> None:
    asked = {"HX-Request": "true", "HX-Target": "list", "HX-History-Restore-Request": "true"}
    answer = signed_in(aiko).get("/drones/", headers=asked)
    assert "<html" in answer.content.decode()
    assert {"HX-Request", "HX-Target"} <= {each.strip() for each in answer["Vary"].split(",")}


def test_an_empty_list_says_whether_the_filter_or_the_registry_is_empty(
    daisuke: Person, society: Society
) -> None:
    client = signed_in(daisuke)
    assert "have no aircraft in the registry yet" in shown(client, "/drones/")
    assert "Log an aircraft" in shown(client, "/drones/")
    assert "Nothing matches these filters" in shown(client, "/drones/", q="zzz")


def test_a_long_choice_shows_what_is_chosen_alone(
    aiko: Person, society: Society, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.filtering.MOST_OPTIONS", 1)
    page = shown(signed_in(aiko), "/drones/", model=str(world.clean.model_id))
    options = re.findall(r'<option value="\d+"( selected)?>([^<]*)', page)
    assert options == [(" selected", "S-1")]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", FRAMED)
def test_every_list_is_there_in_both_languages(
    name: str, language: str, aiko: Person, world: World
) -> None:
    page = shown(signed_in(aiko, language=language), f"/{name}/")
    assert (f'href="/{name}/export/csv/"' in page) is (name != "purchases")


def test_the_builds_show_result_and_what_the_reader_holds(aiko: Person, world: World) -> None:
    page = shown(signed_in(aiko), "/builds/", q="Standard")
    assert f'href="/builds/{world.clean.pk}/"' in page
    assert f'href="/drones/?build={world.clean.pk}&amp;held=true">1</a>' in page


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"])
def test_an_id_in_other_digits_is_no_id(digits: str, aiko: Person, world: World) -> None:
    """Python reads these digits as numbers; the model is there."""
    pk = str(world.clean.model_id)
    assert asked(aiko, "drones", f"model={pk}").status_code == 200
    disguised = pk.translate(str.maketrans("0123456789", digits))
    assert asked(aiko, "drones", f"model={disguised}").status_code == 422


def test_what_only_links_choose_is_in_the_panel_once_it_is_chosen(
    aiko: Person, world: World
) -> None:
    client = signed_in(aiko)
    assert 'name="model"' not in shown(client, "/builds/")
    assert 'name="model"' in shown(client, "/builds/", model=str(world.clean.model_id))
