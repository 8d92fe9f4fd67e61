"""The pages of imports, from the upload to the result."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.context import acting_as
from agencies.models import Person
from compliance.intake import take_up
from registry.imports.checking import check_table, read_table
from registry.models import AgencyAlias, Drone, ImportSession
from tests.people import Tree
from tests.registry.hostile_files import HOSTILE
from tests.registry.spreadsheets import HEADING, SORA, book, text
from tests.web.pages import Answer, shown, signed_in
from tests.worlds import SERIAL, World, log


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def custodian(world: World, aiko: Person) -> Client:
    return signed_in(aiko)


def upload(client: Client, agency: Any, content: bytes, name: str = "fleet.csv") -> Answer:
    return client.post(
        "/imports/new/", {"agency": agency.pk, "file": SimpleUploadedFile(name, content)}
    )


def table(*rows: tuple[Any, ...]) -> bytes:
    return text([HEADING, *rows])


def the_import() -> ImportSession:
    with acting_as(None):
        return ImportSession.objects.unscoped(reason="the one").select_related("agency").get()


def serials(tree: Tree) -> set[str]:
    with acting_as(None):
        found = Drone.objects.unscoped(reason="all").filter(agency=tree.coast_guard)
        return set(found.values_list("serial_number", flat=True)) - {SERIAL}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_custodian_uploads_sees_what_would_be_done_and_confirms(
    custodian: Client, tree: Tree
) -> None:
    answer = upload(custodian, tree.coast_guard, table((*SORA, "A1", "R2.4.1", "12万円")))
    session = the_import()
    assert answer["Location"] == f"/imports/{session.pk}/"
    assert serials(tree) == set()
    page = shown(custodian, answer["Location"])
    assert "What would be done" in page
    assert "Import 1 aircraft" in page
    custodian.post(f"/imports/{session.pk}/confirm/", {"plan": session.plan})
    assert serials(tree) == {"A1"}
    after = shown(custodian, answer["Location"])
    assert "What was done" in after
    assert "The import is done." in after
    assert "fleet.csv" in shown(custodian, "/imports/")


def test_wrong_rows_are_listed_with_row_column_value_and_reason_in_both_languages(
    custodian: Client, aiko: Person, tree: Tree
) -> None:
    upload(
        custodian, tree.coast_guard, table((*SORA, "A1", "4/1/2020", "=x"), (*SORA, "A2", "", ""))
    )
    session = the_import()
    page = shown(custodian, f"/imports/{session.pk}/")
    for part in ("D 取得日", "4/1/2020", "may be day or month first", "without the wrong rows"):
        assert part in page
    assert "月日の順序又は年が確定できません" in shown(
        signed_in(aiko, language="ja"), f"/imports/{session.pk}/"
    )
    report = custodian.get(f"/imports/{session.pk}/errors/").content.decode("utf-8-sig")
    assert report.splitlines()[0] == "Row,Column,Heading,Value,Reason"
    assert "2,E,価格,'=x," in report
    refused = custodian.post(f"/imports/{session.pk}/confirm/", {"plan": session.plan})
    assert (refused.status_code, serials(tree)) == (409, set())
    custodian.post(f"/imports/{session.pk}/confirm/", {"plan": session.plan, "partial": "1"})
    assert serials(tree) == {"A2"}


def test_a_name_is_explained_once_and_remembered(
    custodian: Client, tree: Tree, aiko: Person, world: World
) -> None:
    upload(custodian, tree.coast_guard, table(("空", "一号機", "A1", "", "")))
    session = the_import()
    assert "Names nobody explained yet" in shown(custodian, f"/imports/{session.pk}/")
    address = f"/imports/{session.pk}/explain/?text=0"
    assert "What does “空 一号機” mean?" in shown(custodian, address)
    assert custodian.post(address, {"text": "0"}).status_code == 422
    custodian.post(address, {"text": "0", "build": f"#{world.no_radio.pk}"})
    assert "Import 1 aircraft" in shown(custodian, f"/imports/{session.pk}/")
    with acting_as(aiko):
        assert AgencyAlias.objects.visible_to(aiko).get().build == world.no_radio


def test_what_changed_since_it_was_shown_is_not_stored(
    custodian: Client, tree: Tree, world: World
) -> None:
    upload(custodian, tree.coast_guard, table((*SORA, "A1", "", "")))
    session = the_import()
    with acting_as(None):
        Drone.objects.create(agency=tree.coast_guard, build=world.clean, serial_number="A1")
    custodian.post(f"/imports/{session.pk}/confirm/", {"plan": session.plan})
    page = shown(custodian, f"/imports/{session.pk}/")
    assert "Look again at what would be stored." in page
    assert the_import().state == "checked"
    stale = custodian.post(f"/imports/{session.pk}/confirm/", {"plan": session.plan})
    assert stale.status_code == 409


def test_a_long_file_is_left_to_the_worker_though_one_row_of_it_is_new(
    custodian: Client, tree: Tree, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(tree.coast_guard, world.unknown, "A1")
    upload(custodian, tree.coast_guard, table((*SORA, "A1", "", ""), (*SORA, "A2", "", "")))
    session = the_import()
    assert (session.report["counts"]["new"], session.report["rows"]) == (1, 2)
    monkeypatch.setattr("web.imports.AT_ONCE", 1)
    custodian.post(f"/imports/{session.pk}/confirm/", {"plan": session.plan})
    assert (the_import().state, serials(tree)) == ("applying", {"A1"})
    take_up(session.pk)
    assert (the_import().state, serials(tree)) == ("applied", {"A1", "A2"})


def test_an_import_is_discarded_without_a_trace_in_the_fleet(custodian: Client, tree: Tree) -> None:
    upload(custodian, tree.coast_guard, table((*SORA, "A1", "", "")))
    custodian.post(f"/imports/{the_import().pk}/discard/")
    assert (the_import().state, serials(tree)) == ("discarded", set())


def test_a_file_for_an_agency_that_is_not_ones_own_is_refused(
    custodian: Client, tree: Tree, uploads: Path
) -> None:
    answer = upload(custodian, tree.forestry, table((*SORA, "A1", "", "")))
    assert (answer.status_code, files(uploads)) == (422, [])


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_gets_a_clear_message_and_nothing_is_stored(
    world: World, aiko: Person, tree: Tree, uploads: Path, kind: str
) -> None:
    client = signed_in(aiko, language="ja")
    answer = upload(client, tree.coast_guard, HOSTILE[kind].build(), "fleet.xlsx")
    assert answer.status_code == 422
    assert HOSTILE[kind].said.ja in answer.content.decode()
    assert files(uploads) == []
    with acting_as(None):
        assert not ImportSession.objects.unscoped(reason="none").exists()
    assert shown(client, "/imports/")


def test_a_file_of_100_mb_is_refused_before_it_is_read(
    custodian: Client, tree: Tree, uploads: Path
) -> None:
    answer = upload(custodian, tree.coast_guard, b"a" * 100_000_000, "fleet.xlsx")
    assert answer.status_code == 400
    assert files(uploads) == []
    with acting_as(None):
        assert not ImportSession.objects.unscoped(reason="none").exists()
    assert shown(custodian, "/imports/")


def test_a_character_that_turns_the_direction_is_an_error_of_its_row(
    custodian: Client, tree: Tree
) -> None:
    upload(custodian, tree.coast_guard, table((*SORA, "A\u202e1", "", "")), "a\u202e.csv")
    page = shown(custodian, f"/imports/{the_import().pk}/")
    assert "characters that cannot be seen (U+202E)" in page
    assert the_import().file_name == "a.csv"


def test_the_sample_has_headings_that_are_all_read(
    custodian: Client, aiko: Person, tmp_path: Path, tree: Tree
) -> None:
    for client in (custodian, signed_in(aiko, language="ja")):
        content = client.get("/imports/sample/").content
        file = tmp_path / "sample.csv"
        file.write_bytes(content)
        found = read_table(file)
        assert len(found.columns) == len(content.decode().splitlines()[0].split(","))
        assert found.remarks == ()
        with acting_as(aiko):
            checked = check_table(
                found, agency_id=tree.coast_guard.pk, digest="", today=date(2026, 4, 1)
            )
        assert {problem.column for problem in checked.problems} <= {"B"}


def test_a_workbook_is_read_like_a_text_file(custodian: Client, tree: Tree) -> None:
    upload(
        custodian, tree.coast_guard, book([HEADING, (*SORA, "A1", date(2020, 4, 1), 5)]), "f.xlsx"
    )
    assert the_import().report["counts"] == {"new": 1, "changed": 0, "same": 0, "wrong": 0}
