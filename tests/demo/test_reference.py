"""The files of demo/reference fit together and hold what the demonstration needs."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from policy.criteria import AnyCriterion
from policy.list_formats.formats import read_list
from policy.packs import read_pack
from standards.certificates import CERTIFICATES
from standards.component_roles import ROLES
from standards.countries import checked_countries
from standards.findings import Severity
from standards.identifiers import check
from standards.measures import MEASURES
from standards.missions import MISSIONS
from standards.serial_numbers import check_cta_2063_a

FOLDER = Path(__file__).parents[2] / "demo" / "reference"
MEANINGS = ("made_in", "developed_in", "data_stored_in", "administered_from")
CRITICAL = (
    "flight_controller",
    "radio",
    "data_transmission",
    "camera",
    "gimbal",
    "gcs_software",
    "operating_software",
    "network_service",
    "data_storage",
)


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def document(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


AGENCIES = table("agencies.csv")
DRONES = table("drones.csv")
PEOPLE = document("people.json")
VENDORS = {vendor["key"]: vendor for vendor in document("vendors.json")}
DECLARATIONS = {paper["key"]: paper for paper in document("declarations.json")}
MODELS = {model["key"]: model for model in document("models.json")}
BUILDS = {build["key"]: (model, build) for model in MODELS.values() for build in model["builds"]}
LISTS = {each["code"]: each for each in document("lists.json")}
MATCHED = ("parties-of-concern", "us-cleared-demo", "risk-assessed-builds")
POLICIES = document("policy.json")
JAPAN = read_pack("japan-2020")
PUBLISHED = [read_pack(each["pack"]) for each in POLICIES if each["published_by"]]
RULES = [rule.as_rule() for pack in PUBLISHED for rule in pack.rules]


def components() -> Iterator[tuple[str, dict[str, Any]]]:
    for key, (_, build) in BUILDS.items():
        for component in build["components"]:
            yield key, component


def doubled(keys: Iterable[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if count > 1]


def entries(code: str) -> list[set[str]]:
    """The keys of the entries of each edition."""
    return [
        {
            entry.key
            for entry in read_list(edition["format"], (FOLDER / edition["file"]).read_bytes())
        }
        for edition in LISTS[code]["editions"]
    ]


def test_every_key_occurs_once() -> None:
    assert doubled(agency["code"] for agency in AGENCIES) == []
    assert doubled(person["email"] for person in PEOPLE) == []
    assert len(document("vendors.json")) == len(VENDORS)
    assert len(document("declarations.json")) == len(DECLARATIONS)
    assert len(document("models.json")) == len(MODELS)
    assert len(BUILDS) == sum(len(model["builds"]) for model in MODELS.values())


def test_the_agencies_are_one_tree_with_parents_before_children() -> None:
    seen: set[str] = set()
    for agency in AGENCIES:
        assert agency["parent"] in seen or (not seen and agency["kind"] == "central")
        seen.add(agency["code"])


def test_the_coast_guard_and_the_forestry_agency_stand_under_their_ministries() -> None:
    parents = {agency["name_en"]: agency["parent"] for agency in AGENCIES}
    assert parents["Japan Coast Guard"] == "jp-mlit"
    assert parents["Forestry Agency"] == "jp-maff"


def test_every_corporate_number_has_a_fitting_check_digit() -> None:
    numbers = [agency["corporate_number"] for agency in AGENCIES if agency["corporate_number"]]
    assert len(numbers) == 6
    assert [number for number in numbers if check("jp-jcn", number).findings] == []


def test_the_accounts_of_the_public_contract_are_there() -> None:
    promised = (
        "custodian approver inspector reviewer officer steward policy auditor leader admin other"
    )
    emails = {person["email"] for person in PEOPLE}
    assert {f"{name}@demo.example" for name in promised.split()} <= emails


def test_memberships_name_agencies_that_exist() -> None:
    codes = {agency["code"] for agency in AGENCIES}
    named = {membership["agency"] for person in PEOPLE for membership in person["memberships"]}
    assert named - codes == set()


def test_every_vendor_that_is_named_exists() -> None:
    named = {model["manufacturer"] for model in MODELS.values()}
    named |= {build.get("design_licensed_from") for _, build in BUILDS.values()}
    named |= {component["maker"] for _, component in components()}
    named |= {link[end] for link in document("ownership.json") for end in ("holder", "subject")}
    named |= {match.get("vendor") for match in document("matches.json")}
    assert named - {None} - set(VENDORS) == set()


def test_every_declaration_that_is_named_exists_and_none_is_idle() -> None:
    named = {vendor["declaration"] for vendor in VENDORS.values()}
    named |= {link["declaration"] for link in document("ownership.json")}
    named |= {build["declaration"] for _, build in BUILDS.values()}
    named |= {component["declaration"] for _, component in components()}
    named |= {row["declaration"] or None for row in table("certificates.csv")}
    assert named - {None} == set(DECLARATIONS) - {"notice-1260h-2022"}


def test_declarations_expire_after_their_date() -> None:
    for paper in DECLARATIONS.values():
        assert paper["grade"] in {"claimed", "documented", "verified"}
        assert paper["expires"] is None or day(paper["expires"]) >= day(paper["dated"])


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_countries_are_sets_of_codes_or_not_known() -> None:
    facts = [
        vendor[meaning]
        for vendor in VENDORS.values()
        for meaning in ("incorporated_in", "headquartered_in")
    ]
    facts += [build["assembled_in"] for _, build in BUILDS.values()]
    facts += [component.get(meaning) for _, component in components() for meaning in MEANINGS]
    for fact in facts:
        assert fact is None or checked_countries(fact)


def test_a_known_domicile_rests_on_a_declaration() -> None:
    for vendor in VENDORS.values():
        assert (vendor["incorporated_in"] is None) or vendor["declaration"] or vendor["note"]


def test_identifiers_of_vendors_are_valid() -> None:
    for vendor in VENDORS.values():
        for identifier in vendor.get("identifiers", []):
            assert check(identifier["scheme"], identifier["value"]).findings == ()


def test_components_have_known_roles_and_none_that_the_build_does_not_have() -> None:
    for key, (_, build) in BUILDS.items():
        fitted = {component["role"] for component in build["components"]}
        absent = set(build["not_fitted"])
        assert fitted | absent <= set(ROLES.codes), key
        assert fitted & absent == set(), key


def test_each_component_says_only_what_its_kind_of_role_is_asked() -> None:
    for build, component in components():
        said = {meaning for meaning in MEANINGS if meaning in component}
        assert said <= set(ROLES[component["role"]].meanings), (build, component["part"])


def test_there_are_sixty_models_of_forty_makers_each_with_a_source() -> None:
    assert len(MODELS) >= 60
    assert len({model["manufacturer"] for model in MODELS.values()}) >= 40
    assert [key for key, model in MODELS.items() if not model["source"]] == []


def test_a_build_is_entered_only_where_something_is_known_of_it() -> None:
    empty = [
        key
        for key, (_, build) in BUILDS.items()
        if build["assembled_in"] is None and not build["components"]
    ]
    assert empty == []


def test_who_owns_a_maker_rests_on_a_source_or_is_said_to_be_unchecked() -> None:
    for link in document("ownership.json"):
        assert link["declaration"] in DECLARATIONS, link
    owned = {link["subject"] for link in document("ownership.json")}
    unsaid = [key for key in owned if "not known to this registry" in VENDORS[key].get("note", "")]
    assert unsaid == []


def clean(build: dict[str, Any]) -> bool:
    """All critical roles are answered from papers that are documented, and none from China."""
    by_role = {component["role"]: component for component in build["components"]}
    asked = [role for role in CRITICAL if role not in build["not_fitted"]]
    return documented(build["declaration"]) and all(
        role in by_role and answered(by_role[role]) for role in asked
    )


def answered(component: dict[str, Any]) -> bool:
    meanings = ROLES[component["role"]].meanings
    facts = [component.get(meaning) for meaning in meanings]
    return documented(component["declaration"]) and all(fact and "CN" not in fact for fact in facts)


def documented(declaration: str) -> bool:
    paper = DECLARATIONS[declaration]
    lasting = paper["expires"] is None or day(paper["expires"]) >= date(2030, 1, 1)
    return paper["grade"] != "claimed" and lasting


def test_four_builds_answer_every_question_of_origin_with_papers() -> None:
    assert {key for key, (_, build) in BUILDS.items() if clean(build)} == {
        "acsl-soten-standard",
        "skydio-x10d-encrypted",
        "freefly-astro-doodle",
        "acsl-pf2-cat3-standard",
    }


def test_some_build_has_a_critical_part_of_unknown_origin() -> None:
    unknown = {
        build
        for build, component in components()
        if component["role"] in {"radio", "camera"} and "made_in" not in component
    }
    assert {"parrot-anafi-usa-gov", "freefly-astro-herelink", "acsl-soten-infrared"} <= unknown


def test_both_bundles_of_astro_differ_in_their_radio() -> None:
    radios = {
        build: component["part"]
        for build, component in components()
        if component["role"] == "radio" and build.startswith("freefly-astro")
    }
    assert radios == {
        "freefly-astro-doodle": "Helix mesh radio",
        "freefly-astro-herelink": "Herelink",
    }


def test_thirty_aircraft_stand_at_two_agencies() -> None:
    assert Counter(drone["agency"] for drone in DRONES) == {"jp-jcg": 18, "jp-forestry": 12}


PUBLISHED_FLEETS = {
    "jp-forestry": 150,
    "jp-mlit": 84,
    "jp-mod": 60,
    "jp-jcg": 30,
    "jp-npa": 19,
    "jp-maff": 12,
    "jp-fdma": 6,
    "jp-moe": 2,
    "jp-nra": 1,
}
"""Press on the survey of March 2017, and on the Coast Guard in 2020."""


def test_fleets_name_models_and_builds_that_exist_and_missions_that_are_known() -> None:
    for row in table("fleets.csv"):
        builds = {build["key"] for build in MODELS[row["model"]]["builds"]}
        assert row["build"] in {"", *builds}, row
        assert set(row["missions"].split(";")) <= set(MISSIONS.codes), row
        assert (row["way"], bool(row["maker"])) in {("log", False), ("import", True)}, row


def test_no_fleet_counts_more_aircraft_than_were_published() -> None:
    counted: Counter[str] = Counter()
    for row in table("fleets.csv"):
        counted[row["agency"]] += int(row["number"])
    more = {code for code, number in counted.items() if number > PUBLISHED_FLEETS.get(code, 3)}
    assert more == set()


@pytest.mark.parametrize("drone", DRONES, ids=lambda drone: drone["serial_number"] or "none")
def test_an_aircraft_fits_its_model(drone: dict[str, str]) -> None:
    model = MODELS[drone["model"]]
    assert drone["build"] in {"", *(build["key"] for build in model["builds"])}
    assert set(drone["missions"].split(";")) <= set(MISSIONS.codes)
    assert day(drone["acquired_on"]) < date(2026, 4, 1)
    assert bool(drone["serial_number"]) is not bool(drone["serial_missing_because"])
    if drone["serial_number"] and model["serial_scheme"] == "cta-2063-a":
        assert check_cta_2063_a(drone["serial_number"], model["maker_codes"]).findings == ()


def test_no_serial_number_occurs_twice() -> None:
    assert doubled(drone["serial_number"] for drone in DRONES if drone["serial_number"]) == []


def test_each_lists_editions_can_be_read() -> None:
    for edition in LISTS["jurisdictions-of-concern"]["editions"]:
        assert checked_countries(edition["entries"])
    first, second = entries("parties-of-concern")
    assert len(first) == 12
    assert second - first == {"autel intelligent technology"}


def test_matches_name_entries_that_some_edition_has() -> None:
    known = {code: set[str]().union(*entries(code)) for code in MATCHED}
    wrong = [m for m in document("matches.json") if m["entry"] not in known[m["list"]]]
    assert wrong == []


def test_matches_are_of_a_vendor_or_of_a_build_that_exists() -> None:
    for match in document("matches.json"):
        assert ("vendor" in match) is (match["list"] == "parties-of-concern")
        assert match.get("build") in {None, *BUILDS}


def test_of_two_bundles_of_one_model_one_is_cleared_and_the_other_decided_not_to_be() -> None:
    decided = {
        m["build"]: m.get("decision", "same") for m in document("matches.json") if "build" in m
    }
    assert decided["freefly-astro-doodle"] == "same"
    assert decided["freefly-astro-herelink"] == "different"


def test_measures_and_certificates_name_what_exists() -> None:
    for entry in document("measures.json"):
        assert entry["build"] in BUILDS
        assert set(entry["measures"]) <= set(MEASURES.codes)
    for row in table("certificates.csv"):
        assert row["certificate"] in CERTIFICATES


def test_every_kind_of_rule_is_at_work_and_refers_to_lists_that_exist() -> None:
    assert [each["leave_out"] for each in POLICIES] == [[]] * len(POLICIES)
    kinds = {kind.kind for kind in get_args(AnyCriterion)}
    assert {rule.criterion.kind for rule in RULES} == kinds
    named = {code for rule in RULES for code in rule.criterion.list_codes()}
    named |= {each.code for each in read_pack("us-s848").lists if each.kind == "jurisdictions"}
    assert named | {"us-cleared-demo"} == set(LISTS)


def test_the_policy_names_no_country() -> None:
    for rule in RULES:
        text = f"{rule.clause.en} {rule.clause.ja} {rule.citation}"
        assert not [name for name in ("China", "中国", "Russia", "ロシア") if name in text]


def test_the_sensitive_missions_are_known_and_leave_training_free() -> None:
    sensitive = set(JAPAN.sensitive_missions)
    assert sensitive <= set(MISSIONS.codes)
    assert sensitive & {"training", "public_relations", "general_survey"} == set()


def test_the_drafter_does_not_publish() -> None:
    assert [each for each in POLICIES if each["drafted_by"] == each["published_by"]] == []
    assert POLICIES[0]["published_by"]


def test_no_serial_number_has_an_error() -> None:
    schemes = {key: model["serial_scheme"] for key, model in MODELS.items()}
    verdicts = [
        check(schemes[d["model"]], d["serial_number"]) for d in DRONES if d["serial_number"]
    ]
    assert [verdict for verdict in verdicts if verdict.severity is Severity.ERROR] == []
