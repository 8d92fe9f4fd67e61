"""Drafts as their requester stores and changes them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agencies.context import acting_as
from agencies.models import Person
from procurement.errors import NotNow
from procurement.models import Line, Purchase
from procurement.permissions import may_edit, may_request
from procurement.requests import Request
from procurement.services import edit_purchase, start_purchase
from procurement.states import Action, Status
from procurement.workflow import lines_of, perform
from tests.people import People, Tree
from tests.worlds import World

pytestmark = pytest.mark.django_db


def new(tree: Tree, **more: Any) -> Purchase:
    words = {"title": "Two", "purpose": "Search", "missions": ["training"], **more}
    return Purchase(agency=tree.coast_guard, **words)


def seen_by(purchase: Purchase, by: Person) -> Purchase:
    return Purchase.objects.visible_to(by).get(pk=purchase.pk)


def test_whoever_starts_a_purchase_is_its_requester(
    world: World, tree: Tree, people: People
) -> None:
    purchase = new(tree, requester=people.mika, missions=["training", "rescue", "training"])
    with acting_as(people.aiko):
        started = start_purchase(purchase=purchase, lines=[Line(build=world.clean)], by=people.aiko)
        lines = lines_of(started, people.aiko)
    assert (started.requester, started.status) == (people.aiko, Status.DRAFT)
    assert started.missions == ["rescue", "training"]
    assert [(line.build_id, line.agency_id) for line in lines] == [
        (world.clean.pk, tree.coast_guard.pk)
    ]


@pytest.mark.parametrize(
    ("more", "quantity", "field"),
    [
        ({}, None, "lines"),
        ({}, 0, "__all__"),
        ({"title": ""}, 1, "title"),
        ({"missions": []}, 1, "__all__"),
        ({"missions": ["spying"]}, 1, "missions"),
    ],
)
def test_a_purchase_that_is_not_whole_is_neither_started_nor_changed(
    world: World,
    tree: Tree,
    purchase: Purchase,
    people: People,
    more: dict[str, Any],
    quantity: int | None,
    field: str,
) -> None:
    def lines() -> list[Line]:
        return [] if quantity is None else [Line(build=world.clean, quantity=quantity)]

    with acting_as(people.aiko):
        with pytest.raises(ValidationError) as refused:
            start_purchase(purchase=new(tree, **more), lines=lines(), by=people.aiko)
        assert field in refused.value.message_dict
        changed = seen_by(purchase, people.aiko)
        for name, value in more.items():
            setattr(changed, name, value)
        with pytest.raises(ValidationError) as refused:
            edit_purchase(purchase=changed, lines=lines(), by=people.aiko)
        assert field in refused.value.message_dict
        assert [line.quantity for line in lines_of(purchase, people.aiko)] == [2]
        assert Purchase.objects.visible_to(people.aiko).count() == 1


def test_an_edit_is_stored_with_its_time(purchase: Purchase, people: People) -> None:
    with acting_as(people.aiko):
        changed = seen_by(purchase, people.aiko)
        changed.missions = ["training", "rescue", "training"]
        lines = lines_of(purchase, people.aiko)
        after = edit_purchase(purchase=changed, lines=lines, by=people.aiko)
    assert (after.missions, after.edited_at > purchase.edited_at) == (["rescue", "training"], True)


@pytest.mark.parametrize("known", [True, False])
def test_what_was_handed_in_is_no_draft_any_more(
    purchase: Purchase, people: People, known: bool
) -> None:
    """Whether the page was opened before it was handed in or after."""
    with acting_as(people.aiko):
        before = seen_by(purchase, people.aiko)
        lines = lines_of(purchase, people.aiko)
        perform(Action.SUBMIT, purchase.pk, by=people.aiko, request=Request(purchase.version))
        stale = seen_by(purchase, people.aiko) if known else before
        stale.title = "Three"
        with pytest.raises(NotNow) as refused:
            edit_purchase(purchase=stale, lines=lines, by=people.aiko)
    assert refused.value.guard == "not_a_draft"


def test_custodians_ask_for_their_own_agency_and_edit_its_drafts(
    purchase: Purchase, tree: Tree, people: People
) -> None:
    assert may_request(people.mika, tree.coast_guard.pk)
    assert not may_request(people.daisuke, tree.coast_guard.pk)
    assert not may_request(people.ben, tree.coast_guard.pk)
    assert (may_edit(people.mika, purchase), may_edit(people.daisuke, purchase)) == (True, False)
    purchase.status = Status.AGENCY_REVIEW
    assert not may_edit(people.mika, purchase)
