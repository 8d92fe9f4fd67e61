"""What a check found, as the session keeps it (JSON) and as pages and the command show it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from registry.imports.checking import Checked, Entry, Unresolved
from registry.imports.reading import Problem
from registry.matching import Candidate
from registry.models import Build
from standards.sheets.refusals import Said

MOST_PROBLEMS, MOST_CHANGES, MOST_CANDIDATES = 5_000, 500, 8
"""How many are kept to be shown; the counts are always of all."""


def report_of(checked: Checked) -> dict[str, Any]:
    """Counts, remarks, every problem with row, column, value and reason, what changes, and what nobody
    explained yet. Reasons are kept in both languages."""
    changed = [entry for entry in checked.entries if entry.changes]
    names = _build_names(changed[:MOST_CHANGES])
    return {
        "counts": checked.counts(),
        "rows": checked.rows,
        "sheet": checked.table.sheet,
        "columns": [
            {"letter": each.letter, "heading": each.heading, "field": each.field}
            for each in sorted(checked.table.columns.values(), key=lambda column: column.place)
        ],
        "remarks": [_said(remark) for remark in checked.table.remarks],
        "problem_count": len(checked.problems),
        "problems": [_problem(problem) for problem in checked.problems[:MOST_PROBLEMS]],
        "changes": [change for entry in changed for change in _changes(entry, names)][
            :MOST_CHANGES
        ],
        "unresolved": [_unresolved(each) for each in checked.unresolved],
    }


def _said(said: Said) -> dict[str, str]:
    return {"en": said.en, "ja": said.ja}


def _problem(problem: Problem) -> dict[str, Any]:
    return {**asdict(problem), "said": _said(problem.said)}


def _changes(entry: Entry, names: dict[int, str]) -> Iterable[dict[str, Any]]:
    for name, (old, new) in entry.changes.items():
        shown = [
            names.get(each, str(each)) if name == "build" else _plain(each) for each in (old, new)
        ]
        yield {
            "row": entry.line.row,
            "drone": entry.line.serial or entry.line.asset_tag or "",
            "field": name,
            "old": shown[0],
            "new": shown[1],
        }


def _plain(value: Any) -> Any:
    """As an event of the audit trail holds it: lists stay lists, all else is text."""
    return value if isinstance(value, list) or value is None else str(value)


def _build_names(entries: Iterable[Entry]) -> dict[int, str]:
    wanted = {pk for entry in entries for pk in entry.changes.get("build", ())}
    builds = Build.objects.select_related("model").in_bulk(list(wanted))
    return {pk: build.english for pk, build in builds.items()}


def _unresolved(each: Unresolved) -> dict[str, Any]:
    return {
        "text": f"{each.asked.maker} {each.asked.model}".strip(),
        "maker": each.asked.maker,
        "model": each.asked.model,
        "rows": each.rows,
        "first_row": each.first_row,
        "candidates": [
            _candidate(candidate) for candidate in each.candidates if candidate.build_id is not None
        ][:MOST_CANDIDATES],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "build": candidate.build_id,
        "label": candidate.label,
        "score": candidate.score,
        "reasons": [
            {"why": reason.why.value, "detail": reason.detail} for reason in candidate.reasons
        ],
    }
