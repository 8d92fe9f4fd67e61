"""Rules applied to facts: plain Python, no database, no clock.

The same facts, rulebook and day give the same results for ever.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from policy.criteria.inquiry import Context, Memory, RuleError
from policy.facts import BuildFacts
from policy.remedies import would_change
from policy.rules import Clause, Rulebook
from policy.trace import Result
from policy.verdicts import Case
from standards.logic import Truth

DAY = timedelta(days=1)


def evaluate(facts: BuildFacts, rules: Rulebook, on: date) -> tuple[Result, ...]:
    """One result for every rule of every version in force on the day, ordered by rule key.

    A rule that is not in force has no result. Scope plays no part here: a result says what the
    build is, and `judge` says what follows for one case. Raises RuleError naming the rule
    that could not be evaluated.
    """
    return next(iter(evaluate_days(facts, rules, (on,))))


def evaluate_days(
    facts: BuildFacts,
    rules: Rulebook,
    days: Iterable[date],
    among: Container[str] | None = None,
) -> Iterator[tuple[Result, ...]]:
    """What `evaluate` answers on each of these days, which only go forward; of the clauses `among` alone.

    A clause is asked again only from the day on which something it looked at can read differently.
    """
    memory: Memory = {}
    asked: dict[str, tuple[Result, date]] = {}
    for day in days:
        clauses = sorted(rules.clauses_in_force(day), key=lambda clause: clause.key)
        wanted = [each for each in clauses if among is None or each.key in among]
        for clause in wanted:
            if clause.key not in asked or asked[clause.key][1] <= day:
                asked[clause.key] = _evaluate(facts, clause, rules, day, memory)
        yield tuple(asked[clause.key][0] for clause in wanted)


def evaluate_clause(facts: BuildFacts, clause: Clause, rules: Rulebook, on: date) -> Result:
    """The result of one rule, whether it is in force on the day or not."""
    return _evaluate(facts, clause, rules, on, {})[0]


def _evaluate(
    facts: BuildFacts, clause: Clause, rules: Rulebook, on: date, memory: Memory
) -> tuple[Result, date]:
    """The result, and the first later day on which it can be another."""
    context = Context(rules.list_by_code, on, clause.rule.min_grade, memory)
    try:
        finding = clause.rule.criterion.check(facts, context)
    except Exception as error:
        message = f"rule {clause.key} cannot be evaluated on build {facts.id}: {error}"
        raise RuleError(message) from error
    trace = replace(finding.trace, would_change=would_change(finding, clause.rule))
    result = Result(clause.key, finding.outcome, trace)
    return result, context.horizon.until


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule flagged a build, or why not. `applies` pairs each mission of the case with
    whether the rule applies to it; empty without a case."""

    rule: str
    in_force: bool
    applies: tuple[tuple[str | None, Truth], ...]
    result: Result


def why_not(
    facts: BuildFacts, rules: Rulebook, rule: str, on: date, case: Case | None = None
) -> Explanation:
    """The full answer for one rule, `policy/version/code`: in force or not, in scope or not, and the
    result the build has or would have. Raises RuleError for a rule that the rulebook has not."""
    if rule not in rules.clause_by_key:
        raise RuleError(f"the rulebook has no rule {rule!r}")
    clause = rules.clause_by_key[rule]
    circumstances = case.circumstances(rules.sensitive_on(on)) if case is not None else ()
    return Explanation(
        rule=rule,
        in_force=clause.version.in_force(on),
        applies=tuple((each.mission, clause.rule.scope.applies(each)) for each in circumstances),
        result=evaluate_clause(facts, clause, rules, on),
    )


def breakpoints(facts: BuildFacts, rules: Rulebook, start: date) -> tuple[date, ...]:
    """All days after `start`, and `start`, on which a result or standing can differ from the day before.

    Between two of them everything is constant, so a caller evaluates on each and has every day.
    """
    days = {day for day in _days(facts, rules) if day > start}
    return (start, *sorted(days))


def _days(facts: BuildFacts, rules: Rulebook) -> Iterator[date]:
    for version in rules.policies:
        yield version.in_force_from
        if version.in_force_to is not None:
            yield version.in_force_to
        for rule in version.rules:
            yield from rule.held.deadlines(version.in_force_from)
    for each in rules.lists:
        yield from each.change_days()
    yield from fact_days(facts)


def fact_days(facts: BuildFacts) -> Iterator[date]:
    """Days on which the facts of a build count differently: papers expire, links begin and end."""
    for link in facts.links:
        yield from (day for day in (link.since, link.until) if day is not None)
    for certificate in facts.certificates:
        if certificate.valid_from is not None:
            yield certificate.valid_from
        if certificate.valid_until is not None:
            yield certificate.valid_until + DAY
    for evidence in facts.evidence():
        if evidence.expires is not None:
            yield evidence.expires + DAY
