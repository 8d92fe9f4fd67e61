"""Notices for programs: one's own, in both languages, and marking them as read."""

import pytest

from agencies.context import acting_as
from agencies.models import Person
from records.notice_kinds import NoticeKind
from records.telling import Cause, tell_people
from tests.api.programs import API, program_of
from tests.people import People
from tests.worlds import World

pytestmark = pytest.mark.django_db

NOTICES = f"{API}/notices/"


def tell(person: Person, world: World, *labels: str, kind: str = "declined") -> None:
    with acting_as(None):
        for label in labels:
            tell_people([(person, Cause(NoticeKind(kind), label, world.patrol, label))])


def test_a_program_reads_what_its_person_was_told_newest_first(
    world: World, people: People
) -> None:
    tell(people.aiko, world, "P-1", "P-2")
    tell(people.mika, world, "P-3")
    rows = program_of(people.aiko).get(NOTICES).json()["results"]
    assert [each["about"] for each in rows] == ["P-2", "P-1"]
    first = program_of(people.aiko).get(f"{NOTICES}{rows[0]['id']}/").json()
    assert first == rows[0]
    assert first.pop("created_at")
    assert first == {
        "id": rows[0]["id"],
        "kind": "declined",
        "about": "P-2",
        "sentence": {
            "en": "“P-2” was declined. The reasons stand in its timeline.",
            "ja": "「P-2」は不承認となりました。理由は経過に記載されています。",
        },
        "page": f"/drones/{world.patrol.pk}/",
        "read_at": None,
    }


def test_notices_are_filtered_by_kind_and_by_whether_they_are_read(
    world: World, people: People
) -> None:
    tell(people.aiko, world, "P-1")
    tell(people.aiko, world, "P-2", kind="returned")
    program = program_of(people.aiko)
    (one,) = program.get(f"{NOTICES}?kind=returned").json()["results"]
    assert one["about"] == "P-2"
    program.post(f"{NOTICES}{one['id']}/read/")
    for unread, label in (("true", "P-1"), ("false", "P-2")):
        (found,) = program.get(f"{NOTICES}?unread={unread}").json()["results"]
        assert found["about"] == label


def test_marking_twice_keeps_the_first_time_and_counts_nothing_more(
    world: World, people: People
) -> None:
    tell(people.aiko, world, "P-1", "P-2")
    tell(people.mika, world, "P-3")
    program = program_of(people.aiko)
    one = program.get(NOTICES).json()["results"][0]["id"]
    times = [program.post(f"{NOTICES}{one}/read/").json()["read_at"] for _ in range(2)]
    assert times[0] is not None
    assert times[0] == times[1]
    assert [program.post(f"{NOTICES}read/").json() for _ in range(2)] == [
        {"marked": 1},
        {"marked": 0},
    ]
    assert len(program_of(people.mika).get(f"{NOTICES}?unread=true").json()["results"]) == 1
