"""Waivers on pages: the list, one waiver, asking for one, deciding on one, and what other pages say of it."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import assess_builds
from compliance.models import Waiver, WaiverStep
from registry.models import Drone
from tests.compliance.waivers import ended, granted, in_days, requested, take, today
from tests.people import People, Society, Tree
from tests.web.pages import Answer, queries, shown, signed_in
from tests.worlds import World, draft, log


@pytest.fixture
def kite(world: World, tree: Tree) -> Drone:
    """An aircraft of the listed build at the Coast Guard: on the ground."""
    drone = log(tree.coast_guard, world.listed, "KITE-1", missions=["rescue"])
    assess_builds()
    return drone


@pytest.fixture
def waiting(world: World, tree: Tree, aiko: Person) -> Waiver:
    return requested(aiko, tree.coast_guard, world, conditions="Flown without a network.")


def form(world: World, tree: Tree, **changes: Any) -> dict[str, Any]:
    """A request that can be stored as it is."""
    return {
        "key": str(uuid4()),
        "agency": tree.coast_guard.pk,
        "kind": "waiver",
        "rules": [world.origin.pk, world.listed_party.pk],
        "builds": [world.listed.pk],
        "missions": ["rescue"],
        "valid_from": today().isoformat(),
        "valid_until": in_days(30).isoformat(),
        "reason": "No other aircraft carries the lamp.",
        "conditions": "",
        **changes,
    }


def waivers() -> list[Waiver]:
    with acting_as(None):
        return list(Waiver.objects.unscoped(reason="test"))


def post(client: Client, waiver: Waiver, step: str, **more: Any) -> Answer:
    """The step as the page would send it, by somebody who has seen what there is now."""
    (now,) = (each for each in waivers() if each.pk == waiver.pk)
    given = {"seen": now.decisions_made, "reason": "Considered.", **more}
    return client.post(f"/waivers/{waiver.pk}/{step}/", given)


# The list


def test_the_list_shows_the_waivers_that_concern_the_readers_agencies(
    world: World, tree: Tree, people: People
) -> None:
    own = requested(people.aiko, tree.coast_guard, world)
    above = requested(people.hana, tree.mlit, world)
    foreign = requested(people.daisuke, tree.forestry, world)
    text = shown(signed_in(people.rin), "/waivers/")
    assert [str(each) in text for each in (own, above, foreign)] == [True, True, False]
    assert str(foreign) in shown(signed_in(people.chie), "/waivers/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "requested"}, {"requested"}),
        ({"state": ["requested", "ended"]}, {"requested", "ended"}),
        ({"state": "valid"}, {"long", "ending"}),
        ({"state": "ending"}, {"ending"}),
        ({"state": "ended"}, {"ended"}),
        ({"state": "upcoming"}, set()),
        ({"build": "listed"}, {"requested", "long", "ending", "aircraft"}),
        ({"build": "clean"}, {"ended"}),
        ({"rule": "origin"}, {"requested"}),
        ({"agency": "mlit"}, {"requested", "long", "ending", "aircraft", "ended"}),
        ({"agency": "rinya"}, {"long"}),
    ],
)
def test_a_filter_narrows_the_list_and_stands_there_as_a_sentence(
    query: dict[str, Any], found: set[str], kite: Drone, world: World, tree: Tree, people: People
) -> None:
    guard, origin = tree.coast_guard, [world.origin.pk]
    other = [world.listed_party.pk]
    made = {
        "requested": requested(people.aiko, guard, world, rules=origin),
        "long": granted(people, tree.centre, world, rules=other, valid_until=in_days(91)),
        "ending": granted(people, guard, world, rules=other, valid_until=in_days(90)),
        "ended": ended(
            granted(people, guard, world, rules=other, builds=[world.clean.pk]), people.chie
        ),
        "aircraft": requested(people.aiko, guard, world, rules=other, drones=[kite.pk]),
    }
    ids = {"listed": world.listed.pk, "clean": world.clean.pk, "origin": world.origin.pk}
    asked = {
        key: ids.get(value, value) if isinstance(value, str) else value
        for key, value in query.items()
    }
    if query == {"state": "requested"}:
        found = {"requested", "aircraft"}
    if query == {"state": ["requested", "ended"]}:
        found = {"requested", "aircraft", "ended"}
    text = shown(signed_in(people.chie), "/waivers/", **asked)
    assert {name for name, each in made.items() if str(each) in text} == found
    assert 'class="pill"' in text


def test_an_empty_list_says_why(aiko: Person) -> None:
    client = signed_in(aiko)
    assert "Nobody has asked for an exception" in shown(client, "/waivers/")
    assert "Remove all filters" in shown(client, "/waivers/", state="valid")
    answer = client.get("/waivers/", {"state": "no-such"})
    assert answer.status_code == 422


def test_the_list_asks_as_often_for_many_waivers_as_for_one(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    client = signed_in(people.aiko)
    requested(people.aiko, tree.coast_guard, world)
    requested(people.aiko, tree.coast_guard, world, drones=[kite.pk])
    one = queries(client, "/waivers/")
    for _ in range(3):
        requested(people.aiko, tree.coast_guard, world)
        requested(people.aiko, tree.coast_guard, world, drones=[kite.pk])
    assert queries(client, "/waivers/") == one


def test_the_list_goes_out_as_a_file_with_names_and_the_state_of_today(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    granted(people, tree.coast_guard, world, reason="Lamp.")
    requested(people.aiko, tree.coast_guard, world, drones=[kite.pk], missions=["rescue"])
    answer = signed_in(people.aiko).get("/waivers/export/csv/?state=valid")
    text = b"".join(answer).decode("utf-8-sig")
    (row,) = [line for line in text.splitlines() if "W-" in line]
    for words in ("Policy of the tests 1 origin", "K-9", "valid", "Lamp.", "Hana"):
        assert words in row


# One waiver


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Waiver", "Flown without a network.", "every mission", "Ground now", "Waived"]),
        ("ja", ["適用除外", "Flown without a network.", "すべての業務区分", "適用除外がない場合"]),
    ],
)
def test_the_page_says_what_it_covers_and_what_would_be_without_it(
    language: str, words: list[str], kite: Drone, waiting: Waiver, aiko: Person
) -> None:
    text = shown(signed_in(aiko, language=language), f"/waivers/{waiting.pk}/")
    assert [word for word in words if word not in text] == []
    assert "&lt;" not in text


def test_the_page_counts_the_aircraft_that_the_reader_may_see_and_opens_their_list(
    kite: Drone, world: World, tree: Tree, people: People
) -> None:
    log(tree.forestry, world.listed, "FOREST-KITE", missions=["rescue"])
    waiver = granted(people, tree.centre, world)
    for person, expected in ((people.rin, ["KITE-1"]), (people.chie, ["KITE-1", "FOREST-KITE"])):
        client = signed_in(person)
        context = client.get(f"/waivers/{waiver.pk}/").context
        assert [(e.without, e.standing, e.count) for e in context["effects"]] == [
            ("ground", "waived", len(expected))
        ]
        listing = shown(client, f"/drones/?waiver={waiver.pk}&held=true")
        assert all(serial in listing for serial in expected)
        assert (("FOREST-KITE" in listing), "JCG-SECRET" in listing) == (
            person is people.chie,
            False,
        )


def test_the_page_names_who_decided_and_hides_what_it_may_not_show(
    world: World, tree: Tree, people: People
) -> None:
    waiver = requested(people.hana, tree.centre, world, drones=[world.patrol.pk, world.timber.pk])
    take(WaiverStep.ENDORSE, waiver, people.chie)
    text = shown(signed_in(people.rin), f"/waivers/{waiver.pk}/")
    assert "Decided in favour, as the first of two." in text
    assert "Chie" in text
    assert "1 aircraft that you may not see" in text
    assert "RINYA-SECRET" not in text
    assert "Recorded the waiver" in shown(signed_in(people.chie), f"/waivers/{waiver.pk}/history/")


@pytest.mark.parametrize(
    ("name", "steps"), [("aiko", ["withdraw"]), ("chie", ["endorse", "decline"]), ("rin", [])]
)
def test_the_page_offers_what_the_reader_may_do(
    name: str, steps: list[str], waiting: Waiver, people: People
) -> None:
    text = shown(signed_in(getattr(people, name)), f"/waivers/{waiting.pk}/")
    assert [each for each in WaiverStep.values if f"/{waiting.pk}/{each}/" in text] == steps


# Asking


def test_somebody_of_an_agency_asks_for_a_waiver(world: World, tree: Tree, aiko: Person) -> None:
    answer = signed_in(aiko).post("/waivers/new/", form(world, tree))
    (stored,) = waivers()
    assert answer["Location"] == f"/waivers/{stored.pk}/"
    assert (stored.requested_by_id, stored.missions, stored.all_missions) == (
        aiko.pk,
        ["rescue"],
        False,
    )
    assert (stored.rules, stored.builds, stored.drones) == (
        [world.origin.pk, world.listed_party.pk],
        [world.listed.pk],
        [],
    )


def test_a_form_sent_twice_is_one_request(world: World, tree: Tree, aiko: Person) -> None:
    client, once = signed_in(aiko), form(world, tree)
    first, second = (client.post("/waivers/new/", once) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert len(waivers()) == 1


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"rules": []}, "rules", "required"),
        ({"builds": []}, "__all__", "Choose builds or particular aircraft"),
        ({"missions": []}, "__all__", "say that it is for every mission"),
        ({"all_missions": "on"}, "__all__", "say that it is for every mission"),
        ({"kind": "mitigated"}, "__all__", "which conditions"),
        ({"valid_until": in_days(1500).isoformat()}, "valid_until", "at the latest"),
        ({"valid_from": in_days(-1).isoformat()}, "valid_from", "today or later"),
        ({"agency": "mlit"}, "agency", "valid choice"),
        ({"builds": ["999999"]}, "builds", "valid choice"),
        ({"valid_until": "31/31/2026"}, "valid_until", "valid date"),
    ],
)
def test_a_wrong_request_says_what_is_wrong_and_stores_nothing(
    change: dict[str, Any], field: str, said: str, world: World, tree: Tree, aiko: Person
) -> None:
    given = {k: tree.mlit.pk if v == "mlit" else v for k, v in change.items()}
    answer = signed_in(aiko).post("/waivers/new/", form(world, tree, **given))
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors[field])
    assert waivers() == []


def test_a_request_begins_with_the_rule_and_the_build_of_the_page_that_led_to_it(
    kite: Drone, world: World, aiko: Person
) -> None:
    client = signed_in(aiko)
    link = f"/waivers/new/?build={world.listed.pk}&amp;rule=jp/1/origin"
    assert link in shown(client, f"/builds/{world.listed.pk}/results/")
    context = client.get(link.replace("&amp;", "&")).context
    start = context["form"].initial
    assert (start["rules"], start["builds"]) == ([world.origin.pk], [world.listed.pk])
    # The other rule still grounds it.
    assert [(e.without, e.standing, e.count) for e in context["effects"]] == [
        ("ground", "ground", 1)
    ]


def test_a_request_from_the_page_of_an_aircraft_is_for_that_aircraft_alone(
    kite: Drone, world: World, tree: Tree, aiko: Person
) -> None:
    client = signed_in(aiko)
    link = f"/waivers/new/?drone={kite.pk}"
    assert link in shown(client, f"/drones/{kite.pk}/results/")
    assert client.get(link).context["form"].initial["drones"] == [kite.pk]
    client.post(link, form(world, tree, builds=[], drones=[str(kite.pk)]))
    assert [each.drones for each in waivers()] == [[kite.pk]]


def test_the_aircraft_of_others_cannot_be_named(world: World, tree: Tree, aiko: Person) -> None:
    foreign = form(world, tree, builds=[], drones=[str(world.timber.pk)])
    answer = signed_in(aiko).post("/waivers/new/", foreign)
    assert answer.status_code == 422
    assert waivers() == []


@pytest.mark.parametrize(
    "query", ["rule=x&build=x", "drone=1", "extends=2", "build=99999999999999999999"]
)
def test_an_address_that_cannot_be_read_begins_an_empty_request(query: str, aiko: Person) -> None:
    assert "Choose the body" in shown(signed_in(aiko), f"/waivers/new/?{query}")


def test_a_preview_shows_what_would_change_and_stores_nothing(
    kite: Drone, world: World, tree: Tree, aiko: Person
) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = signed_in(aiko).post(
            "/waivers/preview/", form(world, tree, valid_until="", reason=""), headers=headers
        )
        assert answer.status_code == 200
        assert [(e.without, e.standing, e.count) for e in answer.context["effects"]] == [
            ("ground", "waived", 1)
        ]
        assert (b"<html" in answer.content) is (headers == {})
    assert waivers() == []


def test_an_extension_begins_with_what_it_extends(world: World, tree: Tree, people: People) -> None:
    old = granted(people, tree.coast_guard, world, missions=["rescue"], conditions="Offline.")
    client = signed_in(people.aiko)
    assert f"?extends={old.pk}" in shown(client, f"/waivers/{old.pk}/")
    start = client.get(f"/waivers/new/?extends={old.pk}").context["form"].initial
    assert (start["extends"], start["valid_from"]) == (old.pk, in_days(100))
    assert (start["missions"], start["conditions"], start["agency"]) == (
        ["rescue"],
        "Offline.",
        tree.coast_guard.pk,
    )
    body = form(
        world,
        tree,
        extends=str(old.pk),
        valid_from=in_days(100).isoformat(),
        valid_until=in_days(200).isoformat(),
    )
    client.post("/waivers/new/", body)
    assert {each.extends_id for each in waivers()} == {None, old.pk}


# Deciding


def test_a_waiver_goes_its_way_on_its_pages(kite: Drone, waiting: Waiver, people: People) -> None:
    answer = post(signed_in(people.chie), waiting, "endorse")
    assert answer["Location"] == f"/waivers/{waiting.pk}/"
    post(signed_in(people.kei), waiting, "grant", reason="")
    band = shown(signed_in(people.aiko), f"/drones/{kite.pk}/")
    assert "Waived until" in band
    assert "Without the waiver:" in band
    post(signed_in(people.chie), waiting, "end", ends_from=today().isoformat())
    assert "Waived until" not in shown(signed_in(people.aiko), f"/drones/{kite.pk}/")


def test_a_decision_sent_twice_is_taken_once_and_told_the_second_time(
    waiting: Waiver, chie: Person
) -> None:
    client, sent = signed_in(chie), {"seen": 0, "reason": "Fine."}
    assert client.post(f"/waivers/{waiting.pk}/endorse/", sent).status_code == 302
    again = client.post(f"/waivers/{waiting.pk}/endorse/", sent)
    assert again.status_code == 409
    text = again.content.decode()
    assert "Somebody has decided on the waiver since you opened it." in text
    assert "Decided in favour, as the first of two." in text
    (now,) = waivers()
    assert now.decisions_made == 1


def test_who_decides_on_an_old_page_is_told_what_happened(waiting: Waiver, people: People) -> None:
    post(signed_in(people.haru), waiting, "decline", reason="Too wide.")
    answer = signed_in(people.chie).post(
        f"/waivers/{waiting.pk}/endorse/", {"seen": 0, "reason": ""}
    )
    assert answer.status_code == 409
    assert "Too wide." in answer.content.decode()


@pytest.mark.parametrize("step", ["decline", "withdraw"])
def test_who_stops_a_request_says_why(step: str, waiting: Waiver, people: People) -> None:
    person = people.aiko if step == "withdraw" else people.chie
    assert post(signed_in(person), waiting, step, reason=" ").status_code == 422
    assert post(signed_in(person), waiting, step).status_code == 302


def test_an_early_end_on_a_day_that_cannot_be_is_said_at_its_field(
    world: World, tree: Tree, people: People
) -> None:
    waiver = granted(people, tree.coast_guard, world)
    answer = post(signed_in(people.chie), waiver, "end", ends_from=in_days(-1).isoformat())
    assert answer.status_code == 422
    assert "It ends early today or later" in str(answer.context["form"].errors["ends_from"])


# Other pages


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "may use K-9 — Standard for every mission"), ("ja", "すべての業務区分")],
)
def test_results_of_a_build_and_of_an_aircraft_say_what_is_waived(
    language: str, words: str, kite: Drone, world: World, tree: Tree, people: People
) -> None:
    waiver = granted(people, tree.coast_guard, world)
    client = signed_in(people.aiko, language=language)
    for page in (f"/builds/{world.listed.pk}/results/", f"/drones/{kite.pk}/results/"):
        text = shown(client, page)
        assert str(waiver) in text
        assert words in text


def test_the_waiver_of_another_agency_is_not_on_the_page_of_a_build(
    world: World, tree: Tree, people: People
) -> None:
    waiver = granted(people, tree.forestry, world)
    page = f"/builds/{world.listed.pk}/results/"
    assert str(waiver) not in shown(signed_in(people.aiko), page)
    assert str(waiver) in shown(signed_in(people.daisuke), page)


def test_a_purchase_that_relies_on_a_waiver_says_so_and_what_would_be_without_it(
    world: World, tree: Tree, people: People
) -> None:
    waiver = granted(people, tree.coast_guard, world)
    wanted = draft(people.aiko, tree.coast_guard, world.listed, missions=["rescue"])
    text = shown(signed_in(people.aiko), f"/purchases/{wanted.pk}/")
    assert reverse("waiver", args=[waiver.pk]) in text
    assert "Waived until" in text
    assert "May not be acquired" in text


def test_everybody_finds_waivers_in_the_menu(society: Society) -> None:
    assert 'href="/waivers/"' in shown(signed_in(society.people.rin), "/")
