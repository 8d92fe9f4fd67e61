"""For whom a transaction works: told to the database, so that both nets and the trail know."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from agencies.scopes import Scope, every_agency
from audit.attempts import PROGRAM_DOOR, same_context_after
from audit.context import ANONYMOUS, ROLE, SYSTEM_JOB, tell, told
from audit.refused import noting

if TYPE_CHECKING:
    from agencies.models import Person


def _role(central: bool) -> None:
    """Rows of all agencies are read as the central role; others as the app's own."""
    with connection.cursor() as cursor:
        if central:
            cursor.execute(
                f"set local role {connection.ops.quote_name(settings.CENTRAL_DATABASE_ROLE)}"
            )
        else:
            cursor.execute("set local role none")


def _tell(actor: str, name: str, scope: Scope, request: str, reason: str) -> None:
    agencies = every_agency() if scope.central else sorted(scope.agencies)
    tell(
        {
            "app.actor": actor,
            "app.actor_name": name,
            "app.agencies": ",".join(map(str, agencies)),
            "app.request": request,
            "app.reason": reason,
            ROLE: settings.CENTRAL_DATABASE_ROLE if scope.central else "none",
        }
    )


LONGEST = "10min"


def take_time() -> None:
    """The rest of this transaction may take longer than a page: Python works while the database waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('statement_timeout', %s, true),"
            " set_config('idle_in_transaction_session_timeout', %s, true)",
            [LONGEST, LONGEST],
        )


def work_for(person: "Person | None", *, request: str = "", reason: str = "") -> None:
    """The rest of this transaction works for this person, or for a stranger."""
    if person is None:
        _tell(ANONYMOUS, "", Scope(), request, reason)
    else:
        _tell(person.actor, person.email, person.scope, request, reason)


def work_as_job(*, reason: str = "") -> None:
    """The rest of this transaction works for the program itself, over all agencies."""
    _tell(SYSTEM_JOB, "", Scope(central=True), "", reason)


@contextmanager
def acting_as(person: "Person | None", *, reason: str = "", request: str = "") -> Iterator[None]:
    """A transaction, or a part of one, for this person; `None` is the program itself.

    What was told before holds again afterwards, so that parts can follow each other. The outermost one
    writes down what was refused in it.
    """
    with noting(PROGRAM_DOOR), same_context_after(), transaction.atomic():
        before, was_central = told(), _is_central()
        if person is None:
            work_as_job(reason=reason)
        else:
            work_for(person, request=request, reason=reason)
        yield
        tell(before)
        _role(was_central)


def _is_central() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        row = cursor.fetchone()
    return bool(row and row[0] == settings.CENTRAL_DATABASE_ROLE)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Events written in this part of the transaction carry this reason."""
    before = told()["app.reason"]
    tell({"app.reason": reason})
    yield
    tell({"app.reason": before})
