"""What the database refuses, whatever program asks: every test writes as the app's role, past the services."""

from datetime import date

import psycopg2
import pytest
from django.db import connection
from psycopg2.errors import InsufficientPrivilege

from agencies.context import acting_as, work_for
from agencies.models import Membership, Person
from audit.context import tell
from procurement.models import Contributor, Dossier, Line, Move, Purchase, ReceivedUnit
from procurement.models import Transition as StoredTransition
from procurement.transitions import TRANSITIONS
from registry.models import Drone
from tests.databases import FreshDatabase
from tests.people import SINCE, People, Role, Tree, settle
from tests.procurement.steps import CLEAR, FLAGGED, freeze, reload, step, submit
from tests.refusals import NO_RIGHT, NOT_ALLOWED, NOT_NOW, NOT_THERE, refused
from tests.worlds import World, draft, furnish, log

NOT_THE_APPS = (
    "status",
    "version",
    "round",
    "moves_made",
    "dossier_id",
    "number",
    "requester_id",
    "agency_id",
    "since",
)


def run(statement: str, *parameters: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(each) for each in parameters])
        return int(cursor.rowcount)


@pytest.fixture
def in_review(purchase: Purchase) -> Purchase:
    """Aiko's purchase, handed in: it waits for Ben."""
    submit(purchase)
    return purchase


@pytest.fixture
def approved(in_review: Purchase, ben: Person, chie: Person) -> Purchase:
    step(in_review, "approve", "security_review", ben)
    step(in_review, "approve", "approved", chie)
    return in_review


@pytest.fixture
def ordered(approved: Purchase, aiko: Person) -> Purchase:
    with acting_as(aiko):
        approved.contract_reference = "JCG-2026-17"
        approved.save(update_fields=["contract_reference"])
    step(approved, "order", "ordered", aiko)
    return approved


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


# The status and what goes with it


@pytest.mark.parametrize("column", NOT_THE_APPS)
@pytest.mark.parametrize("name", ["aiko", "chie"])
def test_nobody_writes_a_column_that_the_database_keeps(
    purchase: Purchase, people: People, name: str, column: str
) -> None:
    with refused(NO_RIGHT), acting_as(getattr(people, name)):
        run(f"update procurement_purchase set {column} = {column} where id = %s", purchase.pk)


def test_the_content_of_a_draft_can_be_written(purchase: Purchase, aiko: Person) -> None:
    with acting_as(aiko):
        for column in Purchase.WRITABLE:
            assert (
                run(
                    f"update procurement_purchase set {column} = {column} where id = %s",
                    purchase.pk,
                )
                == 1
            )


def test_a_status_cannot_be_written_through_the_program_either(
    purchase: Purchase, aiko: Person
) -> None:
    with refused(NO_RIGHT), acting_as(aiko):
        Purchase.objects.visible_to(aiko).update(status="approved")
    purchase.status = "approved"
    with refused(NO_RIGHT), acting_as(aiko):
        purchase.save()


def test_a_purchase_begins_as_a_draft_whatever_is_written(
    world: World, tree: Tree, aiko: Person
) -> None:
    with acting_as(aiko):
        purchase = Purchase.objects.create(
            agency=tree.coast_guard,
            requester=aiko,
            title="Ready-made",
            missions=["rescue"],
            status="approved",
            version=7,
            round=3,
            moves_made=5,
            number="MINE-1",
        )
        purchase.refresh_from_db()
    assert (purchase.status, purchase.version, purchase.round, purchase.moves_made) == (
        "draft",
        1,
        0,
        0,
    )
    assert purchase.number.startswith("JCG-")


def test_purchases_are_numbered_without_gap_per_agency(
    world: World, tree: Tree, people: People
) -> None:
    ours = [draft(people.aiko, tree.coast_guard, world.clean).number for _ in range(3)]
    theirs = draft(people.daisuke, tree.forestry, world.clean).number
    assert [number.rsplit("-", 1)[1] for number in ours] == ["0001", "0002", "0003"]
    assert theirs.startswith("RINYA-")
    assert theirs.endswith("-0001")


def test_a_purchase_is_asked_for_by_the_person_who_stores_it(
    world: World, tree: Tree, aiko: Person, mika: Person
) -> None:
    with refused(NOT_ALLOWED, "requester_is_actor"), acting_as(aiko):
        Purchase.objects.create(
            agency=tree.coast_guard, requester=mika, title="x", missions=["rescue"]
        )


def test_a_purchase_is_never_deleted(purchase: Purchase, aiko: Person) -> None:
    with refused(NO_RIGHT), acting_as(aiko):
        run("delete from procurement_purchase where id = %s", purchase.pk)


# The whole way


def test_a_purchase_goes_its_whole_way_by_moves_alone(
    ordered: Purchase, world: World, people: People
) -> None:
    line = _line(ordered)
    for serial in ("S-1", "S-2"):
        _receive(ordered, line, log(ordered.agency, world.clean, serial), people.emi)
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
    move = step(in_review, "approve", "security_review", ben, no=99, at=SINCE)
    with acting_as(ben):
        stored = Move.objects.visible_to(ben).get(pk=move.pk)
    assert (stored.no, stored.round) == (2, 1)
    assert stored.at.date() != SINCE


def _line(purchase: Purchase) -> Line:
    with acting_as(None):
        return Line.objects.unscoped(reason="the only one").get(purchase=purchase)


def _receive(purchase: Purchase, line: Line, drone: Drone, by: Person) -> None:
    with acting_as(by):
        ReceivedUnit.objects.create(
            agency_id=purchase.agency_id,
            purchase=purchase,
            line=line,
            drone=drone,
            received_on=date(2026, 4, 1),
            inspector=by,
        )


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


def test_whoever_asked_does_not_receive(ordered: Purchase, aiko: Person, tree: Tree) -> None:
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
    _receive(ordered, _line(ordered), log(ordered.agency, world.clean, "S-1"), emi)
    with refused(NOT_NOW, "units"):
        step(ordered, "receive", "received", emi)
    step(ordered, "receive", "ordered", emi)


# What stays as it is


def test_a_change_of_a_draft_counts_as_a_version_and_makes_a_contributor(
    purchase: Purchase, mika: Person
) -> None:
    before = purchase.version
    with acting_as(mika):
        Purchase.objects.visible_to(mika).update(title="Two better aircraft")
        Line.objects.visible_to(mika).update(quantity=3)
        Line.objects.visible_to(mika).update(quantity=3)
        purchase.refresh_from_db()
        hands = set(Contributor.objects.visible_to(mika).values_list("person__email", "how"))
    assert purchase.version == before + 3
    assert hands == {
        ("aiko@test.example", "requested"),
        ("aiko@test.example", "edited"),
        ("mika@test.example", "edited"),
    }


def test_nothing_is_edited_while_it_is_decided_on(
    in_review: Purchase, world: World, aiko: Person
) -> None:
    before = in_review.version
    with refused(NOT_NOW, "not_a_draft"), acting_as(aiko):
        Purchase.objects.visible_to(aiko).update(title="Something else")
    with refused(NOT_NOW, "not_a_draft"), acting_as(aiko):
        Line.objects.visible_to(aiko).update(quantity=200)
    with refused(NOT_NOW, "not_a_draft"), acting_as(aiko):
        Line.objects.visible_to(aiko).delete()
    with refused(NOT_NOW, "not_a_draft"), acting_as(aiko):
        Line.objects.create(agency_id=in_review.agency_id, purchase=in_review, build=world.listed)
    reload(in_review)
    assert in_review.version == before


def test_a_line_stays_with_its_purchase(
    purchase: Purchase, world: World, tree: Tree, aiko: Person
) -> None:
    other = draft(aiko, tree.coast_guard, world.clean)
    with refused(NOT_ALLOWED, "line_stays"), acting_as(aiko):
        Line.objects.visible_to(aiko).filter(purchase=purchase).update(purchase=other)


def test_a_dossier_whose_digest_is_not_its_own_is_refused(purchase: Purchase, aiko: Person) -> None:
    with refused(NOT_NOW, "digest"):
        freeze(purchase, aiko, digest="0" * 64)


@pytest.mark.parametrize(
    "statement",
    [
        "update procurement_dossier set body = body",
        "delete from procurement_dossier",
        "update procurement_move set letter = ''",
        "delete from procurement_move",
        "update procurement_receivedunit set received_on = received_on",
        "delete from procurement_receivedunit",
        """insert into procurement_contributor (id, agency_id, purchase_id, person_id, how)
           select gen_random_uuid(), agency_id, id, requester_id, 'x' from procurement_purchase""",
        "update procurement_contributor set how = ''",
        "delete from procurement_contributor",
        "insert into procurement_transition (action) values ('x')",
        "update procurement_transition set actors = '{}'",
        "delete from procurement_transition",
        "select last from procurement_counter",
        "update procurement_counter set last = 0",
        "select procurement_contribute(id, agency_id, 'x') from procurement_purchase",
        "truncate procurement_move",
    ],
)
@pytest.mark.parametrize("name", ["aiko", "chie"])
def test_the_program_has_no_right_to(
    statement: str, in_review: Purchase, people: People, name: str
) -> None:
    with refused(NO_RIGHT), acting_as(getattr(people, name)):
        run(statement)


def test_what_was_decided_stays_as_it_is_for_the_owner_too(fresh_database: FreshDatabase) -> None:
    society = settle()
    world = furnish(society)
    purchase = draft(society.people.aiko, society.tree.coast_guard, world.clean)
    submit(purchase)
    with psycopg2.connect(fresh_database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute("select set_config('app.agencies', %s, false)", [str(purchase.agency_id)])
        cursor.execute("select set_config('app.actor', 'system:migrate', false)")
        for statement in (
            "update procurement_move set letter = 'forged'",
            "delete from procurement_move",
            "update procurement_dossier set body = '{}'",
            "delete from procurement_dossier",
            "update audit_event set actor = 'system:nobody'",
            "delete from audit_event",
            "truncate audit_event",
        ):
            cursor.execute("savepoint before")
            with pytest.raises(
                InsufficientPrivilege, match=r"stay as they are|can only be added to"
            ):
                cursor.execute(statement)
            cursor.execute("rollback to savepoint before")


def test_a_dossier_of_a_past_version_is_kept(purchase: Purchase, ben: Person, aiko: Person) -> None:
    submit(purchase)
    first = purchase.dossier
    step(purchase, "return", "draft", ben, reasons=["other"])
    with acting_as(aiko):
        Purchase.objects.visible_to(aiko).update(title="Two better aircraft")
        purchase.refresh_from_db()
    submit(purchase)
    with acting_as(aiko):
        assert Dossier.objects.visible_to(aiko).count() == 2
    assert purchase.dossier != first
