"""Files of lists: the same rows as the page, nobody else's, harmless in a spreadsheet, and in the history."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from audit.models import Event
from registry.models import Drone
from reporting import exports
from reporting.exports import Table, csv_of, defused
from reporting.keyset import NEWEST_FIRST
from reporting.listings import DRONES
from reporting.models import Export
from tests.people import Society
from tests.web.pages import signed_in
from tests.worlds import FOREST_SERIAL, SERIAL, World, log


def sheet(client: Client, address: str, query: dict[str, Any] | None = None) -> list[list[str]]:
    """The rows of a CSV file, which must be there and begin with a byte order mark."""
    answer = client.get(address, query or {})
    assert answer.status_code == 200
    body = answer.getvalue()
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def book(client: Client, address: str) -> list[tuple[Any, ...]]:
    answer = client.get(address)
    assert answer.status_code == 200
    rows = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert rows is not None
    return list(rows.iter_rows(values_only=True))


def column(rows: list[list[str]], heading: str) -> list[str]:
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:]]


@pytest.fixture
def fleet(society: Society, world: World) -> list[Drone]:
    agency = society.tree.coast_guard
    return [
        log(agency, world.clean, "B-2", place="Kobe", status="stored"),
        log(agency, world.listed, "A-1", place="Otaru"),
        log(agency, world.listed, "", place=""),
    ]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"order": "serial"},
        {"order": "-serial"},
        {"order": "acquired"},
        {"status": "stored"},
        {"empty": "place", "order": "recorded"},
    ],
)
def test_a_file_holds_the_rows_of_the_page_in_its_order(
    query: dict[str, str], aiko: Person, fleet: list[Drone]
) -> None:
    client = signed_in(aiko)
    page = [row["record"].tag for row in client.get("/drones/", query).context["rows"]]
    assert column(sheet(client, "/drones/export/csv/", query), "Asset tag") == page
    assert page


@pytest.mark.parametrize("name", ["drones", "models", "builds", "vendors", "purchases"])
def test_every_list_has_a_file_of_each_kind_with_as_many_rows(
    name: str, aiko: Person, fleet: list[Drone]
) -> None:
    client = signed_in(aiko)
    shown = client.get(f"/{name}/").context["page"].total
    assert len(sheet(client, f"/{name}/export/csv/")) == shown + 1
    assert len(book(client, f"/{name}/export/xlsx/")) == shown + 1


def test_the_headings_and_words_are_in_the_readers_language(
    aiko: Person, fleet: list[Drone]
) -> None:
    rows = sheet(signed_in(aiko, language="ja"), "/drones/export/csv/", {"q": "B-2"})
    assert rows[0][:2] == ["機種", "製造者"]
    (stored,) = [row for row in rows if "B-2" in row]  # a tag may have these letters by chance
    assert "空航空機" in stored
    assert "保管中" in stored


def test_a_file_never_holds_rows_of_another_agency(
    aiko: Person, daisuke: Person, world: World
) -> None:
    ours, theirs = (sheet(signed_in(each), "/drones/export/csv/") for each in (aiko, daisuke))
    assert column(ours, "Serial number") == [SERIAL]
    assert column(theirs, "Serial number") == [FOREST_SERIAL]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(sign: str) -> None:
    assert defused(f"{sign}cmd|'/C calc'!A0") == f"'{sign}cmd|'/C calc'!A0"


def test_ordinary_text_stays_as_it_is() -> None:
    assert [defused(text) for text in ("S-1", "1=1", "", "東京")] == ["S-1", "1=1", "", "東京"]


def test_a_formula_in_a_place_goes_out_as_text(
    aiko: Person, society: Society, world: World
) -> None:
    log(society.tree.coast_guard, world.clean, "F-1", place='=HYPERLINK("http://x.example")')
    client = signed_in(aiko)
    assert '\'=HYPERLINK("http://x.example")' in column(
        sheet(client, "/drones/export/csv/"), "Place"
    )
    assert any(
        '\'=HYPERLINK("http://x.example")' in row for row in book(client, "/drones/export/xlsx/")
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "\t=", "\r=", "\r\n="])
def test_every_part_of_a_file_is_looked_at_for_what_would_run(
    sign: str, aiko: Person, society: Society, world: World
) -> None:
    log(society.tree.coast_guard, world.clean, "F-1", place=f"{sign}1+1")
    log(society.tree.coast_guard, world.clean, "F-2", place=f'{sign}"quoted, with a comma"')
    places = column(sheet(signed_in(aiko), "/drones/export/csv/"), "Place")
    assert {f"'{sign}1+1", f'\'{sign}"quoted, with a comma"'} <= set(places)


def test_an_export_stands_in_the_history_with_its_filter_and_its_number_of_rows(
    aiko: Person, fleet: list[Drone]
) -> None:
    client = signed_in(aiko)
    sheet(client, "/drones/export/csv/", {"status": "stored"})
    with acting_as(None):
        made = Export.objects.get()
        events = list(
            Event.objects.filter(record_table=_table(Export))
            .order_by("id")
            .values_list("action", "actor")
        )
    assert (made.person, made.listing, made.form, made.query, made.rows) == (
        aiko,
        "drones",
        "csv",
        "status=stored",
        1,
    )
    assert events == [("insert", aiko.actor), ("update", aiko.actor)]


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def test_an_export_that_is_broken_off_stands_in_the_history_too(
    aiko: Person, fleet: list[Drone], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PART", 1)
    with acting_as(aiko):
        rows = DRONES.shown(DRONES.bare(aiko), timezone.localdate())
        export = Export.objects.create(person=aiko, listing="drones", form="csv")
        lines = csv_of(Table(rows, NEWEST_FIRST, DRONES.columns), export, aiko, "en")
        assert [b"Serial number" in next(lines), b"A-1" in next(lines)] == [True, False]
        lines.close()
        export.refresh_from_db()
    assert export.rows is None


def test_a_spreadsheet_of_too_many_rows_is_refused_and_says_what_to_do(
    aiko: Person, fleet: list[Drone], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_IN_XLSX", 3)
    answer = signed_in(aiko).get("/drones/export/xlsx/")
    assert answer.status_code == 422
    assert "take CSV" in answer.content.decode()
    with acting_as(None):
        assert not Export.objects.exists()


def test_a_filter_that_cannot_be_read_exports_nothing(aiko: Person, world: World) -> None:
    answer = signed_in(aiko).get("/drones/export/csv/", {"standing": "excellent"})
    assert answer.status_code == 422
    with acting_as(None):
        assert not Export.objects.exists()


def test_another_kind_of_file_does_not_exist(aiko: Person, world: World) -> None:
    assert signed_in(aiko).get("/drones/export/pdf/").status_code == 404
