"""What all criteria share: the lists and the day they look at, and how they weigh evidence.

Evidence is weighed in one direction only. A fact that *clears* the build counts when it is
undisputed and rests on a declaration of at least the rule's grade that has not expired;
otherwise the answer is unknown. A fact that *convicts* it needs no such paper: whoever
claims that a part comes from a place of concern has said enough, unless the claim is
disputed, and then the answer is unknown. So losing, downgrading or letting lapse a
declaration never helps the applicant, and taking a fact away turns neither a fail nor an
unknown into a pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Protocol, TypeVar, cast

from policy.editions import AnyList, ClearanceList, EntityList, JurisdictionList
from policy.facts import BuildFacts, ComponentFacts, Evidence, Grade
from policy.ownership import Graph, Holding, holdings
from policy.trace import (
    Change,
    Edge,
    Hit,
    ListUsed,
    Missing,
    Outcome,
    Subject,
    SubjectKind,
    SuppliedBy,
    Trace,
    Used,
    Why,
)

T = TypeVar("T")
DAY = timedelta(days=1)
FROM_INDUSTRY = (SuppliedBy.MAKER, SuppliedBy.SUPPLIER)
FROM_STEWARD = (SuppliedBy.STEWARD,)
FROM_AUTHORITY = (SuppliedBy.AUTHORITY,)


class RuleError(Exception):
    """A rule that cannot be evaluated, with its name; never skipped and never a pass."""


class UnknownListError(RuleError):
    """A rule refers to a list that the rulebook does not have, or has as another sort of list."""


@dataclass(slots=True)
class Horizon:
    """The first day after that of the context on which something that was looked at can read differently."""

    until: date = date.max

    def change(self, day: date) -> None:
        self.until = min(self.until, day)


@dataclass(frozen=True, slots=True)
class _Known:
    value: object
    until: date


Memory = dict[tuple[object, ...], _Known]
"""What clauses have in common, worked out once for the facts of one build: see `Context.remembered`."""


@dataclass(frozen=True, slots=True)
class Context:
    """The lists and the day of one check.

    `horizon` is told of every day after this one that a fact, paper, link or list which was looked
    at names; before it, the same check gives the same finding. A criterion that compares a day of
    its own with `on` tells it too (`compared`).
    """

    lists: Mapping[str, AnyList]
    on: date
    min_grade: Grade
    memory: Memory = field(default_factory=dict)
    horizon: Horizon = field(default_factory=Horizon)

    def compared(self, *days: date | None) -> None:
        """These are days from which on something that was looked at reads differently."""
        for day in days:
            if day is not None and day > self.on:
                self.horizon.change(day)

    def remembered(self, key: tuple[object, ...], work: Callable[["Context"], T]) -> T:
        """What `work` answers, which may depend on the facts, the lists, the day and `key` alone.

        The memory belongs to one build and to days that only go forward.
        """
        known = self.memory.get(key)
        if known is None or known.until <= self.on:
            inner = replace(self, horizon=Horizon())
            known = self.memory[key] = _Known(work(inner), inner.horizon.until)
        self.compared(known.until)
        return cast("T", known.value)

    def graph(self, facts: BuildFacts) -> Graph:
        """Who holds whom on the day."""
        return self.remembered(("holdings",), lambda inner: inner._holdings(facts))

    def _holdings(self, facts: BuildFacts) -> Graph:
        for link in facts.links:
            self.compared(link.since, link.until)
        return holdings(facts.links, self.on)

    def jurisdictions(self, code: str) -> JurisdictionList:
        found = self._list(code)
        if isinstance(found, JurisdictionList):
            return found
        raise UnknownListError(f"list {code!r} is no list of jurisdictions")

    def entities(self, code: str) -> EntityList:
        found = self._list(code)
        if isinstance(found, EntityList):
            return found
        raise UnknownListError(f"list {code!r} is no list of entities")

    def clearances(self, code: str) -> ClearanceList:
        found = self._list(code)
        if isinstance(found, ClearanceList):
            return found
        raise UnknownListError(f"list {code!r} is no list of cleared builds")

    def _list(self, code: str) -> AnyList:
        if code not in self.lists:
            known = ", ".join(sorted(self.lists)) or "none"
            raise UnknownListError(f"the rulebook has no list {code!r}; it has: {known}")
        found = self.lists[code]
        self.remembered(("list", code), lambda inner: inner.compared(*found.change_days()))
        return found

    def weakness(self, evidence: Evidence | None, disputed: bool = False) -> Why | None:
        """Why a clearing fact on this evidence does not count; None when it does."""
        if disputed:
            return Why.DISPUTED
        if evidence is None:
            return Why.NO_EVIDENCE
        if evidence.expires is not None:
            self.compared(evidence.expires + DAY)
        if evidence.expired(self.on):
            return Why.EXPIRED
        return Why.BELOW_GRADE if evidence.grade < self.min_grade else None


@dataclass(frozen=True, slots=True)
class Finding:
    """`releases`: for a hit the one change by which the party stays and concern goes, where there is one."""

    outcome: Outcome
    trace: Trace
    releases: Mapping[Hit, Change] = field(default_factory=dict)


class Criterion(Protocol):
    """One closed kind of question about a build."""

    @property
    def kind(self) -> str: ...

    def list_codes(self) -> frozenset[str]:
        """The lists it refers to."""
        ...

    def check(self, facts: BuildFacts, context: Context) -> Finding: ...


@dataclass(slots=True)
class Notes:
    """What one check has seen so far."""

    lists: tuple[ListUsed, ...] = ()
    used: dict[tuple[str | int | None, ...], Used] = field(default_factory=dict)
    hits: dict[Hit, None] = field(default_factory=dict)
    missing: dict[Missing, None] = field(default_factory=dict)
    releases: dict[Hit, Change] = field(default_factory=dict)

    def use(self, used: Used) -> None:
        """Once for each subject and predicate, whichever question comes by it."""
        about = used.subject
        key = (about.of, about.id, about.role, about.party, used.predicate)
        self.used.setdefault(key, used)

    def hit(self, hit: Hit, released_by: Change | None = None) -> None:
        self.hits.setdefault(hit)
        if released_by is not None:
            self.releases[hit] = released_by

    def miss(self, missing: Missing) -> None:
        self.missing.setdefault(missing)

    def finding(self, criterion: str, asked: tuple[str, ...] = ()) -> Finding:
        """Any hit fails; else anything missing is unknown; nothing looked at is not applicable."""
        trace = Trace(
            criterion=criterion,
            used=tuple(self.used.values()),
            hits=tuple(self.hits),
            missing=tuple(self.missing),
            lists=self.lists,
            asked=asked,
        )
        return Finding(self._outcome(), trace, self.releases)

    def _outcome(self) -> Outcome:
        if self.hits:
            return Outcome.FAIL
        if self.missing:
            return Outcome.UNKNOWN
        return Outcome.PASS if self.used else Outcome.NOT_APPLICABLE


def build_subject(facts: BuildFacts) -> Subject:
    """Named by its model and, where that says more, by its own name."""
    named = facts.name if facts.name.startswith(facts.model) else f"{facts.model} — {facts.name}"
    return Subject(SubjectKind.BUILD, facts.id, named if facts.name else facts.model)


def component_subject(component: ComponentFacts) -> Subject:
    return Subject(SubjectKind.COMPONENT, component.id, component.part, role=component.role)


def role_subject(role: str) -> Subject:
    return Subject(SubjectKind.ROLE, None, "", role=role)


def list_subject(used: ListUsed) -> Subject:
    return Subject(SubjectKind.LIST, None, used.name.en or used.code, used.name.ja)


def vendor_subject(facts: BuildFacts, vendor: int, party: str = "", role: str = "") -> Subject:
    found = facts.vendor(vendor)
    return Subject(SubjectKind.VENDOR, vendor, found.name, found.name_local, role, party)


def edges(facts: BuildFacts, path: tuple[Holding, ...]) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            source=vendor_subject(facts, holding.link.holder),
            target=vendor_subject(facts, holding.link.subject),
            kind=holding.link.kind,
            low=holding.low,
            high=holding.high,
            status=holding.status,
            evidence=holding.link.evidence,
        )
        for holding in path
    )


def fitted_with(facts: BuildFacts, role: str, notes: Notes) -> tuple[ComponentFacts, ...]:
    """The components of a role that a rule names; a role of which nothing is said is missing."""
    found = facts.with_role(role)
    if found:
        return found
    if role in facts.not_fitted:
        notes.use(Used(role_subject(role), "fitted", ("no",)))
    else:
        notes.miss(Missing(role_subject(role), "fitted", Why.NOT_KNOWN, FROM_INDUSTRY))
    return ()
