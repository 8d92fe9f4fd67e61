"""A purchase on its way, step by step, as the program itself takes the steps."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import ListMatch
from compliance.rulebooks import load_rulebook
from procurement.errors import NotAllowed, NotNow
from procurement.models import Line, Move, Purchase, Transition
from procurement.receipts import Unit
from procurement.requests import Request
from procurement.services import edit_purchase
from procurement.states import Action, Status
from procurement.transitions import TRANSITIONS
from procurement.workflow import available_actions, lines_of, perform
from registry.models import Component, Drone
from tests.people import People, Society
from tests.worlds import World, draft, publish

pytestmark = pytest.mark.django_db


def now(purchase: Purchase, by: Person) -> Purchase:
    return Purchase.objects.visible_to(by).select_related("dossier", "agency").get(pk=purchase.pk)


def take(purchase: Purchase, action: Action, by: Person, **more: Any) -> Move:
    """The step as somebody takes it who has just looked at the purchase."""
    with acting_as(by):
        seen = now(purchase, by)
        digest = seen.dossier.digest if seen.dossier else ""
        return perform(action, purchase.pk, by=by, request=Request(seen.version, digest, **more))


def status(purchase: Purchase, by: Person) -> str:
    with acting_as(by):
        return now(purchase, by).status


def actions(purchase: Purchase, by: Person) -> dict[str, bool]:
    """The steps shown to a person, and whether each may be taken now."""
    with acting_as(by):
        steps = available_actions(now(purchase, by), by)
    return {step.action.value: not step.blocked_by for step in steps}


def units(purchase: Purchase, by: Person, serials: Sequence[str]) -> list[Unit]:
    with acting_as(by):
        line = lines_of(purchase, by)[0]
    return [Unit(line.pk, serial) for serial in serials]


def test_a_purchase_goes_from_draft_to_the_inventory(purchase: Purchase, people: People) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    assert status(purchase, people.chie) == Status.SECURITY_REVIEW
    take(purchase, Action.APPROVE, people.chie)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8-114")
    take(purchase, Action.RECEIVE, people.emi, units=units(purchase, people.emi, ["S1-A", "S1-B"]))
    assert status(purchase, people.aiko) == Status.RECEIVED
    take(purchase, Action.CLOSE, people.ben)
    with acting_as(people.aiko):
        moves = Move.objects.visible_to(people.aiko).filter(purchase=purchase)
        fleet = Drone.objects.visible_to(people.aiko).filter(serial_number__in=["S1-A", "S1-B"])
        assert [move.no for move in moves] == [1, 2, 3, 4, 5, 6]
        assert [(each.missions, each.price) for each in fleet] == [
            (["criminal_investigation"], 600_000)
        ] * 2
        assert now(purchase, people.aiko).contract_reference == "R8-114"


def test_a_flagged_purchase_cannot_be_approved_by_the_reviewer_and_comes_back_with_two_reasons(
    world: World, society: Society, people: People
) -> None:
    purchase = draft(people.aiko, society.tree.coast_guard, world.listed)
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    assert actions(purchase, people.chie) == {
        "approve": False,
        "return": True,
        "decline": True,
        "ask_evidence": True,
        "refresh": True,
    }
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.APPROVE, people.chie)
    assert refused.value.guard == "blocked"
    reasons = ["rule_failed", "alternative_exists"]
    take(purchase, Action.RETURN, people.chie, reasons=reasons, letter="Please choose another.")
    assert status(purchase, people.aiko) == Status.DRAFT
    with acting_as(people.aiko):
        last = Move.objects.visible_to(people.aiko).filter(purchase=purchase).latest("no")
    assert (last.reasons, last.letter) == (reasons, "Please choose another.")


def test_an_undetermined_build_blocks_like_a_failing_one_but_is_another_result(
    world: World, society: Society, people: People
) -> None:
    purchase = draft(people.aiko, society.tree.coast_guard, world.no_radio)
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    with pytest.raises(NotNow, match="cannot be decided"):
        take(purchase, Action.APPROVE, people.chie)


def test_what_is_not_sensitive_and_not_flagged_needs_no_security_review(
    world: World, society: Society, people: People
) -> None:
    purchase = draft(people.aiko, society.tree.coast_guard, world.listed, missions=["training"])
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    assert status(purchase, people.aiko) == Status.APPROVED


def test_a_small_sensitive_purchase_meets_the_same_review_as_a_large_one(
    world: World, society: Society, people: People
) -> None:
    purchase = draft(people.aiko, society.tree.coast_guard, world.clean, quantity=1)
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    assert status(purchase, people.aiko) == Status.SECURITY_REVIEW


def test_a_maker_put_on_a_list_between_submission_and_decision_stops_the_approval_with_the_difference(
    purchase: Purchase, world: World, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    today = timezone.localdate()
    with acting_as(None):
        publish(world.companies, today, {"kite works": "KITE WORKS", "sora": "SORA AIRCRAFT"})
        _match(world, people)
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.APPROVE, people.chie)
    assert refused.value.guard == "dossier_no_longer_holds"
    first = refused.value.differences[0]
    assert ("jp/listed_party" in first.label, first.old, first.new) == (True, "pass", "fail")
    take(purchase, Action.REFRESH, people.chie)
    with pytest.raises(NotNow) as blocked:
        take(purchase, Action.APPROVE, people.chie)
    assert blocked.value.guard == "blocked"


def _match(world: World, people: People) -> None:
    ListMatch.objects.create(
        list=world.companies,
        entry_key="sora",
        vendor=world.sora,
        decision=ListMatch.Decision.SAME,
        reason="Same name.",
        decided_by=people.goro,
        decided_on=timezone.localdate(),
    )


def test_a_new_edition_that_changes_nothing_used_is_no_conflict(
    purchase: Purchase, world: World, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    with acting_as(None):
        publish(world.companies, timezone.localdate(), {"kite works": "KITE WORKS", "else": "ELSE"})
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    assert status(purchase, people.aiko) == Status.APPROVED


def test_an_approved_purchase_whose_facts_change_cannot_be_ordered_and_is_rechecked(
    purchase: Purchase, world: World, people: People
) -> None:
    for action, person in (
        (Action.SUBMIT, people.aiko),
        (Action.APPROVE, people.ben),
        (Action.APPROVE, people.chie),
    ):
        take(purchase, action, person)
    with acting_as(people.goro):
        Component.objects.filter(build=world.clean, role="camera").update(made_in=["CN"])
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.ORDER, people.aiko, contract_reference="R8-1")
    assert refused.value.guard == "dossier_no_longer_holds"
    with acting_as(None):
        seen = Purchase.objects.unscoped(reason="test").get(pk=purchase.pk)
        perform(Action.RECHECK, purchase.pk, by=None, request=Request(seen.version))
    with acting_as(people.chie):
        again = now(purchase, people.chie)
    assert (again.status, again.round) == (Status.SECURITY_REVIEW, 2)


def test_a_contract_reference_is_needed_to_order(purchase: Purchase, people: People) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.ORDER, people.aiko, contract_reference=" ")
    assert refused.value.guard == "contract"


@pytest.mark.parametrize(
    ("serials", "words"),
    [
        ([], "at least one"),
        (["S1-A", "S1-B", "S1-C"], "More units"),
        (["S1-A", "S1-A"], "already has an aircraft with this serial"),
        ([""], "serial number"),
    ],
)
def test_wrong_units_are_refused_and_nothing_is_stored(
    purchase: Purchase, people: People, serials: list[str], words: str
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8-2")
    with pytest.raises(ValidationError, match=words):
        take(purchase, Action.RECEIVE, people.emi, units=units(purchase, people.emi, serials))
    with acting_as(people.emi):
        assert not purchase.received_units.visible_to(people.emi).exists()
        assert now(purchase, people.emi).status == Status.ORDERED


def test_a_partial_delivery_leaves_the_order_open_until_all_units_are_in(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8-3")
    take(purchase, Action.RECEIVE, people.emi, units=units(purchase, people.emi, ["S1-A"]))
    assert status(purchase, people.emi) == Status.ORDERED
    take(purchase, Action.RECEIVE, people.emi, units=units(purchase, people.emi, ["S1-B"]))
    assert status(purchase, people.emi) == Status.RECEIVED


def test_a_step_on_a_purchase_that_was_edited_since_is_refused(
    purchase: Purchase, people: People
) -> None:
    with acting_as(people.aiko):
        seen = now(purchase, people.aiko)
        seen.title = "Two more aircraft"
        edit_purchase(purchase=seen, lines=lines_of(seen, people.aiko), by=people.aiko)
        with pytest.raises(NotNow) as refused:
            perform(Action.SUBMIT, purchase.pk, by=people.aiko, request=Request(seen.version))
    assert refused.value.guard == "moved"


def test_what_was_returned_and_edited_is_withdrawn_all_the_same(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.RETURN, people.ben, reasons=["other"])
    with acting_as(people.aiko):
        seen = now(purchase, people.aiko)
        seen.title = "One aircraft"
        edit_purchase(purchase=seen, lines=lines_of(seen, people.aiko), by=people.aiko)
    take(purchase, Action.WITHDRAW, people.aiko)
    assert status(purchase, people.aiko) == Status.WITHDRAWN


def test_the_loser_of_two_steps_reads_what_happened(purchase: Purchase, people: People) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    with acting_as(people.aiko):
        seen = now(purchase, people.aiko)
    take(purchase, Action.WITHDRAW, people.aiko)
    request = Request(seen.version, seen.dossier.digest if seen.dossier else "")
    with acting_as(people.ben), pytest.raises(NotNow) as refused:
        perform(Action.APPROVE, purchase.pk, by=people.ben, request=request)
    latest = refused.value.moves[0]
    assert (latest.action, latest.actor_id) == (Action.WITHDRAW, people.aiko.pk)


def test_a_second_approver_who_comes_late_reads_what_the_first_did(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    with pytest.raises(NotNow) as late:
        take(purchase, Action.APPROVE, people.nao)
    assert (late.value.guard, late.value.moves[0].actor_id) == ("moved", people.ben.pk)


def test_a_purchase_of_another_agency_is_not_there(purchase: Purchase, people: People) -> None:
    with acting_as(people.eri), pytest.raises(Purchase.DoesNotExist):
        perform(Action.APPROVE, purchase.pk, by=people.eri, request=Request(2))


@pytest.mark.parametrize(
    ("who", "guard"),
    [("mika", "role"), ("emi", "role"), ("fumi", "role"), ("aiko", "role"), ("goro", "role")],
)
def test_only_the_approver_of_the_agency_approves_there(
    purchase: Purchase, people: People, who: str, guard: str
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    with pytest.raises(NotAllowed) as refused:
        take(purchase, Action.APPROVE, getattr(people, who))
    assert refused.value.guard == guard


def test_who_asks_does_not_approve_even_with_the_role(
    world: World, society: Society, people: People
) -> None:
    purchase = draft(people.nao, society.tree.coast_guard, world.clean)
    take(purchase, Action.SUBMIT, people.nao)
    assert "approve" not in actions(purchase, people.nao)
    with pytest.raises(NotAllowed) as refused:
        take(purchase, Action.APPROVE, people.nao)
    assert refused.value.guard == "own_work"


def test_who_claimed_a_fact_of_the_build_does_not_decide(
    purchase: Purchase, world: World, people: People
) -> None:
    with acting_as(people.ben):
        Component.objects.filter(build=world.clean, role="camera").update(part="Camera 2")
    take(purchase, Action.SUBMIT, people.aiko)
    with pytest.raises(NotAllowed) as refused:
        take(purchase, Action.APPROVE, people.ben)
    assert refused.value.guard == "claimed_a_fact"


def test_the_table_in_the_database_is_the_table_in_code(society: Society) -> None:
    stored = {
        (t.action, t.from_status, t.to_status): (
            tuple(t.actors),
            t.decides,
            t.needs_reasons,
            t.begins_round,
            t.new_dossier,
            tuple(t.requires),
        )
        for t in Transition.objects.all()
    }
    written = {
        (t.action.value, t.source.value, t.target.value): (
            t.actors,
            t.decides,
            t.needs_reasons,
            t.begins_round,
            t.new_dossier,
            t.requires,
        )
        for t in TRANSITIONS
    }
    assert stored == written


def test_each_action_shown_may_be_taken_by_the_handler_and_no_other(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    assert actions(purchase, people.aiko) == {"withdraw": True}
    assert actions(purchase, people.ben) == {
        "approve": True,
        "return": True,
        "decline": True,
        "ask_evidence": True,
        "refresh": True,
    }
    assert actions(purchase, people.rin) == {}
    assert actions(purchase, people.chie) == {}


def test_an_edit_replaces_the_lines_and_makes_the_editor_a_contributor(
    purchase: Purchase, world: World, people: People
) -> None:
    with acting_as(people.mika):
        seen = now(purchase, people.mika)
        edit_purchase(purchase=seen, lines=[Line(build=world.listed, quantity=5)], by=people.mika)
        lines = lines_of(seen, people.mika)
        hands = set(seen.contributors.visible_to(people.mika).values_list("person", "how"))
    assert [(line.build_id, line.quantity) for line in lines] == [(world.listed.pk, 5)]
    assert (people.mika.pk, "edited") in hands


def test_a_purchase_without_a_line_is_refused(purchase: Purchase, people: People) -> None:
    with acting_as(people.aiko), pytest.raises(ValidationError, match="at least one line"):
        edit_purchase(purchase=now(purchase, people.aiko), lines=[], by=people.aiko)


def test_numbers_count_by_agency_and_fiscal_year(
    world: World, society: Society, people: People
) -> None:
    first = draft(people.aiko, society.tree.coast_guard, world.clean)
    second = draft(people.aiko, society.tree.coast_guard, world.clean)
    other = draft(people.daisuke, society.tree.forestry, world.clean)
    year = (timezone.localdate() - timedelta(days=90)).year
    assert [each.number for each in (first, second, other)] == [
        f"JCG-{year}-0001",
        f"JCG-{year}-0002",
        f"RINYA-{year}-0001",
    ]


def test_a_step_takes_as_many_queries_for_ten_lines_as_for_one(
    world: World, society: Society, people: People
) -> None:
    counts = []
    load_rulebook()
    for number in (1, 10):
        purchase = draft(people.aiko, society.tree.coast_guard, world.clean)
        with acting_as(people.aiko):
            for _ in range(number - 1):
                Line.objects.create(
                    agency=society.tree.coast_guard, purchase=purchase, build=world.no_radio
                )
        with CaptureQueriesContext(connection) as queries:
            take(purchase, Action.SUBMIT, people.aiko)
        counts.append(len(queries))
    assert counts[0] == counts[1]
