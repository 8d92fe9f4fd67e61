"""The twelve real cases as data, each with the outcome argued, and the four limbs of section 848.

The files of `real_cases/` hold lists, versions and checks. Facts are simplified and illustrative; a check
says what differs from `base.json`, and papers are named there.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policy.criteria import Origin
from policy.criteria.origin import AircraftMeaning, ComponentQuestion, Meaning
from policy.editions import (
    AnyList,
    ClearanceEdition,
    ClearanceList,
    ClearedEntry,
    EntityEdition,
    EntityList,
    Entry,
    JurisdictionEdition,
    JurisdictionList,
)
from policy.engine import evaluate
from policy.facts import BuildFacts, Party, VendorFacts
from policy.rules import Rulebook, VersionFacts
from policy.trace import Outcome, Text, Why
from policy.verdicts import Case, judge
from standards.codec import decode
from tests.policy.builders import PAPER, component, places, rule, vendor

FAIL, PASS, UNKNOWN = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN
DAY = date(2026, 7, 1)

COVERED = JurisdictionList(
    "covered",
    Text("Covered countries"),
    (
        JurisdictionEdition(
            date(2024, 10, 1), date(2024, 10, 1), "1" * 64, frozenset({"CN", "RU", "IR", "KP"})
        ),
    ),
)
HARDWARE = frozenset({"flight_controller", "radio", "data_transmission", "camera", "gimbal"})
SOFTWARE = frozenset({"gcs_software", "operating_software"})
NETWORK = frozenset({"network_service", "data_storage"})
LIMBS: dict[str, Any] = {
    "made": Origin(
        "covered",
        aircraft=frozenset({AircraftMeaning.ASSEMBLED_IN, AircraftMeaning.MAKER_DOMICILE}),
    ),
    "parts": Origin(
        "covered",
        components=(
            ComponentQuestion(HARDWARE, frozenset({Meaning.MADE_IN, Meaning.MAKER_DOMICILE})),
        ),
    ),
    "software": Origin(
        "covered",
        components=(
            ComponentQuestion(SOFTWARE, frozenset({Meaning.DEVELOPED_IN, Meaning.MAKER_DOMICILE})),
        ),
    ),
    "network": Origin(
        "covered",
        components=(
            ComponentQuestion(
                NETWORK, frozenset({Meaning.DATA_STORED_IN, Meaning.ADMINISTERED_FROM})
            ),
        ),
    ),
}


def outcomes(facts: BuildFacts, criteria: dict[str, Any], on: date = DAY) -> Any:
    rules = tuple(rule(code, criterion) for code, criterion in criteria.items())
    version = VersionFacts("us", "1", date(2020, 1, 1), None, frozenset(), rules)
    book = Rulebook((version,), (COVERED,))
    return {each.rule.split("/")[-1]: each.outcome for each in evaluate(facts, book, on)}


US = vendor(1, "US maker", "US")
CN = vendor(2, "SZ DJI", "CN")


def american(*parts: Any, **more: Any) -> BuildFacts:
    """Made, developed, stored and administered in the US, but for the parts handed over."""
    replaced = {part.role for part in parts}
    own = tuple(
        component(
            100 + number, role, "US", data_stored_in=places("US"), administered_from=places("US")
        )
        for number, role in enumerate(sorted(HARDWARE | SOFTWARE | NETWORK))
        if role not in replaced
    )
    given: dict[str, Any] = {
        "manufacturer": 1,
        "assembled_in": places("US"),
        "licensor": Party(known=True, evidence=PAPER),
        "vendors": (US, CN),
        **more,
    }
    return BuildFacts(7, "A-1", "A-1", components=(*own, *parts), **given)


def test_the_four_limbs_of_section_848_are_four_separate_answers() -> None:
    assert set(outcomes(american(), LIMBS).values()) == {PASS}
    cases = {
        "made": american(assembled_in=places("CN")),
        "parts": american(component(1, "radio", "CN")),
        "software": american(component(1, "gcs_software", "CN")),
        "network": american(
            component(
                1, "data_storage", data_stored_in=places("CN"), administered_from=places("US")
            )
        ),
    }
    for limb, facts in cases.items():
        expected = dict.fromkeys(LIMBS, PASS) | {limb: FAIL}
        assert outcomes(facts, LIMBS) == expected, limb


def test_a_part_of_unknown_origin_is_named_and_neither_passes_nor_fails() -> None:
    facts = american(component(1, "radio", made_in=places(), maker=None))
    version = VersionFacts(
        "us", "1", date(2020, 1, 1), None, frozenset(), (rule("parts", LIMBS["parts"]),)
    )
    (result,) = evaluate(facts, Rulebook((version,), (COVERED,)), DAY)
    assert result.outcome is UNKNOWN
    told = [(each.subject.role, each.predicate, each.why) for each in result.trace.missing]
    assert told == [("radio", "made_in", Why.NOT_KNOWN), ("radio", "maker", Why.NOT_KNOWN)]


def test_a_part_maker_whose_seat_is_unknown_leaves_the_part_unknown() -> None:
    stranger = VendorFacts(2, "Unknown Parts")
    facts = american(component(1, "camera", "US", maker=2), vendors=(US, stranger))
    assert outcomes(facts, LIMBS)["parts"] is UNKNOWN


# ------------------------------------------------------------------ the twelve cases

FOLDER = Path(__file__).parent / "real_cases"
NAMES = sorted(path.stem for path in FOLDER.glob("[0-9]*.json"))
BASE = json.loads((FOLDER / "base.json").read_text(encoding="utf-8"))


def read_case(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def with_papers(value: Any) -> Any:
    if isinstance(value, list):
        return [with_papers(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: BASE["papers"][part] if name == "evidence" and part else with_papers(part)
        for name, part in value.items()
    }


def as_list(given: Any) -> AnyList:
    code, name = given["code"], Text(given["code"])
    days = [(date.fromisoformat(each["day"]), each["entries"]) for each in given["editions"]]
    if given["kind"] == "jurisdictions":
        places = (JurisdictionEdition(d, d, str(d), frozenset(keys)) for d, keys in days)
        return JurisdictionList(code, name, tuple(places))
    if given["kind"] == "entities":
        parties = (
            EntityEdition(d, d, str(d), tuple(Entry(key, key) for key in keys)) for d, keys in days
        )
        return EntityList(code, name, tuple(parties))
    cleared = (
        ClearanceEdition(d, d, str(d), tuple(ClearedEntry(key, key) for key in keys))
        for d, keys in days
    )
    return ClearanceList(code, name, tuple(cleared))


def as_rule(given: Any) -> Any:
    said = {
        "clause": {"en": "See the case.", "ja": "事例参照"},
        "authoritative": "en",
        "citation": "",
    }
    return said | given


def book_of(case: Any) -> Rulebook:
    versions = [
        decode(VersionFacts, {**each, "rules": [as_rule(rule) for rule in each["rules"]]})
        for each in case["versions"]
    ]
    return Rulebook(tuple(versions), tuple(as_list(each) for each in case["lists"]))


CHECKS = [(name, place) for name in NAMES for place in range(len(read_case(name)["checks"]))]


def test_there_are_twelve_cases_each_argued_and_each_with_an_outcome() -> None:
    assert len(NAMES) == 12
    for name in NAMES:
        case = read_case(name)
        assert len(case["argued"].split()) >= 15
        assert case["checks"]
        assert all(check["outcomes"] for check in case["checks"])


@pytest.mark.parametrize(("name", "place"), CHECKS)
def test_a_real_case_comes_out_as_argued(name: str, place: int) -> None:
    case = read_case(name)
    check, book = case["checks"][place], book_of(case)
    day = date.fromisoformat(check["on"])
    facts = BuildFacts.from_json(with_papers(BASE["facts"] | check["facts"]))
    results = evaluate(facts, book, day)
    found = {each.rule.split("/")[-1]: each.outcome.value for each in results}
    assert {code: found.get(code) for code in check["outcomes"]} == check["outcomes"], case[
        "argued"
    ]
    if "case" in check:
        verdict = judge(results, decode(Case, {"build": 7, **check["case"]}), book, (), day)
        assert verdict.standing.name.lower() == check["standing"], case["argued"]
        assert verdict.flagged is check.get("flagged", verdict.flagged)
