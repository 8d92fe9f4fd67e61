"""The second net, in the database: row-level security and composite keys, on every table of agencies."""

from collections.abc import Callable, Sequence

import pytest
from django.db import connection, models

from agencies.context import acting_as
from agencies.models import Membership, Person
from compliance.models import Standing
from procurement.models import Dossier, Line, Move, Purchase
from registry.models import Drone
from tests.isolation.rows import BODY, fill_every_table, scoped_models
from tests.people import SINCE, People, Role, Society, Tree
from tests.refusals import BROKEN_KEY, NO_RIGHT, NOT_THERE, refused
from tests.worlds import World

READ_BELOW = ("compliance_waiver", "compliance_waiverdecision")
"""Rows of a body that everybody below it reads too: they concern them. Nobody below it writes them."""
TABLES = sorted(model._meta.db_table for model in scoped_models())


def rows(query: str, parameters: Sequence[str] = ()) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def count(table: str, where: str = "true") -> int:
    ((found,),) = rows(f"select count(*) from {table} where {where}")
    assert isinstance(found, int)
    return found


@pytest.fixture
def everything(world: World, purchase: Purchase, people: People) -> World:
    fill_every_table(world, purchase, people)
    return world


@pytest.mark.django_db
@pytest.mark.parametrize("table", [*TABLES, "audit_event"])
def test_row_security_is_on_and_holds_the_owner_too(table: str) -> None:
    assert rows(
        "select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass", [table]
    ) == [(True, True)]


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_two_policies_and_no_other(table: str) -> None:
    found = rows(
        "select policyname, permissive, roles::text, cmd, qual, with_check from pg_policies"
        " where tablename = %s and roles <> '{registry_owner}' and permissive = 'PERMISSIVE'"
        " order by policyname",
        [table],
    )
    plain = [tuple("".join(str(part).split()) for part in row) for row in found]
    inside = "(agency_id=ANY((SELECTapp_agencies()ASapp_agencies)::bigint[]))"
    above = "(agency_id=ANY((SELECTcompliance_concerned(app_agencies())AScompliance_concerned)::bigint[]))"
    read = above if table in READ_BELOW else inside
    assert plain == [
        (f"{table}_central", "PERMISSIVE", "{registry_central}", "ALL", "true", "true"),
        (f"{table}_scope", "PERMISSIVE", "{public}", "ALL", read, inside),
    ]


@pytest.mark.django_db
def test_what_goes_beside_the_two_policies_is_known() -> None:
    """The owner reads what its functions need; people of the centre are not shown what is withheld."""
    found = rows(
        "select tablename, policyname, permissive, roles::text, cmd from pg_policies"
        " where tablename = any (%s) and (roles = '{registry_owner}' or policyname = tablename || '_withheld')",
        [TABLES],  # type: ignore[list-item]  # an array of names
    )
    withheld = {
        *(
            model._meta.db_table
            for model in scoped_models()
            if getattr(model, "of_aircraft", False)
        ),
        *("records_agencyattachment", "records_agencynote"),
    }
    assert set(found) == {
        (
            "agencies_disclosure",
            "agencies_disclosure_owner",
            "PERMISSIVE",
            "{registry_owner}",
            "SELECT",
        ),
        (
            "agencies_membership",
            "agencies_membership_owner",
            "PERMISSIVE",
            "{registry_owner}",
            "ALL",
        ),
        (
            "agencies_substitution",
            "agencies_substitution_owner",
            "PERMISSIVE",
            "{registry_owner}",
            "ALL",
        ),
        ("registry_drone", "registry_drone_owner", "PERMISSIVE", "{registry_owner}", "SELECT"),
        *(
            (name, f"{name}_withheld", "RESTRICTIVE", "{registry_central}", "ALL")
            for name in withheld
        ),
    }


@pytest.mark.django_db
def test_no_table_with_an_agency_is_missing_from_the_walk() -> None:
    with_agency = rows(
        "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attname = 'agency_id'"
    )
    # The trail has policies of its own, tested above; the program has no right at all to the counter.
    apart = {"audit_event", "procurement_counter"}
    assert {str(name) for (name,) in with_agency} == {*TABLES, *apart}


def test_the_numbers_of_other_agencies_cannot_be_counted(people: People) -> None:
    for person in (people.daisuke, people.jun):
        with refused(NO_RIGHT), acting_as(person):
            count("procurement_counter")


@pytest.mark.django_db
def test_a_policy_that_narrows_is_there_where_rows_are_for_one_person_alone() -> None:
    narrowing = rows(
        "select tablename::text, qual, with_check from pg_policies"
        " where permissive = 'RESTRICTIVE' and roles = '{public}'"
    )
    own = "(person_id = ( SELECT app_person() AS app_person))"
    assert narrowing == [("procurement_look", own, own)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", scoped_models(), ids=lambda model: model._meta.label)
def test_the_agency_of_a_row_is_never_empty(model: type[models.Model]) -> None:
    assert rows(
        "select is_nullable from information_schema.columns where table_name = %s and column_name = 'agency_id'",
        [model._meta.db_table],
    ) == [("NO",)]


@pytest.mark.django_db
def test_every_row_of_an_agency_points_to_rows_of_the_same_agency_alone() -> None:
    wanted = {
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in scoped_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model in scoped_models()
    }
    assert len(wanted) >= 10
    found = rows(
        "select conrelid::regclass::text, conkey, confrelid::regclass::text, confkey,"
        " pg_get_constraintdef(oid) from pg_constraint where contype = 'f' and convalidated"
    )
    definitions = {(str(child), str(target), str(text)) for child, _, target, _, text in found}
    missing = [
        (child, column, target)
        for child, column, target in sorted(wanted)
        if (child, target, f"FOREIGN KEY (agency_id, {column}) REFERENCES {target}(agency_id, id)")
        not in definitions
    ]
    assert missing == []


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_there_for_their_agency_and_for_nobody_else(
    table: str, everything: World, people: People
) -> None:
    of_coast_guard = f"agency_id = {everything.patrol.agency_id}"
    assert count(table) == 0, "without a context"
    with acting_as(people.daisuke):
        assert count(table, of_coast_guard) == 0
    for name in ("aiko", "chie"):
        with acting_as(getattr(people, name)):
            assert count(table, of_coast_guard) > 0, "positive control"


def test_a_context_of_no_agency_shows_nothing(everything: World) -> None:
    stranger = Person(pk=0)
    with acting_as(stranger):
        assert [table for table in TABLES if count(table)] == []


def test_joins_and_subqueries_do_not_reach_around(everything: World, people: People) -> None:
    joined = (
        "select count(*) from registry_build b join registry_drone d on d.build_id = b.id"
        " where d.serial_number = %s"
    )
    nested = (
        "select count(*) from registry_build b where exists"
        " (select 1 from registry_drone d where d.build_id = b.id and d.serial_number = %s)"
    )
    for query in (joined, nested):
        with acting_as(people.daisuke):
            assert rows(query, [everything.patrol.serial_number]) == [(0,)]
        with acting_as(people.aiko):
            assert rows(query, [everything.patrol.serial_number]) == [(1,)]


def test_nobody_writes_rows_of_another_agency(
    everything: World, tree: Tree, daisuke: Person
) -> None:
    with refused(NO_RIGHT), acting_as(daisuke):
        Drone.objects.create(agency=tree.coast_guard, build=everything.clean)
    with acting_as(daisuke):
        changed = Drone.objects.unscoped(reason="the first net is not asked").filter(
            pk=everything.patrol.pk
        )
        assert changed.update(note="was here") == 0
    with acting_as(None):
        assert count("registry_drone", "note = 'was here'") == 0


def test_nobody_gives_a_row_to_another_agency(
    everything: World, tree: Tree, daisuke: Person
) -> None:
    with refused(NO_RIGHT), acting_as(daisuke):
        Drone.objects.visible_to(daisuke).update(agency=tree.coast_guard)


def test_nobody_gives_themselves_a_post_elsewhere(tree: Tree, daisuke: Person) -> None:
    for node in (tree.coast_guard, tree.centre):
        with refused(NO_RIGHT), acting_as(daisuke):
            Membership.objects.create(person=daisuke, agency=node, role=Role.VIEWER, since=SINCE)


def _standing(world: World, purchase: Purchase) -> models.Model:
    return Standing(drone=world.patrol, begins=SINCE, state="clear", state_without_waivers="clear")


def _dossier(world: World, purchase: Purchase) -> models.Model:
    return Dossier(purchase=purchase, version=1, digest=Dossier.digest_of(BODY), body=BODY)


def _line(world: World, purchase: Purchase) -> models.Model:
    return Line(purchase=purchase, build=world.clean)


@pytest.mark.parametrize("make", [_standing, _dossier, _line])
def test_a_row_cannot_point_to_a_row_that_its_author_does_not_see(
    make: Callable[[World, Purchase], models.Model],
    world: World,
    purchase: Purchase,
    society: Society,
) -> None:
    daisuke, forestry = society.people.daisuke, society.tree.forestry
    with refused(BROKEN_KEY), acting_as(daisuke):
        row = make(world, purchase)
        row.agency = forestry  # type: ignore[attr-defined]  # every model here has it
        row.save(force_insert=True)


def test_a_step_of_an_invisible_purchase_is_a_step_of_none(
    world: World, purchase: Purchase, tree: Tree, eri: Person
) -> None:
    for agency in (tree.coast_guard, tree.forestry):
        with refused(NOT_THERE, "purchase"), acting_as(eri):
            Move.objects.create(
                agency=agency,
                purchase=purchase,
                action="withdraw",
                from_status="draft",
                to_status="withdrawn",
                version=purchase.version,
                round=0,
                actor=eri,
            )


@pytest.mark.parametrize(
    "statement",
    [
        "alter table registry_drone disable row level security",
        "alter table registry_drone no force row level security",
        "drop policy registry_drone_scope on registry_drone",
        "create policy mine on registry_drone using (true)",
        "truncate registry_drone",
        "create view peep as select * from registry_drone",
    ],
)
def test_the_program_cannot_take_the_net_away(statement: str, people: People) -> None:
    for person in (people.daisuke, people.jun):
        with refused(NO_RIGHT), acting_as(person):
            connection.cursor().execute(statement)


def test_row_security_cannot_be_switched_off_for_a_query(
    everything: World, daisuke: Person
) -> None:
    with refused(NO_RIGHT), acting_as(daisuke):
        connection.cursor().execute("set local row_security = off")
        count("registry_drone")
