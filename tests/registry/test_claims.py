"""A fact that changes is only claimed again, whatever way the change came; aircraft are never deleted."""

import pytest
from django.db import IntegrityError, connection

from agencies.context import acting_as
from agencies.models import Person
from registry.models import Build, Component, Drone, OwnershipLink, Vendor
from tests.refusals import NO_RIGHT, refused
from tests.worlds import World


def test_a_changed_fact_loses_its_check_and_is_claimed_by_whoever_changed_it(
    world: World, aiko: Person, goro: Person
) -> None:
    with acting_as(aiko):
        Component.objects.filter(build=world.clean, role="radio").update(made_in=["TW"])
    radio = Component.objects.get(build=world.clean, role="radio")
    assert (radio.verified_by_id, radio.claimed_by_id) == (None, aiko.pk)
    camera = Component.objects.get(build=world.clean, role="camera")
    assert camera.verified_by == goro


def test_raw_sql_does_not_keep_the_check_either(world: World, aiko: Person) -> None:
    with acting_as(aiko), connection.cursor() as cursor:
        cursor.execute(
            "update registry_vendor set headquartered_in = '{US}', verified_by_id = %s, claimed_by_id = null"
            " where id = %s",
            [world.sora.verified_by_id, world.sora.pk],
        )
    vendor = Vendor.objects.get(pk=world.sora.pk)
    assert (vendor.verified_by_id, vendor.claimed_by_id) == (None, aiko.pk)


def test_a_note_is_no_fact_and_keeps_the_check(world: World, aiko: Person, goro: Person) -> None:
    with acting_as(aiko):
        Vendor.objects.filter(pk=world.sora.pk).update(note="Spoke to them in May.")
    assert Vendor.objects.get(pk=world.sora.pk).verified_by == goro


def test_checking_a_fact_is_no_change_of_it(world: World, goro: Person) -> None:
    with acting_as(None):
        link = OwnershipLink.objects.create(holder=world.sora, subject=world.kite, kind="control")
    with acting_as(goro):
        OwnershipLink.objects.filter(pk=link.pk).update(verified_by=goro)
    assert OwnershipLink.objects.get(pk=link.pk).verified_by == goro


@pytest.mark.parametrize("act", ["add", "take out"])
def test_another_part_makes_the_build_a_claim_again(world: World, aiko: Person, act: str) -> None:
    with acting_as(aiko):
        if act == "add":
            Component.objects.create(build=world.clean, role="battery")
        else:
            Component.objects.filter(build=world.clean, role="radio").delete()
    build = Build.objects.get(pk=world.clean.pk)
    assert (build.verified_by_id, build.claimed_by_id) == (None, aiko.pk)


def test_a_part_moved_to_another_build_makes_both_claims_again(world: World, aiko: Person) -> None:
    with acting_as(aiko):
        Component.objects.filter(build=world.clean, role="radio").update(build=world.no_radio)
    both = Build.objects.filter(pk__in=[world.clean.pk, world.no_radio.pk])
    assert {(build.verified_by_id, build.claimed_by_id) for build in both} == {(None, aiko.pk)}


def test_nobody_checks_their_own_claim(world: World, goro: Person) -> None:
    with pytest.raises(IntegrityError, match="checked_by_another"), acting_as(goro):
        Vendor.objects.create(name="Goro's friends", claimed_by=goro, verified_by=goro)


def test_nobody_signs_a_check_in_anothers_name(world: World, aiko: Person, goro: Person) -> None:
    with refused(NO_RIGHT), acting_as(aiko):
        Vendor.objects.create(name="A new maker", verified_by=goro)
    with acting_as(aiko):
        Vendor.objects.filter(pk=world.sora.pk).update(name="Sora Aircraft Ltd.")
    with refused(NO_RIGHT), acting_as(aiko):
        Vendor.objects.filter(pk=world.sora.pk).update(verified_by=goro)


def test_aircraft_are_never_deleted(world: World, aiko: Person, jun: Person) -> None:
    for person in (aiko, jun):
        with refused(NO_RIGHT), acting_as(person):
            world.patrol.delete()
    with acting_as(aiko):
        assert Drone.objects.visible_to(aiko).filter(pk=world.patrol.pk).exists()
