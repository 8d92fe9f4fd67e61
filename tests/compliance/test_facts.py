"""Facts as they stand in the catalogue, gathered for the engine."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from agencies.models import Person
from compliance.facts import gather
from policy.facts import Grade, LinkKind
from registry.models import Build, Component, Declaration, DroneModel, OwnershipLink, Vendor
from registry.services import add_model, add_vendor
from tests.refusals import NO_RIGHT, refused
from tests.worlds import World

pytestmark = pytest.mark.django_db


def _owner(of: Vendor, name: str, goro: Person) -> Vendor:
    holder = add_vendor(vendor=Vendor(name=name), by=goro)
    OwnershipLink.objects.create(holder=holder, subject=of, kind=OwnershipLink.Kind.SHAREHOLDING)
    return holder


def test_a_build_comes_with_its_makers_and_everybody_joined_to_them(
    world: World, goro: Person
) -> None:
    with acting_as(goro):
        parent = _owner(world.sora, "Sora Holdings", goro)
        grandparent = _owner(parent, "Sora Family Trust", goro)
        stranger = add_vendor(vendor=Vendor(name="Nobody's"), by=goro)
    facts = gather([world.clean.pk])[world.clean.pk].facts
    assert {each.id for each in facts.vendors} == {world.sora.pk, parent.pk, grandparent.pk}
    assert stranger.pk not in {each.id for each in facts.vendors}
    assert {(each.holder, each.subject, each.kind) for each in facts.links} == {
        (parent.pk, world.sora.pk, LinkKind.SHAREHOLDING),
        (grandparent.pk, parent.pk, LinkKind.SHAREHOLDING),
    }


def test_evidence_counts_as_claimed_until_a_steward_checked_the_fact_and_the_paper(
    world: World, goro: Person, mika: Person
) -> None:
    with acting_as(mika):
        Declaration.objects.filter(pk=world.paper.pk).update(grade=Declaration.Grade.VERIFIED)
    evidence = gather([world.clean.pk])[world.clean.pk].facts.assembled_in.evidence
    assert evidence is not None
    assert evidence.grade is Grade.CLAIMED, "the paper was changed and is unchecked again"
    with acting_as(goro):
        Declaration.objects.filter(pk=world.paper.pk).update(verified_by=goro)
    evidence = gather([world.clean.pk])[world.clean.pk].facts.assembled_in.evidence
    assert evidence is not None
    assert evidence.grade is Grade.VERIFIED


def test_a_fact_that_somebody_changes_is_that_persons_claim_until_it_is_checked_again(
    world: World, aiko: Person
) -> None:
    camera = Component.objects.get(build=world.clean, role="camera")
    with acting_as(aiko):
        Component.objects.filter(pk=camera.pk).update(made_in=["US"])
    camera.refresh_from_db()
    assert (camera.verified_by_id, camera.claimed_by_id) == (None, aiko.pk)
    gathered = gather([world.clean.pk])[world.clean.pk]
    assert aiko.pk in gathered.claimants


def test_a_country_that_nobody_knows_is_none_and_has_no_evidence(world: World) -> None:
    facts = gather([world.no_radio.pk])[world.no_radio.pk].facts
    radio = facts.with_role("radio")[0]
    assert (radio.made_in.values, radio.made_in.evidence) == (None, None)


def test_a_design_is_nobodys_licence_only_where_that_is_known(world: World, goro: Person) -> None:
    own = gather([world.clean.pk])[world.clean.pk].facts.licensor
    unknown = gather([world.unknown.pk])[world.unknown.pk].facts.licensor
    assert (own.known, own.vendor) == (True, None)
    assert (unknown.known, unknown.vendor) == (False, None)
    with acting_as(goro):
        Build.objects.filter(pk=world.clean.pk).update(design_licensed_from=world.kite)
    licensed = gather([world.clean.pk])[world.clean.pk].facts
    assert licensed.licensor.vendor == world.kite.pk
    assert world.kite.pk in {each.id for each in licensed.vendors}


def test_gathering_takes_as_many_queries_for_many_builds_as_for_one(
    world: World, goro: Person
) -> None:
    with CaptureQueriesContext(connection) as one:
        gather([world.clean.pk])
    with acting_as(goro):
        for number in range(12):
            maker = add_vendor(vendor=Vendor(name=f"Maker {number}"), by=goro)
            _owner(maker, f"Owner {number}", goro)
            add_model(model=DroneModel(manufacturer=maker, name="Model"), by=goro)
    builds = list(Build.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as many:
        assert len(gather(builds)) == len(builds) == 17
    assert len(many) == len(one)


def test_a_check_is_signed_by_the_person_who_checks(
    world: World, aiko: Person, goro: Person
) -> None:

    with acting_as(aiko), refused(NO_RIGHT):
        Declaration.objects.create(
            title="Forged",
            kind="agency_note",
            claimant="Aiko",
            dated=date(2026, 1, 1),
            verified_by=goro,
        )
