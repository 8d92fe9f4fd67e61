"""Purchases that rely on a waiver: what their dossier names, who may not decide, and what a waiver's end does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import Waiver
from procurement.differences import differences
from procurement.dossiers import compose
from procurement.errors import NotAllowed, NotNow
from procurement.models import Dossier, Purchase
from procurement.states import Action, Status
from procurement.workflow import lines_of
from tests.compliance.waivers import ended, granted, in_days, today
from tests.people import People, Tree
from tests.procurement.steps import freeze, step
from tests.procurement.test_workflow import actions, now, status, take, units
from tests.refusals import NOT_ALLOWED, refused
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiver(world: World, tree: Tree, people: People) -> Waiver:
    """For the listed build at the Coast Guard: asked for by Hana, decided by Chie and Kei."""
    return granted(people, tree.coast_guard, world, conditions="Flown without a network.")


@pytest.fixture
def relying(world: World, tree: Tree, people: People, waiver: Waiver) -> Purchase:
    """Two of the listed build, asked for by Aiko."""
    return draft(people.aiko, tree.coast_guard, world.listed, missions=["rescue"])


def body_of(purchase: Purchase, by: Person, days: int = 0) -> dict[str, Any]:
    with acting_as(by):
        fresh = now(purchase, by)
        return compose(fresh, lines_of(fresh, by), today() + timedelta(days=days)).body


def changes(purchase: Purchase, by: Person, days: int) -> list[tuple[str, str, str]]:
    """From the dossier of today to that of another day."""
    old, new = body_of(purchase, by), body_of(purchase, by, days)
    return [(each.label, each.old, each.new) for each in differences(old, new)]


def test_the_dossier_names_each_waiver_it_relies_on(
    relying: Purchase, waiver: Waiver, world: World, people: People
) -> None:
    body = body_of(relying, people.aiko)
    assert body["waivers"] == [
        {
            "id": str(waiver.pk),
            "name": str(waiver),
            "agency": "jcg",
            "kind": "waiver",
            "rules": ["jp/1/listed_party", "jp/1/origin"],
            "valid_from": today().isoformat(),
            "valid_until": in_days(99).isoformat(),
            "reason": waiver.reason,
            "conditions": "Flown without a network.",
            "authors": sorted([people.hana.pk, people.chie.pk, people.kei.pk]),
        }
    ]
    assert body["waiver_authors"] == body["waivers"][0]["authors"]
    assert (body["flags"]["blocked"], body["flags"]["flagged"]) == (False, True)


def test_a_waiver_that_nothing_relies_on_is_not_in_the_dossier(
    purchase: Purchase, waiver: Waiver, aiko: Person
) -> None:
    body = body_of(purchase, aiko)
    assert (body["waivers"], body["waiver_authors"]) == ([], [])


def test_a_purchase_under_a_waiver_goes_its_whole_way(relying: Purchase, people: People) -> None:
    take(relying, Action.SUBMIT, people.aiko)
    take(relying, Action.APPROVE, people.ben)
    take(relying, Action.APPROVE, people.haru)
    take(relying, Action.ORDER, people.aiko, contract_reference="R8-1")
    take(relying, Action.RECEIVE, people.emi, units=units(relying, people.emi, ["K-1", "K-2"]))
    assert status(relying, people.aiko) == Status.RECEIVED


# Who may not decide


def test_who_decided_on_a_waiver_is_neither_offered_nor_allowed_the_decision_on_what_relies_on_it(
    relying: Purchase, people: People
) -> None:
    take(relying, Action.SUBMIT, people.aiko)
    take(relying, Action.APPROVE, people.ben)
    assert not {"approve", "return", "decline"} & set(actions(relying, people.chie))
    assert {"approve", "return", "decline"} <= set(actions(relying, people.haru))
    for action in (Action.APPROVE, Action.DECLINE, Action.RETURN):
        with pytest.raises(NotAllowed) as caught:
            take(relying, action, people.chie, reasons=["other"])
        assert caught.value.guard == "waiver_author"


def test_who_asked_for_a_waiver_does_not_approve_what_relies_on_it(
    world: World, tree: Tree, people: People
) -> None:
    granted(people, tree.coast_guard, world, by=people.ben)
    purchase = draft(people.aiko, tree.coast_guard, world.listed, missions=["rescue"])
    take(purchase, Action.SUBMIT, people.aiko)
    with pytest.raises(NotAllowed) as caught:
        take(purchase, Action.APPROVE, people.ben)
    assert caught.value.guard == "waiver_author"
    take(purchase, Action.APPROVE, people.nao)


def test_the_database_refuses_the_author_of_a_waiver_past_the_program(
    purchase: Purchase, ben: Person, nao: Person
) -> None:
    body = '{"claimants": [], "flags": {"security": true}, "waiver_authors": ['
    body += f"{ben.pk}]}}"
    by = purchase.requester
    dossier = freeze(purchase, by, body=body, digest=Dossier.digest_of(body))
    step(purchase, "submit", "agency_review", by, dossier=dossier)
    for action, to in (
        ("approve", "security_review"),
        ("decline", "declined"),
        ("return", "draft"),
    ):
        with refused(NOT_ALLOWED, "waiver_author"):
            step(purchase, action, to, ben, reasons=["other"])
    step(purchase, "approve", "security_review", nao)


def test_the_author_of_a_waiver_still_takes_steps_that_decide_nothing(
    relying: Purchase, people: People
) -> None:
    take(relying, Action.SUBMIT, people.aiko)
    take(relying, Action.APPROVE, people.ben)
    take(relying, Action.REFRESH, people.chie)
    assert status(relying, people.chie) == Status.SECURITY_REVIEW


# A waiver that ends


def test_a_waiver_that_ends_by_its_date_is_a_difference_from_the_next_day_on(
    relying: Purchase, waiver: Waiver, people: People
) -> None:
    assert changes(relying, people.aiko, 99) == []
    until = f"until {waiver.valid_until.isoformat()}"
    assert changes(relying, people.aiko, 100) == [
        (f"Waiver {waiver}", until, "none in force for this purchase")
    ]


@pytest.mark.parametrize("stage", [Action.APPROVE, Action.ORDER, Action.RECEIVE])
def test_a_waiver_that_was_ended_holds_up_decision_order_and_receipt(
    stage: Action, relying: Purchase, waiver: Waiver, people: People
) -> None:
    take(relying, Action.SUBMIT, people.aiko)
    take(relying, Action.APPROVE, people.ben)
    if stage is not Action.APPROVE:
        take(relying, Action.APPROVE, people.haru)
    if stage is Action.RECEIVE:
        take(relying, Action.ORDER, people.aiko, contract_reference="R8-1")
    ended(waiver, people.chie)
    by = {Action.APPROVE: people.haru, Action.ORDER: people.aiko, Action.RECEIVE: people.emi}
    received = units(relying, people.emi, ["K-1"]) if stage is Action.RECEIVE else ()
    with pytest.raises(NotNow) as caught:
        take(relying, stage, by[stage], contract_reference="R8-1", units=received)
    assert caught.value.guard == "dossier_no_longer_holds"
    assert f"Waiver {waiver}" in [each.label for each in caught.value.differences]
    renewal = Action.REFRESH if stage is Action.APPROVE else Action.RECHECK
    take(relying, renewal, people.haru)
    assert actions(relying, people.haru)["approve"] is False


def test_a_waiver_granted_meanwhile_is_decided_on_as_a_new_dossier(
    world: World, tree: Tree, people: People
) -> None:
    purchase = draft(people.aiko, tree.coast_guard, world.listed, missions=["rescue"])
    take(purchase, Action.SUBMIT, people.aiko)
    waiver = granted(people, tree.coast_guard, world)
    with pytest.raises(NotNow) as caught:
        take(purchase, Action.APPROVE, people.ben)
    (change,) = caught.value.differences
    assert (change.label, change.new) == (f"Waiver {waiver}", f"until {waiver.valid_until}")
    take(purchase, Action.REFRESH, people.ben)
    take(purchase, Action.APPROVE, people.ben)


def test_a_dossier_from_before_there_were_waivers_is_compared_too(
    purchase: Purchase, aiko: Person
) -> None:
    new = body_of(purchase, aiko)
    old = {key: value for key, value in new.items() if not key.startswith("waiver")}
    assert differences(old, new) == ()


def test_a_dossier_asks_as_often_for_many_waivers_as_for_one(
    relying: Purchase, world: World, tree: Tree, people: People
) -> None:
    def queries() -> int:
        with acting_as(people.aiko):
            fresh = now(relying, people.aiko)
            lines = lines_of(fresh, people.aiko)
            with CaptureQueriesContext(connection) as asked:
                compose(fresh, lines, today())
        return len(asked)

    one = queries()
    for rule in (world.origin, world.listed_party):
        granted(people, tree.coast_guard, world, rules=[rule.pk], valid_until=in_days(200))
    assert len(body_of(relying, people.aiko)["waivers"]) == 2
    assert queries() == one
