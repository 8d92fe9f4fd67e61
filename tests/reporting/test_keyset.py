"""Pages of a list in any order: with ties, with nothing recorded, forward and back."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Literal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.context import acting_as
from agencies.models import Person
from registry.models import Drone
from reporting.keyset import CursorError, Order, Place, slice_of
from tests.people import Society
from tests.worlds import World, log

DAYS = [None, date(2024, 4, 1), date(2024, 4, 2), date(2025, 4, 1)]
BLANKS: dict[str, Literal["", "null", "text"]] = {
    "id": "",
    "acquired_on": "null",
    "serial_number": "text",
    "status": "",
    "build__model__name": "",
}
ORDERS = [
    Order(path, descending, blank) for path, blank in BLANKS.items() for descending in (True, False)
]


@contextmanager
def fleet(world: World, days: list[date | None], serials: list[bool]) -> Iterator[None]:
    """Aircraft acquired on these days, some without a serial number, for the time of the block."""
    with transaction.atomic():
        with acting_as(None):
            Drone.objects.bulk_create(
                Drone(
                    agency_id=world.patrol.agency_id,
                    build=(world.clean, world.listed)[place % 2],
                    acquired_on=day,
                    serial_number=f"S-{place * 7 % 11:02}" if numbered else "",
                    serial_missing_because="" if numbered else "plate not readable",
                    status=("in_service", "stored")[place % 3 == 0],
                )
                for place, (day, numbered) in enumerate(zip(days, serials, strict=True))
            )
        yield
        transaction.set_rollback(True)


def expected(rows: list[Drone], order: Order) -> list[Any]:
    """The same order in Python: those without a value last."""

    def value(row: Drone) -> Any:
        found: Any = row
        for name in order.path.split("__"):
            found = getattr(found, name)
        return found

    blank = [row for row in rows if order.blank and value(row) in (None, "")]
    filled = [row for row in rows if row not in blank]
    filled.sort(key=lambda row: (value(row), row.pk), reverse=order.descending)
    blank.sort(key=lambda row: row.pk, reverse=order.descending)
    return [row.pk for row in [*filled, *blank]]


def walk(rows: Any, order: Order, size: int) -> tuple[list[list[Any]], list[list[Any]]]:
    """The pages from first to last, and from the last back to the first."""
    found = slice_of(rows, order, Place(), size)
    forward = [list(found.ids)]
    while found.next:
        found = slice_of(rows, order, Place(found.next), size)
        forward.append(list(found.ids))
    back = [list(found.ids)]
    while found.previous:
        found = slice_of(rows, order, Place(found.previous, backwards=True), size)
        back.append(list(found.ids))
    return forward, back


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(st.sampled_from(DAYS), st.booleans()), max_size=9),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 4),
)
def test_walking_all_pages_forward_and_back_visits_each_row_once_and_in_order(
    rows: list[tuple[date | None, bool]], order: Order, size: int, aiko: Person, world: World
) -> None:
    days, serials = [day for day, _ in rows], [numbered for _, numbered in rows]
    with fleet(world, days, serials), acting_as(aiko):
        drones = Drone.objects.visible_to(aiko).select_related("build__model")
        wanted = expected(list(drones), order)
        forward, back = walk(drones, order, size)
    assert [pk for page in forward for pk in page] == wanted
    assert [pk for page in reversed(back) for pk in page] == wanted


def test_a_row_added_meanwhile_shifts_nothing(aiko: Person, society: Society, world: World) -> None:
    with fleet(world, [DAYS[1]] * 5, [True] * 5), acting_as(aiko):
        drones, order = Drone.objects.visible_to(aiko), Order("id")
        first = slice_of(drones, order, Place(), 3)
        log(society.tree.coast_guard, world.clean)
        second = slice_of(drones, order, Place(first.next), 3)
        assert not set(first.ids) & set(second.ids)
        assert len(second.ids) == 3


def cursor(*parts: object) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


PK = "0190a000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "é",
        "W10",
        cursor("-acquired_on", "2024-04-01"),
        cursor("acquired_on", "2024-04-01", PK),
        cursor("-acquired_on", "2024-13-01", PK),
        cursor("-acquired_on", "٢٠٢٤-04-01", PK),
        cursor("-acquired_on", 5, PK),
        cursor("-acquired_on", "2024-04-01", "1"),
        cursor("-acquired_on", "2024-04-01\0", PK),
        cursor("-acquired_on", "\ud800", PK),
        cursor("-acquired_on", {"x": 1}, PK),
        cursor("-acquired_on", "2024-04-01", None),
    ],
)
def test_a_cursor_that_was_not_made_for_this_order_is_refused(text: str, aiko: Person) -> None:
    with acting_as(aiko), pytest.raises(CursorError):
        slice_of(Drone.objects.visible_to(aiko), Order("acquired_on", blank="null"), Place(text), 5)


def test_a_cursor_is_json_that_names_order_value_and_row(aiko: Person, world: World) -> None:
    with fleet(world, [DAYS[1], DAYS[2]], [True, True]), acting_as(aiko):
        found = slice_of(
            Drone.objects.visible_to(aiko), Order("acquired_on", blank="null"), Place(), 1
        )
    told = json.loads(urlsafe_b64decode(found.next + "=="))
    assert told == ["-acquired_on", "2024-04-02", str(found.ids[0])]
