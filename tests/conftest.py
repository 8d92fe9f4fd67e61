"""Databases for the tests. Tests that ask for none never start the server."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from api.throttles import PersonThrottle
from demo.world import build
from tests import databases, stages
from tests.databases import FreshDatabase

pytest_plugins = ["tests.people", "tests.worlds", "tests.web.windows"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Texts outside of requests are read in English, unless a test says otherwise."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def nothing_asked_yet() -> None:
    """The same person asks in many tests; each begins with all the requests that the API grants in a minute."""
    PersonThrottle.cache.clear()


@pytest.fixture(scope="session")
def template_database(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The name of the migrated template on the running server of the tests."""
    databases.cluster().start()
    databases.drop_leftovers()
    with django_db_blocker.unblock():
        yield databases.template()


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's: the databases are made by their owner and used as the app role."""
    with django_db_blocker.unblock(), translation.override("en"):
        stages.build(template_database)
    yield
    stages.strike()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> None:
    """Before the transaction of a test begins, on the database with what it asks for."""
    if fixturedef.argname == "_django_db_helper":
        stages.enter(request.fixturenames)


@pytest.fixture
def fresh_database(
    template_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[FreshDatabase]:
    """A database of its own for a test that needs several real connections or real commits.

    Django's connections, in every thread, point to it during the test. Use it instead of `transactional_db`: the app
    role may not empty tables, and a copy is quicker.
    """
    with django_db_blocker.unblock(), databases.copy_in_use(template_database) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def demo_world(
    template_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> str:
    """The name of a database that holds the demo world. It is only copied."""
    with django_db_blocker.unblock(), translation.override("en"):
        return databases.demo_world(template_database, build)


@pytest.fixture
def demo_database(demo_world: str, django_db_blocker: DjangoDbBlocker) -> Iterator[FreshDatabase]:
    """A database of its own for a test, with the demo world in it."""
    with django_db_blocker.unblock(), databases.copy_in_use(demo_world) as fresh:
        yield fresh


@pytest.fixture
def site(fresh_database: FreshDatabase) -> Iterator[LiveServer]:
    """The site under a real port, on a database of its own; `site.url` is its address."""
    with _served() as server:
        yield server


@pytest.fixture
def demo_site(demo_database: FreshDatabase) -> Iterator[LiveServer]:
    """The same with the demo world in it."""
    with _served() as server:
        yield server


@contextmanager
def _served() -> Iterator[LiveServer]:
    server = LiveServer("127.0.0.1")
    server._live_server_modified_settings.enable()
    yield server
    server.stop()
    server._live_server_modified_settings.disable()
