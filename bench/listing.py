"""Lists, search, record page, files and the lists of the API, for a reader of all rows and one of an agency."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.utils import timezone

from agencies.context import acting_as
from bench.harness import Bench, Reader, Sql, fetch, page, read_times, sql_times
from bench.report import Budget, Measure
from registry.models import Drone
from reporting.keyset import NEWEST_FIRST, Order, cursor_at

LIST: Final = Budget(80)
SEARCH: Final = {"centre": Budget(60), "agency": Budget(120)}
RECORD: Final = Budget(60)
API: Final = Budget(50)
EXPORT: Final = Budget(50_000, at_least=True)
MOST_QUERIES: Final = 12
SIZE: Final = 50
API_LIST: Final = "/api/v1/drones/"
DEEP: Final = 20_000 * SIZE
EXPORT_RUNS: Final = 3
PARTS: Final = """
d.build_id in (select c.build_id from registry_component c where c.role = 'radio' and (c.made_in @> '{CN}'
  or c.developed_in @> '{CN}' or c.data_stored_in @> '{CN}' or c.administered_from @> '{CN}'))
"""
ALL: Final = "d.*, a.*, b.*, m.*, v.*, s.state, s.by"
OF_FILE: Final = (
    "m.name, v.name, b.name, d.serial_number, d.asset_tag, d.registration_id, a.name_en, d.place, d.status,"
    " d.missions, d.acquired_on, d.last_confirmed_on, s.state, s.by"
)
ROWS: Final = """
select {columns} from registry_drone d
join agencies_agency a on a.id = d.agency_id join registry_build b on b.id = d.build_id
join registry_dronemodel m on m.id = b.model_id join registry_vendor v on v.id = m.manufacturer_id
left join compliance_standing s on s.drone_id = d.id and s.begins <= {today} and s.ends > {today}
"""


@dataclass(frozen=True, slots=True)
class Question:
    """A list that is asked for: its address, and the plain SQL that answers the same."""

    name: str
    query: dict[str, str]
    where: str = ""
    order: str = "d.id desc"
    parameters: tuple[Any, ...] = ()

    @property
    def path(self) -> str:
        return f"/drones/?{urlencode(self.query)}" if self.query else "/drones/"

    @property
    def sql(self) -> Sql:
        where = f"where {self.where}" if self.where else ""
        return Sql(f"{_rows(ALL)} {where} order by {self.order} limit {SIZE + 1}", self.parameters)


def _rows(columns: str) -> str:
    """Aircraft with all that a row shows, standings of the day on which the government is."""
    return ROWS.format(columns=columns, today=f"date '{timezone.localdate()}'")


def measure(bench: Bench) -> Iterator[Measure]:
    for reader in bench.readers:
        for question in _lists(reader):
            yield _measured("list", question, reader, LIST)
        for question in _searches(reader):
            yield _measured("search", question, reader, SEARCH[reader.name])
        yield _record(reader)
        yield from _api(bench, reader)
        yield _export(reader)


def _measured(section: str, question: Question, reader: Reader, budget: Budget) -> Measure:
    return page(
        section,
        f"{question.name}, {reader.name}",
        reader.browser,
        question.path,
        bare=sql_times(reader.person, question.sql),
        budget=budget,
        most_queries=MOST_QUERIES,
    )


def _lists(reader: Reader) -> Iterator[Question]:
    yield Question("page 1", {})
    yield _deep(reader, "page 20,000 or the last", NEWEST_FIRST, {})
    acquired = Order("acquired_on", descending=False, blank="null")
    yield Question("by day acquired", {"order": "acquired"}, order="d.acquired_on, d.id")
    yield _deep(reader, "by day acquired, page 20,000 or the last", acquired, {"order": "acquired"})
    yield Question(
        "filtered by status and mission",
        {"status": "stored", "mission": "rescue"},
        "d.status = 'stored' and d.missions && array['rescue']::varchar[]",
    )
    yield Question(
        "filtered by standing",
        {"standing": "ground", "held": "true"},
        "s.state = 'ground' and d.status not in ('transferred', 'disposed', 'entered_in_error')",
    )
    yield Question(
        "undetermined",
        {"standing": "undetermined"},
        "coalesce(s.state, 'undetermined') = 'undetermined'",
    )
    yield Question(
        "parts from a country",
        {"part_country": "CN", "part_role": "radio"},
        PARTS,
    )


def _deep(reader: Reader, name: str, order: Order, query: dict[str, str]) -> Question:
    """The page behind the first 999,950 rows, or the last one of fewer."""
    with acting_as(reader.person):
        rows = Drone.objects.visible_to(reader.person)
        behind = max(0, min(DEEP, rows.count()) - SIZE)
        columns = order.columns(backwards=False)
        pk, value = rows.order_by(*columns).values_list("pk", order.path)[behind - 1]
    sign = "<" if order.descending else ">"
    row = "d.id" if order.path == "id" else f"(d.{order.path}, d.id)"
    edge = "%s" if order.path == "id" else "(%s, %s)"
    parameters = (str(pk),) if order.path == "id" else (value, str(pk))
    return Question(
        name,
        {**query, "after": cursor_at(order, pk, value)},
        f"{row} {sign} {edge}",
        ", ".join(
            f"d.{each.removeprefix('-')}{' desc' if each[0] == '-' else ''}" for each in columns
        ),
        parameters,
    )


def _searches(reader: Reader) -> Iterator[Question]:
    with acting_as(reader.person):
        rows = Drone.objects.visible_to(reader.person).exclude(serial_number="")
        serial = rows.order_by("id").values_list("serial_number", flat=True)[1_000]
    for name, text in (
        ("one serial number", serial),
        ("a common word", "Works"),
        ("a Japanese name", "青空"),
        ("nothing", "Zyzzyva"),
    ):
        pattern = f"%{text}%"
        yield Question(
            name,
            {"q": text},
            "d.serial_number ilike %s or v.name ilike %s or v.name_local ilike %s or m.name ilike %s",
            parameters=(pattern,) * 4,
        )


def _record(reader: Reader) -> Measure:
    with acting_as(reader.person):
        newest = (
            Drone.objects.visible_to(reader.person).order_by("-id").values_list("pk", flat=True)[0]
        )
    return page(
        "record",
        f"an aircraft, {reader.name}",
        reader.browser,
        f"/drones/{newest}/",
        bare=sql_times(reader.person, Sql(f"{_rows(ALL)} where d.id = %s", (str(newest),))),
        budget=RECORD,
        most_queries=MOST_QUERIES,
    )


def _api(bench: Bench, reader: Reader) -> Iterator[Measure]:
    program = bench.program(reader.person)
    bare = sql_times(reader.person, Question("", {}).sql)
    further = json.loads(fetch(program, API_LIST).body)["next"].partition("/api/")[2]
    for name, path in (("first 50", API_LIST), ("next 50", f"/api/{further}")):
        yield page("api", f"{name}, {reader.name}", program, path, bare=bare, budget=API)


def _export(reader: Reader) -> Measure:
    answers = [fetch(reader.browser, "/drones/export/csv/") for _ in range(EXPORT_RUNS)]
    rows = answers[0].body.count(b"\r\n") - 1
    bare = read_times(reader.person, f"{_rows(OF_FILE)} order by d.id desc", runs=EXPORT_RUNS)
    return Measure(
        section="export",
        name=f"CSV of {rows:,} rows, {reader.name}",
        unit="rows/s",
        runs=[rows / answer.ms * 1_000 for answer in answers],
        bare=[rows / ms * 1_000 for ms in bare],
        budget=EXPORT,
        note="bare: the same columns through a cursor, thrown away",
    )
