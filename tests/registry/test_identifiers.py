"""Numbers of vendors in registers: form, check digits, and each given once."""

import pytest
from django.core.exceptions import ValidationError

from agencies.context import acting_as
from agencies.models import Person
from registry.models import VendorIdentifier
from registry.proposals import propose
from tests.worlds import World


def record(world: World, scheme: str, value: str, by: Person | None = None) -> VendorIdentifier:
    identifier = VendorIdentifier(vendor=world.sora, scheme=scheme, value=value)
    with acting_as(by):
        propose(identifier, by)
    return identifier


@pytest.mark.parametrize(
    ("scheme", "value", "stored"),
    [
        ("lei", " 213800KUD8LAJWSQ9D15 ", "213800KUD8LAJWSQ9D15"),
        ("jp-jcn", "7000012050002", "7000012050002"),
        ("us-uei", "ynduzmuzf8h8", "YNDUZMUZF8H8"),
        ("cage", "1rkn5", "1RKN5"),
        ("duns", "69-054-9662", "690549662"),
        ("cn-uscc", "91110000600037341L", "91110000600037341L"),
        ("fr-siren", "552 008 443", "552008443"),
    ],
)
def test_a_number_is_stored_as_its_register_writes_it(
    scheme: str, value: str, stored: str, world: World, aiko: Person
) -> None:
    assert record(world, scheme, value, aiko).value == stored


@pytest.mark.parametrize(
    ("scheme", "value", "why"),
    [
        ("lei", "213800KUD8LXJWSQ9D15", "check digits do not fit"),
        ("jp-jcn", "2835678256246", "check digits do not fit"),
        ("jp-jcn", "700001205000", "13 digits"),
        ("us-uei", "05L4T8CUYC68", "Unique Entity ID"),
        ("cage", "1OKN5", "without I and O"),
        ("duns", "12345678", "nine digits"),
        ("cn-uscc", "91110000600037341A", "check digits do not fit"),
        ("fr-siren", "552008444", "check digits do not fit"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(
    scheme: str, value: str, why: str, world: World
) -> None:
    with pytest.raises(ValidationError, match=why):
        record(world, scheme, value)
    assert not VendorIdentifier.objects.exists()


def test_two_vendors_do_not_share_a_number(world: World) -> None:
    record(world, "duns", "690549662")
    with pytest.raises(ValidationError, match="with this identifier is already recorded"):
        propose(
            VendorIdentifier(vendor=world.kite, scheme="duns", value="69 0549662".replace(" ", "")),
            None,
        )


def test_a_number_is_a_claim_until_another_has_checked_it(world: World, aiko: Person) -> None:
    stored = record(world, "cage", "1RKN5", aiko)
    assert (stored.claimed_by, stored.verified_by, stored.waits_for_check) == (aiko, None, True)
