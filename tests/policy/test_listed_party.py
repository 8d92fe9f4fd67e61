from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from policy.criteria.inquiry import Context, Finding
from policy.criteria.listed_party import ListedParty, PartyRole
from policy.editions import EntityEdition, EntityList, Entry
from policy.engine import breakpoints, evaluate
from policy.facts import (
    NOBODY,
    PARTY_NOT_KNOWN,
    BuildFacts,
    Grade,
    Link,
    LinkKind,
    LinkStatus,
    Match,
    Party,
)
from policy.ownership import Ownership, OwnershipTest
from policy.rules import Rulebook
from policy.sentences import lines
from policy.trace import Outcome, Why
from tests.policy.builders import (
    CLAIM,
    COMPANIES,
    MATCHED,
    PAPER,
    TODAY,
    build,
    component,
    holds,
    rulebook,
    vendor,
)
from tests.policy.builders import rule as clause

FAIL, PASS, UNKNOWN, SILENT = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE


def rule(*parties: PartyRole, **more: Any) -> ListedParty:
    return ListedParty("companies", frozenset(parties), **more)


def check(facts: BuildFacts, criterion: ListedParty, on: date = TODAY) -> Finding:
    return criterion.check(facts, Context({"companies": COMPANIES}, on, Grade.DOCUMENTED))


def matched(**more: Any) -> BuildFacts:
    return build(**{"matches": (MATCHED,), **more})


MAKER = rule(PartyRole.MAKER)
DAY = timedelta(days=1)
TAKEN_OFF = EntityList(
    "companies",
    COMPANIES.name,
    (
        EntityEdition(
            TODAY - DAY,
            TODAY - DAY,
            "e" * 64,
            (Entry("listed", "LISTED GROUP CO LTD", TODAY), Entry("also", "LISTED ALSO")),
        ),
    ),
)
ENDING = Rulebook(rulebook(clause(criterion=MAKER)).policies, (TAKEN_OFF,))
"""Of the two entries one is listed through today."""


@pytest.mark.parametrize(("manufacturer", "outcome"), [(1, PASS), (3, FAIL), (None, UNKNOWN)])
def test_the_maker_of_the_aircraft(manufacturer: int | None, outcome: Outcome) -> None:
    assert check(matched(manufacturer=manufacturer), MAKER).outcome is outcome


def test_a_vendor_is_an_entry_only_by_a_decided_match() -> None:
    assert check(build(manufacturer=3), MAKER).outcome is PASS


def test_a_match_with_an_entry_of_another_list_or_of_no_edition_counts_for_nothing() -> None:
    elsewhere = replace(MATCHED, list_code="other")
    gone = replace(MATCHED, entry_key="gone")
    assert check(build(manufacturer=3, matches=(elsewhere, gone)), MAKER).outcome is PASS


def test_an_entry_convicts_from_the_day_its_edition_takes_effect() -> None:
    facts = build(manufacturer=3, matches=(Match("companies", "late", vendor=3),))
    assert check(facts, MAKER, date(2026, 6, 7)).outcome is PASS
    assert check(facts, MAKER, date(2026, 6, 8)).outcome is FAIL


@pytest.mark.parametrize(
    ("day", "outcome"), [(TODAY - DAY, FAIL), (TODAY, FAIL), (TODAY + DAY, PASS)]
)
@pytest.mark.parametrize("maker", [3, 1])
def test_an_entry_that_was_taken_off_convicts_through_its_last_day_whoever_it_reaches(
    maker: int, day: date, outcome: Outcome
) -> None:
    facts = matched(manufacturer=maker, links=(holds(1, 3, 1, "60", evidence=PAPER),))
    result = evaluate(facts, ENDING, day)[0]
    assert result.outcome is outcome
    said = [use.values for use in result.trace.used if use.predicate == "taken_off"]
    assert said == ([] if outcome is FAIL else [("LISTED GROUP CO LTD", TODAY.isoformat())])


def test_the_day_after_the_last_day_of_an_entry_is_one_on_which_something_changes() -> None:
    assert TODAY + DAY in breakpoints(matched(manufacturer=3), ENDING, TODAY)


def test_a_vendor_of_two_entries_is_listed_while_one_of_them_is() -> None:
    both = matched(manufacturer=3, matches=(MATCHED, Match("companies", "also", vendor=3)))
    result = evaluate(both, ENDING, TODAY + DAY)[0]
    assert result.outcome is FAIL
    assert [hit.entry.key for hit in result.trace.hits if hit.entry] == ["also"]
    assert "taken_off" not in {use.predicate for use in result.trace.used}


def test_what_was_taken_off_is_said_in_both_languages_and_named_as_no_way_to_fail() -> None:
    result = evaluate(matched(manufacturer=3), ENDING, TODAY + DAY)[0]
    english, japanese = ([line.text for line in lines(result, each)] for each in ("en", "ja"))
    assert any("was on the list as LISTED GROUP CO LTD through" in text for text in english)
    assert any(
        "「LISTED GROUP CO LTD」としてリストに掲載されていましたが" in text for text in japanese
    )
    (way,) = result.trace.would_change
    assert [change.predicate for change in way.changes] == ["owners"]


def test_before_the_first_edition_the_rule_is_unknown() -> None:
    assert check(matched(manufacturer=3), MAKER, date(2025, 1, 6)).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("maker", "evidence", "outcome"),
    [
        (1, PAPER, PASS),
        (1, CLAIM, UNKNOWN),
        (1, None, UNKNOWN),
        (None, PAPER, UNKNOWN),
        (3, PAPER, FAIL),
        (3, None, FAIL),
    ],
)
def test_the_maker_of_a_part(maker: int | None, evidence: Any, outcome: Outcome) -> None:
    facts = matched(components=(component(1, "camera", maker=maker, evidence=evidence),))
    assert check(facts, rule(PartyRole.COMPONENT_MAKER)).outcome is outcome


def test_only_parts_with_the_roles_named_are_looked_at_and_all_of_these_must_be_known() -> None:
    parts = (component(1, "camera"), component(2, "battery", maker=3))
    cameras = rule(PartyRole.COMPONENT_MAKER, roles=frozenset({"camera"}))
    radios = rule(PartyRole.COMPONENT_MAKER, roles=frozenset({"radio"}))
    assert check(matched(components=parts), cameras).outcome is PASS
    assert check(matched(components=parts), rule(PartyRole.COMPONENT_MAKER)).outcome is FAIL
    assert check(matched(components=parts), radios).outcome is UNKNOWN
    no_radio = matched(components=parts, not_fitted=frozenset({"radio"}))
    assert check(no_radio, radios).outcome is PASS


def test_a_build_of_which_no_part_is_known_is_unknown() -> None:
    assert check(matched(components=()), rule(PartyRole.COMPONENT_MAKER)).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("licensor", "outcome"),
    [
        (Party(known=True, vendor=3), FAIL),
        (Party(known=True, vendor=2, evidence=PAPER), PASS),
        (Party(known=True, vendor=2, evidence=CLAIM), UNKNOWN),
        (Party(known=True, evidence=PAPER), PASS),
        (NOBODY, UNKNOWN),
        (PARTY_NOT_KNOWN, UNKNOWN),
    ],
)
def test_the_licensor_of_the_design(licensor: Party, outcome: Outcome) -> None:
    assert check(matched(licensor=licensor), rule(PartyRole.LICENSOR)).outcome is outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(LinkStatus.ASSERTED, FAIL), (LinkStatus.DISPUTED, UNKNOWN), (LinkStatus.DENIED, PASS)],
)
def test_a_licence_of_the_maker_counts_like_one_of_the_build(
    status: LinkStatus, outcome: Outcome
) -> None:
    licence = Link(9, 3, 1, LinkKind.LICENSED_DESIGN, status=status)
    assert check(matched(links=(licence,)), rule(PartyRole.LICENSOR)).outcome is outcome


@pytest.mark.parametrize(
    ("supplier", "outcome"),
    [
        (NOBODY, SILENT),
        (PARTY_NOT_KNOWN, UNKNOWN),
        (Party(known=True, vendor=2), PASS),
        (Party(known=True, vendor=3), FAIL),
    ],
)
def test_the_supplier_of_a_purchase(supplier: Party, outcome: Outcome) -> None:
    assert check(matched(supplier=supplier), rule(PartyRole.SUPPLIER)).outcome is outcome


DISPUTED_AFFILIATE = Link(1, 3, 1, LinkKind.AFFILIATION, status=LinkStatus.DISPUTED)
AFFILIATE = Link(1, 3, 1, LinkKind.AFFILIATION)
CONTROL = Link(1, 3, 1, LinkKind.CONTROL)


@pytest.mark.parametrize(
    ("links", "share", "affiliate"),
    [
        ((), PASS, PASS),
        ((holds(1, 3, 1, "49.99"),), PASS, FAIL),
        ((holds(1, 3, 1, "50"),), FAIL, FAIL),
        ((holds(1, 3, 1, "30", "60"),), UNKNOWN, FAIL),
        ((holds(1, 3, 1, None),), UNKNOWN, UNKNOWN),
        ((holds(1, 3, 1, "0"),), PASS, PASS),
        ((holds(1, 1, 3, "100"),), PASS, FAIL),
        ((CONTROL,), FAIL, FAIL),
        ((AFFILIATE,), PASS, FAIL),
        ((DISPUTED_AFFILIATE,), PASS, UNKNOWN),
        ((Link(1, 3, 1, LinkKind.LICENSED_DESIGN),), PASS, PASS),
        ((holds(1, 2, 3, "10"), holds(2, 2, 1, "10")), PASS, FAIL),
    ],
)
def test_how_far_a_list_reaches_by_share_and_by_affiliation(
    links: tuple[Link, ...], share: Outcome, affiliate: Outcome
) -> None:
    facts = matched(links=links)
    any_affiliate = OwnershipTest(Ownership.AFFILIATE, threshold=Decimal(0))
    assert check(facts, MAKER).outcome is share
    assert check(facts, rule(PartyRole.MAKER, ownership=any_affiliate)).outcome is affiliate


def test_control_may_be_left_out_of_a_share_rule() -> None:
    shares_alone = OwnershipTest(control=False)
    criterion = rule(PartyRole.MAKER, ownership=shares_alone)
    assert check(matched(links=(CONTROL,)), criterion).outcome is PASS


def test_the_disputed_affiliation_is_shown_with_its_path_and_the_entry() -> None:
    any_affiliate = OwnershipTest(Ownership.AFFILIATE, threshold=Decimal(0))
    found = check(
        matched(links=(DISPUTED_AFFILIATE,)), rule(PartyRole.MAKER, ownership=any_affiliate)
    )
    (missing,) = found.trace.missing
    assert missing.why is Why.POSSIBLE_ONLY
    assert [edge.status for edge in missing.path] == [LinkStatus.DISPUTED]
    assert missing.entry is not None
    assert missing.entry.name == "LISTED GROUP CO LTD"


def test_the_hit_names_the_entry_its_edition_and_the_shortest_path() -> None:
    longer = (holds(1, 3, 2, "100"), holds(2, 2, 1, "50"), holds(3, 3, 1, "50"))
    (hit,) = check(matched(links=longer), MAKER).trace.hits
    assert hit.entry is not None
    assert (hit.entry.key, hit.entry.list.edition) == ("listed", date(2026, 6, 8))
    assert [edge.source.name for edge in hit.path] == ["Listed Group"]


def test_undisclosed_owners_leave_a_strict_rule_unknown() -> None:
    strict = rule(PartyRole.MAKER, ownership=OwnershipTest(undisclosed=True))
    found = check(matched(vendors=(vendor(1, "Sora"), vendor(3, "Listed Group"))), strict)
    assert found.outcome is UNKNOWN
    assert [missing.predicate for missing in found.trace.missing] == ["owners"]


def test_a_rule_names_at_least_one_party() -> None:
    with pytest.raises(ValueError, match="at least one party"):
        rule()
