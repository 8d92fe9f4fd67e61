import hashlib
import json
import time
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agencies.context import acting_as
from agencies.models import Agency
from compliance.intake import store
from registry.imports.applying import Overtaken
from registry.imports.checking import Checked, read_table
from registry.imports.reports import report_of
from registry.imports.sessions import (
    NotAsConfirmed,
    Source,
    State,
    begin,
    check,
    check_rows,
    confirm,
    unfinished,
)
from registry.imports.uploads import Upload, keep
from registry.models import ImportSession
from standards.sheets.opening import MOST_BYTES, too_big
from standards.sheets.refusals import SheetRefused

DONE, WITH_ERRORS, REFUSED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asks for."""

    file: Path
    agency: Agency
    dry_run: bool
    partial: bool


class Command(BaseCommand):
    help = (
        "Import aircraft from a CSV or XLSX file. Running it again with the same file changes nothing."
        " Exit status: 0 done, 1 done with row errors (without --partial nothing is stored), 2 refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True, metavar="CODE", help="code of the agency")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument("--partial", action="store_true", help="store the rows that are right")
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object and nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        try:
            order = _order(options)
            report = _run(order)
        except (CommandError, SheetRefused, NotAsConfirmed, Overtaken) as error:
            why = (
                str(error)
                or "Something else changed or imported the same aircraft; run the command again."
            )
            if options["json"]:
                self.stdout.write(json.dumps({"state": "refused", "reason": why}))
                raise SystemExit(REFUSED) from error
            raise CommandError(why, returncode=REFUSED) from error
        report["seconds"] = round(time.perf_counter() - began, 3)
        self.stdout.write(
            json.dumps(report, ensure_ascii=False) if options["json"] else _as_text(report)
        )
        if report["errors"]:
            raise SystemExit(WITH_ERRORS)


def _order(options: dict[str, Any]) -> Order:
    file: Path = options["file"]
    if not file.is_file():
        raise CommandError(f"There is no file {file}.")
    if (size := file.stat().st_size) > MOST_BYTES:
        raise too_big(size)
    agency = Agency.objects.filter(code=options["agency"]).first()
    if agency is None:
        raise CommandError(f"There is no agency with the code {options['agency']!r}.")
    return Order(file, agency, options["dry_run"], options["partial"])


def _run(order: Order) -> dict[str, Any]:
    digest = hashlib.sha256(order.file.read_bytes()).hexdigest()
    source = Source(Upload(order.file, digest), order.file.name, order.agency, None)
    with acting_as(None, reason="check of a file to import"):
        before = unfinished(source)
    if before is not None and before.state == State.APPLYING and not order.dry_run:
        return _facts(order, before.report, "stored", store(before))
    table = read_table(order.file)  # outside of any transaction: the database does not wait
    with acting_as(None, reason="check of a file to import"):
        checked = check_rows(table, agency_id=order.agency.pk, digest=digest)
        report = report_of(checked)
    if order.dry_run:
        return _facts(order, report, "checked")
    if checked.problems and not order.partial:
        return _facts(order, report, "stopped")
    if not checked.pending():
        return _facts(order, report, "unchanged")
    return _facts(order, report, "stored", store(_confirmed(order, checked), checked))


def _confirmed(order: Order, checked: Checked) -> ImportSession:
    with order.file.open("rb") as file:
        upload = keep(iter(lambda: file.read(1 << 20), b""), order.agency.pk)
    source = Source(upload, order.file.name, order.agency, None)
    with acting_as(None, reason=f"import of {order.file.name}"), transaction.atomic():
        session = begin(source)
        check(session, checked)
        confirm(session, plan=checked.digest(), partial=order.partial, by=None)
    return session


def _facts(
    order: Order, report: dict[str, Any], state: str, session: ImportSession | None = None
) -> dict[str, Any]:
    counts = report["counts"]
    return {
        "file": order.file.name,
        "agency": order.agency.code,
        "state": state,
        "import": str(session.pk) if session else None,
        "rows": report["rows"],
        **counts,
        "skipped": counts["wrong"] if state == "stored" else 0,
        "errors": [
            {
                "row": each["row"],
                "column": each["column"],
                "heading": each["heading"],
                "value": each["value"],
                "reason": each["said"]["en"],
            }
            for each in report["problems"]
        ],
        "error_count": report["problem_count"],
        "changes": report["changes"],
        "unresolved": report["unresolved"],
        "remarks": [remark["en"] for remark in report["remarks"]],
    }


_STATES = {
    "stored": "Stored.",
    "checked": "Checked only; nothing was stored.",
    "stopped": "Nothing was stored, because rows are wrong. Correct them, or use --partial.",
    "unchanged": "Nothing to store: every aircraft is recorded as the file says.",
}


def _as_text(report: dict[str, Any]) -> str:
    lines = [
        (
            f"{report['file']} for {report['agency']}: {report['rows']} rows; aircraft: {report['new']} new,"
            f" {report['changed']} changed, {report['same']} the same; {report['wrong']} rows wrong."
        ),
        *(f"  {remark}" for remark in report["remarks"]),
        *(
            f"  Row {each['row']}: {each['field']} of {each['drone']}: {each['old']} → {each['new']}"
            for each in report["changes"]
        ),
        *(
            f"  Row {each['row']}, column {each['column'] or '–'} {each['heading']}, “{each['value']}”: {each['reason']}"
            for each in report["errors"]
        ),
    ]
    if report["error_count"] > len(report["errors"]):
        lines.append(f"  … and {report['error_count'] - len(report['errors'])} more errors.")
    return "\n".join([*lines, f"{_STATES[report['state']]} {report['seconds']} s."])
