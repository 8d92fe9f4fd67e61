"""What people are told about compliance: waivers that end, and standings that changed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from django.db import connection

from agencies.models import Agency, Membership
from agencies.posts import holders
from compliance.models import StandingState, Waiver, WaiverState
from records.notice_kinds import NoticeKind
from records.notice_words import LANGUAGES, in_both, on_day
from records.telling import Cause, Told
from registry.models import Drone

REMINDED: Final = (90, 30, 7)
"""Days before the last day of a waiver."""
KEEPERS: Final = (Membership.Role.CUSTODIAN,)
CHANGED: Final = """
select s.agency_id, b.state, s.state, count(*)
from compliance_standing s
join compliance_standing b on b.drone_id = s.drone_id and b.ends = s.begins and b.state <> s.state
join registry_drone d on d.id = s.drone_id and d.status <> all (%s)
where s.begins = %s
group by s.agency_id, b.state, s.state
"""
"""How many aircraft of each agency have another standing from a day on, whether a rule, a fact or the calendar made it so."""


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


def of_standings(day: date, today: date) -> Iterator[Told]:
    """Aircraft that got another standing on this day: to the custodians of their agency, all of a day in one notice."""
    gone = [Drone.Status.TRANSFERRED, Drone.Status.DISPOSED, Drone.Status.ENTERED_IN_ERROR]
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, [gone, day])
        changed: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
        for agency, was, became, count in cursor.fetchall():
            changed[agency][was, became] = count
    for agency in Agency.objects.filter(pk__in=changed).order_by("pk"):
        parameters = {
            "agency": in_both(agency),
            "on": on_day(day),
            "states": _in_words(changed[agency.pk]),
        }
        key = f"standings:{agency.pk}:{day}"
        cause = Cause(NoticeKind.STANDINGS_CHANGED, key, agency, agency.code, parameters)
        yield from ((person, cause) for person in holders(KEEPERS, agency.pk, today))


def _in_words(counts: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """Worst first, such as “clear → ground now: 12”, in every language."""
    order = list(StandingState)
    ranked = sorted(counts, key=lambda each: [order.index(StandingState(s)) for s in each[::-1]])
    said: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for was, became in ranked:
        before, after = in_both(StandingState(was).label), in_both(StandingState(became).label)
        for language in LANGUAGES:
            said[language].append(
                f"{before[language]} → {after[language]}: {counts[was, became]:,}"
            )
    return {language: "; ".join(each) for language, each in said.items()}
