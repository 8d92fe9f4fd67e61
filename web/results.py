"""Stored results of builds as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from compliance.models import RuleResult
from compliance.stale import BuildFreshness, freshness_of
from policy.models import Rule
from policy.trace import Outcome, Result, Trace
from registry.models import Build
from web.explanations import Clause, Explanation, explain, worst_first


@dataclass(frozen=True, slots=True)
class BuildResults:
    """What every rule says of a build on a day, worst first, those on papers of aircraft last, and whether that is what it would say now."""

    explanations: Sequence[Explanation]
    freshness: BuildFreshness


def results_on(build: Build, day: date) -> QuerySet[RuleResult]:
    return RuleResult.objects.on(day).filter(build=build)


def results_of(build: Build, day: date) -> BuildResults:
    """Fifteen queries."""
    rows = list(results_on(build, day).select_related("rule__version__policy"))
    explanations = worst_first(explained(row) for row in rows)
    explanations.sort(key=lambda each: each.of_each_aircraft)
    return BuildResults(explanations, freshness_of(build.pk))


def explained(row: RuleResult) -> Explanation:
    """Reads the rule, its version and its policy."""
    stored = _Stored(row.trace_digest, row.trace)
    trace = _trace(stored) if stored.digest else Trace.from_json(stored.trace)
    return explain(Result(key_of(row.rule), Outcome(row.outcome), trace), Clause.of(row.rule))


@dataclass(frozen=True, slots=True)
class _Stored:
    """A trace as it is stored; two of one digest are one."""

    digest: str
    trace: object = field(compare=False)


@lru_cache(maxsize=1024)
def _trace(stored: _Stored) -> Trace:
    """Remembered: many aircraft of a list rest on one result, and most lists on the same ones."""
    return Trace.from_json(stored.trace)


def key_of(rule: Rule) -> str:
    """policy/version/code. Reads the version and its policy."""
    return f"{rule.version.policy.code}/{rule.version.label}/{rule.code}"
