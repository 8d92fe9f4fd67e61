import random
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from policy.facts import Link, LinkKind, LinkStatus
from policy.ownership import (
    Ownership,
    OwnershipTest,
    certain,
    economic_interest,
    holdings,
    possible,
)
from standards.logic import Range
from tests.policy.builders import TODAY, holds

SHARES = OwnershipTest()
X, A, B, C = 1, 2, 3, 4


def caught(links: Iterable[Link], seeds: Iterable[int] = (X,), on: date = TODAY) -> set[int]:
    return set(certain(holdings(links, on), seeds, SHARES).caught)


def maybe(links: Iterable[Link], seeds: Iterable[int] = (X,), on: date = TODAY) -> set[int]:
    return set(possible(holdings(links, on), seeds, (), SHARES).caught)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([holds(1, X, A, "50"), holds(2, A, B, "50")], {X, A, B}),
        (
            [
                holds(1, X, A, "50"),
                holds(2, X, B, "50"),
                holds(3, A, C, "25"),
                holds(4, B, C, "25"),
            ],
            {X, A, B, C},
        ),
        ([holds(1, X, A, "50"), holds(2, X, B, "10"), holds(3, A, B, "40")], {X, A, B}),
        (
            [
                holds(1, X, A, "50"),
                holds(2, X, B, "25"),
                holds(3, A, C, "25"),
                holds(4, B, C, "25"),
            ],
            {X, A},
        ),
        ([holds(1, X, A, "49.99")], {X}),
        ([holds(1, X, A, "50.00")], {X, A}),
        ([holds(1, X, A, "25"), holds(2, A, B, "100")], {X}),
    ],
)
def test_the_worked_cases_of_the_fifty_percent_rule(links: list[Link], expected: set[int]) -> None:
    assert caught(links) == expected
    assert maybe(links) == expected


def test_a_cascade_is_no_multiplication() -> None:
    links = [holds(1, X, A, "50"), holds(2, A, B, "50")]
    assert B in caught(links)
    assert economic_interest(links, X, B, TODAY) == Range.exactly(Decimal("25.00"))


def test_several_listed_holders_count_together() -> None:
    links = [holds(1, X, C, "25"), holds(2, A, C, "25")]
    assert C in caught(links, (X, A))
    assert C not in caught(links, (X,))


def test_smallest_shares_are_certain_and_largest_possible() -> None:
    links = [holds(1, X, A, "40", "60"), holds(2, A, B, "80")]
    assert caught(links) == {X}
    assert maybe(links) == {X, A, B}


def test_an_unknown_share_may_be_anything() -> None:
    links = [holds(1, X, A, None)]
    assert caught(links) == {X}
    assert maybe(links) == {X, A}


def test_disputed_links_are_possible_only_and_denied_ones_nothing() -> None:
    disputed = [holds(1, X, A, "80", status=LinkStatus.DISPUTED)]
    denied = [holds(1, X, A, "80", status=LinkStatus.DENIED)]
    assert (caught(disputed), maybe(disputed)) == ({X}, {X, A})
    assert (caught(denied), maybe(denied)) == ({X}, {X})


def test_two_claims_about_one_holding_are_a_range_and_no_sum() -> None:
    links = [holds(1, X, A, "30"), holds(2, X, A, "60")]
    assert caught(links) == {X}
    assert maybe(links) == {X, A}
    assert maybe([holds(1, X, A, "30"), holds(2, X, A, "40")]) == {X}


def test_a_disputed_claim_does_not_weaken_an_undisputed_one() -> None:
    links = [holds(1, X, A, "60"), holds(2, X, A, "10", status=LinkStatus.DISPUTED)]
    assert caught(links) == {X, A}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), {X}),
        (date(2026, 1, 1), {X, A}),
        (date(2026, 6, 30), {X, A}),
        (date(2026, 7, 1), {X}),
    ],
)
def test_a_link_counts_from_its_first_day_until_the_day_it_ends(
    day: date, expected: set[int]
) -> None:
    link = holds(1, X, A, "60", since=date(2026, 1, 1), until=date(2026, 7, 1))
    assert caught([link], on=day) == expected


def test_a_cycle_ends_and_does_not_catch_itself() -> None:
    ring = [holds(1, A, B, "60"), holds(2, B, C, "60"), holds(3, C, A, "60")]
    assert caught(ring) == {X}
    assert caught([*ring, holds(4, X, B, "50")]) == {X, A, B, C}


def test_the_path_of_a_joint_holding_names_every_link_it_needs() -> None:
    links = [holds(1, X, A, "50"), holds(2, X, B, "50"), holds(3, A, C, "25"), holds(4, B, C, "25")]
    path = certain(holdings(links, TODAY), (X,), SHARES).path(C)
    assert sorted(holding.link.id for holding in path) == [1, 2, 3, 4]


def test_the_path_leaves_out_holders_that_are_not_needed() -> None:
    links = [holds(1, X, C, "50"), holds(2, X, A, "90"), holds(3, A, C, "30")]
    path = certain(holdings(links, TODAY), (X,), SHARES).path(C)
    assert [holding.link.id for holding in path] == [1]


def test_what_others_certainly_hold_cannot_be_undisclosed() -> None:
    strict = OwnershipTest(undisclosed=True)

    def in_doubt(*links: Link) -> bool:
        return A in possible(holdings(links, TODAY), (X,), (A,), strict)

    assert in_doubt()
    assert in_doubt(holds(1, B, A, "50"))
    assert not in_doubt(holds(1, B, A, "50.01"))
    assert not in_doubt(holds(1, B, A, "50.01"), holds(2, X, A, None))
    assert in_doubt(holds(1, B, A, "20"), holds(2, X, A, "30"))


def test_affiliation_goes_in_both_directions_over_any_number_of_links() -> None:
    any_share = OwnershipTest(Ownership.AFFILIATE, threshold=Decimal(0))
    links = [holds(1, A, X, "10"), holds(2, A, B, "20"), Link(3, C, B, LinkKind.AFFILIATION)]
    reach = certain(holdings(links, TODAY), (X,), any_share)
    assert set(reach.caught) == {X, A, B, C}
    assert [holding.link.id for holding in reach.path(C)] == [3, 2, 1]


@pytest.mark.parametrize(
    ("share", "is_affiliate"), [("9.99", False), ("10", True), ("10.01", True)]
)
def test_a_rule_may_ask_for_a_share_from_which_an_affiliate_counts(
    share: str, is_affiliate: bool
) -> None:
    ten = OwnershipTest(Ownership.AFFILIATE, threshold=Decimal(10))
    assert (A in certain(holdings([holds(1, X, A, share)], TODAY), (X,), ten)) is is_affiliate


def test_economic_interest_adds_up_over_all_chains() -> None:
    links = [holds(1, X, A, "50"), holds(2, A, C, "40"), holds(3, X, C, "10", "20")]
    assert economic_interest(links, X, C, TODAY) == Range(Decimal("30.00"), Decimal("40.00"))


def test_economic_interest_of_strangers_is_nothing_and_never_above_everything() -> None:
    ring = [holds(1, X, A, "100"), holds(2, A, X, "100")]
    assert economic_interest(ring, B, A, TODAY) == Range.exactly(Decimal("0.00"))
    assert economic_interest(ring, X, A, TODAY) == Range.exactly(Decimal("100.00"))


@pytest.mark.parametrize(
    ("threshold", "mode"),
    [("-1", Ownership.SHARE), ("101", Ownership.SHARE), ("0", Ownership.SHARE)],
)
def test_a_threshold_that_makes_no_sense_is_refused(threshold: str, mode: Ownership) -> None:
    with pytest.raises(ValueError, match="threshold"):
        OwnershipTest(mode, Decimal(threshold))


# ------------------------------------------------------------------ against brute force


def random_links(chance: random.Random, vendors: int) -> list[Link]:
    """Each pair at most once, so that no two links are claims about one holding."""
    links: list[Link] = []
    for subject in range(vendors):
        for holder in chance.sample(range(vendors), chance.randint(0, 4)):
            if holder == subject:
                continue
            low = chance.choice([0, 5, 10, 20, 25, 30, 49, 50, 60])
            high = min(100, low + chance.choice([0, 0, 1, 10, 40]))
            kind = chance.choice([LinkKind.SHAREHOLDING] * 8 + [LinkKind.CONTROL])
            status = chance.choice([LinkStatus.ASSERTED] * 6 + list(LinkStatus))
            number = len(links) + 1
            links.append(
                Link(number, holder, subject, kind, Decimal(low), Decimal(high), status=status)
            )
    return links


def brute_force(links: list[Link], seeds: set[int], *, largest: bool) -> set[int]:
    """The definition, written down once more: add whoever is held at 50 % until nobody is."""
    counted = {LinkStatus.ASSERTED, LinkStatus.DISPUTED} if largest else {LinkStatus.ASSERTED}
    standing = [link for link in links if link.status in counted]
    blocked = set(seeds)
    while True:
        shares: dict[int, Decimal] = {}
        for link in standing:
            if link.holder in blocked:
                weight = link.share_max if largest else link.share_min
                if link.kind is LinkKind.CONTROL:
                    weight = Decimal(100)
                shares[link.subject] = shares.get(link.subject, Decimal(0)) + (weight or 0)
        more = {subject for subject, share in shares.items() if share >= 50} - blocked
        if not more:
            return blocked
        blocked |= more


def compare_with_brute_force(graphs: int) -> None:
    reached = 0
    for seed in range(graphs):
        chance = random.Random(seed)  # noqa: S311 a repeatable graph, not a secret
        links = random_links(chance, 50)
        seeds = set(chance.sample(range(50), 3))
        assert caught(links, seeds) == brute_force(links, seeds, largest=False), seed
        assert maybe(links, seeds) == brute_force(links, seeds, largest=True), seed
        reached += len(caught(links, seeds)) - len(seeds)
    assert reached > graphs


def test_the_cascade_agrees_with_brute_force_on_random_graphs() -> None:
    compare_with_brute_force(60)


@pytest.mark.slow
def test_the_cascade_agrees_with_brute_force_on_a_thousand_random_graphs() -> None:
    compare_with_brute_force(1000)
