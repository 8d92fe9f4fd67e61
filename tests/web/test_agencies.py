"""Agencies on pages: the tree as far as it may be seen, with figures that open their lists."""

import re

from agencies.context import acting_as
from agencies.models import Agency, Person
from compliance.assess import refresh
from tests.people import Society
from tests.web.pages import queries, shown, signed_in
from tests.worlds import World, log


def test_the_tree_ends_where_the_reader_may_not_look(
    daisuke: Person, chie: Person, world: World
) -> None:
    own = shown(signed_in(daisuke), "/agencies/")
    assert "Forestry Agency" in own
    assert "Japan Coast Guard" not in own
    assert "MAFF" not in own
    assert "Japan Coast Guard" in shown(signed_in(chie), "/agencies/")


def test_another_agency_answers_like_one_that_does_not_exist(
    daisuke: Person, society: Society, world: World
) -> None:
    client = signed_in(daisuke)
    theirs = client.get(f"/agencies/{society.tree.coast_guard.pk}/")
    nobodys = client.get("/agencies/0/")
    assert theirs.status_code == 404
    assert theirs.content == nobodys.content
    assert client.get(f"/agencies/{society.tree.forestry.pk}/").status_code == 200


def test_a_superior_body_counts_what_the_bodies_below_it_hold(
    chie: Person, society: Society, world: World
) -> None:
    log(society.tree.coast_guard, world.clean, "JCG-2")
    rows = dict(
        re.findall(r'\?agency=([\w-]+)&amp;held=true">(\d+)<', shown(signed_in(chie), "/agencies/"))
    )
    assert rows == {"jp-gov": "3", "mlit": "2", "jcg": "2", "maff": "1", "rinya": "1"}


def test_each_figure_of_an_agency_opens_the_list_it_counts(
    chie: Person, society: Society, world: World
) -> None:
    log(society.tree.coast_guard, world.listed, "KITE-1", missions=["rescue"])
    log(society.tree.coast_guard, world.no_radio, "LONG-1", missions=["rescue"])
    log(society.tree.coast_guard, world.clean, "GONE-1", status="disposed")
    refresh([world.clean.pk, world.listed.pk, world.no_radio.pk])
    client = signed_in(chie)
    answer = client.get(f"/agencies/{society.tree.mlit.pk}/")
    figures = {state: count for state, count in answer.context["standings"] if count}
    assert sum(figures.values()) == answer.context["held"] == 3
    assert len(figures) > 1
    for state, count in figures.items():
        query = {"agency": "mlit", "held": "true", "standing": state}
        assert len(client.get("/drones/", query).context["rows"]) == count


def test_the_tree_takes_as_many_queries_for_twenty_as_for_five(
    chie: Person, society: Society, world: World
) -> None:
    client = signed_in(chie)
    few = queries(client, "/agencies/")
    with acting_as(None):
        for number in range(15):
            Agency.objects.create(
                code=f"unit-{number}",
                kind="agency",
                name_en=f"Unit {number}",
                name_local=f"部署{number}",
                parent=society.tree.mlit,
            )
    assert queries(client, "/agencies/") == few
