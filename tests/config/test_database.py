"""The database the tests and the program stand on."""

import psycopg2
import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from pytest_django import DjangoDbBlocker

from config.roles import APP_ROLE, CENTRAL_ROLE, OWNER_ROLE
from tests import databases
from tests.databases import FreshDatabase


def _value(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_program_is_an_ordinary_role_that_row_security_holds_back() -> None:
    assert _value("SELECT session_user") == APP_ROLE
    assert (
        _value(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = session_user"
        )
        is False
    )


@pytest.mark.django_db
def test_the_program_may_become_the_central_role_but_is_not_it_by_itself() -> None:
    assert _value(f"SELECT pg_has_role('{CENTRAL_ROLE}', 'SET')") is True
    assert _value(f"SELECT pg_has_role('{CENTRAL_ROLE}', 'USAGE')") is False


@pytest.mark.django_db
def test_the_program_cannot_change_the_schema() -> None:
    with (
        pytest.raises(Exception, match="permission denied for schema public"),
        transaction.atomic(),
    ):
        _value("CREATE TABLE intruder (id int)")


@pytest.mark.django_db
def test_the_owner_is_no_superuser_either() -> None:
    assert (
        _value(f"SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = '{OWNER_ROLE}'")
        is False
    )


@pytest.mark.django_db
def test_trigrams_are_found_in_japanese() -> None:
    assert _value("SELECT cardinality(show_trgm('無人航空機'))") == 6


@pytest.mark.django_db
def test_the_locale_is_the_builtin_one_on_every_machine() -> None:
    assert (
        _value(
            "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"
        )
        == "bC.UTF-8"
    )


def test_django_uses_psycopg2() -> None:
    assert not is_psycopg3


def test_a_fresh_database_is_shared_by_several_connections_and_by_django(
    fresh_database: FreshDatabase,
) -> None:
    with psycopg2.connect(fresh_database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE shared (word text)")
        cursor.execute("INSERT INTO shared VALUES ('seen')")
    assert _value("SELECT current_database()") == fresh_database.name
    assert _value("SELECT word FROM shared") == "seen"
    with psycopg2.connect(fresh_database.app_dsn) as app, app.cursor() as cursor:
        cursor.execute("SELECT session_user, word FROM shared")
        assert cursor.fetchone() == (APP_ROLE, "seen")


def test_nothing_of_a_fresh_database_is_left_in_the_usual_one(
    template_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        usual = _value("SELECT current_database()")
        with databases.copy_in_use(template_database) as fresh:
            with psycopg2.connect(fresh.owner_dsn) as owner, owner.cursor() as cursor:
                cursor.execute("CREATE TABLE left_over (word text)")
            assert _value("SELECT to_regclass('left_over') IS NULL") is False
        assert _value("SELECT current_database()") == usual
        assert _value("SELECT to_regclass('left_over') IS NULL") is True
