"""Spreadsheets as people make them: read rightly, or refused with the exact reason."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agencies.context import acting_as
from registry.imports.checking import Checked, check_table, read_table
from standards.sheets.refusals import SheetRefused
from tests.people import Tree
from tests.registry.spreadsheets import SHEETS, Sheet
from tests.worlds import World

TODAY = date(2026, 4, 1)


def checked(content: bytes, folder: Path, tree: Tree) -> Checked:
    file = folder / "file"
    file.write_bytes(content)
    with acting_as(None):
        return check_table(
            read_table(file), agency_id=tree.coast_guard.pk, digest="0" * 64, today=TODAY
        )


def read(found: Checked) -> list[dict[str, Any]]:
    return [entry.line.values for entry in found.entries]


def test_there_are_thirty_spreadsheets_and_three_have_wrong_rows() -> None:
    assert len(SHEETS) >= 30
    assert len({sheet.build() for sheet in SHEETS}) == len(SHEETS)
    assert sum(bool(sheet.wrong) for sheet in SHEETS) >= 3


@pytest.mark.parametrize("sheet", [each for each in SHEETS if not each.refused], ids=str)
def test_a_spreadsheet_is_read_as_its_author_meant_it(
    sheet: Sheet, tmp_path: Path, world: World, tree: Tree
) -> None:
    found = checked(sheet.build(), tmp_path, tree)
    assert read(found) == list(sheet.aircraft)
    assert {entry.build_id for entry in found.entries} <= {world.unknown.pk}
    problems = [(each.row, each.column, each.said.en) for each in found.problems]
    assert [each[:2] for each in problems] == [each[:2] for each in sheet.wrong]
    for (_row, _column, said), (*_place, part) in zip(problems, sheet.wrong, strict=True):
        assert part in said
    remarks = [remark.en for remark in found.table.remarks]
    assert len(remarks) == len(sheet.remarks)
    for part, remark in zip(sheet.remarks, remarks, strict=True):
        assert part in remark


@pytest.mark.parametrize("sheet", [each for each in SHEETS if each.refused], ids=str)
def test_a_spreadsheet_that_cannot_be_read_is_refused_with_the_reason(
    sheet: Sheet, tmp_path: Path, world: World, tree: Tree
) -> None:
    with pytest.raises(SheetRefused) as refused:
        checked(sheet.build(), tmp_path, tree)
    assert sheet.refused in refused.value.said.en
    assert refused.value.said.ja
