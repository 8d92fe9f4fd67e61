"""What the program does by itself: round after round, whatever fails or dies in one of them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from procurement.states import Action
from reporting import clock
from reporting.clock import LOST, PAUSE, run_due, tick, wind_up
from tests.databases import FreshDatabase
from tests.people import settle
from tests.procurement.test_available import take
from tests.procurement.test_notices import told
from tests.worlds import draft, furnish

PROJECT = Path(__file__).parent.parent.parent


def rounds() -> list[str]:
    rows = DBTaskResult.objects.filter(task_path=tick.module_path).order_by("enqueued_at")
    return list(rows.values_list("status", flat=True))


@pytest.mark.django_db
def test_one_round_waits_and_never_two() -> None:
    wind_up(timezone.now())
    wind_up(timezone.now())
    assert rounds() == ["READY"]


@pytest.mark.django_db
def test_a_round_that_dies_has_entered_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(now: datetime) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(clock, "run_due", dies)
    with contextlib.suppress(KeyboardInterrupt):
        tick.call()
    (waiting,) = DBTaskResult.objects.filter(status="READY")
    assert waiting.run_after - timezone.now() <= PAUSE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "began", "ended", "kept"),
    [
        ("SUCCESSFUL", timedelta(hours=2), timedelta(minutes=61), False),
        ("SUCCESSFUL", timedelta(hours=2), timedelta(minutes=59), True),
        ("RUNNING", LOST + timedelta(minutes=1), None, False),
        ("RUNNING", LOST - timedelta(minutes=1), None, True),
    ],
)
def test_rounds_that_ended_or_died_are_dropped_after_a_while(
    status: str, began: timedelta, ended: timedelta | None, kept: bool
) -> None:
    wind_up(timezone.now())
    now = timezone.now()
    DBTaskResult.objects.update(
        status=status, started_at=now - began, finished_at=now - ended if ended else None
    )
    wind_up(now)
    assert rounds() == ([status, "READY"] if kept else ["READY"])


def test_a_part_that_fails_leaves_the_others_to_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fails(now: datetime) -> None:
        raise RuntimeError("this part is broken")

    def works(now: datetime) -> None:
        done.append("worked")

    monkeypatch.setattr(clock, "PARTS", (fails, works))
    run_due(timezone.now())
    assert done == ["worked"]


def test_the_worker_tells_people_by_itself_and_ends_when_it_is_told_to(
    fresh_database: FreshDatabase,
) -> None:
    society = settle()
    world = furnish(society)
    purchase = draft(society.people.aiko, society.tree.coast_guard, world.clean)
    take(purchase, Action.SUBMIT, society.people.aiko)
    worker = _worker()
    try:
        given_up = time.monotonic() + 120
        while not told(purchase):
            assert time.monotonic() < given_up, "nobody was told"
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.wait(0.05)
                pytest.fail(f"the worker ended: {worker.communicate()}")
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
    assert told(purchase) == [("Ben", "your_turn"), ("Nao", "your_turn")]


def _worker() -> "subprocess.Popen[bytes]":
    code = (
        "import django; from django.conf import settings; django.setup();"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r};"
        "settings.EMAIL_BACKEND = 'django.core.mail.backends.dummy.EmailBackend';"
        "from django.core.management import call_command; call_command('worker')"
    )
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
