"""Transfer of an aircraft between two agencies: offer, withdrawal, answer. Both agencies consent, by two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from agencies.models import Agency, Person
from audit.context import told
from registry.models import Drone
from registry.refusals import as_refusal
from standards.asset_tags import new_asset_tag
from standards.uuids import uuid7


@dataclass(frozen=True, slots=True)
class Place:
    """What the receiver uses the aircraft for, and where it will stand."""

    missions: Sequence[str] = ()
    place: str = ""


def offer(*, drone: Drone, seen: int, to: Agency, message: str, by: Person) -> UUID:
    """Offer an aircraft to another agency. Answers the id under which both sides know the offer.

    Raises NotThere, NotAllowed, or NotNow when something happened to the aircraft since `seen`.
    """
    return UUID(str(_call(by, "registry_offer", drone.pk, seen, to.pk, message.strip())))


def withdraw(*, offer_id: UUID, reason: str, by: Person) -> None:
    """The giver takes the offer back. Raises NotThere, NotAllowed, NotNow."""
    _call(by, "registry_withdraw_offer", offer_id, reason.strip())


def decline(*, offer_id: UUID, reason: str, by: Person) -> None:
    """The receiver declines, with a reason. Raises NotThere, NotAllowed, NotNow."""
    _call(by, "registry_decline_offer", offer_id, reason.strip())


def accept(*, offer_id: UUID, settled: Place, by: Person) -> UUID:
    """The receiver accepts: the giver's row closes with its history, a new one opens here. Answers its id.

    Raises NotThere, NotAllowed, NotNow.
    """
    row = uuid7()
    _call(
        by,
        "registry_accept_offer",
        offer_id,
        row,
        new_asset_tag(),
        list(settled.missions),
        settled.place.strip(),
    )
    return row


def _call(by: Person, function: str, *arguments: Any) -> Any:
    """One function of the database, in a part of the transaction that its refusal undoes.

    The database asks its context who acts: a caller who names somebody else is wrong.
    """
    if told()["app.actor"] != by.actor:
        raise RuntimeError("The transaction works for somebody else: open one for this person.")
    marks = ", ".join(_CASTS.get(type(each), "%s") for each in arguments)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select {function}({marks})", arguments)  # one of the four names above
            row = cursor.fetchone()
    except DatabaseError as error:
        raise as_refusal(error) from error
    return row[0] if row else None


_CASTS: dict[type, str] = {UUID: "%s::uuid", list: "%s::text[]"}
