"""Dossiers and steps written straight into the tables, past the services: for tests of what the database refuses."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from agencies.context import acting_as
from agencies.models import Person
from procurement.models import Dossier, Line, Move, Purchase, ReceivedUnit
from registry.models import Drone

CLEAR = {
    "security": False,
    "blocked": False,
    "consultation": False,
    "specification": False,
    "deliveries": True,
    "ordered_first": False,
}
FLAGGED = {**CLEAR, "security": True}


def freeze(
    purchase: Purchase,
    by: Person | None,
    flags: dict[str, bool] = FLAGGED,
    claimants: Collection[int] = (),
    **given: Any,
) -> Dossier:
    """A dossier of the purchase as it stands now, with these flags."""
    body = json.dumps({"flags": flags, "claimants": list(claimants)})
    whole = {"version": purchase.version, "digest": Dossier.digest_of(body), "body": body, **given}
    with acting_as(by):
        return Dossier.objects.create(agency_id=purchase.agency_id, purchase=purchase, **whole)


def step(purchase: Purchase, action: str, to: str, by: Person | None, **given: Any) -> Move:
    """Insert a move from where the purchase stands; `given` says what is to be different."""
    if "dossier" not in given:
        given["dossier"] = purchase.dossier
    dossier: Dossier | None = given["dossier"]
    whole = {
        "from_status": purchase.status,
        "version": purchase.version,
        "round": purchase.round,
        "digest": dossier.digest if dossier else "",
        "actor": by,
        **given,
    }
    with acting_as(by):
        move = Move.objects.create(
            agency_id=purchase.agency_id, purchase=purchase, action=action, to_status=to, **whole
        )
    reload(purchase)
    with acting_as(None):
        move.refresh_from_db()
    return move


def reload(purchase: Purchase) -> None:
    """As the database has it now, with the dossier it stands on: to read that later would need a context."""
    with acting_as(None):
        purchase.refresh_from_db()
        if purchase.dossier_id is not None:
            purchase.dossier = Dossier.objects.unscoped(reason="its own").get(
                pk=purchase.dossier_id
            )


def submit(purchase: Purchase, flags: dict[str, bool] = FLAGGED, **more: Any) -> Move:
    """The requester freezes a dossier and hands the purchase in."""
    by = purchase.requester
    dossier = freeze(purchase, by, flags, **more)
    return step(purchase, "submit", "agency_review", by, dossier=dossier)


def line_of(purchase: Purchase) -> Line:
    with acting_as(None):
        return Line.objects.unscoped(reason="the only one").get(purchase=purchase)


def receive(purchase: Purchase, line: Line, drone: Drone, by: Person) -> None:
    with acting_as(by):
        ReceivedUnit.objects.create(
            agency_id=purchase.agency_id,
            purchase=purchase,
            line=line,
            drone=drone,
            received_on=date(2026, 4, 1),
            inspector=by,
        )
