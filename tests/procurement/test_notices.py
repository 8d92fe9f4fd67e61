"""Who is told what of a purchase: once for each cause, by the people's own answers to what they may do."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone
from django.utils.translation import override

from agencies.context import acting_as
from agencies.models import Membership, Person
from compliance.models import FOR_EVER, Standing
from procurement import news
from procurement.follow_ups import Demand, Wanted
from procurement.models import Condition, Purchase
from procurement.news import follow_trail, remind
from procurement.states import Action
from records.models import MailEntry, Notice
from records.notice_words import address, sentence
from registry.drone_events import Report, record
from registry.models import Drone, DroneEvent
from registry.transfers import decline, offer
from standards.working_days import working_day_after, working_days_between
from tests.compliance.test_feed import HERE
from tests.compliance.waivers import granted, in_days, reload
from tests.people import People, Role, Tree
from tests.procurement.test_available import also, take
from tests.procurement.test_deciders import substitute
from tests.procurement.test_review_claims import let_go
from tests.procurement.test_review_claims import take as hold
from tests.worlds import IN_FORCE, World, draft, log
from web.templatetags.formats import day_text

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
WANTED = Wanted("The declaration of origin of the camera", "Sora Aircraft", TODAY + timedelta(14))


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one transaction the trail is read again each time: what was told is not told twice."""
    monkeypatch.setattr("compliance.feed.FRONTIER", HERE)


def told(purchase: Purchase | Drone | None = None) -> list[tuple[str, str]]:
    """(who, what) of all notices, of this record alone when one is given."""
    with acting_as(None):
        rows = Notice.objects.select_related("person").order_by("kind", "person__email")
        if purchase is not None:
            rows = rows.filter(record_id=str(purchase.pk))
        return [(each.person.name_en, each.kind) for each in rows]


def news_since(act: Callable[[], object]) -> set[tuple[str, str]]:
    """What is told of this act."""
    follow_trail()
    before = set(told())
    act()
    follow_trail()
    return set(told()) - before


def test_a_purchase_handed_in_is_told_to_whoever_may_approve_it_and_to_nobody_else(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    follow_trail()
    assert told() == [("Ben", "your_turn"), ("Nao", "your_turn")]


@pytest.mark.parametrize(("begins", "told_of"), [(0, True), (1, False)])
def test_a_substitute_is_told_that_it_waits_beside_whoever_is_away(
    begins: int, told_of: bool, purchase: Purchase, people: People, tree: Tree
) -> None:
    substitute(people.ben, people.rin, tree.coast_guard, since=TODAY + timedelta(begins))
    take(purchase, Action.SUBMIT, people.aiko)
    follow_trail()
    turn = [("Ben", "your_turn"), ("Nao", "your_turn")]
    assert told() == turn + [("Rin", "your_turn")] * told_of


def test_whoever_had_a_hand_in_it_is_not_told_that_it_waits(
    purchase: Purchase, people: People
) -> None:
    purchase.title = "Two aircraft and a lamp"
    with acting_as(people.nao):
        purchase.save(update_fields=["title", "edited_at"])
    take(purchase, Action.SUBMIT, people.aiko)
    follow_trail()
    assert told() == [("Ben", "your_turn")]


def test_each_step_is_told_to_whoever_comes_next_and_its_outcome_to_whoever_asked(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    assert news_since(lambda: take(purchase, Action.APPROVE, people.ben)) == {
        ("Chie", "your_turn"),
        ("Haru", "your_turn"),
    }
    assert news_since(lambda: take(purchase, Action.APPROVE, people.chie)) == {("Aiko", "approved")}
    order = partial(take, purchase, Action.ORDER, people.aiko, contract_reference="R8")
    assert news_since(order) == {("Emi", "your_turn")}


@pytest.mark.parametrize(
    ("action", "kind"), [(Action.RETURN, "returned"), (Action.DECLINE, "declined")]
)
def test_what_becomes_of_a_purchase_is_told_to_whoever_asked_for_it(
    action: Action, kind: str, purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    ended = news_since(
        lambda: take(purchase, action, people.ben, reasons=["other"], letter="No lamp.")
    )
    assert ended == {("Aiko", kind)}


def test_evidence_is_asked_of_the_requester_and_the_custodians_and_its_answer_told_to_reviewers(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    ask = news_since(lambda: take(purchase, Action.ASK_EVIDENCE, people.ben, evidence=WANTED))
    assert ask == {(name, "evidence_asked") for name in ("Aiko", "Mika", "Nao")}
    given = news_since(lambda: take(purchase, Action.GIVE_EVIDENCE, people.mika, letter="Here."))
    assert given == {("Ben", "evidence_given"), ("Nao", "evidence_given")}


def test_the_turn_of_a_state_that_was_left_before_anybody_was_told_is_nobodys(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.RETURN, people.ben, reasons=["other"], letter="No lamp.")
    follow_trail()
    assert told() == [("Aiko", "returned")]


def test_a_refreshed_dossier_does_not_keep_the_next_from_being_told(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.REFRESH, people.haru)
    follow_trail()
    assert told() == [("Chie", "your_turn"), ("Haru", "your_turn")]


def test_an_approval_that_was_taken_back_before_anybody_was_told_is_told_to_nobody(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    take(purchase, Action.RECHECK, people.chie)
    follow_trail()
    assert told() == [("Aiko", "rechecked"), ("Haru", "your_turn")]


def test_reading_the_trail_again_tells_nobody_twice(purchase: Purchase, people: People) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    for _ in range(3):
        follow_trail()
    assert told() == [("Ben", "your_turn"), ("Nao", "your_turn")]
    with acting_as(None):
        assert MailEntry.objects.count() == 2


def test_what_is_older_than_two_weeks_is_told_to_nobody(
    purchase: Purchase, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    later = news.HAPPENED.replace("now()", "now() + interval '15 days'")
    monkeypatch.setattr(news, "HAPPENED", later)
    follow_trail()
    assert told() == []


def test_a_person_who_may_not_sign_in_is_told_nothing(purchase: Purchase, people: People) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    with acting_as(None):
        off = Person.objects.filter(pk__in=[people.aiko.pk, people.mika.pk])
        off.update(is_active=False)
    take(purchase, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)
    follow_trail()
    assert [who for who, kind in told() if kind == "evidence_asked"] == ["Nao"]


def test_a_post_that_has_ended_is_told_nothing(
    purchase: Purchase, people: People, tree: Tree
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    with acting_as(None):
        posts = Membership.objects.unscoped(reason="the post of one")
        posts.filter(person=people.mika).update(until=TODAY)
    take(purchase, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)
    follow_trail()
    assert [who for who, kind in told() if kind == "evidence_asked"] == ["Aiko", "Nao"]


@pytest.mark.parametrize(
    ("mail", "mails"), [("at_once", {"at_once"}), ("digest", set()), ("none", set())]
)
def test_an_urgent_notice_goes_out_at_once_to_those_who_want_that(
    mail: str, mails: set[str], purchase: Purchase, people: People
) -> None:
    with acting_as(None):
        Person.objects.filter(pk=people.ben.pk).update(mail=mail)
    take(purchase, Action.SUBMIT, people.aiko)
    follow_trail()
    with acting_as(None):
        of_ben = MailEntry.objects.filter(person=people.ben)
        assert {each.kind for each in of_ben} == mails
        assert Notice.objects.get(person=people.ben).mail == of_ben.first()


def test_what_is_not_urgent_waits_for_the_digest(purchase: Purchase, people: People) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.DECLINE, people.ben, reasons=["other"], letter="No lamp.")
    follow_trail()
    with acting_as(None):
        assert MailEntry.objects.count() == 0
        assert Notice.objects.get(person=people.aiko).mail is None


def test_a_notice_is_read_in_the_language_of_its_reader_and_leads_to_where_it_is_dealt_with(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    follow_trail()
    with acting_as(people.ben):
        notice = Notice.objects.visible_to(people.ben).get()
    with override("en"):
        assert (
            sentence(notice) == f"“{purchase}” is in the state “agency review” and waits for you."
        )
    with override("ja"):
        assert str(purchase) in sentence(notice)
        assert "審査" in sentence(notice)
    assert address(notice) == f"/reviews/{purchase.pk}/"


def test_a_condition_is_reminded_of_a_week_before_and_once_it_is_overdue(
    world: World, tree: Tree, people: People
) -> None:
    purchase = draft(people.aiko, tree.coast_guard, world.clean)
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    due = TODAY + timedelta(10)
    take(purchase, Action.APPROVE, people.chie, conditions=[Demand("No cloud.", due)])
    days: list[tuple[date, int]] = [
        (due - timedelta(8), 0),
        (due - timedelta(7), 1),
        (due, 1),
        (due + timedelta(1), 2),
        (due + timedelta(9), 2),
    ]
    for day, count in days:
        assert remind(day)
        assert told(purchase).count(("Aiko", "condition_due")) == count, day
    with acting_as(None):
        assert Condition.objects.unscoped(reason="the only one").get().due_on == due


def test_evidence_that_nobody_gives_is_reminded_of(purchase: Purchase, people: People) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)
    remind(WANTED.by_when - timedelta(7))
    assert {who for who, kind in told(purchase) if kind == "evidence_due"} == {
        "Aiko",
        "Mika",
        "Nao",
    }
    take(purchase, Action.GIVE_EVIDENCE, people.aiko, letter="Here.")
    remind(WANTED.by_when + timedelta(1))
    assert told(purchase).count(("Aiko", "evidence_due")) == 1


def test_reminders_go_out_once_a_day(purchase: Purchase) -> None:
    assert remind(TODAY)
    assert not remind(TODAY)
    assert remind(TODAY + timedelta(1))


def test_a_waiver_is_reminded_of_ninety_thirty_and_seven_days_before_its_end(
    world: World, tree: Tree, people: People
) -> None:
    waiver = granted(people, tree.coast_guard, world, valid_until=in_days(99))
    reload(waiver)
    for left, count in ((91, 0), (90, 1), (31, 1), (30, 2), (8, 2), (7, 3), (0, 3)):
        remind(waiver.last_day - timedelta(left))
        assert told().count(("Aiko", "waiver_ending")) == count, left
        assert told().count(("Hana", "waiver_ending")) == count, left
    assert not [who for who, _ in told() if who == "Daisuke"]


def test_a_waiver_that_is_short_is_reminded_of_once_and_not_three_times(
    world: World, tree: Tree, people: People
) -> None:
    granted(people, tree.coast_guard, world, valid_until=in_days(5))
    remind(TODAY)
    assert told().count(("Hana", "waiver_ending")) == 1


def test_an_aircraft_offered_is_told_to_the_receiver_and_the_answer_to_whoever_offered(
    world: World, tree: Tree, people: People
) -> None:
    with acting_as(people.aiko):
        offered = offer(
            drone=world.patrol, seen=0, to=tree.forestry, message="Yours", by=people.aiko
        )
    follow_trail()
    assert told() == [("Daisuke", "transfer_offered")]
    with acting_as(people.daisuke):
        decline(offer_id=offered, reason="No place for it.", by=people.daisuke)
        (notice,) = Notice.objects.visible_to(people.daisuke)
        assert sentence(notice).startswith("Japan Coast Guard offers your agency an aircraft")
    follow_trail()
    assert set(told()) == {("Daisuke", "transfer_offered"), ("Aiko", "transfer_answered")}


def test_a_loan_that_is_overdue_is_told_to_the_custodians_of_the_agency(
    world: World, people: People
) -> None:
    also_lent(world.patrol, people.aiko, TODAY + timedelta(3))
    remind(TODAY + timedelta(3))
    assert told() == []
    remind(TODAY + timedelta(4))
    assert {who for who, kind in told() if kind == "loan_overdue"} == {"Aiko", "Mika", "Nao"}


def also_lent(drone: Drone, by: Person, until: date) -> None:
    with acting_as(by):
        record(
            DroneEvent.Action.LEND,
            drone.pk,
            by=by,
            seen=0,
            report=Report(lent_to="NPA", lent_until=until),
        )


def test_somebody_who_holds_both_posts_is_told_once(
    purchase: Purchase, tree: Tree, people: People
) -> None:
    also(people.ben, tree, Role.CUSTODIAN)
    take(purchase, Action.SUBMIT, people.aiko)
    ask = news_since(lambda: take(purchase, Action.ASK_EVIDENCE, people.nao, evidence=WANTED))
    assert sorted(who for who, _ in ask) == ["Aiko", "Ben", "Mika"]


def test_while_somebody_holds_a_review_the_answer_to_a_question_is_told_to_them_alone(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    hold(purchase, people.ben)
    take(purchase, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)
    given = news_since(lambda: take(purchase, Action.GIVE_EVIDENCE, people.aiko, letter="Here."))
    assert given == {("Ben", "evidence_given")}


def test_whoever_held_a_review_is_told_who_took_it_over(purchase: Purchase, people: People) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    held = hold(purchase, people.ben)
    told_then = news_since(lambda: hold(purchase, people.nao, over=held))
    assert [each for each in told_then if "claim" in each[1]] == [("Ben", "claim_taken_over")]
    with acting_as(people.ben):
        notice = Notice.objects.visible_to(people.ben).get(kind="claim_taken_over")
    assert sentence(notice) == f"Nao has taken over the review of “{purchase}” from you."


def test_whoever_lets_a_review_go_is_told_nothing(purchase: Purchase, people: People) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    hold(purchase, people.ben)
    let_go(purchase, people.ben)
    follow_trail()
    remind(TODAY + timedelta(60))
    assert not [kind for _, kind in told() if "claim" in kind]


def test_a_claim_that_ran_out_is_told_to_whoever_held_the_review(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    until = hold(purchase, people.ben).until
    remind(until)
    assert "claim_ended" not in {kind for _, kind in told()}
    for days in (1, 2):
        remind(until + timedelta(days))
        assert told().count(("Ben", "claim_ended")) == 1


def test_a_review_is_reminded_of_two_working_days_before_it_is_due_and_once_it_is_late(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    with acting_as(None):
        purchase.refresh_from_db()
    assert purchase.due_on is not None
    near = [day for n in range(12) if (day := purchase.due_on - timedelta(n)) >= TODAY]
    first = next(d for d in reversed(near) if working_days_between(d, purchase.due_on) <= 2)
    late = working_day_after(purchase.due_on, 1)
    for day, count in ((first - timedelta(1), 0), (first, 1), (purchase.due_on, 1), (late, 2)):
        remind(day)
        assert told(purchase).count(("Ben", "review_due")) == count, day
    assert not [who for who, kind in told() if kind == "review_due" and who not in ("Ben", "Nao")]


def test_while_evidence_is_asked_for_no_review_is_reminded_of(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.ASK_EVIDENCE, people.ben, evidence=WANTED)
    remind(TODAY + timedelta(60))
    assert "review_due" not in {kind for _, kind in told()}


def stood(drone: Drone, *periods: tuple[str, date, date]) -> None:
    """What held of an aircraft, as an assessment would have written it."""
    with acting_as(None):
        Standing.objects.bulk_create(
            Standing(
                agency_id=drone.agency_id,
                drone=drone,
                state=state,
                state_without_waivers=state,
                begins=begins,
                ends=ends,
            )
            for state, begins, ends in periods
        )


def test_aircraft_whose_standing_changed_are_told_of_once_a_day_in_one_notice_for_each_agency(
    world: World, tree: Tree, people: People
) -> None:
    day = TODAY - timedelta(1)
    second, third = (log(tree.coast_guard, world.clean, f"JCG-{n}") for n in range(2))
    for each in (world.patrol, second):
        stood(each, ("clear", IN_FORCE, day), ("ground", day, FOR_EVER))
    stood(third, ("clear", IN_FORCE, day), ("undetermined", day, FOR_EVER))
    stood(world.timber, ("clear", IN_FORCE, day), ("clear", day, FOR_EVER))
    remind(TODAY)
    assert {who for who, kind in told() if kind == "standings_changed"} == {"Aiko", "Mika", "Nao"}
    with acting_as(people.aiko):
        (notice,) = Notice.objects.visible_to(people.aiko)
        assert sentence(notice) == (
            f"The standing of aircraft of Japan Coast Guard changed on {day_text(day)}:"
            " clear → ground now: 2; clear → undetermined: 1."
        )
        assert address(notice) == f"/drones/?agency={tree.coast_guard.pk}"
    remind(TODAY + timedelta(1))
    assert told().count(("Aiko", "standings_changed")) == 1


def test_a_change_of_standing_on_a_day_that_has_not_ended_waits_until_it_has(
    world: World, people: People
) -> None:
    stood(world.patrol, ("clear", IN_FORCE, TODAY), ("ground", TODAY, FOR_EVER))
    remind(TODAY)
    assert told() == []
    remind(TODAY + timedelta(3))
    assert ("Aiko", "standings_changed") in told()


def test_nobody_is_told_of_the_standing_of_an_aircraft_that_is_gone(
    world: World, people: People
) -> None:
    day = TODAY - timedelta(1)
    gone = log(world.patrol.agency, world.clean, "JCG-GONE", status="disposed")
    stood(gone, ("clear", IN_FORCE, day), ("ground", day, FOR_EVER))
    remind(TODAY)
    assert told() == []
