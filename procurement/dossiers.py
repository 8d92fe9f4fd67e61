"""The dossier: everything a decision rests on, frozen as one canonical text with its digest."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.checks import BuildCheck, Request, check_offers, verdicts_until
from compliance.facts import Offer
from compliance.parts import Part, PartCheck, check_parts
from compliance.rulebooks import LoadedRulebook, load_rulebook
from policy.rules import Level
from policy.scopes import Acquisition
from policy.trace import Outcome
from policy.verdicts import Standing, Verdict
from procurement.documents import documents_of
from procurement.models import Dossier, Line, Purchase
from procurement.waivers import authors_of, relied_on
from standards.canonical import canonical

VERSION = 3
"""Of the form of a dossier. 2 had no documents; one that was frozen then is read as it is."""


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
    book, request = load_rulebook(), request_of(purchase)
    checks = check_offers(
        {offer for line in lines if (offer := offer_of(line))}, request, on, book=book
    )
    later = _later(purchase, lines, checks, on, book)
    parts = check_parts([part_of(line) for line in lines if not line.flies], request, on, book)
    waivers = relied_on(checks.values(), book)
    judged: list[BuildCheck | PartCheck] = [*checks.values(), *parts.values()]
    suppliers = {str(line.pk): line.supplier_id for line in lines}
    body: dict[str, Any] = {
        "v": VERSION,
        "on": on.isoformat(),
        "purchase": _purchase(purchase),
        "lines": [_line(line) for line in lines],
        "rulebook": _rulebook(book, on),
        "builds": [
            *(
                _judged(offer.build, offer.supplier, checks[offer], book, later[offer])
                for offer in sorted(checks, key=_order)
            ),
            *(_judged(key, suppliers[key], parts[key], book, []) for key in sorted(parts)),
        ],
        "flags": _flags(
            purchase,
            lines,
            [
                *(check.verdict for check in judged),
                *(verdict for days in later.values() for _, verdict in days),
            ],
            bool(book.rules.sensitive_on(on) & set(purchase.missions)),
        ),
        "documents": documents_of(purchase, lines, [check.facts for check in judged]),
        "claimants": sorted(set().union(*(check.claimants for check in judged))),
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


def offer_of(line: Line) -> Offer | None:
    """The build and supplier of a line of aircraft; None while a specification has no build."""
    return None if line.build_id is None else Offer(line.build_id, line.supplier_id)


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
        "needed_by": _day(purchase.needed_by),
        "currency": purchase.currency,
        "budget_line": purchase.budget_line,
        "budget": purchase.budget,
        "begins": _day(purchase.begins),
        "ends": _day(purchase.ends),
        "emergency": purchase.emergency,
        "requester": purchase.requester.email,
        "version": purchase.version,
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "kind": line.kind,
        "build": line.build_id,
        "name": {"en": line.english, "ja": line.japanese},
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "supplier": line.supplier and {"id": line.supplier.pk, "name": line.supplier.name},
        "role": line.role,
        "maker": line.maker and {"id": line.maker.pk, "name": line.maker.name},
        "made_in": line.made_in,
        "developed_in": line.developed_in,
        "declaration": line.declaration
        and {"id": line.declaration.pk, "title": line.declaration.title},
        "begins": _day(line.begins),
        "ends": _day(line.ends),
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


def _judged(
    subject: int | str,
    supplier: int | None,
    check: BuildCheck | PartCheck,
    book: LoadedRulebook,
    later: Sequence[tuple[date, Verdict]],
) -> dict[str, Any]:
    """What is judged: a build by its id, or what a line asks for besides aircraft, by the id of the line."""
    return {
        "id": subject,
        "supplier": supplier,
        "facts_digest": check.facts.digest(),
        "facts": check.facts.to_json(),
        "verdict": check.verdict.to_json(),
        "later": [{"on": day.isoformat(), "verdict": verdict.to_json()} for day, verdict in later],
        "results": [
            {**_object(result.to_json()), **_clause(book, result.rule)} for result in check.results
        ],
    }


def _later(
    purchase: Purchase,
    lines: Sequence[Line],
    checks: Mapping[Offer, BuildCheck],
    on: date,
    book: LoadedRulebook,
) -> dict[Offer, list[tuple[date, Verdict]]]:
    """Of what is had for a time, the later days on which the verdict becomes another. One query at most."""
    last = max((line.ends for line in lines if line.ends), default=purchase.ends)
    if purchase.kind not in Purchase.FOR_A_TIME or last is None or not checks:
        return {offer: [] for offer in checks}
    days = verdicts_until(checks.values(), request_of(purchase), on, last, book=book)
    return dict(zip(checks, days, strict=True))


def part_of(line: Line) -> Part:
    """What a line asks for besides aircraft, as rules look at it."""
    service = line.kind == Line.Kind.SERVICE
    return Part(
        key=str(line.pk),
        name=line.description,
        role="" if service else line.role,
        maker=None if service or line.maker is None else line.maker.current_id,
        supplier=line.supplier_id,
        made_in=None if line.made_in is None else frozenset(line.made_in),
        developed_in=None if line.developed_in is None else frozenset(line.developed_in),
        declaration=line.declaration,
    )


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


def _flags(
    purchase: Purchase, lines: Sequence[Line], verdicts: Sequence[Verdict], sensitive: bool
) -> dict[str, bool]:
    """What the workflow asks of a dossier (procurement/transitions.py, `requires`).

    `security`: something is flagged or unknown, or a mission is or may be sensitive.
    `blocked`: a blocking rule fails or cannot be decided, and no waiver covers it.
    `acceptance`: an unknown that a reviewer may accept in writing.
    `specification`: a line has no build yet. `deliveries`: aircraft will come into the registry.
    """
    unknown = [level for verdict in verdicts for level in _unknown_levels(verdict)]
    flies = any(line.flies for line in lines)
    return {
        "flagged": any(verdict.flagged for verdict in verdicts),
        "security": sensitive
        or any(
            verdict.flagged or verdict.unknown or verdict.sensitive is not False
            for verdict in verdicts
        ),
        "blocked": any(verdict.blocked for verdict in verdicts) or Level.BLOCK in unknown,
        "consultation": any(verdict.consult for verdict in verdicts),
        "acceptance": Level.CONSULT in unknown,
        "specification": any(line.flies and line.build_id is None for line in lines),
        "deliveries": flies and purchase.kind != Purchase.Kind.SERVICE,
        "ordered_first": purchase.ordered_first,
        "may_order_first": bool(purchase.emergency) and purchase.kind in Purchase.IN_EMERGENCY,
    }


def _unknown_levels(verdict: Verdict) -> Iterator[Level]:
    for reason in verdict.reasons:
        unsettled = reason.outcome is Outcome.UNKNOWN or reason.applies is None
        if unsettled and reason.standing is Standing.UNDETERMINED:
            yield max(reason.weight, reason.level) if reason.applies is None else reason.weight
