"""Models, builds and components on pages; proposing a fact and checking it."""

import re

import pytest
from django.test.client import Client

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import refresh
from compliance.models import RuleResult
from registry.models import Component, DroneModel
from registry.services import add_model
from tests.people import Society
from tests.web.pages import Answer, queries, shown, signed_in
from tests.worlds import World, log
from web.editing import version_of


def radio(world: World) -> Component:
    return world.no_radio.components.get(role="radio")


def outcome(world: World) -> str:
    return RuleResult.objects.current().get(build=world.no_radio, rule=world.origin).outcome


def propose(client: Client, component: Component, **changes: object) -> Answer:
    form = {
        "part": component.part,
        "maker": str(component.maker or ""),
        "version": version_of(component),
        "made_in": "",
        "declaration": component.declaration_id,
        **changes,
    }
    return client.post(f"/components/{component.pk}/edit/", form)


def check(client: Client, world: World, kind: str, pk: int) -> Answer:
    """Press the button of the page that shows the fact."""
    page = shown(client, f"/builds/{world.no_radio.pk}/")
    form = re.search(rf'action="/{kind}/{pk}/verify/".*?name="seen" value="(\w+)"', page, re.DOTALL)
    seen = form[1] if form else ""
    return client.post(f"/{kind}/{pk}/verify/", {"seen": seen, "next": "/models/"})


def test_a_build_names_each_meaning_of_country_and_says_what_is_not_known(
    rin: Person, world: World
) -> None:
    page = shown(signed_in(rin), f"/builds/{world.no_radio.pk}/")
    assert page.count("Place of manufacture:") == 3
    assert "Place of final assembly:" in page
    radio_row = page.split('<th scope="row">Control radio')[1].split("</tr>")[0]
    assert "Unknown" in radio_row
    assert "Japan" not in radio_row


def test_the_pages_of_the_catalogue_count_only_what_the_reader_may_see(
    aiko: Person, daisuke: Person, chie: Person, society: Society, world: World
) -> None:
    log(society.tree.coast_guard, world.clean, "JCG-2")
    held = {
        person: re.findall(
            r"held=true\">(\d+)<", shown(signed_in(person), f"/builds/{world.clean.pk}/")
        )
        for person in (aiko, daisuke, chie)
    }
    assert held == {aiko: ["2"], daisuke: ["1"], chie: ["3"]}


def test_a_count_opens_the_list_it_counts(aiko: Person, society: Society, world: World) -> None:
    log(society.tree.coast_guard, world.clean, "JCG-2")
    log(society.tree.coast_guard, world.clean, "JCG-3", status="disposed")
    client = signed_in(aiko)
    page = shown(client, f"/models/{world.clean.model_id}/")
    address, figure = re.findall(r'href="(/drones/\?build=\d+&amp;held=true)">(\d+)<', page)[1]
    rows = client.get(address.replace("&amp;", "&")).context["rows"]
    assert len(rows) == int(figure) == 2


def test_a_model_is_found_by_its_maker(rin: Person, world: World) -> None:
    page = shown(signed_in(rin), "/models/", q="kite")
    assert "K-9" in page
    assert "S-1" not in page


def test_what_a_member_proposes_is_a_claim_until_another_has_checked_it(
    aiko: Person, goro: Person, world: World
) -> None:
    refresh([world.no_radio.pk])
    assert outcome(world) == "unknown"
    assert propose(signed_in(aiko), radio(world), made_in="japan").status_code == 302
    claimed = radio(world)
    assert (claimed.made_in, claimed.claimed_by, claimed.verified_by) == (["JP"], aiko, None)
    assert outcome(world) == "unknown"
    answer = check(signed_in(goro), world, "components", claimed.pk)
    assert answer["location"] == "/models/"
    assert radio(world).verified_by == goro
    assert outcome(world) == "pass"


def test_a_country_that_does_not_exist_is_named_in_the_error(aiko: Person, world: World) -> None:
    answer = propose(signed_in(aiko), radio(world), made_in="JP, Atlantis")
    assert answer.status_code == 422
    assert "No country is known by the code or name “Atlantis”." in answer.content.decode()
    assert radio(world).made_in is None


def test_a_country_is_understood_by_its_japanese_name(aiko: Person, world: World) -> None:
    propose(signed_in(aiko), radio(world), made_in="日本、US")
    assert radio(world).made_in == ["JP", "US"]


def test_a_steward_does_not_check_what_they_claimed(goro: Person, world: World) -> None:
    client = signed_in(goro)
    propose(client, radio(world), made_in="JP")
    answer = client.post(f"/components/{radio(world).pk}/verify/", {"seen": "anything"})
    assert answer.status_code == 403
    assert "checked by somebody who did not claim it" in answer.content.decode()
    assert radio(world).verified_by is None


def test_only_a_steward_checks(aiko: Person, chie: Person, world: World) -> None:
    propose(signed_in(aiko), radio(world), made_in="JP")
    answer = signed_in(chie).post(f"/components/{radio(world).pk}/verify/", {"seen": "anything"})
    assert answer.status_code == 403
    assert radio(world).verified_by is None


def test_a_fact_changed_after_the_page_was_opened_is_not_checked_unseen(
    aiko: Person, mika: Person, goro: Person, world: World
) -> None:
    propose(signed_in(aiko), radio(world), made_in="JP")
    steward = signed_in(goro)
    page = shown(steward, f"/builds/{world.no_radio.pk}/")
    pk = radio(world).pk
    seen = re.search(rf'"/components/{pk}/verify/".*?name="seen" value="(\w+)"', page, re.DOTALL)
    assert seen
    propose(signed_in(mika), radio(world), made_in="CN")
    answer = steward.post(f"/components/{pk}/verify/", {"seen": seen[1]})
    assert answer.status_code == 409
    assert "was changed after you opened the page" in answer.content.decode()
    assert radio(world).verified_by is None


def test_a_check_does_not_lead_to_another_site(goro: Person, aiko: Person, world: World) -> None:
    propose(signed_in(aiko), radio(world), made_in="JP")
    steward = signed_in(goro)
    page = shown(steward, f"/builds/{world.no_radio.pk}/")
    pk = radio(world).pk
    seen = re.search(rf'"/components/{pk}/verify/".*?name="seen" value="(\w+)"', page, re.DOTALL)
    assert seen
    away = {"seen": seen[1], "next": "https://elsewhere.example/"}
    assert steward.post(f"/components/{pk}/verify/", away)["location"] == "/"


def test_the_history_of_a_build_tells_of_its_parts(aiko: Person, world: World) -> None:
    client = signed_in(aiko)
    propose(client, radio(world), made_in="JP")
    page = shown(client, f"/builds/{world.no_radio.pk}/history/")
    assert "Changed the component “S-1 — Long range · Control radio: Control radio”." in page
    assert "<ins>Japan</ins>" in page


@pytest.mark.parametrize("tab", ["", "results/", "history/"])
def test_a_build_takes_as_many_queries_for_twenty_parts_as_for_three(
    tab: str, rin: Person, world: World
) -> None:
    refresh([world.clean.pk])
    client, address = signed_in(rin), f"/builds/{world.clean.pk}/{tab}"
    few = queries(client, address)
    with acting_as(None):
        Component.objects.bulk_create(
            Component(build=world.clean, role="sensor", maker=world.kite, declaration=world.paper)
            for _ in range(17)
        )
    assert queries(client, address) == few


def test_the_list_of_models_takes_as_many_queries_for_twenty_as_for_two(
    rin: Person, world: World
) -> None:
    client = signed_in(rin)
    few = queries(client, "/models/")
    with acting_as(None):
        for number in range(18):
            add_model(model=DroneModel(manufacturer=world.kite, name=f"K-{number + 20}"), by=None)
    assert queries(client, "/models/") == few


@pytest.mark.parametrize("address", ["/models/0/", "/builds/0/", "/builds/0/results/"])
def test_what_does_not_exist_is_not_found(address: str, rin: Person, world: World) -> None:
    assert signed_in(rin).get(address).status_code == 404
