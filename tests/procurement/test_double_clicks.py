"""The same step by the same person twice at one moment: one step, and one answer that says so."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import DatabaseError, connections

from agencies.context import acting_as
from agencies.models import Person
from procurement.errors import NotNow
from procurement.models import Purchase
from procurement.requests import Request
from procurement.states import Action
from procurement.workflow import perform
from tests.databases import FreshDatabase
from tests.people import settle
from tests.worlds import draft, furnish


def submit(purchase: Purchase, by: Person) -> str:
    try:
        with acting_as(by):
            perform(Action.SUBMIT, purchase.pk, by=by, request=Request(purchase.version))
    except (NotNow, DatabaseError) as refused:
        return type(refused).__name__
    return "submitted"


def test_a_purchase_handed_in_twice_at_the_same_moment_is_handed_in_once(
    fresh_database: FreshDatabase,
) -> None:
    society = settle()
    world, aiko = furnish(society), society.people.aiko
    purchases = [draft(aiko, society.tree.coast_guard, world.clean) for _ in range(5)]
    start = Barrier(2)

    def click(_: int) -> list[str]:
        try:
            return [_one(purchase) for purchase in purchases]
        finally:
            connections.close_all()

    def _one(purchase: Purchase) -> str:
        start.wait()
        return submit(purchase, aiko)

    with ThreadPoolExecutor(2) as pool:
        answers = [sorted(each) for each in zip(*pool.map(click, range(2)), strict=True)]
    assert answers == [["NotNow", "submitted"]] * len(purchases)
