"""The waivers that a dossier relies on: named in it, compared, and closed to their authors."""

from collections.abc import Iterable, Mapping
from typing import Any

from compliance.checks import BuildCheck
from compliance.models import Waiver
from compliance.rulebooks import LoadedRulebook
from compliance.waivers import authors, read_waivers


def relied_on(checks: Iterable[BuildCheck], book: LoadedRulebook) -> list[dict[str, Any]]:
    """The waivers that some verdict rests on, as a dossier names them, in the order of their ids.

    Two queries; none where nothing is waived.
    """
    used = set[str]().union(*(check.waivers for check in checks))
    if not used:
        return []
    rows = read_waivers(used)
    people = authors(rows)
    keys = {rule.pk: key for key, rule in book.stored.items()}
    return [_named(row, keys, people[row.pk]) for row in rows]


def _named(waiver: Waiver, keys: Mapping[int, str], people: Iterable[int]) -> dict[str, Any]:
    return {
        "id": str(waiver.pk),
        "name": str(waiver),
        "agency": waiver.agency.code,
        "kind": waiver.kind,
        "rules": sorted(keys[rule] for rule in waiver.rules if rule in keys),
        "valid_from": waiver.valid_from.isoformat(),
        "valid_until": waiver.last_day.isoformat(),
        "reason": waiver.reason,
        "conditions": waiver.conditions,
        "authors": sorted(people),
    }


def authors_of(waivers: Iterable[Mapping[str, Any]]) -> list[int]:
    """Who asked for one of these or decided on it: they decide on nothing that relies on it."""
    return sorted({person for each in waivers for person in each["authors"]})
