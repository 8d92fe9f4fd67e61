import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.names import company_key, fold, model_key, split_maker


@pytest.mark.parametrize(
    "spelling",
    [
        "SZ DJI Technology Co., Ltd.",
        "sz dji technology co.,ltd",
        "SZ ＤＪＩ　Technology Co., Ltd",
        "SZ DJI-Technology",
        "The SZ DJI Technology Company Limited",
    ],
)
def test_spellings_of_one_company_have_one_key(spelling: str) -> None:
    assert company_key(spelling) == "sz dji technology"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("株式会社ACSL", "acsl"),
        ("ＡＣＳＬ㈱", "acsl"),
        ("ACSL株式会社", "acsl"),
        ("(有)空の目", "空の目"),
        ("DJI社製", "dji"),
        ("深圳市大疆创新科技有限公司", "深圳市大疆创新科技"),
        ("航天彩虹股份有限公司", "航天彩虹"),
        ("国立研究開発法人 森林研究・整備機構", "森林研究整備機構"),
        ("Delair S.A.S.", "delair"),
        ("Délair SAS", "delair"),
        ("Quantum-Systems GmbH", "quantum systems"),
        ("AT&T Inc.", "at and t"),
        ("L'Avion S.A.", "lavion"),
        ("ソニーグループ 株式会社", "ソニーグループ"),
        ("ソニー　グループ", "ソニーグループ"),
    ],
)
def test_legal_forms_and_punctuation_are_left_out_of_the_key(name: str, key: str) -> None:
    assert company_key(name) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Parrot SA", "Parrot Hotel"),
        ("Autel Robotics Co., Ltd.", "Autel Intelligent Technology Corp., Ltd."),
        ("Red Cat Holdings, Inc.", "Red Cat, Inc."),
        ("Sony Group Corporation", "Sony Corporation"),
        ("ガス機構", "カス機構"),
        ("Version 4.0 Ltd", "Version 40 Ltd"),
    ],
)
def test_different_companies_keep_different_keys(one: str, other: str) -> None:
    assert company_key(one) != company_key(other)


@pytest.mark.parametrize("name", ["株式会社", "Co., Ltd.", "The"])
def test_a_name_that_is_only_a_legal_form_still_has_a_key(name: str) -> None:
    assert company_key(name) != ""


@given(st.text(max_size=40))
def test_folding_a_folded_name_changes_nothing_but_composition(name: str) -> None:
    once = fold(name)
    assert once == once.strip()
    assert "  " not in once
    assert fold(unicodedata.normalize("NFC", name)) == once


@pytest.mark.parametrize(
    "name", ["Mavic-3 Enterprise", "MAVIC3 enterprise", "ＭＡＶＩＣ　３ Enterprise"]
)
def test_spaces_and_hyphens_make_no_other_model(name: str) -> None:
    assert model_key(name) == "mavic3enterprise"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("DJI社製 Mavic2 enterprise", ("DJI", "Mavic2 enterprise")),
        ("DJI社製　Ｍａｖｉｃ", ("DJI", "Mavic")),
        ("ACSL社製SOTEN", ("ACSL", "SOTEN")),
        ("Mavic 2", None),
        ("社製 Mavic", None),
    ],
)
def test_maker_and_model_are_split_where_the_text_says_who_made_it(
    text: str, parts: tuple[str, str] | None
) -> None:
    assert split_maker(text) == parts
