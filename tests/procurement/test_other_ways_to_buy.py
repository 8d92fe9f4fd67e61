"""Emergencies, amendments, contracts for a time, and deliveries that are not taken."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from agencies.scoping import ScopedQuerySet
from procurement.errors import NotNow
from procurement.models import Line, Purchase, RefusedUnit
from procurement.receipts import Unit, refuse_unit
from procurement.services import edit_purchase
from procurement.states import Action, Status
from procurement.workflow import lines_of
from registry.models import Drone
from tests.people import People, Society
from tests.procurement.test_available import seen_by, shown, take
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db

ORDER: Any = {"contract_reference": "R8-9", "letter": "People are missing at sea."}


@pytest.fixture
def urgent(world: World, society: Society, people: People) -> Purchase:
    return draft(
        people.aiko, society.tree.coast_guard, world.clean, emergency="People are missing at sea."
    )


def status(purchase: Purchase, by: Person) -> str:
    with acting_as(by):
        return seen_by(purchase, by).status


def unit(purchase: Purchase, by: Person, serial: str) -> Unit:
    with acting_as(by):
        return Unit(lines_of(purchase, by)[0].pk, serial)


def approve(purchase: Purchase, people: People) -> None:
    for action, person in (
        (Action.SUBMIT, people.aiko),
        (Action.APPROVE, people.ben),
        (Action.APPROVE, people.chie),
    ):
        take(purchase, action, person)


# ---- Emergencies


def test_an_emergency_is_ordered_first_received_and_reviewed_afterwards(
    urgent: Purchase, people: People
) -> None:
    take(urgent, Action.ORDER_FIRST, people.aiko, **ORDER)
    with acting_as(people.aiko):
        ordered = seen_by(urgent, people.aiko)
    assert (ordered.status, ordered.ordered_first) == (Status.EMERGENCY, True)
    take(urgent, Action.RECEIVE, people.emi, units=[unit(urgent, people.emi, "S1-A")])
    take(urgent, Action.SUBMIT, people.aiko)
    take(urgent, Action.RECEIVE, people.emi, units=[unit(urgent, people.emi, "S1-B")])
    assert status(urgent, people.aiko) == Status.AGENCY_REVIEW
    take(urgent, Action.APPROVE, people.ben)
    take(urgent, Action.APPROVE, people.chie)
    take(urgent, Action.ORDER, people.aiko, contract_reference="R8-9")
    assert status(urgent, people.aiko) == Status.RECEIVED, "both aircraft are in already"


def test_only_with_its_reason_is_anything_ordered_before_its_review(
    purchase: Purchase, people: People
) -> None:
    assert Action.ORDER_FIRST not in shown(purchase, people.aiko)
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.ORDER_FIRST, people.aiko, **ORDER)
    assert refused.value.guard == "may_order_first"


def test_an_emergency_says_why_and_names_its_contract(urgent: Purchase, people: People) -> None:
    for missing, guard in (("letter", "say_why"), ("contract_reference", "contract")):
        with pytest.raises(NotNow) as refused:
            take(urgent, Action.ORDER_FIRST, people.aiko, **{**ORDER, missing: " "})
        assert refused.value.guard == guard


def test_what_was_ordered_first_is_not_withdrawn_from_its_review(
    urgent: Purchase, people: People
) -> None:
    take(urgent, Action.ORDER_FIRST, people.aiko, **ORDER)
    take(urgent, Action.SUBMIT, people.aiko)
    assert Action.WITHDRAW not in shown(urgent, people.aiko)
    with pytest.raises(NotNow) as refused:
        take(urgent, Action.WITHDRAW, people.aiko)
    assert refused.value.guard == "ordered_first"


def test_a_donation_is_no_emergency(world: World, society: Society, people: People) -> None:
    with pytest.raises(DatabaseError, match="purchase_emergency_kinds"):
        draft(
            people.aiko, society.tree.coast_guard, world.clean, kind="donation", emergency="Quick"
        )


# ---- Amendments


def test_an_approved_purchase_is_amended_and_reviewed_anew(
    purchase: Purchase, world: World, people: People
) -> None:
    approve(purchase, people)
    take(purchase, Action.AMEND, people.aiko, letter="Three are needed.")
    with acting_as(people.aiko):
        opened = seen_by(purchase, people.aiko)
        line = lines_of(opened, people.aiko)[0]
        line.quantity = 3
        edit_purchase(purchase=opened, lines=[line], by=people.aiko)
    assert status(purchase, people.aiko) == Status.DRAFT
    take(purchase, Action.SUBMIT, people.aiko)
    with acting_as(people.aiko):
        assert seen_by(purchase, people.aiko).round == 2


def test_amending_says_why(purchase: Purchase, people: People) -> None:
    approve(purchase, people)
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.AMEND, people.aiko)
    assert refused.value.guard == "say_why"


def test_what_has_come_in_on_a_line_stays_through_an_amendment(
    purchase: Purchase, world: World, people: People
) -> None:
    approve(purchase, people)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8-1")
    take(purchase, Action.RECEIVE, people.emi, units=[unit(purchase, people.emi, "S1-A")])
    take(purchase, Action.AMEND, people.aiko, letter="Only one is needed.")
    with acting_as(people.aiko):
        line = lines_of(purchase, people.aiko)[0]
    changes: list[Callable[[ScopedQuerySet[Line]], object]] = [
        lambda rows: rows.update(build=world.listed),
        lambda rows: rows.update(quantity=0),
        lambda rows: rows.delete(),
    ]
    for change in changes:
        with acting_as(people.aiko), pytest.raises(DatabaseError), transaction.atomic():
            change(Line.objects.visible_to(people.aiko).filter(pk=line.pk))
    with acting_as(people.aiko):
        Line.objects.visible_to(people.aiko).filter(pk=line.pk).update(quantity=1)
    approve(purchase, people)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8-1")
    with acting_as(people.aiko):
        drones = Drone.objects.visible_to(people.aiko).filter(received_as__purchase=purchase)
        assert [drone.serial_number for drone in drones] == ["S1-A"]


# ---- Contracts for a time


def contract(world: World, society: Society, people: People, kind: str, ends: int) -> Purchase:
    today = timezone.localdate()
    days: Any = {"begins": today - timedelta(30), "ends": today + timedelta(ends)}
    return draft(people.aiko, society.tree.coast_guard, world.clean, kind=kind, **days)


def test_a_service_contract_brings_nothing_into_the_registry_and_is_closed_at_its_end(
    world: World, society: Society, people: People
) -> None:
    purchase = contract(world, society, people, "service", ends=-1)
    approve(purchase, people)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8-2")
    assert Action.RECEIVE not in shown(purchase, people.emi)
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.RECEIVE, people.emi, units=[unit(purchase, people.emi, "S1-A")])
    assert refused.value.guard == "deliveries"
    take(purchase, Action.CLOSE, people.ben)
    assert status(purchase, people.aiko) == Status.CLOSED


def test_a_contract_for_a_time_is_not_closed_before_its_end(
    world: World, society: Society, people: People
) -> None:
    purchase = contract(world, society, people, "service", ends=0)
    approve(purchase, people)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8-2")
    assert "its time has ended" in shown(purchase, people.ben)[Action.CLOSE].blocked_by
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.CLOSE, people.ben)
    assert refused.value.guard == "not_ended"


@pytest.mark.parametrize("kind", ["lease", "loan", "service"])
def test_a_contract_for_a_time_says_when_it_begins_and_ends(
    world: World, society: Society, people: People, kind: str
) -> None:
    with pytest.raises(DatabaseError, match="purchase_for_a_time_has_days"):
        draft(people.aiko, society.tree.coast_guard, world.clean, kind=kind)


# ---- Deliveries that are not taken


def test_an_aircraft_that_differs_is_refused_and_enters_no_inventory(
    purchase: Purchase, people: People
) -> None:
    approve(purchase, people)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8-1")
    given: Any = {"purchase": purchase, "serial_number": "S1-X", "today": timezone.localdate()}
    with acting_as(people.emi):
        line = lines_of(purchase, people.emi)[0]
        refuse_unit(**given, line_id=line.pk, difference="Another radio.", by=people.emi)
        (refused,) = RefusedUnit.objects.visible_to(people.emi).filter(purchase=purchase)
        assert (refused.serial_number, refused.difference) == ("S1-X", "Another radio.")
        assert not Drone.objects.visible_to(people.emi).filter(serial_number="S1-X").exists()
        with pytest.raises(ValidationError):
            refuse_unit(**given, line_id=line.pk, difference=" ", by=people.emi)
    with acting_as(people.ben), pytest.raises(DatabaseError), transaction.atomic():
        refuse_unit(**given, line_id=line.pk, difference="Another radio.", by=people.ben)
