"""What has changed since somebody last looked at a purchase.

Pages are opened again, reloaded and left open: what belongs to one sitting is compared with the
sitting before it, so that a reload does not make what is new disappear.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agencies.models import Person
from procurement.models import Look, Purchase

SITTING = timedelta(minutes=30)
"""Whoever opens the page again within this time has not been away."""
SEEN = ("at", "version", "moves", "dossier_id")


@dataclass(frozen=True, slots=True)
class LastLook:
    """How the purchase stood at the end of the sitting before this one. `body`: its dossier then."""

    at: datetime
    version: int
    moves: int
    body: dict[str, Any] | None


def look_at(purchase: Purchase, by: Person) -> LastLook | None:
    """Remember that this person has it open now; what they saw last, None the first time. Two queries."""
    now = timezone.now()
    known = _own(purchase, by)
    if known is None:
        Look.objects.bulk_create([_first(purchase, by, now)], ignore_conflicts=True)
        return None
    if now - known.at > SITTING:
        for name in SEEN:
            setattr(known, f"before_{name}", getattr(known, name))
    for name, value in zip(SEEN, _seen(purchase, now), strict=True):
        setattr(known, name, value)
    known.save()
    return _last(known)


def _own(purchase: Purchase, by: Person) -> Look | None:
    rows = Look.objects.visible_to(by).filter(purchase=purchase)
    return rows.select_for_update(of=("self",)).first()


def _seen(purchase: Purchase, now: datetime) -> tuple[object, ...]:
    return now, purchase.version, purchase.moves_made, purchase.dossier_id


def _first(purchase: Purchase, by: Person, now: datetime) -> Look:
    seen: dict[str, Any] = dict(zip(SEEN, _seen(purchase, now), strict=True))
    return Look(agency_id=purchase.agency_id, purchase=purchase, person=by, **seen)


def _last(look: Look) -> LastLook | None:
    """Reads the dossier of that time, where there was one."""
    if look.before_at is None or look.before_version is None or look.before_moves is None:
        return None
    dossier = look.before_dossier
    body = json.loads(dossier.body) if dossier else None
    return LastLook(look.before_at, look.before_version, look.before_moves, body)
