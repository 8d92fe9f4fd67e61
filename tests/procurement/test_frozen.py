"""What nobody writes past the workflow, and what stays as it is once it was handed in or decided."""

import psycopg2
import pytest
from django.db import connection
from psycopg2.errors import InsufficientPrivilege

from agencies.context import acting_as
from agencies.models import Person
from procurement.models import Contributor, Dossier, Line, Purchase
from tests.databases import FreshDatabase
from tests.people import People, Tree, settle
from tests.procurement.steps import freeze, reload, step, submit
from tests.refusals import NO_RIGHT, NOT_ALLOWED, NOT_NOW, refused
from tests.worlds import World, draft, furnish

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
    assert purchase.version == before + 2, "the second change of the line changes nothing"
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
