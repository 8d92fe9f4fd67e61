"""Who is owned or controlled by whom: a cascade to a fixpoint, never a multiplication.

The share rule is that of the US Treasury (OFAC, FAQ 401): whoever is held at the threshold
or above, in aggregate and directly, by parties that are themselves caught is caught too, and
exactly the threshold counts. It runs twice. With the smallest shares of undisputed links it
gives who is *certainly* caught; with the largest shares, disputed links included, who is
*possibly* caught. Denied links count in neither.

Several links between the same two vendors are claims about one holding: they are joined to
the range from the smallest to the largest share claimed, never added up.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from policy.facts import HUNDRED, Link, LinkKind, LinkStatus
from standards.logic import Range

ZERO = Decimal(0)


class Ownership(StrEnum):
    """How far a list reaches from those it names."""

    NONE = "none"
    SHARE = "share"
    AFFILIATE = "affiliate"


@dataclass(frozen=True, slots=True)
class OwnershipTest:
    """Which links carry concern from one vendor to another.

    share: downwards to whoever is held at `threshold` percent or more in aggregate.
    affiliate: in either direction over any number of single links, a shareholding counting
    from `threshold` percent (0: any share above nothing). US law says "subsidiary or affiliate"
    without a percentage, so the threshold is the rule's to choose.
    `control`: control links count whatever the share. `undisclosed`: whatever is not known to
    be held by somebody else may be held by a party of concern, so a vendor whose owners are
    not declared up to the last one stays undetermined; without it only known links are followed.
    """

    mode: Ownership = Ownership.SHARE
    threshold: Decimal = Decimal(50)
    control: bool = True
    undisclosed: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= HUNDRED:
            raise ValueError(f"a threshold of {self.threshold} % is not between 0 and 100")
        if self.mode is Ownership.SHARE and self.threshold == 0:
            raise ValueError("a share rule with a threshold of 0 % would catch everybody")


HALF_AND_CONTROL = OwnershipTest()
"""Half or more in aggregate, and control links: the rule of most lists."""


@dataclass(frozen=True, slots=True)
class Holding:
    """All links of one kind from one holder to one subject on a day, joined to one range."""

    link: Link
    low: Decimal
    high: Decimal
    status: LinkStatus


Graph = Mapping[int, tuple[Holding, ...]]
"""Holdings by subject."""


def holdings(links: Iterable[Link], on: date) -> Graph:
    """The links that count on that day, joined; denied ones are left out."""
    claims: dict[tuple[int, int, LinkKind], list[Link]] = defaultdict(list)
    for link in links:
        if link.status is not LinkStatus.DENIED and link.holds_on(on):
            claims[link.subject, link.holder, link.kind].append(link)
    graph: dict[int, list[Holding]] = defaultdict(list)
    for (subject, _, _), same in sorted(claims.items()):
        graph[subject].append(_joined(same))
    return {subject: tuple(held) for subject, held in graph.items()}


def _joined(claims: list[Link]) -> Holding:
    asserted = [link for link in claims if link.status is LinkStatus.ASSERTED]
    return Holding(
        link=min(asserted or claims, key=lambda link: link.id),
        low=min((link.low for link in asserted), default=ZERO),
        high=max(link.high for link in claims),
        status=LinkStatus.ASSERTED if asserted else LinkStatus.DISPUTED,
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is caught, each with the holdings that caught them (none for the seeds themselves)."""

    caught: Mapping[int, tuple[Holding, ...]]

    def __contains__(self, vendor: int) -> bool:
        return vendor in self.caught

    def path(self, vendor: int) -> tuple[Holding, ...]:
        """The holdings that lead from the vendor up to the seeds, nearest first, each once.

        A chain when one holder suffices at every step; several joint holders where only
        their sum reaches the threshold.
        """
        steps: list[Holding] = []
        waiting = deque([vendor])
        seen = {vendor}
        while waiting:
            current = waiting.popleft()
            for holding in self.caught[current]:
                steps.append(holding)
                other = _other_end(holding, current)
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return tuple(steps)

    def seed(self, vendor: int) -> int:
        """The nearest seed that the path of the vendor ends at."""
        current = vendor
        while self.caught[current]:
            current = _other_end(self.caught[current][0], current)
        return current


def _other_end(holding: Holding, vendor: int) -> int:
    return holding.link.holder if holding.link.subject == vendor else holding.link.subject


def certain(graph: Graph, seeds: Iterable[int], test: OwnershipTest) -> Reach:
    """Who is caught whatever the truth about ranges and disputes."""
    return _reach(graph, seeds, test, possible=False)


def possible(
    graph: Graph, seeds: Iterable[int], vendors: Iterable[int], test: OwnershipTest
) -> Reach:
    """Who may be caught; `vendors` are all that can be owned, for those whose owners are not disclosed."""
    undisclosed = tuple(sorted(set(vendors))) if test.undisclosed else ()
    return _reach(graph, seeds, test, possible=True, vendors=undisclosed)


def _reach(
    graph: Graph,
    seeds: Iterable[int],
    test: OwnershipTest,
    *,
    possible: bool,
    vendors: tuple[int, ...] = (),
) -> Reach:
    caught: dict[int, tuple[Holding, ...]] = dict.fromkeys(sorted(set(seeds)), ())
    if not caught and not (possible and test.undisclosed):
        return Reach(caught)
    if test.mode is Ownership.SHARE:
        _cascade(graph, caught, test, possible, vendors)
    elif test.mode is Ownership.AFFILIATE:
        _spread(graph, caught, test, possible)
    return Reach(caught)


# ------------------------------------------------------------------ share rule


def _cascade(
    graph: Graph,
    caught: dict[int, tuple[Holding, ...]],
    test: OwnershipTest,
    possible: bool,
    vendors: tuple[int, ...],
) -> None:
    """Round by round, so that the first catch of a vendor has the fewest steps."""
    candidates = sorted({*graph, *vendors})
    while True:
        found = {
            subject: support
            for subject in candidates
            if subject not in caught
            and (support := _support(graph.get(subject, ()), caught, test, possible)) is not None
        }
        if not found:
            return
        caught.update(found)


def _support(
    held: tuple[Holding, ...],
    caught: Mapping[int, tuple[Holding, ...]],
    test: OwnershipTest,
    possible: bool,
) -> tuple[Holding, ...] | None:
    """The fewest holdings of caught holders that carry the subject over the threshold, if any do."""
    concerned = [each for each in held if each.link.holder in caught]
    if not concerned and not (possible and test.undisclosed):
        return None
    for each in concerned:
        if test.control and _controls(each, possible):
            return (each,)
    if possible and test.undisclosed:
        return _undisclosed(held, caught, test)
    shares = [each for each in concerned if each.link.kind is LinkKind.SHAREHOLDING]
    shares.sort(key=lambda each: (-_share(each, possible), each.link.id))
    total, support = ZERO, []
    for each in shares:
        total += _share(each, possible)
        support.append(each)
        if total >= test.threshold:
            return tuple(support)
    return None


def _undisclosed(
    held: tuple[Holding, ...], caught: Mapping[int, object], test: OwnershipTest
) -> tuple[Holding, ...] | None:
    """The holdings known of caught holders, if together with what nobody disclosed they may
    reach the threshold: all that others do not certainly hold, and no less than is certain."""
    shares = [each for each in held if each.link.kind is LinkKind.SHAREHOLDING]
    concerned = tuple(each for each in shares if each.link.holder in caught)
    others = sum((each.low for each in shares if each.link.holder not in caught), ZERO)
    most = max(HUNDRED - others, sum((each.low for each in concerned), ZERO))
    return concerned if most >= test.threshold else None


def _share(holding: Holding, possible: bool) -> Decimal:
    return holding.high if possible else holding.low


def _controls(holding: Holding, possible: bool) -> bool:
    if holding.link.kind is not LinkKind.CONTROL:
        return False
    return possible or holding.status is LinkStatus.ASSERTED


# ------------------------------------------------------------------ any affiliate


def _spread(
    graph: Graph, caught: dict[int, tuple[Holding, ...]], test: OwnershipTest, possible: bool
) -> None:
    """Breadth first over links in either direction."""
    neighbours: dict[int, list[Holding]] = defaultdict(list)
    for held in graph.values():
        for holding in held:
            if _affiliates(holding, test, possible):
                neighbours[holding.link.holder].append(holding)
                neighbours[holding.link.subject].append(holding)
    waiting = deque(caught)
    while waiting:
        current = waiting.popleft()
        for holding in sorted(neighbours[current], key=lambda each: each.link.id):
            other = _other_end(holding, current)
            if other not in caught:
                caught[other] = (holding,)
                waiting.append(other)


def _affiliates(holding: Holding, test: OwnershipTest, possible: bool) -> bool:
    kind = holding.link.kind
    if kind is LinkKind.SHAREHOLDING:
        share = _share(holding, possible)
        return share > 0 and share >= test.threshold
    if kind is LinkKind.LICENSED_DESIGN or (kind is LinkKind.CONTROL and not test.control):
        return False
    return possible or holding.status is LinkStatus.ASSERTED


# ------------------------------------------------------------------ for display


def economic_interest(links: Iterable[Link], holder: int, subject: int, on: date) -> Range:
    """The multiplied share of `holder` in `subject` in percent, over all chains, to 0.01 %.

    For display beside a result; no rule uses it. Cross-holdings are followed for as many steps
    as there are vendors, and the sum is capped at 100.
    """
    graph = holdings(links, on)
    low = _interest(graph, holder, subject, possible=False)
    return Range(low, max(low, _interest(graph, holder, subject, possible=True)))


def _interest(graph: Graph, holder: int, subject: int, *, possible: bool) -> Decimal:
    holders = {each.link.holder for held in graph.values() for each in held}
    total, weights = ZERO, {subject: Decimal(1)}
    for _ in holders:
        upward: dict[int, Decimal] = defaultdict(Decimal)
        for vendor, weight in weights.items():
            for each in graph.get(vendor, ()):
                if each.link.kind is LinkKind.SHAREHOLDING:
                    upward[each.link.holder] += weight * _share(each, possible) / HUNDRED
        total += upward.pop(holder, ZERO)
        weights = upward
    return min(HUNDRED, total * HUNDRED).quantize(Decimal("0.01"))
