"""Storing an import that was confirmed: aircraft in chunks, then the standing of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection

from agencies.context import acting_as
from agencies.models import Person
from audit.context import tell
from compliance.assess import refresh_drones
from registry.imports.applying import Overtaken, chunks, store_chunk
from registry.imports.checking import Checked
from registry.imports.sessions import (
    NotAsConfirmed,
    State,
    check,
    check_session,
    finish,
    read_session,
)
from registry.models import ImportSession

_WITHOUT_STANDING = """
select d.id::text, d.build_id from registry_importedrow i join registry_drone d on d.id = i.drone_id
where i.session_id = %s and not exists (select 1 from compliance_standing s where s.drone_id = d.id)
"""
_BUILDS = "select id::text, build_id from registry_drone where id = any(%s::uuid[])"


def store(session: ImportSession, checked: Checked | None = None) -> ImportSession:
    """Store what was confirmed, from where an earlier run was stopped; harmless to repeat. The file is
    checked again unless the check was made just now.

    Each chunk is a transaction with the cursor, so that the program may die anywhere. Raises
    `NotAsConfirmed` when the file would do something else than what was confirmed, and `Overtaken`
    when another run stores the same import at this moment.
    """
    if checked is None:
        table = read_session(session)
        with _working_for(session):
            checked = check_session(session, table)
    _compare(session, checked)
    for entries in chunks(checked.pending()):
        with _working_for(session):
            store_chunk(session, entries)
            changed = [str(entry.drone_id) for entry in entries if entry.drone_id is not None]
            if changed:
                refresh_drones(_fetch(_BUILDS, [changed]))
    with _working_for(session):
        refresh_drones(_fetch(_WITHOUT_STANDING, [session.pk]))
        finish(session)
    return session


def take_up(session_id: UUID) -> ImportSession:
    """Do what is next with an import: check it, or store it. When the registry changed since it was
    confirmed and nothing is stored yet, it is checked again and waits for another confirmation."""
    with acting_as(None):
        rows = ImportSession.objects.unscoped(reason="the import that the job is about")
        session = rows.select_related("confirmed_by", "started_by").get(pk=session_id)
    if session.state == State.UPLOADED:
        _check(session, session.started_by)
    if session.state == State.APPLYING:
        _store_or_ask_again(session)
    return session


def _store_or_ask_again(session: ImportSession) -> None:
    try:
        store(session)
    except Overtaken:
        return
    except NotAsConfirmed:
        if session.next_row == 0:
            _check(session, session.confirmed_by)


def _check(session: ImportSession, by: Person | None) -> None:
    table = read_session(session)
    with acting_as(by):
        check(session, check_session(session, table))


@contextmanager
def _working_for(session: ImportSession) -> Iterator[None]:
    """A transaction in the name of who confirmed, so that the trail names them, the file and the import."""
    reason = f"import of {session.file_name}"
    with acting_as(session.confirmed_by, reason=reason):
        tell({"app.request": str(session.pk)})
        yield


def _compare(session: ImportSession, checked: Checked) -> None:
    if session.state != State.APPLYING:
        raise NotAsConfirmed
    if checked.problems and not session.partial:
        raise NotAsConfirmed
    if session.next_row == 0 and checked.digest() != session.plan:
        raise NotAsConfirmed


def _fetch(sql: str, parameters: list[Any]) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [(str(drone), int(build)) for drone, build in cursor.fetchall()]
