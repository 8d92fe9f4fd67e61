"""The inbox, its badge, how notices reach somebody, and what an administrator sees of the mails."""

import pytest

from agencies.context import acting_as
from agencies.models import Person
from records.models import MailEntry, Notice
from records.notice_kinds import NoticeKind
from records.notice_words import ROUTES, SENTENCES, address
from records.telling import Cause, tell_people
from reporting.inbox import MOST_COUNTED
from tests.people import People
from tests.web.journeys import main_of, text_of
from tests.web.pages import queries, shown, signed_in
from tests.worlds import World

pytestmark = pytest.mark.django_db


def tell(person: Person, world: World, *labels: str, kind: str = "declined") -> None:
    with acting_as(None):
        tell_people(
            (person, Cause(NoticeKind(kind), f"{kind}:{label}", world.patrol, label))
            for label in labels
        )


def unread(person: Person) -> int:
    with acting_as(person):
        return Notice.objects.visible_to(person).unread().count()


def the_notice(person: Person) -> Notice:
    with acting_as(person):
        return Notice.objects.visible_to(person).get()


def test_every_kind_of_notice_has_its_words() -> None:
    assert set(SENTENCES) == set(NoticeKind)


def test_an_inbox_without_notices_says_so(world: World, people: People) -> None:
    client = signed_in(people.rin)
    assert "You have read all your notices." in shown(client, "/notices/")
    assert "You have not been told anything yet." in shown(client, "/notices/?all=true")


def test_the_inbox_shows_what_is_unread_and_on_another_tab_everything(
    world: World, people: People
) -> None:
    tell(people.aiko, world, "P-1")
    client = signed_in(people.aiko)
    assert "“P-1” was declined." in shown(client, "/notices/")
    assert client.post("/notices/read/").status_code == 302
    assert "P-1" not in shown(client, "/notices/")
    assert "“P-1” was declined." in shown(client, "/notices/?all=true")


def test_opening_a_notice_leads_to_its_record_and_marks_it_as_read(
    world: World, people: People
) -> None:
    tell(people.aiko, world, "P-1")
    client, notice = signed_in(people.aiko), the_notice(people.aiko)
    answer = client.head(f"/notices/{notice.pk}/")
    assert (answer["location"], unread(people.aiko)) == (f"/drones/{world.patrol.pk}/", 1)
    answer = client.get(f"/notices/{notice.pk}/")
    assert (answer["location"], unread(people.aiko)) == (f"/drones/{world.patrol.pk}/", 0)


def test_one_notice_is_marked_as_read(world: World, people: People) -> None:
    tell(people.aiko, world, "P-1", "P-2")
    client = signed_in(people.aiko)
    with acting_as(people.aiko):
        first = Notice.objects.get(label="P-1")
    client.post(f"/notices/{first.pk}/read/")
    page = shown(client, "/notices/")
    assert ("P-1" in page, "P-2" in page) == (False, True)


def test_marking_the_notices_of_a_kind_leaves_the_others(world: World, people: People) -> None:
    tell(people.aiko, world, "P-1")
    tell(people.aiko, world, "P-2", kind="returned")
    client = signed_in(people.aiko)
    assert "P-2" not in main_of(client.get("/notices/?kind=declined"))
    client.post("/notices/read/", {"kind": "declined"})
    assert unread(people.aiko) == 1
    client.post("/notices/read/", {"kind": "no such kind"})
    assert unread(people.aiko) == 1


def test_an_unknown_kind_is_refused_with_a_sentence(world: World, people: People) -> None:
    answer = signed_in(people.aiko).get("/notices/?kind=nonsense")
    assert answer.status_code == 422
    assert "nonsense" in answer.content.decode()


def test_the_badge_counts_what_is_unread_and_stops_at_a_hundred(
    world: World, people: People
) -> None:
    client = signed_in(people.aiko)
    assert 'class="count">' not in shown(client, "/vendors/").split("<main")[0]
    tell(people.aiko, world, "P-1", "P-2")
    assert 'class="count">2<' in shown(client, "/vendors/").split("<main")[0]
    tell(people.aiko, world, *(f"Q-{n}" for n in range(MOST_COUNTED + 5)))
    assert 'class="count">99+<' in shown(client, "/vendors/").split("<main")[0]


def test_notices_stand_under_their_day_in_the_language_of_the_reader(
    world: World, people: People
) -> None:
    tell(people.aiko, world, "P-1")
    page = shown(signed_in(people.aiko, language="ja"), "/notices/")
    assert "「P-1」は不承認となりました。" in page
    assert "年" in text_of(signed_in(people.aiko, language="ja").get("/notices/"))


def test_the_queries_of_the_inbox_do_not_grow_with_its_notices(
    world: World, people: People
) -> None:
    tell(people.aiko, world, "P-1")
    tell(people.mika, world, *(f"P-{n}" for n in range(40)))
    few = queries(signed_in(people.aiko), "/notices/")
    assert queries(signed_in(people.mika), "/notices/") == few


def test_somebody_chooses_how_notices_reach_them(world: World, people: People) -> None:
    client = signed_in(people.aiko)
    assert client.post("/notices/settings/", {"mail": "digest"}).status_code == 422
    client.post("/notices/settings/", {"mail": "digest", "language": "ja"})
    with acting_as(None):
        aiko = Person.objects.get(pk=people.aiko.pk)
        assert (aiko.mail, aiko.language) == ("digest", "ja")


def test_an_administrator_sees_mails_that_were_given_up_and_sends_them_again(
    world: World, people: People
) -> None:
    tell(people.aiko, world, "P-1", kind="returned")
    client = signed_in(people.jun)
    assert "No mail was given up" in shown(client, "/notices/mails/")
    with acting_as(None):
        MailEntry.objects.update(state="dead", last_error="550 nobody")
        entry = MailEntry.objects.get()
    page = shown(client, "/notices/mails/")
    assert "550 nobody" in page
    assert "P-1" not in page, "no word of what it says"
    client.post(f"/notices/mails/{entry.pk}/again/")
    with acting_as(None):
        assert MailEntry.objects.get().state == "waiting"
    assert client.post(f"/notices/mails/{entry.pk}/again/").status_code == 404


@pytest.mark.parametrize("table", sorted(ROUTES))
def test_a_notice_leads_to_a_page_of_its_kind_of_record(table: str) -> None:
    notice = Notice(kind="returned", record_table=table, record_id=str(Notice().pk))
    assert address(notice).endswith(f"/{notice.record_id}/")
