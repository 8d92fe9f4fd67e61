"""Reviews that have waited for weeks in a world that was loaded today.

A step has the time of the database, and no other is given to it. So the owner of the database sets back since when a
purchase has been in its state and by when it is due, nothing else; the audit trail says so, in the owner's name.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from demo.reference_files import read_json

AGE = """
update procurement_purchase p set
  since = p.since - %(age)s,
  due_on = (select max(d) from generate_series(p.due_on - %(age)s - interval '14 days', p.due_on - %(age)s, interval '1 day') d
            where procurement_works(d::date))
from agencies_agency a
where a.id = p.agency_id and a.code = %(agency)s and p.title = %(title)s and p.due_on >= app_today()
"""
CONTEXT = """
select set_config('app.reason', %s, true),
  set_config('app.agencies', (select string_agg(id::text, ',') from agencies_agency), true)
"""
REASON = "demo world: shown as if it had been in this state for longer"


def age_purchases() -> int:
    """Those that the reference file says have waited for so many days; harmless to repeat. Returns how many."""
    aged = [entry for entry in read_json("purchases.json") if "aged" in entry]
    owner = settings.OWNER_DATABASE_ALIAS
    with transaction.atomic(using=owner), connections[owner].cursor() as cursor:
        cursor.execute(CONTEXT, [REASON])
        return sum(_age(cursor, entry) for entry in aged)


def _age(cursor: CursorWrapper, entry: dict[str, Any]) -> int:
    given = {
        "age": timedelta(days=entry["aged"]),
        "agency": entry["agency"],
        "title": entry["title"],
    }
    cursor.execute(AGE, given)
    return int(cursor.rowcount)
