"""Writing refused attempts to the trail, and noticing those that only the database refused."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import structlog
from django.db import DatabaseError, connection, transaction

from audit.attempts import Attempt, Notes, Told, current, notice
from audit.context import tell

NO_RIGHT: Final = "42501"
GUARDED: Final = frozenset({"RG403", "RG409"})
"""SQLSTATEs of the triggers of this program; the detail names the guard, the hint the record."""
STATEMENT: Final = re.compile(
    r'\s*(?:(insert)\s+into|(update)|(delete)\s+from)\s+(?:only\s+)?"?(\w+)', re.IGNORECASE
)
UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
CANDIDATES: Final = 20

log = structlog.get_logger(__name__)


@contextmanager
def noting(through: str) -> Iterator[None]:
    """Refusals of what is done inside are written down afterwards, whatever became of it."""
    if current.get() is not None:
        yield
        return
    notes = Notes(through)
    token = current.set(notes)
    try:
        with connection.execute_wrapper(_watch):
            yield
    finally:
        current.reset(token)
        if notes.attempts:
            _write(notes)


def _watch(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
) -> Any:
    try:
        return execute(sql, params, many, context)
    except DatabaseError as error:
        _notice_statement(error, sql, () if many or params is None else tuple(params))
        raise


def _notice_statement(error: DatabaseError, sql: str, params: tuple[object, ...]) -> None:
    """A statement that a trigger or a missing right refused: what it did to which table, and the record if it can be told."""
    cause = error.__cause__
    code, diag = getattr(cause, "pgcode", ""), getattr(cause, "diag", None)
    if code not in GUARDED and code != NO_RIGHT:
        return
    found = STATEMENT.match(sql)
    verb, table = [each.lower() for each in found.groups() if each] if found else ("", "")
    guard = getattr(diag, "message_detail", "") if code in GUARDED else "no_right"
    concerned, _colon, record = (getattr(diag, "message_hint", "") or "").partition(":")
    records = (record,) if record else _candidates(params)
    what = f"{verb} {table}".strip() or "statement"
    notice(Attempt(what, guard or code, concerned or table, records, Told.BY_DATABASE))


def _candidates(params: tuple[object, ...]) -> tuple[str, ...]:
    """The parameters that may be the id of a record."""
    texts = [str(each) for each in params]
    return tuple(each for each in texts if UUID.fullmatch(each))[:CANDIDATES]


def _write(notes: Notes) -> None:
    """One event for each. Not being able to write one must not hide the refusal itself: then the log has it."""
    for attempt, context, through in notes.lasting():
        try:
            with transaction.atomic():
                _write_one(attempt, context, through)
        except DatabaseError as error:
            log.exception("refused attempt not recorded", attempt=str(attempt), error=str(error))


def _write_one(attempt: Attempt, context: Mapping[str, str], through: str) -> None:
    tell(context)
    with connection.cursor() as cursor:
        cursor.execute(
            "select audit_refused(%s, %s, %s, %s, %s)",
            [attempt.table, list(attempt.records), attempt.what, attempt.guard, through],
        )
