"""What would change a result: the smallest sets of changes, read off what was found.

Each set is enough: whoever makes all its changes gets the outcome that it names.
A fail turns into a pass when every hit goes and everything missing is supplied; one hit
alone keeps it a fail. So a set of changes is small only where one change removes several
hits: a listed owner that stands behind several makers.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TypeVar

from policy.criteria import AnyCriterion, Attribute
from policy.criteria.inquiry import Finding
from policy.rules import Rule
from policy.trace import (
    Change,
    Hit,
    Missing,
    Outcome,
    Remedy,
    Subject,
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
_WITHOUT_PAPER = frozenset(
    {"manufacturer", "supplier", "fitted", "owners", "components", "configuration", "edition"}
)
"""What clears without a declaration."""
_CONVICTS_BY = {
    "owners": Remedy.ON_THE_LIST,
    "licensor": Remedy.ON_THE_LIST,
    "cleared": Remedy.OFF_THE_LIST,
}
_CANNOT_CONVICT = frozenset({"fitted", "maker"})


def would_change(finding: Finding, rule: Rule) -> tuple[WouldChange, ...]:
    """Alternatives, the one with the fewest changes first; none for a rule that asks nothing.

    A pass names the one fact that would turn it into a fail; the others would do so alike.
    """
    trace = finding.trace
    if finding.outcome is Outcome.PASS:
        return _to_fail(trace.used, rule.criterion)
    if finding.outcome is Outcome.NOT_APPLICABLE:
        return ()
    supply = list(_supplies(trace, rule))
    ways = [_distinct([*(_replaced(hit, rule) for hit in trace.hits), *supply])]
    if finding.releases:
        freed = [finding.releases.get(hit) or _replaced(hit, rule) for hit in trace.hits]
        ways.append(_distinct([*freed, *supply]))
    return tuple(WouldChange(Outcome.PASS, way) for way in sorted(_distinct(ways), key=len))


def _supplies(trace: Trace, rule: Rule) -> Iterator[Change]:
    for missing in trace.missing:
        yield _supplied(missing, rule)
    if trace.criterion == "cleared_build":
        yield from _cleared(trace.missing)


def _cleared(missing: tuple[Missing, ...]) -> Iterator[Change]:
    """That it is known which build it is clears nothing yet."""
    for each in missing:
        if each.predicate == "configuration":
            yield Change(each.subject, "cleared", Remedy.ON_THE_LIST)


def _supplied(missing: Missing, rule: Rule) -> Change:
    subject, predicate, remedy = missing.subject, missing.predicate, _FOR_MISSING[missing.why]
    if isinstance(rule.criterion, Attribute) and remedy in (Remedy.SUPPLY, Remedy.SETTLE_RANGE):
        return _within_limits(subject, predicate, rule.criterion)
    if remedy is Remedy.SETTLE_RANGE or predicate in _WITHOUT_PAPER:
        return Change(subject, predicate, remedy)
    return Change(subject, predicate, remedy, (rule.min_grade.name.lower(),))


def _replaced(hit: Hit, rule: Rule) -> Change:
    """Another party in place of one of concern, another value in place of the one that convicts."""
    if hit.predicate == "cleared":
        return Change(hit.subject, hit.predicate, Remedy.ON_THE_LIST)
    if hit.entry is not None:
        return Change(hit.subject, hit.predicate, Remedy.OTHER_PARTY)
    if isinstance(rule.criterion, Attribute):
        return _within_limits(hit.subject, hit.predicate, rule.criterion)
    return Change(hit.subject, hit.predicate, Remedy.OTHER_VALUE, hit.values)


def _within_limits(subject: Subject, predicate: str, criterion: Attribute) -> Change:
    if predicate == "fitted":
        return Change(subject, predicate, Remedy.FIT, _fitting(subject.role, criterion))
    return Change(subject, predicate, Remedy.MEET_LIMIT, _limits(predicate, criterion))


def _fitting(role: str, criterion: Attribute) -> tuple[str, ...]:
    """Whether the rule wants the part fitted."""
    return next(
        ("yes",) if each.fitted else ("no",) for each in criterion.parts if each.role == role
    )


def _limits(predicate: str, criterion: Attribute) -> tuple[str, ...]:
    """All that the rule asks of one attribute: its limits, or yes or no."""
    asked = [each for each in criterion.limits if f"attribute:{each.attribute}" == predicate]
    for each in asked:
        if each.present is not None:
            return ("yes",) if each.present else ("no",)
    return (
        _tightest(max, (each.at_least for each in asked)),
        _tightest(min, (each.at_most for each in asked)),
        _tightest(min, (each.below for each in asked)),
    )


def _tightest(
    choose: Callable[[Iterable[Decimal]], Decimal], bounds: Iterable[Decimal | None]
) -> str:
    known = [each for each in bounds if each is not None]
    return decimal_text(choose(known)) if known else ""


def _to_fail(used: tuple[Used, ...], criterion: AnyCriterion) -> tuple[WouldChange, ...]:
    used = tuple(each for each in used if each.predicate != "taken_off")
    facts = [*(each for each in used if each.predicate not in _CANNOT_CONVICT), *used]
    return tuple(WouldChange(Outcome.FAIL, (_spoilt(fact, criterion),)) for fact in facts[:1])


def _spoilt(fact: Used, criterion: AnyCriterion) -> Change:
    """The fact as it would convict."""
    subject, predicate = fact.subject, fact.predicate
    if isinstance(criterion, Attribute):
        if predicate == "fitted":
            other = ("no",) if _fitting(subject.role, criterion) == ("yes",) else ("yes",)
            return Change(subject, predicate, Remedy.FIT, other)
        return Change(subject, predicate, Remedy.MISS_LIMIT, _limits(predicate, criterion))
    if predicate == "fitted":
        return Change(subject, predicate, Remedy.FIT_OF_CONCERN)
    remedy = _CONVICTS_BY.get(predicate, Remedy.OTHER_VALUE)
    return Change(subject, predicate, remedy, fact.values)


def _distinct(changes: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(changes))
