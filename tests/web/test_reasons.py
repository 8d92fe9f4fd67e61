"""Wherever a result stands in a table, its reason stands there too, as a sentence in the reader's language."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import assess_builds
from compliance.models import ListMatch
from procurement.states import Action
from tests.people import People, Tree
from tests.procurement.test_available import take
from tests.web.pages import queries, shown, signed_in
from tests.worlds import SERIAL, World, draft, log, publish

WHY = re.compile(r'<details class="why">(.*?)</details>', re.DOTALL)


def reasons(client: Client, address: str, language: str = "en") -> list[str]:
    """What folds out of the cells of the page."""
    page = client.get(address, headers={"accept-language": language})
    assert page.status_code == 200
    return WHY.findall(page.content.decode())


@pytest.fixture
def fleet(world: World, tree: Tree) -> World:
    """An aircraft that is on the ground by a rule, besides those that are clear."""
    log(tree.coast_guard, world.listed, "KITE-1", missions=["rescue"])
    assess_builds()
    return world


def test_the_list_of_aircraft_says_by_which_rule_and_why_one_may_not_fly(
    fleet: World, rin: Person
) -> None:
    (said,) = reasons(signed_in(rin), "/drones/?q=KITE-1")
    assert fleet.origin.clause_en in said or fleet.listed_party.clause_en in said
    assert "Fails: " in said
    assert "Kite" in said
    assert 'class="visually-hidden"> KITE-1' in said


def test_the_reason_is_that_of_the_day_that_the_list_is_asked_for(
    fleet: World, rin: Person
) -> None:
    """From a day to come the list of jurisdictions names Japan alone."""
    later = timezone.localdate() + timedelta(days=30)
    with acting_as(None):
        publish(fleet.concern, later, {"JP": "Japan"})
    assess_builds()
    client, address = signed_in(rin), f"/drones/?q={SERIAL}"
    assert reasons(client, address) == []
    (said,) = reasons(client, f"{address}&on={later}")
    assert "Fails: " in said
    assert "Japan" in said


def test_an_aircraft_that_is_clear_needs_no_reason(fleet: World, rin: Person) -> None:
    assert reasons(signed_in(rin), f"/drones/?build={fleet.clean.pk}") == []


@pytest.mark.parametrize("address", ["/builds/", "/models/{model}/", "/rules/{rule}/results/"])
@pytest.mark.parametrize(("language", "answer"), [("en", "Fails: "), ("ja", "不適合です。")])
def test_tables_of_builds_say_why_in_the_language_of_the_reader(
    address: str, language: str, answer: str, fleet: World, rin: Person
) -> None:
    where = address.format(model=fleet.listed.model_id, rule=fleet.listed_party.pk)
    assert any(answer in each for each in reasons(signed_in(rin), where, language))


def test_of_many_results_of_a_build_the_worst_is_shown_and_explained(
    world: World, rin: Person, goro: Person
) -> None:
    """Its first rule is met, the second is not: the maker was listed meanwhile."""
    today = timezone.localdate()
    with acting_as(None):
        publish(world.companies, today, {"sora": "SORA AIRCRAFT K.K."})
        ListMatch.objects.create(
            list=world.companies,
            entry_key="sora",
            vendor=world.sora,
            decision=ListMatch.Decision.SAME,
            reason="Same seat.",
            decided_by=goro,
            decided_on=today,
        )
    assess_builds()
    page = shown(signed_in(rin), f"/models/{world.clean.model_id}/")
    row = page.split(f'href="/builds/{world.clean.pk}/"')[1].split("</tr>")[0]
    assert world.listed_party.clause_en in row
    assert "SORA AIRCRAFT K.K." in row


def test_a_build_that_passes_is_not_explained_in_a_table(fleet: World, rin: Person) -> None:
    page = shown(signed_in(rin), f"/models/{fleet.clean.model_id}/")
    row = page.split(f'href="/builds/{fleet.clean.pk}/"')[1].split("</tr>")[0]
    assert "why" not in row


def test_the_line_of_a_purchase_says_why_its_build_is_flagged(
    fleet: World, tree: Tree, people: People
) -> None:
    purchase = draft(people.aiko, tree.coast_guard, fleet.listed)
    take(purchase, Action.SUBMIT, people.aiko)
    said = reasons(signed_in(people.ben), f"/purchases/{purchase.pk}/")
    assert any("Fails: " in each for each in said)


def test_the_reasons_of_a_list_take_one_query_however_many_there_are(
    fleet: World, tree: Tree, rin: Person
) -> None:
    client = signed_in(rin)
    few = queries(client, "/drones/")
    for number in range(2, 8):
        log(tree.coast_guard, fleet.listed, f"KITE-{number}", missions=["rescue"])
    assess_builds()
    assert len(reasons(client, "/drones/")) == 7
    assert queries(client, "/drones/") == few
