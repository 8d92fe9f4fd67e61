"""Aircraft by specification: approved without a build, then offers, then the build that is named is reviewed."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from agencies.context import acting_as
from agencies.models import Person
from procurement.errors import NotAllowed, NotNow
from procurement.models import Line, Offer, Purchase
from procurement.states import Action, Status
from procurement.tenders import record_offer
from procurement.workflow import lines_of
from registry.merging import merge, merger
from registry.models import Build, Vendor
from registry.services import add_vendor
from tests.people import People, Society
from tests.procurement.test_available import seen_by, shown, take
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def specified(world: World, society: Society, people: People) -> Purchase:
    """Aiko asks for an aircraft by what it must do; Ben and Chie have approved that."""
    purchase = draft(people.aiko, society.tree.coast_guard, world.clean)
    with acting_as(people.aiko):
        Line.objects.visible_to(people.aiko).filter(purchase=purchase).update(
            kind="specification", build=None, supplier=None, description="Flies 40 minutes in rain"
        )
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    return purchase


def offer(purchase: Purchase, by: Person, build: Build, **more: Any) -> Offer:
    with acting_as(by):
        (line,) = lines_of(purchase, by)
        made = Offer(
            purchase=purchase,
            line=line,
            build=build,
            supplier=build.model.manufacturer,
            unit_price=580_000,
            **more,
        )
        return record_offer(offer=made, by=by)


def status(purchase: Purchase, by: Person) -> str:
    with acting_as(by):
        return seen_by(purchase, by).status


def test_a_specification_is_approved_and_not_ordered_before_an_offer_is_named(
    specified: Purchase, people: People
) -> None:
    steps = shown(specified, people.aiko)
    assert (
        steps[Action.ORDER].blocked_by == "A line is a specification still: name the offer first."
    )
    assert not steps[Action.NAME_OFFER].blocked_by
    with pytest.raises(NotNow) as refused:
        take(specified, Action.ORDER, people.aiko, contract_reference="R8-1")
    assert refused.value.guard == "specification"


def test_the_build_of_the_offer_that_is_named_is_reviewed_in_a_new_round(
    specified: Purchase, world: World, people: People
) -> None:
    offer(specified, people.aiko, world.clean)
    named = offer(specified, people.aiko, world.listed)
    take(specified, Action.NAME_OFFER, people.aiko, offers=[named.pk])
    with acting_as(people.chie):
        seen = seen_by(specified, people.chie)
        (line,) = lines_of(seen, people.chie)
    assert (seen.status, seen.round) == (Status.SECURITY_REVIEW, 2)
    assert (line.build_id, line.supplier_id, line.unit_price) == (
        world.listed.pk,
        world.listed.model.manufacturer_id,
        580_000,
    )
    assert shown(specified, people.chie)[Action.APPROVE].blocked_by, "its maker is on a list"


def test_a_clean_offer_is_ordered_and_received_as_the_build_that_it_named(
    specified: Purchase, world: World, people: People
) -> None:
    named = offer(specified, people.aiko, world.clean)
    take(specified, Action.NAME_OFFER, people.aiko, offers=[named.pk])
    take(specified, Action.APPROVE, people.chie)
    take(specified, Action.ORDER, people.aiko, contract_reference="R8-1")
    assert status(specified, people.aiko) == Status.ORDERED


@pytest.mark.parametrize("how_many", [0, 2])
def test_exactly_one_offer_is_named_for_each_line(
    specified: Purchase, world: World, people: People, how_many: int
) -> None:
    named = [offer(specified, people.aiko, world.clean).pk for _ in range(how_many)]
    with pytest.raises(NotNow) as refused:
        take(specified, Action.NAME_OFFER, people.aiko, offers=named)
    assert refused.value.guard == "one_offer_each"


def test_an_offer_of_another_purchase_is_unknown_here(
    specified: Purchase, world: World, society: Society, people: People
) -> None:
    other = draft(people.aiko, society.tree.coast_guard, world.clean, missions=["training"])
    with acting_as(people.aiko):
        Line.objects.visible_to(people.aiko).filter(purchase=other).update(
            kind="specification", build=None, description="Another"
        )
    take(other, Action.SUBMIT, people.aiko)
    take(other, Action.APPROVE, people.ben)
    foreign = offer(other, people.aiko, world.clean)
    with pytest.raises(NotNow) as refused:
        take(specified, Action.NAME_OFFER, people.aiko, offers=[foreign.pk])
    assert refused.value.guard == "one_offer_each"


def test_offers_are_recorded_on_an_approved_specification_only(
    world: World, society: Society, people: People
) -> None:
    purchase = draft(people.aiko, society.tree.coast_guard, world.clean)
    with acting_as(people.aiko):
        Line.objects.visible_to(people.aiko).filter(purchase=purchase).update(
            kind="specification", build=None, description="Flies 40 minutes"
        )
    with pytest.raises(DatabaseError, match="approved specification"):
        offer(purchase, people.aiko, world.clean)


def test_an_offer_stays_as_it_was_recorded(
    specified: Purchase, world: World, people: People
) -> None:
    made = offer(specified, people.aiko, world.clean)
    refused = pytest.raises(DatabaseError, match="permission denied")
    with acting_as(people.aiko), refused, transaction.atomic():
        Offer.objects.visible_to(people.aiko).filter(pk=made.pk).update(unit_price=1)


def test_an_approved_line_takes_over_nothing_but_an_offer(
    specified: Purchase, world: World, people: People
) -> None:
    refused = pytest.raises(DatabaseError, match="as a draft only")
    with acting_as(people.aiko), refused, transaction.atomic():
        Line.objects.visible_to(people.aiko).filter(purchase=specified).update(build=world.clean)


def test_taking_over_an_offer_past_the_program_leaves_nothing_that_can_be_ordered(
    specified: Purchase, world: World, people: People
) -> None:
    made = offer(specified, people.aiko, world.listed)
    with acting_as(people.aiko):
        Line.objects.visible_to(people.aiko).filter(purchase=specified).update(
            build=made.build, supplier=made.supplier, unit_price=made.unit_price
        )
    with pytest.raises(NotNow) as refused:
        take(specified, Action.ORDER, people.aiko, contract_reference="R8-1")
    assert refused.value.guard == "dossier_no_longer_holds"


def test_whoever_records_an_offer_has_had_a_hand_in_the_purchase(
    specified: Purchase, world: World, people: People
) -> None:
    named = offer(specified, people.mika, world.clean)
    with acting_as(people.mika):
        hands = specified.contributors.visible_to(people.mika).filter(person=people.mika)
        assert set(hands.values_list("how", flat=True)) == {"offer"}
    with pytest.raises(NotAllowed):
        take(specified, Action.NAME_OFFER, people.mika, offers=[named.pk])


def test_makers_of_parts_and_suppliers_of_offers_follow_a_merge_in_any_state(
    specified: Purchase, world: World, people: People
) -> None:
    with acting_as(people.goro):
        twin = add_vendor(vendor=Vendor(name="Sora Trading"), by=people.goro)
    with acting_as(people.aiko):
        (line,) = lines_of(specified, people.aiko)
        made = Offer(purchase=specified, line=line, build=world.clean, supplier=twin)
        record_offer(offer=made, by=people.aiko)
    refused = pytest.raises(DatabaseError, match="stays as it was recorded")
    with acting_as(people.aiko), refused, transaction.atomic():
        Offer.objects.visible_to(people.aiko).update(supplier=world.kite)
    with acting_as(people.goro):
        seen = merger(kept=world.sora, gone=twin, by=people.goro).digest
        merge(kept=world.sora, gone=twin, seen=seen, by=people.goro)
    with acting_as(people.aiko):
        made.refresh_from_db()
        assert made.supplier == world.sora
