"""The four queues of `/reviews/`: what nobody holds, what I hold, what waits for others, what is late."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from agencies.models import Person
from procurement.claims import claim_review
from procurement.follow_ups import Wanted
from procurement.models import Purchase
from procurement.queues import REVIEW_QUEUES
from procurement.states import Action
from tests.people import People, Tree
from tests.web.journeys import main_of, seen_by, step, text_of
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db
LATER = date(2099, 1, 5)


@pytest.fixture
def three(world: World, people: People, tree: Tree) -> list[Purchase]:
    """Three purchases of Aiko that wait for an approver, the first one longest."""
    drafts = [
        draft(people.aiko, tree.coast_guard, world.clean, title=f"No. {number}")
        for number in range(3)
    ]
    return [step(each, Action.SUBMIT, people.aiko) for each in drafts]


def take(purchase: Purchase, by: Person) -> None:
    with acting_as(by):
        claim_review(purchase_id=purchase.pk, by=by)


def queues_of(person: Person, today: date = LATER) -> dict[str, list[str]]:
    with acting_as(person):
        return {
            name: [each.title for each in rows(person, today)]
            for name, rows in REVIEW_QUEUES.items()
        }


def test_each_review_stands_in_one_queue_and_late_ones_in_a_fourth(
    three: list[Purchase], people: People
) -> None:
    first, second, third = three
    take(first, people.ben)
    take(second, people.nao)
    today = first.since.date()
    assert queues_of(people.ben, today) == {
        "open": [third.title],
        "mine": [first.title],
        "others": [second.title],
        "overdue": [],
    }
    every = [each.title for each in three]
    assert queues_of(people.ben)["overdue"] == every
    assert queues_of(people.ben)["open"] == every, "claims have run out by then"
    assert queues_of(people.chie, today)["others"] == every
    assert queues_of(people.eri) == {"open": [], "mine": [], "others": [], "overdue": []}


def test_what_waits_for_evidence_is_not_late(three: list[Purchase], people: People) -> None:
    wanted = Wanted(what="Who made it?", from_whom="Sora", by_when=date(2099, 1, 5))
    step(three[0], Action.ASK_EVIDENCE, people.ben, evidence=wanted)
    assert three[0].title not in queues_of(people.ben)["overdue"]
    page = text_of(seen_by(people.ben).get("/reviews/"))
    assert "The clock stands" in page


def test_the_page_counts_each_queue_and_names_the_holder(
    three: list[Purchase], people: People
) -> None:
    take(three[0], people.ben)
    client = seen_by(people.nao)
    page = text_of(client.get("/reviews/"))
    assert "You may decide 2 You hold 0 Waiting for others 1 Overdue reviews 0" in page
    assert "No. 0" not in page
    others = text_of(client.get("/reviews/others/"))
    assert "Ben" in others
    assert "5 working days left" in others
    assert "You hold no review" in text_of(client.get("/reviews/mine/"))


def test_a_filter_in_the_address_narrows_a_queue(three: list[Purchase], people: People) -> None:
    page = text_of(seen_by(people.ben).get("/reviews/?q=No.%201"))
    assert "No. 1" in page
    assert "No. 2" not in page


def test_next_and_previous_stay_in_the_queue_one_came_from(
    three: list[Purchase], people: People
) -> None:
    first, second, third = three
    take(first, people.nao)
    take(third, people.nao)
    client = seen_by(people.ben)
    queue = main_of(client.get("/reviews/others/"))
    assert f'href="/reviews/{first.pk}/?queue=others"' in queue
    page = main_of(client.get(f"/reviews/{first.pk}/?queue=others"))
    assert f'rel="next" href="/reviews/{third.pk}/?queue=others"' in page
    assert 'rel="prev"' not in page
    page = main_of(client.get(f"/reviews/{second.pk}/?queue=open"))
    assert 'rel="next"' not in page
    page = main_of(client.get(f"/reviews/{second.pk}/?queue=nonsense"))
    assert 'rel="next"' not in page


def test_a_queue_takes_no_more_queries_for_more_rows(
    three: list[Purchase], world: World, people: People, tree: Tree
) -> None:
    def queries() -> int:
        client = seen_by(people.ben)
        client.get("/reviews/others/")
        with CaptureQueriesContext(connection) as taken:
            assert client.get("/reviews/others/").status_code == 200
        return len(taken)

    take(three[0], people.nao)
    one = queries()
    take(three[1], people.nao)
    take(three[2], people.nao)
    assert queries() == one


def test_emergency_orders_without_their_review_are_counted_and_lead_to_their_list(
    world: World, people: People, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = draft(people.aiko, tree.coast_guard, world.clean, title="At once", emergency="Flood.")
    step(wanted, Action.ORDER_FIRST, people.aiko, contract_reference="E-1", letter="A flood.")
    client = seen_by(people.ben)
    assert "1 emergency order" not in text_of(client.get("/reviews/"))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: LATER)
    assert "1 emergency order without its review in time" in text_of(client.get("/reviews/"))
    listed = text_of(client.get("/purchases/?unreviewed_order=true"))
    assert "At once" in listed
