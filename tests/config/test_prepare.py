"""What happens before the site opens: the database is brought up to date by its owner, or the reason why not is said."""

from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from config import translations
from config.management.commands.prepare import Command
from tests.databases import FreshDatabase


@pytest.fixture
def behind(fresh_database: FreshDatabase) -> FreshDatabase:
    """A database to which the migrations of the sessions have not been applied yet."""
    with psycopg2.connect(fresh_database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        cursor.execute("DROP TABLE django_session")
    return fresh_database


def _sessions_exist() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_session') IS NOT NULL")
        found: bool = cursor.fetchone()[0]
    return found


@pytest.fixture(autouse=True)
def _no_catalogue_and_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Keeps the test from writing into the project: the translations and static files are elsewhere."""
    monkeypatch.setattr(translations, "PROJECT", tmp_path)
    settings.STATIC_ROOT = str(tmp_path / "static")
    settings.DEMO = False


@pytest.mark.usefixtures("behind")
def test_a_database_behind_is_migrated_by_its_owner(tmp_path: Path) -> None:
    assert not _sessions_exist()
    said = StringIO()
    call_command("prepare", stderr=said)
    assert _sessions_exist()
    assert "Migrating the database" in said.getvalue()
    assert any((tmp_path / "static").iterdir())


@pytest.mark.usefixtures("fresh_database")
def test_a_database_up_to_date_is_left_alone() -> None:
    said = StringIO()
    call_command("prepare", stderr=said)
    assert said.getvalue() == ""


@pytest.mark.usefixtures("behind")
def test_without_the_owners_address_the_way_out_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.delitem(settings.DATABASES, "owner")
    with pytest.raises(CommandError, match="behind the program: set DATABASE_OWNER_URL"):
        call_command(Command())
