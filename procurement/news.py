"""The jobs that make notices: one follows the audit trail, the other looks at the calendar.

Both may be interrupted anywhere and run again. What was read, the notices made of it and the bookmark are one
transaction; a notice is entered once for its cause, however often the trail is read.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from agencies.context import acting_as
from compliance.feed import read_frontier
from compliance.notices import of_standings, of_waiver_decisions, of_waiver_turns, of_waivers
from procurement.notices import (
    of_claims,
    of_conditions,
    of_evidence,
    of_lapsed_claims,
    of_moves,
    of_reviews,
)
from records.models import Bookmark
from records.telling import Told, tell_people
from registry.notices import of_loans, of_offers

MOVES, OFFERS = "procurement_move", "registry_incomingtransfer"
CLAIMS = "procurement_claim"
WAIVERS, DECISIONS = "compliance_waiver", "compliance_waiverdecision"
OF_THE_CALENDAR: Final = (
    of_waivers,
    of_conditions,
    of_evidence,
    of_reviews,
    of_lapsed_claims,
    of_loans,
)
HAPPENED: Final = """
select e.record_table, array_agg(distinct e.record_id::uuid) from audit_event e
where e.xid >= %s::text::xid8 and e.record_table = any (%s) and e.at > now() - interval '14 days'
group by e.record_table
"""
"""Nobody is told of what is older than two weeks: a registry that was restored, or began to tell, stays quiet."""


def _held(name: str) -> Bookmark:
    """The bookmark of a job, held until the transaction ends: of two runs at one moment the second waits."""
    Bookmark.objects.bulk_create([Bookmark(name=name)], ignore_conflicts=True)
    return Bookmark.objects.select_for_update().get(pk=name)


def follow_trail() -> None:
    """Tell people of what happened since the last time."""
    with acting_as(None, reason="notices"):
        bookmark = _held("notices")
        until = read_frontier()
        # In a restored database transactions are counted from a lower number again.
        since = min(bookmark.place, until)
        tell_people(_of_trail(since, timezone.localdate()))
        bookmark.place = until
        bookmark.save(update_fields=["place"])


def _of_trail(since: int, today: date) -> Iterator[Told]:
    with connection.cursor() as cursor:
        cursor.execute(HAPPENED, [since, [MOVES, OFFERS, CLAIMS, WAIVERS, DECISIONS]])
        happened: dict[str, list[UUID]] = dict(cursor.fetchall())
    yield from of_moves(happened.get(MOVES, []), today)
    yield from of_offers(happened.get(OFFERS, []), today)
    yield from of_claims(happened.get(CLAIMS, []))
    yield from of_waiver_turns(happened.get(WAIVERS, []), today)
    yield from of_waiver_decisions(happened.get(DECISIONS, []), today)


def _days_since(last: int, today: date) -> Iterator[date]:
    """The days that have ended since this was last done, of the last two weeks: what changed on them is known."""
    first = max(last, today.toordinal() - 14)
    yield from map(date.fromordinal, range(first, today.toordinal()))


def remind(today: date) -> bool:
    """Tell people of what is due, once a day. Whether it was done now."""
    with acting_as(None, reason="reminders"):
        bookmark = _held("reminders")
        if bookmark.place >= today.toordinal():
            return False
        for told in OF_THE_CALENDAR:
            tell_people(told(today))
        for day in _days_since(bookmark.place, today):
            tell_people(of_standings(day, today))
        bookmark.place = today.toordinal()
        bookmark.save(update_fields=["place"])
    return True
