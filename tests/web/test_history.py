"""The audit trail on its page: everybody reads what they may see, and nothing else."""

from typing import Any

import pytest

from agencies.context import acting_as
from agencies.models import Person
from audit.models import Event
from registry.models import Build, Drone, Vendor
from tests.web.pages import queries, shown, signed_in
from tests.worlds import FOREST_SERIAL, SERIAL, World


def move(drone: Drone, by: Person, place: str) -> None:
    with acting_as(by):
        Drone.objects.visible_to(by).filter(pk=drone.pk).update(place=place)


def test_another_agencys_events_are_not_there_and_those_of_the_catalogue_are(
    aiko: Person, daisuke: Person, world: World
) -> None:
    move(world.patrol, aiko, "Pier 9")
    page = shown(signed_in(daisuke), "/history/")
    assert "Pier 9" not in page
    assert SERIAL not in page
    assert FOREST_SERIAL in page
    assert "Pier 9" in shown(signed_in(aiko), "/history/")
    vendors = {"kind": "registry_vendor"}
    assert "Recorded the vendor “Kite Works”." in shown(signed_in(daisuke), "/history/", **vendors)


def test_accounts_are_the_centres_own_history(daisuke: Person, iori: Person, world: World) -> None:
    people = {"kind": "agencies_person"}
    assert "Recorded the person" not in shown(signed_in(daisuke), "/history/", **people)
    assert "Recorded the person “Aiko”." in shown(signed_in(iori), "/history/", person="", **people)


def test_a_search_for_a_hidden_record_finds_what_a_search_for_nothing_finds(
    daisuke: Person, world: World
) -> None:
    client = signed_in(daisuke)
    hidden, nothing = (
        client.get("/history/", {"kind": "registry_drone", "record": record})
        for record in (str(world.patrol.pk), "none")
    )
    assert list(hidden.context["events"]) == list(nothing.context["events"]) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"person": "aiko"}, True),
        ({"person": "AIKO@test.example"}, True),
        ({"person": "ben"}, False),
        ({"kind": "registry_drone"}, True),
        ({"kind": "registry_vendor"}, False),
        ({"field": "registry_drone.place"}, True),
        ({"field": "registry_drone.status"}, False),
        ({"action": "update"}, True),
        ({"action": "delete"}, False),
        ({"since": "2020-01-01"}, True),
        ({"since": "2999-01-01"}, False),
        ({"until": "2020-01-01"}, False),
    ],
)
def test_events_are_found_by_person_kind_field_action_and_day(
    query: dict[str, Any], found: bool, aiko: Person, world: World
) -> None:
    move(world.patrol, aiko, "Pier 9")
    assert ("<ins>Pier 9</ins>" in shown(signed_in(aiko), "/history/", **query)) is found


def test_a_kind_that_does_not_exist_is_refused(aiko: Person, world: World) -> None:
    assert signed_in(aiko).get("/history/", {"kind": "auth_user"}).status_code == 422


def test_only_kinds_that_leave_events_are_offered(aiko: Person, world: World) -> None:
    choices = signed_in(aiko).get("/history/").context["filter"].form.fields["kind"].choices
    offered = {code for code, _ in choices}
    assert {"registry_drone", "procurement_purchase", "compliance_listmatch"} <= offered
    assert not {"compliance_standing", "compliance_ruleresult", "audit_event"} & offered


def test_a_change_of_the_catalogue_is_told_to_other_agencies_with_who_made_it(
    daisuke: Person, aiko: Person, world: World
) -> None:
    with acting_as(aiko):
        Vendor.objects.filter(pk=world.sora.pk).update(note="Seen at the fair")
    page = shown(signed_in(daisuke), "/history/", kind="registry_vendor")
    assert "<ins>Seen at the fair</ins>" in page
    assert "Aiko" in page


def test_a_check_is_told_as_one(goro: Person, world: World) -> None:
    with acting_as(goro):
        Build.objects.filter(pk=world.unknown.pk).update(verified_by=goro)
    page = shown(signed_in(goro), "/history/", kind="registry_build", action="update")
    assert "Checked the build “S-1 — configuration not known”." in page


def test_the_trail_is_read_page_by_page(aiko: Person, world: World) -> None:
    for number in range(60):
        move(world.patrol, aiko, f"Pier {number}")
    client = signed_in(aiko)
    query = {"kind": "registry_drone"}
    first = client.get("/history/", query)
    second = client.get("/history/", {**query, "after": first.context["page"].next})
    told = [*first.context["events"], *second.context["events"]]
    with acting_as(aiko):
        assert len(told) == Event.objects.filter(record_table="registry_drone").count() == 61
    assert [event.at for event in told] == sorted((event.at for event in told), reverse=True)


def test_the_trail_takes_as_many_queries_for_twenty_events_as_for_one(
    aiko: Person, world: World
) -> None:
    client, query = signed_in(aiko), "/history/?kind=registry_drone"
    move(world.patrol, aiko, "Pier 0")
    one = queries(client, query)
    for number in range(20):
        move(world.patrol, aiko, f"Pier {number + 1}")
    assert queries(client, query) == one
