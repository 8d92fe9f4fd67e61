"""One search over everything: what it finds, for whom, and what it does with odd words."""

import re

import pytest

from standards.asset_tags import printed_asset_tag
from tests.people import People, Tree
from tests.web.journeys import main_of, seen_by, text_of
from tests.web.pages import Answer, queries
from tests.worlds import World, log


def groups_of(answer: Answer) -> dict[str, str]:
    """Each kind that was found, with the words of its hits."""
    group = re.compile(r"<section[^>]*>\s*<h2>(.*?)</h2>(.*?)</section>", flags=re.DOTALL)
    return {title: re.sub(r"<[^>]+>", " ", hits) for title, hits in group.findall(main_of(answer))}


class TestWhatIsFound:
    def test_a_maker_is_found_with_its_models_builds_and_entries(
        self, people: People, world: World
    ) -> None:
        groups = groups_of(seen_by(people.aiko).get("/search/", {"q": "kite works"}))
        assert {"Models", "Builds", "Vendors", "Entries of lists"} <= set(groups)

    def test_full_width_letters_find_the_same(self, people: People, world: World) -> None:
        client = seen_by(people.aiko)
        assert groups_of(client.get("/search/", {"q": "ＫＩＴＥ"})) == groups_of(
            client.get("/search/", {"q": "kite"})
        )

    def test_a_rule_is_found_by_a_word_of_its_clause(self, people: People, world: World) -> None:
        word = max(world.origin.clause_en.split(), key=len).strip(".,")
        assert (
            world.origin.code
            in groups_of(seen_by(people.aiko).get("/search/", {"q": word}))["Rules in force"]
        )

    def test_an_agency_is_found_by_its_code(self, people: People, tree: Tree) -> None:
        page = main_of(seen_by(people.aiko).get("/search/", {"q": tree.coast_guard.code}))
        assert f'href="/agencies/{tree.coast_guard.pk}/"' in page

    def test_more_than_a_few_lead_to_all_of_them(
        self, people: People, tree: Tree, world: World
    ) -> None:
        for number in range(6):
            log(tree.coast_guard, world.clean, serial=f"FEW-{number:04}")
        page = main_of(seen_by(people.aiko).get("/search/", {"q": "few-"}))
        assert page.count('<li><a href="/drones/') == 5
        assert 'href="/drones/?q=few-"' in page


class TestForWhom:
    def test_another_agency_finds_nothing_of_ours(
        self, people: People, tree: Tree, world: World
    ) -> None:
        log(tree.coast_guard, world.clean, serial="SHIP-0001")
        assert "Drones" in groups_of(seen_by(people.aiko).get("/search/", {"q": "SHIP-0001"}))
        assert "Nothing was found" in text_of(
            seen_by(people.daisuke).get("/search/", {"q": "SHIP-0001"})
        )

    def test_a_scanned_tag_opens_its_aircraft(
        self, people: People, tree: Tree, world: World
    ) -> None:
        drone = log(tree.coast_guard, world.clean, serial="SHIP-0001")
        tag = printed_asset_tag(drone.asset_tag)
        answer = seen_by(people.aiko).get("/search/", {"q": tag.lower()})
        assert (answer.status_code, answer["Location"]) == (302, f"/drones/{drone.pk}/")

    def test_a_scanned_tag_of_others_opens_nothing(
        self, people: People, tree: Tree, world: World
    ) -> None:
        drone = log(tree.forestry, world.clean, serial="WOOD-0001")
        answer = seen_by(people.aiko).get("/search/", {"q": drone.asset_tag})
        assert answer.status_code == 200
        assert "Nothing was found" in text_of(answer)


class TestOddWords:
    @pytest.mark.parametrize("text", ["", "   "])
    def test_nothing_asked_for_is_no_error(self, people: People, text: str) -> None:
        answer = seen_by(people.aiko).get("/search/", {"q": text})
        assert answer.status_code == 200
        assert "Nothing was found" not in text_of(answer)

    def test_signs_alone_cannot_be_looked_for(self, people: People) -> None:
        answer = seen_by(people.aiko).get("/search/", {"q": "%%%"})
        assert "Give at least one letter or digit." in text_of(answer)

    @pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "x" * 101])
    def test_what_cannot_be_looked_for_is_said(self, people: People, text: str) -> None:
        assert seen_by(people.aiko).get("/search/", {"q": text}).status_code == 422


def test_the_number_of_queries_does_not_grow(people: People, tree: Tree, world: World) -> None:
    client = seen_by(people.aiko)
    log(tree.coast_guard, world.clean, serial="ROW-0000")
    once = queries(client, "/search/?q=row-")
    for number in range(1, 12):
        log(tree.coast_guard, world.clean, serial=f"ROW-{number:04}")
    assert queries(client, "/search/?q=row-") == once
