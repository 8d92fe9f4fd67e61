"""The quick search: names and numbers in any width and script, for the agencies of the context alone."""

from contextlib import closing

import psycopg2
import pytest
from django.db import connection

from agencies.context import acting_as
from agencies.models import Person
from registry import search
from registry.models import Drone, DroneModel, Vendor
from registry.search import drones_with_key, search_drones, search_models, search_vendors
from tests.databases import FreshDatabase
from tests.people import Society
from tests.worlds import World, log


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＤＪＩ", "dji"),
        ("Mavic-3 Enterprise", "mavic3enterprise"),
        ("どろーん", "ドローン"),
        ("ﾄﾞﾛｰﾝ", "ドローン"),
        ("Café", "cafe"),
        ("空 航空機（株）", "空航空機株"),
        ("大疆", "大疆"),
        ("--- !", ""),
    ],
)
def test_width_case_kana_accents_and_punctuation_make_no_difference(
    text: str, folded: str, db: None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select registry_folded(%s)", [text])
        assert cursor.fetchone() == (folded,)


@pytest.mark.parametrize("text", ["kite", "ＫＩＴＥ　works", "风筝", "K.I.T.E."])
def test_a_vendor_is_found_by_any_of_its_names(text: str, world: World) -> None:
    assert list(search_vendors(Vendor.objects.all(), text)) == [world.kite]


@pytest.mark.parametrize("text", ["k9", "K-9", "Kite", "风筝工业"])
def test_a_model_is_found_by_its_name_and_by_its_maker(text: str, world: World) -> None:
    assert list(search_models(DroneModel.objects.all(), text)) == [world.listed.model]


@pytest.mark.parametrize("text", ["%", "_", "---", "　"])
def test_punctuation_alone_finds_nothing(text: str, aiko: Person, world: World) -> None:
    with acting_as(aiko):
        assert not search_vendors(Vendor.objects.all(), text)
        assert not search_drones(Drone.objects.visible_to(aiko), text)


@pytest.mark.parametrize(
    "text", ["JCG-SECRET-0001", "jcg secret 0001", "ＳＥＣＲＥＴ", "cret-00", "JU12AB34CD56"]
)
def test_an_aircraft_is_found_by_any_part_of_what_stands_on_it(
    text: str, aiko: Person, world: World
) -> None:
    with acting_as(aiko):
        Drone.objects.visible_to(aiko).update(registration_id="JU12AB34CD56")
        assert list(search_drones(Drone.objects.visible_to(aiko), text)) == [world.patrol]


def test_two_characters_of_a_serial_number_are_too_few(aiko: Person, world: World) -> None:
    with acting_as(aiko):
        assert not search_drones(Drone.objects.visible_to(aiko), "JC")


def test_the_search_gives_out_ids_of_the_agencies_in_the_context_alone(
    aiko: Person, daisuke: Person, chie: Person, world: World
) -> None:
    found = {}
    for person in (aiko, daisuke, chie):
        with acting_as(person):
            found[person] = set(drones_with_key("SECRET", 10))
    assert found[aiko] == {world.patrol.pk}
    assert found[daisuke] == {world.timber.pk}
    assert found[chie] == {world.patrol.pk, world.timber.pk}


def test_more_hits_than_are_named_one_by_one_are_found_along_the_list(
    aiko: Person, society: Society, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        log(society.tree.coast_guard, world.clean, f"FLEET-{number}")
    monkeypatch.setattr(search, "MOST", 2)
    with acting_as(aiko):
        rows = search_drones(Drone.objects.visible_to(aiko), "fleet")
        assert sorted(row.serial_number for row in rows) == ["FLEET-0", "FLEET-1", "FLEET-2"]


def test_the_condition_of_the_search_is_one_that_the_trigram_index_serves(
    fresh_database: FreshDatabase,
) -> None:
    """Word for word the expression of the function, as the owner whose rights it has; nobody else's are enough.

    On so few rows the planner is forbidden to read them all.
    """
    with closing(psycopg2.connect(fresh_database.owner_dsn)) as owner, owner.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = 'registry_drones_with_key'")
        (source,) = cursor.fetchone() or ("",)
        text = source.replace("''", "'")
        condition = text[text.index("(registry_folded(serial") : text.index(" like $1")]
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            f"explain select id from registry_drone where {condition} like '%secret0001%'"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "drone_search" in plan
