"""Killed between any two of step, notice, mail entered and mail sent: everybody is told once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from agencies.context import acting_as
from procurement.models import Purchase
from procurement.states import Action
from records.models import MailEntry, Notice
from records.outbox import LEASE
from reporting.clock import tell
from tests import mail_server
from tests.compliance.test_feed import HERE
from tests.databases import FreshDatabase
from tests.mail_server import MailServer
from tests.people import Society, settle
from tests.procurement.test_available import take
from tests.worlds import World, draft, furnish

PROJECT = Path(__file__).parent.parent.parent
TOLD_BY_MAIL = ("ben", "nao")
NOW = timezone.now()
MORNING = timezone.localtime(NOW).replace(hour=7, minute=0, second=0, microsecond=0) + timedelta(1)

# In the child: the point at which it kills itself, as the function after which, or before which, it dies.
DIE = """
def dies(owner, name, before):
    real = getattr(owner, name)
    def wrapped(*args, **kwargs):
        if before:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, wrapped)
"""
POINTS = {
    "before the trail is read": "dies(clock, 'follow_trail', True)",
    "between the notices and the end of their transaction": "dies(news, 'tell_people', False)",
    "between the notices and the mails": "dies(clock, 'enter_digests', True)",
    "between the entry and the mail server": "dies(outbox, '_hand_over', True)",
    "between the mail server and the mark": "dies(SMTP, 'send_messages', False)",
}


def child(port: int, now: str, die: str = "", rounds: int = 1) -> "subprocess.Popen[bytes]":
    """The clock in a process of its own, on the database of the test and with its mail server."""
    code = (
        "import os, signal, sys, django; from datetime import datetime; from django.conf import settings; django.setup();"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r};"
        "settings.EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend';"
        f"settings.EMAIL_HOST, settings.EMAIL_PORT = '127.0.0.1', {port};"
        "from django.core.mail.backends.smtp import EmailBackend as SMTP;"
        "from compliance import feed; from procurement import news; from records import outbox; from reporting import clock;"
        f"feed.FRONTIER = {HERE!r}\n{DIE}\n{die}\n"
        f"for _ in range({rounds}): clock.tell(datetime.fromisoformat({now!r}))"
    )
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open transactions of other databases hold the frontier back; those of tests beside this one shall not."""
    monkeypatch.setattr("compliance.feed.FRONTIER", HERE)


@pytest.fixture
def society_at_work(fresh_database: FreshDatabase) -> Society:
    return settle()


@pytest.fixture
def world_at_work(society_at_work: Society) -> World:
    return furnish(society_at_work)


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    with mail_server.running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def hand_in(society: Society, world: World, count: int = 1) -> list[Purchase]:
    purchases = [
        draft(society.people.aiko, society.tree.coast_guard, world.clean, title=f"No. {n}")
        for n in range(count)
    ]
    for each in purchases:
        take(each, Action.SUBMIT, society.people.aiko)
    return purchases


def told() -> Counter[tuple[str, str]]:
    """(who, about what) of every notice."""
    with acting_as(None):
        rows = Notice.objects.values_list("person__email", "record_id")
        return Counter((who.split("@")[0], record) for who, record in rows)


def expected(purchases: list[Purchase]) -> Counter[tuple[str, str]]:
    return Counter((who, str(each.pk)) for each in purchases for who in TOLD_BY_MAIL)


def said(post: MailServer, who: str, title: str) -> int:
    """How many mails to this person speak of this purchase."""
    bodies = [mail.get_body(("plain",)) for mail in post.to(f"{who}@test.example")]
    return sum(body is not None and title in body.get_content() for body in bodies)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_this_point_and_run_again_everybody_is_told_once_and_by_mail(
    point: str, society_at_work: Society, world_at_work: World, post: MailServer
) -> None:
    purchases = hand_in(society_at_work, world_at_work)
    killed = child(post.port, NOW.isoformat(), POINTS[point])
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL, "it died where it should"
    tell(NOW)
    tell(NOW + 2 * LEASE)
    assert told() == expected(purchases)
    at_once = Counter(mail["Message-ID"] for mail in post.taken)
    assert set(at_once.values()) == {1}, "no mail twice"
    unsure = _unsure()
    in_doubt = point.startswith(("between the entry", "between the mail server"))
    assert len(unsure) == in_doubt
    tell(MORNING)
    tell(MORNING + timedelta(1))
    for who in TOLD_BY_MAIL:
        taken_before_death = point.startswith("between the mail server") and who in unsure
        assert said(post, who, "No. 0") == 1 + taken_before_death, who


def _unsure() -> set[str]:
    with acting_as(None):
        rows = MailEntry.objects.filter(state="unsure").values_list("person__email", flat=True)
        return {each.split("@")[0] for each in rows}


@pytest.mark.slow
def test_fifty_kills_at_random_moments_tell_everybody_once(
    society_at_work: Society, world_at_work: World, post: MailServer
) -> None:
    chance = random.Random(20260401)  # noqa: S311  # not a secret
    purchases, kills = [], 0
    for _ in range(50):
        purchases += hand_in(society_at_work, world_at_work)
        process = child(post.port, timezone.now().isoformat(), rounds=200)
        time.sleep(chance.uniform(0.6, 2.0))
        kills += process.poll() is None
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.communicate()
    tell(timezone.now())
    tell(timezone.now() + 2 * LEASE)
    assert kills > 25
    assert told() == expected(purchases)
    assert set(Counter(mail["Message-ID"] for mail in post.taken).values()) == {1}
    with acting_as(None):
        states = set(MailEntry.objects.values_list("state", flat=True))
    assert states <= {"sent", "unsure"}
