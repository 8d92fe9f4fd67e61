"""Who is told of a waiver: whoever may decide next, and of what was decided those whom it concerns."""

from collections.abc import Callable

import pytest

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import Waiver, WaiverStep
from procurement.news import follow_trail
from records.models import Notice
from records.notice_words import address, sentence
from tests.compliance.test_feed import HERE
from tests.compliance.waivers import ended, in_days, requested, take
from tests.people import People, Tree
from tests.worlds import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one transaction the trail is read again each time: what was told is not told twice."""
    monkeypatch.setattr("compliance.feed.FRONTIER", HERE)


@pytest.fixture
def waiver(world: World, tree: Tree, aiko: Person) -> Waiver:
    return requested(aiko, tree.coast_guard, world)


def told() -> set[tuple[str, str]]:
    with acting_as(None):
        rows = Notice.objects.select_related("person")
        return {(each.person.name_en, each.kind) for each in rows}


def news_of(act: Callable[[], object]) -> set[tuple[str, str]]:
    before = told()
    act()
    follow_trail()
    return told() - before


def step(which: WaiverStep, waiver: Waiver, by: Person) -> set[tuple[str, str]]:
    return news_of(lambda: take(which, waiver, by))


def test_each_decision_waits_for_those_who_may_take_it_and_the_last_is_told_to_the_body(
    waiver: Waiver, people: People
) -> None:
    follow_trail()
    assert told() == {("Chie", "your_turn"), ("Haru", "your_turn")}
    assert step(WaiverStep.ENDORSE, waiver, people.chie) == {
        ("Hana", "your_turn"),
        ("Kei", "your_turn"),
    }
    granted = {(name, "waiver_granted") for name in ("Aiko", "Mika", "Nao")}
    assert step(WaiverStep.GRANT, waiver, people.kei) == granted


def test_who_asked_is_not_asked_to_decide_and_is_told_although_no_custodian(
    world: World, tree: Tree, people: People
) -> None:
    waiver = requested(people.hana, tree.coast_guard, world)
    take(WaiverStep.ENDORSE, waiver, people.chie)
    follow_trail()
    assert told() == {("Kei", "your_turn")}
    declined = {(name, "waiver_declined") for name in ("Aiko", "Hana", "Mika", "Nao")}
    assert step(WaiverStep.DECLINE, waiver, people.kei) == declined


def test_an_early_end_is_told_to_all_but_whoever_ended_it(waiver: Waiver, people: People) -> None:
    take(WaiverStep.ENDORSE, waiver, people.chie)
    take(WaiverStep.GRANT, waiver, people.kei)
    follow_trail()
    by_aiko = news_of(lambda: ended(waiver, people.aiko, in_days(3)))
    assert by_aiko == {("Mika", "waiver_ended"), ("Nao", "waiver_ended")}
    with acting_as(people.mika):
        notice = Notice.objects.get(person=people.mika, kind="waiver_ended")
        assert address(notice) == f"/waivers/{waiver.pk}/"
        last = in_days(2)
        assert f"its last day is {last.day} {last:%b %Y}" in sentence(notice)


def test_a_request_that_was_withdrawn_before_anybody_was_told_waits_for_nobody(
    waiver: Waiver, people: People
) -> None:
    assert step(WaiverStep.WITHDRAW, waiver, people.aiko) == set()
