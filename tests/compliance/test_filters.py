"""What each filter of aircraft finds: one row for a question."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import refresh
from compliance.filters import DroneFilter
from compliance.models import FOR_EVER, Standing
from registry.models import Drone, OwnershipLink, Vendor
from tests.people import Society
from tests.worlds import World, log

ALL = {"full", "bare", "kite"}


@pytest.fixture
def fleet(society: Society, world: World) -> dict[str, Any]:
    """Three aircraft of the Coast Guard: one of which all is recorded, one of which little is, one of Kite Works."""
    agency = society.tree.coast_guard
    with acting_as(None):
        Drone.objects.unscoped(reason="test").filter(agency=agency).update(
            serial_number="", serial_missing_because="plate not readable"
        )
    log(
        agency,
        world.clean,
        "full",
        registration_id="JU12AB34CD56",
        missions=["rescue"],
        place="Kobe",
        firmware="v2.1",
        flight_hours=3,
        acquired_on=date(2024, 4, 1),
        price=500_000,
        custodian_name="Ueda Taro",
        note="Spare",
    )
    log(agency, world.unknown, "bare")
    log(agency, world.listed, "kite", missions=["training"], price=900, currency="USD")
    refresh([world.clean.pk, world.unknown.pk, world.listed.pk])
    return {
        "sora": world.sora.pk,
        "kite": world.kite.pk,
        "k9": world.listed.model_id,
        "listed": world.listed.pk,
        "origin": world.origin.pk,
        "listed_party": world.listed_party.pk,
    }


def found(person: Person, query: str) -> set[str]:
    request = RequestFactory().get("/")
    request.user = person
    with acting_as(person):
        rows = Drone.objects.visible_to(person).exclude(serial_number="")
        filters = DroneFilter(QueryDict(query), queryset=rows, request=request)
        assert filters.is_valid(), filters.errors
        return {row.serial_number for row in filters.qs}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("agency=jcg", ALL),
        ("maker={kite}", {"kite"}),
        ("maker={sora}", {"full", "bare"}),
        ("model={k9}", {"kite"}),
        ("build={listed}", {"kite"}),
        ("mission=rescue", {"full"}),
        ("mission=rescue&mission=training", {"full", "kite"}),
        ("status=in_service", ALL),
        ("status=stored", set()),
        ("held=true", ALL),
        ("firmware=V2.1", {"full"}),
        ("firmware=v2", set()),
        ("custodian=ueda", {"full"}),
        ("maker_country=CN", {"kite"}),
        ("maker_country=JP", {"full", "bare"}),
        ("controlled_from=CN", {"kite"}),
        ("part_country=CN", {"kite"}),
        ("part_country=CN&part_role=radio", {"kite"}),
        ("part_country=JP&part_role=radio", {"full"}),
        ("part_role=battery", set()),
        ("flagged_by={origin}", {"kite"}),
        ("acquired_since=2024-04-01", {"full"}),
        ("acquired_since=2024-04-02", set()),
        ("acquired_until=2024-04-01", {"full"}),
        ("acquired_until=2024-03-31", set()),
        ("price_min=500000", {"full"}),
        ("price_min=500,001", set()),
        ("price_max=５０００００", {"full"}),
        ("price_max=499999", set()),
        ("confirmed_before=2026-01-01", ALL),
        ("empty=place", {"bare", "kite"}),
        ("filled=place", {"full"}),
        ("empty=missions", {"bare"}),
        ("empty=custodian", {"bare", "kite"}),
        ("empty=configuration", {"bare"}),
        ("filled=price&empty=place", {"kite"}),
        ("empty=firmware&filled=missions", {"kite"}),
        ("filled=last_confirmed_on", set()),
    ],
)
def test_a_filter_finds_exactly_these(
    query: str, expected: set[str], fleet: dict[str, Any], aiko: Person
) -> None:
    assert found(aiko, query.format(**fleet)) == expected


def states(person: Person) -> dict[str, str]:
    with acting_as(person):
        rows = Standing.objects.visible_to(person).filter(ends=FOR_EVER).select_related("drone")
        return {row.drone.serial_number: row.state for row in rows}


def test_a_standing_is_found_on_the_day_that_is_asked(
    fleet: dict[str, Any], aiko: Person, society: Society, world: World
) -> None:
    log(society.tree.coast_guard, world.clean, "new", acquired_on=date(2026, 1, 1))
    judged = states(aiko)
    for state in set(judged.values()) - {"undetermined"}:
        wanted = {serial for serial, each in judged.items() if each == state} - {""}
        assert found(aiko, f"standing={state}") == wanted
        assert found(aiko, f"standing={state}&on=2020-01-01") == set()
    undetermined = {serial for serial, state in judged.items() if state == "undetermined"} | {"new"}
    assert found(aiko, "standing=undetermined") == undetermined - {""}
    assert found(aiko, "standing=undetermined&on=2020-01-01") == ALL | {"new"}


def test_the_deciding_rule_finds_what_it_decided(fleet: dict[str, Any], aiko: Person) -> None:
    with acting_as(aiko):
        rows = Standing.objects.visible_to(aiko).filter(ends=FOR_EVER, rule__isnull=False)
        decided = {(row.rule_id, row.drone.serial_number) for row in rows.select_related("drone")}
    rules = (fleet["origin"], fleet["listed_party"])
    assert decided
    assert {(rule, serial) for rule in rules for serial in found(aiko, f"rule={rule}")} == decided


def test_control_is_followed_through_any_number_of_holders_at_half_or_more(
    fleet: dict[str, Any], aiko: Person, world: World
) -> None:
    with acting_as(None):
        middle = Vendor.objects.create(name="Middle Holdings", incorporated_in=["SG"])
        OwnershipLink.objects.create(
            holder=world.kite, subject=middle, kind="shareholding", share_min=50, share_max=50
        )
        link = OwnershipLink.objects.create(
            holder=middle, subject=world.sora, kind="shareholding", share_min=49, share_max=60
        )
    assert found(aiko, "controlled_from=CN") == {"kite"}
    with acting_as(None):
        OwnershipLink.objects.filter(pk=link.pk).update(share_min=50)
    assert found(aiko, "controlled_from=CN") == ALL
    with acting_as(None):
        OwnershipLink.objects.filter(pk=link.pk).update(until=date(2025, 1, 1))
    assert found(aiko, "controlled_from=CN") == {"kite"}
