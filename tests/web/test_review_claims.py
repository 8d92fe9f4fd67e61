"""Taking a review, letting it go and taking it over, on pages."""

from datetime import date

import pytest

from agencies.context import acting_as
from agencies.models import Person
from procurement.claims import claim_review
from procurement.follow_ups import Wanted
from procurement.models import Claim, Purchase
from procurement.states import Action
from tests.people import People, Tree
from tests.web.journeys import seen_by, step, text_of
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(world: World, people: People, tree: Tree) -> Purchase:
    return step(draft(people.aiko, tree.coast_guard, world.clean), Action.SUBMIT, people.aiko)


def taken(purchase: Purchase, by: Person) -> Claim:
    with acting_as(by):
        return claim_review(purchase_id=purchase.pk, by=by)


def test_a_review_is_taken_and_let_go_with_a_button(submitted: Purchase, people: People) -> None:
    client = seen_by(people.ben)
    page = client.get(f"/reviews/{submitted.pk}/")
    assert "Nobody yet" in text_of(page)
    assert "5 working days left" in text_of(page)
    answer = client.post(f"/purchases/{submitted.pk}/claim/", follow=True)
    assert "You hold the review" in text_of(answer)
    assert "Let the review go" in text_of(answer)
    answer = client.post(f"/purchases/{submitted.pk}/release/", follow=True)
    assert "You have let the review" in text_of(answer)
    assert "Take this review" in text_of(answer)


def test_who_may_not_decide_sees_the_holder_and_no_button(
    submitted: Purchase, people: People
) -> None:
    taken(submitted, people.ben)
    page = text_of(seen_by(people.aiko).get(f"/purchases/{submitted.pk}/"))
    assert "Holder Ben" in page
    assert "Take the review over" not in page
    assert seen_by(people.aiko).post(f"/purchases/{submitted.pk}/claim/").status_code == 403


def test_whoever_would_decide_instead_is_told_and_takes_it_over(
    submitted: Purchase, people: People
) -> None:
    held = taken(submitted, people.ben)
    client = seen_by(people.nao)
    told = client.get(f"/purchases/{submitted.pk}/approve/")
    assert told.status_code == 409
    assert "Ben has held this review since" in text_of(told)
    assert client.post(f"/purchases/{submitted.pk}/claim/").status_code == 409
    data = {"instead_of": str(held.pk)}
    answer = client.post(f"/purchases/{submitted.pk}/claim/", data, follow=True)
    assert "You hold the review" in text_of(answer)
    assert client.get(f"/purchases/{submitted.pk}/approve/").status_code == 200


def test_a_claim_named_by_nonsense_is_a_bad_request(submitted: Purchase, people: People) -> None:
    answer = seen_by(people.ben).post(f"/purchases/{submitted.pk}/claim/", {"instead_of": "x"})
    assert answer.status_code == 400


def test_letting_go_what_nobody_or_another_holds_is_refused(
    submitted: Purchase, people: People
) -> None:
    address = f"/purchases/{submitted.pk}/release/"
    assert seen_by(people.ben).post(address).status_code == 409
    taken(submitted, people.ben)
    assert seen_by(people.nao).post(address).status_code == 403


def test_while_evidence_is_asked_for_the_page_says_that_the_clock_stands(
    submitted: Purchase, people: People
) -> None:
    wanted = Wanted(what="Who made it?", from_whom="Sora", by_when=date(2099, 1, 5))
    step(submitted, Action.ASK_EVIDENCE, people.ben, evidence=wanted)
    page = text_of(seen_by(people.ben).get(f"/reviews/{submitted.pk}/"))
    assert "The clock stands" in page
