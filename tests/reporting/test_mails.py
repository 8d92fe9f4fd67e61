"""Mails with notices: what they say, to whom, when, and that each goes out once; through a real mail server."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from agencies.context import acting_as
from agencies.models import Membership, Person
from procurement.models import Purchase
from procurement.news import follow_trail
from procurement.states import Action
from records import outbox
from records.models import MailEntry, Notice
from records.notice_kinds import NoticeKind
from records.outbox import LEASE, PAUSES, claim, send_due
from records.telling import Cause, tell_people
from reporting.clock import tell
from reporting.digests import enter_digests
from reporting.mails import SHOWN, compose
from tests import mail_server
from tests.compliance.test_feed import HERE
from tests.mail_server import MailServer
from tests.people import People, Tree
from tests.procurement.test_available import take
from tests.worlds import World

pytestmark = pytest.mark.django_db

MORNING = timezone.localtime().replace(hour=7, minute=0, second=0, microsecond=0) + timedelta(1)
"""Tomorrow at seven."""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compliance.feed.FRONTIER", HERE)


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    with mail_server.running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.SITE_URL = "https://registry.example"
        yield server


@pytest.fixture
def handed_in(purchase: Purchase, people: People) -> Purchase:
    """It waits for Ben and for Nao, who reads no mails."""
    change(people.nao, mail="none")
    take(purchase, Action.SUBMIT, people.aiko)
    follow_trail()
    return purchase


def change(person: Person, **values: object) -> None:
    with acting_as(None):
        Person.objects.filter(pk=person.pk).update(**values)


def text(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def states(person: Person) -> list[str]:
    with acting_as(None):
        rows = MailEntry.objects.filter(person=person).order_by("due", "id")
        return list(rows.values_list("state", flat=True))


def add(person: Person, world: World, count: int, kind: str = "declined") -> None:
    with acting_as(None):
        causes = [
            Cause(NoticeKind(kind), f"{kind}:{n}", world.patrol, f"P-{n:03}") for n in range(count)
        ]
        tell_people((person, cause) for cause in causes)


def test_what_is_urgent_goes_out_once_with_a_link_in_plain_text_and_in_html(
    post: MailServer, handed_in: Purchase, people: People
) -> None:
    for _ in range(2):
        send_due(compose)
    (mail,) = post.taken
    assert mail["To"] == "ben@test.example"
    assert mail["Subject"] == f"[Drone procurement registry] waits for you: {handed_in}"
    link = f"https://registry.example/reviews/{handed_in.pk}/"
    assert f"“{handed_in}” is in the state “agency review” and waits for you." in text(mail)
    assert link in text(mail)
    assert f'<a href="{link}">' in text(mail, "html")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert states(people.ben) == ["sent"]


def test_a_mail_is_written_in_the_language_of_its_reader(
    post: MailServer, handed_in: Purchase, people: People
) -> None:
    change(people.ben, language="ja", name_local="勉")
    send_due(compose)
    (mail,) = post.taken
    assert "対応待ち" in mail["Subject"]
    assert "勉 様" in text(mail)
    assert "機関内審査" in text(mail)
    assert '<html lang="ja">' in text(mail, "html")


def test_whoever_lost_the_post_gets_no_word_of_the_purchase(
    post: MailServer, handed_in: Purchase, people: People, tree: Tree
) -> None:
    with acting_as(None):
        posts = Membership.objects.unscoped(reason="the posts of one")
        posts.filter(person=people.ben).update(agency=tree.forestry)
    send_due(compose)
    tell(MORNING)
    assert post.to("ben@test.example") == []
    assert states(people.ben) == ["void"]


def test_what_was_read_meanwhile_is_not_mailed(
    post: MailServer, handed_in: Purchase, people: People
) -> None:
    with acting_as(people.ben):
        Notice.objects.visible_to(people.ben).update(read_at=timezone.now())
    send_due(compose)
    assert (post.taken, states(people.ben)) == ([], ["void"])


@pytest.mark.parametrize("values", [{"is_active": False}, {"mail": "none"}])
def test_whoever_may_not_sign_in_any_more_or_wants_no_mail_gets_none(
    values: dict[str, object], post: MailServer, handed_in: Purchase, people: People
) -> None:
    change(people.ben, **values)
    send_due(compose)
    assert (post.taken, states(people.ben)) == ([], ["void"])


def test_a_mail_that_the_server_refuses_is_tried_again_later_and_is_the_same_mail(
    post: MailServer, handed_in: Purchase, people: People
) -> None:
    post.behaviour = "refuse"
    send_due(compose)
    with acting_as(None):
        entry = MailEntry.objects.get(person=people.ben)
    assert (entry.state, entry.attempts) == ("waiting", 1)
    assert "nobody of that name" in entry.last_error
    assert entry.due - timezone.now() <= PAUSES[0]
    post.behaviour = "take"
    send_due(compose)
    assert post.taken == [], "not before the pause is over"
    send_due(compose, now=entry.due)
    (mail,) = post.taken
    assert mail["Message-ID"] == f"<{entry.pk}@demo.example>"


def test_a_mail_that_is_refused_every_time_is_given_up(
    post: MailServer, handed_in: Purchase, people: People
) -> None:
    post.behaviour = "refuse"
    for days, _ in enumerate(PAUSES):
        send_due(compose, now=timezone.now() + timedelta(days=days))
        assert states(people.ben) == ["waiting"]
    send_due(compose, now=timezone.now() + timedelta(days=len(PAUSES)))
    assert states(people.ben) == ["dead"]


def test_while_the_server_is_away_everything_waits(
    handed_in: Purchase, people: People, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server.running() as gone:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", gone.port
    done = send_due(compose)
    assert (done.sent, done.failed, states(people.ben)) == (0, 1, ["waiting"])


def test_a_mail_of_which_nobody_knows_whether_it_was_taken_is_not_sent_again_and_said_in_the_digest(
    post: MailServer, handed_in: Purchase, people: People
) -> None:
    post.behaviour = "break"
    assert send_due(compose).unsure == 1
    post.behaviour = "take"
    send_due(compose, now=timezone.now() + timedelta(days=1))
    assert len(post.taken) == 1
    assert states(people.ben) == ["unsure"]
    tell(MORNING)
    assert len(post.taken) == 2
    assert str(handed_in) in text(post.taken[1])


def test_a_mail_whose_sender_died_is_settled_once_its_time_is_over(
    post: MailServer, handed_in: Purchase, people: People
) -> None:
    begun = timezone.now()
    assert claim(begun) is not None
    send_due(compose, now=begun + LEASE - timedelta(seconds=1))
    assert states(people.ben) == ["sending"]
    send_due(compose, now=begun + LEASE + timedelta(seconds=1))
    assert (post.taken, states(people.ben)) == ([], ["unsure"])


def test_whoever_took_too_long_does_not_mark_what_was_settled(
    handed_in: Purchase, people: People
) -> None:
    entry = claim(timezone.now())
    assert entry is not None
    outbox.settle_unsure(timezone.now() + 2 * LEASE)
    outbox._mark(entry, MailEntry.State.SENT)
    assert states(people.ben) == ["unsure"]


def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(
    post: MailServer, world: World, people: People
) -> None:
    add(people.mika, world, 1, "loan_overdue")  # its words ask for a day that is not given
    add(people.emi, world, 1, "returned")
    done = send_due(compose)
    assert (done.sent, done.failed) == (1, 1)
    assert [mail["To"] for mail in post.taken] == ["emi@test.example"]


# ------------------------------------------------------------------ the daily mail


def test_the_digest_is_entered_from_seven_on_and_once_a_day(
    post: MailServer, world: World, people: People
) -> None:
    add(people.aiko, world, 2)
    assert enter_digests(MORNING - timedelta(seconds=1)) == 0
    assert [enter_digests(MORNING + timedelta(hours=each)) for each in range(3)] == [1, 0, 0]
    add(people.aiko, world, 3)  # one more than was known
    assert enter_digests(MORNING + timedelta(hours=5)) == 0
    assert enter_digests(MORNING + timedelta(days=1)) == 1
    send_due(compose, now=MORNING + timedelta(days=1))
    first, second = post.to("aiko@test.example")
    assert ["P-000" in text(first), "P-002" in text(first)] == [True, False]
    assert ["P-000" in text(second), "P-002" in text(second)] == [False, True]


def test_a_digest_says_first_what_waits_and_then_what_is_new(
    post: MailServer, handed_in: Purchase, world: World, people: People
) -> None:
    change(people.ben, mail="digest")
    with acting_as(None):
        Notice.objects.update(mail=None)
    tell(MORNING)
    (mail,) = post.to("ben@test.example")
    said = text(mail)
    assert mail["Subject"] == "[Drone procurement registry] 1 notice"
    waits, new = said.index("What waits for you"), said.index("What is new")
    assert waits < said.index("Purchases to decide on") < new
    assert f"https://registry.example/reviews/{handed_in.pk}/" in said[waits:new]
    assert str(handed_in) in said[new:]


def test_a_digest_of_two_hundred_notices_shows_some_of_each_kind_and_says_how_many_there_are(
    post: MailServer, world: World, people: People
) -> None:
    add(people.aiko, world, 150, "declined")
    add(people.aiko, world, 50, "cancelled")
    tell(MORNING)
    (mail,) = post.to("aiko@test.example")
    said = text(mail)
    assert mail["Subject"].endswith("200 notices")
    assert said.count("was declined") == said.count("was cancelled") == SHOWN
    assert f"and {150 - SHOWN} more in the inbox" in said
    assert f"and {50 - SHOWN} more in the inbox" in said
    assert len(mail.as_bytes()) < 60_000


def test_the_queries_of_a_digest_do_not_grow_with_its_notices(world: World, people: People) -> None:
    counted = []
    for person, count in ((people.aiko, 3), (people.mika, 60)):
        add(person, world, count)
        enter_digests(MORNING)
        entry = claim(MORNING)
        assert entry is not None
        with CaptureQueriesContext(connection) as captured:
            assert compose(entry) is not None
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_a_digest_is_written_in_the_language_of_its_reader(
    post: MailServer, world: World, people: People
) -> None:
    change(people.aiko, language="ja")
    add(people.aiko, world, 1)
    tell(MORNING)
    (mail,) = post.to("aiko@test.example")
    assert "新着" in text(mail)
    assert "不承認となりました" in text(mail)


def test_what_was_mailed_at_once_is_not_said_again_in_the_digest(
    post: MailServer, handed_in: Purchase, people: People
) -> None:
    send_due(compose)
    tell(MORNING)
    assert len(post.to("ben@test.example")) == 1


def test_an_old_notice_is_in_no_digest(post: MailServer, world: World, people: People) -> None:
    add(people.aiko, world, 1)
    tell(MORNING + timedelta(days=15))
    assert post.taken == []
