"""Storing what a checked file says, a chunk at a time: each chunk and the cursor in one transaction."""

import json
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from registry.imports.checking import Entry
from registry.models import Drone, ImportSession
from standards.asset_tags import new_asset_tag
from standards.uuids import uuid7

CHUNK = 1_000


class Overtaken(RuntimeError):
    """Somebody else works on the same import; this run stops without harm."""


_ADD = """
with given as (
  select * from json_to_recordset(%(rows)s) as r (
    id uuid, airframe uuid, build bigint, serial_number text, serial_missing_because text, asset_tag text,
    registration_id text, status text, missions text[], custodian_name text, place text, firmware text,
    flight_hours numeric, acquired_on date, acquired_how text, price bigint, currency text, note text,
    origin uuid, "row" int, copy int)
), added as (
  insert into registry_drone (id, agency_id, airframe, build_id, serial_number, serial_missing_because, asset_tag,
    registration_id, status, missions, custodian_name, place, firmware, flight_hours, acquired_on, acquired_how,
    price, currency, note, recorded_at)
  select id, %(agency)s, airframe, build, serial_number, serial_missing_because, asset_tag, registration_id, status,
    missions, custodian_name, place, firmware, flight_hours, acquired_on, acquired_how, price, currency, note,
    %(now)s
  from given returning id
)
insert into registry_importedrow (id, agency_id, session_id, drone_id, digest, "row", copy)
select g.origin, %(agency)s, %(session)s, a.id, %(digest)s, g."row", g.copy from given g join added a using (id)
"""

_CHANGE = """
update registry_drone d set
  build_id = coalesce(r.build, d.build_id),
  serial_number = coalesce(r.serial_number, d.serial_number),
  serial_missing_because = coalesce(r.serial_missing_because, d.serial_missing_because),
  registration_id = coalesce(r.registration_id, d.registration_id),
  missions = coalesce(r.missions, d.missions),
  place = coalesce(r.place, d.place),
  firmware = coalesce(r.firmware, d.firmware),
  flight_hours = coalesce(r.flight_hours, d.flight_hours),
  acquired_on = coalesce(r.acquired_on, d.acquired_on),
  acquired_how = coalesce(r.acquired_how, d.acquired_how),
  price = coalesce(r.price, d.price),
  currency = coalesce(r.currency, d.currency),
  note = coalesce(r.note, d.note)
from json_to_recordset(%(rows)s) as r (
  id uuid, build bigint, serial_number text, serial_missing_because text, registration_id text, missions text[],
  place text, firmware text, flight_hours numeric, acquired_on date, acquired_how text, price bigint,
  currency text, note text)
where d.id = r.id and d.agency_id = %(agency)s
"""


def chunks(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), CHUNK):
        yield entries[start : start + CHUNK]


def store_chunk(session: ImportSession, entries: Sequence[Entry]) -> None:
    """Store these aircraft and move the cursor, in the transaction that is open.

    Raises `Overtaken` when the cursor is not where this run left it.
    """
    _hold(session)
    added = [_new(entry) for entry in entries if entry.drone_id is None]
    changed = [_change(entry) for entry in entries if entry.drone_id is not None]
    scope: dict[str, Any] = {
        "agency": session.agency_id,
        "session": session.pk,
        "digest": session.digest,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        if added:
            cursor.execute(_ADD, {**scope, "rows": _json(added)})
        if changed:
            cursor.execute(_CHANGE, {**scope, "rows": _json(changed)})
        reached = session.next_row + len(entries)
        cursor.execute(
            "update registry_importsession set next_row = %s where id = %s", [reached, session.pk]
        )
    session.next_row = reached


def _hold(session: ImportSession) -> None:
    """Locks the session, so that two runs of one import never store the same rows twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select state, next_row from registry_importsession where id = %s for update",
            [session.pk],
        )
        if cursor.fetchone() != (ImportSession.State.APPLYING, session.next_row):
            raise Overtaken


def _new(entry: Entry) -> dict[str, Any]:
    values = entry.line.values
    return {
        "id": uuid7(),
        "airframe": uuid.uuid4(),
        "build": entry.build_id,
        "serial_number": values.get("serial_number", ""),
        "serial_missing_because": values.get("serial_missing_because", ""),
        "asset_tag": new_asset_tag(),
        "registration_id": values.get("registration_id", ""),
        "status": values.get("status", Drone.Status.IN_SERVICE),
        "missions": values.get("missions", []),
        "custodian_name": values.get("custodian_name", ""),
        "place": values.get("place", ""),
        "firmware": values.get("firmware", ""),
        "flight_hours": values.get("flight_hours"),
        "acquired_on": values.get("acquired_on"),
        "acquired_how": values.get("acquired_how", Drone.Acquired.UNKNOWN),
        "price": values.get("price"),
        "currency": values.get("currency", "JPY"),
        "note": values.get("note", ""),
        "origin": uuid7(),
        "row": entry.line.row,
        "copy": entry.line.copy,
    }


def _change(entry: Entry) -> dict[str, Any]:
    """Only what changes; the rest stays as it is at that moment."""
    return {"id": entry.drone_id} | {name: new for name, (_old, new) in entry.changes.items()}


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, default=_plain, ensure_ascii=False)


def _plain(value: UUID | date | Decimal) -> str:
    return str(value)
