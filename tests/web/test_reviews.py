"""The review queue and the page of a review: explanation first, decision second."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from procurement.answers import answer_of, with_answer
from procurement.dossiers import stored
from procurement.models import Line, Purchase
from procurement.queues import decidable_by
from procurement.states import Action
from procurement.workflow import available_actions
from registry.models import Build, Component
from tests.people import People, Tree
from tests.web.journeys import fresh, main_of, seen_by, step, text_of
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


def submitted(by: Person, tree: Tree, build: Build, title: str = "Two aircraft") -> Purchase:
    return step(draft(by, tree.coast_guard, build, title=title), Action.SUBMIT, by)


def halves(person: Person) -> tuple[str, str]:
    """What the person may decide, and what waits for others."""
    client = seen_by(person)
    return text_of(client.get("/reviews/")), text_of(client.get("/reviews/others/"))


def test_the_queue_tells_what_i_may_decide_from_what_waits_for_others(
    world: World, people: People, tree: Tree
) -> None:
    with_ben = submitted(people.aiko, tree, world.clean, "With Ben")
    with_chie = submitted(people.aiko, tree, world.listed, "With Chie")
    step(with_chie, Action.APPROVE, people.ben)
    mine, others = halves(people.ben)
    assert "With Ben" in mine
    assert "With Ben" not in others
    assert "With Chie" in others
    mine, others = halves(people.chie)
    assert "With Chie" in mine
    assert "With Ben" in others
    assert with_ben.number in others


def test_the_queue_says_flagged_undetermined_and_clean_in_words(
    world: World, people: People, tree: Tree
) -> None:
    submitted(people.aiko, tree, world.clean)
    submitted(people.aiko, tree, world.no_radio)
    submitted(people.aiko, tree, world.listed)
    mine, _others = halves(people.ben)
    assert ["Nothing flagged" in mine, "Undetermined" in mine, "Flagged" in mine] == [True] * 3


def test_the_answer_in_sql_is_the_answer_in_python(
    world: World, people: People, tree: Tree
) -> None:
    for build in (world.clean, world.no_radio, world.listed, world.unknown):
        submitted(people.aiko, tree, build)
    draft(people.aiko, tree.coast_guard, world.listed)
    with acting_as(people.aiko):
        rows = with_answer(Purchase.objects.visible_to(people.aiko)).select_related("dossier")
        bodies = [(vars(row)["answer"], stored(row)) for row in rows]
        assert len({answer for answer, _body in bodies}) == 4
        for answer, body in bodies:
            assert answer == (None if body is None else answer_of(body))


def test_what_i_had_a_hand_in_is_not_in_my_queue(world: World, people: People, tree: Tree) -> None:
    own = submitted(people.nao, tree, world.clean, "Nao's own")
    edited = draft(people.aiko, tree.coast_guard, world.clean, title="Edited by Nao")
    with acting_as(people.nao):
        Line.objects.create(agency=tree.coast_guard, purchase=edited, build=world.clean, quantity=1)
    step(edited, Action.SUBMIT, people.aiko)
    mine, others = halves(people.nao)
    assert "Nao's own" not in mine
    assert "Edited by Nao" not in mine
    assert own.number in others


def test_what_rests_on_a_fact_i_claimed_is_not_in_my_queue(
    world: World, people: People, tree: Tree
) -> None:
    with acting_as(people.chie):
        Component.objects.filter(build=world.clean, role="radio").update(
            claimed_by=people.chie, verified_by=None
        )
    resting = submitted(people.aiko, tree, world.clean)
    step(resting, Action.APPROVE, people.ben)
    assert resting.number not in halves(people.chie)[0]
    assert resting.number in halves(people.haru)[0]


@pytest.mark.parametrize("name", ["ben", "nao", "chie", "haru", "kei", "rin", "eri", "aiko"])
def test_the_queue_is_what_the_workflow_offers_a_decision_on(
    name: str, world: World, people: People, tree: Tree
) -> None:
    person: Person = getattr(people, name)
    purchases = [
        submitted(people.aiko, tree, world.clean),
        submitted(people.nao, tree, world.listed),
    ]
    purchases += [submitted(people.aiko, tree, world.no_radio)]
    step(purchases[2], Action.APPROVE, people.ben)
    with acting_as(person):
        queue = {purchase.pk for purchase in decidable_by(person)}
        visible = Purchase.objects.visible_to(person).select_related("agency", "dossier")
        offered = {
            each.pk
            for each in visible
            if Action.RETURN in {step.action for step in available_actions(each, person)}
        }
    assert queue == offered


def test_another_agency_sees_no_review_of_it(world: World, people: People, tree: Tree) -> None:
    flagged = submitted(people.aiko, tree, world.listed)
    assert flagged.number not in seen_by(people.eri).get("/reviews/").content.decode()
    assert seen_by(people.eri).get(f"/reviews/{flagged.pk}/").status_code == 404


def test_the_explanation_stands_before_the_request_and_names_its_evidence(
    world: World, people: People, tree: Tree
) -> None:
    flagged = submitted(people.aiko, tree, world.listed)
    page = text_of(seen_by(people.ben).get(f"/reviews/{flagged.pk}/"))
    answer = page.index("The answer")
    assert answer < page.index("KITE WORKS CO., LTD.") < page.rindex("What is asked for")
    assert "2 not met, 0 undetermined, 0 met" in page
    assert "Declaration of origin" in page


def test_previous_and_next_walk_through_my_queue(world: World, people: People, tree: Tree) -> None:
    queue = [submitted(people.aiko, tree, world.clean, f"No. {number}") for number in range(3)]
    pages = [main_of(seen_by(people.ben).get(f"/reviews/{each.pk}/")) for each in queue]
    assert f'rel="next" href="/reviews/{queue[1].pk}/"' in pages[0]
    assert 'rel="prev"' not in pages[0]
    assert f'rel="prev" href="/reviews/{queue[0].pk}/"' in pages[1]
    assert f'rel="next" href="/reviews/{queue[2].pk}/"' in pages[1]
    assert 'rel="next"' not in pages[2]
    assert "2 of 3 in your queue" in pages[1]


def test_it_shows_what_changed_since_the_last_round(
    world: World, people: People, tree: Tree
) -> None:
    purchase = submitted(people.aiko, tree, world.listed)
    assert "since the last round" not in text_of(
        seen_by(people.ben).get(f"/reviews/{purchase.pk}/")
    )
    step(purchase, Action.RETURN, people.ben, reasons=["rule_failed"], letter="No kites.")
    with acting_as(people.aiko):
        purchase.lines.visible_to(people.aiko).update(build=world.clean)
    step(purchase, Action.SUBMIT, people.aiko)
    page = text_of(seen_by(people.nao).get(f"/reviews/{purchase.pk}/"))
    changed = page.split("What has changed since the last round")[1].split("Timeline")[0]
    assert "K-9 — Standard" in changed
    assert "S-1 — Standard" in changed


def test_it_shows_that_the_dossier_no_longer_holds(
    world: World, people: People, tree: Tree
) -> None:
    purchase = submitted(people.aiko, tree, world.clean)
    path = f"/reviews/{purchase.pk}/"
    assert "no longer holds" not in text_of(seen_by(people.ben).get(path))
    with acting_as(None):
        Component.objects.filter(build=world.clean, role="radio").update(made_in=["CN"])
    assert "The dossier no longer holds" in text_of(seen_by(people.ben).get(path))


def test_the_decision_in_the_page_is_what_the_workflow_offers(
    world: World, people: People, tree: Tree
) -> None:
    purchase = submitted(people.aiko, tree, world.clean)
    page = main_of(seen_by(people.ben).get(f"/reviews/{purchase.pk}/"))
    for name in ("approve", "return", "decline"):
        assert f'href="/purchases/{purchase.pk}/{name}/"' in page
    said = page.index("The purchase goes on to a security reviewer")
    assert said < page.index(f'href="/purchases/{purchase.pk}/approve/"')
    assert "/approve/" not in main_of(seen_by(people.rin).get(f"/reviews/{purchase.pk}/"))


def test_days_waiting_count_from_the_day_it_came(world: World, people: People, tree: Tree) -> None:
    purchase = submitted(people.aiko, tree, world.clean)
    now = fresh(purchase, people.ben)
    assert now.since > timezone.now() - timedelta(minutes=5)
    assert "waiting for 0 days" in text_of(seen_by(people.ben).get(f"/reviews/{purchase.pk}/"))


def test_the_queue_takes_no_more_queries_for_more_rows(
    world: World, people: People, tree: Tree
) -> None:
    def queries() -> int:
        client = seen_by(people.ben)
        client.get("/reviews/")
        with CaptureQueriesContext(connection) as taken:
            client.get("/reviews/")
        return len(taken)

    submitted(people.aiko, tree, world.clean)
    one = queries()
    for _number in range(5):
        submitted(people.aiko, tree, world.clean)
    assert queries() == one
