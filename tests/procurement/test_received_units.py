"""What the database asks of an aircraft that comes in, whatever program says so."""

from datetime import date
from typing import Any

import pytest

from agencies.context import acting_as
from agencies.models import Person
from procurement.models import Line, Purchase, ReceivedUnit
from procurement.states import Action
from registry.models import Drone
from tests.people import People, Society
from tests.procurement.test_workflow import take
from tests.refusals import NOT_ALLOWED, NOT_NOW, refused
from tests.worlds import World, draft, log

pytestmark = pytest.mark.django_db


@pytest.fixture
def ordered(purchase: Purchase, people: People) -> Purchase:
    """Two of the clean build, ordered."""
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8-9")
    return purchase


def line_of(purchase: Purchase) -> Line:
    with acting_as(None):
        return Line.objects.unscoped(reason="test").get(purchase=purchase)


def receive(purchase: Purchase, drone: Drone, inspector: Person, **other: Any) -> None:
    given = {"purchase": purchase, "line": line_of(purchase), **other}
    ReceivedUnit.objects.create(
        agency=purchase.agency,
        drone=drone,
        inspector=inspector,
        received_on=date(2026, 11, 22),
        **given,
    )


def test_an_aircraft_of_the_build_comes_in_on_its_line(
    ordered: Purchase, world: World, people: People
) -> None:
    with acting_as(people.emi):
        receive(ordered, world.patrol, people.emi)
        assert ordered.received_units.visible_to(people.emi).count() == 1


def test_nothing_comes_in_before_the_order(
    purchase: Purchase, world: World, people: People
) -> None:
    with acting_as(people.emi), refused(NOT_NOW, "not_ordered"):
        receive(purchase, world.patrol, people.emi)


def test_nobody_signs_for_another(ordered: Purchase, world: World, people: People) -> None:
    with acting_as(people.mika), refused(NOT_ALLOWED, "actor"):
        receive(ordered, world.patrol, people.emi)


def test_only_an_inspector_receives(ordered: Purchase, world: World, people: People) -> None:
    with acting_as(people.mika), refused(NOT_ALLOWED, "role"):
        receive(ordered, world.patrol, people.mika)


def test_who_asked_for_it_does_not_receive_it(
    ordered: Purchase, world: World, people: People
) -> None:
    with acting_as(people.aiko), refused(NOT_ALLOWED, "requester_does_not_receive"):
        receive(ordered, world.patrol, people.aiko)


def test_a_line_of_another_purchase_is_not_one_of_this(
    ordered: Purchase, world: World, society: Society, people: People
) -> None:
    other = draft(people.aiko, society.tree.coast_guard, world.clean)
    with acting_as(people.emi), refused(NOT_NOW, "line"):
        receive(ordered, world.patrol, people.emi, line=line_of(other))


def test_an_aircraft_of_another_build_is_refused(
    ordered: Purchase, world: World, society: Society, people: People
) -> None:
    strange = log(society.tree.coast_guard, world.listed, "K9-3")
    with acting_as(people.emi), refused(NOT_NOW, "build"):
        receive(ordered, strange, people.emi)


def test_no_more_come_in_than_were_ordered(
    ordered: Purchase, world: World, society: Society, people: People
) -> None:
    fleet = [log(society.tree.coast_guard, world.clean, f"S1-{number}") for number in range(3)]
    with acting_as(people.emi):
        receive(ordered, fleet[0], people.emi)
        receive(ordered, fleet[1], people.emi)
        with refused(NOT_NOW, "quantity"):
            receive(ordered, fleet[2], people.emi)
