"""Each net alone keeps agencies apart, on every page and in every list of the interface for programs.

The first is taken away by letting every scoped queryset pass, the second by switching row-level security off as the
owner. With both away the same check must find the rows of the Coast Guard: otherwise it would prove nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest

from agencies.models import Person
from agencies.scoping import ScopedQuerySet
from tests.api.programs import API, program_of
from tests.databases import FreshDatabase
from tests.isolation.pages import MARK, Readers, Rows, routes, rows_of_the_coast_guard
from tests.isolation.rows import scoped_models
from tests.isolation.test_urls import pages_about_one_agency
from tests.people import Society, settle
from tests.worlds import furnish

PAGES = (
    "home",
    "drones",
    "purchases",
    "reviews",
    "history",
    "agencies",
    "dashboards",
    "models",
    "model",
    "build",
    "vendor",
    "rule",
)
LISTS = ("drones/", "purchases/")
TABLES = [*(model._meta.db_table for model in scoped_models()), "audit_event"]


@dataclass(frozen=True)
class Site:
    """The site on a database of its own, where nets can be taken away."""

    database: FreshDatabase
    society: Society
    rows: Rows
    readers: Readers

    def leaks(self, reader: str) -> list[str]:
        """Where the reader meets something of the Coast Guard."""
        person: Person = getattr(self.society.people, reader)
        return [*self._pages(reader), *self._records(reader), *self._interface(person)]

    def _pages(self, reader: str) -> Iterator[str]:
        for name in PAGES:
            answer = self.readers.ask(reader, "GET", self.rows.address(name))
            assert answer.status_code == 200, name
            if MARK in answer.content.decode():
                yield name

    def _records(self, reader: str) -> Iterator[str]:
        for name in pages_about_one_agency():
            if (
                name == "agency"
            ):  # rows of the tree carry no agency: their page is tested in test_urls.py
                continue
            for method in ("GET", "POST"):
                answer = self.readers.ask(reader, method, self.rows.address(name))
                if answer.status_code not in {404, 405}:
                    yield f"{method} {name}"

    def _interface(self, person: Person) -> Iterator[str]:
        program = program_of(person)
        for address in LISTS:
            answer = program.get(f"{API}/{address}")
            assert answer.status_code == 200, address
            if MARK in answer.content.decode():
                yield address
        for address in (f"drones/{self.rows.world.patrol.pk}/", f"purchases/{self.rows.draft.pk}/"):
            if program.get(f"{API}/{address}").status_code != 404:
                yield address


@pytest.fixture
def site_of_two_agencies(fresh_database: FreshDatabase) -> Site:
    society = settle()
    rows = rows_of_the_coast_guard(furnish(society), society)
    return Site(fresh_database, society, rows, Readers.of(society.people))


def take_first_net_away(patch: pytest.MonkeyPatch) -> None:
    def everything(rows: ScopedQuerySet[Any], person: Person) -> ScopedQuerySet[Any]:
        return rows.unscoped(reason="the first net is taken away")

    patch.setattr(ScopedQuerySet, "_demand_scope", lambda rows: None)
    patch.setattr(ScopedQuerySet, "visible_to", everything)


def take_second_net_away(database: FreshDatabase) -> None:
    with psycopg2.connect(database.owner_dsn) as owner, owner.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"alter table {table} no force row level security")
            cursor.execute(f"alter table {table} disable row level security")


def test_every_page_that_is_walked_over_exists() -> None:
    assert set(PAGES) <= set(routes())


def test_both_nets_keep_agencies_apart_and_let_the_agency_in(site_of_two_agencies: Site) -> None:
    assert site_of_two_agencies.leaks("daisuke") == []
    seen = site_of_two_agencies.leaks("aiko")
    assert {"home", "drones", "purchases", "history", "GET drone", "GET purchase", *LISTS} <= set(
        seen
    )


def test_the_database_alone_keeps_agencies_apart(
    site_of_two_agencies: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_first_net_away(monkeypatch)
    assert site_of_two_agencies.leaks("daisuke") == []
    assert {"drones", "purchases", "GET drone", *LISTS} <= set(site_of_two_agencies.leaks("aiko"))


def test_the_program_alone_keeps_agencies_apart(site_of_two_agencies: Site) -> None:
    take_second_net_away(site_of_two_agencies.database)
    assert site_of_two_agencies.leaks("daisuke") == []
    assert {"drones", "purchases", "GET drone", *LISTS} <= set(site_of_two_agencies.leaks("aiko"))


def test_without_both_nets_the_same_look_finds_the_rows_of_the_other_agency(
    site_of_two_agencies: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_first_net_away(monkeypatch)
    take_second_net_away(site_of_two_agencies.database)
    found = set(site_of_two_agencies.leaks("daisuke"))
    assert {"drones", "purchases", "GET drone", "GET purchase", *LISTS} <= found
