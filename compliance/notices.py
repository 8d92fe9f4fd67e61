"""What people are told about compliance: waivers that wait, are decided on or end, and standings that changed."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person
from agencies.posts import holders
from compliance.models import StandingState, Waiver, WaiverDecision, WaiverState, WaiverStep
from compliance.waiver_steps import WAYS, available_steps, decisions_on
from records.notice_kinds import NoticeKind
from records.notice_words import LANGUAGES, in_both, on_day
from records.telling import Cause, Told
from registry.models import Drone

REMINDED: Final = (90, 30, 7)
"""Days before the last day of a waiver."""
KEEPERS: Final = (Membership.Role.CUSTODIAN,)
DECIDED: Final[Mapping[str, NoticeKind]] = {
    WaiverStep.GRANT: NoticeKind.WAIVER_GRANTED,
    WaiverStep.DECLINE: NoticeKind.WAIVER_DECLINED,
    WaiverStep.END: NoticeKind.WAIVER_ENDED,
}
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
        yield from ((person, cause) for person in _concerned(waiver, today))


def _concerned(waiver: Waiver, today: date) -> Collection[Person]:
    """Whoever asked for it, and the custodians of the body."""
    people = {person.pk: person for person in holders(KEEPERS, waiver.agency_id, today)}
    people[waiver.requested_by_id] = waiver.requested_by
    return people.values()


def of_waiver_turns(ids: Collection[UUID], today: date) -> Iterator[Told]:
    """Waivers, of these, that wait for a decision: to whoever may take it, as `available_steps` says of each."""
    rows = Waiver.objects.unscoped(reason="whom a request concerns, at whatever agency")
    for waiver in rows.filter(pk__in=ids).order_by("id"):
        state = in_both(Waiver.Status(waiver.status).label)
        key = f"waiver:{waiver.pk}:{waiver.status}"
        cause = Cause(NoticeKind.YOUR_TURN, key, waiver, str(waiver), {"state": state})
        yield from ((person, cause) for person in _deciders(waiver, today))


def _deciders(waiver: Waiver, today: date) -> Iterator[Person]:
    roles = {
        role for way in WAYS if way.decides and way.source == waiver.status for role in way.roles
    }
    deciding = {way.step for way in WAYS if way.decides}
    for person in holders(roles, waiver.agency_id, today):
        with acting_as(person):
            steps = available_steps(waiver, person, decisions_on(waiver, person))
        if deciding.intersection(steps):
            yield person


def of_waiver_decisions(ids: Collection[UUID], today: date) -> Iterator[Told]:
    """What these decisions brought about, where they end a request or a waiver: to whoever asked for it and the
    custodians of the body, but for the person who took it."""
    rows = WaiverDecision.objects.unscoped(reason="whom a decision concerns, at whatever agency")
    decided = rows.filter(pk__in=ids, step__in=DECIDED).order_by("id")
    for each in decided.select_related("waiver__agency", "waiver__requested_by"):
        waiver = each.waiver
        cause = Cause(
            DECIDED[each.step],
            f"waiver_decision:{each.pk}",
            waiver,
            str(waiver),
            {
                "agency": in_both(waiver.agency),
                "begins": on_day(waiver.valid_from),
                "day": on_day(waiver.last_day),
            },
        )
        people = _concerned(waiver, today)
        yield from ((person, cause) for person in people if person.pk != each.actor_id)


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
