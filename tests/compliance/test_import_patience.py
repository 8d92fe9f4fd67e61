"""An import that takes longer to read or to check than the database lets an open transaction wait."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from agencies.context import acting_as
from compliance.intake import take_up
from registry.aliases import is_disguised
from registry.imports import checking
from registry.imports.sessions import Source, begin, confirm
from registry.imports.uploads import keep
from registry.models import Drone, ImportSession
from standards.sheets.opening import open_sheets
from tests import databases
from tests.people import Society, settle
from tests.registry.spreadsheets import HEADING, SORA, text
from tests.worlds import furnish

ORDER = ("--agency", "jcg", "--json", "--partial")
PATIENCE = 0.25
"""Seconds that the database waits for whoever does nothing in a transaction."""


def at_leisure(work: Callable[..., Any]) -> Callable[..., Any]:
    """The same work, done again and again until the database would have lost its patience."""

    def worked(*args: Any, **kwargs: Any) -> Any:
        enough = time.perf_counter() + 1.5 * PATIENCE
        while True:
            found = work(*args, **kwargs)
            if time.perf_counter() > enough:
                return found

    return worked


@pytest.fixture
def society(
    template_database: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Society]:
    monkeypatch.setattr(checking, "open_sheets", at_leisure(open_sheets))
    monkeypatch.setattr(checking, "is_disguised", at_leisure(is_disguised))
    with django_db_blocker.unblock(), databases.copy_in_use(template_database):
        society = settle()
        furnish(society)
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('idle_in_transaction_session_timeout', %s, false)",
                [f"{PATIENCE:.2f}s"],
            )
        yield society


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    file = tmp_path / "fleet.csv"
    rows = [(*SORA, f"P{n}", "R2.4.1", str(n)) for n in range(20)]
    file.write_bytes(text([HEADING, *rows, ("Nobody", "X-9", "N1", "", "")]))
    return file


def stored() -> int:
    with acting_as(None):
        found = Drone.objects.unscoped(reason="of the file").filter(serial_number__startswith="P")
        return found.count()


def test_the_command_reads_it_in_its_first_run_and_in_its_second(
    society: Society, file: Path
) -> None:
    for _run in range(2):
        with pytest.raises(SystemExit, match="1"):
            call_command("import_drones", str(file), *ORDER, stdout=io.StringIO())
        assert stored() == 20


def test_the_worker_reads_it_to_check_it_and_once_more_to_store_it(
    society: Society, file: Path
) -> None:
    aiko, agency = society.people.aiko, society.tree.coast_guard
    upload = keep([file.read_bytes()], agency.pk)
    with acting_as(aiko):
        session = begin(Source(upload, file.name, agency, aiko))
    session = take_up(session.pk)
    assert (session.state, stored()) == (ImportSession.State.CHECKED, 0)
    with acting_as(aiko):
        confirm(session, plan=session.plan, partial=True, by=aiko)
    assert take_up(session.pk).state == ImportSession.State.APPLIED
    assert stored() == 20
