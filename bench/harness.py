"""What a section measures with: the site, its readers, and bare SQL with the rights of a reader.

A section is a function of a `Bench` that yields measures; its module stands in `bench/sections.py`.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from agencies.tokens import issue_token
from bench.report import Budget, Measure
from bench.seed_people import CENTRE, CUSTODIAN
from bench.site import Answer, AnswerError, Browser, Site

PAGE_RUNS: Final = 30
SQL_RUNS: Final = 10
WARM_UP: Final = 3
PART: Final = 2_000


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement that gives the same answer as what is measured, and its parameters."""

    text: str
    parameters: Sequence[Any] = ()


@dataclass(frozen=True)
class Reader:
    """Somebody who is signed in: `name` is "centre" or "agency"."""

    name: str
    person: Person
    browser: Browser


@dataclass
class Bench:
    """One run over a seeded fleet of `rows` aircraft. The site starts when a section first asks for it."""

    rows: int
    _open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @cached_property
    def site(self) -> Site:
        return self._open.enter_context(Site())

    @cached_property
    def readers(self) -> tuple[Reader, Reader]:
        """One of the centre, who reads all rows, and one of the agency with the most aircraft."""
        return self._reader("centre", CENTRE), self._reader("agency", CUSTODIAN)

    def _reader(self, name: str, email: str) -> Reader:
        person = Person.objects.get(email=email)
        return Reader(name, person, self.site.signed_in(email))

    def program(self, person: Person) -> Browser:
        """A client of the API that acts for this person."""
        with acting_as(None, reason="benchmark"):
            secret = issue_token(person=person, days=1, read_only=False, today=timezone.localdate())
        return self.site.program(secret)

    def close(self) -> None:
        self._open.close()


def page(
    section: str,
    name: str,
    browser: Browser,
    path: str,
    *,
    bare: Sequence[float] = (),
    budget: Budget | None = None,
    most_queries: int | None = None,
    runs: int = PAGE_RUNS,
    note: str = "",
) -> Measure:
    """The time of a page over HTTP, in ms, and the number of queries of its slowest kind of answer."""
    answers = [fetch(browser, path) for _ in range(WARM_UP + runs)][WARM_UP:]
    counted = [answer.queries for answer in answers if answer.queries is not None]
    return Measure(
        section=section,
        name=name,
        unit="ms",
        runs=[answer.ms for answer in answers],
        bare=bare,
        queries=max(counted, default=None),
        most_queries=most_queries,
        budget=budget,
        note=note,
    )


def fetch(browser: Browser, path: str) -> Answer:
    """The page itself; anything else than 200 is an error, because its time would say nothing."""
    answer = browser.get(path)
    if answer.status != HTTPStatus.OK:
        raise AnswerError(f"{path} answered {answer.status}")
    return answer


def sql_times(person: Person | None, *statements: Sql, runs: int = SQL_RUNS) -> list[float]:
    """ms of these statements one after the other, with the rights of this person, rows fetched."""
    return [_sql_time(person, statements) for _ in range(WARM_UP + runs)][WARM_UP:]


def _sql_time(person: Person | None, statements: Sequence[Sql]) -> float:
    with acting_as(person), connection.cursor() as cursor:
        began = time.perf_counter()
        for statement in statements:
            cursor.execute(statement.text, statement.parameters)
            if cursor.description is not None:
                cursor.fetchall()
        return (time.perf_counter() - began) * 1_000


def read_times(person: Person, statement: str, *, runs: int) -> list[float]:
    """ms of reading all rows of a statement part by part, with the rights of this person."""
    return [_read_time(person, statement) for _ in range(runs)]


def _read_time(person: Person, statement: str) -> float:
    began = time.perf_counter()
    with acting_as(person), connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while cursor.fetchmany(PART):
            pass
    return (time.perf_counter() - began) * 1_000


def clock(work: Callable[[], object]) -> float:
    """Seconds that this takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


Section = Callable[[Bench], Iterator[Measure]]
