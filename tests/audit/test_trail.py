"""Every change of a governed table leaves its event, whatever way it came."""

import hashlib
import json
from datetime import date

import psycopg2
import pytest
from django.db import DatabaseError, connection, models, transaction

from agencies.context import acting_as, because
from agencies.models import Membership, Person
from audit.context import tell
from audit.models import Event
from registry.models import Build, Component, Drone, Vendor, VendorName
from tests.databases import FreshDatabase
from tests.people import People, Role, Tree
from tests.refusals import NO_RIGHT, refused
from tests.worlds import World, log


def history(record: models.Model) -> list[Event]:
    """The events of a record, oldest first, as the centre reads them."""
    with acting_as(None):
        return list(Event.objects.of(record).order_by("record_no"))


def actions(record: models.Model) -> list[str]:
    return [event.action for event in history(record)]


def test_an_insert_tells_who_in_which_request_and_why(
    aiko: Person, tree: Tree, world: World
) -> None:
    with acting_as(aiko, request="r-1", reason="stock-take"):
        drone = Drone.objects.create(
            agency=tree.coast_guard, build=world.clean, serial_number="S-1"
        )
    (event,) = history(drone)
    assert (event.action, event.actor, event.actor_name) == ("insert", aiko.actor, aiko.email)
    assert (event.request, event.reason, event.agency_id) == (
        "r-1",
        "stock-take",
        tree.coast_guard.pk,
    )
    assert ("serial_number", None, "S-1") in event.changes


def test_an_update_tells_old_and_new_of_the_changed_fields_alone(
    aiko: Person, world: World
) -> None:
    with acting_as(aiko):
        world.patrol.place = "Yokohama"
        world.patrol.save(update_fields=["place"])
    event = history(world.patrol)[-1]
    assert event.action == "update"
    assert event.changes == [("place", "Patrol vessel Akitsushima", "Yokohama")]


def test_a_bulk_update_leaves_an_event_per_row(aiko: Person, tree: Tree, world: World) -> None:
    second = log(tree.coast_guard, world.clean, "S-2")
    with acting_as(aiko):
        changed = Drone.objects.visible_to(aiko).update(note="checked")
    assert changed == 2
    for drone in (world.patrol, second):
        assert history(drone)[-1].changes == [("note", "", "checked")]


def test_bulk_create_leaves_an_event_per_row(world: World) -> None:
    with acting_as(None):
        names = VendorName.objects.bulk_create(
            VendorName(vendor=world.sora, name=name, kind=VendorName.Kind.TRADE, key=name)
            for name in ("sora one", "sora two", "sora three")
        )
    assert [actions(name) for name in names] == [["insert"]] * 3


def test_many_aircraft_of_one_statement_leave_an_event_each_as_one_alone_does(
    tree: Tree, world: World
) -> None:
    alone = log(tree.coast_guard, world.clean, "M-0")
    with acting_as(None, reason="import"):
        drones = Drone.objects.bulk_create(
            Drone(agency=tree.coast_guard, build=world.clean, serial_number=f"M-{number}")
            for number in range(1, 4)
        )
    pattern = json.loads(history(alone)[0].canon)
    for drone in drones:
        (event,) = history(drone)
        said = json.loads(event.canon)
        assert said.keys() == pattern.keys()
        assert (said["fields"], said["no"], said["prev"], said["old"]) == (
            pattern["fields"],
            1,
            None,
            None,
        )
        assert said["new"].keys() == pattern["new"].keys() == set(said["fields"])
        assert said["new"]["serial_number"] == drone.serial_number
        assert (event.record_id, said["record"]) == (str(drone.pk),) * 2
        assert (said["reason"], said["actor"]) == ("import", "system:job")
        assert event.agency_id == said["agency"] == tree.coast_guard.pk
        assert bytes(event.leaf) == hashlib.sha256(b"\0" + event.canon.encode()).digest()


THINGS = """
create table thing (id integer primary key, agency_id bigint, name text, version integer default 1);
create trigger thing_audit_write after insert on thing referencing new table as written
  for each statement execute function audit_record_rows('agency_id', 'version');
create trigger thing_audit_delete after delete on thing
  for each row execute function audit_record('agency_id', 'version');
select set_config('app.actor', 'system:job', true);
insert into thing values (1, 5, 'one'), (2, 5, 'two');
delete from thing where id in (1, 3);
insert into thing values (4, 6, 'four'), (1, 5, 'one again'), (3, null, 'three');
insert into thing select 7, 5, 'nobody' where false;
delete from thing where id = 3;
delete from thing where id = 4;
insert into thing values (4, 6, 'four again'), (3, null, 'three again');
select record_id, record_no, action, agency_id, canon, encode(leaf, 'hex'), fields from audit_event
  where record_table = 'thing' order by record_id, record_no
"""


def test_a_record_that_comes_back_among_others_goes_on_with_its_own_events(
    fresh_database: FreshDatabase,
) -> None:
    with psycopg2.connect(fresh_database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute(THINGS)
        events = cursor.fetchall()
        owner.rollback()
    again = [(1, "insert"), (2, "delete"), (3, "insert")]
    lines = {"1": again, "2": [(1, "insert")], "3": again, "4": again}
    assert [each[:3] for each in events] == [
        (record, *event) for record, line in lines.items() for event in line
    ]
    before: dict[str, str | None] = {}
    for record, number, _action, agency, canon, leaf, fields in events:
        said = json.loads(canon)
        assert (said["record"], said["no"], said["agency"]) == (record, number, agency)
        assert (said["prev"], said["fields"]) == (before.get(record), fields)
        assert fields == ["agency_id", "id", "name"]
        assert leaf == hashlib.sha256(b"\0" + canon.encode()).hexdigest()
        before[record] = leaf


def test_a_statement_that_inserts_no_aircraft_needs_nobody_who_acts(world: World) -> None:
    with acting_as(None), connection.cursor() as cursor:
        tell({"app.actor": ""})
        cursor.execute("insert into registry_drone select * from registry_drone where false")
        assert cursor.rowcount == 0


def test_raw_sql_leaves_its_event(aiko: Person, world: World) -> None:
    with acting_as(aiko), connection.cursor() as cursor:
        cursor.execute(
            "update registry_drone set note = 'by hand' where id = %s", [world.patrol.pk]
        )
        assert cursor.rowcount == 1
    assert history(world.patrol)[-1].changes == [("note", "", "by hand")]


def test_a_cascade_leaves_an_event_for_every_row_it_takes(world: World) -> None:
    parts = list(Component.objects.filter(build=world.no_radio))
    build = Build.objects.get(pk=world.no_radio.pk)
    with acting_as(None):
        build.delete()
    assert len(parts) == 3
    for part in parts:
        assert actions(part)[-1] == "delete"


def test_a_deletion_keeps_what_was_deleted(world: World) -> None:
    with acting_as(None):
        name = VendorName.objects.create(vendor=world.sora, name="Sora", kind="trade", key="sora")
        kept = VendorName.objects.get(pk=name.pk)
        name.delete()
    assert actions(kept) == ["insert", "delete"]
    assert ("name", "Sora", None) in history(kept)[-1].changes


def test_a_record_that_comes_again_under_its_id_goes_on_with_its_own_events(world: World) -> None:
    with acting_as(None):
        name = VendorName.objects.create(vendor=world.sora, name="Sora", kind="trade", key="sora")
        pk = name.pk
        name.delete()
        again = VendorName.objects.create(
            pk=pk, vendor=world.sora, name="Sora", kind="trade", key="sora"
        )
    events = history(again)
    assert [(each.record_no, each.action) for each in events] == [
        (1, "insert"),
        (2, "delete"),
        (3, "insert"),
    ]
    leaves = [bytes(each.leaf).hex() for each in events]
    assert [json.loads(each.canon)["prev"] for each in events] == [None, *leaves[:-1]]


def test_an_update_that_changes_nothing_leaves_no_event(aiko: Person, world: World) -> None:
    before = len(history(world.patrol))
    with acting_as(aiko), connection.cursor() as cursor:
        cursor.execute("update registry_drone set note = note where id = %s", [world.patrol.pk])
        assert cursor.rowcount == 1
    assert len(history(world.patrol)) == before


def test_a_password_never_enters_the_trail(aiko: Person) -> None:
    before = len(history(aiko))
    with acting_as(None):
        aiko.set_password("another long enough phrase")
        aiko.name_local = "藍子"
        aiko.save()
    events = history(aiko)
    assert len(events) == before + 1
    assert events[-1].changes == [("name_local", "", "藍子")]
    assert not any("password" in event.canon or "last_login" in event.canon for event in events)


def test_a_change_without_an_actor_is_refused(world: World) -> None:
    with pytest.raises(DatabaseError, match="needs an actor"), transaction.atomic():
        Vendor.objects.create(name="Nobody's")
    assert not Vendor.objects.filter(name="Nobody's").exists()


def test_an_aircraft_that_nobody_logs_is_refused(tree: Tree, world: World) -> None:
    with acting_as(None):
        tell({"app.actor": ""})
        with pytest.raises(DatabaseError, match="needs an actor"), transaction.atomic():
            Drone.objects.create(agency=tree.coast_guard, build=world.clean, serial_number="X")


def test_the_program_acts_under_a_name_of_its_own(world: World) -> None:
    assert {event.actor for event in history(world.sora)} == {"system:job"}


def test_the_reason_holds_for_its_part_alone(aiko: Person, world: World) -> None:
    with acting_as(aiko, reason="first"):
        with because("second"):
            world.patrol.note = "a"
            world.patrol.save(update_fields=["note"])
        world.patrol.note = "b"
        world.patrol.save(update_fields=["note"])
    assert [event.reason for event in history(world.patrol)[-2:]] == ["second", "first"]


def test_a_context_outside_a_transaction_is_refused(fresh_database: FreshDatabase) -> None:
    with pytest.raises(RuntimeError, match="belongs to a transaction: open one first"):
        tell({"app.actor": "user:1"})


def test_a_setting_that_the_context_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Not settings of the context: app\.other"):
        tell({"app.other": "1"})


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_event set actor = 'user:0'",
        "delete from audit_event",
        "truncate audit_event",
        """insert into audit_event (at, actor, actor_name, request, reason, record_table, record_id,
           record_no, action, fields, canon, leaf) values (now(), 'user:1', '', '', '', 'x', '1', 1,
           'insert', '{}', '', sha256(''))""",
        "select nextval('audit_event_id_seq')",
    ],
)
@pytest.mark.parametrize("name", ["aiko", "jun"])
def test_the_program_can_neither_change_nor_delete_nor_add_an_event(
    people: People, name: str, statement: str
) -> None:
    with refused(NO_RIGHT), acting_as(getattr(people, name)), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_leaf_is_the_hash_of_the_exact_text(world: World) -> None:
    with acting_as(None):
        events = list(Event.objects.all())
    assert len(events) > 50
    for event in events:
        assert bytes(event.leaf) == hashlib.sha256(b"\x00" + event.canon.encode()).digest()


def test_the_copies_beside_the_text_say_what_the_text_says(aiko: Person, world: World) -> None:
    with acting_as(aiko, request="r-9", reason="why"):
        world.patrol.note = "x"
        world.patrol.save(update_fields=["note"])
    for event in history(world.patrol):
        body = json.loads(event.canon)
        assert body["at"] == event.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        assert (body["actor"], body["name"], body["request"], body["reason"]) == (
            event.actor,
            event.actor_name,
            event.request,
            event.reason,
        )
        assert (body["table"], body["record"], body["no"], body["action"]) == (
            event.record_table,
            event.record_id,
            event.record_no,
            event.action,
        )
        assert (body["agency"], body["fields"]) == (event.agency_id, event.fields)


def test_the_events_of_a_record_are_numbered_without_gap_and_each_names_the_one_before(
    aiko: Person, world: World
) -> None:
    for word in ("a", "b", "c"):
        with acting_as(aiko):
            world.patrol.note = word
            world.patrol.save(update_fields=["note"])
    events = history(world.patrol)
    assert [event.record_no for event in events] == [1, 2, 3, 4]
    leaves = [None, *(bytes(event.leaf).hex() for event in events)]
    assert [json.loads(event.canon)["prev"] for event in events] == leaves[:-1]


def test_a_record_that_comes_back_continues_its_numbers(world: World) -> None:
    with acting_as(None):
        name = VendorName.objects.create(vendor=world.sora, name="Sora", kind="trade", key="sora")
        pk = name.pk
        name.delete()
        back = VendorName.objects.create(
            pk=pk, vendor=world.sora, name="Sora", kind="trade", key="sora"
        )
    events = history(back)
    assert [(event.record_no, event.action) for event in events] == [
        (1, "insert"),
        (2, "delete"),
        (3, "insert"),
    ]


def test_all_events_of_a_transaction_share_its_id(aiko: Person, world: World) -> None:
    with acting_as(aiko):
        Drone.objects.visible_to(aiko).update(note="one")
        Drone.objects.visible_to(aiko).update(note="two")
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*), count(distinct xid), bool_and(xid = pg_current_xact_id())"
                " from audit_event where record_table = 'registry_drone' and record_id = %s"
                " and action = 'update'",
                [str(world.patrol.pk)],
            )
            assert cursor.fetchone() == (2, 1, True)


@pytest.mark.parametrize(
    "text",
    [
        "無人航空機「はやぶさ」",
        'tab\tline\nquote" back\\slash',
        "\x01\x1f\x7f",
        "\u202eright to left",
        "𠮷野家",
    ],
)
def test_any_text_survives_in_the_evidence(aiko: Person, world: World, text: str) -> None:
    with acting_as(aiko):
        world.patrol.note = text
        world.patrol.save(update_fields=["note"])
    event = history(world.patrol)[-1]
    assert event.changes == [("note", "", text)]
    assert bytes(event.leaf) == hashlib.sha256(b"\x00" + event.canon.encode()).digest()


def test_history_stays_readable_after_somebody_is_renamed(aiko: Person, world: World) -> None:
    old = aiko.email
    with acting_as(aiko):
        world.patrol.note = "mine"
        world.patrol.save(update_fields=["note"])
    with acting_as(None):
        aiko.email = "married@test.example"
        aiko.save()
    event = history(world.patrol)[-1]
    assert (event.actor, event.actor_name) == (aiko.actor, old)


def test_the_events_of_an_agency_are_read_there_and_at_the_centre_alone(
    people: People, world: World
) -> None:
    readers = {}
    for name in ("aiko", "daisuke", "iori"):
        with acting_as(getattr(people, name)):
            readers[name] = Event.objects.of(world.patrol).count()
    assert readers == {"aiko": 1, "daisuke": 0, "iori": 1}


def test_the_history_of_the_catalogue_is_everybodys(daisuke: Person, world: World) -> None:
    with acting_as(daisuke):
        assert Event.objects.of(world.kite).count() == 1


def test_the_history_of_people_is_read_at_the_centre_alone(people: People) -> None:
    with acting_as(people.aiko):
        assert Event.objects.of(people.aiko).count() == 0
    with acting_as(people.jun):
        assert Event.objects.of(people.aiko).count() == 1


def test_the_history_of_a_post_belongs_to_its_agency(people: People, tree: Tree) -> None:
    with acting_as(None):
        post = Membership.objects.create(
            person=people.rin, agency=tree.forestry, role=Role.VIEWER, since=date(2026, 4, 1)
        )
    with acting_as(people.aiko):
        assert Event.objects.of(post).count() == 0
    with acting_as(people.daisuke):
        assert Event.objects.of(post).count() == 1
