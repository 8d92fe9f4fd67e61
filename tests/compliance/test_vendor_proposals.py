"""Entries of lists and the vendors that they might be: what is proposed, how high, and why."""

from typing import Any

import pytest

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import ListMatch
from compliance.vendor_proposals import NAMES_ALONE, VendorProposal, vendor_proposals
from policy.models import Edition, Entry
from registry.models import OwnershipLink, VendorIdentifier, VendorName
from tests.worlds import IN_FORCE, World

DAY = "2026-06-08"


def edition(world: World, **entry: Any) -> Edition:
    """An edition with one entry."""
    with acting_as(None):
        made = Edition.objects.create(
            list=world.companies, edition=DAY, effective_from=DAY, digest="0" * 64
        )
        Entry.objects.create(edition=made, **{"key": "entry", **entry})
    return made


def the_one(world: World, **entry: Any) -> VendorProposal:
    (found,) = vendor_proposals(edition(world, **entry))
    return found


def features(proposal: VendorProposal) -> dict[str, int]:
    return {reason.feature.value: reason.points for reason in proposal.reasons}


def test_the_same_name_alone_gives_half_the_score_at_most(world: World) -> None:
    found = the_one(world, name="Sora Aircraft Co., Ltd.")
    assert (found.vendor, found.score) == (world.sora, NAMES_ALONE)
    assert features(found) == {"name": 50}


@pytest.mark.parametrize(
    ("kind", "points"), [("legal", 50), ("trade", 50), ("transliteration", 50), ("former", 35)]
)
def test_a_former_name_weighs_less(world: World, kind: str, points: int) -> None:
    with acting_as(None):
        VendorName.objects.create(
            vendor=world.sora, name="Hoshi Kikai", kind=kind, key="hoshi kikai"
        )
    found = the_one(world, name="HOSHI KIKAI LTD")
    assert features(found) == {"name": points}
    assert found.reasons[0].kind


def test_an_alias_of_the_entry_weighs_less_than_its_name(world: World) -> None:
    assert features(the_one(world, name="XYZ Holdings", aliases=["Sora Aircraft"])) == {"alias": 40}


def test_a_name_spelled_alike_is_proposed_low(world: World) -> None:
    found = the_one(world, name="Sora Aircrafts")
    assert features(found) == {"similar": 20}
    assert "spelled alike" in found.reasons[0].sentence


def test_a_name_in_letters_of_another_script_is_pointed_out(world: World) -> None:
    found = the_one(world, name="S\u043era Aircraft")
    assert features(found) == {"script": 25}


def test_the_country_of_the_entry_speaks_for_or_against(world: World) -> None:
    same = the_one(world, name="Sora Aircraft", country="JP")
    assert (features(same), same.score) == ({"name": 50, "country": 15}, 65)
    other = vendor_proposals_of_another_day(world, country="CN")
    assert (features(other), other.score) == ({"name": 50, "other_country": -20}, 30)


def vendor_proposals_of_another_day(world: World, **entry: Any) -> VendorProposal:
    with acting_as(None):
        made = Edition.objects.create(
            list=world.companies, edition="2026-07-01", effective_from=DAY, digest="1" * 64
        )
        Entry.objects.create(edition=made, key="other", name="Sora Aircraft", **entry)
    (found,) = vendor_proposals(made)
    return found


def test_an_address_in_a_country_of_the_vendor_speaks_for_it(world: World) -> None:
    found = the_one(world, name="Sora Aircraft", addresses=["1-1 Kasumigaseki, Tokyo, JP"])
    assert features(found) == {"name": 50, "address": 15}


def test_a_parent_that_holds_the_vendor_speaks_for_it(world: World) -> None:
    with acting_as(None):
        OwnershipLink.objects.create(holder=world.kite, subject=world.sora, kind="control")
    found = the_one(world, name="Sora Aircraft", parent_name="Kite Works Corporation")
    assert features(found) == {"name": 50, "parent": 20}


def test_a_number_that_the_record_has_too_speaks_for_it(world: World) -> None:
    with acting_as(None):
        VendorIdentifier.objects.create(
            vendor=world.sora, scheme="lei", value="213800KUD8LAJWSQ9D15"
        )
    found = the_one(world, name="Sora Aircraft", identifiers=["LEI 213800KUD8LAJWSQ9D15"])
    assert features(found) == {"name": 50, "identifier": 40}


@pytest.mark.parametrize("name", ["Sora Hotel", "Kite Festival Association", "Aircraft", "Zorn AG"])
def test_a_namesake_is_not_proposed(world: World, name: str) -> None:
    assert vendor_proposals(edition(world, name=name)) == []


def test_the_best_come_first(world: World) -> None:
    made = edition(world, name="Sora Aircrafts")
    with acting_as(None):
        more = Edition.objects.create(
            list=world.companies, edition="2026-08-01", effective_from=DAY, digest="2" * 64
        )
        for key, name in (("a", "Sora Aircrafts"), ("b", "Sora Aircraft")):
            Entry.objects.create(edition=more, key=key, name=name)
    assert len(vendor_proposals(made)) == 1
    assert [each.entry.key for each in vendor_proposals(more)] == ["b", "a"]


@pytest.mark.parametrize("decision", ["same", "different"])
def test_what_was_decided_is_not_proposed_again(world: World, goro: Person, decision: str) -> None:
    made = edition(world, name="Sora Aircraft")
    with acting_as(goro):
        ListMatch.objects.create(
            list=world.companies,
            entry_key="entry",
            vendor=world.sora,
            decision=decision,
            reason="Compared the seats.",
            decided_by=goro,
            decided_on=IN_FORCE,
        )
    assert vendor_proposals(made) == []


def test_a_proposal_matches_nothing_by_itself(world: World) -> None:
    before = ListMatch.objects.count()
    vendor_proposals(edition(world, name="Sora Aircraft", country="JP"))
    assert ListMatch.objects.count() == before
