"""What the trigger that moves purchases refuses: every test writes as the app's role, past the services."""

from datetime import date

import pytest
from django.db import connection

from agencies.context import acting_as, work_for
from agencies.models import Membership, Person
from audit.context import tell
from procurement.models import Line, Move, Purchase
from procurement.models import Transition as StoredTransition
from procurement.transitions import TRANSITIONS
from tests.people import SINCE, People, Role, Tree
from tests.procurement.steps import CLEAR, FLAGGED, freeze, line_of, receive, step, submit
from tests.refusals import NOT_ALLOWED, NOT_NOW, NOT_THERE, refused
from tests.worlds import World, draft, log


def test_the_table_of_the_program_is_the_table_of_the_database(db: None) -> None:
    names = "action from_status to_status actors decides needs_reasons begins_round new_dossier requires"
    stored = [
        (a, f, t, tuple(sorted(actors)), *rest, tuple(requires))
        for a, f, t, actors, *rest, requires in StoredTransition.objects.values_list(*names.split())
    ]
    written = [
        (
            *(t.action.value, t.source.value, t.target.value, tuple(sorted(t.actors)), t.decides),
            *(t.needs_reasons, t.begins_round, t.new_dossier, t.requires),
        )
        for t in TRANSITIONS
    ]
    assert sorted(stored) == sorted(written)


# The whole way


def test_a_purchase_goes_its_whole_way_by_moves_alone(
    ordered: Purchase, world: World, people: People
) -> None:
    line = line_of(ordered)
    for serial in ("S-1", "S-2"):
        receive(ordered, line, log(ordered.agency, world.clean, serial), people.emi)
    step(ordered, "receive", "received", people.emi)
    step(ordered, "close", "closed", people.ben)
    assert (ordered.status, ordered.moves_made, ordered.round) == ("closed", 6, 1)
    with acting_as(None):
        moves = list(Move.objects.unscoped(reason="the history").order_by("no"))
    assert [move.no for move in moves] == [1, 2, 3, 4, 5, 6]
    assert [move.to_status for move in moves[:-1]] == [move.from_status for move in moves[1:]]


def test_the_number_the_round_and_the_time_of_a_move_are_the_databases(
    in_review: Purchase, ben: Person
) -> None:
    assert in_review.dossier is not None
    with acting_as(ben), connection.cursor() as cursor:
        cursor.execute(
            """insert into procurement_move (id, agency_id, purchase_id, no, action, from_status, to_status,
                 version, round, dossier_id, digest, actor_id, reasons, letter, at)
               values (gen_random_uuid(), %s, %s, 99, 'approve', 'agency_review', 'security_review',
                 %s, 1, %s, %s, %s, '{}', '', '2020-04-01') returning no, round, at > now()""",
            [
                in_review.agency_id,
                in_review.pk,
                in_review.version,
                in_review.dossier_id,
                in_review.dossier.digest,
                ben.pk,
            ],
        )
        assert cursor.fetchone() == (2, 1, True)


# Who may decide


def test_the_requester_cannot_approve(in_review: Purchase, aiko: Person) -> None:
    with refused(NOT_ALLOWED, "role"):
        step(in_review, "approve", "security_review", aiko)


def test_the_requester_cannot_approve_even_as_an_approver(
    world: World, tree: Tree, nao: Person, ben: Person
) -> None:
    own = draft(nao, tree.coast_guard, world.clean)
    submit(own)
    for action, to in (
        ("approve", "security_review"),
        ("return", "draft"),
        ("decline", "declined"),
    ):
        with refused(NOT_ALLOWED, "own_work"):
            step(own, action, to, nao, reasons=["other"])
    assert step(own, "approve", "security_review", ben).no == 2


@pytest.mark.parametrize("what", ["title", "line"])
def test_whoever_edited_it_cannot_decide(purchase: Purchase, nao: Person, what: str) -> None:
    with acting_as(nao):
        if what == "title":
            Purchase.objects.visible_to(nao).update(title="Two better aircraft")
        else:
            Line.objects.visible_to(nao).update(quantity=3)
        purchase.refresh_from_db()
    submit(purchase)
    with refused(NOT_ALLOWED, "own_work"):
        step(purchase, "approve", "security_review", nao)


def test_whoever_claimed_a_fact_used_cannot_decide(
    purchase: Purchase, ben: Person, nao: Person
) -> None:
    submit(purchase, claimants=[ben.pk])
    with refused(NOT_ALLOWED, "claimed_a_fact"):
        step(purchase, "approve", "security_review", ben)
    step(purchase, "approve", "security_review", nao)


def test_one_person_decides_once_per_round(in_review: Purchase, ben: Person, tree: Tree) -> None:
    _give(ben, tree, Role.SECURITY_REVIEWER)
    step(in_review, "approve", "security_review", ben)
    with refused(NOT_ALLOWED, "once_per_round"):
        step(in_review, "approve", "approved", ben)


def test_in_the_next_round_the_same_person_decides_again(in_review: Purchase, ben: Person) -> None:
    step(in_review, "return", "draft", ben, reasons=["mission_unclear"])
    submit(in_review)
    assert step(in_review, "approve", "security_review", ben).round == 2


@pytest.mark.parametrize("name", ["emi", "mika", "rin", "chie", "fumi", "goro", "jun"])
def test_nobody_without_the_role_approves(in_review: Purchase, people: People, name: str) -> None:
    with refused(NOT_ALLOWED, "role"):
        step(in_review, "approve", "security_review", getattr(people, name))


def test_an_approver_of_another_agency_finds_no_such_purchase(
    in_review: Purchase, eri: Person
) -> None:
    with refused(NOT_THERE, "purchase"):
        step(in_review, "approve", "security_review", eri)


def test_a_role_taken_away_while_its_holder_acts_decides_nothing(
    in_review: Purchase, ben: Person
) -> None:
    assert ben.scope.holds(Role.APPROVER)  # what the request began with
    with acting_as(None):
        Membership.objects.unscoped(reason="ends one").filter(person=ben).update(
            until=date(2021, 4, 1)
        )
    with refused(NOT_ALLOWED, "role"):
        step(in_review, "approve", "security_review", ben)


def test_a_move_is_made_in_ones_own_name(in_review: Purchase, ben: Person, nao: Person) -> None:
    with refused(NOT_ALLOWED, "actor"):
        step(in_review, "approve", "security_review", nao, actor=ben)


def test_the_program_itself_decides_nothing_but_may_refresh(in_review: Purchase) -> None:
    with refused(NOT_ALLOWED, "role"):
        step(in_review, "approve", "security_review", None)
    renewed = freeze(in_review, None, FLAGGED)
    step(in_review, "refresh", "agency_review", None, dossier=renewed)
    assert in_review.dossier == renewed


def test_only_the_jobs_of_the_program_act_as_the_program(in_review: Purchase, ben: Person) -> None:
    renewed = freeze(in_review, ben, FLAGGED)
    with refused(NOT_ALLOWED, "role"):
        work_for(ben)
        tell({"app.actor": "system:migrate"})
        Move.objects.create(
            agency_id=in_review.agency_id,
            purchase=in_review,
            action="refresh",
            from_status="agency_review",
            to_status="agency_review",
            version=in_review.version,
            round=in_review.round,
            dossier=renewed,
            digest=renewed.digest,
        )


def test_whoever_asked_does_notreceive(ordered: Purchase, aiko: Person, tree: Tree) -> None:
    _give(aiko, tree, Role.INSPECTOR)
    with refused(NOT_ALLOWED, "requester_does_not_receive"):
        step(ordered, "receive", "ordered", aiko)


def test_a_role_at_the_centre_is_no_role_in_the_agency(
    in_review: Purchase, chie: Person, ben: Person
) -> None:
    """Security reviewers decide in their own step alone; approvers of the agency only before it."""
    step(in_review, "approve", "security_review", ben)
    with refused(NOT_ALLOWED, "role"):
        step(in_review, "return", "draft", ben, reasons=["other"])
    step(in_review, "approve", "approved", chie)


def _give(person: Person, tree: Tree, role: Role) -> None:
    with acting_as(None):
        Membership.objects.create(person=person, agency=tree.centre, role=role, since=SINCE)


# Where from, where to, on what


def test_a_step_that_the_table_does_not_know_is_refused(in_review: Purchase, ben: Person) -> None:
    with refused(NOT_NOW, "transition"):
        step(in_review, "approve", "ordered", ben)


@pytest.mark.parametrize(
    "stale", [{"from_status": "security_review"}, {"version": 1}, {"version": 99}, {"round": 0}]
)
def test_a_step_from_where_the_purchase_is_not_is_refused(
    in_review: Purchase, ben: Person, stale: dict[str, object]
) -> None:
    assert (in_review.version, in_review.round) == (2, 1)
    with refused(NOT_NOW, "moved"):
        step(in_review, "approve", "security_review", ben, **stale)


def test_a_second_approval_of_the_same_step_is_refused(
    in_review: Purchase, ben: Person, nao: Person
) -> None:
    seen = {"from_status": in_review.status, "dossier": in_review.dossier}
    step(in_review, "approve", "security_review", ben)
    with refused(NOT_NOW, "moved"):
        step(in_review, "approve", "security_review", nao, **seen)


def test_the_digest_of_the_dossier_must_be_the_one_that_was_seen(
    in_review: Purchase, ben: Person
) -> None:
    with refused(NOT_NOW, "dossier"):
        step(in_review, "approve", "security_review", ben, digest="0" * 64)


def test_a_decision_rests_on_the_dossier_the_purchase_stands_on(
    in_review: Purchase, ben: Person
) -> None:
    other = freeze(in_review, ben, CLEAR)
    with refused(NOT_NOW, "dossier"):
        step(in_review, "approve", "approved", ben, dossier=other)
    with refused(NOT_NOW, "dossier"):
        step(in_review, "approve", "security_review", ben, dossier=None)


def test_a_purchase_is_handed_in_with_a_dossier_of_its_present_version(
    purchase: Purchase, world: World, tree: Tree, aiko: Person
) -> None:
    old = freeze(purchase, aiko, version=purchase.version - 1)
    foreign = freeze(draft(aiko, tree.coast_guard, world.clean), aiko)
    for dossier in (None, old, foreign):
        with refused(NOT_NOW, "dossier"):
            step(purchase, "submit", "agency_review", aiko, dossier=dossier)


@pytest.mark.parametrize(
    ("flags", "to", "guard"),
    [
        (FLAGGED, "approved", "security"),
        (CLEAR, "security_review", "security"),
        ({"blocked": False, "consultation": False}, "approved", "security"),
    ],
)
def test_the_flags_of_the_dossier_decide_where_the_agencys_approval_leads(
    purchase: Purchase, ben: Person, flags: dict[str, bool], to: str, guard: str
) -> None:
    submit(purchase, flags)
    with refused(NOT_NOW, guard):
        step(purchase, "approve", to, ben)


@pytest.mark.parametrize(
    ("flags", "to", "guard"),
    [
        ({**FLAGGED, "blocked": True}, "approved", "blocked"),
        ({**FLAGGED, "blocked": True, "consultation": True}, "consultation", "blocked"),
        ({**FLAGGED, "consultation": True}, "approved", "consultation"),
        (FLAGGED, "consultation", "consultation"),
        ({"security": True, "consultation": False}, "approved", "blocked"),
    ],
)
def test_nothing_blocked_is_approved_and_no_consultation_is_left_out(
    purchase: Purchase, ben: Person, chie: Person, flags: dict[str, bool], to: str, guard: str
) -> None:
    submit(purchase, flags)
    step(purchase, "approve", "security_review", ben)
    with refused(NOT_NOW, guard):
        step(purchase, "approve", to, chie)


@pytest.mark.parametrize(("action", "to"), [("return", "draft"), ("decline", "declined")])
def test_a_refusal_gives_a_reason(in_review: Purchase, ben: Person, action: str, to: str) -> None:
    with refused(NOT_NOW, "reasons"):
        step(in_review, action, to, ben)
    step(in_review, action, to, ben, reasons=["price_unclear", "other"])


def test_an_order_names_its_contract(approved: Purchase, aiko: Person) -> None:
    with refused(NOT_NOW, "contract"):
        step(approved, "order", "ordered", aiko)


def test_a_contract_is_entered_with_the_order_and_not_before(
    in_review: Purchase, aiko: Person
) -> None:
    with refused(NOT_NOW, "not_approved"), acting_as(aiko):
        Purchase.objects.visible_to(aiko).update(contract_reference="JCG-2026-17")


def test_nothing_is_received_before_all_units_are_in(
    ordered: Purchase, world: World, emi: Person
) -> None:
    receive(ordered, line_of(ordered), log(ordered.agency, world.clean, "S-1"), emi)
    with refused(NOT_NOW, "units"):
        step(ordered, "receive", "received", emi)
    step(ordered, "receive", "ordered", emi)
