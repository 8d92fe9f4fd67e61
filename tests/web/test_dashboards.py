"""Every figure of a dashboard opens the list it counts, with the reader's own rights."""

import re

import pytest
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import assess_builds
from procurement.states import Action
from registry.models import Drone
from reporting.figures import Figure, aircraft_by_standing, purchases_by_status, reviews_by_answer
from tests.people import People, Tree
from tests.web.journeys import main_of, seen_by, step, text_of
from tests.worlds import World, draft, log

pytestmark = pytest.mark.django_db
EVERYBODY = ["aiko", "chie", "daisuke", "fumi"]


@pytest.fixture
def busy(world: World, people: People, tree: Tree) -> World:
    """Aircraft in several standings and states at two agencies, purchases in several states."""
    for number, build in enumerate([world.listed, world.no_radio, world.unknown, world.clean]):
        log(tree.coast_guard, build, f"JCG-{number}", missions=["rescue"])
        log(tree.forestry, build, f"FA-{number}", missions=["rescue"])
    log(tree.coast_guard, world.listed, "JCG-X", missions=["rescue"], status=Drone.Status.DISPOSED)
    with acting_as(None):
        assess_builds(None, on=timezone.localdate())
    log(tree.coast_guard, world.listed, "JCG-NEW", missions=["rescue"])  # not assessed yet
    for build in (world.listed, world.no_radio, world.clean):
        step(draft(people.aiko, tree.coast_guard, build), Action.SUBMIT, people.aiko)
    draft(people.daisuke, tree.forestry, world.clean)
    return world


def listed(person: Person, path: str, figure: Figure) -> int:
    """How many rows the list shows that the figure opens."""
    answer = seen_by(person).get(f"{path}?{figure.query}")
    assert answer.status_code == 200
    return len(re.findall(r'<th scope="row">', main_of(answer)))


@pytest.mark.parametrize("name", EVERYBODY)
def test_each_figure_equals_the_length_of_the_list_it_opens(
    name: str, busy: World, people: People
) -> None:
    person: Person = getattr(people, name)
    with acting_as(person):
        figures = [
            *(("/drones/", each) for each in aircraft_by_standing(person, timezone.localdate())),
            *(("/purchases/", each) for each in purchases_by_status(person)),
            *(("/purchases/", each) for each in reviews_by_answer(person)),
        ]
    counted = {(path, each.query): each.count for path, each in figures}
    assert counted == {(path, each.query): listed(person, path, each) for path, each in figures}
    assert sum(counted.values()) > 0


def test_figures_count_what_the_reader_may_see_and_nothing_else(
    busy: World, people: People
) -> None:
    def held(person: Person) -> dict[str, int]:
        with acting_as(person):
            return {
                each.code: each.count
                for each in aircraft_by_standing(person, timezone.localdate())
                if each.count
            }

    coast_guard, forestry, centre = held(people.aiko), held(people.daisuke), held(people.fumi)
    assert (
        sum(coast_guard.values()) == 6
    )  # the patrol aircraft, four, and the new one; not the disposed
    assert sum(forestry.values()) == 5
    assert centre == {
        code: coast_guard.get(code, 0) + forestry.get(code, 0) for code in coast_guard | forestry
    }


def test_an_aircraft_that_was_never_assessed_counts_as_undetermined(
    busy: World, people: People, tree: Tree
) -> None:
    def undetermined() -> int:
        with acting_as(people.aiko):
            figures = aircraft_by_standing(people.aiko, timezone.localdate())
        return next(each.count for each in figures if each.code == "undetermined")

    before = undetermined()
    log(tree.coast_guard, busy.clean, "JCG-NEWER", missions=["rescue"])
    assert undetermined() == before + 1


def test_the_page_draws_each_figure_and_repeats_it_in_a_table(busy: World, people: People) -> None:
    answer = seen_by(people.aiko).get("/dashboards/")
    page = main_of(answer)
    assert "Under review and flagged" in text_of(answer)
    drawn = [page.count(f'class="{drawing} ') for drawing in ("bar", "column")]
    assert page.count("<title>") == sum(drawn) + page.count('<svg class="columns"')
    assert all(drawn)
    assert 'style="' not in page
    with acting_as(people.aiko):
        figures = aircraft_by_standing(people.aiko, timezone.localdate())
    for figure in figures:
        link = f'href="/drones/?{figure.query}"'.replace("&", "&amp;")
        assert link in page, figure


def test_a_reader_with_nothing_to_count_is_told_so(people: People) -> None:
    assert "There is nothing to count" in text_of(seen_by(people.rin).get("/dashboards/"))
