"""Each fact of the catalogue reaches the engine under its own name, and with it who claimed it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest
from django.db import models

from agencies.context import acting_as
from agencies.models import Person
from compliance.facts import gather
from compliance.models import ListMatch
from policy.facts import BuildFacts, Evidence, Grade, LinkStatus
from policy.models import ReferenceList
from registry.models import (
    Attribute,
    Build,
    Component,
    Declaration,
    DroneModel,
    Measure,
    OwnershipLink,
    Vendor,
)
from registry.services import add_vendor
from tests.worlds import World

pytestmark = pytest.mark.django_db


def facts_of(build: Build) -> BuildFacts:
    return gather([build.pk])[build.pk].facts


def paper(title: str, by: Person) -> Declaration:
    return Declaration.objects.create(
        title=title, kind="agency_note", claimant=title, dated=date(2026, 1, 1), claimed_by=by
    )


def title_of(evidence: Evidence | None) -> str:
    return evidence.title if evidence else ""


def test_each_meaning_of_country_of_a_part_keeps_its_name(world: World, goro: Person) -> None:
    with acting_as(goro):
        Component.objects.filter(build=world.clean, role="camera").update(
            made_in=["JP"], developed_in=["US"], data_stored_in=["DE"], administered_from=["FR"]
        )
    camera = facts_of(world.clean).with_role("camera")[0]
    meanings = (camera.made_in, camera.developed_in, camera.data_stored_in)
    assert [each.values for each in (*meanings, camera.administered_from)] == [
        frozenset({"JP"}),
        frozenset({"US"}),
        frozenset({"DE"}),
        frozenset({"FR"}),
    ]


def test_the_two_countries_of_a_vendor_are_kept_apart(world: World, goro: Person) -> None:
    with acting_as(goro):
        Vendor.objects.filter(pk=world.sora.pk).update(headquartered_in=["US"])
    sora = next(each for each in facts_of(world.clean).vendors if each.id == world.sora.pk)
    assert (sora.incorporated_in.values, sora.headquartered_in.values) == (
        frozenset({"JP"}),
        frozenset({"US"}),
    )


def test_a_link_comes_with_its_share_its_days_its_status_and_its_paper(
    world: World, goro: Person
) -> None:
    with acting_as(goro):
        holder = add_vendor(vendor=Vendor(name="Fund"), by=goro)
        OwnershipLink.objects.create(
            holder=holder,
            subject=world.sora,
            kind=OwnershipLink.Kind.SHAREHOLDING,
            share_min=10,
            share_max=20,
            since=date(2024, 1, 1),
            until=date(2027, 1, 1),
            status=OwnershipLink.Status.DISPUTED,
            declaration=paper("Register", goro),
        )
    (link,) = facts_of(world.clean).links
    assert (link.share_min, link.share_max) == (Decimal(10), Decimal(20))
    assert (link.since, link.until) == (date(2024, 1, 1), date(2027, 1, 1))
    assert (link.status, title_of(link.evidence)) == (LinkStatus.DISPUTED, "Register")


def test_what_a_holder_of_a_maker_holds_besides_is_part_of_the_facts(
    world: World, goro: Person
) -> None:
    """Affiliates: up to the holder and down again to its other holdings."""
    with acting_as(goro):
        holder = add_vendor(vendor=Vendor(name="Group"), by=goro)
        sister = add_vendor(vendor=Vendor(name="Sister"), by=goro)
        for subject in (world.sora, sister):
            OwnershipLink.objects.create(
                holder=holder, subject=subject, kind=OwnershipLink.Kind.CONTROL
            )
    assert {each.id for each in facts_of(world.clean).vendors} == {
        world.sora.pk,
        holder.pk,
        sister.pk,
    }


def test_builds_gathered_together_have_the_facts_they_have_alone(
    world: World, goro: Person
) -> None:
    alone = [facts_of(build) for build in (world.clean, world.listed)]
    together = gather([world.clean.pk, world.listed.pk])
    assert [together[build.pk].facts for build in (world.clean, world.listed)] == alone
    assert {each.id for each in alone[0].vendors} == {world.sora.pk}


def test_the_maker_of_a_part_is_one_of_the_vendors(world: World, goro: Person) -> None:
    with acting_as(goro):
        Component.objects.filter(build=world.clean, role="radio").update(maker=world.kite)
    assert world.kite.pk in {each.id for each in facts_of(world.clean).vendors}


def test_a_match_that_was_decided_to_be_another_company_is_no_match(
    world: World, goro: Person
) -> None:
    assert [each.entry_key for each in facts_of(world.listed).matches] == ["kite works"]
    with acting_as(goro):
        ListMatch.objects.filter(vendor=world.kite).update(decision=ListMatch.Decision.DIFFERENT)
    assert facts_of(world.listed).matches == ()


def test_parts_not_fitted_and_the_known_configuration_are_told(world: World, goro: Person) -> None:
    with acting_as(goro):
        Build.objects.filter(pk=world.clean.pk).update(not_fitted=["gimbal"])
    assert facts_of(world.clean).not_fitted == {"gimbal"}
    assert facts_of(world.clean).configuration_known
    assert not facts_of(world.unknown).configuration_known


def test_the_measures_of_a_model_are_facts_only_where_they_are_known(
    world: World, goro: Person
) -> None:
    with acting_as(goro):
        DroneModel.objects.filter(pk=world.clean.model_id).update(endurance_min=30)
    measures = {each.name: (each.low, each.high) for each in facts_of(world.clean).attributes}
    assert measures == {
        "weight_g": (Decimal(1200), Decimal(1200)),
        "endurance_min": (Decimal(30), Decimal(30)),
    }


@pytest.mark.parametrize("unchecked", ["the fact", "the paper"])
def test_a_check_of_the_fact_or_of_the_paper_alone_is_not_enough(
    world: World, goro: Person, aiko: Person, unchecked: str
) -> None:
    if unchecked == "the fact":
        with acting_as(aiko):
            Component.objects.filter(build=world.clean, role="camera").update(part="Camera 2")
    else:
        with acting_as(aiko):
            Declaration.objects.filter(pk=world.paper.pk).update(title="Changed")
    evidence = facts_of(world.clean).with_role("camera")[0].made_in.evidence
    assert evidence is not None
    assert evidence.grade is Grade.CLAIMED


def _component_of(world: World) -> "models.QuerySet[Component]":
    return Component.objects.filter(build=world.clean, role="camera")


def _link(world: World, by: Person) -> OwnershipLink:
    holder = Vendor.objects.create(name="Fund")
    return OwnershipLink.objects.create(
        holder=holder, subject=world.sora, kind=OwnershipLink.Kind.AFFILIATION, claimed_by=by
    )


def _claim(rows: "models.QuerySet[models.Model]", **change: object) -> None:
    assert rows.update(**change) == 1


CLAIMS: dict[str, Callable[[World, Person], object]] = {
    "the build": lambda w, by: _claim(Build.objects.filter(pk=w.clean.pk), not_fitted=["gimbal"]),
    "the model": lambda w, by: _claim(
        DroneModel.objects.filter(pk=w.clean.model_id), weight_g=1300
    ),
    "a part": lambda w, by: _claim(_component_of(w), part="Camera 2"),
    "a vendor": lambda w, by: _claim(Vendor.objects.filter(pk=w.sora.pk), headquartered_in=["US"]),
    "a link": _link,
}


@pytest.mark.parametrize("what", CLAIMS)
def test_whoever_claimed_a_fact_is_named(
    world: World, aiko: Person, goro: Person, what: str
) -> None:
    with acting_as(aiko):
        CLAIMS[what](world, aiko)
    assert gather([world.clean.pk])[world.clean.pk].claimants == {aiko.pk}


PAPERS: dict[str, Callable[[World, Declaration], object]] = {
    "the build": lambda w, p: _claim(Build.objects.filter(pk=w.clean.pk), declaration=p),
    "a part": lambda w, p: _claim(_component_of(w), declaration=p),
    "a vendor": lambda w, p: _claim(Vendor.objects.filter(pk=w.sora.pk), declaration=p),
    "a link": lambda w, p: OwnershipLink.objects.create(
        holder=Vendor.objects.create(name="Fund"),
        subject=w.sora,
        kind=OwnershipLink.Kind.AFFILIATION,
        declaration=p,
    ),
}


@pytest.mark.parametrize("what", PAPERS)
def test_whoever_claimed_the_paper_behind_a_fact_is_named(
    world: World, aiko: Person, what: str
) -> None:
    with acting_as(aiko):
        claimed = paper("Aiko's note", aiko)
    with acting_as(None):
        PAPERS[what](world, claimed)
    assert aiko.pk in gather([world.clean.pk])[world.clean.pk].claimants


def test_measures_and_attributes_come_with_their_own_paper(
    world: World, goro: Person, aiko: Person
) -> None:
    with acting_as(goro):
        Measure.objects.create(
            build=world.clean,
            measure="encryption_at_rest",
            claimed=True,
            declaration=paper("Maker's answer", goro),
        )
        Measure.objects.create(build=world.clean, measure="update_control", claimed=False)
    with acting_as(aiko):
        Attribute.objects.create(
            build=world.clean,
            attribute="sold_as_toy",
            present=False,
            claimed_by=aiko,
            declaration=paper("Box", aiko),
        )
    facts = facts_of(world.clean)
    measures = {each.measure: (each.claimed, title_of(each.evidence)) for each in facts.measures}
    assert measures == {
        "encryption_at_rest": (True, "Maker's answer"),
        "update_control": (False, ""),
    }
    toy = next(each for each in facts.attributes if each.name == "sold_as_toy")
    assert (toy.present, title_of(toy.evidence)) == (False, "Box")
    assert {goro.pk, aiko.pk} <= gather([world.clean.pk])[world.clean.pk].claimants


def test_what_a_build_says_of_itself_stands_before_what_its_model_says(
    world: World, goro: Person
) -> None:
    """A bundle with another battery weighs more than the model in the catalogue."""
    with acting_as(goro):
        Attribute.objects.create(build=world.clean, attribute="weight_g", low=1300, high=1400)
    weights = {
        build.pk: [(each.low, each.high) for each in facts_of(build).attributes]
        for build in (world.clean, world.no_radio)
    }
    assert weights == {
        world.clean.pk: [(Decimal(1300), Decimal(1400))],
        world.no_radio.pk: [(Decimal(1200), Decimal(1200))],
    }


def test_a_body_that_nobody_can_own_is_told(world: World, goro: Person) -> None:
    with acting_as(goro):
        Vendor.objects.filter(pk=world.sora.pk).update(ultimate=True)
    assert facts_of(world.clean).ownable() == frozenset()


def test_the_match_of_a_build_is_a_fact_of_that_build_alone(world: World, goro: Person) -> None:
    with acting_as(goro):
        cleared = ReferenceList.objects.create(
            code="cleared", kind="clearances", name_en="Cleared", name_local="承認機"
        )
        ListMatch.objects.create(
            list=cleared,
            entry_key="s-1 standard",
            build=world.clean,
            decision=ListMatch.Decision.SAME,
            reason="Same configuration.",
            decided_by=goro,
            decided_on=date(2026, 1, 1),
        )
    (match,) = facts_of(world.clean).matches
    assert (match.build, match.vendor) == (world.clean.pk, None)
    assert facts_of(world.no_radio).matches == ()
    both = gather([world.clean.pk, world.no_radio.pk])
    assert both[world.no_radio.pk].facts.matches == ()


def test_gathering_takes_eight_queries_for_one_build_and_for_four(
    world: World, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    with django_assert_num_queries(8):
        gather([world.clean.pk])
    with django_assert_num_queries(8):
        gather([each.pk for each in (world.clean, world.no_radio, world.unknown, world.listed)])
