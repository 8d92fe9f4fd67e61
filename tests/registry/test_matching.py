"""Free text for a maker and a model: who is proposed, with which reason, and what is taken without asking."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from agencies.models import Person
from registry.aliases import remember, share
from registry.matching import Asked, Candidate, Why, candidates, match
from registry.models import AgencyAlias, Build, DroneModel, Vendor
from registry.services import add_model, add_vendor
from tests.people import Tree
from tests.worlds import World

DJI, PARROT = "SZ DJI Technology Co., Ltd.", "Parrot Drones SAS"


@pytest.fixture
def makers(society: object) -> dict[str, Vendor]:
    """DJI, Parrot and ACSL with the names and models that people write."""
    with acting_as(None, reason="makers of the tests"):
        made = {
            "dji": _vendor(DJI, "深圳市大疆创新科技有限公司", "DJI", "大疆"),
            "parrot": _vendor(PARROT, "", "Parrot"),
            "acsl": _vendor("ACSL Ltd.", "株式会社ACSL"),
        }
        for maker, *names in (
            ("dji", "Mavic 3 Enterprise", ""),
            ("dji", "Matrice 300 RTK", ""),
            ("dji", "Matrice 350 RTK", ""),
            ("parrot", "ANAFI", ""),
            ("acsl", "SOTEN", "蒼天"),
        ):
            name, local = names
            add_model(
                model=DroneModel(manufacturer=made[maker], name=name, name_local=local), by=None
            )
    return made


def _vendor(name: str, local: str, *trade: str) -> Vendor:
    return add_vendor(
        vendor=Vendor(name=name, name_local=local), names=[(n, "trade") for n in trade], by=None
    )


def whys(candidate: Candidate) -> set[Why]:
    return {reason.why for reason in candidate.reasons}


def models(found: tuple[Candidate, ...]) -> list[str]:
    return [each.model for each in found if each.model]


@pytest.mark.parametrize(
    "text",
    [
        "大疆",
        "ＤＪＩ",
        "SZ DJI Technology Co., Ltd.",
        "DJI社製",
        "dji",
        "DJI製 ドローン",
        "深圳市大疆创新科技有限公司",
    ],
)
def test_every_name_of_a_maker_proposes_it_with_its_models_and_takes_none(
    makers: dict[str, Vendor], text: str
) -> None:
    first, *rest = candidates(text)
    assert (first.vendor_id, first.build_id, whys(first)) == (
        makers["dji"].pk,
        None,
        {Why.MAKER_NAME},
    )
    assert models(tuple(rest)) == ["Mavic 3 Enterprise", "Matrice 300 RTK", "Matrice 350 RTK"]
    assert not any(each.certain for each in (first, *rest))


@pytest.mark.parametrize(
    "text",
    [
        "Parrot Hotel",
        "Parott Hotel",
        "Hotel Parrot",
        "Parrot Wind Farm Ltd.",
        "DJIBOUTI",
        "DJI Tower",
        "大疆村",
        "Parrots",
        "DJ",
    ],
)
def test_a_hotel_or_a_wind_farm_whose_name_contains_a_makers_is_no_candidate(
    makers: dict[str, Vendor], text: str
) -> None:
    assert [each for each in candidates(text) if each.score > 30] == []
    assert {each.vendor_id for each in candidates(text)} <= (
        {makers["parrot"].pk} if text == "Parrots" else set()
    )


@pytest.mark.parametrize(
    ("asked", "model"),
    [
        (Asked(model="DJI社製 Mavic3 enterprise"), "Mavic 3 Enterprise"),
        (Asked(model="ＤＪＩ　ＭＡＶＩＣ－３　Enterprise"), "Mavic 3 Enterprise"),
        (Asked("大疆", "Matrice 300 RTK"), "Matrice 300 RTK"),
        (Asked("DJI", "DJI Matrice 300RTK"), "Matrice 300 RTK"),
        (Asked(model="株式会社ACSL SOTEN（蒼天）"), "SOTEN"),
        (Asked("㈱ACSL", "蒼天"), "SOTEN"),
        (Asked(model="Mavic 3 Enterprise (DJI)"), "Mavic 3 Enterprise"),
        (Asked(model="大疆Matrice350RTK"), "Matrice 350 RTK"),
    ],
)
def test_maker_and_model_named_in_full_are_taken_without_asking(
    makers: dict[str, Vendor], asked: Asked, model: str
) -> None:
    found = match([asked])[asked]
    assert (found[0].model, found[0].certain) == (model, True)
    assert [each.certain for each in found].count(True) == 1
    assert found[0].build_id == Build.objects.get(model__name=model).pk


def test_a_model_of_another_number_is_proposed_with_the_difference_and_never_taken(
    makers: dict[str, Vendor],
) -> None:
    found = candidates("DJI社製 Mavic2 enterprise")
    assert models(found)[0] == "Mavic 3 Enterprise"
    assert whys(found[0]) == {Why.MAKER_NAME, Why.MODEL_SIMILAR, Why.NUMBER_DIFFERS}
    assert not any(each.certain for each in found)


@pytest.mark.parametrize("text", ["Mavic 3 Enterprise", "ANAFI", "Matrice 300 RTK ドローン"])
def test_the_name_of_a_model_alone_is_a_proposal_and_no_more(
    makers: dict[str, Vendor], text: str
) -> None:
    found = candidates(text)
    assert found
    assert found[0].model.split()[0] in text
    assert not found[0].certain


@pytest.mark.parametrize("text", ["DЈI Mavic 3 Enterprise", "DЈI", "ＤЈI"])
def test_a_name_with_a_cyrillic_letter_is_pointed_out_and_never_taken(
    makers: dict[str, Vendor], text: str
) -> None:
    found = candidates(text)
    assert found[0].vendor_id == makers["dji"].pk
    assert Why.LOOK_ALIKE in whys(found[0])
    assert not any(each.certain for each in found)


def test_namesakes_are_all_shown_and_none_is_taken(makers: dict[str, Vendor]) -> None:
    with acting_as(None):
        twin = _vendor("Parrot Trading", "", "Parrot")
        add_model(model=DroneModel(manufacturer=twin, name="ANAFI"), by=None)
    found = candidates("Parrot ANAFI")
    assert {each.vendor_id for each in found} == {makers["parrot"].pk, twin.pk}
    assert all(Why.NAMESAKE in whys(each) and not each.certain for each in found)


def test_a_short_name_is_never_taken_by_itself(makers: dict[str, Vendor]) -> None:
    with acting_as(None):
        short = _vendor("XA", "")
        add_model(model=DroneModel(manufacturer=short, name="P-1"), by=None)
    (found,) = candidates("XA P1")
    assert found.vendor_id == short.pk
    assert not found.certain


def test_a_misspelled_maker_is_proposed_as_such(makers: dict[str, Vendor]) -> None:
    assert {Why.MAKER_SIMILAR} <= whys(candidates("Parott")[0])


def test_the_maker_code_of_the_serial_number_supports_and_contradicts(
    makers: dict[str, Vendor],
) -> None:
    serial = "1581F5FHB22A00100001"
    assert whys(candidates("", serial=serial)[0]) == {Why.MAKER_CODE}
    of_dji = candidates("DJI Mavic 3 Enterprise", serial=serial)[0]
    assert Why.MAKER_CODE in whys(of_dji)
    of_parrot = candidates("Parrot ANAFI", serial=serial)
    assert Why.OTHER_MAKER_CODE in whys(of_parrot[0])
    assert of_parrot[-1].vendor_id == makers["dji"].pk


def test_what_a_custodian_chose_is_understood_next_time_in_that_agency_alone(
    world: World, tree: Tree, aiko: Person, daisuke: Person
) -> None:
    with acting_as(aiko):
        remember(
            maker="空", model="一号機", build=world.no_radio, agency_id=tree.coast_guard.pk, by=aiko
        )
        (found,) = candidates("空 一号機", agency_id=tree.coast_guard.pk)
    assert (found.build_id, found.certain, whys(found)) == (
        world.no_radio.pk,
        True,
        {Why.OWN_ALIAS},
    )
    with acting_as(daisuke):
        assert candidates("空 一号機", agency_id=tree.forestry.pk) == ()
        assert candidates("空 一号機", agency_id=tree.coast_guard.pk) == ()


def test_a_later_choice_replaces_the_earlier_one(world: World, tree: Tree, aiko: Person) -> None:
    with acting_as(aiko):
        for build in (world.no_radio, world.clean):
            remember(maker="", model="一号機", build=build, agency_id=tree.coast_guard.pk, by=aiko)
        (alias,) = AgencyAlias.objects.visible_to(aiko)
    assert alias.build == world.clean


def test_a_steward_confirms_a_name_for_all_agencies(
    world: World, tree: Tree, aiko: Person, goro: Person, daisuke: Person
) -> None:
    with acting_as(aiko):
        alias = remember(
            maker="", model="一号機", build=world.clean, agency_id=tree.coast_guard.pk, by=aiko
        )
        with pytest.raises(PermissionDenied):
            share(alias=alias, by=aiko)
    with acting_as(goro):
        share(alias=alias, by=goro)
    with acting_as(daisuke):
        (found,) = candidates("一号機", agency_id=tree.forestry.pk)
    assert (found.build_id, whys(found)) == (world.clean.pk, {Why.COMMON_ALIAS})


def test_a_disguised_name_is_not_remembered(world: World, tree: Tree, aiko: Person) -> None:
    with acting_as(aiko), pytest.raises(ValidationError, match="letters of another script"):
        remember(maker="DЈI", model="", build=world.clean, agency_id=tree.coast_guard.pk, by=aiko)


def test_nobody_explains_the_names_of_an_agency_they_do_not_keep(
    world: World, tree: Tree, daisuke: Person
) -> None:
    with acting_as(daisuke), pytest.raises(PermissionDenied):
        remember(maker="", model="x1", build=world.clean, agency_id=tree.coast_guard.pk, by=daisuke)


def test_a_thousand_texts_take_as_many_queries_as_one(
    makers: dict[str, Vendor], tree: Tree
) -> None:
    def queries(asked: list[Asked]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            match(asked, agency_id=tree.coast_guard.pk)
        return len(seen)

    many = [Asked("DJI", f"Mavic {n} Enterprise", f"1581F5FHB22A{n:08}") for n in range(1000)]
    assert queries(many) == queries(many[:1]) <= 5


def test_every_reason_is_a_sentence(makers: dict[str, Vendor]) -> None:
    found = candidates("DJI社製 Mavic2 enterprise")[0]
    assert [str(reason) for reason in found.reasons] == [
        "“DJI” is a name of the maker.",
        "“Mavic2 enterprise” is spelled like the name of the model.",
        "The numbers differ: 2 / 3.",
    ]
