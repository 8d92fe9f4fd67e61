"""The program refuses a database or an environment in which its promises would not hold."""

from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, connections
from psycopg2.sql import SQL, Identifier

from config.checks import check_database, check_driver, refuse_if_unfit
from config.embedded import PROJECT, SUPERUSER
from tests import databases
from tests.databases import FreshDatabase


def _ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


@pytest.mark.django_db
def test_the_usual_database_is_fit() -> None:
    assert check_database(None, databases=["default"]) == []


def test_a_superuser_is_refused(fresh_database: FreshDatabase) -> None:
    connections.close_all()
    connection.settings_dict.update(databases.cluster().connection(SUPERUSER, fresh_database.name))
    assert _ids(check_database(None, databases=["default"])) == ["registry.E002"]
    with pytest.raises(ImproperlyConfigured, match="logs in to PostgreSQL as postgres"):
        refuse_if_unfit()


@pytest.fixture
def database_without_japanese(fresh_database: FreshDatabase) -> Iterator[None]:
    """A database whose LC_CTYPE knows ASCII letters alone, as `initdb` under LANG=C makes it."""
    name = f"{fresh_database.name}_c"
    with databases.session(SUPERUSER) as db, db.cursor() as cursor:
        cursor.execute(
            SQL("CREATE DATABASE {} TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER libc").format(
                Identifier(name)
            )
        )
    with databases.session(SUPERUSER, name) as db, db.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm")
    databases.point_to(name)
    yield
    databases.point_to(fresh_database.name)
    databases.drop(name)


@pytest.mark.usefixtures("database_without_japanese")
def test_a_locale_without_japanese_letters_is_refused() -> None:
    assert _ids(check_database(None, databases=["default"])) == ["registry.E004"]


def test_a_database_without_trigrams_is_refused(fresh_database: FreshDatabase) -> None:
    with psycopg2.connect(fresh_database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
    assert _ids(check_database(None, databases=["default"])) == ["registry.E003"]


def test_a_database_that_does_not_answer_is_named_as_the_reason(
    fresh_database: FreshDatabase,
) -> None:
    databases.point_to(f"{fresh_database.name}_gone")
    try:
        with pytest.raises(ImproperlyConfigured, match="database does not answer"):
            refuse_if_unfit()
    finally:
        databases.point_to(fresh_database.name)


def test_this_environment_has_psycopg2_alone() -> None:
    assert check_driver(None) == []


def test_psycopg_3_beside_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "psycopg").mkdir()
    (tmp_path / "psycopg" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert _ids(check_driver(None)) == ["registry.E001"]


def test_migrations_are_refused_on_the_programs_own_connection() -> None:
    with pytest.raises(CommandError, match="run as the owner alone"):
        call_command("migrate", database="default")


def test_the_scripts_for_a_server_are_where_the_messages_say() -> None:
    assert (PROJECT / "config" / "roles.sql").exists()
    assert (PROJECT / "config" / "database.sql").exists()
