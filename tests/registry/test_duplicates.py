"""Vendors that may be recorded twice are suggested with the reason, and never merged by themselves."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.context import acting_as
from agencies.models import Person
from registry.duplicates import (
    ALIKE_NAME,
    LOOK_ALIKE,
    SAME_NAME,
    SAME_NUMBER,
    called_like,
    keep_apart,
    suggestions,
)
from registry.models import Vendor
from registry.services import add_vendor
from tests.web.pages import queries, signed_in
from tests.worlds import World


def another(name: str) -> Vendor:
    with acting_as(None):
        return add_vendor(vendor=Vendor(name=name), by=None)


def reasons(vendor: Vendor | None = None) -> list[tuple[str, str, object]]:
    return [(each.one.name, each.other.name, each.reasons[0].kind) for each in suggestions(vendor)]


def test_vendors_of_different_names_are_not_suggested(world: World) -> None:
    assert reasons() == []


@pytest.mark.parametrize(
    "name", ["SORA AIRCRAFT Co., Ltd.", "Sora-Aircraft Inc.", "ＳＯＲＡ aircraft"]
)
def test_the_same_name_in_another_spelling_is_suggested(name: str, world: World) -> None:
    another(name)
    assert reasons() == [("Sora Aircraft", name, SAME_NAME)]


def test_a_name_with_letters_of_another_script_is_told_apart_from_the_same_name(
    world: World,
) -> None:
    disguised = "S\u043era Aircraft"
    another(disguised)
    assert reasons() == [("Sora Aircraft", disguised, LOOK_ALIKE)]


def test_one_number_under_two_schemes_is_the_best_reason(world: World) -> None:
    other = another("Aozora Works")
    with acting_as(None):
        world.sora.identifiers.create(scheme="duns", value="552008443")
        other.identifiers.create(scheme="fr-siren", value="552008443")
        another("Kite Works Ltd.")
    assert [kind for _one, _other, kind in reasons()] == [SAME_NUMBER, SAME_NAME]


def test_similar_names_are_suggested_for_one_vendor_alone(world: World) -> None:
    other = another("Sora Aircrafts")
    assert reasons() == []
    assert reasons(other) == [("Sora Aircraft", "Sora Aircrafts", ALIKE_NAME)]


def test_what_a_steward_called_different_is_not_suggested_again(world: World, goro: Person) -> None:
    other = another("Sora Aircraft Ltd.")
    with acting_as(goro):
        keep_apart(one=other, other=world.sora, reason="Another register.", by=goro)
    assert reasons() == []
    with acting_as(goro), pytest.raises(ValidationError, match="already recorded"):
        keep_apart(one=world.sora, other=other, reason="Again.", by=goro)


def test_only_a_steward_calls_them_different(world: World, aiko: Person) -> None:
    with acting_as(aiko), pytest.raises(PermissionDenied):
        keep_apart(one=world.kite, other=world.sora, reason="No.", by=aiko)


def test_a_merged_record_is_no_duplicate_any_more(world: World) -> None:
    other = another("Sora Aircraft Ltd.")
    with acting_as(None):
        Vendor.objects.filter(pk=other.pk).update(merged_into=world.sora)
    assert reasons() == []
    assert called_like(["sora aircraft"]) == [world.sora]


def test_the_page_takes_as_many_queries_for_twenty_pairs_as_for_one(
    world: World, rin: Person
) -> None:
    another("Sora Aircraft Ltd.")
    client = signed_in(rin)
    one = queries(client, "/catalogue/duplicates/")
    for number in range(19):
        another(f"Maker {number}")
        another(f"Maker {number} Inc.")
    assert queries(client, "/catalogue/duplicates/") == one
