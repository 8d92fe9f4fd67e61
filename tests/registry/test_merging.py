"""Two records of one vendor become one: everything moves, the old record stays as a redirect."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from audit.models import Event
from compliance import merging
from compliance.models import ListMatch
from policy.models import ReferenceList
from procurement.dossiers import compose
from procurement.models import Dossier, Line, Purchase
from procurement.workflow import lines_of
from registry.models import Build, Component, DroneModel, OwnershipLink, Vendor, VendorName
from registry.services import add_model, add_vendor
from tests.procurement.steps import freeze, step
from tests.refusals import refused
from tests.worlds import World, draft

CHECK_VIOLATION = "23514"


@pytest.fixture
def double(world: World, goro: Person) -> Vendor:
    """A second record of Sora with something of every kind that can point to a vendor."""
    with acting_as(None):
        vendor = add_vendor(
            vendor=Vendor(name="Sora Aircraft K.K.", verified_by=goro),
            names=[("Sora Aircraft", "trade"), ("SORA", "trade")],
            by=None,
        )
        vendor.identifiers.create(scheme="lei", value="5493006W3QUS5LMH6R84")
        model = add_model(model=DroneModel(manufacturer=vendor, name="S-2"), by=None)
        build = Build.objects.create(
            model=model, name="Standard", design_known=True, design_licensed_from=vendor
        )
        Component.objects.create(build=build, role="radio", maker=vendor, verified_by=goro)
        OwnershipLink.objects.create(holder=world.kite, subject=vendor, kind="control")
        OwnershipLink.objects.create(holder=vendor, subject=world.sora, kind="control")
    return vendor


def merge(world: World, gone: Vendor, by: Person) -> None:
    with acting_as(by):
        seen = merging.merger(kept=world.sora, gone=gone, by=by).digest
        merging.merge(kept=world.sora, gone=gone, seen=seen, by=by)


def test_everything_that_names_the_vendor_names_the_other_afterwards(
    world: World, double: Vendor, goro: Person
) -> None:
    merge(world, double, goro)
    left = [
        (model, field)
        for model, field in (
            (DroneModel, "manufacturer"),
            (Build, "design_licensed_from"),
            (Component, "maker"),
        )
        if model._default_manager.filter(**{field: double}).exists()
    ]
    assert left == []
    assert world.sora.identifiers.get().value == "5493006W3QUS5LMH6R84"
    assert world.sora.holders.filter(holder=world.kite).exists()
    assert Vendor.objects.get(pk=double.pk).merged_into == world.sora


def test_a_name_that_both_have_stays_and_the_others_move(
    world: World, double: Vendor, goro: Person
) -> None:
    merge(world, double, goro)
    assert set(world.sora.names.values_list("name", flat=True)) >= {"SORA", "Sora Aircraft K.K."}
    assert list(double.names.values_list("name", flat=True)) == ["Sora Aircraft"]
    assert VendorName.objects.filter(name="Sora Aircraft").count() == 2


def test_a_link_between_the_two_is_denied_and_not_turned_on_itself(
    world: World, double: Vendor, goro: Person
) -> None:
    merge(world, double, goro)
    between = OwnershipLink.objects.get(holder=double)
    assert (between.subject, between.status) == (world.sora, "denied")


def test_facts_that_move_are_claims_of_whoever_merged(
    world: World, double: Vendor, goro: Person
) -> None:
    merge(world, double, goro)
    radio = Component.objects.get(role="radio", build__model__name="S-2")
    assert (radio.verified_by, radio.claimed_by) == (None, goro)


def test_the_trail_says_why(world: World, double: Vendor, goro: Person) -> None:
    merge(world, double, goro)
    event = Event.objects.of(double).first()
    assert event is not None
    assert "Sora Aircraft K.K. was merged into Sora Aircraft" in event.reason


def test_the_supplier_of_a_line_follows_even_under_review_and_is_no_edit(
    world: World, double: Vendor, goro: Person, aiko: Person, purchase: Purchase
) -> None:
    with acting_as(aiko):
        Line.objects.visible_to(aiko).filter(purchase=purchase).update(supplier=double)
        purchase.refresh_from_db()
        composed = compose(purchase, lines_of(purchase, aiko), timezone.localdate())
    dossier = freeze(purchase, aiko, body=composed.text, digest=composed.digest)
    step(purchase, "submit", "agency_review", aiko, dossier=dossier)
    merge(world, double, goro)
    with acting_as(aiko):
        line = Line.objects.visible_to(aiko).select_related("purchase").get(purchase=purchase)
        kept = Dossier.objects.visible_to(aiko).get(pk=dossier.pk)
    assert (line.supplier, line.purchase.version) == (world.sora, purchase.version)
    assert double.name in kept.body


def test_another_change_of_a_line_is_still_an_edit(
    world: World, double: Vendor, aiko: Person, purchase: Purchase
) -> None:
    with acting_as(aiko):
        version = Purchase.objects.visible_to(aiko).get(pk=purchase.pk).version
        Line.objects.visible_to(aiko).filter(purchase=purchase).update(supplier=double)
        after = Purchase.objects.visible_to(aiko).get(pk=purchase.pk).version
    assert after == version + 1


def test_a_vendor_is_not_merged_into_itself_nor_twice(
    world: World, double: Vendor, goro: Person
) -> None:
    with acting_as(goro), pytest.raises(ValidationError, match="into itself"):
        merging.merge(kept=double, gone=double, seen="", by=goro)
    merge(world, double, goro)
    with acting_as(goro), pytest.raises(ValidationError, match="merged into another record before"):
        merging.merge(kept=double, gone=world.kite, seen="", by=goro)


def test_redirects_never_form_a_chain(world: World, double: Vendor, goro: Person) -> None:
    merge(world, double, goro)
    with acting_as(None):
        third = add_vendor(vendor=Vendor(name="Sora Group"), by=None)
    with acting_as(goro):
        seen = merging.merger(kept=third, gone=world.sora, by=goro).digest
        merging.merge(kept=third, gone=world.sora, seen=seen, by=goro)
    assert Vendor.objects.get(pk=double.pk).merged_into == third


def test_sql_makes_no_cycle_either(world: World, double: Vendor, goro: Person) -> None:
    merge(world, double, goro)
    for target in (double, world.sora):
        with refused(CHECK_VIOLATION), acting_as(goro):
            Vendor.objects.filter(pk=world.sora.pk).update(merged_into=target)
    with refused(CHECK_VIOLATION), acting_as(goro):
        Vendor.objects.filter(pk=double.pk).update(merged_into=None)


def test_nothing_new_points_to_a_merged_vendor(world: World, double: Vendor, goro: Person) -> None:
    merge(world, double, goro)
    with refused(CHECK_VIOLATION), acting_as(goro):
        OwnershipLink.objects.create(holder=double, subject=world.kite, kind="control")
    with refused(CHECK_VIOLATION), acting_as(goro):
        Component.objects.filter(build=world.clean).update(maker=double)


def test_two_models_of_one_name_stop_the_merge(world: World, double: Vendor, goro: Person) -> None:
    with acting_as(None):
        add_model(model=DroneModel(manufacturer=double, name="S-1"), by=None)
    with acting_as(goro), pytest.raises(ValidationError, match="Both have a model called S-1"):
        merging.merge(kept=world.sora, gone=double, seen="", by=goro)


def test_contradicting_decisions_about_an_entry_stop_the_merge(
    world: World, double: Vendor, goro: Person
) -> None:
    decide(world.companies, double, "same", goro)
    decide(world.companies, world.sora, "different", goro)
    with acting_as(goro), pytest.raises(ValidationError, match="one of the two and not the other"):
        merging.merge(kept=world.sora, gone=double, seen="", by=goro)


def decide(listed: ReferenceList, vendor: Vendor, decision: str, by: Person) -> None:
    with acting_as(None):
        ListMatch.objects.create(
            list=listed,
            entry_key="sora",
            vendor=vendor,
            decision=decision,
            reason="Compared the names.",
            decided_by=by,
            decided_on="2026-04-01",
        )


def test_what_was_not_shown_is_not_done(world: World, double: Vendor, goro: Person) -> None:
    with acting_as(goro):
        seen = merging.merger(kept=world.sora, gone=double, by=goro).digest
        OwnershipLink.objects.create(holder=double, subject=world.kite, kind="affiliation")
        with pytest.raises(ValidationError, match="has changed since you looked"):
            merging.merge(kept=world.sora, gone=double, seen=seen, by=goro)
    assert Vendor.objects.get(pk=double.pk).merged_into is None


def test_only_a_steward_merges(world: World, double: Vendor, aiko: Person, chie: Person) -> None:
    for person in (aiko, chie):
        with acting_as(person), pytest.raises(PermissionDenied):
            merging.merge(kept=world.sora, gone=double, seen="", by=person)


def test_a_draft_of_another_agency_moves_too(
    world: World, double: Vendor, goro: Person, daisuke: Person
) -> None:
    agency = next(iter({world.timber.agency}))
    theirs = draft(daisuke, agency, world.clean)
    with acting_as(daisuke):
        Line.objects.visible_to(daisuke).filter(purchase=theirs).update(supplier=double)
    merge(world, double, goro)
    with acting_as(daisuke):
        assert Line.objects.visible_to(daisuke).get(purchase=theirs).supplier == world.sora
