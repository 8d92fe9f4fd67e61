"""Vendors on pages: who they are, who owns whom, what they make, where they are listed."""

from decimal import Decimal

import pytest

from agencies.context import acting_as
from agencies.models import Person
from registry.models import OwnershipLink, Vendor
from registry.services import add_vendor
from tests.web.pages import queries, shown, signed_in
from tests.worlds import World
from web.vendors import share_text


def own(holder: Vendor, subject: Vendor, low: str | None, high: str | None) -> OwnershipLink:
    with acting_as(None):
        return OwnershipLink.objects.create(
            holder=holder,
            subject=subject,
            kind="shareholding",
            share_min=None if low is None else Decimal(low),
            share_max=None if high is None else Decimal(high),
        )


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("51", "51", "51 %"),
        ("10.5", "20", "10.5 to 20 %"),
        ("50", None, "at least 50 %"),
        (None, "100", "at most 100 %"),
        (None, None, ""),
    ],
)
def test_a_share_reads_as_what_is_known_of_it(low: str | None, high: str | None, text: str) -> None:
    link = OwnershipLink(
        share_min=None if low is None else Decimal(low),
        share_max=None if high is None else Decimal(high),
    )
    assert share_text(link) == text


def test_an_ownership_link_is_shown_at_both_its_ends(rin: Person, world: World) -> None:
    own(world.kite, world.sora, "10", "20")
    client = signed_in(rin)
    above, below = (shown(client, f"/vendors/{each.pk}/") for each in (world.sora, world.kite))
    assert "stands above" in above
    assert "10 to 20 %" in above
    assert "stands below" in below
    assert "Asserted" in below


def test_a_vendor_without_links_is_not_called_independent(rin: Person, world: World) -> None:
    page = shown(signed_in(rin), f"/vendors/{world.sora.pk}/")
    assert "That is not the same as being independent." in page


def test_a_vendor_shows_which_list_names_it_and_who_decided_so(rin: Person, world: World) -> None:
    client = signed_in(rin)
    listed = shown(client, f"/vendors/{world.kite.pk}/")
    assert "1 entry names it" in listed
    assert "Companies of concern" in listed
    assert "Goro" in listed
    assert "No entry is known to name it" in shown(client, f"/vendors/{world.sora.pk}/")


def test_a_vendor_shows_its_models_and_the_builds_with_its_parts(rin: Person, world: World) -> None:
    page = shown(signed_in(rin), f"/vendors/{world.sora.pk}/products/")
    assert f"/models/{world.clean.model_id}/" in page
    assert f"/builds/{world.no_radio.pk}/" in page
    assert f"/builds/{world.listed.pk}/" not in page


@pytest.mark.parametrize("text", ["空航空", "sora", "ＳＯＲＡ"])
def test_a_vendor_is_found_by_any_of_its_names(text: str, rin: Person, world: World) -> None:
    page = shown(signed_in(rin), "/vendors/", q=text)
    assert f"/vendors/{world.sora.pk}/" in page
    assert f"/vendors/{world.kite.pk}/" not in page


def test_the_history_of_a_vendor_tells_of_its_links_and_matches(rin: Person, world: World) -> None:
    own(world.kite, world.sora, "10", "20")
    page = shown(signed_in(rin), f"/vendors/{world.kite.pk}/history/")
    assert "Recorded the ownership link “Kite Works → Sora Aircraft”." in page
    assert "Recorded the match “kite works = Kite Works”." in page


@pytest.mark.parametrize("tab", ["", "products/", "history/"])
def test_a_vendor_takes_as_many_queries_for_twenty_links_as_for_one(
    tab: str, rin: Person, world: World
) -> None:
    client, address = signed_in(rin), f"/vendors/{world.kite.pk}/{tab}"
    own(world.kite, world.sora, None, None)
    one = queries(client, address)
    with acting_as(None):
        others = [add_vendor(vendor=Vendor(name=f"Subsidiary {n}"), by=None) for n in range(19)]
    for other in others:
        own(world.kite, other, "60", None)
    assert queries(client, address) == one


def test_the_list_of_vendors_takes_as_many_queries_for_twenty_as_for_two(
    rin: Person, world: World
) -> None:
    client = signed_in(rin)
    few = queries(client, "/vendors/")
    with acting_as(None):
        for number in range(18):
            add_vendor(vendor=Vendor(name=f"Maker {number}"), by=None)
    assert queries(client, "/vendors/") == few
