"""What must be true of the environment and the database before the program may work."""

import importlib.util
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def check_driver(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Django silently prefers psycopg 3 when it can be imported; everything here was measured with psycopg2."""
    if importlib.util.find_spec("psycopg") is None:
        return []
    return [
        checks.Error(
            "psycopg 3 is installed, and Django would use it instead of psycopg2.",
            hint="Uninstall psycopg: a fresh environment by run.py does not contain it.",
            id="registry.E001",
        )
    ]


def check_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """The program's own connection: an unprivileged role, and a locale that knows Japanese letters."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    return [*_role_problems(connection), *_trigram_problems(connection)]


def _role_problems(connection: BaseDatabaseWrapper) -> Iterator[checks.CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user"
        )
        name, is_superuser, bypasses = cursor.fetchone()
    if is_superuser or bypasses:
        yield checks.Error(
            f"The program logs in to PostgreSQL as {name}, which row-level security does not hold back.",
            hint="Let DATABASE_URL name the app role of config/roles.sql.",
            id="registry.E002",
        )


def _trigram_problems(connection: BaseDatabaseWrapper) -> Iterator[checks.CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
        if not cursor.fetchone()[0]:
            yield checks.Error(
                "The extension pg_trgm is missing.",
                hint="Run config/database.sql as the owner.",
                id="registry.E003",
            )
            return
        cursor.execute("SELECT cardinality(show_trgm('航空')) > 0")
        if not cursor.fetchone()[0]:
            yield checks.Error(
                "Search does not find Japanese: the database's LC_CTYPE knows no Japanese letters.",
                hint="Create the database as config/roles.sql does, with LC_CTYPE 'C.UTF-8'.",
                id="registry.E004",
            )


def refuse_if_unfit() -> None:
    """Raises ImproperlyConfigured when the server process must not serve."""
    try:
        found = [*check_driver(None), *check_database(None, databases=[DEFAULT_DB_ALIAS])]
    except DatabaseError as error:
        raise ImproperlyConfigured(
            f"The registry does not start: the database does not answer: {error}"
        ) from error
    finally:
        connections.close_all()
    if found:
        raise ImproperlyConfigured(
            "The registry does not start:\n" + "\n".join(str(problem) for problem in found)
        )
