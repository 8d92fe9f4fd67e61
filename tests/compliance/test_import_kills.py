"""An import that is killed anywhere and run again ends as one that was not."""

import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from agencies.context import acting_as
from compliance.models import Standing
from registry.models import Drone
from tests import databases
from tests.people import settle
from tests.registry.spreadsheets import HEADING, SORA, text
from tests.worlds import furnish

ROWS = 3_000
PROJECT = Path(__file__).parent.parent.parent


def spreadsheet(folder: Path) -> Path:
    rows = [HEADING]
    rows += [(*SORA, f"K{n:05}" if n % 10 else "なし", "R2.4.1", str(n)) for n in range(ROWS)]
    file = folder / "fleet.csv"
    file.write_bytes(text(rows))
    return file


def command(file: Path, folder: Path) -> "subprocess.Popen[bytes]":
    """The command in a process of its own, on the database of the test."""
    code = (
        "import sys, django; from django.conf import settings; django.setup();"
        f"settings.MEDIA_ROOT = {str(folder / 'uploads')!r};"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r};"
        "from django.core.management import call_command;"
        f"call_command('import_drones', {str(file)!r}, '--agency', 'jcg', '--json')"
    )
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def stored() -> int:
    with acting_as(None):
        return Drone.objects.unscoped(reason="all").count()


def outcome() -> list[Any]:
    """Rows, standings and events without what differs by nature: ids, tags, times, keys."""
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute(
            "select serial_number, serial_missing_because, place, price, acquired_on, build_id, status from registry_drone"
            " order by 1, 4"
        )
        drones = cursor.fetchall()
        cursor.execute('select "row", copy from registry_importedrow order by 1, 2')
        origins = cursor.fetchall()
        cursor.execute(
            "select record_table, action, record_no, fields, count(*) from audit_event"
            " where record_table in ('registry_drone', 'registry_importsession') group by 1, 2, 3, 4 order by 1, 2, 3, 4"
        )
        events = cursor.fetchall()
        standings = Standing.objects.unscoped(reason="all").count()
    return [drones, origins, events, standings]


def finished(process: "subprocess.Popen[bytes]") -> None:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, (out, err)


def killed_when(process: "subprocess.Popen[bytes]", reached: Callable[[], bool]) -> bool:
    """Kill it once that is reached; whether it was still running then."""
    while not reached():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.01)
            return False
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return True


@contextlib.contextmanager
def world_of_its_own(template: str) -> Iterator[None]:
    with databases.copy_in_use(template):
        furnish(settle())
        yield


@pytest.fixture
def clean(
    template_database: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path: Path,
) -> Iterator[list[Any]]:
    """What one run that nobody killed leaves."""
    with django_db_blocker.unblock():
        with world_of_its_own(template_database):
            finished(command(spreadsheet(tmp_path), tmp_path))
            left = outcome()
        yield left


def test_killed_before_between_and_after_chunks_it_ends_as_one_clean_run(
    clean: list[Any], template_database: str, tmp_path: Path
) -> None:
    file = spreadsheet(tmp_path)
    with world_of_its_own(template_database):
        before = stored()
        for reached in (before, before + 1_000, before + 2_000):
            process = command(file, tmp_path)
            assert killed_when(process, partial(_reached, reached))
        finished(command(file, tmp_path))
        assert outcome() == clean
    drones, origins, _events, standings = clean
    assert (len(drones), len(origins)) == (ROWS + before, ROWS)
    assert standings >= ROWS


def _reached(count: int) -> bool:
    return stored() >= count


@pytest.mark.slow
def test_twelve_kills_at_random_moments_leave_what_one_clean_run_leaves(
    clean: list[Any], template_database: str, tmp_path: Path
) -> None:
    file, chance = spreadsheet(tmp_path), random.Random(20260401)  # noqa: S311  # not a secret
    with world_of_its_own(template_database):
        kills = 0
        for _attempt in range(12):
            process = command(file, tmp_path)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.5, 9))
            kills += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.communicate()
        finished(command(file, tmp_path))
        assert kills
        assert outcome() == clean
