"""Names that agencies remember, and stewards confirm for all: a page, sharing and taking back."""

from agencies.context import acting_as
from agencies.models import Person
from registry.aliases import remember, remembered
from registry.models import AgencyAlias, CommonAlias
from tests.people import Society
from tests.web.pages import queries, shown, signed_in
from tests.worlds import World

PAGE = "/catalogue/names/"


def chosen(
    aiko: Person, society: Society, world: World, text: str = "Sora's little one"
) -> AgencyAlias:
    with acting_as(aiko):
        return remember(
            maker="", model=text, build=world.clean, agency_id=society.tree.coast_guard.pk, by=aiko
        )


def test_a_steward_confirms_for_all_what_one_agency_remembers_and_takes_it_back(
    aiko: Person, goro: Person, daisuke: Person, society: Society, world: World
) -> None:
    alias = chosen(aiko, society, world)
    assert "little one" not in shown(signed_in(daisuke), PAGE)
    client = signed_in(goro)
    assert "little one" in shown(client, PAGE)
    assert client.post(f"{PAGE}{alias.pk}/share/").status_code == 302
    assert "little one" in shown(signed_in(daisuke), PAGE)
    with acting_as(daisuke):
        assert remembered([alias.key], society.tree.forestry.pk) == {
            alias.key: (world.clean.pk, True)
        }
    common = CommonAlias.objects.get()
    assert common.confirmed_by == goro
    assert client.post(f"{PAGE}{common.pk}/withdraw/").status_code == 302
    assert not CommonAlias.objects.exists()
    with acting_as(aiko):
        assert remembered([alias.key], society.tree.coast_guard.pk)


def test_sharing_twice_is_refused(
    aiko: Person, goro: Person, society: Society, world: World
) -> None:
    alias, client = chosen(aiko, society, world), signed_in(goro)
    client.post(f"{PAGE}{alias.pk}/share/")
    assert client.post(f"{PAGE}{alias.pk}/share/").status_code == 409
    assert CommonAlias.objects.count() == 1


def test_nobody_but_a_steward_shares_or_takes_back(
    aiko: Person, chie: Person, goro: Person, society: Society, world: World
) -> None:
    alias = chosen(aiko, society, world)
    for person in (aiko, chie):
        assert "Take back" not in shown(signed_in(person), PAGE)
        assert signed_in(person).post(f"{PAGE}{alias.pk}/share/").status_code == 403
    signed_in(goro).post(f"{PAGE}{alias.pk}/share/")
    common = CommonAlias.objects.get()
    assert signed_in(chie).post(f"{PAGE}{common.pk}/withdraw/").status_code == 403
    assert CommonAlias.objects.exists()


def test_the_page_takes_as_many_queries_for_many_names_as_for_one(
    aiko: Person, goro: Person, society: Society, world: World
) -> None:
    client = signed_in(goro)
    chosen(aiko, society, world)
    one = queries(client, PAGE)
    for number in range(9):
        chosen(aiko, society, world, f"Little one of type {number}")
    assert queries(client, PAGE) == one
