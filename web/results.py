"""Stored results of builds as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from compliance.models import RuleResult
from policy.models import Rule
from policy.trace import Outcome, Result, Trace
from registry.models import Build
from web.explanations import Clause, Explanation, explain, worst_first


@dataclass(frozen=True, slots=True)
class BuildResults:
    """What every rule says of a build on a day, worst first; `evaluated_at` None: not evaluated yet."""

    explanations: Sequence[Explanation]
    evaluated_at: datetime | None


def results_on(build: Build, day: date) -> QuerySet[RuleResult]:
    return RuleResult.objects.on(day).filter(build=build)


def results_of(build: Build, day: date) -> BuildResults:
    """One query."""
    rows = list(results_on(build, day).select_related("rule__version__policy"))
    explanations = worst_first(explain(_result(row), Clause.of(row.rule)) for row in rows)
    return BuildResults(explanations, max((row.evaluated_at for row in rows), default=None))


def _result(row: RuleResult) -> Result:
    return Result(key_of(row.rule), Outcome(row.outcome), Trace.from_json(row.trace))


def key_of(rule: Rule) -> str:
    """policy/version/code. Reads the version and its policy."""
    return f"{rule.version.policy.code}/{rule.version.label}/{rule.code}"
