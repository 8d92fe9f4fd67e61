"""The database asks for the posts of the day, at the agency or above it, and for nobody else's turn."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Membership
from procurement.models import Purchase
from tests.people import People, Role, Tree
from tests.procurement.steps import freeze, step, submit
from tests.refusals import NOT_ALLOWED, refused

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("node", "begins", "ends", "counts"),
    [
        ("coast_guard", 0, None, True),
        ("coast_guard", 1, None, False),
        ("coast_guard", -9, 1, True),
        ("coast_guard", -9, 0, False),
        ("mlit", -9, None, True),
        ("forestry", -9, None, False),
    ],
)
def test_a_post_counts_on_its_days_at_its_agency_and_below(
    purchase: Purchase,
    people: People,
    tree: Tree,
    node: str,
    begins: int,
    ends: int | None,
    counts: bool,
) -> None:
    today = timezone.localdate()
    with acting_as(None):
        Membership.objects.create(
            person=people.rin,
            agency=getattr(tree, node),
            role=Role.APPROVER,
            since=today + begins * DAY,
            until=None if ends is None else today + ends * DAY,
        )
    submit(purchase)
    if counts:
        step(purchase, "approve", "security_review", people.rin)
        assert purchase.status == "security_review"
    else:
        with refused(NOT_ALLOWED, "role"):
            step(purchase, "approve", "security_review", people.rin)


def test_nobody_withdraws_what_another_asked_for(purchase: Purchase, people: People) -> None:
    submit(purchase)
    with refused(NOT_ALLOWED, "role"):
        step(purchase, "withdraw", "withdrawn", people.mika)


def test_taking_over_todays_facts_is_no_decision(
    purchase: Purchase, people: People, tree: Tree
) -> None:
    submit(purchase)
    renewed = freeze(purchase, people.ben)
    step(purchase, "refresh", "agency_review", people.ben, dossier=renewed)
    step(purchase, "approve", "security_review", people.ben)
    assert purchase.status == "security_review"


def test_a_purchase_is_in_its_state_since_it_came_there(purchase: Purchase, people: People) -> None:
    came = submit(purchase).at
    assert purchase.since == came
    renewed = freeze(purchase, people.ben)
    step(purchase, "refresh", "agency_review", people.ben, dossier=renewed)
    assert purchase.since == came
    assert step(purchase, "approve", "security_review", people.ben).at == purchase.since
