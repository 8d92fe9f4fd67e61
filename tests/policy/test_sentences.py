from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest

from policy.criteria import AnyCriterion
from policy.criteria.attribute import Attribute, Limit, PartLimit
from policy.criteria.certificate import Certificate
from policy.criteria.listed_party import ListedParty, PartyRole
from policy.criteria.origin import AircraftMeaning, ComponentQuestion, Meaning, Origin, Where
from policy.criteria.required_measure import RequiredMeasure
from policy.engine import evaluate
from policy.facts import AttributeFacts, BuildFacts, CertificateFacts, LinkStatus, MeasureFacts
from policy.sentences import Part, lines, sentences
from policy.trace import Outcome, Result, Trace
from policy.wording import Names
from tests.policy.builders import (
    CLAIM,
    LAPSED,
    MATCHED,
    PAPER,
    TODAY,
    build,
    component,
    holds,
    places,
    rule,
    rulebook,
    vendor,
)

COUNTRIES = {"en": {"CN": "China", "JP": "Japan"}, "ja": {"CN": "中国", "JP": "日本"}}
MAKER = ListedParty("companies", frozenset({PartyRole.MAKER}))
CAMERA = Origin(
    "concern",
    components=(ComponentQuestion(frozenset({"camera"}), frozenset({Meaning.MADE_IN})),),
)
CONTROL = Origin("concern", aircraft=frozenset({AircraftMeaning.MAKER_CONTROLLED_FROM}))


def result(criterion: Any, facts: BuildFacts, on: date = TODAY) -> Result:
    return evaluate(facts, rulebook(rule("r", criterion)), on)[0]


def said(criterion: Any, facts: BuildFacts, language: str, on: date = TODAY) -> list[str]:
    names = Names(country=lambda code: COUNTRIES[language][code])
    return sentences(result(criterion, facts, on), language, names)


DJI = build(
    manufacturer=3,
    vendors=(
        vendor(3, "SZ DJI Technology Co., Ltd.", "CN", name_local="深圳市大疆創新科技有限公司"),
    ),
    components=(),
    matches=(MATCHED,),
)


def test_a_listed_maker_is_named_with_entry_list_and_edition() -> None:
    assert said(MAKER, DJI, "en")[1] == (
        "SZ DJI Technology Co., Ltd. (深圳市大疆創新科技有限公司), maker of this aircraft, is entry"
        " “LISTED GROUP CO LTD” of list “Companies of concern”, edition 8 June 2026."
    )
    assert said(MAKER, DJI, "ja")[1] == (
        "本機の製造者であるSZ DJI Technology Co., Ltd.(深圳市大疆創新科技有限公司)は、"
        "リスト「懸念企業」(2026年6月8日版)の項目「LISTED GROUP CO LTD」に該当します。"
    )


def test_a_path_is_told_step_by_step() -> None:
    facts = build(
        links=(holds(1, 3, 2, "50", "75"), holds(2, 2, 1, "50", evidence=PAPER)), matches=(MATCHED,)
    )
    assert said(MAKER, facts, "en")[1:4] == [
        (
            "Sora Aircraft, maker of this aircraft, is reached from entry “LISTED GROUP CO LTD” of list"
            " “Companies of concern”, edition 8 June 2026, over these links:"
        ),
        (
            "1. Umi Holdings holds 50 % of Sora Aircraft. Source: “Declaration of origin”, Maker,"
            " 10 January 2026, documented."
        ),
        "2. Listed Group holds between 50 % and 75 % of Umi Holdings.",
    ]
    assert said(MAKER, facts, "ja")[2:4] == [
        (
            "1. Umi HoldingsはSora Aircraftの50%を保有しています。"
            "出典:「Declaration of origin」(Maker、2026年1月10日、書面あり)。"
        ),
        "2. Listed GroupはUmi Holdingsの50%以上75%以下を保有しています。",
    ]


@pytest.mark.parametrize(
    ("camera", "english", "japanese"),
    [
        (
            {"made_in": places("CN", on=CLAIM)},
            (
                "The place of manufacture of the camera (camera part) is China, which is on list"
                " “Places of concern”, edition 1 January 2026."
            ),
            "カメラ(camera part)の製造国は中国であり、リスト「懸念国・地域」(2026年1月1日版)に掲載されています。",
        ),
        (
            {"made_in": places()},
            (
                "The place of manufacture of the camera (camera part) is not known. The maker or the"
                " supplier can supply it."
            ),
            "カメラ(camera part)の製造国が不明です。製造者又は供給者が情報を提供できます。",
        ),
        (
            {"made_in": places("JP", on=LAPSED)},
            (
                "The declaration that the place of manufacture of the camera (camera part) rests on has"
                " expired. Source: “Old declaration”, Maker, 1 January 2024, verified, valid until"
                " 30 June 2026. The maker or the supplier can supply a new declaration."
            ),
            (
                "カメラ(camera part)の製造国の証憑の有効期限が切れています。出典:「Old declaration」"
                "(Maker、2024年1月1日、検証済み、有効期限2026年6月30日)。製造者又は供給者が新しい証憑を提出できます。"
            ),
        ),
        (
            {"made_in": places("JP", disputed=True)},
            (
                "The place of manufacture of the camera (camera part) is disputed. Source: “Declaration"
                " of origin”, Maker, 10 January 2026, documented. The maker or the supplier can supply"
                " evidence that settles it."
            ),
            (
                "カメラ(camera part)の製造国について争いがあります。出典:「Declaration of origin」"
                "(Maker、2026年1月10日、書面あり)。製造者又は供給者が争いを解消する証憑を提出できます。"
            ),
        ),
    ],
)
def test_what_is_said_of_a_part(camera: dict[str, Any], english: str, japanese: str) -> None:
    facts = build(components=(component(2, "camera", **camera),))
    assert said(CAMERA, facts, "en")[1] == english
    assert said(CAMERA, facts, "ja")[1] == japanese


def test_a_part_of_which_nothing_is_known_is_named() -> None:
    assert said(CAMERA, build(components=()), "en") == [
        "Undetermined: 1 point is not clear.",
        (
            "Nothing is known of the camera, not even whether it is fitted. The maker or the supplier"
            " can supply it."
        ),
        "It would pass if the camera were known not to be fitted, or to be of no concern.",
    ]


def test_what_may_be_so_is_not_said_to_be_so() -> None:
    facts = build(links=(holds(1, 3, 1, "60", status=LinkStatus.DISPUTED),), matches=(MATCHED,))
    assert said(MAKER, facts, "en")[1:3] == [
        (
            "Sora Aircraft, maker of this aircraft, may be reached from entry “LISTED GROUP CO LTD” of"
            " list “Companies of concern”, edition 8 June 2026, but this is not certain. A steward of"
            " the registry can settle it. The links are:"
        ),
        "1. Listed Group holds between 0 % and 60 % of Sora Aircraft (disputed).",
    ]
    assert said(MAKER, facts, "ja")[1].endswith(
        "の影響下にある可能性がありますが、確定していません。台帳管理者が確定できます。経路は次のとおりです。"
    )


def test_a_name_keeps_the_letter_it_begins_with() -> None:
    vendors = (vendor(1, "Sora Aircraft"), vendor(3, "iFlight", "CN"))
    facts = build(vendors=vendors, links=(holds(1, 3, 1, "60"),), matches=(MATCHED,))
    assert said(MAKER, facts, "en")[2] == "1. iFlight holds 60 % of Sora Aircraft."


def test_control_names_the_place_and_the_path() -> None:
    facts = build(links=(holds(1, 3, 1, "60"),))
    assert said(CONTROL, facts, "en")[1] == (
        "Sora Aircraft, maker of this aircraft, is controlled from China, which is on list “Places of"
        " concern”, edition 1 January 2026, over these links:"
    )
    assert said(CONTROL, facts, "ja")[1].startswith(
        "本機の製造者であるSora Aircraftの支配国は中国であり"
    )


def test_outside_says_that_the_place_is_not_on_the_list() -> None:
    allowed = Origin("concern", Where.OUTSIDE, frozenset({AircraftMeaning.ASSEMBLED_IN}))
    assert "is Japan, which is not on list “Places of concern”" in said(allowed, build(), "en")[1]
    assert "は日本であり、リスト「懸念国・地域」" in said(allowed, build(), "ja")[1]
    assert "に掲載されていません。" in said(allowed, build(), "ja")[1]


@pytest.mark.parametrize(
    ("criterion", "facts", "english", "japanese"),
    [
        (
            RequiredMeasure(frozenset({"encryption_at_rest"})),
            build(measures=(MeasureFacts("encryption_at_rest", False),)),
            "The security measure “Encryption of stored data” of the aircraft (Sora S-1 Standard) is absent.",
            "本機(Sora S-1 Standard)の安全対策「保存データの暗号化」が備わっていません。",
        ),
        (
            Certificate(frozenset({"type_certificate"})),
            build(certificates=(CertificateFacts("type_certificate", False),)),
            "The certificate “Type certificate” of the aircraft (Sora S-1 Standard) is not held.",
            "本機(Sora S-1 Standard)の認証等「型式認証」は未取得です。",
        ),
        (
            Certificate(frozenset({"type_certificate"})),
            build(),
            (
                "Whether there is the certificate “Type certificate” of the aircraft (Sora S-1 Standard)"
                " is not known. The agency or the maker can supply it."
            ),
            "本機(Sora S-1 Standard)の認証等「型式認証」の有無が不明です。機関又は製造者が情報を提供できます。",
        ),
        (
            Attribute((Limit("weight_g", below=holds(1, 2, 1, "50").low),)),
            build(attributes=(AttributeFacts("weight_g", holds(1, 2, 1, "60").low),)),
            (
                "The weight of the aircraft (Sora S-1 Standard) is at least 60 g, which does not meet the"
                " limit."
            ),
            "本機(Sora S-1 Standard)の「質量」は60 g以上であり、条件を満たしていません。",
        ),
        (
            Attribute(parts=(PartLimit("camera", False),)),
            build(),
            "The camera must not be fitted.",
            "カメラを搭載してはなりません。",
        ),
    ],
)
def test_what_the_other_criteria_say(
    criterion: Any, facts: BuildFacts, english: str, japanese: str
) -> None:
    assert said(criterion, facts, "en")[1] == english
    assert said(criterion, facts, "ja")[1] == japanese


def test_a_list_that_is_not_yet_in_force_is_said_to_be() -> None:
    late = rulebook(rule("r", MAKER), in_force_from=date(2020, 1, 1))
    told = evaluate(DJI, late, date(2020, 1, 1))[0]
    assert sentences(told, "en")[1].startswith(
        "No edition of list “Companies of concern” is in force"
    )
    assert sentences(told, "ja")[1].startswith(
        "当日において効力を有するリスト「懸念企業」の版がありません。"
    )


def test_every_fact_used_and_every_list_has_a_line_of_its_own() -> None:
    told = lines(result(CAMERA, build()), "en", Names(country=lambda code: COUNTRIES["en"][code]))
    assert [(line.part, line.text) for line in told] == [
        (Part.ANSWER, "Passes: no fact looked at names a place of concern."),
        (
            Part.CHANGE,
            (
                "It would fail, for example, if the place of manufacture of the camera (camera part)"
                " were a place of concern."
            ),
        ),
        (
            Part.USED,
            (
                "The place of manufacture of the camera (camera part) is Japan. Source: “Declaration of"
                " origin”, Maker, 10 January 2026, documented."
            ),
        ),
        (Part.LIST, "List “Places of concern”, edition 1 January 2026."),
    ]


def test_what_would_change_a_fail_is_said_smallest_first() -> None:
    facts = build(links=(holds(1, 3, 1, "60"),), matches=(MATCHED,))
    assert [text for text in said(MAKER, facts, "en") if text.startswith("It would")] == [
        "It would pass if somebody else took the place of Sora Aircraft, maker of this aircraft.",
        "It would pass if holders of concern together held less than 50 % of Sora Aircraft.",
    ]
    assert (
        "適合となる条件:懸念のある者が保有するSora Aircraftの持分が合計50%未満になること。"
        in said(MAKER, facts, "ja")
    )


def test_the_sentences_come_from_the_stored_trace_alone() -> None:
    kept = result(MAKER, DJI)
    assert sentences(Result.from_json(kept.to_json()), "ja") == sentences(kept, "ja")


@pytest.mark.parametrize(
    ("name", "said_as"),
    [
        ("Sora S-1 Standard", "Sora S-1 Standard"),
        ("Standard", "Sora S-1 — Standard"),
        ("", "Sora S-1"),
    ],
)
def test_an_aircraft_is_named_by_model_and_build(name: str, said_as: str) -> None:
    facts = replace(build(manufacturer=None), name=name)
    assert said(MAKER, facts, "en")[1].startswith(
        f"The maker of the aircraft ({said_as}) is not known."
    )


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_kind_of_criterion_has_words_for_a_pass_and_for_a_fail(language: str) -> None:
    """A kind without words is an error, never a sentence that says something else."""
    kinds = [kind.kind for kind in get_args(AnyCriterion)]
    for kind in kinds:
        for outcome in (Outcome.PASS, Outcome.FAIL):
            assert sentences(Result("jp/1/r", outcome, Trace(kind)), language)
    with pytest.raises(KeyError):
        sentences(Result("jp/1/r", Outcome.FAIL, Trace("no such kind")), language)
