"""Notices are of one person: the database shows and lets mark nobody else's."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Membership, Person
from records.models import MailEntry, Notice
from records.notice_kinds import NoticeKind
from records.outbox import send_again
from records.telling import Cause, tell_people
from tests.people import People, Tree
from tests.refusals import NO_RIGHT, refused
from tests.worlds import World

pytestmark = pytest.mark.django_db


def tell(person: Person, world: World, key: str = "one", kind: str = "loan_overdue") -> None:
    """About an aircraft of the Coast Guard."""
    with acting_as(None):
        tell_people([(person, Cause(NoticeKind(kind), key, world.patrol, "S-1"))])


def rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def test_a_notice_is_seen_by_its_person_alone_and_by_the_program(
    world: World, people: People
) -> None:
    tell(people.aiko, world)
    seen = {}
    for name in ("aiko", "ben", "daisuke", "chie", "iori", "jun"):
        with acting_as(getattr(people, name)):
            seen[name] = rows("select count(*) from records_notice")[0][0]
    assert seen == {"aiko": 1, "ben": 0, "daisuke": 0, "chie": 0, "iori": 0, "jun": 0}
    with acting_as(None):
        assert rows("select count(*) from records_notice") == [(1,)]
    assert rows("select count(*) from records_notice") == [(0,)], "without a context"


def test_a_person_of_the_centre_sees_their_own(world: World, people: People) -> None:
    tell(people.chie, world)
    with acting_as(people.chie):
        assert Notice.objects.visible_to(people.chie).count() == 1


def test_whoever_lost_the_post_sees_no_notice_of_that_agency_any_more(
    world: World, tree: Tree, people: People
) -> None:
    tell(people.aiko, world)
    with acting_as(None):
        posts = Membership.objects.unscoped(reason="the posts of one")
        posts.filter(person=people.aiko).update(agency=tree.forestry)
    aiko = Person.objects.get(pk=people.aiko.pk)
    with acting_as(aiko):
        assert rows("select count(*) from records_notice") == [(0,)]
        assert Notice.objects.visible_to(aiko).count() == 0
    with acting_as(None):
        assert Notice.objects.visible_to(aiko).count() == 0, "by the first net alone"


def test_nobody_marks_the_notice_of_another_as_read(world: World, people: People) -> None:
    tell(people.aiko, world)
    for name in ("ben", "chie"):
        with acting_as(getattr(people, name)):
            assert Notice.objects.update(read_at=timezone.now()) == 0
    with acting_as(people.aiko):
        assert Notice.objects.update(read_at=timezone.now()) == 1


def test_nobody_but_the_program_enters_changes_or_deletes_notices(
    world: World, people: People
) -> None:
    tell(people.aiko, world)
    for person in (people.aiko, people.chie):
        for statement in (
            "update records_notice set label = 'another'",
            "delete from records_notice",
            "update records_notice set person_id = person_id",
        ):
            with refused(NO_RIGHT), acting_as(person), connection.cursor() as cursor:
                cursor.execute(statement)
        with refused(NO_RIGHT), acting_as(person):
            Notice.objects.create(
                person=people.aiko, kind="returned", cause="x", label="x", record_id="1"
            )


def test_mails_on_their_way_are_seen_by_the_program_and_by_administrators_alone(
    world: World, people: People
) -> None:
    tell(people.aiko, world)
    with acting_as(people.chie):
        assert MailEntry.objects.count() == 0
    with acting_as(people.jun):
        assert MailEntry.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(people.aiko):
        MailEntry.objects.count()


def test_an_administrator_lets_a_mail_wait_again_that_was_given_up_and_no_other(
    world: World, people: People
) -> None:
    tell(people.aiko, world)
    with acting_as(people.jun):
        assert MailEntry.objects.update(state="waiting") == 0
    with acting_as(None):
        MailEntry.objects.update(state="dead")
    with acting_as(people.jun):
        send_again(MailEntry.objects.get())
    with acting_as(None):
        assert MailEntry.objects.get().state == "waiting"


def test_one_cause_is_told_once_to_each_person(world: World, people: People) -> None:
    for _ in range(2):
        tell(people.aiko, world)
        tell(people.mika, world)
    tell(people.aiko, world, key="another")
    tell(people.aiko, world, kind="waiver_ending")
    with acting_as(None):
        assert Notice.objects.filter(person=people.aiko).count() == 3
        assert Notice.objects.filter(person=people.mika).count() == 1
        assert MailEntry.objects.count() == 4
