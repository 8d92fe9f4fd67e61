"""What the operator's probes and a stranger's browser get before any page is involved."""

import psycopg2
import pytest
from django.db import connection
from django.test import Client, override_settings

from tests import databases
from tests.databases import FreshDatabase


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_living_process_says_so_without_host_tls_or_database() -> None:
    answer = Client(headers={"host": "10.1.2.3"}).get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_a_migrated_database_is_ready() -> None:
    answer = Client(headers={"host": "10.1.2.3"}).get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_database_behind_the_migrations_is_not_ready(fresh_database: FreshDatabase) -> None:
    with psycopg2.connect(fresh_database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "migrations"})


def test_a_database_that_does_not_answer_is_not_ready(fresh_database: FreshDatabase) -> None:
    databases.point_to(f"{fresh_database.name}_gone")
    try:
        answer = Client().get("/readyz")
        alive = Client().get("/livez")
    finally:
        databases.point_to(fresh_database.name)
    assert (answer.status_code, answer.json()) == (503, {"status": "database"})
    assert alive.status_code == 200


@pytest.mark.django_db
def test_every_page_carries_the_strict_headers() -> None:
    headers = Client().get("/accounts/login/").headers
    policy = {
        part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")
    }
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert "microphone=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_a_request_is_one_transaction_with_time_limits() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
        )
        assert cursor.fetchone() == ("2s", "30s")
    assert connection.settings_dict["ATOMIC_REQUESTS"] is True
