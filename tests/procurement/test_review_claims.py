"""Who holds a review: one at a time, until they move it on, let it go, or do nothing for some working days."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from procurement.claims import claim_on, claim_review, claims_on, release_review
from procurement.errors import NotAllowed, NotNow, Refused, as_refusal
from procurement.models import Claim, Move, Purchase
from procurement.requests import Request
from procurement.states import Action
from procurement.workflow import available_actions, perform
from standards.working_days import working_day_after
from tests.databases import FreshDatabase
from tests.people import People, Society, settle
from tests.procurement.steps import freeze, step, submit
from tests.refusals import NO_RIGHT, NOT_ALLOWED, NOT_NOW, NOT_THERE, refused
from tests.worlds import World, draft, furnish


def take(purchase: Purchase, by: Person, over: Claim | None = None) -> Claim:
    with acting_as(by):
        return claim_review(
            purchase_id=purchase.pk, by=by, instead_of=None if over is None else over.pk
        )


def let_go(purchase: Purchase, by: Person) -> None:
    with acting_as(by):
        release_review(purchase_id=purchase.pk, by=by)


def holder(purchase: Purchase, reader: Person, today: date | None = None) -> Person | None:
    with acting_as(reader):
        held = claim_on(purchase, reader, today)
        return held.person if held else None


def ended(claim: Claim) -> str:
    with acting_as(None):
        claim.refresh_from_db()
    return claim.ended_how


def refused_guard(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    return caught.value.guard


def insert(purchase: Purchase, by: Person, **given: Any) -> Claim:
    """Past the service, as the app's role."""
    with acting_as(by):
        return Claim.objects.create(
            agency_id=purchase.agency_id, purchase=purchase, **{"person": by, **given}
        )


def test_whoever_may_decide_takes_a_review_upon_themselves(
    in_review: Purchase, ben: Person
) -> None:
    claim = take(in_review, ben)
    assert holder(in_review, ben) == ben
    assert claim.until == working_day_after(timezone.localdate(), 5)
    with acting_as(ben):
        assert claims_on([in_review], ben, timezone.localdate()) == {in_review.pk: claim}


@pytest.mark.parametrize(
    ("name", "guard"), [("aiko", "role"), ("rin", "role"), ("chie", "role"), ("eri", None)]
)
def test_who_may_not_decide_holds_nothing(
    in_review: Purchase, people: People, name: str, guard: str | None
) -> None:
    person = getattr(people, name)
    if guard is None:
        with pytest.raises(Purchase.DoesNotExist):
            take(in_review, person)
        return
    assert refused_guard(lambda: take(in_review, person)) == guard
    with refused(NOT_ALLOWED, guard):
        insert(in_review, person)


def test_nobody_holds_their_own_work(world: World, society: Society) -> None:
    nao = society.people.nao
    own = draft(nao, society.tree.coast_guard, world.clean)
    submit(own)
    assert refused_guard(lambda: take(own, nao)) == "own_work"


def test_nobody_claims_for_somebody_else_or_for_another_agency(
    in_review: Purchase, people: People
) -> None:
    with refused(NOT_ALLOWED, "actor"):
        insert(in_review, people.ben, person=people.nao)
    with refused(NOT_THERE, "purchase"):
        insert(in_review, people.eri)


def test_a_draft_is_held_by_nobody(purchase: Purchase, ben: Person) -> None:
    assert refused_guard(lambda: take(purchase, ben)) == "not_under_review"


def test_a_second_claim_is_told_who_holds_it(in_review: Purchase, ben: Person, nao: Person) -> None:
    take(in_review, ben)
    with pytest.raises(NotNow) as told:
        take(in_review, nao)
    assert told.value.guard == "held_by_another"
    assert "Ben" in told.value.message
    assert refused_guard(lambda: take(in_review, ben)) == "held_already"


def test_a_review_is_taken_over_by_naming_the_claim_that_ends(
    in_review: Purchase, ben: Person, nao: Person
) -> None:
    first = take(in_review, ben)
    second = take(in_review, nao, over=first)
    assert (holder(in_review, ben), ended(first)) == (nao, "taken_over")
    assert second.instead_of_id == first.pk
    assert refused_guard(lambda: take(in_review, ben, over=first)) == "held_by_another"


def test_a_claim_that_ended_meanwhile_leaves_nothing_to_take_over(
    in_review: Purchase, ben: Person, nao: Person
) -> None:
    first = take(in_review, ben)
    let_go(in_review, ben)
    assert ended(first) == "released"
    second = take(in_review, nao, over=first)
    assert second.instead_of_id is None
    assert ended(first) == "released"


def test_the_holder_alone_lets_go(in_review: Purchase, ben: Person, nao: Person) -> None:
    claim = take(in_review, ben)
    assert refused_guard(lambda: let_go(in_review, nao)) == "not_the_holder"
    let_go(in_review, ben)
    assert holder(in_review, ben) is None
    assert refused_guard(lambda: let_go(in_review, ben)) == "not_held"
    with refused(NOT_NOW, "not_held"), acting_as(ben), connection.cursor() as cursor:
        cursor.execute("select procurement_release(%s)", [claim.pk])


@pytest.mark.parametrize("column", ["person_id", "until", "ended_at", "ended_how"])
def test_nobody_writes_a_claim_by_hand(in_review: Purchase, ben: Person, column: str) -> None:
    take(in_review, ben)
    with refused(NO_RIGHT), acting_as(ben), connection.cursor() as cursor:
        cursor.execute(f"update procurement_claim set {column} = {column}")


def test_another_agency_lets_nothing_go_that_it_cannot_see(
    in_review: Purchase, ben: Person, eri: Person
) -> None:
    claim = take(in_review, ben)
    with refused(NOT_THERE, "purchase"), acting_as(eri), connection.cursor() as cursor:
        cursor.execute("select procurement_release(%s)", [claim.pk])


# Deciding while somebody else holds it


def decide(purchase: Purchase, by: Person) -> Move:
    assert purchase.dossier is not None
    request = Request(version=purchase.version, digest=purchase.dossier.digest, reasons=["other"])
    with acting_as(by):
        return perform(Action.DECLINE, purchase.pk, by=by, request=request)


def test_nobody_decides_over_the_head_of_the_holder(
    in_review: Purchase, ben: Person, nao: Person
) -> None:
    claim = take(in_review, ben)
    with pytest.raises(NotNow) as told:
        decide(in_review, nao)
    assert told.value.guard == "held_by_another"
    with refused(NOT_NOW, "held_by_another"):
        step(in_review, "decline", "declined", nao, reasons=["other"])
    with refused(NOT_NOW, "held_by_another"):
        step(in_review, "ask_evidence", "agency_review", nao)
    with acting_as(nao):
        offered = {each.action: each.blocked_by for each in available_actions(in_review, nao)}
    assert "Ben" in offered[Action.APPROVE]
    assert offered[Action.REFRESH] == ""
    take(in_review, nao, over=claim)
    decide(in_review, nao)


def test_the_holder_decides_and_the_claim_ends_with_the_state(
    in_review: Purchase, ben: Person
) -> None:
    claim = take(in_review, ben)
    decide(in_review, ben)
    assert ended(claim) == "moved_on"
    assert holder(in_review, ben) is None


def test_the_requester_withdraws_what_somebody_holds(
    in_review: Purchase, aiko: Person, ben: Person
) -> None:
    claim = take(in_review, ben)
    step(in_review, "withdraw", "withdrawn", aiko)
    assert ended(claim) == "moved_on"


# Ending by itself


def test_a_claim_holds_for_five_working_days_and_then_no_longer(
    in_review: Purchase, ben: Person
) -> None:
    claim = take(in_review, ben)
    assert holder(in_review, ben, claim.until) == ben
    assert holder(in_review, ben, claim.until + timedelta(days=1)) is None


def test_a_claim_does_not_run_out_while_evidence_is_asked_for(
    in_review: Purchase, ben: Person
) -> None:
    claim = take(in_review, ben)
    step(in_review, "ask_evidence", "agency_review", ben)
    assert holder(in_review, ben, claim.until + timedelta(days=30)) == ben


def test_a_claim_that_ran_out_does_not_come_back_with_a_later_question(
    waiting: Purchase, society_at_work: Society, fresh_database: FreshDatabase
) -> None:
    people = society_at_work.people
    claim = take(waiting, people.ben)
    clock_forward(fresh_database, 30)
    step(waiting, "ask_evidence", "agency_review", people.nao)
    assert ended(claim) == "lapsed"
    step(waiting, "return", "draft", people.nao, reasons=["other"])


def clock_forward(database: FreshDatabase, days: int) -> None:
    """The database's own day is so many days later from now on."""
    with psycopg2.connect(database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = 'app_today'")
        (body,) = cursor.fetchone()
        cursor.execute(
            "create or replace function app_today() returns date language sql stable as %s",
            [f"select ({body}) + {days}"],
        )


@pytest.fixture
def society_at_work(fresh_database: FreshDatabase) -> Society:
    return settle()


@pytest.fixture
def waiting(society_at_work: Society) -> Purchase:
    """Aiko's purchase, handed in, in a database of its own."""
    world = furnish(society_at_work)
    purchase = draft(society_at_work.people.aiko, society_at_work.tree.coast_guard, world.clean)
    submit(purchase)
    return purchase


def test_a_claim_that_ran_out_hinders_nobody_and_is_closed_by_the_next_one(
    waiting: Purchase, society_at_work: Society, fresh_database: FreshDatabase
) -> None:
    people = society_at_work.people
    first = take(waiting, people.ben)
    clock_forward(fresh_database, 30)
    second = insert(waiting, people.nao, instead_of=first)
    assert ended(first) == "lapsed"
    with acting_as(None):
        second.refresh_from_db()
    assert second.instead_of_id is None, "nothing was taken over"


def test_a_decision_after_a_claim_ran_out_is_anybodys(
    waiting: Purchase, society_at_work: Society, fresh_database: FreshDatabase
) -> None:
    people = society_at_work.people
    claim = take(waiting, people.ben)
    clock_forward(fresh_database, 30)
    step(waiting, "decline", "declined", people.nao, reasons=["other"])
    assert ended(claim) == "lapsed"


def test_each_move_of_the_holder_and_each_answer_keeps_the_claim_alive(
    waiting: Purchase, society_at_work: Society, fresh_database: FreshDatabase
) -> None:
    people = society_at_work.people
    claim = take(waiting, people.ben)

    def until() -> date:
        with acting_as(None):
            claim.refresh_from_db()
        return claim.until

    first = until()
    clock_forward(fresh_database, 1)
    step(waiting, "refresh", "agency_review", people.nao, dossier=freeze(waiting, people.nao))
    assert until() == first
    clock_forward(fresh_database, 4)
    step(waiting, "ask_evidence", "agency_review", people.ben)
    asked = until()
    assert asked > first
    clock_forward(fresh_database, 30)
    step(waiting, "give_evidence", "agency_review", people.aiko, letter="Here it is.")
    assert until() > asked
    assert ended(claim) == ""


# Two at the same moment


def race(
    purchases: list[Purchase], acts: Mapping[str, Callable[[Purchase], object]]
) -> list[list[str]]:
    """Both act on each of the purchases at the same moment, over connections of their own: "done" or the guard."""
    start = Barrier(len(acts))

    def run(act: Callable[[Purchase], object]) -> list[str]:
        try:
            return [_outcome(act, each, start) for each in purchases]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [list(each) for each in zip(*pool.map(run, acts.values()), strict=True)]


def _outcome(act: Callable[[Purchase], object], purchase: Purchase, start: Barrier) -> str:
    start.wait()
    try:
        act(purchase)
    except (NotNow, NotAllowed) as told:
        return told.guard
    return "done"


@pytest.fixture
def many_waiting(society_at_work: Society) -> list[Purchase]:
    world, people = furnish(society_at_work), society_at_work.people
    purchases = [
        draft(people.aiko, society_at_work.tree.coast_guard, world.clean) for _ in range(30)
    ]
    for each in purchases:
        submit(each)
    return purchases


def test_of_two_claims_at_the_same_moment_one_holds(
    many_waiting: list[Purchase], society_at_work: Society
) -> None:
    ben, nao = society_at_work.people.ben, society_at_work.people.nao
    acts = {"ben": lambda each: take(each, ben), "nao": lambda each: take(each, nao)}
    outcomes = race(many_waiting, acts)
    assert [sorted(each) for each in outcomes] == [["done", "held_by_another"]] * 30
    with acting_as(None):
        claims = Claim.objects.unscoped(reason="what the race left")
        assert claims.filter(ended_at__isnull=True).count() == 30


def test_a_claim_and_a_decision_of_another_at_the_same_moment_do_not_cross(
    many_waiting: list[Purchase], society_at_work: Society
) -> None:
    """Either the decision came first, and nothing is left to claim; or the claim did, and the decision waits."""
    ben, nao = society_at_work.people.ben, society_at_work.people.nao
    acts: dict[str, Callable[[Purchase], object]] = {
        "claim": lambda each: take(each, ben),
        "decision": lambda each: step(each, "decline", "declined", nao, reasons=["other"]),
    }

    def decide_or_guard(each: Purchase) -> object:
        try:
            return acts["decision"](each)
        except DatabaseError as error:
            raise as_refusal(error) from error

    outcomes = race(many_waiting, {"claim": acts["claim"], "decision": decide_or_guard})
    assert {tuple(each) for each in outcomes} <= {
        ("done", "held_by_another"),
        ("not_under_review", "done"),
    }
