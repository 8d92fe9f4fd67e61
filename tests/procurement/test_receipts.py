"""Deliveries that come in, in parts and at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import Standing
from procurement.errors import NotNow
from procurement.models import Line, Move, Purchase
from procurement.receipts import Unit
from procurement.requests import Request
from procurement.states import Action, Status
from procurement.workflow import lines_of, perform
from registry.models import Drone
from tests.databases import FreshDatabase
from tests.people import People, Society, settle
from tests.worlds import World, draft, furnish


def take(purchase: Purchase, action: Action, by: Person, *units: Unit, contract: str = "") -> Move:
    """The step as somebody takes it who has just looked at the purchase."""
    with acting_as(by):
        seen = Purchase.objects.visible_to(by).select_related("dossier").get(pk=purchase.pk)
        digest = seen.dossier.digest if seen.dossier else ""
        request = Request(seen.version, digest, contract_reference=contract, units=units)
        return perform(action, purchase.pk, by=by, request=request)


def order(purchase: Purchase, people: People) -> list[Line]:
    """Hand in, approve and order it; for a mission that is not sensitive. Answers with its lines."""
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.ORDER, people.aiko, contract=" R8-1 ")
    with acting_as(people.emi):
        return sorted(lines_of(purchase, people.emi), key=lambda line: line.quantity)


@pytest.fixture
def ordered(world: World, society: Society) -> Purchase:
    """Two for training: ordered without a review of security."""
    purchase = draft(
        society.people.aiko, society.tree.coast_guard, world.clean, missions=["training"]
    )
    order(purchase, society.people)
    return purchase


def test_two_parts_of_an_order_received_at_the_same_moment_complete_it(
    fresh_database: FreshDatabase,
) -> None:
    society = settle()
    world, people = furnish(society), society.people
    purchases = [
        draft(people.aiko, society.tree.coast_guard, world.clean, missions=["training"])
        for _ in range(6)
    ]
    orders = [(purchase, order(purchase, people)[0]) for purchase in purchases]
    start = Barrier(2)

    def receive(part: str) -> list[str]:
        try:
            return [_one(purchase, line, f"{part}-{purchase.number}") for purchase, line in orders]
        finally:
            connections.close_all()

    def _one(purchase: Purchase, line: Line, serial: str) -> str:
        start.wait()
        try:
            return take(purchase, Action.RECEIVE, people.emi, Unit(line.pk, serial)).to_status
        except (NotNow, DatabaseError) as error:
            return repr(error)

    with ThreadPoolExecutor(2) as pool:
        ends = [sorted(each) for each in zip(*pool.map(receive, ("A", "B")), strict=True)]
    assert ends == [[Status.ORDERED, Status.RECEIVED]] * len(purchases)


def test_what_came_in_earlier_counts_against_the_order(ordered: Purchase, people: People) -> None:
    with acting_as(people.emi):
        (line,) = lines_of(ordered, people.emi)
    take(ordered, Action.RECEIVE, people.emi, Unit(line.pk, "S1-A"))
    with pytest.raises(ValidationError, match="More units"):
        take(ordered, Action.RECEIVE, people.emi, Unit(line.pk, "S1-B"), Unit(line.pk, "S1-C"))


def test_a_unit_of_a_line_of_another_purchase_is_refused(
    ordered: Purchase, world: World, society: Society, people: People
) -> None:
    other = draft(people.aiko, society.tree.coast_guard, world.clean)
    with acting_as(people.emi):
        (line,) = lines_of(other, people.emi)
    with pytest.raises(ValidationError, match="line of this purchase"):
        take(ordered, Action.RECEIVE, people.emi, Unit(line.pk, "S1-A"))


def test_each_unit_is_of_the_build_of_its_own_line(
    world: World, society: Society, people: People
) -> None:
    purchase = draft(
        people.aiko, society.tree.coast_guard, world.clean, quantity=1, missions=["training"]
    )
    with acting_as(people.aiko):
        Line.objects.create(
            agency=society.tree.coast_guard, purchase=purchase, build=world.no_radio, quantity=2
        )
    one, two = order(purchase, people)
    units = [Unit(one.pk, " S1-A "), Unit(two.pk, "S1-B", " Quay 3 "), Unit(two.pk, "S1-C")]
    assert take(purchase, Action.RECEIVE, people.emi, *units).to_status == Status.RECEIVED
    with acting_as(people.emi):
        fleet = Drone.objects.visible_to(people.emi).filter(serial_number__startswith="S1-")
        assert sorted((each.serial_number, each.build_id, each.place) for each in fleet) == [
            ("S1-A", world.clean.pk, ""),
            ("S1-B", world.no_radio.pk, "Quay 3"),
            ("S1-C", world.no_radio.pk, ""),
        ]


def test_every_wrong_unit_is_named_by_its_number(ordered: Purchase, people: People) -> None:
    with acting_as(people.emi):
        (line,) = lines_of(ordered, people.emi)
    with pytest.raises(ValidationError) as refused:
        take(ordered, Action.RECEIVE, people.emi, Unit(line.pk, ""), Unit(line.pk, " "))
    assert [message[:3] for message in refused.value.message_dict["units"]] == ["1: ", "2: "]


def test_who_receives_is_recorded_and_the_aircraft_stands_at_once(
    ordered: Purchase, people: People
) -> None:
    with acting_as(people.emi):
        (line,) = lines_of(ordered, people.emi)
    take(ordered, Action.RECEIVE, people.emi, Unit(line.pk, "S1-A"))
    with acting_as(people.emi):
        unit = ordered.received_units.visible_to(people.emi).get()
        standings = Standing.objects.visible_to(people.emi).filter(drone=unit.drone_id)
        assert (unit.inspector_id, unit.received_on) == (people.emi.pk, timezone.localdate())
        assert [each.state for each in standings] == ["clear"]


YEAR = {"begins": date(2026, 4, 1), "ends": date(2027, 3, 31)}


@pytest.mark.parametrize(
    ("kind", "days"), [("purchase", {}), ("lease", YEAR), ("donation", {}), ("transfer", {})]
)
def test_an_aircraft_is_held_the_way_it_was_acquired(
    world: World, society: Society, people: People, kind: str, days: Any
) -> None:
    training: Any = {"missions": ["training"], "kind": kind, **days}
    purchase = draft(people.aiko, society.tree.coast_guard, world.clean, **training)
    (line,) = order(purchase, people)
    take(purchase, Action.RECEIVE, people.emi, Unit(line.pk, "S1-A"))
    with acting_as(people.emi):
        assert Drone.objects.visible_to(people.emi).get(serial_number="S1-A").acquired_how == kind


def test_an_aircraft_whose_facts_changed_since_the_order_is_not_received(
    world: World, society: Society, people: People
) -> None:
    purchase = draft(people.aiko, society.tree.coast_guard, world.clean, missions=["training"])
    (line,) = order(purchase, people)
    with acting_as(people.goro):
        world.clean.components.filter(role="camera").update(made_in=["CN"])
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.RECEIVE, people.emi, Unit(line.pk, "S1-A"))
    assert refused.value.guard == "dossier_no_longer_holds"
