"""What would change a result: the smallest sets of changes, read off its own trace.

A fail turns into a pass when every hit goes and everything missing is supplied; one hit
alone keeps it a fail. So a set of changes is small only where one change removes several
hits: a listed owner that stands behind several makers.
"""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from policy.facts import Grade, LinkKind
from policy.ownership import OwnershipTest
from policy.trace import (
    Change,
    Hit,
    Missing,
    Outcome,
    Remedy,
    Trace,
    Used,
    Why,
    WouldChange,
)
from standards.canonical import decimal_text

T = TypeVar("T")

_FOR_MISSING = {
    Why.NOT_KNOWN: Remedy.SUPPLY,
    Why.NO_EVIDENCE: Remedy.BETTER_EVIDENCE,
    Why.BELOW_GRADE: Remedy.BETTER_EVIDENCE,
    Why.EXPIRED: Remedy.BETTER_EVIDENCE,
    Why.DISPUTED: Remedy.RESOLVE_DISPUTE,
    Why.POSSIBLE_ONLY: Remedy.SETTLE_RANGE,
}
_CONVICTS_BY = {
    "owners": Remedy.ON_THE_LIST,
    "maker": Remedy.ON_THE_LIST,
    "licensor": Remedy.ON_THE_LIST,
    "cleared": Remedy.OFF_THE_LIST,
}
_CANNOT_CONVICT = frozenset({"fitted", "configuration"})


def would_change(
    outcome: Outcome, trace: Trace, min_grade: Grade, ownership: OwnershipTest | None
) -> tuple[WouldChange, ...]:
    """Alternatives, the one with the fewest changes first; none for a rule that asks nothing.

    A pass names the one fact that would turn it into a fail; the others would do so alike.
    """
    if outcome is Outcome.PASS:
        return _to_fail(trace.used)
    if outcome is Outcome.NOT_APPLICABLE:
        return ()
    supply = [_supplied(missing, min_grade) for missing in trace.missing]
    ways = [_distinct([*(_replaced(hit) for hit in trace.hits), *supply])]
    if any(hit.entry or hit.path for hit in trace.hits):
        ways.append(_distinct([*(_released(hit, ownership) for hit in trace.hits), *supply]))
    return tuple(WouldChange(Outcome.PASS, way) for way in sorted(_distinct(ways), key=len))


def _supplied(missing: Missing, min_grade: Grade) -> Change:
    remedy = _FOR_MISSING[missing.why]
    values = (min_grade.name.lower(),) if remedy is Remedy.BETTER_EVIDENCE else ()
    return Change(missing.subject, missing.predicate, remedy, values)


def _replaced(hit: Hit) -> Change:
    """Another party in place of one of concern, another value in place of the one that convicts."""
    if hit.predicate == "cleared":
        return Change(hit.subject, hit.predicate, Remedy.ON_THE_LIST)
    if hit.entry is not None:
        return Change(hit.subject, hit.predicate, Remedy.OTHER_PARTY)
    return Change(hit.subject, hit.predicate, Remedy.OTHER_VALUE, hit.values)


def _released(hit: Hit, ownership: OwnershipTest | None) -> Change:
    """The party stays and concern goes: off the list, or no longer owned by those on it."""
    if hit.path:
        return _severed(hit, ownership)
    if hit.entry is not None and hit.predicate != "cleared":
        subject = hit.subject.without_part()
        return Change(subject, hit.predicate, Remedy.OFF_THE_LIST, (hit.entry.name,))
    return _replaced(hit)


def _severed(hit: Hit, ownership: OwnershipTest | None) -> Change:
    """The link next to the list entry where the path is a chain, else the party's own owners."""
    held_by = Counter(edge.target.id for edge in hit.path)
    chain = all(number == 1 for number in held_by.values())
    edge = hit.path[-1] if chain else hit.path[0]
    if edge.kind is not LinkKind.SHAREHOLDING or ownership is None:
        return Change(edge.target, "owners", Remedy.END_LINK, (edge.source.name,))
    limit = decimal_text(ownership.threshold)
    return Change(edge.target, "owners", Remedy.SHARE_BELOW, (limit,))


def _to_fail(used: tuple[Used, ...]) -> tuple[WouldChange, ...]:
    for fact in used:
        if fact.predicate not in _CANNOT_CONVICT:
            remedy = _CONVICTS_BY.get(fact.predicate, Remedy.OTHER_VALUE)
            change = Change(fact.subject, fact.predicate, remedy, fact.values)
            return (WouldChange(Outcome.FAIL, (change,)),)
    return ()


def _distinct(changes: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(changes))
