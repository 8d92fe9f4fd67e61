"""Who supplies a build is a fact of the purchase, and rules on parties ask for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.checks import Request, check_builds, check_offers
from compliance.facts import Offer
from compliance.rulebooks import load_rulebook
from policy.scopes import Acquisition
from policy.trace import Outcome, Why
from registry.models import OwnershipLink, Vendor
from registry.services import add_vendor
from tests.people import Society
from tests.worlds import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(society: Society) -> Request:
    agency = society.tree.coast_guard
    return Request(Acquisition.PURCHASE, frozenset({"rescue"}), agency.pk, agency.kind)


def outcome(offer: Offer, request: Request) -> Outcome:
    checked = check_offers([offer], request, timezone.localdate())
    return checked[offer].of("jp/1/listed_party").outcome


def test_a_listed_supplier_fails_a_build_that_passes_from_another(
    world: World, request_: Request
) -> None:
    assert outcome(Offer(world.clean.pk, world.sora.pk), request_) is Outcome.PASS
    assert outcome(Offer(world.clean.pk, world.kite.pk), request_) is Outcome.FAIL


def test_a_supplier_that_a_listed_party_owns_fails_too(
    world: World, request_: Request, goro: Person
) -> None:
    with acting_as(goro):
        trader = add_vendor(vendor=Vendor(name="Harbour Trading"), by=goro)
    assert outcome(Offer(world.clean.pk, trader.pk), request_) is Outcome.PASS
    with acting_as(goro):
        OwnershipLink.objects.create(
            holder=world.kite, subject=trader, kind="shareholding", share_min=50, share_max=50
        )
    assert outcome(Offer(world.clean.pk, trader.pk), request_) is Outcome.FAIL


def test_a_supplier_that_nobody_named_leaves_the_rule_unknown_and_the_agency_can_say(
    world: World, request_: Request
) -> None:
    offer = Offer(world.clean.pk, None)
    result = check_offers([offer], request_, timezone.localdate())[offer].of("jp/1/listed_party")
    assert result.outcome is Outcome.UNKNOWN
    missing = [(each.predicate, each.why, each.supplied_by) for each in result.trace.missing]
    assert missing == [("supplier", Why.NOT_KNOWN, ("agency",))]


def test_the_results_of_a_build_by_itself_ask_for_no_supplier(
    world: World, request_: Request
) -> None:
    checked = check_builds([world.clean.pk], request_, timezone.localdate())[world.clean.pk]
    assert checked.of("jp/1/listed_party").outcome is Outcome.PASS


def test_more_suppliers_take_no_more_queries(world: World, request_: Request) -> None:
    def queries(offers: list[Offer]) -> int:
        with CaptureQueriesContext(connection) as captured:
            check_offers(offers, request_, timezone.localdate())
        return len(captured)

    load_rulebook()
    one = queries([Offer(world.clean.pk, world.sora.pk)])
    builds = (world.clean.pk, world.no_radio.pk, world.listed.pk)
    many = [Offer(build, who) for build in builds for who in (world.sora.pk, world.kite.pk)]
    assert queries(many) == one
