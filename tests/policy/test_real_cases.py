"""Cases that happened, each with the outcome argued. Facts are simplified and illustrative."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policy.criteria import ClearedBuild, ListedParty, Origin
from policy.criteria.listed_party import PartyRole
from policy.criteria.origin import AircraftMeaning, ComponentQuestion, Meaning
from policy.editions import (
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
from policy.facts import BuildFacts, Link, LinkKind, LinkStatus, Match, Party, VendorFacts
from policy.ownership import Ownership, OwnershipTest
from policy.rules import Rulebook, VersionFacts
from policy.scopes import Acquisition, SensitiveMission
from policy.trace import Outcome, Text, Why
from policy.verdicts import Case, Standing, judge
from tests.policy.builders import CLAIM, PAPER, component, places, rule, vendor

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
MILITARY = EntityList(
    "us-1260h",
    Text("Section 1260H list"),
    (
        EntityEdition(
            date(2025, 1, 7),
            date(2025, 1, 7),
            "2" * 64,
            (Entry("dji", "SZ DJI"), Entry("ar", "Autel Robotics")),
        ),
        EntityEdition(
            date(2026, 6, 8),
            date(2026, 6, 8),
            "3" * 64,
            (
                Entry("dji", "SZ DJI"),
                Entry("ar", "Autel Robotics"),
                Entry("ai", "Autel Intelligent"),
            ),
        ),
    ),
)


def cleared(*editions: tuple[date, tuple[str, ...]]) -> ClearanceList:
    made = tuple(
        ClearanceEdition(day, day, str(number) * 64, tuple(ClearedEntry(key, key) for key in keys))
        for number, (day, keys) in enumerate(editions)
    )
    return ClearanceList("blue", Text("Cleared aircraft"), made)


BLUE = cleared((date(2024, 1, 1), ("astro-doodle", "anafi-usa")))

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


def outcomes(facts: BuildFacts, criteria: dict[str, Any], on: date = DAY, blue: Any = BLUE) -> Any:
    rules = tuple(rule(code, criterion) for code, criterion in criteria.items())
    version = VersionFacts("us", "1", date(2020, 1, 1), None, frozenset(), rules)
    book = Rulebook((version,), (COVERED, MILITARY, blue))
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


def test_a_battery_from_a_covered_country_counts_for_one_rule_and_not_for_the_other() -> None:
    """Section 848 names no batteries among its critical components; the FCC notice does."""
    facts = american(component(1, "battery", "CN"))
    wider = ComponentQuestion(HARDWARE | {"battery"}, frozenset({Meaning.MADE_IN}))
    found = outcomes(facts, {**LIMBS, "fcc": Origin("covered", components=(wider,))})
    assert (found["parts"], found["fcc"]) == (PASS, FAIL)


def test_a_white_label_aircraft_is_found_by_its_licence_where_its_brand_and_assembly_are_clean() -> (
    None
):
    """US brand, assembled in Malaysia, design licensed from DJI: only the licence tells."""
    facts = american(
        assembled_in=places("MY"),
        licensor=Party(known=True, vendor=2, evidence=CLAIM),
        matches=(Match("us-1260h", "dji", vendor=2),),
    )
    maker = ListedParty("us-1260h", frozenset({PartyRole.MAKER}))
    licensor = ListedParty("us-1260h", frozenset({PartyRole.MAKER, PartyRole.LICENSOR}))
    found = outcomes(facts, {"made": LIMBS["made"], "maker": maker, "licensor": licensor})
    assert found == {"made": PASS, "maker": PASS, "licensor": FAIL}


def test_one_bundle_of_a_model_is_cleared_and_the_other_is_not() -> None:
    clearance = {"blue": ClearedBuild("blue")}
    doodle = american(matches=(Match("blue", "astro-doodle", build=7),))
    herelink = american()
    unnamed = american(configuration_known=False)
    assert outcomes(doodle, clearance) == {"blue": PASS}
    assert outcomes(herelink, clearance) == {"blue": FAIL}
    assert outcomes(unnamed, clearance) == {"blue": UNKNOWN}


def test_clearance_follows_the_list_on_off_and_on_again() -> None:
    anafi = american(matches=(Match("blue", "anafi-usa", build=7),))
    blue = cleared(
        (date(2024, 1, 1), ("anafi-usa",)),
        (date(2025, 3, 6), ()),
        (date(2025, 12, 1), ("anafi-usa",)),
    )
    days = [date(2025, 3, 5), date(2025, 3, 6), date(2025, 11, 30), date(2025, 12, 1)]
    found = [outcomes(anafi, {"r": ClearedBuild("blue")}, day, blue)["r"] for day in days]
    assert found == [PASS, FAIL, FAIL, PASS]


AUTEL = (vendor(1, "Autel Robotics", "CN"), vendor(2, "Autel Intelligent", "CN"))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(LinkStatus.ASSERTED, FAIL), (LinkStatus.DISPUTED, UNKNOWN), (LinkStatus.DENIED, PASS)],
)
def test_a_disputed_affiliation_is_neither_pass_nor_fail(
    status: LinkStatus, outcome: Outcome
) -> None:
    """A part of the unlisted firm is looked at before the edition that names both."""
    facts = american(
        component(1, "camera", "US", maker=2),
        vendors=AUTEL,
        links=(Link(1, 1, 2, LinkKind.AFFILIATION, status=status),),
        matches=(Match("us-1260h", "ar", vendor=1), Match("us-1260h", "ai", vendor=2)),
    )
    affiliates = ListedParty(
        "us-1260h",
        frozenset({PartyRole.COMPONENT_MAKER}),
        frozenset({"camera"}),
        OwnershipTest(Ownership.AFFILIATE, Decimal(0)),
    )
    assert outcomes(facts, {"r": affiliates}, date(2026, 6, 7)) == {"r": outcome}
    assert outcomes(facts, {"r": affiliates}, date(2026, 6, 8)) == {"r": FAIL}


def test_a_small_purchase_of_unclear_purpose_is_not_waved_through() -> None:
    """Two small aircraft for 89,000 yen: no threshold of value, and the work is not known."""
    dji = american(manufacturer=2, vendors=(US, CN), matches=(Match("us-1260h", "dji", vendor=2),))
    listed = rule(
        "listed", ListedParty("us-1260h", frozenset({PartyRole.MAKER})), scope=SensitiveMission()
    )
    version = VersionFacts("jp", "1", date(2021, 4, 1), None, frozenset({"rescue"}), (listed,))
    book = Rulebook((version,), (MILITARY,))
    results = evaluate(dji, book, DAY)

    def verdict(*missions: str) -> Any:
        work = frozenset(missions) or None
        case = Case(Acquisition.PURCHASE, work, 7, value=Decimal(89_000), currency="JPY")
        return judge(results, case, book, (), DAY)

    assert verdict("rescue").standing is Standing.GROUND
    assert verdict().standing is Standing.UNDETERMINED
    assert verdict().flagged
    assert verdict("public_relations").standing is Standing.CLEAR


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
