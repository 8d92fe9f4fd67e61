"""By when a review is due: as the database reckons it, and as pages and lists read it."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.context import acting_as
from agencies.models import Person
from procurement.due import due_of, is_overdue, ordered_without_review
from procurement.models import Purchase, ReviewTerm
from procurement.states import Status
from standards.working_days import (
    FIRST_YEAR,
    LAST_YEAR,
    closed_weekdays,
    working_day_after,
    working_days_between,
)
from tests.procurement.steps import freeze, step
from tests.refusals import NO_RIGHT, refused

TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY = date(2026, 9, 18)  # before a weekend and three holidays


def asked_of_the_database(query: str, *values: str | int | date) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        (answer,) = cursor.fetchone()
    return answer


def test_the_calendar_of_the_database_is_the_one_of_the_program(db: None) -> None:
    stored = asked_of_the_database("select array_agg(day order by day) from procurement_closed_day")
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    assert stored == [day for year in years for day in closed_weekdays(year)]


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(day=st.dates(date(2000, 1, 1), date(2099, 11, 1)), count=st.integers(1, 40))
def test_the_database_counts_working_days_as_the_program_does(day: date, count: int) -> None:
    after = asked_of_the_database("select procurement_working_day_after(%s, %s)", day, count)
    assert after == working_day_after(day, count)
    back = asked_of_the_database("select procurement_working_days_between(%s, %s)", day, after)
    assert back == working_days_between(day, after) == count


def test_nobody_of_the_program_changes_the_calendar_or_the_terms(ben: Person) -> None:
    for statement in (
        "delete from procurement_closed_day",
        "insert into procurement_closed_day values ('2026-06-01')",
        "update procurement_reviewterm set working_days = 99",
    ):
        with refused(NO_RIGHT), acting_as(ben), connection.cursor() as cursor:
            cursor.execute(statement)


def reckoned(
    to: str,
    *,
    at: str,
    action: str = "approve",
    status: str = "draft",
    due_on: str | None = None,
    asked: str | None = None,
    ordered_first: str | None = None,
) -> date | None:
    """The due day that the trigger would store for such a move of such a purchase."""
    purchase = {
        "id": str(uuid4()),
        "status": status,
        "due_on": due_on,
        "evidence_asked_at": asked and f"{asked}T10:00:00+09",
        "ordered_first_at": ordered_first and f"{ordered_first}T10:00:00+09",
    }
    day: date | None = asked_of_the_database(
        """select procurement_due_on(jsonb_populate_record(null::procurement_purchase, %s),
             jsonb_populate_record(null::procurement_transition, %s), %s)""",
        json.dumps(purchase),
        json.dumps({"action": action, "from_status": status, "to_status": to}),
        datetime.combine(date.fromisoformat(at), datetime.min.time(), TOKYO) + timedelta(hours=15),
    )
    return day


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("to", "due"),
    [
        ("agency_review", date(2026, 9, 30)),  # 5 working days
        ("security_review", date(2026, 10, 7)),  # 10
        ("consultation", date(2026, 10, 22)),  # 20, over the second Monday of October
        ("approved", None),
        ("ordered", None),
        ("draft", None),
        ("declined", None),
    ],
)
def test_a_state_of_review_is_due_so_many_working_days_after_it_began(
    to: str, due: date | None
) -> None:
    assert reckoned(to, at="2026-09-18") == due


@pytest.mark.django_db
def test_the_days_of_a_state_are_those_of_the_table() -> None:
    terms = dict(ReviewTerm.objects.values_list("code", "working_days"))
    assert terms == {
        "agency_review": 5,
        "security_review": 10,
        "consultation": 20,
        "emergency": 10,
        "claim": 5,
    }


@pytest.mark.django_db
def test_the_day_is_that_of_the_government_and_not_of_greenwich() -> None:
    at = datetime(2026, 6, 1, 23, 30, tzinfo=TOKYO)  # a Monday; the same moment is 14:30 in UTC
    early = datetime(2026, 6, 2, 0, 30, tzinfo=TOKYO)
    for moment, day in ((at, date(2026, 6, 1)), (early, date(2026, 6, 2))):
        assert asked_of_the_database("select procurement_day(%s)", moment) == day


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "answered", "due"),
    [
        ("2026-06-03", "2026-06-03", date(2026, 6, 8)),  # the same day
        ("2026-06-03", "2026-06-04", date(2026, 6, 9)),
        ("2026-06-05", "2026-06-07", date(2026, 6, 8)),  # over a weekend: nothing stood
        ("2026-06-05", "2026-06-15", date(2026, 6, 16)),  # after the day on which it was due
    ],
)
def test_the_clock_stands_from_the_question_to_the_answer(
    asked: str, answered: str, due: date
) -> None:
    moved = reckoned(
        "agency_review",
        status="agency_review",
        action="give_evidence",
        due_on="2026-06-08",
        asked=asked,
        at=answered,
    )
    assert moved == due


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["ask_evidence", "refresh", "receive"])
def test_a_step_that_leaves_it_in_its_state_leaves_its_day(action: str) -> None:
    stays = reckoned(
        "agency_review", status="agency_review", action=action, due_on="2026-06-08", at="2026-06-05"
    )
    assert stays == date(2026, 6, 8)


@pytest.mark.django_db
def test_an_emergency_order_is_due_from_the_order_whatever_way_its_review_goes() -> None:
    due = reckoned("emergency", action="order_first", at="2026-09-18")
    assert due == date(2026, 10, 7)
    on_its_way = {"due_on": "2026-10-07", "ordered_first": "2026-09-18", "at": "2026-10-01"}
    ways = [
        ("emergency", "submit", "agency_review"),
        ("agency_review", "approve", "security_review"),
        ("security_review", "return", "draft"),
        ("draft", "submit", "agency_review"),
    ]
    for status, action, to in ways:
        assert reckoned(to, status=status, action=action, **on_its_way) == due
    assert reckoned("approved", status="security_review", **on_its_way) is None


# As moves store it


def test_a_move_stores_the_day_and_the_beginning_of_the_round(
    in_review: Purchase, ben: Person, chie: Person, aiko: Person
) -> None:
    today = timezone.localdate()
    assert in_review.due_on == working_day_after(today, 5)
    assert in_review.round_began == in_review.since
    began = in_review.round_began
    step(in_review, "approve", "security_review", ben)
    assert in_review.due_on == working_day_after(today, 10)
    assert in_review.round_began == began
    step(in_review, "approve", "approved", chie)
    assert vars(in_review)["due_on"] is None
    step(in_review, "recheck", "security_review", chie, dossier=freeze(in_review, chie))
    assert in_review.round_began == in_review.since != began


def test_the_due_day_cannot_be_written_by_hand(in_review: Purchase, ben: Person) -> None:
    for column in ("due_on", "round_began"):
        with refused(NO_RIGHT), acting_as(ben):
            Purchase.objects.visible_to(ben).update(**{column: None})


# As pages and lists read it


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (FRIDAY - timedelta(days=1), 1),
        (FRIDAY, 0),
        (FRIDAY + timedelta(days=1), 0),  # a Saturday
        (date(2026, 9, 23), 0),  # the last of three holidays
        (date(2026, 9, 24), -1),
        (date(2026, 9, 28), -3),
    ],
)
def test_what_is_due_on_a_friday_is_late_on_the_next_working_day(
    in_review: Purchase, ben: Person, today: date, left: int
) -> None:
    in_review.due_on = FRIDAY
    due = due_of(in_review, today)
    assert (due.on, due.days, due.overdue, due.stands) == (FRIDAY, left, left < 0, False)
    assert due.days_late == max(0, -left)


def test_while_evidence_is_asked_for_nothing_is_due_and_nothing_late(
    in_review: Purchase, ben: Person
) -> None:
    step(in_review, "ask_evidence", "agency_review", ben)
    due = due_of(in_review, date(2099, 1, 5))
    assert (due.on, due.overdue, due.stands) == (None, False, True)


def test_the_list_of_what_is_late_is_what_the_pages_call_late(
    in_review: Purchase, ben: Person
) -> None:
    assert in_review.due_on is not None
    for days in range(15):
        today = in_review.due_on + timedelta(days=days - 1)
        with acting_as(ben):
            listed = Purchase.objects.visible_to(ben).filter(is_overdue(today)).exists()
        assert listed is due_of(in_review, today).overdue, today
    step(in_review, "ask_evidence", "agency_review", ben)
    with acting_as(ben):
        late = Purchase.objects.visible_to(ben).filter(is_overdue(date(2099, 1, 5)))
        assert not late.exists()


def test_emergency_orders_without_their_review_in_time_are_found(
    purchase: Purchase, aiko: Person, ben: Person, chie: Person
) -> None:
    def found() -> bool:
        with acting_as(chie):
            rows = Purchase.objects.visible_to(chie)
            return ordered_without_review(rows, date(2099, 1, 5)).exists()

    with acting_as(aiko):
        Purchase.objects.visible_to(aiko).update(
            emergency="A boat is missing.", contract_reference="JCG-E-1"
        )
        purchase.refresh_from_db()
    flags = {"may_order_first": True, "security": True, "blocked": False, "consultation": False}
    assert not found()
    dossier = freeze(purchase, aiko, flags)
    step(purchase, "order_first", "emergency", aiko, dossier=dossier, letter="At once.")
    assert (purchase.status, found()) == (Status.EMERGENCY, True)
    step(purchase, "submit", "agency_review", aiko, dossier=freeze(purchase, aiko, flags))
    assert found()
    step(purchase, "approve", "security_review", ben)
    step(purchase, "approve", "approved", chie)
    assert not found()
    step(purchase, "recheck", "security_review", chie, dossier=freeze(purchase, chie, flags))
    assert not found(), "it was reviewed once"
