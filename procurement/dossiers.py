"""The dossier: everything a decision rests on, frozen as one canonical text with its digest."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.checks import BuildCheck, Request, check_offers
from compliance.facts import Offer
from compliance.rulebooks import LoadedRulebook, load_rulebook
from policy.rules import Level
from policy.scopes import Acquisition
from policy.trace import Outcome
from policy.verdicts import Standing
from procurement.models import Dossier, Line, Purchase
from procurement.waivers import authors_of, relied_on
from standards.canonical import canonical


@dataclass(frozen=True, slots=True)
class Composed:
    """A dossier as it would be frozen on a day. `checks` by build and supplier."""

    body: dict[str, Any]
    text: str
    digest: str
    checks: dict[Offer, BuildCheck]

    @property
    def flags(self) -> dict[str, bool]:
        flags: dict[str, bool] = self.body["flags"]
        return flags


def compose(purchase: Purchase, lines: Sequence[Line], on: date) -> Composed:
    """The dossier of this purchase as of this day. A fixed number of queries; stores nothing."""
    book = load_rulebook()
    checks = check_offers({offer_of(line) for line in lines}, request_of(purchase), on, book=book)
    waivers = relied_on(checks.values(), book)
    body: dict[str, Any] = {
        "v": 2,
        "on": on.isoformat(),
        "purchase": _purchase(purchase),
        "lines": [_line(line) for line in lines],
        "rulebook": _rulebook(book, on),
        "builds": [_build(offer, checks[offer], book) for offer in sorted(checks, key=_order)],
        "flags": _flags(list(checks.values())),
        "claimants": sorted(set().union(*(check.claimants for check in checks.values()))),
        "waivers": waivers,
        "waiver_authors": authors_of(waivers),
    }
    text = canonical(body)
    return Composed(json.loads(text), text, Dossier.digest_of(text), checks)


def request_of(purchase: Purchase) -> Request:
    return Request(
        kind=Acquisition(purchase.kind),
        missions=frozenset(purchase.missions),
        agency_id=purchase.agency_id,
        agency_kind=purchase.agency.kind,
    )


def offer_of(line: Line) -> Offer:
    return Offer(line.build_id, line.supplier_id)


def _order(offer: Offer) -> tuple[int, int]:
    return offer.build, offer.supplier or 0


def stored(purchase: Purchase) -> dict[str, Any] | None:
    """The body of the dossier that the purchase stands on; None while it has none."""
    if purchase.dossier is None:
        return None
    body: dict[str, Any] = json.loads(purchase.dossier.body)
    return body


def _purchase(purchase: Purchase) -> dict[str, Any]:
    return {
        "id": str(purchase.pk),
        "number": purchase.number,
        "agency": purchase.agency.code,
        "kind": purchase.kind,
        "title": purchase.title,
        "purpose": purchase.purpose,
        "missions": sorted(purchase.missions),
        "needed_by": purchase.needed_by.isoformat() if purchase.needed_by else None,
        "requester": purchase.requester.email,
        "version": purchase.version,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "build": line.build_id,
        "name": {"en": line.build.english, "ja": line.build.japanese},
        "quantity": line.quantity,
        "unit_price_yen": line.unit_price_yen,
        "supplier": line.supplier and {"id": line.supplier.pk, "name": line.supplier.name},
    }


def _rulebook(book: LoadedRulebook, on: date) -> dict[str, Any]:
    used = [each.used_on(on) for each in book.rules.lists]
    return {
        "digest": book.rules.digest(),
        "versions": sorted(
            {f"{c.version.policy}/{c.version.version}" for c in book.rules.clauses_in_force(on)}
        ),
        "lists": [
            {"code": each.code, "edition": each.edition.isoformat(), "digest": each.digest}
            for each in used
            if each.edition is not None
        ],
    }


def _build(offer: Offer, check: BuildCheck, book: LoadedRulebook) -> dict[str, Any]:
    return {
        "id": offer.build,
        "supplier": offer.supplier,
        "facts_digest": check.facts.digest(),
        "facts": check.facts.to_json(),
        "verdict": check.verdict.to_json(),
        "results": [
            {**_object(result.to_json()), **_clause(book, result.rule)} for result in check.results
        ],
    }


def _clause(book: LoadedRulebook, key: str) -> dict[str, Any]:
    rule = book.rules.clause_by_key[key].rule
    return {
        "clause": {"en": rule.clause.en, "ja": rule.clause.ja},
        "authoritative": rule.authoritative,
        "citation": rule.citation,
        "level": rule.level.name.lower(),
    }


def _object(value: Any) -> dict[str, Any]:
    return dict(value)


def _flags(checks: Sequence[BuildCheck]) -> dict[str, bool]:
    """What the workflow asks of a dossier (procurement/transitions.py, `requires`).

    `security`: something is flagged or unknown, or a mission is or may be sensitive.
    `blocked`: a blocking rule fails or cannot be decided, and no waiver covers it.
    `acceptance`: an unknown that a reviewer may accept in writing.
    """
    verdicts = [check.verdict for check in checks]
    unknown = [level for check in checks for level in _unknown_levels(check)]
    return {
        "flagged": any(verdict.flagged for verdict in verdicts),
        "security": any(
            verdict.flagged or verdict.unknown or verdict.sensitive is not False
            for verdict in verdicts
        ),
        "blocked": any(verdict.blocked for verdict in verdicts) or Level.BLOCK in unknown,
        "consultation": any(verdict.consult for verdict in verdicts),
        "acceptance": Level.CONSULT in unknown,
    }


def _unknown_levels(check: BuildCheck) -> Iterator[Level]:
    for reason in check.verdict.reasons:
        unsettled = reason.outcome is Outcome.UNKNOWN or reason.applies is None
        if unsettled and reason.standing is Standing.UNDETERMINED:
            yield max(reason.weight, reason.level) if reason.applies is None else reason.weight
