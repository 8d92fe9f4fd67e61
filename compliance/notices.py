"""What people are told about compliance: waivers that end."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from agencies.models import Membership
from agencies.posts import holders
from compliance.models import Waiver, WaiverState
from records.notice_kinds import NoticeKind
from records.notice_words import on_day
from records.telling import Cause, Told

REMINDED: Final = (90, 30, 7)
"""Days before the last day of a waiver."""
KEEPERS: Final = (Membership.Role.CUSTODIAN,)


def of_waivers(today: date) -> Iterator[Told]:
    """Waivers in force that end within 90, 30 or 7 days: to whoever asked for them, and to the custodians
    of the body they are granted to. Once for each of the three, however often this is asked."""
    live = Waiver.objects.unscoped(reason="waivers that end, of every agency")
    ending = live.in_state(today, WaiverState.VALID).filter(
        last_day__lte=today + timedelta(days=max(REMINDED))
    )
    for waiver in ending.select_related("requested_by"):
        left = (waiver.last_day - today).days
        reached = min(days for days in REMINDED if left <= days)
        cause = Cause(
            NoticeKind.WAIVER_ENDING,
            f"waiver:{waiver.pk}:{waiver.last_day}:{reached}",
            waiver,
            str(waiver),
            {"day": on_day(waiver.last_day)},
        )
        people = {person.pk: person for person in holders(KEEPERS, waiver.agency_id, today)}
        people[waiver.requested_by_id] = waiver.requested_by
        yield from ((person, cause) for person in people.values())
