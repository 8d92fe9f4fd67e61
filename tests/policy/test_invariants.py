"""What must hold for any facts: 40 examples each in the suite, 2,000 in the slow run."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from policy.criteria import (
    Attribute,
    Certificate,
    ClearedBuild,
    ListedParty,
    Origin,
    RequiredMeasure,
)
from policy.criteria.attribute import Limit, PartLimit
from policy.criteria.listed_party import PartyRole
from policy.criteria.origin import AircraftMeaning, ComponentQuestion, Meaning, Where
from policy.editions import ClearanceEdition, ClearanceList, ClearedEntry
from policy.engine import breakpoints, evaluate
from policy.facts import BuildFacts, Link, LinkKind
from policy.ownership import Ownership, OwnershipTest, certain, holdings, possible
from policy.rules import Effect, HeldEffect, MissionMonths, Rule, Rulebook
from policy.scopes import ALWAYS, Acquisition
from policy.sentences import lines
from policy.trace import Outcome, Result, Text
from policy.verdicts import Case, Standing, judge
from tests.policy.builders import COMPANIES, CONCERN, TODAY, rule, rulebook
from tests.policy.removals import removals, without_shareholdings
from tests.policy.strategies import ROLES, VENDORS, facts, links, owned

CLEARED = ClearanceList(
    "cleared",
    Text("Cleared aircraft", "承認機体"),
    (
        ClearanceEdition(
            date(2026, 6, 1),
            date(2026, 6, 1),
            "d" * 64,
            (ClearedEntry("sora", "Sora S-1", valid_until=date(2026, 7, 2)),),
        ),
    ),
)
BEFORE, LATEST = COMPANIES.editions
LATER_OFF = tuple(
    replace(each, listed_until=TODAY + timedelta(days=2)) if each.key == "late" else each
    for each in LATEST.entries
)
ENTITIES = replace(COMPANIES, editions=(BEFORE, replace(LATEST, entries=LATER_OFF)))
QUESTION = ComponentQuestion(frozenset(ROLES), frozenset(Meaning))
AFFILIATE = OwnershipTest(Ownership.AFFILIATE, threshold=Decimal(10))
STRICT = OwnershipTest(undisclosed=True)
PARTIES = frozenset(PartyRole)
CRITERIA: dict[str, Any] = {
    "inside": Origin("concern", Where.INSIDE, frozenset(AircraftMeaning), (QUESTION,)),
    "outside": Origin("concern", Where.OUTSIDE, frozenset(AircraftMeaning), (QUESTION,)),
    "strict-origin": Origin(
        "concern", aircraft=frozenset({AircraftMeaning.MAKER_CONTROLLED_FROM}), ownership=STRICT
    ),
    "share": ListedParty("companies", PARTIES, frozenset(ROLES)),
    "affiliate": ListedParty("companies", PARTIES, frozenset(ROLES), AFFILIATE),
    "strict": ListedParty("companies", frozenset({PartyRole.MAKER}), ownership=STRICT),
    "maker": ListedParty("companies", frozenset({PartyRole.MAKER})),
    "measure": RequiredMeasure(frozenset({"encryption"})),
    "cleared": ClearedBuild("cleared"),
    "attribute": Attribute((Limit("weight_g", at_most=Decimal(100)),)),
    "part": Attribute(parts=(PartLimit("camera", True),)),
    "certificate": Certificate(frozenset({"type"})),
    "made": Origin(
        "concern",
        components=(ComponentQuestion(frozenset({"camera"}), frozenset({Meaning.MADE_IN})),),
    ),
}
HELD = HeldEffect(Effect.PHASE_OUT, 3, (MissionMonths("rescue", 4),))


def all_rules() -> list[Rule]:
    return [rule(name, criterion, held=HELD, scope=ALWAYS) for name, criterion in CRITERIA.items()]


BOOK = Rulebook(rulebook(*all_rules()).policies, (CONCERN, ENTITIES, CLEARED))


def outcomes(of: BuildFacts, on: date = TODAY, book: Rulebook = BOOK) -> dict[str, Outcome]:
    return {result.rule: result.outcome for result in evaluate(of, book, on)}


def sweep(**strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """A test in two lengths: 40 examples always, 2,000 in the slow run."""

    def decorate(check: Callable[..., None]) -> Any:
        def run(examples: int) -> None:
            drawn = given(**strategies)(check)
            checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
            settings(max_examples=examples, deadline=None, suppress_health_check=checks)(drawn)()

        lengths = [40, pytest.param(2000, marks=pytest.mark.slow)]
        return pytest.mark.parametrize("examples", lengths)(run)

    return decorate


@sweep(known=facts(), start=st.integers(0, 5))
def test_knowing_less_turns_nothing_into_a_pass_and_no_pass_into_a_fail(
    known: BuildFacts, start: int
) -> None:
    before = outcomes(known)
    for less in list(removals(known))[start::6]:
        for key, after in outcomes(less).items():
            assert after is not Outcome.PASS or before[key] is Outcome.PASS, key
            assert after is not Outcome.FAIL or before[key] is not Outcome.PASS, key


def adds_up(known: BuildFacts) -> bool:
    """Whether no vendor has more than all of its shares in certain hands."""
    graph = holdings(known.links, TODAY)
    return all(
        sum(each.low for each in held if each.link.kind is LinkKind.SHAREHOLDING) <= 100
        for held in graph.values()
    )


@sweep(known=owned())
def test_hiding_a_shareholding_never_helps_where_undisclosed_owners_count(
    known: BuildFacts,
) -> None:
    assume(adds_up(known))
    before = outcomes(known)
    for less in without_shareholdings(known):
        for key, after in outcomes(less).items():
            if "strict" in key:
                assert after is not Outcome.PASS or before[key] is Outcome.PASS, key


@sweep(known=facts(), seed=st.integers(0, 99))
def test_order_carries_no_meaning(known: BuildFacts, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 a repeatable order, not a secret

    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(items, len(items)))

    other = replace(
        known,
        components=mixed(known.components),
        links=mixed(known.links),
        vendors=mixed(known.vendors),
        matches=mixed(known.matches),
        measures=mixed(known.measures),
    )
    book = Rulebook(
        tuple(replace(each, rules=mixed(each.rules)) for each in BOOK.policies), mixed(BOOK.lists)
    )
    assert other == known
    assert other.digest() == known.digest()
    assert book.digest() == BOOK.digest()
    assert evaluate(other, book, TODAY) == evaluate(known, BOOK, TODAY)


def exact(link: Link, where: Decimal) -> Link:
    """A world in which the share of the link is known: `where` of the way through its range."""
    share = link.low + (link.high - link.low) * where
    return replace(link, share_min=share, share_max=share)


@sweep(
    known=owned(),
    places=st.lists(
        st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]), min_size=6, max_size=6
    ),
)
def test_a_range_of_shares_brackets_every_exact_share_in_it(
    known: BuildFacts, places: list[Decimal]
) -> None:
    settled = replace(
        known,
        links=tuple(exact(link, where) for link, where in zip(known.links, places, strict=False)),
    )
    assume(adds_up(settled))
    vague, sharp = outcomes(known), outcomes(settled)
    for key, outcome in vague.items():
        if outcome is Outcome.FAIL:
            assert sharp[key] is Outcome.FAIL, key
        if outcome is Outcome.PASS:
            assert sharp[key] is Outcome.PASS, key


@sweep(one=facts(), other=facts(), turn=st.integers(0, 200))
def test_digests_are_equal_exactly_when_facts_are(
    one: BuildFacts, other: BuildFacts, turn: int
) -> None:
    assert (one == other) is (one.digest() == other.digest())
    assembled = replace(one.assembled_in, disputed=not one.assembled_in.disputed)
    variations = [replace(one, assembled_in=assembled), *removals(one)]
    for changed in (variations[0], variations[turn % len(variations)]):
        assert (one == changed) is (one.digest() == changed.digest())


@sweep(known=facts())
def test_facts_and_results_are_read_as_they_were_written(known: BuildFacts) -> None:
    assert BuildFacts.from_json(known.to_json()) == known
    for result in evaluate(known, BOOK, TODAY):
        assert Result.from_json(result.to_json()) == result


@sweep(known=facts())
def test_every_result_gives_its_reasons_in_both_languages(known: BuildFacts) -> None:
    for result in evaluate(known, BOOK, TODAY):
        trace = result.trace
        assert bool(trace.hits) is (result.outcome is Outcome.FAIL)
        assert bool(trace.missing) >= (result.outcome is Outcome.UNKNOWN)
        for language in ("en", "ja"):
            said = [line.text for line in lines(result, language)]
            assert all(said)
            assert not any("{" in text or "None" in text or "  " in text for text in said), said


@sweep(
    known=facts() | owned(),
    kind=st.sampled_from(Acquisition),
    mission=st.sampled_from(["rescue", None]),
)
def test_between_two_breakpoints_nothing_changes(
    known: BuildFacts, kind: Acquisition, mission: str | None
) -> None:
    case = Case(kind, None if mission is None else frozenset({mission}), build=7)
    start = TODAY - timedelta(days=4)
    days = set(breakpoints(known, BOOK, start))
    before: tuple[dict[str, Outcome], Standing] | None = None
    for offset in range(9):
        day = start + timedelta(days=offset)
        results = evaluate(known, BOOK, day)
        now = (
            {result.rule: result.outcome for result in results},
            judge(results, case, BOOK, (), day).standing,
        )
        assert before is None or now == before or day in days, day
        before = now


@sweep(found=links())
def test_whoever_is_certainly_caught_is_also_possibly_caught(found: tuple[Link, ...]) -> None:
    for test in (OwnershipTest(), AFFILIATE, STRICT):
        graph = holdings(found, TODAY)
        sure = set(certain(graph, (3,), test).caught)
        assert sure <= set(possible(graph, (3,), VENDORS, test).caught)


@sweep(
    parts=st.lists(st.integers(1, 4000), min_size=1, max_size=6),
    missing=st.sampled_from([0, 1, 100]),
)
def test_fifty_percent_in_aggregate_crosses_and_a_hundredth_less_does_not(
    parts: list[int], missing: int
) -> None:
    """Shares in hundredths of a percent, of several listed holders, that add up to 50 % less `missing`."""
    assume(sum(parts) <= 5000 - missing)
    shares = [*parts, 5000 - missing - sum(parts)]
    listed = [*range(10, 10 + len(shares))]
    holdings_of_one = [
        Link(
            number,
            holder,
            1,
            LinkKind.SHAREHOLDING,
            Decimal(share) / 100,
            Decimal(share) / 100,
        )
        for number, (holder, share) in enumerate(zip(listed, shares, strict=True), 1)
    ]
    caught = certain(holdings(holdings_of_one, TODAY), listed, OwnershipTest())
    assert (1 in caught) is (missing == 0)
