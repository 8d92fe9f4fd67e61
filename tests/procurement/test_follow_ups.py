"""What a review asks for, what an approval demands, and what the central authority answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from procurement.errors import NotAllowed, NotNow
from procurement.follow_ups import Demand, Wanted, meet_condition
from procurement.models import Condition, EvidenceRequest, Move, Purchase
from procurement.states import Action, Status
from tests.compliance.test_rulebooks import ALLOWED, TODAY, enact
from tests.people import People, Tree
from tests.procurement.test_available import seen_by, shown, take
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db

WANTED = Wanted("The declaration of origin of the camera", "Sora Aircraft", TODAY + timedelta(14))


@pytest.fixture
def in_agency_review(purchase: Purchase, people: People) -> Purchase:
    take(purchase, Action.SUBMIT, people.aiko)
    return purchase


@pytest.fixture
def in_consultation(world: World, tree: Tree, people: People) -> Purchase:
    enact(people, level="consult", on_unknown="inform", held=ALLOWED)
    purchase = draft(people.aiko, tree.coast_guard, world.listed, missions=["training"])
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    return purchase


def now(purchase: Purchase, by: Person) -> Purchase:
    with acting_as(by):
        return seen_by(purchase, by)


def test_while_evidence_is_asked_for_the_clock_stands_still(
    in_agency_review: Purchase, people: People
) -> None:
    take(in_agency_review, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)
    asked = now(in_agency_review, people.ben)
    assert (asked.status, asked.evidence_open) == (Status.AGENCY_REVIEW, True)
    with acting_as(people.ben):
        (request,) = EvidenceRequest.objects.visible_to(people.ben).filter(purchase=asked)
    assert (request.what, request.from_whom, request.by_when) == (
        WANTED.what,
        WANTED.from_whom,
        WANTED.by_when,
    )
    take(in_agency_review, Action.GIVE_EVIDENCE, people.mika, letter="It is attached.")
    answered = now(in_agency_review, people.ben)
    assert (answered.evidence_open, answered.since) == (False, asked.since)
    with acting_as(people.ben):
        request.refresh_from_db()
        assert request.answered is not None
        assert request.answered.letter == "It is attached."


def test_the_time_that_the_clock_stood_is_counted(
    in_agency_review: Purchase, people: People
) -> None:
    take(in_agency_review, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)
    take(in_agency_review, Action.GIVE_EVIDENCE, people.aiko, letter="Here.")
    stood = now(in_agency_review, people.ben).clock_stood
    with acting_as(people.ben):
        moves = Move.objects.visible_to(people.ben).filter(purchase=in_agency_review)
        asked, given = moves.get(action="ask_evidence"), moves.get(action="give_evidence")
    assert abs(stood - (given.at - asked.at).total_seconds()) <= 1


def test_evidence_is_asked_for_once_at_a_time(in_agency_review: Purchase, people: People) -> None:
    take(in_agency_review, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)
    assert Action.ASK_EVIDENCE not in shown(in_agency_review, people.ben)
    with pytest.raises(NotNow) as refused:
        take(in_agency_review, Action.ASK_EVIDENCE, people.nao, evidence=WANTED)
    assert refused.value.guard == "asked_already"


def test_nothing_is_answered_that_was_not_asked(in_agency_review: Purchase, people: People) -> None:
    assert Action.GIVE_EVIDENCE not in shown(in_agency_review, people.aiko)
    with pytest.raises(NotNow) as refused:
        take(in_agency_review, Action.GIVE_EVIDENCE, people.aiko, letter="Here.")
    assert refused.value.guard == "nothing_asked"


def test_a_decision_ends_what_was_asked_for(in_agency_review: Purchase, people: People) -> None:
    take(in_agency_review, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)
    take(in_agency_review, Action.RETURN, people.ben, reasons=["other"], letter="Ask again.")
    assert not now(in_agency_review, people.aiko).evidence_open
    take(in_agency_review, Action.SUBMIT, people.aiko)
    take(in_agency_review, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)


def test_asking_says_what_is_needed(in_agency_review: Purchase, people: People) -> None:
    with pytest.raises(NotNow) as refused:
        take(in_agency_review, Action.ASK_EVIDENCE, people.ben)
    assert refused.value.guard == "say_what_is_needed"


def test_a_request_for_evidence_is_written_with_its_step_alone(
    in_agency_review: Purchase, people: People
) -> None:
    with acting_as(people.ben):
        submit = Move.objects.visible_to(people.ben).get(purchase=in_agency_review)
        with pytest.raises(DatabaseError, match="belongs to the step"), transaction.atomic():
            EvidenceRequest.objects.create(
                agency_id=in_agency_review.agency_id,
                purchase=in_agency_review,
                move=submit,
                what="More",
                from_whom="Sora",
                by_when=TODAY,
            )


@pytest.mark.parametrize(
    ("answer", "more", "state"),
    [
        ("cleared", {}, Status.APPROVED),
        ("conditions", {"conditions": [Demand("Fly without the app.")]}, Status.APPROVED),
        ("asks", {"letter": "Who made the radio?"}, Status.SECURITY_REVIEW),
        ("refused", {"reasons": ["rule_failed"], "letter": "No."}, Status.DECLINED),
    ],
)
def test_each_answer_of_the_centre_leads_where_it_says(
    in_consultation: Purchase, people: People, answer: str, more: Any, state: Status
) -> None:
    take(in_consultation, Action.RECORD_ANSWER, people.kei, answer=answer, **more)
    moved = now(in_consultation, people.kei)
    assert moved.status == state
    assert moved.round == (2 if answer == "asks" else 1)
    with acting_as(people.kei):
        assert (
            Move.objects.visible_to(people.kei).filter(purchase=moved).latest("no").answer == answer
        )


def test_whoever_asked_for_more_answers_in_the_round_which_that_began(
    in_consultation: Purchase, people: People
) -> None:
    take(in_consultation, Action.RECORD_ANSWER, people.kei, answer="asks")
    take(in_consultation, Action.APPROVE, people.chie)
    take(in_consultation, Action.RECORD_ANSWER, people.kei, answer="cleared")
    assert now(in_consultation, people.kei).status == Status.APPROVED


def test_an_answer_is_one_of_the_four(in_consultation: Purchase, people: People) -> None:
    for answer in ("", "maybe"):
        with pytest.raises(NotNow) as refused:
            take(in_consultation, Action.RECORD_ANSWER, people.kei, answer=answer)
        assert refused.value.guard == "say_the_answer"


def test_the_database_takes_no_answer_to_where_it_does_not_lead(
    in_consultation: Purchase, people: People
) -> None:
    seen = now(in_consultation, people.kei)
    assert seen.dossier is not None
    refused = pytest.raises(DatabaseError, match="does not lead there")
    with acting_as(people.kei), refused, transaction.atomic():
        Move.objects.create(
            agency_id=seen.agency_id,
            purchase=seen,
            action="record_answer",
            from_status="consultation",
            to_status="approved",
            version=seen.version,
            round=seen.round,
            dossier=seen.dossier,
            digest=seen.dossier.digest,
            actor=people.kei,
            answer="refused",
        )


def test_conditions_are_named_with_the_answer_that_sets_them(
    in_consultation: Purchase, people: People
) -> None:
    with pytest.raises(NotNow) as refused:
        take(in_consultation, Action.RECORD_ANSWER, people.kei, answer="conditions")
    assert refused.value.guard == "name_the_conditions"


def test_a_condition_stays_open_until_somebody_else_finds_it_met(
    in_consultation: Purchase, people: People
) -> None:
    demand = Demand("Fly without the app.", TODAY + timedelta(30))
    take(
        in_consultation, Action.RECORD_ANSWER, people.kei, answer="conditions", conditions=[demand]
    )
    with acting_as(people.aiko):
        (condition,) = Condition.objects.visible_to(people.aiko).filter(purchase=in_consultation)
        assert (condition.text, condition.due_on, condition.met_on) == (
            demand.text,
            demand.due_on,
            None,
        )
    given: Any = {"purchase": in_consultation, "condition_id": condition.pk, "note": "Seen."}
    for unable in (people.aiko, people.mika):
        with acting_as(unable), pytest.raises(NotAllowed):
            meet_condition(**given, by=unable, today=TODAY)
    with acting_as(people.chie):
        met = meet_condition(**given, by=people.chie, today=timezone.localdate())
        assert (met.met_by, met.met_note) == (people.chie, "Seen.")
    with acting_as(people.ben), pytest.raises(NotNow) as refused:
        meet_condition(**given, by=people.ben, today=TODAY)
    assert refused.value.guard == "condition_met"
