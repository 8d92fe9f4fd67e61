"""Lists on pages: editions with what changed, entries, and a steward's decisions."""

from datetime import date
from typing import Any

import pytest

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import refresh
from compliance.models import ListMatch, RuleResult
from policy.models import Edition, Entry
from tests.web.pages import Answer, queries, shown, signed_in
from tests.worlds import World, publish

LATER = date(2025, 1, 7)
ENTRIES = {"kite works": "KITE WORKS CO., LTD.", "sora": "SORA AIRCRAFT K.K.", "other": "Other Ltd"}


def later_edition(world: World, entries: dict[str, str] = ENTRIES) -> Edition:
    with acting_as(None):
        return publish(world.companies, LATER, entries)


def decide(person: Person, world: World, **changes: Any) -> Answer:
    form = {
        "entry_key": "sora",
        "vendor": world.sora.pk,
        "decision": "same",
        "reason": "Same seat.",
    }
    return signed_in(person).post(f"/lists/{world.companies.pk}/matches/new/", {**form, **changes})


def outcome(world: World) -> str:
    return RuleResult.objects.current().get(build=world.clean, rule=world.listed_party).outcome


def test_an_edition_says_what_came_and_went_since_the_one_before(rin: Person, world: World) -> None:
    edition = later_edition(world, {"sora": "SORA AIRCRAFT K.K.", "other": "Other Ltd"})
    client = signed_in(rin)
    row = client.get(f"/lists/{world.companies.pk}/").context["editions"][0]
    assert (row.edition, row.entries, row.added, row.removed) == (edition, 2, 2, 1)
    assert row.in_force
    difference = client.get(f"/editions/{edition.pk}/").context["difference"]
    assert difference.added == ["Other Ltd", "SORA AIRCRAFT K.K."]
    assert difference.removed == ["KITE WORKS CO., LTD."]


def test_an_edition_says_until_when_an_entry_is_listed_and_that_this_is_new(
    rin: Person, world: World
) -> None:
    edition = later_edition(world, {})
    with acting_as(None):
        name, last = "KITE WORKS CO., LTD.", date(2027, 5, 31)
        Entry.objects.create(edition=edition, key="kite works", name=name, ended_on=last)
    client = signed_in(rin)
    (changed,) = client.get(f"/editions/{edition.pk}/").context["difference"].changed
    (change,) = changed.changes
    assert (changed.name, change.label, change.old, change.new) == (
        name,
        "Listed until",
        "",
        "31 May 2027",
    )
    assert '<th scope="col">Listed until</th>' in shown(client, f"/editions/{edition.pk}/")


def test_the_first_edition_has_nothing_to_differ_from(rin: Person, world: World) -> None:
    first = world.companies.editions.get()
    client = signed_in(rin)
    assert client.get(f"/editions/{first.pk}/").context["difference"] is None
    assert client.get(f"/lists/{world.companies.pk}/").context["editions"][0].added is None


def test_an_edition_that_is_still_to_take_effect_is_not_in_force(rin: Person, world: World) -> None:
    with acting_as(None):
        publish(world.companies, date(2999, 1, 1), ENTRIES)
    rows = signed_in(rin).get(f"/lists/{world.companies.pk}/").context["editions"]
    assert [row.in_force for row in rows] == [False, True]


def test_an_entry_shows_the_vendor_it_is_and_who_decided_so(rin: Person, world: World) -> None:
    page = shown(signed_in(rin), f"/editions/{world.companies.editions.get().pk}/")
    assert f"/vendors/{world.kite.pk}/" in page
    assert "Same name and seat." in page
    assert "Goro" in page


def test_entries_are_found_by_name_and_alias(rin: Person, world: World) -> None:
    with acting_as(None):
        edition = publish(world.concern, LATER, {})
        Entry.objects.create(edition=edition, key="a", name="Alpha", aliases=["Formerly Beta"])
        Entry.objects.create(edition=edition, key="c", name="Gamma")
    rows = signed_in(rin).get(f"/editions/{edition.pk}/", {"q": "beta"}).context["rows"]
    assert [entry.name for entry, _ in rows] == ["Alpha"]


def test_a_name_in_common_is_proposed_with_its_reason_and_matches_nothing_by_itself(
    rin: Person, world: World
) -> None:
    later_edition(world)
    refresh([world.clean.pk])
    page = shown(signed_in(rin), f"/lists/{world.companies.pk}/matches/")
    assert "The entry “SORA AIRCRAFT K.K.” and the legal name “Sora Aircraft” are the same." in page
    assert "KITE WORKS" not in page
    assert outcome(world) == "pass"
    assert not ListMatch.objects.filter(vendor=world.sora).exists()


def test_what_a_steward_decides_is_evaluated_at_once(goro: Person, world: World) -> None:
    later_edition(world)
    refresh([world.clean.pk])
    assert decide(goro, world).status_code == 302
    match = ListMatch.objects.get(vendor=world.sora)
    assert (match.decision, match.decided_by, match.reason) == ("same", goro, "Same seat.")
    assert outcome(world) == "fail"
    page = shown(signed_in(goro), f"/lists/{world.companies.pk}/matches/")
    assert "SORA AIRCRAFT" not in page


def test_two_names_that_mean_different_companies_are_not_proposed_again(
    goro: Person, world: World
) -> None:
    later_edition(world)
    refresh([world.clean.pk])
    decide(goro, world, decision="different", reason="Another seat.")
    assert outcome(world) == "pass"
    page = shown(signed_in(goro), f"/lists/{world.companies.pk}/matches/")
    assert "SORA AIRCRAFT" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"entry_key": "nobody"}, "No edition of this list has an entry with this key."),
        ({"reason": ""}, "This field is required."),
        ({"decision": "perhaps"}, "perhaps is not one of the available choices."),
        ({"vendor": "0"}, "Select a valid choice."),
    ],
)
def test_a_decision_that_cannot_be_right_is_refused_with_the_reason(
    changes: dict[str, Any], sentence: str, goro: Person, world: World
) -> None:
    later_edition(world)
    answer = decide(goro, world, **changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ListMatch.objects.filter(vendor=world.sora).exists()


def test_a_pair_is_decided_on_once(goro: Person, world: World) -> None:
    later_edition(world)
    decide(goro, world)
    again = decide(goro, world, decision="different")
    assert again.status_code == 422
    assert ListMatch.objects.get(vendor=world.sora).decision == "same"


def test_only_a_steward_decides(aiko: Person, chie: Person, world: World) -> None:
    later_edition(world)
    for person in (aiko, chie):
        assert decide(person, world).status_code == 403
        page = shown(signed_in(person), f"/lists/{world.companies.pk}/matches/")
        assert "/matches/new/" not in page
    assert not ListMatch.objects.filter(vendor=world.sora).exists()


@pytest.mark.parametrize(
    "page", ["/lists/", "/lists/{list}/", "/lists/{list}/matches/", "/editions/{edition}/"]
)
def test_pages_of_a_list_take_as_many_queries_for_twenty_entries_as_for_three(
    page: str, rin: Person, world: World
) -> None:
    client = signed_in(rin)

    def address(edition: Edition) -> str:
        return page.format(list=world.companies.pk, edition=edition.pk)

    few = queries(client, address(later_edition(world)))
    with acting_as(None):
        more = {f"{number}": f"Company {number}" for number in range(20)}
        latest = publish(world.companies, date(2025, 2, 1), {**ENTRIES, **more})
        ListMatch.objects.bulk_create(
            ListMatch(
                list=world.companies,
                entry_key=key,
                vendor=world.sora,
                decision="different",
                reason="Another seat.",
                decided_by=rin,
                decided_on=LATER,
            )
            for key in more
        )
    assert queries(client, address(latest)) == few
