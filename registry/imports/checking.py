"""What a file would do: each of its rows new, changed, the same or wrong, and why."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from registry.aliases import is_disguised
from registry.disclosures import Given, prices_of, rounded
from registry.imports.columns import EXAMPLES, FIELD_OF_HEADING
from registry.imports.existing import Existing, existing
from registry.imports.reading import EDITABLE, Line, Problem, RowReader
from registry.matching import Asked, Candidate, match
from registry.models import Build
from registry.querysets import GONE
from standards.findings import Severity
from standards.identifiers import check as check_identifier
from standards.sheets.opening import open_sheets
from standards.sheets.refusals import Said
from standards.sheets.tables import Table, find_table


@dataclass(frozen=True, slots=True)
class Entry:
    """One aircraft of the file: a new one, or the changes of one that is recorded (field: old, new)."""

    line: Line
    build_id: int
    drone_id: UUID | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        return self.drone_id is not None and not self.changes


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A text for maker and model that nobody explained yet, how many rows have it, and who is proposed."""

    asked: Asked
    rows: int
    first_row: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Checked:
    """`rows` are those of the table; a row with a problem has no entry."""

    table: Table
    entries: Sequence[Entry]
    problems: Sequence[Problem]
    unresolved: Sequence[Unresolved]

    @property
    def rows(self) -> int:
        return len(self.table.rows)

    def counts(self) -> dict[str, int]:
        """Aircraft that are new, changed and the same; rows that are wrong."""
        kinds = Counter(_kind(entry) for entry in self.entries)
        wrong = len({problem.row for problem in self.problems})
        return {**{kind: kinds[kind] for kind in ("new", "changed", "same")}, "wrong": wrong}

    def pending(self) -> list[Entry]:
        """What is to be stored, in the order of the file."""
        return [entry for entry in self.entries if not entry.is_same]

    def digest(self) -> str:
        """Of all that would be stored: the same exactly when the same would be stored."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        digest = hashlib.sha256()
        for entry in self.pending():
            values = sorted(entry.line.values.items())
            changes = sorted(entry.changes.items())
            place = (entry.line.row, entry.line.copy, entry.build_id, str(entry.drone_id))
            digest.update(repr((place, values, changes)).encode())
        return digest.hexdigest()


def _kind(entry: Entry) -> str:
    if entry.drone_id is None:
        return "new"
    return "changed" if entry.changes else "same"


def read_table(path: Path) -> Table:
    """The table of a file, read in a process of its own. Raises `SheetRefused`."""
    return find_table(open_sheets(path), FIELD_OF_HEADING, EXAMPLES)


def check_table(table: Table, *, agency_id: int, digest: str, today: date) -> Checked:
    """Check every row of a table for an agency. The number of queries does not grow with the rows."""
    reader = RowReader(table, today)
    lines = list(reader.lines())
    builds, unresolved = _resolve(lines, reader, agency_id)
    known = existing(lines, agency_id=agency_id, digest=digest)
    _doubled(lines, known, reader)
    prices = prices_of(agency_id)
    entries = []
    for place, line in enumerate(lines):
        if (build := builds.get(line.asked)) is not None:
            before = known.get(place)
            entry = _entry(line, build, before)
            _check_row(entry, build, before, reader)
            _check_price(line, reader, prices)
            entries.append(entry)
    wrong = {problem.row for problem in reader.problems}
    right = [entry for entry in entries if entry.line.row not in wrong]
    problems = sorted(reader.problems, key=lambda each: (each.row, len(each.column), each.column))
    return Checked(table, right, problems, unresolved)


def _resolve(
    lines: Sequence[Line], reader: RowReader, agency_id: int
) -> tuple[dict[Asked, Build], list[Unresolved]]:
    """The build of each text that is understood; a problem in each row whose text is not."""
    rows: Mapping[Asked, list[int]] = defaultdict(list)
    serials: dict[Asked, str] = {}
    for line in lines:
        rows[line.asked].append(line.row)
        serials.setdefault(line.asked, line.serial)
    rows = {asked: numbers for asked, numbers in rows.items() if asked.key}
    found = match(list(rows), agency_id=agency_id)
    certain = {asked: each[0] for asked, each in found.items() if each and each[0].certain}
    builds = Build.objects.select_related("model").in_bulk(
        list({candidate.build_id for candidate in certain.values() if candidate.build_id})
    )
    unknown = [asked for asked in rows if asked not in certain]
    proposed = _proposals(unknown, serials, agency_id)
    for asked in unknown:
        said = _not_understood(asked, proposed[asked])
        name = "model" if asked.model or "maker" not in reader.table.columns else "maker"
        for row in dict.fromkeys(rows[asked]):
            reader.wrong(row, name, f"{asked.maker} {asked.model}".strip(), said)
    unresolved = [
        Unresolved(asked, len(set(rows[asked])), rows[asked][0], proposed[asked])
        for asked in unknown
        if not is_disguised(f"{asked.maker} {asked.model}")
    ]
    resolved = {
        asked: builds[each.build_id] for asked, each in certain.items() if each.build_id is not None
    }
    return resolved, unresolved


def _proposals(
    unknown: Sequence[Asked], serials: Mapping[Asked, str], agency_id: int
) -> dict[Asked, tuple[Candidate, ...]]:
    """Candidates, with the first serial number that stands beside each text as a further hint."""
    with_serial = {asked: Asked(asked.maker, asked.model, serials[asked]) for asked in unknown}
    found = match(list(with_serial.values()), agency_id=agency_id) if unknown else {}
    return {asked: found[with_serial[asked]] for asked in unknown}


def _not_understood(asked: Asked, candidates: Sequence[Candidate]) -> Said:
    text = f"{asked.maker} {asked.model}".strip()
    if is_disguised(text):
        return Said(
            "The text contains letters of another script that only look like the usual ones, or hidden"
            " characters. Correct the spelling in the file.",
            "よく似た別の文字体系の文字、又は見えない文字が含まれています。ファイルの表記を修正してください。",
        )
    labels = [each.label for each in candidates if each.build_id][:3]
    if labels:
        return Said(
            f"The text is not known as a maker and model. Choose what it means; proposed: {'; '.join(labels)}.",
            f"この表記の製造者・機種は特定されていません。対応する機種を選択してください(候補: {'、'.join(labels)})。",
        )
    return Said(
        "The text is not known as a maker and model, and nothing like it is recorded. Choose what it means,"
        " or propose the model for the catalogue first.",
        "この表記の製造者・機種は特定されておらず、似た登録もありません。"
        "対応する機種を選択するか、先に機種の登録を提案してください。",
    )


def _doubled(lines: Sequence[Line], known: Mapping[int, Existing], reader: RowReader) -> None:
    """Aircraft that several rows mean, and tags that no aircraft has."""
    rows: Mapping[str, list[Line]] = defaultdict(list)
    for place, line in enumerate(lines):
        if place in known:
            rows[str(known[place].id)].append(line)
        elif line.asset_tag:
            reader.wrong(line.row, "asset_tag", line.asset_tag, _NO_SUCH_TAG)
        elif line.serial:
            rows[line.serial].append(line)
    for same in rows.values():
        if len(same) > 1:
            said = _several(sorted({line.row for line in same}))
            for line in same:
                name = "serial_number" if line.serial else "asset_tag"
                reader.wrong(line.row, name, line.serial or line.asset_tag, said)


def _several(rows: Sequence[int]) -> Said:
    numbers = ", ".join(map(str, rows[:10]))
    return Said(
        f"Rows {numbers} mean the same aircraft; each stands in a file once.",
        f"同じ機体が複数箇所({numbers}行目)にあります。1つのファイルでは1機につき1回としてください。",
    )


_NO_SUCH_TAG = Said(
    "Your agency has no aircraft with this asset tag. Leave the column empty for a new aircraft.",
    "この資産タグの機体は貴機関にありません。新しい機体の場合は空欄にしてください。",
)


def _entry(line: Line, build: Build, before: Existing | None) -> Entry:
    if before is None:
        return Entry(line, build.pk)
    return Entry(line, build.pk, before.id, dict(_changes(line, build, before)))


def _changes(line: Line, build: Build, before: Existing) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """A file that names only the model says nothing against the configuration that is recorded."""
    if build.pk != before.build_id and (
        build.configuration_known or build.model_id != before.model_id
    ):
        yield "build", (before.build_id, build.pk)
    for name in EDITABLE:
        if name in line.values and line.values[name] != before.values[name]:
            yield name, (before.values[name], line.values[name])
    if line.serial and before.values["serial_missing_because"]:
        yield "serial_missing_because", (before.values["serial_missing_because"], "")


def _check_row(entry: Entry, build: Build, before: Existing | None, reader: RowReader) -> None:
    """What the form checks of a whole aircraft, and what changes by an event alone."""
    line = entry.line
    if line.serial and (
        before is None or "serial_number" in entry.changes or "build" in entry.changes
    ):
        faults = check_identifier(build.model.serial_scheme, line.serial).of(Severity.ERROR)
        for fault in faults:
            reader.wrong(line.row, "serial_number", line.serial, Said(fault.en, fault.ja))
    if before is not None:
        _check_change(entry, before, reader)


def _check_change(entry: Entry, before: Existing, reader: RowReader) -> None:
    line = entry.line
    if before.status in GONE and entry.changes:
        reader.wrong(line.row, "serial_number", line.serial, _CLOSED)
        return
    if line.values.get("status", before.status) != before.status:
        reader.wrong(line.row, "status", line.values["status"], _STATUS_BY_EVENT)
    custodian = line.values.get("custodian_name")
    if custodian and custodian not in before.custodians:
        reader.wrong(line.row, "custodian_name", custodian, _CUSTODY_BY_EVENT)
    if before.price_withheld and "price" in line.values:
        reader.wrong(line.row, "price", line.values["price"], _WITHHELD)


def _check_price(line: Line, reader: RowReader, prices: str) -> None:
    """As the agency gives its prices."""
    price = line.values.get("price")
    if price is None or prices == Given.EXACT:
        return
    if prices == Given.WITHHELD:
        reader.wrong(line.row, "price", price, _PRICES_WITHHELD)
    elif price != rounded(price):
        reader.wrong(line.row, "price", price, _PRICES_ROUNDED)


_PRICES_WITHHELD = Said(
    "Your agency withholds its prices, so none can be entered. Leave the column out.",
    "貴機関は価格を非開示としているため、入力できません。この列を除いてください。",
)
_PRICES_ROUNDED = Said(
    "Your agency gives its prices approximately: round the price to two digits, such as 1,200,000.",
    "貴機関は価格を概算で扱っています。1,200,000のように上位2桁に丸めてください。",
)
_CLOSED = Said(
    "The record of this aircraft is closed (disposed of, transferred or entered in error); it is not changed.",
    "この機体の記録は終了しています(処分済、移管済又は誤登録)。変更できません。",
)
_STATUS_BY_EVENT = Said(
    "This aircraft is recorded with another status. Record on its page what happened, with day and reason;"
    " an import does not change it.",
    "この機体は別の状態で登録されています。状態の変更は取込みでは行わず、"
    "機体のページで日付及び理由とともに記録してください。",
)
_CUSTODY_BY_EVENT = Said(
    "This aircraft has another custodian on record. Record on its page that it was handed over.",
    "この機体は別の管理者で登録されています。機体のページで引渡しを記録してください。",
)
_WITHHELD = Said(
    "The price of this aircraft is withheld, so none can be entered.",
    "この機体の価格は非開示とされているため、入力できません。",
)
