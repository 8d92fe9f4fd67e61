"""The first page: what waits for me, what I asked for, and the numbers of my role."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from agencies.models import Membership, Person
from procurement.models import Purchase
from procurement.states import Action
from registry.models import Vendor
from registry.services import add_vendor
from tests.people import PASSWORD, SINCE, People, Tree
from tests.web.journeys import main_of, ordered, seen_by, step, text_of
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


def home(person: Person) -> str:
    return text_of(seen_by(person).get("/"))


def test_a_stranger_is_sent_to_sign_in(db: None) -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert answer["location"].startswith("/accounts/login/")


def test_a_person_without_a_role_is_told_so_and_what_to_do(world: World) -> None:
    with acting_as(None):
        newcomer = Person(email="newcomer@test.example", name_en="Newcomer", language="en")
        newcomer.set_password(PASSWORD)
        newcomer.save()
    page = home(newcomer)
    assert "You hold no role yet" in page
    assert "Ask the administrator of your agency" in page


def test_a_newcomer_with_nothing_to_do_is_told_honestly(world: World, people: People) -> None:
    page = home(people.rin)
    assert "Nothing waits for you" in page
    assert "What you asked for" not in page


def test_each_role_finds_what_waits_for_it(
    world: World, purchase: Purchase, people: People
) -> None:
    assert "Your drafts and what was returned to you" in home(people.aiko)
    step(purchase, Action.SUBMIT, people.aiko)
    assert purchase.number in home(people.ben).split("Purchases to decide on")[1]
    step(purchase, Action.APPROVE, people.ben)
    assert "Purchases to decide on" not in home(people.ben)
    assert purchase.number in home(people.chie).split("Purchases to decide on")[1]
    step(purchase, Action.APPROVE, people.chie)
    assert purchase.number in home(people.aiko).split("Orders to place")[1]
    step(purchase, Action.ORDER, people.aiko, contract_reference="K-17")
    assert purchase.number in home(people.emi).split("Deliveries to receive")[1]


def test_each_thing_leads_to_where_it_is_dealt_with(
    world: World, purchase: Purchase, people: People
) -> None:
    ordered(purchase, people)
    page = main_of(seen_by(people.emi).get("/"))
    assert f'href="/purchases/{purchase.pk}/receive/"' in page
    assert seen_by(people.emi).get(f"/purchases/{purchase.pk}/receive/").status_code == 200


def test_what_i_asked_for_says_who_holds_it_and_what_happens_next(
    world: World, purchase: Purchase, people: People
) -> None:
    step(purchase, Action.SUBMIT, people.aiko)
    asked = home(people.aiko).split("What you asked for", 1)[1]
    assert purchase.number in asked
    assert asked.count("An approver of the agency") == 2  # the holder, and who does what is next
    assert "approves, returns or declines it" in asked


def test_a_returned_purchase_says_that_it_was_returned(
    world: World, purchase: Purchase, people: People
) -> None:
    step(purchase, Action.SUBMIT, people.aiko)
    step(purchase, Action.RETURN, people.ben, reasons=["other"], letter="Say why.")
    assert "It was returned." in home(people.aiko).split("What you asked for", 1)[1]


def test_a_steward_finds_claims_of_others_but_not_their_own(world: World, people: People) -> None:
    with acting_as(people.goro):
        add_vendor(vendor=Vendor(name="Claimed by Goro"), by=people.goro)
        add_vendor(vendor=Vendor(name="Claimed by Aiko"), by=people.aiko)
    page = home(people.goro)
    assert "Claimed by Aiko" in page.split("Claims to check")[1]
    assert "Claimed by Goro" not in page
    assert "Claims to check" not in home(people.aiko)


def test_the_inspector_who_asked_finds_no_delivery_of_their_own(
    world: World, purchase: Purchase, people: People, tree: Tree
) -> None:
    with acting_as(None):
        Membership.objects.create(
            person=people.aiko, agency=tree.coast_guard, role=Membership.Role.INSPECTOR, since=SINCE
        )
    ordered(purchase, people)
    assert "Deliveries to receive" not in home(people.aiko)
    assert "Deliveries to receive" in home(people.emi)


def test_another_agency_finds_nothing_of_it(
    world: World, purchase: Purchase, people: People
) -> None:
    step(purchase, Action.SUBMIT, people.aiko)
    for person in (people.daisuke, people.eri):
        assert purchase.number not in seen_by(person).get("/").content.decode()


def test_it_takes_no_more_queries_for_more_purchases(
    world: World, people: People, tree: Tree
) -> None:
    def queries() -> int:
        client = seen_by(people.aiko)
        client.get("/")
        with CaptureQueriesContext(connection) as taken:
            client.get("/")
        return len(taken)

    draft(people.aiko, tree.coast_guard, world.clean)
    one = queries()
    for _number in range(6):
        draft(people.aiko, tree.coast_guard, world.clean)
    assert queries() == one
