"""The steward's queue: what each claim changes, checking one or many, refusing with a reason."""

import re

from agencies.context import acting_as
from agencies.models import Person
from registry.models import Component, Vendor
from registry.services import add_vendor
from tests.web.pages import queries, shown, signed_in
from tests.worlds import World


def change_radio(world: World, by: Person, countries: list[str]) -> Component:
    with acting_as(by):
        Component.objects.filter(build=world.clean, role="radio").update(made_in=countries)
    return world.clean.components.get(role="radio")


def keys(page: str) -> list[str]:
    return re.findall(r'name="claim" value="([^"]+)"', page)


def test_a_claim_says_what_it_changes_and_by_whom(aiko: Person, goro: Person, world: World) -> None:
    change_radio(world, aiko, ["TW"])
    page = shown(signed_in(goro), "/catalogue/claims/", kind="components")
    assert "Aiko" in page
    assert "<del>Japan</del>" in page
    assert "<ins>Taiwan</ins>" in page


def test_two_changes_read_as_one_from_the_value_that_was_checked(
    aiko: Person, mika: Person, goro: Person, world: World
) -> None:
    change_radio(world, aiko, ["TW"])
    change_radio(world, mika, ["US"])
    page = shown(signed_in(goro), "/catalogue/claims/", kind="components")
    assert "<del>Japan</del>" in page
    assert "Taiwan" not in page


def test_many_are_checked_after_they_were_shown_again(
    aiko: Person, goro: Person, world: World
) -> None:
    radio = change_radio(world, aiko, ["TW"])
    with acting_as(aiko):
        Component.objects.filter(build=world.clean, role="camera").update(part="Other")
    client = signed_in(goro)
    ticked = keys(shown(client, "/catalogue/claims/", kind="components"))
    assert len(ticked) == 2
    preview = client.post("/catalogue/claims/check/", {"claim": ticked})
    assert preview.status_code == 200
    radio.refresh_from_db()
    assert radio.verified_by is None, "shown, not yet checked"
    again = keys(preview.content.decode())
    assert (
        client.post("/catalogue/claims/check/", {"claim": again, "confirmed": "yes"}).status_code
        == 302
    )
    radio.refresh_from_db()
    assert radio.verified_by == goro


def test_a_claim_that_changed_since_it_was_ticked_stops_them_all(
    aiko: Person, mika: Person, goro: Person, world: World
) -> None:
    radio = change_radio(world, aiko, ["TW"])
    client = signed_in(goro)
    ticked = keys(shown(client, "/catalogue/claims/", kind="components"))
    change_radio(world, mika, ["US"])
    answer = client.post("/catalogue/claims/check/", {"claim": ticked, "confirmed": "yes"})
    assert answer.status_code == 409
    radio.refresh_from_db()
    assert radio.verified_by is None


def test_a_steward_cannot_tick_their_own_claim(goro: Person, world: World) -> None:
    radio = change_radio(world, goro, ["TW"])
    client = signed_in(goro)
    page = shown(client, "/catalogue/claims/", kind="components")
    assert "your own" in page
    assert keys(page) == []
    forged = {"claim": [f"components:{radio.pk}:x"], "confirmed": "yes"}
    assert client.post("/catalogue/claims/check/", forged).status_code == 403


def test_a_refused_claim_leaves_the_queue_and_its_page_says_why(
    aiko: Person, goro: Person, world: World
) -> None:
    radio = change_radio(world, aiko, ["TW"])
    client = signed_in(goro)
    address = f"/components/{radio.pk}/refuse/"
    version = re.search(r'name="version" value="(\w+)"', shown(client, address))
    assert version
    given = {"version": version[1], "reason": "The letter names another radio."}
    assert client.post(address, given).status_code == 302
    assert keys(shown(client, "/catalogue/claims/", kind="components")) == []
    assert "The letter names another radio." in shown(client, f"/builds/{world.clean.pk}/")
    assert "Refused the component" in shown(client, f"/builds/{world.clean.pk}/history/")


def test_a_claim_is_not_refused_unseen_or_without_a_reason(
    aiko: Person, mika: Person, goro: Person, world: World
) -> None:
    radio = change_radio(world, aiko, ["TW"])
    client, address = signed_in(goro), f"/components/{radio.pk}/refuse/"
    version = re.search(r'name="version" value="(\w+)"', shown(client, address))
    assert version
    assert client.post(address, {"version": version[1], "reason": ""}).status_code == 422
    change_radio(world, mika, ["US"])
    assert client.post(address, {"version": version[1], "reason": "No."}).status_code == 409


def test_the_queue_takes_as_many_queries_for_twenty_claims_as_for_one(
    aiko: Person, goro: Person, world: World
) -> None:
    client, address = signed_in(goro), "/catalogue/claims/?kind=vendors"
    with acting_as(aiko):
        add_vendor(vendor=Vendor(name="Maker"), by=aiko)
    one = queries(client, address)
    with acting_as(aiko):
        for number in range(19):
            add_vendor(vendor=Vendor(name=f"Maker {number}"), by=aiko)
    assert queries(client, address) == one
