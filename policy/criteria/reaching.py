"""Who is, or may be, reached from concern: what keeps it open for a vendor, and what would free one."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from policy.criteria.inquiry import vendor_subject
from policy.facts import HUNDRED, BuildFacts, Link, LinkKind, LinkStatus
from policy.ownership import (
    ZERO,
    Graph,
    Holding,
    Ownership,
    OwnershipTest,
    Reach,
    certain,
    possible,
)
from policy.trace import Change, EntryUsed, Remedy, Subject
from standards.canonical import decimal_text


class Open(StrEnum):
    """`links`: the path itself, which leads to somebody who certainly is of concern. `root`: whether the vendor
    at its end is of concern. `owners`: who owns that vendor."""

    LINKS = "links"
    ROOT = "root"
    OWNERS = "owners"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to settle before a vendor is surely free, at the end `root` of the path from it."""

    what: Open
    root: int
    path: tuple[Holding, ...]


@dataclass(frozen=True)
class Reaching:
    """Concern spreads over `graph` from `convicted`, and perhaps from `doubtful`, by `test`.

    `ownable` are the vendors that somebody owns, whether it is disclosed who or not.
    """

    graph: Graph
    convicted: frozenset[int]
    doubtful: frozenset[int]
    ownable: frozenset[int]
    test: OwnershipTest
    _gaps: dict[int, tuple[Gap, ...]] = field(default_factory=dict, compare=False)
    _free: dict[int, Holding | None] = field(default_factory=dict, compare=False)
    _off: dict[int, bool] = field(default_factory=dict, compare=False)

    @cached_property
    def certain(self) -> Reach:
        return certain(self.graph, self.convicted, self.test)

    @cached_property
    def possible(self) -> Reach:
        return possible(self.graph, self.convicted | self.doubtful, self.ownable, self.test)

    def may_reach(self, vendor: int) -> bool:
        """Whether the vendor is possibly, and not certainly, of concern."""
        return vendor in self.possible and vendor not in self.certain

    def gaps(self, vendor: int) -> tuple[Gap, ...]:
        """All that has to be settled without concern until the vendor is surely free, the nearest first."""
        if vendor not in self._gaps:
            self._gaps[vendor] = tuple(self._open(vendor))
        return self._gaps[vendor]

    def _open(self, vendor: int) -> Iterator[Gap]:
        """Settles one gap after the other, and looks again what is left."""
        state = self
        while state.may_reach(vendor):
            gap = state._gap(vendor)
            yield gap
            state = state._settled(gap)

    def _gap(self, vendor: int) -> Gap:
        path = self.possible.path(vendor)
        passed = [vendor, *(end for each in path for end in (each.link.subject, each.link.holder))]
        ends = [each for each in dict.fromkeys(passed) if not self.possible.caught[each]]
        unsure = [each for each in ends if each not in self.certain]
        if not unsure:
            return Gap(Open.LINKS, ends[0], path)
        what = Open.ROOT if unsure[0] in self.doubtful else Open.OWNERS
        return Gap(what, unsure[0], path)

    def _settled(self, gap: Gap) -> "Reaching":
        if gap.what is Open.ROOT:
            return self._with(doubtful=self.doubtful - {gap.root})
        if gap.what is Open.OWNERS:
            return self._with(graph=_declared(self.graph, {gap.root}))
        graph = {
            subject: tuple(_at_least(each) if each in gap.path else each for each in held)
            for subject, held in self.graph.items()
        }
        subjects = {each.link.subject for each in gap.path}
        return self._with(graph=_declared(graph, subjects))

    def freed(self, vendor: int) -> Holding | None:
        """The holding whose end, or fall below the threshold, would surely free a vendor that is reached."""
        if vendor not in self._free:
            self._free[vendor] = self._freed(vendor)
        return self._free[vendor]

    def _freed(self, vendor: int) -> Holding | None:
        path = self.certain.path(vendor)
        if not path:
            return None
        chain = all(len(self.certain.caught[each.link.subject]) < 2 for each in path)
        holding = path[-1] if chain else path[0]
        return None if vendor in self._cut(holding).possible else holding

    def _cut(self, holding: Holding) -> "Reaching":
        return self._with(
            graph={
                subject: tuple(each for each in held if not self._goes(each, holding))
                for subject, held in self.graph.items()
            }
        )

    def _with(self, **changes: Any) -> "Reaching":
        """Another, of which nothing is remembered yet."""
        return replace(self, _gaps={}, _free={}, _off={}, **changes)

    def _goes(self, each: Holding, cut: Holding) -> bool:
        if not self.by_share(cut):
            ends = {cut.link.holder, cut.link.subject}
            return {each.link.holder, each.link.subject} == ends
        return (
            each.link.subject == cut.link.subject
            and each.link.kind is LinkKind.SHAREHOLDING
            and each.link.holder in self.possible
        )

    def by_share(self, holding: Holding) -> bool:
        """Whether a share below the threshold is enough, in place of the end of the link."""
        return (
            self.test.mode is Ownership.SHARE
            and not self.test.undisclosed
            and holding.link.kind is LinkKind.SHAREHOLDING
        )

    def free_off_the_list(self, vendor: int) -> bool:
        """Whether a vendor that is itself of concern would be free if only it were not."""
        if vendor not in self._off:
            without = self._with(convicted=self.convicted - {vendor})
            self._off[vendor] = vendor not in without.possible
        return self._off[vendor]


def _at_least(holding: Holding) -> Holding:
    """What is certain of the holding: the smallest share, nothing of a link that is disputed."""
    if holding.status is LinkStatus.DISPUTED:
        link = replace(holding.link, kind=LinkKind.SHAREHOLDING)
        return replace(holding, link=link, high=holding.low)
    return replace(holding, high=holding.low)


def _declared(graph: Graph, subjects: set[int]) -> Graph:
    """What is not known to be held of these vendors is held by somebody of no concern."""
    return {**graph, **{each: (*graph.get(each, ()), _rest(graph, each)) for each in subjects}}


def _rest(graph: Graph, subject: int) -> Holding:
    held = [each.low for each in graph.get(subject, ()) if each.link.kind is LinkKind.SHAREHOLDING]
    rest = max(ZERO, HUNDRED - sum(held, ZERO))
    link = Link(0, 0, subject, LinkKind.SHAREHOLDING, rest, rest)
    return Holding(link, rest, rest, LinkStatus.ASSERTED)


def release(
    facts: BuildFacts, reaching: Reaching, vendor: int, subject: Subject, entry: EntryUsed | None
) -> Change | None:
    """The one change by which a party of concern stays and concern goes; None where no single one is enough."""
    if not reaching.certain.caught[vendor]:
        if entry is None or not reaching.free_off_the_list(vendor):
            return None
        return Change(subject.without_part(), "listed", Remedy.OFF_THE_LIST, (entry.name,))
    holding = reaching.freed(vendor)
    if holding is None:
        return None
    held = vendor_subject(facts, holding.link.subject)
    if reaching.by_share(holding):
        limit = decimal_text(reaching.test.threshold)
        return Change(held, "owners", Remedy.SHARE_BELOW, (limit,))
    holder = vendor_subject(facts, holding.link.holder)
    return Change(held, "owners", Remedy.END_LINK, (holder.name,))
