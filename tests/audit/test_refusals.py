"""What was refused stands in the trail, though its transaction was undone."""

import hashlib
import json
from typing import Any

import pytest
from django.db import DatabaseError, connection

from agencies.context import acting_as
from agencies.models import Person
from audit.models import Event
from procurement.errors import NotAllowed, NotNow
from procurement.models import Purchase
from procurement.requests import Request
from procurement.states import Action
from procurement.workflow import perform
from tests.api.programs import API, program_of
from tests.databases import FreshDatabase
from tests.people import People, settle
from tests.procurement.test_workflow import now, take
from tests.web.pages import shown, signed_in
from tests.worlds import World, draft, furnish


def refusals() -> list[tuple[Event, dict[str, Any]]]:
    with acting_as(None):
        events = Event.objects.get_queryset().filter(action="refuse").order_by("id")
        return [(each, json.loads(each.canon)["new"]) for each in events]


def attempts() -> list[tuple[str, str, str]]:
    return [(said["attempt"], said["guard"], said["through"]) for _event, said in refusals()]


def test_a_refusal_is_one_more_event_of_the_record_linked_to_the_one_before(
    purchase: Purchase, aiko: Person, ben: Person
) -> None:
    take(purchase, Action.SUBMIT, aiko)
    with pytest.raises(NotAllowed):
        take(purchase, Action.APPROVE, aiko)
    with acting_as(None):
        before, event = list(Event.objects.of(purchase).order_by("record_no"))[-2:]
    body = json.loads(event.canon)
    assert (event.action, event.actor, event.record_no) == (
        "refuse",
        aiko.actor,
        before.record_no + 1,
    )
    assert body["prev"] == bytes(before.leaf).hex()
    assert bytes(event.leaf) == hashlib.sha256(b"\x00" + event.canon.encode()).digest()
    assert event.fields == sorted(body["new"])
    take(purchase, Action.APPROVE, ben)
    with acting_as(None):
        last = Event.objects.of(purchase).order_by("record_no").last()
    assert last is not None
    assert (last.action, last.record_no) == ("update", event.record_no + 1)


def test_it_is_kept_by_a_real_transaction_of_its_own(fresh_database: FreshDatabase) -> None:
    """With real commits: what was refused is undone, and the refusal stays."""
    society = settle()
    world = furnish(society)
    people = society.people
    purchase = draft(people.aiko, society.tree.coast_guard, world.clean)
    take(purchase, Action.SUBMIT, people.aiko)
    with pytest.raises(NotAllowed):
        take(purchase, Action.APPROVE, people.aiko)
    assert attempts() == [("approve", "role", "program")]


def test_a_refusal_that_was_caught_is_kept_with_what_was_done_besides(
    purchase: Purchase, aiko: Person
) -> None:
    with acting_as(aiko):
        with pytest.raises(NotNow):
            perform(Action.ORDER, purchase.pk, by=aiko, request=Request(purchase.version))
        Purchase.objects.visible_to(aiko).filter(pk=purchase.pk).update(title="Still stored")
    assert attempts() == [("order", "transition", "program")]
    with acting_as(aiko):
        assert now(purchase, aiko).title == "Still stored"


def test_trying_again_in_one_request_is_one_attempt_and_in_two_requests_two(
    purchase: Purchase, aiko: Person
) -> None:
    def order() -> None:
        with pytest.raises(NotNow):
            perform(Action.ORDER, purchase.pk, by=aiko, request=Request(purchase.version))

    with acting_as(aiko):
        order()
        order()
    assert len(attempts()) == 1
    with acting_as(aiko):
        order()
    assert len(attempts()) == 2


def test_each_refusal_is_that_of_whoever_acted_then(
    purchase: Purchase, aiko: Person, ben: Person
) -> None:
    take(purchase, Action.SUBMIT, aiko)
    with acting_as(aiko):
        with pytest.raises(NotAllowed), acting_as(ben):
            perform(Action.WITHDRAW, purchase.pk, by=ben, request=Request(purchase.version))
        with pytest.raises(NotNow):
            perform(Action.ORDER, purchase.pk, by=aiko, request=Request(purchase.version))
    assert [(event.actor, said["attempt"]) for event, said in refusals()] == [
        (ben.actor, "withdraw"),
        (aiko.actor, "order"),
    ]


def test_what_the_program_itself_may_not_do_is_no_attempt_of_anybody(purchase: Purchase) -> None:
    with pytest.raises(NotNow), acting_as(None):
        perform(Action.RECHECK, purchase.pk, by=None, request=Request(purchase.version))
    assert attempts() == []


def test_looking_at_a_step_that_one_may_not_take_is_no_attempt(
    purchase: Purchase, aiko: Person
) -> None:
    take(purchase, Action.SUBMIT, aiko)
    client = signed_in(aiko)
    assert client.get(f"/purchases/{purchase.pk}/approve/").status_code == 403
    assert attempts() == []


def test_a_conflict_on_a_page_is_recorded_with_its_request(
    purchase: Purchase, aiko: Person
) -> None:
    client = signed_in(aiko)
    given = {"version": purchase.version, "contract_reference": "K-1"}
    assert client.post(f"/purchases/{purchase.pk}/order/", given).status_code == 409
    ((event, said),) = refusals()
    assert said == {"attempt": "purchase_order", "guard": "transition", "through": "page"}
    assert (event.record_id, len(event.request)) == (str(purchase.pk), 36)


def test_what_an_agency_was_refused_is_read_by_it_and_the_centre_alone(
    purchase: Purchase, people: People
) -> None:
    with pytest.raises(NotNow):
        take(purchase, Action.ORDER, people.aiko)
    seen = {}
    for name in ("aiko", "daisuke", "iori"):
        with acting_as(getattr(people, name)):
            seen[name] = Event.objects.of(purchase).filter(action="refuse").count()
    assert seen == {"aiko": 1, "daisuke": 0, "iori": 1}


def test_another_agency_cannot_hang_a_refusal_on_a_purchase_it_does_not_see(
    purchase: Purchase, people: People
) -> None:
    with acting_as(people.daisuke), connection.cursor() as cursor:
        cursor.execute(
            "select audit_refused('procurement_purchase', %s, 'approve', 'role', 'sql')",
            [[str(purchase.pk)]],
        )
    ((event, _said),) = refusals()
    assert (event.record_table, event.actor) == ("audit_refusal", people.daisuke.actor)


def test_nobody_writes_a_refusal_without_saying_who(db: None) -> None:
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("select audit_refused('', '{}', 'x', 'y', 'sql')")


def test_a_read_only_token_that_writes_is_refused_on_record(
    purchase: Purchase, aiko: Person
) -> None:
    program = program_of(aiko, read_only=True)
    answer = program.patch(f"{API}/purchases/{purchase.pk}/", {"version": 1}, format="json")
    assert answer.status_code == 403
    ((event, said),) = refusals()
    assert said == {
        "attempt": "api-purchases-one",
        "guard": "read_only_token",
        "through": "token",
    }
    assert event.record_id == str(purchase.pk)


def test_what_has_no_rows_of_its_own_is_refused_on_the_purchase_it_is_about(
    purchase: Purchase, ben: Person
) -> None:
    answer = program_of(ben).post(f"{API}/purchases/{purchase.pk}/claim/", {}, format="json")
    assert answer.status_code == 409, answer.content
    ((event, said),) = refusals()
    assert (said["attempt"], said["guard"]) == ("api-purchases-claim", "not_under_review")
    assert event.record_id == str(purchase.pk)


@pytest.mark.parametrize("name", ["aiko", "chie"])
def test_statements_the_database_refuses_say_what_they_did_to_which_table(
    name: str, world: World, people: People
) -> None:
    by = getattr(people, name)
    with pytest.raises(DatabaseError), acting_as(by), connection.cursor() as cursor:
        cursor.execute("delete from procurement_transition")
    assert attempts() == [("delete procurement_transition", "no_right", "sql")]


def test_the_history_says_it_in_words(purchase: Purchase, aiko: Person) -> None:
    take(purchase, Action.SUBMIT, aiko)
    with pytest.raises(NotAllowed):
        take(purchase, Action.APPROVE, aiko)
    said = shown(signed_in(aiko), "/history/", action="refuse")
    assert f"Refused: “Approve” on the purchase “{purchase}” by a command or job." in said
    assert "Your roles do not allow this for this agency. (role)" in said
