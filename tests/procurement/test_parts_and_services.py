"""Parts, software and services are judged too: by where they come from and who stands behind them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.rulebooks import load_rulebook
from procurement.dossiers import compose
from procurement.models import Line, Purchase
from procurement.states import Action
from procurement.workflow import lines_of
from registry.merging import merge, merger
from registry.models import Vendor
from registry.services import add_vendor
from tests.people import People, Society
from tests.procurement.test_available import seen_by, shown, take
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


def asking(purchase: Purchase, by: Person, **line: Any) -> Purchase:
    """The only line of this draft asks for something else."""
    whole: Any = {"build": None, "description": "A spare part", "quantity": 1, **line}
    with acting_as(by):
        Line.objects.visible_to(by).filter(purchase=purchase).update(**whole)
    return purchase


def camera(world: World, maker: Vendor, **more: Any) -> dict[str, Any]:
    return {
        "kind": "part",
        "role": "camera",
        "maker": maker,
        "supplier": world.sora,
        "declaration": world.paper,
        "made_in": ["JP"],
        "developed_in": ["JP"],
        **more,
    }


def body(purchase: Purchase, by: Person) -> dict[str, Any]:
    with acting_as(by):
        return compose(seen_by(purchase, by), lines_of(purchase, by), timezone.localdate()).body


def outcomes(purchase: Purchase, by: Person) -> dict[str, str]:
    (judged,) = body(purchase, by)["builds"]
    return {result["rule"].split("/")[-1]: result["outcome"] for result in judged["results"]}


@pytest.fixture
def purchase(world: World, society: Society, people: People) -> Purchase:
    return draft(people.aiko, society.tree.coast_guard, world.clean)


def test_a_part_from_a_listed_maker_is_flagged_like_an_aircraft(
    purchase: Purchase, world: World, people: People
) -> None:
    asking(purchase, people.aiko, **camera(world, world.kite))
    assert outcomes(purchase, people.aiko)["listed_party"] == "fail"
    assert body(purchase, people.aiko)["flags"]["blocked"]
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    assert shown(purchase, people.chie)[Action.APPROVE].blocked_by


def test_a_part_whose_maker_was_merged_into_a_listed_one_is_flagged(
    purchase: Purchase, world: World, people: People
) -> None:
    with acting_as(people.goro):
        twin = add_vendor(vendor=Vendor(name="Kite Works HK"), by=people.goro)
    asking(purchase, people.aiko, **camera(world, twin))
    assert outcomes(purchase, people.aiko)["listed_party"] != "fail"
    with acting_as(people.goro):
        seen = merger(kept=world.kite, gone=twin, by=people.goro).digest
        merge(kept=world.kite, gone=twin, seen=seen, by=people.goro)
    assert outcomes(purchase, people.aiko)["listed_party"] == "fail"


def test_a_clean_part_passes_the_rules_that_ask_where_it_comes_from(
    purchase: Purchase, world: World, people: People
) -> None:
    asking(purchase, people.aiko, **camera(world, world.sora))
    assert set(outcomes(purchase, people.aiko).values()) == {"pass"}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"made_in": ["CN"]}, "origin"),
    ],
)
def test_a_part_from_a_place_of_concern_fails(
    purchase: Purchase, world: World, people: People, change: dict[str, Any], rule: str
) -> None:
    asking(purchase, people.aiko, **{**camera(world, world.sora), **change})
    assert outcomes(purchase, people.aiko)[rule] == "fail"


@pytest.mark.parametrize(
    ("missing", "rule"),
    [
        ("maker", "listed_party"),
        ("supplier", "listed_party"),
        ("made_in", "origin"),
        ("declaration", "origin"),
    ],
)
def test_what_is_not_known_of_a_part_leaves_a_rule_undecided(
    purchase: Purchase, world: World, people: People, missing: str, rule: str
) -> None:
    asking(purchase, people.aiko, **{**camera(world, world.sora), missing: None})
    assert outcomes(purchase, people.aiko)[rule] == "unknown"


def test_a_service_is_judged_by_who_provides_it_alone(
    purchase: Purchase, world: World, people: People
) -> None:
    service: dict[str, Any] = {"kind": "service", "description": "Training of pilots"}
    asking(purchase, people.aiko, **service, supplier=world.kite)
    assert outcomes(purchase, people.aiko) == {"listed_party": "fail", "origin": "not_applicable"}
    asking(purchase, people.aiko, **service, supplier=world.sora)
    assert outcomes(purchase, people.aiko) == {"listed_party": "pass", "origin": "not_applicable"}
    asking(purchase, people.aiko, **service, supplier=None)
    assert outcomes(purchase, people.aiko)["listed_party"] == "unknown"


def test_more_parts_take_no_more_queries(purchase: Purchase, world: World, people: People) -> None:
    asking(purchase, people.aiko, **camera(world, world.sora))

    def queries() -> int:
        with acting_as(people.aiko):
            seen, lines = seen_by(purchase, people.aiko), lines_of(purchase, people.aiko)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                compose(seen, lines, timezone.localdate())
        return len(captured)

    load_rulebook()
    one = queries()
    with acting_as(people.aiko):
        for _ in range(3):
            Line.objects.create(
                agency=purchase.agency,
                purchase=purchase,
                description="Another",
                **camera(world, world.kite),
            )
    assert queries() == one


def test_what_is_had_for_a_time_is_judged_for_each_of_its_days(
    world: World, society: Society, people: People
) -> None:
    today = timezone.localdate()
    days: Any = {"kind": "service", "begins": today, "ends": today + timedelta(365)}
    purchase = draft(people.aiko, society.tree.coast_guard, world.clean, **days)
    assert not body(purchase, people.aiko)["flags"]["blocked"]
    with acting_as(None):
        world.paper.expires = today + timedelta(100)
        world.paper.save(update_fields=["expires"])
        type(world.paper).objects.filter(pk=world.paper.pk).update(verified_by=people.goro)
    whole = body(purchase, people.aiko)
    (judged,) = whole["builds"]
    assert [date.fromisoformat(each["on"]) for each in judged["later"]] == [
        today + timedelta(101)
    ], "the declaration expires within the contract"
    assert whole["flags"]["blocked"]


def test_what_is_bought_for_good_is_judged_today(
    purchase: Purchase, world: World, people: People
) -> None:
    with acting_as(None):
        world.paper.expires = timezone.localdate() + timedelta(100)
        world.paper.save(update_fields=["expires"])
        type(world.paper).objects.filter(pk=world.paper.pk).update(verified_by=people.goro)
    whole = body(purchase, people.aiko)
    assert (whole["builds"][0]["later"], whole["flags"]["blocked"]) == ([], False)
