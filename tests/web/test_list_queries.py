"""The number of queries of every list is the same for ten, a hundred and a thousand rows."""

from collections.abc import Callable
from typing import Any, Final

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from agencies.models import Agency
from compliance.models import Waiver
from procurement.models import Line, Purchase
from registry.models import Build, Component, Drone, DroneModel, ImportSession, Vendor
from tests.compliance.waivers import asked
from tests.people import Society
from tests.web.pages import signed_in
from tests.worlds import World

SIZES: Final = (10, 100, 1000)
MOST: Final = 12
FRAMING = ("SAVEPOINT", "RELEASE SAVEPOINT", "set local role", "SET LOCAL")
"""Statements that only frame a transaction are not counted."""

Fill = Callable[[Society, World, range], None]


def drones(society: Society, world: World, numbers: range) -> None:
    with acting_as(None):
        Drone.objects.bulk_create(
            Drone(agency=society.tree.coast_guard, build=world.clean, serial_number=f"QUE-{n}")
            for n in numbers
        )


def vendors(society: Society, world: World, numbers: range) -> None:
    with acting_as(None):
        Vendor.objects.bulk_create(Vendor(name=f"Maker {n}") for n in numbers)


def models(society: Society, world: World, numbers: range) -> None:
    with acting_as(None):
        made = DroneModel.objects.bulk_create(
            DroneModel(name=f"Q-{n}", manufacturer=world.sora) for n in numbers
        )
        Build.objects.bulk_create(Build(model=each, configuration_known=False) for each in made)


def builds(society: Society, world: World, numbers: range) -> None:
    with acting_as(None):
        made = Build.objects.bulk_create(
            Build(model_id=world.clean.model_id, name=f"Lot {n}", configuration_known=True)
            for n in numbers
        )
        Component.objects.bulk_create(
            Component(build=each, role="camera", maker=world.kite) for each in made
        )


def agencies(society: Society, world: World, numbers: range) -> None:
    with acting_as(None):
        Agency.objects.bulk_create(
            Agency(
                code=f"unit-{n}",
                kind=Agency.Kind.AGENCY,
                name_en=f"Unit {n}",
                name_local=f"第{n}課",
                parent=society.tree.coast_guard,
            )
            for n in numbers
        )


def purchases(society: Society, world: World, numbers: range) -> None:
    aiko, agency = society.people.aiko, society.tree.coast_guard
    with acting_as(aiko):
        made = Purchase.objects.bulk_create(
            Purchase(
                agency=agency,
                requester=aiko,
                title=f"Purchase {n}",
                purpose="Rescue",
                missions=["rescue"],
            )
            for n in numbers
        )
        Line.objects.bulk_create(
            Line(agency=agency, purchase=each, build=world.clean) for each in made
        )


def waivers(society: Society, world: World, numbers: range) -> None:
    hana = society.people.hana
    with acting_as(hana):
        rows = [asked(society.tree.coast_guard, world, requested_by=hana) for _ in numbers]
        Waiver.objects.bulk_create(rows)


def imports(society: Society, world: World, numbers: range) -> None:
    with acting_as(None):
        ImportSession.objects.bulk_create(
            ImportSession(
                agency=society.tree.coast_guard,
                digest=f"{n:064}",
                file_name=f"{n}.csv",
                started_by=society.people.aiko,
            )
            for n in numbers
        )


FILLS: tuple[Fill, ...] = (
    drones,
    vendors,
    models,
    builds,
    agencies,
    purchases,
    waivers,
    imports,
)
LISTS: Final = (
    "/drones/",
    "/drones/?q=QUE&status=in_service&order=serial",
    *("/vendors/", "/models/", "/builds/", "/agencies/", "/purchases/", "/waivers/", "/imports/"),
    *(
        f"/api/v1/{name}/"
        for name in ("drones", "vendors", "models", "builds", "purchases", "waivers")
    ),
)
FILES: Final = tuple(
    f"/{name}/export/csv/"
    for name in ("drones", "vendors", "models", "builds", "purchases", "waivers")
)


def asked_for(client: Client, address: str) -> int:
    """The queries of an answer, all that it streams included."""
    with CaptureQueriesContext(connection) as captured:
        answer: Any = client.get(address)
        assert answer.status_code == 200
        if answer.streaming:
            b"".join(answer.streaming_content)
    return sum(not each["sql"].startswith(FRAMING) for each in captured.captured_queries)


def test_a_list_or_file_takes_as_many_queries_for_a_thousand_rows_as_for_ten(
    society: Society, world: World
) -> None:
    """All in one world that grows: filling one of its own for each took longer than asking them."""
    client = signed_in(society.people.aiko)
    counts: dict[str, list[int]] = {address: [] for address in (*LISTS, *FILES)}
    filled = 0
    for size in SIZES:
        for fill in FILLS:
            fill(society, world, range(filled, size))
        filled = size
        for address, found in counts.items():
            number = asked_for(client, address)
            if not found or number > found[0] + 1:
                number = asked_for(client, address)  # without what is loaded a single time
            found.append(number)
    assert {
        address: found for address, found in counts.items() if not _steady(address, found)
    } == {}


def _steady(address: str, counts: list[int]) -> bool:
    """A list of more than one page is counted by a query of its own; a file has no pages."""
    few, some, many = counts
    if address in FILES:
        return few == some == many
    return few <= MOST and some == many <= few + 1
