"""`manage.py import_drones`: what it stores, what it says, and that running it again changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from audit.models import Event
from compliance.models import Standing
from registry.imports.applying import Overtaken, store_chunk
from registry.imports.checking import read_table
from registry.imports.sessions import check_rows
from registry.models import Drone, ImportedRow, ImportSession
from tests.people import Tree
from tests.registry.hostile_files import HOSTILE
from tests.registry.spreadsheets import SORA, text
from tests.worlds import World

HEADING = ("製造者", "機種", "製造番号", "状態", "用途", "保管場所", "取得日", "価格")


@pytest.fixture
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return Path(settings.MEDIA_ROOT)


def rows(*serials: str, place: str = "横浜") -> list[tuple[str, ...]]:
    return [
        HEADING,
        *((*SORA, serial, "保管", "訓練", place, "R2.4.1", "12万円") for serial in serials),
    ]


def written(folder: Path, table: list[tuple[str, ...]], name: str = "fleet.csv") -> Path:
    file = folder / name
    file.write_bytes(text(table, "cp932"))
    return file


def run(file: Path, *options: str, agency: str = "jcg") -> tuple[int, dict[str, Any]]:
    """The exit status, and the one JSON object on standard output."""
    status, out = 0, Printed()
    try:
        call_command("import_drones", str(file), "--agency", agency, "--json", *options, stdout=out)
    except SystemExit as end:
        status = int(str(end.code))
    return status, json.loads(out.text)


class Printed:
    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


def fleet(tree: Tree) -> list[Drone]:
    with acting_as(None):
        found = Drone.objects.unscoped(reason="all that is there").filter(agency=tree.coast_guard)
        return list(found.exclude(serial_number__startswith="JCG-").order_by("id"))


def events() -> int:
    with acting_as(None):
        return Event.objects.count()


def test_rows_become_aircraft_with_a_standing_and_events_that_name_the_import(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    status, said = run(written(tmp_path, rows("A1", "A2")))
    assert (status, said["state"], said["new"], said["errors"]) == (0, "stored", 2, [])
    first, second = fleet(tree)
    assert (first.serial_number, second.serial_number) == ("A1", "A2")
    assert (first.build, first.status, first.missions) == (world.unknown, "stored", ["training"])
    assert (first.place, str(first.acquired_on), first.price) == ("横浜", "2020-04-01", 120_000)
    assert first.asset_tag != second.asset_tag
    with acting_as(None):
        session = ImportSession.objects.unscoped(reason="the one").get()
        event = Event.objects.of(first).get()
        assert (event.reason, event.request) == ("import of fleet.csv", str(session.pk))
        standings = Standing.objects.unscoped(reason="of both").filter(drone__in=[first, second])
        assert standings.values("drone").distinct().count() == 2
        assert ImportedRow.objects.unscoped(reason="both").count() == 2
    assert (session.state, session.next_row) == ("applied", 2)
    assert (uploads / "imports" / str(tree.coast_guard.pk) / session.digest).is_file()


def test_the_same_file_again_changes_nothing(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    file = written(tmp_path, [*rows("A1"), (*SORA, "なし", "", "", "", "", "")])
    assert run(file)[1]["new"] == 2
    before = events()
    status, said = run(file)
    assert (status, said["state"], said["same"]) == (0, "unchanged", 2)
    assert events() == before
    assert len(fleet(tree)) == 2


def test_a_changed_cell_is_shown_and_nothing_else_is_touched(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    run(written(tmp_path, rows("A1", "A2")))
    with acting_as(None):
        Drone.objects.unscoped(reason="a hand's change").filter(serial_number="A1").update(
            note="checked", build=world.clean
        )
    table = rows("A1", "A2", place="神戸")
    table[2] = (*SORA, "A2", "", "", "", "", "")
    status, said = run(written(tmp_path, table, "later.csv"))
    assert (status, said["new"], said["changed"], said["same"]) == (0, 0, 1, 1)
    assert said["changes"] == [
        {"row": 2, "drone": "A1", "field": "place", "old": "横浜", "new": "神戸"}
    ]
    first, second = fleet(tree)
    assert (first.place, first.note, first.build) == ("神戸", "checked", world.clean)
    assert second.place == "横浜"


def test_wrong_rows_stop_it_and_all_are_named(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    table = [*rows("A1"), (*SORA, "A2", "?", "", "", "1/2/2020", "x")]
    status, said = run(written(tmp_path, table))
    assert (status, said["state"]) == (1, "stopped")
    assert [(each["row"], each["column"], each["value"]) for each in said["errors"]] == [
        (3, "D", "?"),
        (3, "G", "1/2/2020"),
        (3, "H", "x"),
    ]
    assert fleet(tree) == []
    assert not uploads.exists()


def test_partial_stores_the_rows_that_are_right(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    table = [*rows("A1"), (*SORA, "A2", "?", "", "", "", "")]
    status, said = run(written(tmp_path, table), "--partial")
    assert (status, said["state"], said["new"], said["skipped"]) == (1, "stored", 1, 1)
    assert [each.serial_number for each in fleet(tree)] == ["A1"]


def test_a_dry_run_stores_nothing_and_says_the_same(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    before = events()
    status, said = run(written(tmp_path, rows("A1", "A2")), "--dry-run")
    assert (status, said["state"], said["new"]) == (0, "checked", 2)
    assert (fleet(tree), events(), uploads.exists()) == ([], before, False)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    world: World, tree: Tree, tmp_path: Path, uploads: Path, kind: str
) -> None:
    file, before = tmp_path / "f.xlsx", events()
    file.write_bytes(HOSTILE[kind].build())
    status, said = run(file)
    assert (status, said["state"]) == (2, "refused")
    assert HOSTILE[kind].said.en in said["reason"]
    assert (events(), uploads.exists()) == (before, False)


def test_a_missing_file_and_an_unknown_agency_are_refused(world: World, tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv")[0] == 2
    status, said = run(written(tmp_path, rows("A1")), agency="nobody")
    assert (status, said["reason"]) == (2, "There is no agency with the code 'nobody'.")
    with pytest.raises(CommandError) as refused:
        call_command("import_drones", str(tmp_path / "none.csv"), "--agency", "jcg")
    assert refused.value.returncode == 2


def test_what_an_event_alone_changes_is_not_changed_by_a_file(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    run(written(tmp_path, rows("A1")))
    table = rows("A1")
    table[1] = (*SORA, "A1", "運用中", "", "", "", "")
    status, said = run(written(tmp_path, table, "later.csv"))
    assert (status, said["errors"][0]["column"]) == (1, "D")
    assert "Record on its page" in said["errors"][0]["reason"]


def test_the_aircraft_of_another_agency_are_neither_found_nor_betrayed(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    status, said = run(written(tmp_path, rows("RINYA-SECRET-0001")))
    assert (status, said["new"], said["same"]) == (0, 1, 0)


def test_the_number_of_queries_of_a_check_does_not_grow_with_its_rows(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    def queries(count: int) -> int:
        many = rows(*(f"A{n}" for n in range(count)))
        many += [("Nobody", f"X{n}", f"B{n}", "", "", "", "", "") for n in range(count)]
        file = written(tmp_path, many, f"{count}.csv")
        with CaptureQueriesContext(connection) as seen:
            run(file, "--dry-run")
        return len(seen)

    assert queries(300) == queries(2)


def test_a_second_run_of_one_import_stops_where_the_first_has_been(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    file = written(tmp_path, rows("A1", "A2"))
    with acting_as(None):
        checked = check_rows(read_table(file), agency_id=tree.coast_guard.pk, digest="0" * 64)
        first = ImportSession.objects.create(
            agency=tree.coast_guard, digest="0" * 64, file_name="f", state="applying"
        )
        second = ImportSession.objects.unscoped(reason="the same").get(pk=first.pk)
        store_chunk(first, checked.pending())
        with pytest.raises(Overtaken):
            store_chunk(second, checked.pending())
    assert len(fleet(tree)) == 2


def test_the_import_is_in_the_trail_without_its_report(
    world: World, tree: Tree, tmp_path: Path, uploads: Path
) -> None:
    run(written(tmp_path, rows("A1")))
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute(
            "select action, canon from audit_event where record_table = 'registry_importsession' order by id"
        )
        written_events = cursor.fetchall()
    assert [action for action, _ in written_events] == ["insert", "update", "update", "update"]
    assert not any('"report"' in canon for _, canon in written_events)
