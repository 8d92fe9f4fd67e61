"""Merging on pages: a preview of everything that moves, the merge, and where the old address leads."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.context import acting_as
from agencies.models import Person
from compliance.merging import merge, merger
from registry.models import Component, Vendor
from registry.services import add_vendor
from tests.web.pages import shown, signed_in
from tests.worlds import World


@pytest.fixture
def double(world: World) -> Vendor:
    with acting_as(None):
        vendor = add_vendor(vendor=Vendor(name="Sora Aircraft K.K."), by=None)
        Component.objects.create(build=world.listed, role="battery", maker=vendor)
    return vendor


def test_the_preview_shows_what_moves_and_moves_nothing(
    goro: Person, world: World, double: Vendor
) -> None:
    page = shown(signed_in(goro), f"/vendors/{double.pk}/merge/", into=f"#{world.sora.pk}")
    assert "K-9 — Standard · Battery" in page
    assert "Merge now" in page
    assert Component.objects.filter(maker=double).exists()


def test_a_merge_moves_what_was_shown_and_the_old_address_leads_on(
    goro: Person, world: World, double: Vendor
) -> None:
    client = signed_in(goro)
    page = shown(client, f"/vendors/{double.pk}/merge/", into=f"#{world.sora.pk}")
    seen = re.search(r'name="seen" value="(\w{32})"', page)
    assert seen
    given = {"into": f"#{world.sora.pk}", "seen": seen[1]}
    answer = client.post(f"/vendors/{double.pk}/merge/", given)
    assert answer["location"] == f"/vendors/{world.sora.pk}/"
    for tab in ("", "products/", "history/"):
        old = client.get(f"/vendors/{double.pk}/{tab}")
        assert (old.status_code, old["location"]) == (302, f"/vendors/{world.sora.pk}/{tab}")
    assert client.get(f"/vendors/{double.pk}/edit/").status_code == 404
    found = shown(client, "/vendors/", q="Sora Aircraft K.K.")
    assert f"/vendors/{world.sora.pk}/" in found
    assert f'"/vendors/{double.pk}/"' not in found
    told = client.get(f"/api/v1/vendors/{double.pk}/").json()
    assert told["merged_into"]["id"] == world.sora.pk
    listed = [each["id"] for each in client.get("/api/v1/vendors/").json()["results"]]
    assert double.pk not in listed


def test_a_merge_that_would_do_something_else_than_was_shown_is_refused(
    goro: Person, world: World, double: Vendor
) -> None:
    given = {"into": f"#{world.sora.pk}", "seen": "0" * 32}
    answer = signed_in(goro).post(f"/vendors/{double.pk}/merge/", given)
    assert answer.status_code == 409
    assert "has changed since you looked" in answer.content.decode()
    assert Vendor.objects.get(pk=double.pk).merged_into is None


def test_a_pair_that_is_different_is_recorded_with_the_reason(
    goro: Person, world: World, double: Vendor
) -> None:
    with acting_as(None):
        other = add_vendor(vendor=Vendor(name="Sora Aircraft Ltd."), by=None)
    client = signed_in(goro)
    assert f"/vendors/{world.sora.pk}/apart/{other.pk}/" in shown(client, "/catalogue/duplicates/")
    address = f"/vendors/{world.sora.pk}/apart/{other.pk}/"
    assert client.post(address, {"reason": "Another register."}).status_code == 302
    assert address not in shown(client, "/catalogue/duplicates/")


def test_files_and_notes_of_both_records_stand_on_the_one_that_stays(
    goro: Person, world: World, double: Vendor
) -> None:
    client = signed_in(goro)
    for vendor, word in ((world.sora, "kept"), (double, "merged")):
        address = f"/vendors/{vendor.pk}"
        client.post(f"{address}/notes/", {"text": f"A note on the {word} record"})
        upload = SimpleUploadedFile(f"{word}.txt", b"What it shows")
        assert client.post(f"{address}/files/", {"file": upload}).status_code == 302
    with acting_as(goro):
        planned = merger(kept=world.sora, gone=double, by=goro)
        merge(kept=world.sora, gone=double, seen=planned.digest, by=goro)
    notes = shown(client, f"/vendors/{world.sora.pk}/notes/")
    assert "A note on the kept record" in notes
    assert "A note on the merged record" in notes
    files = shown(client, f"/vendors/{world.sora.pk}/files/")
    assert "kept.txt" in files
    assert "merged.txt" in files
    tabs = {
        str(tab.label): tab.count
        for tab in client.get(f"/vendors/{world.sora.pk}/").context["tabs"]
    }
    assert (tabs["Files"], tabs["Notes"]) == (2, 2)
    (address,) = re.findall(r'href="(/files/[^"/]+/)">merged.txt', files)
    content: Any = client.get(address)
    assert b"".join(content.streaming_content) == b"What it shows"
    assert "merged.txt" not in shown(client, f"/vendors/{world.kite.pk}/files/")
