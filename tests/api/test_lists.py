"""Lists: pages by cursor, and as many queries for two hundred rows as for one."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from registry.models import Build, DroneModel, Vendor
from registry.services import add_model, add_vendor
from tests.api.programs import API, Program, program_of
from tests.people import Society
from tests.worlds import World, draft, log


@pytest.fixture
def program(society: Society, world: World) -> Program:
    return program_of(society.people.chie)


def pages(program: Program, address: str, follow: str = "next") -> list[list[str]]:
    """The ids of each page, from this address on."""
    found: list[list[str]] = []
    step: str | None = address
    while step:
        body = program.get(step).json()
        found.append([each["id"] for each in body["results"]])
        step = body[follow]
    return found


def test_pages_hold_every_row_once_newest_first_and_lead_back(
    society: Society, world: World, program: Program
) -> None:
    logged = [
        world.timber,
        world.patrol,
        *(log(society.tree.forestry, world.clean) for _ in range(5)),
    ]
    newest_first = sorted((str(each.pk) for each in logged), reverse=True)
    found = pages(program, f"{API}/drones/?page_size=3")
    assert [len(page) for page in found] == [3, 3, 1]
    assert list(chain.from_iterable(found)) == newest_first
    last = f"{API}/drones/?page_size=3"
    while following := program.get(last).json()["next"]:
        last = following
    assert [set(page) for page in pages(program, last, "previous")] == [
        set(page) for page in reversed(found)
    ]


def test_a_page_keeps_its_place_while_rows_are_added_and_its_filter(
    society: Society, world: World, program: Program
) -> None:
    for _ in range(3):
        log(society.tree.forestry, world.clean)
    first = program.get(f"{API}/drones/?page_size=2&agency=rinya").json()
    log(society.tree.forestry, world.clean)
    log(society.tree.coast_guard, world.clean)
    second = program.get(first["next"]).json()
    assert {each["agency"] for each in second["results"]} == {"rinya"}
    assert not {each["id"] for each in first["results"]} & {
        each["id"] for each in second["results"]
    }
    assert len(second["results"]) == 2


def test_a_page_has_fifty_rows_unless_said_otherwise(
    society: Society, world: World, program: Program
) -> None:
    for _ in range(55):
        log(society.tree.forestry, world.clean)
    assert [len(page) for page in pages(program, f"{API}/drones/")] == [50, 7]


def more_drones(society: Society, world: World) -> None:
    for build in (world.clean, world.listed, world.unknown):
        log(society.tree.forestry, build)


def more_purchases(society: Society, world: World) -> None:
    for build in (world.clean, world.listed, world.unknown):
        draft(society.people.daisuke, society.tree.forestry, build)


def more_of_the_catalogue(society: Society, world: World) -> None:
    with acting_as(None):
        for name in ("A", "B", "C"):
            maker = add_vendor(vendor=Vendor(name=name), by=None)
            model = add_model(model=DroneModel(manufacturer=maker, name=name), by=None)
            Build.objects.create(
                model=model, name="Standard", design_licensed_from=maker, design_known=True
            )


@pytest.mark.parametrize(
    ("name", "add"),
    [
        ("drones", more_drones),
        ("purchases", more_purchases),
        ("vendors", more_of_the_catalogue),
        ("models", more_of_the_catalogue),
        ("builds", more_of_the_catalogue),
    ],
)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(
    society: Society, world: World, program: Program, name: str, add: Callable[..., Any]
) -> None:
    more_purchases(society, world)
    few = asked(program, f"{API}/{name}/?page_size=1")
    add(society, world)
    many = asked(program, f"{API}/{name}/")
    assert many[0] > few[0]
    assert many[1] == few[1] <= 12


def asked(program: Program, address: str) -> tuple[int, int]:
    """How many rows came, by how many queries."""
    with CaptureQueriesContext(connection) as caught:
        rows = program.get(address).json()["results"]
    return len(rows), len([each for each in caught if "SAVEPOINT" not in each["sql"]])


def test_a_list_of_purchases_leaves_the_dossiers_where_they_are(
    society: Society, world: World, program: Program
) -> None:
    more_purchases(society, world)
    with CaptureQueriesContext(connection) as caught:
        program.get(f"{API}/purchases/")
    (rows,) = (each["sql"] for each in caught if 'FROM "procurement_purchase"' in each["sql"])
    selected = rows[: rows.index("CASE WHEN")]
    assert '"procurement_dossier"."body"' not in selected + rows[rows.index(" END") :]


def test_builds_of_one_model_can_be_found(world: World, program: Program) -> None:
    found = program.get(f"{API}/builds/?model={world.listed.model_id}").json()["results"]
    assert {each["model"]["id"] for each in found} == {world.listed.model_id}
    standard = next(each for each in found if each["id"] == world.listed.pk)
    radio = next(each for each in standard["components"] if each["role"] == "radio")
    assert (radio["made_in"], radio["maker"]["name"], radio["verified"]) == (
        ["CN"],
        "Kite Works",
        True,
    )
    unknown = next(each for each in found if not each["configuration_known"])
    assert (unknown["assembled_in"], unknown["verified"]) == (None, False)


def test_vendors_and_models_are_found_by_name(world: World, program: Program) -> None:
    assert [each["id"] for each in program.get(f"{API}/vendors/?q=空").json()["results"]] == [
        world.sora.pk
    ]
    (model,) = program.get(f"{API}/models/?q=K-9").json()["results"]
    assert model["maker"]["id"] == world.kite.pk


def test_only_agencies_whose_records_the_reader_sees_are_listed(
    society: Society, program: Program
) -> None:
    own = program_of(society.people.aiko).get(f"{API}/agencies/").json()["results"]
    assert [(each["code"], each["parent"]) for each in own] == [("jcg", "mlit")]
    every = program.get(f"{API}/agencies/").json()["results"]
    assert {each["code"]: each["parent"] for each in every}["jp-gov"] is None
    assert len(every) == 5
