"""What waits for somebody to decide is what the steps allow, and what ends soon is told to who can ask anew."""

from datetime import timedelta

import pytest

from agencies.context import acting_as
from agencies.models import Membership, Person
from compliance.models import Waiver, WaiverStep
from compliance.waiver_queues import decidable_by, ending_for
from compliance.waiver_steps import available_steps, decisions_on
from reporting.waiting import waiting_for
from tests.compliance.waivers import granted, in_days, requested, take, today
from tests.people import SINCE, Society
from tests.worlds import World

pytestmark = pytest.mark.django_db
DECIDING = {WaiverStep.ENDORSE, WaiverStep.GRANT, WaiverStep.DECLINE}


@pytest.fixture
def waivers(world: World, society: Society) -> list[Waiver]:
    """One in every state in which somebody may decide, or may not any more."""
    people, guard = society.people, society.tree.coast_guard
    fresh = requested(people.aiko, guard, world)
    endorsed = requested(people.ben, guard, world)
    take(WaiverStep.ENDORSE, endorsed, people.chie)
    by_officer = requested(people.hana, society.tree.forestry, world)
    take(WaiverStep.ENDORSE, by_officer, people.chie)
    declined = requested(people.aiko, guard, world)
    take(WaiverStep.DECLINE, declined, people.chie)
    in_force = granted(people, guard, world)
    return [fresh, endorsed, by_officer, declined, in_force]


def may_decide(person: Person, waiver: Waiver) -> bool:
    steps = available_steps(waiver, person, decisions_on(waiver, person))
    return bool(DECIDING & set(steps))


def test_the_queue_of_each_person_is_what_the_steps_allow_them(
    waivers: list[Waiver], society: Society
) -> None:
    sizes = {}
    for name in ("aiko", "ben", "chie", "hana", "kei", "rin", "goro"):
        person = getattr(society.people, name)
        with acting_as(person):
            visible = list(Waiver.objects.visible_to(person))
            wanted = {each.pk for each in visible if may_decide(person, each)}
            assert {each.pk for each in decidable_by(person, today())} == wanted, name
            sizes[name] = len(wanted)
    assert sizes == {"aiko": 0, "ben": 0, "chie": 1, "hana": 1, "kei": 2, "rin": 0, "goro": 0}


def test_who_decided_first_finds_it_no_more_whatever_other_role_they_hold(
    waivers: list[Waiver], society: Society
) -> None:
    chie = society.people.chie
    with acting_as(None, reason="test"):
        Membership.objects.create(
            person=chie,
            agency=society.tree.centre,
            role=Membership.Role.CONSULTATION_OFFICER,
            since=SINCE,
        )
    chie = Person.objects.get(pk=chie.pk)
    with acting_as(chie):
        wanted = {each.pk for each in Waiver.objects.visible_to(chie) if may_decide(chie, each)}
        assert {each.pk for each in decidable_by(chie, today())} == wanted
    assert len(wanted) == 1  # the fresh one; on both others she decided first


def test_a_request_whose_time_has_passed_waits_for_nobody(
    waivers: list[Waiver], society: Society
) -> None:
    chie = society.people.chie
    with acting_as(chie):
        later = today() + timedelta(days=200)
        assert list(decidable_by(chie, later)) == []


def test_the_first_page_names_what_to_decide_and_what_ends_soon(
    world: World, society: Society
) -> None:
    people, guard = society.people, society.tree.coast_guard
    asked = requested(people.aiko, guard, world)
    soon = granted(people, guard, world, valid_until=in_days(20))
    granted(people, guard, world, valid_until=in_days(95))
    with acting_as(people.chie):
        queues = {str(each.title): each for each in waiting_for(people.chie)}
        (item,) = queues["Waivers to decide on"].items
    assert item.url == f"/waivers/{asked.pk}/"
    with acting_as(people.aiko):
        queues = {str(each.title): each for each in waiting_for(people.aiko)}
        (item,) = queues["Waivers that end soon"].items
        assert [each.pk for each in ending_for(people.aiko, today())] == [soon.pk]
    assert item.url == f"/waivers/{soon.pk}/"
    assert queues["Waivers that end soon"].url == "/waivers/?state=ending"
    with acting_as(people.rin):  # who sees it, and cannot ask
        assert list(ending_for(people.rin, today())) == []
    with acting_as(people.daisuke):
        titles = {str(each.title): list(each.items) for each in waiting_for(people.daisuke)}
    assert titles.get("Waivers that end soon", []) == []
