"""A claim is refused with a reason by somebody who did not make it, and stands as refused until it changes."""

import pytest
from django.db import IntegrityError

from agencies.context import acting_as
from agencies.models import Person
from registry.models import (
    Attribute,
    Build,
    CatalogueRecord,
    Component,
    Declaration,
    DroneModel,
    Measure,
    OwnershipLink,
    Vendor,
    VendorIdentifier,
    VendorName,
)
from tests.refusals import NO_RIGHT, refused
from tests.worlds import World

CHECK_VIOLATION = "23514"
KINDS = (
    Attribute,
    Build,
    Component,
    Declaration,
    DroneModel,
    Measure,
    OwnershipLink,
    Vendor,
    VendorIdentifier,
    VendorName,
)
CHANGES: dict[type[CatalogueRecord], dict[str, object]] = {
    Attribute: {"high": 9},
    Build: {"name": "Other"},
    Component: {"part": "Other"},
    Declaration: {"title": "Other"},
    DroneModel: {"name": "Other"},
    Measure: {"claimed": False},
    OwnershipLink: {"status": "disputed"},
    Vendor: {"name": "Other"},
    VendorIdentifier: {"value": "1RKN5"},
    VendorName: {"kind": "former"},
}


def claimed(kind: type[CatalogueRecord], world: World, by: Person) -> CatalogueRecord:
    """A fact of this kind as a claim of the person."""
    given: dict[type[CatalogueRecord], dict[str, object]] = {
        Attribute: {"build": world.clean, "attribute": "range_m", "high": 5},
        Build: {"model": world.clean.model, "name": "New"},
        Component: {"build": world.clean, "role": "battery"},
        Declaration: {
            "title": "Letter",
            "kind": "agency_note",
            "claimant": "X",
            "dated": "2026-01-01",
        },
        DroneModel: {"manufacturer": world.sora, "name": "S-9"},
        Measure: {"build": world.clean, "measure": "update_control", "claimed": True},
        OwnershipLink: {"holder": world.kite, "subject": world.sora, "kind": "control"},
        Vendor: {"name": "New maker"},
        VendorIdentifier: {"vendor": world.sora, "scheme": "cage", "value": "2RKN5"},
        VendorName: {"vendor": world.sora, "name": "SA", "kind": "trade", "key": "sa"},
    }
    with acting_as(by):
        return kind._default_manager.create(claimed_by=by, **given[kind])


def refuse(record: CatalogueRecord, by: Person) -> None:
    with acting_as(by):
        type(record)._default_manager.filter(pk=record.pk).update(
            refused_by=by, refused_because="No source."
        )
    record.refresh_from_db()


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_changes_nothing_else_and_a_change_takes_it_away(
    kind: type[CatalogueRecord], world: World, aiko: Person, mika: Person, goro: Person
) -> None:
    record = claimed(kind, world, aiko)
    refuse(record, goro)
    assert (record.claimed_by, record.refused_by, record.waits_for_check) == (aiko, goro, False)
    with acting_as(mika):
        kind._default_manager.filter(pk=record.pk).update(**CHANGES[kind])
    record.refresh_from_db()
    assert (record.claimed_by, record.refused_by, record.refused_because) == (mika, None, "")


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_refuses_in_anothers_name_or_their_own_claim(
    kind: type[CatalogueRecord], world: World, aiko: Person, goro: Person
) -> None:
    record = claimed(kind, world, aiko)
    with refused(NO_RIGHT), acting_as(aiko):
        kind._default_manager.filter(pk=record.pk).update(refused_by=goro, refused_because="No.")
    with pytest.raises(IntegrityError, match="refused_by_another"), acting_as(aiko):
        kind._default_manager.filter(pk=record.pk).update(refused_by=aiko, refused_because="No.")


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_checks_their_own_claim_of_any_kind(
    kind: type[CatalogueRecord], world: World, goro: Person
) -> None:
    record = claimed(kind, world, goro)
    with pytest.raises(IntegrityError, match="checked_by_another"), acting_as(goro):
        kind._default_manager.filter(pk=record.pk).update(verified_by=goro)


def test_the_build_that_stands_for_not_knowing_says_nothing_and_stays_so(
    world: World, goro: Person
) -> None:
    unknown = Build.objects.filter(pk=world.unknown.pk)
    with refused(CHECK_VIOLATION), acting_as(goro):
        unknown.update(assembled_in=["JP"])
    with refused(CHECK_VIOLATION), acting_as(goro):
        unknown.update(configuration_known=True)
    with refused(CHECK_VIOLATION), acting_as(goro):
        Component.objects.create(build=world.unknown, role="radio")
    with refused(CHECK_VIOLATION), acting_as(goro):
        Measure.objects.create(build=world.unknown, measure="update_control", claimed=True)
