import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from agencies.context import acting_as
from policy.list_formats.entries import EntryRow, ListFileError
from policy.list_formats.formats import FORMATS, read_list
from policy.models import ReferenceList
from policy.services import EditionReport, record_edition
from procurement.jobs import follow_changed_rules


class Command(BaseCommand):
    help = "Record a new edition of a list from a published file, and report what changed against the one before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--list", required=True, dest="code", help="code of the list")
        parser.add_argument(
            "--edition", required=True, type=_day, help="the day it was published, YYYY-MM-DD"
        )
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument(
            "--new",
            metavar="NAME",
            help="begin a list of entities of this name, if there is none yet",
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object and nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = _read(options["format"], options["file"])
        with acting_as(None, reason=f"import of {options['file'].name}"):
            of = _list(options["code"], options["new"])
            try:
                report = record_edition(
                    of=of, edition=options["edition"], rows=rows, source=options["file"].name
                )
            except ValidationError as error:
                raise CommandError("; ".join(error.messages), returncode=2) from error
            if not report.known:
                follow_changed_rules.enqueue()
        self.stdout.write(
            json.dumps(_as_json(report), ensure_ascii=False)
            if options["json"]
            else _as_text(report)
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2025-01-07") from error


def _list(code: str, new: str | None) -> ReferenceList:
    found = ReferenceList.objects.filter(code=code).first()
    if found is None and new:
        found = ReferenceList(
            code=code, kind=ReferenceList.Kind.ENTITIES, name_en=new, name_local=new
        )
        found.full_clean()
        found.save()
    if found is None:
        known = ", ".join(ReferenceList.objects.values_list("code", flat=True)) or "none yet"
        raise CommandError(
            f"There is no list {code!r}. Lists: {known}. Begin one with --new NAME.", returncode=2
        )
    return found


def _read(format_name: str, file: Path) -> tuple[EntryRow, ...]:
    try:
        return read_list(format_name, file.read_bytes())
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=2) from error
    except ListFileError as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        raise CommandError(
            f"{len(error.problems)} problems; nothing was stored.", returncode=2
        ) from error


def _as_json(report: EditionReport) -> dict[str, Any]:
    return {
        "list": report.edition.list.code,
        "edition": report.edition.edition.isoformat(),
        "entries": report.same + len(report.added) + len(report.changed),
        "added": list(report.added),
        "removed": list(report.removed),
        "changed": list(report.changed),
        "same": report.same,
        "already_recorded": report.known,
    }


def _as_text(report: EditionReport) -> str:
    facts = _as_json(report)
    lines = [f"{facts['list']}, edition {facts['edition']}: {facts['entries']} entries."]
    if report.known:
        lines.append("This edition was recorded before; nothing changed.")
    for word in ("added", "removed", "changed"):
        names = facts[word]
        lines.append(f"{word}: {len(names)}" + "".join(f"\n  {name}" for name in names))
    return "\n".join(lines)
