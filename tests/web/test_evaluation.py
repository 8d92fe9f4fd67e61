"""When results were evaluated, whether newer facts wait, and evaluating one build at once; why something was not flagged."""

from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import refresh
from compliance.models import RuleResult
from policy.list_formats.entries import EntryRow
from policy.models import ReferenceList
from policy.services import record_edition
from registry.models import Build, Component, Drone
from tests.compliance.test_rulebooks import enact
from tests.people import People, Society
from tests.web.pages import shown, signed_in
from tests.worlds import World, draft
from web.results import results_of

pytestmark = pytest.mark.django_db
FACTS = "Newer facts wait"
RULES = "Newer rules or lists wait"
WHY_NOT = "Why was this not flagged, and what would be"
STANDING = "The standing is not up to date"


def move_a_part(world: World) -> None:
    """As an import or a statement of SQL would do it: nobody evaluates afterwards."""
    with acting_as(None, reason="test"):
        Component.objects.filter(build=world.clean, role="camera").update(made_in=["CN"])


def test_a_build_never_evaluated_says_so(aiko: Person, world: World) -> None:
    page = shown(signed_in(aiko), f"/builds/{world.clean.pk}/results/")
    assert "Not evaluated yet" in page
    assert "Evaluate now" in page
    assert FACTS not in page


@pytest.mark.parametrize("tab", ["", "results/", "components/"])
def test_wherever_a_standing_stands_it_says_when_it_was_evaluated(
    aiko: Person, world: World, tab: str
) -> None:
    address = f"/drones/{world.patrol.pk}/{tab}"
    assert "<small>Evaluated at" not in shown(signed_in(aiko), address)
    refresh([world.clean.pk])
    page = shown(signed_in(aiko), address)
    assert "<small>Evaluated at" in page


def test_a_build_says_when_it_was_evaluated_on_each_of_its_pages(
    aiko: Person, world: World
) -> None:
    refresh([world.clean.pk])
    for tab in ("", "results/", "history/"):
        page = shown(signed_in(aiko), f"/builds/{world.clean.pk}/{tab}")
        assert "<small>Evaluated at" in page


def test_newer_facts_are_announced_and_evaluated_at_once_by_who_asks(
    aiko: Person, world: World
) -> None:
    refresh([world.clean.pk])
    client, address = signed_in(aiko), f"/builds/{world.clean.pk}/results/"
    assert FACTS not in shown(client, address)
    move_a_part(world)
    assert FACTS in shown(client, address)
    assert FACTS in shown(client, f"/drones/{world.patrol.pk}/results/")
    answer = client.post(f"/builds/{world.clean.pk}/evaluate/")
    assert answer.headers["Location"] == address
    page = shown(client, address)
    assert FACTS not in page
    assert "The build was evaluated on the facts and rules as they are now." in page
    assert RuleResult.objects.current().filter(build=world.clean, outcome="fail").exists()


def test_newer_lists_are_announced(aiko: Person, world: World) -> None:
    refresh([world.clean.pk])
    with acting_as(None, reason="test"):
        rows = [EntryRow(row=1, name="RU", key="RU", country="RU")]
        record_edition(of=world.concern, edition=timezone.localdate(), rows=rows)
    page = shown(signed_in(aiko), f"/builds/{world.clean.pk}/results/")
    assert RULES in page
    assert FACTS not in page


def test_a_list_that_no_rule_names_is_waited_for_by_nobody(aiko: Person, world: World) -> None:
    refresh([world.clean.pk])
    with acting_as(None, reason="test"):
        unused = ReferenceList.objects.create(code="unused", kind="entities", name_en="Unused")
        rows = [EntryRow(row=1, name="Somebody", key="somebody")]
        record_edition(of=unused, edition=timezone.localdate(), rows=rows)
    page = shown(signed_in(aiko), f"/builds/{world.clean.pk}/results/")
    assert RULES not in page


def test_what_was_changed_about_an_aircraft_alone_is_announced_on_its_page(
    aiko: Person, world: World
) -> None:
    with acting_as(None, reason="test"):
        Drone.objects.unscoped(reason="test").filter(pk=world.patrol.pk).update(
            build=world.listed, missions=["rescue"]
        )
    refresh([world.clean.pk])
    refresh([world.listed.pk])
    client, address = signed_in(aiko), f"/drones/{world.patrol.pk}/results/"
    assert STANDING not in shown(client, address)
    with acting_as(None, reason="test"):
        Drone.objects.unscoped(reason="test").filter(pk=world.patrol.pk).update(
            missions=["training"]
        )
    page = shown(client, address)
    assert STANDING in page
    assert FACTS not in page
    answer = client.post(f"/builds/{world.listed.pk}/evaluate/", {"drone": str(world.patrol.pk)})
    assert answer.headers["Location"] == address
    assert STANDING not in shown(client, address)


def test_an_aircraft_of_others_is_not_led_back_to(aiko: Person, world: World) -> None:
    answer = signed_in(aiko).post(
        f"/builds/{world.clean.pk}/evaluate/", {"drone": str(world.timber.pk)}
    )
    assert answer.headers["Location"] == f"/builds/{world.clean.pk}/results/"


def test_who_only_reads_is_offered_no_button_and_told_why(rin: Person, world: World) -> None:
    client = signed_in(rin)
    refresh([world.clean.pk])
    assert "Evaluate now" not in shown(client, f"/builds/{world.clean.pk}/results/")
    answer = client.post(f"/builds/{world.clean.pk}/evaluate/")
    assert answer.status_code == 403
    assert "Evaluating is for those who work with the results." in answer.content.decode()


def test_a_rule_in_force_says_how_many_builds_wait_for_it(aiko: Person, world: World) -> None:
    refresh([world.clean.pk, world.listed.pk])
    page = shown(signed_in(aiko), f"/rules/{world.origin.pk}/")
    assert "Evaluated at" in page
    builds = Build.objects.count()
    assert f"{builds - 2} of {builds} builds wait to be evaluated" in page


def said_of_passes(page: str, world: World, answers: int = 1) -> None:
    """Each rule that is met can be opened: why it flagged nothing, and what would make it."""
    found = results_of(world.clean, timezone.localdate()).explanations
    met = [each for each in found if each.outcome == "pass"]
    assert {each.key.rpartition("/")[2] for each in met} == {"origin", "listed_party"}
    for each in met:
        for sentence in (each.answer, *each.changes, *each.used, *each.lists):
            assert escape(sentence) in page, sentence
    assert page.count(WHY_NOT) == len(met) * answers


def test_why_a_rule_flagged_nothing_stands_on_the_page_of_the_build(
    aiko: Person, world: World
) -> None:
    refresh([world.clean.pk])
    said_of_passes(shown(signed_in(aiko), f"/builds/{world.clean.pk}/results/"), world)


def test_why_a_rule_flagged_nothing_stands_on_the_page_of_the_aircraft(
    aiko: Person, world: World
) -> None:
    refresh([world.clean.pk])
    said_of_passes(shown(signed_in(aiko), f"/drones/{world.patrol.pk}/results/"), world)


def test_why_a_rule_flagged_nothing_stands_on_the_pages_of_a_purchase(
    aiko: Person, chie: Person, society: Society, world: World
) -> None:
    refresh([world.clean.pk])
    purchase = draft(aiko, society.tree.coast_guard, world.clean)
    client = signed_in(aiko)
    said_of_passes(shown(client, f"/purchases/{purchase.pk}/"), world)
    assert "at this moment, for this page" in shown(client, f"/purchases/{purchase.pk}/")
    client.post(f"/purchases/{purchase.pk}/submit/", _seen(client, purchase.pk))
    for reader, address in ((aiko, "purchases"), (chie, "reviews")):
        page = shown(signed_in(reader), f"/{address}/{purchase.pk}/")
        said_of_passes(page, world)
        assert "Evaluated at" in page
        assert "at this moment, for this page" not in page


def _seen(client: Client, pk: UUID) -> dict[str, object]:
    """What the form of the step carries."""
    return dict(client.get(f"/purchases/{pk}/submit/").context["form"].initial)


def test_a_rule_on_certificates_leaves_the_result_of_a_build_as_it_is(
    aiko: Person, world: World, people: People
) -> None:
    enact(people, criterion={"kind": "certificate", "certificates": ["registration"]})
    refresh([world.clean.pk])
    client = signed_in(aiko)
    page = client.get(f"/builds/{world.clean.pk}/results/")
    assert page.context["worst"].outcome == "pass"
    last = page.context["results"].explanations[-1]
    assert (last.outcome, last.of_each_aircraft) == ("unknown", True)
    assert "This rule asks for papers of each aircraft." in page.content.decode()
    assert "This rule asks for papers" not in shown(client, f"/drones/{world.patrol.pk}/results/")
