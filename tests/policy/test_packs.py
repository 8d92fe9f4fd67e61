"""Policies that ship with the program: what they say, and how they become drafts."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies.context import acting_as
from audit.models import Event
from policy.criteria import Origin
from policy.models import Policy, PolicyVersion, ReferenceList, Rule
from policy.packs import FOLDER, Pack, PackError, pack_names, read_pack, read_pack_file
from policy.services import faults
from standards.countries import COUNTRY_CODES
from tests.people import People

HARDWARE = {"flight_controller", "radio", "data_transmission", "camera", "gimbal"}
SOFTWARE = {"gcs_software", "operating_software"}
NETWORK = {"network_service", "data_storage"}


@pytest.fixture(params=pack_names())
def pack(request: pytest.FixtureRequest) -> Pack:
    return read_pack(request.param)


def changed(tmp_path: Path, name: str = "japan-2020", **changes: Any) -> Path:
    """The pack with its first rule changed."""
    value = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    value["rules"][0] |= changes
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


def test_the_packs_are_those_of_japan_and_of_section_848() -> None:
    assert pack_names() == ("japan-2020", "japan-aircraft-law", "us-s848")


def test_every_rule_says_why_and_shows_a_pass_a_fail_and_an_unknown(pack: Pack) -> None:
    for rule in pack.rules:
        assert {each.expected.value for each in rule.examples} >= {"pass", "fail", "unknown"}
        assert rule.reason.en
        assert rule.citation


def test_what_rests_on_general_knowledge_is_marked_in_both_languages(pack: Pack) -> None:
    marked = {rule.code: rule.to_check for rule in pack.rules if rule.to_check.en}
    assert set(marked) == {rule.code for rule in pack.rules}
    assert [said for said in marked.values() if not said.ja] == []


def test_the_japanese_pack_asks_for_origin_parties_measures_and_consultation() -> None:
    japan = read_pack("japan-2020")
    kinds = {rule.code: (rule.criterion.kind, rule.level.name) for rule in japan.rules}
    assert kinds == {
        "origin": ("origin", "BLOCK"),
        "listed_party": ("listed_party", "BLOCK"),
        "measures": ("required_measure", "CONSULT"),
        "consultation": ("cleared_build", "CONSULT"),
    }
    months = {each.mission: each.months for each in japan.rules[0].held.missions}
    assert months == {"rescue": 84, "disaster_response": 84}
    assert japan.rules[0].held.months == 24
    assert "training" not in japan.sensitive_missions


def test_the_japanese_pack_names_no_country() -> None:
    japan = read_pack("japan-2020")
    for rule in japan.rules:
        said = f"{rule.clause} {rule.reason} {rule.citation} {rule.to_check}"
        assert not [name for name in ("China", "中国", "Russia", "ロシア", "DJI") if name in said]
        named = {place for example in rule.examples for place in example.listed}
        assert named & COUNTRY_CODES <= {"AQ"}  # where nobody lives


def test_the_four_limbs_of_section_848_ask_for_their_own_parts() -> None:
    limbs = {rule.code: rule.criterion for rule in read_pack("us-s848").rules}
    asked = {}
    for code, criterion in limbs.items():
        if isinstance(criterion, Origin):
            roles = {role for each in criterion.components for role in each.roles}
            meanings = {str(m) for each in criterion.components for m in each.meanings}
            asked[code] = (roles, meanings | {str(each) for each in criterion.aircraft})
    assert asked == {
        "aircraft": (set(), {"assembled_in", "maker_domicile"}),
        "critical_components": (HARDWARE, {"made_in", "maker_domicile"}),
        "software": (SOFTWARE, {"developed_in", "maker_domicile"}),
        "network_and_storage": (NETWORK, {"data_stored_in", "administered_from"}),
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"level": "forbid"}, r"rules\[0\].level: expected one of block, consult, inform"),
        ({"criterion": {"kind": "magic"}}, r"rules\[0\].criterion.kind: 'magic' is no kind"),
        ({"clause": {"en": "No."}}, "the clause must be said in English and Japanese"),
        ({"to_check": {"en": "This."}}, "must be said in English and Japanese"),
        ({"held": {"effect": "phase_out"}}, r"rules\[0\].held: a phase_out needs the number"),
        ({"scope": {"kind": "mission_in", "missions": ["fishing"]}}, "'fishing' is no mission"),
        ({"examples": ["none"]}, r"examples\[0\]: expected an object"),
        ({"weight": 3}, r"rules\[0\].weight: 'weight' is not known here"),
        (
            {"criterion": {"kind": "cleared_build", "list": "nowhere"}},
            "rule origin asks the list 'nowhere', not in `lists`",
        ),
    ],
)
def test_a_pack_that_is_wrong_is_refused_with_the_place_and_the_reason(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(PackError, match=words):
        read_pack_file(changed(tmp_path, **changes))


def test_an_example_that_does_not_come_out_is_named_with_what_the_rule_says(tmp_path: Path) -> None:
    value = json.loads((FOLDER / "japan-2020.json").read_text(encoding="utf-8"))
    examples = value["rules"][0]["examples"]
    examples[0]["expected"] = "fail"
    with pytest.raises(PackError, match="expected fail, but the rule says pass"):
        read_pack_file(changed(tmp_path, examples=examples))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is no JSON: line 1, column 2"),
        (b"\xff", "is not UTF-8"),
        (b"[]", "expected an object"),
        (b'{"policy": "x"}', "is missing"),
    ],
)
def test_a_file_that_is_no_pack_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "pack.json"
    file.write_bytes(content)
    with pytest.raises(PackError, match=words):
        read_pack_file(file)
    with pytest.raises(PackError, match="cannot be read"):
        read_pack_file(tmp_path / "nowhere.json")


# ------------------------------------------------------------------ as drafts


def load(name: str = "japan-2020", *options: str) -> str:
    out = StringIO()
    call_command("load_pack", name, *options, stdout=out)
    return out.getvalue()


def events() -> int:
    with acting_as(None):
        return Event.objects.count()


@pytest.mark.django_db
def test_loading_a_pack_makes_a_draft_with_its_rules_and_begins_its_lists() -> None:
    said = load()
    version = PolicyVersion.objects.get()
    assert (version.policy.code, version.status, version.drafted_by) == ("jp-2020", "draft", None)
    assert [rule.code for rule in version.rules.all()] == [
        "origin",
        "listed_party",
        "measures",
        "consultation",
    ]
    assert faults(version) == []
    assert "a draft with 4 rules" in said
    assert "List parties-of-concern was begun. It has no edition yet." in said
    assert {each.editions.count() for each in ReferenceList.objects.all()} == {0}


@pytest.mark.django_db
def test_loading_a_pack_again_changes_nothing() -> None:
    load()
    before = events()
    assert "is there already; nothing changed." in load()
    assert events() == before
    assert (Policy.objects.count(), Rule.objects.count()) == (1, 4)


@pytest.mark.django_db
def test_the_officer_named_is_the_drafter(people: People) -> None:
    load("us-s848", "--by", people.hana.email)
    version = PolicyVersion.objects.get()
    assert (version.drafted_by, version.edited_by) == (people.hana, [people.hana.pk])


@pytest.mark.django_db
def test_a_name_that_no_pack_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        CommandError, match=r"no pack 'japan'\. Packs: japan-2020, japan-aircraft-law, us-s848"
    ) as refusal:
        load("japan")
    assert refusal.value.returncode == 2
    with pytest.raises(CommandError, match="nobody with the email"):
        load("japan-2020", "--by", "nobody@test.example")


@pytest.mark.django_db
def test_a_list_of_another_kind_under_the_same_code_stops_the_pack() -> None:
    with acting_as(None):
        ReferenceList.objects.create(
            code="jurisdictions-of-concern", kind="entities", name_en="Other", name_local="別"
        )
    with pytest.raises(CommandError, match=r"of another kind|異なる"):
        load()
    assert not Policy.objects.exists()
