"""A long piece of work shared between processes."""

import asyncio
import os

import pytest
from django.db import connection

from compliance.processes import spread


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("workers", [1, 2, 3, 9])
def test_each_part_is_worked_on_once(workers: int) -> None:
    parts = range(7)
    assert spread(lambda part: 1 << part, parts, workers) == 0b1111111


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_process_never_uses_a_connection_that_another_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Django keeps the connections of an event loop apart: here one from before it stays open, where `close_all` does not
    see it and the new process, in which no loop runs, would find it."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    this, before = os.getpid(), backend()

    def other(part: int) -> int:
        return int(os.getpid() != this and backend() != before)

    async def work() -> int:
        return spread(other, [1, 2], workers=2)

    assert asyncio.run(work()) == 1
    assert backend() == before
