"""One's own ties and substitutes, on pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Membership, Substitution
from procurement.models import Purchase, Tie
from procurement.states import Action
from tests.people import People, Role, Tree
from tests.web.journeys import seen_by, step, text_of
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(world: World, people: People, tree: Tree) -> Purchase:
    return step(draft(people.aiko, tree.coast_guard, world.clean), Action.SUBMIT, people.aiko)


def test_a_tie_is_declared_listed_and_ended(submitted: Purchase, people: People) -> None:
    client = seen_by(people.ben)
    assert "You have declared nothing" in text_of(client.get("/ties/"))
    data = {"vendor": "", "purchase": submitted.number.lower(), "what": "My brother asks for it."}
    page = text_of(client.post("/ties/", data, follow=True))
    assert "My brother asks for it." in page
    assert submitted.number in page
    assert client.get(f"/purchases/{submitted.pk}/approve/").status_code == 403
    with acting_as(people.ben):
        tie = Tie.objects.get()
    assert seen_by(people.nao).post(f"/ties/{tie.pk}/end/").status_code == 404
    assert "The tie has ended" in text_of(client.post(f"/ties/{tie.pk}/end/", follow=True))
    again = text_of(client.post(f"/ties/{tie.pk}/end/", follow=True))
    assert "has ended already" in again


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"what": "Something."}, "A tie is to a vendor or to a purchase."),
        ({"what": "Something.", "purchase": "RINYA-1"}, "You see no purchase of this number."),
        ({"vendor": "Nobody Ltd.", "what": "Something."}, "No vendor is called"),
        ({"vendor": "Sora"}, "This field is required"),
    ],
)
def test_a_tie_that_cannot_be_read_is_sent_back_with_its_reason(
    world: World, people: People, data: dict[str, str], says: str
) -> None:
    answer = seen_by(people.ben).post("/ties/", data)
    assert answer.status_code == 422
    assert says in text_of(answer)


def days(first: int, last: int) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "since": (today + timedelta(days=first)).isoformat(),
        "last": (today + timedelta(days=last)).isoformat(),
    }


def test_a_substitute_is_named_acts_and_is_shown_as_acting_for_somebody(
    submitted: Purchase, people: People, tree: Tree
) -> None:
    client = seen_by(people.ben)
    with acting_as(people.ben):
        post = Membership.objects.visible_to(people.ben).get(person=people.ben)
    data = {"post": post.pk, "substitute": "RIN@test.example", **days(0, 4)}
    page = text_of(client.post("/substitutes/", data, follow=True))
    assert "Rin stands in for Ben." in page
    assert "Stands in now" in page
    vars(people.rin).pop("scope", None)
    assert "No. 0" not in page
    step(submitted, Action.DECLINE, people.rin, reasons=["other"])
    record = text_of(seen_by(people.ben).get(f"/purchases/{submitted.pk}/"))
    assert "Rin for Ben" in record
    with acting_as(people.ben):
        made = Substitution.objects.visible_to(people.ben).get()
    assert seen_by(people.nao).post(f"/substitutes/{made.pk}/end/").status_code == 404
    assert "The substitution has ended" in text_of(
        client.post(f"/substitutes/{made.pk}/end/", follow=True)
    )


@pytest.mark.parametrize(
    ("substitute", "when", "says"),
    [
        ("nobody@test.example", (0, 4), "Nobody signs in under this address."),
        ("daisuke@test.example", (0, 4), "The substitute holds no post at this agency"),
        ("ben@test.example", (0, 4), "Nobody stands in for themselves."),
        ("rin@test.example", (4, 0), "A substitution ends after the day it began."),
        ("rin@test.example", (0, 400), "A substitution lasts for at most a year."),
        ("rin@test.example", (-9, -2), "The last day has passed already."),
    ],
)
def test_a_substitution_that_may_not_be_is_sent_back_with_its_reason(
    people: People, substitute: str, when: tuple[int, int], says: str
) -> None:
    with acting_as(people.ben):
        post = Membership.objects.visible_to(people.ben).get(person=people.ben)
    answer = seen_by(people.ben).post(
        "/substitutes/", {"post": post.pk, "substitute": substitute, **days(*when)}
    )
    assert answer.status_code == 422
    assert says in text_of(answer)


def test_an_administrator_names_one_for_somebody_who_is_away(people: People, tree: Tree) -> None:
    client = seen_by(people.jun)
    assert "You hold no role that decides" in text_of(client.get("/substitutes/"))
    page = client.get("/substitutes/?for=ben@test.example")
    assert "Name a substitute for Ben" in text_of(page)
    with acting_as(people.jun):
        post = Membership.objects.visible_to(people.jun).get(person=people.ben, role=Role.APPROVER)
    data = {"post": post.pk, "substitute": "rin@test.example", **days(0, 4)}
    done = client.post("/substitutes/?for=ben@test.example", data, follow=True)
    assert "Rin stands in for Ben." in text_of(done)
    assert "Ben" in text_of(seen_by(people.rin).get("/substitutes/"))


def test_nobody_else_names_one_for_others(people: People) -> None:
    assert seen_by(people.nao).get("/substitutes/?for=ben@test.example").status_code == 403
