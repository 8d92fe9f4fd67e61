"""What a purchase costs leaves out no review: two small aircraft for 89,000 yen go the same way as a fleet."""

from typing import Any

import pytest

from agencies.context import acting_as
from procurement.dossiers import stored
from procurement.models import Line, Move
from procurement.states import Action, Status
from tests.people import People, Tree
from tests.procurement.test_available import seen_by, shown, take
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db

# Yen for each of two: for nothing, as the Mini 3 of June 2023 (89,000 for both), and beyond any budget; None is not known.
PRICES = (0, 44_500, 10**12, None)


@pytest.mark.parametrize("price", PRICES)
@pytest.mark.parametrize(
    ("build", "mission", "flags"),
    [
        ("listed", "rescue", {"flagged", "security", "blocked", "deliveries"}),
        ("no_radio", "rescue", {"flagged", "security", "blocked", "deliveries"}),
        ("clean", "rescue", {"security", "deliveries"}),
        ("listed", "training", {"deliveries"}),
    ],
)
def test_at_any_price_a_purchase_meets_the_same_review(
    world: World,
    tree: Tree,
    people: People,
    price: int | None,
    build: str,
    mission: str,
    flags: set[str],
) -> None:
    purchase = draft(people.aiko, tree.coast_guard, getattr(world, build), missions=[mission])
    with acting_as(people.aiko):
        Line.objects.visible_to(people.aiko).filter(purchase=purchase).update(unit_price=price)
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    with acting_as(people.iori):
        seen = seen_by(purchase, people.iori)
        body: dict[str, Any] = stored(seen) or {}
        moves = list(
            Move.objects.visible_to(people.iori)
            .filter(purchase=purchase)
            .order_by("no")
            .values_list("action", "to_status")
        )
    security = "security" in flags
    assert {name for name, on in body["flags"].items() if on} == flags
    assert body["lines"][0]["unit_price"] == price
    assert seen.status == (Status.SECURITY_REVIEW if security else Status.APPROVED)
    assert moves == [("submit", "agency_review"), ("approve", seen.status)]
    if security:
        waits = shown(purchase, people.chie)[Action.APPROVE].guard
        assert waits == ("blocked" if "blocked" in flags else "")
