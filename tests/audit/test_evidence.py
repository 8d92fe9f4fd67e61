"""What the trail keeps of people and agencies, and that not even the owner of the tables can change it."""

import json

import psycopg2
import pytest

from agencies.context import acting_as
from agencies.models import Agency, Person
from audit.models import Event
from tests.databases import FreshDatabase
from tests.people import People, Society, Tree, settle


def bodies(table: str, pk: object) -> list[dict[str, object]]:
    with acting_as(None):
        events = Event.objects.filter(record_table=table, record_id=str(pk)).order_by("record_no")
        return [json.loads(event.canon) for event in events]


def test_a_password_is_not_kept_when_a_person_is_deleted(society: Society) -> None:
    with acting_as(None):
        gone = Person.objects.create(email="gone@test.example", name_en="Gone", password="secret!")
        pk = gone.pk
        gone.delete()
    created, deleted = bodies("agencies_person", pk)
    assert "secret!" not in json.dumps([created, deleted])
    assert "password" not in {**created["new"], **deleted["old"]}  # type: ignore[dict-item]  # both are objects


def test_a_new_password_alone_leaves_no_event(aiko: Person) -> None:
    before = bodies("agencies_person", aiko.pk)
    with acting_as(None):
        aiko.set_password("yet another long phrase")
        aiko.save(update_fields=["password"])
    assert bodies("agencies_person", aiko.pk) == before


def test_people_belong_to_the_centre_and_an_agency_to_itself(tree: Tree) -> None:
    with acting_as(None):
        person = Person.objects.create(email="new@test.example", name_en="New")
        office = Agency.objects.create(
            code="office", kind=Agency.Kind.AGENCY, name_en="O", name_local="所", parent=tree.mlit
        )
    owners = [
        each["agency"]
        for table, pk in (("agencies_person", person.pk), ("agencies_agency", office.pk))
        for each in bodies(table, pk)
    ]
    assert owners == [tree.centre.pk, office.pk]


def test_the_history_of_an_agency_is_read_by_its_own_people(people: People, tree: Tree) -> None:
    with acting_as(None):
        Agency.objects.filter(pk=tree.coast_guard.pk).update(name_en="Coast Guard")
    seen = {}
    for person in (people.aiko, people.daisuke):
        with acting_as(person):
            events = Event.objects.of(tree.coast_guard).filter(action="update")
            seen[person.email] = events.count()
    assert list(seen.values()) == [1, 0]


def test_an_event_names_the_login_of_the_database(aiko: Person) -> None:
    with acting_as(None):
        Person.objects.filter(pk=aiko.pk).update(name_local="藍")
    assert bodies("agencies_person", aiko.pk)[-1]["db"] == "registry_app"


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_event set actor = 'user:0'",
        "delete from audit_event",
        "truncate audit_event",
        "set session_replication_role = replica; delete from audit_event",
    ],
)
def test_the_owner_of_the_tables_cannot_change_the_trail(
    fresh_database: FreshDatabase, statement: str
) -> None:
    settle()
    with psycopg2.connect(fresh_database.owner_dsn) as owner, owner.cursor() as cursor:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
        owner.rollback()
