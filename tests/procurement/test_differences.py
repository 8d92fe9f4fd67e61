"""What is told apart between the dossier that was seen and the one of today, word by word."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import override

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import ListMatch
from procurement.differences import differences
from procurement.dossiers import compose
from procurement.models import Line, Purchase
from procurement.workflow import lines_of
from registry.models import Component, Declaration, Vendor
from tests.compliance.test_rulebooks import TODAY
from tests.people import People
from tests.worlds import World, publish

Words = list[tuple[str, str, str]]


def today(purchase: Purchase, by: Person) -> dict[str, Any]:
    with acting_as(by):
        seen = Purchase.objects.visible_to(by).select_related("agency", "requester")
        fresh = seen.get(pk=purchase.pk)
        return compose(fresh, lines_of(fresh, by), TODAY).body


def told(old: dict[str, Any], new: dict[str, Any]) -> Words:
    with override("en"):
        return [(each.label, each.old, each.new) for each in differences(old, new)]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "Three", ("Title", "Two aircraft", "Three")),
        ("kind", "lease", ("Kind", "purchase", "lease")),
        ("purpose", "Forest", ("Purpose", "Search along the coast", "Forest")),
        ("missions", ["rescue"], ("Missions", "criminal_investigation", "rescue")),
        ("needed_by", "2027-03-31", ("Needed by", "none", "2027-03-31")),
    ],
)
def test_each_word_of_the_request_is_compared(
    purchase: Purchase, aiko: Person, field: str, value: object, words: tuple[str, str, str]
) -> None:
    old = today(purchase, aiko)
    new = copy.deepcopy(old)
    new["purchase"][field] = value
    assert told(old, old) == []
    ((label, was, now),) = told(old, new)
    assert (label, was.lower(), now.lower()) == (words[0], words[1].lower(), words[2].lower())


LINES: dict[str, tuple[Callable[[World], dict[str, Any]], str]] = {
    "the quantity": (lambda w: {"quantity": 3}, "3 × S-1 — Standard × 600,000 JPY (Sora Aircraft)"),
    "the price": (lambda w: {"unit_price": 1}, "2 × S-1 — Standard × 1 JPY (Sora Aircraft)"),
    "no price": (lambda w: {"unit_price": None}, "2 × S-1 — Standard (Sora Aircraft)"),
    "the supplier": (
        lambda w: {"supplier": w.kite},
        "2 × S-1 — Standard × 600,000 JPY (Kite Works)",
    ),
    "the build": (
        lambda w: {"build": w.no_radio},
        "2 × S-1 — Long range × 600,000 JPY (Sora Aircraft)",
    ),
}


@pytest.mark.parametrize("what", LINES)
def test_each_word_of_a_line_is_compared(
    purchase: Purchase, world: World, aiko: Person, what: str
) -> None:
    old = today(purchase, aiko)
    change, line = LINES[what]
    with acting_as(aiko):
        assert Line.objects.visible_to(aiko).filter(purchase=purchase).update(**change(world)) == 1
    found = told(old, today(purchase, aiko))
    assert found[0] == ("Line", "2 × S-1 — Standard × 600,000 JPY (Sora Aircraft)", line)


def test_a_line_that_came_or_went_is_told(purchase: Purchase, world: World, aiko: Person) -> None:
    old = today(purchase, aiko)
    with acting_as(aiko):
        Line.objects.create(agency=purchase.agency, purchase=purchase, build=world.clean)
    new = today(purchase, aiko)
    assert told(old, new) == [("Line", "none", "1 × S-1 — Standard")]
    assert told(new, old) == [("Line", "1 × S-1 — Standard", "none")]


def test_a_fact_on_another_paper_or_of_another_grade_is_another_fact(
    purchase: Purchase, world: World, people: People
) -> None:
    """Though every outcome is the same."""
    old = today(purchase, people.aiko)
    with acting_as(None):
        Declaration.objects.filter(pk=world.paper.pk).update(grade=Declaration.Grade.VERIFIED)
    with acting_as(people.goro):
        Declaration.objects.filter(pk=world.paper.pk).update(verified_by=people.goro)
    better = today(purchase, people.aiko)
    with acting_as(None):
        other = Declaration.objects.create(
            title="Teardown", kind="teardown", claimant="Lab", dated=world.paper.dated, grade=3
        )
        Declaration.objects.filter(pk=other.pk).update(verified_by=people.goro)
        camera = Component.objects.filter(build=world.clean, role="camera")
        camera.update(declaration=other)
    with acting_as(people.goro):
        camera.update(verified_by=people.goro)
    again = today(purchase, people.aiko)
    assert told(old, better), "the grade"
    assert any("Teardown" in now for _, _, now in told(better, again)), "the paper"


def test_another_entry_of_a_list_is_told_though_the_outcome_is_the_same(
    purchase: Purchase, world: World, people: People
) -> None:
    with acting_as(people.aiko):
        Line.objects.visible_to(people.aiko).filter(purchase=purchase).update(build=world.listed)
    old = today(purchase, people.aiko)
    with acting_as(None):
        publish(world.companies, TODAY, {"kw": "KW"})
        ListMatch.objects.create(
            list=world.companies,
            entry_key="kw",
            vendor=Vendor.objects.get(pk=world.kite.pk),
            decision=ListMatch.Decision.SAME,
            reason="Former name.",
            decided_by=people.goro,
            decided_on=TODAY,
        )
    found = told(old, today(purchase, people.aiko))
    assert ("none", "companies: KW") in {(was, now) for _, was, now in found}
