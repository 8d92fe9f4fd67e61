"""Results of rules on builds: worked out where the facts or the rule changed, taken from what is stored elsewhere.

A result follows from the facts of the build, from what `clause_digests` names of its rule, and from the day.
Where both are those of the last assessment, its rows hold on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, pairwise

from django.utils import timezone

from compliance.facts import Gathered
from compliance.judging import Judging, Phase
from compliance.models import FOR_EVER, Assessment, FactsSnapshot, RuleResult
from compliance.rulebooks import LoadedRulebook
from policy.engine import breakpoints, evaluate_days
from policy.trace import Outcome, Result, Trace
from standards.canonical import canonical

AT_ONCE = 500
"""Rows in one statement: with their traces they are large."""
NOT_READ = Trace(criterion="")
"""Of results that are taken from what is stored: `judge` asks for outcomes alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """One assessment: under which rulebook, from which day on. `afresh` takes nothing from what is stored."""

    book: LoadedRulebook
    judging: Judging
    on: date
    rulebook_digest: str
    clauses: Mapping[str, str]
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days on which a stored result holds."""

    begins: date
    ends: date
    result: Result


Kept = Mapping[str, tuple[_Stretch, ...]]
"""By rule key what is stored of one build and still holds."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A build with its results on every day that matters, of which `fresh` were worked out now."""

    gathered: Gathered
    facts: str
    phases: tuple[Phase, ...]
    fresh: tuple[Phase, ...]
    kept: frozenset[str]


def phases_of(gathered: Gathered, book: LoadedRulebook, on: date) -> tuple[Phase, ...]:
    """The results of a build on this day and on every later day on which they can differ."""
    days = breakpoints(gathered.facts, book.rules, on)
    results = evaluate_days(gathered.facts, book.rules, days)
    return tuple(Phase(day, each) for day, each in zip(days, results, strict=True))


def evaluate_builds(gathered: Mapping[int, Gathered], run: Run) -> dict[int, Evaluated]:
    """The results of these builds. Two queries."""
    facts = {pk: each.facts.digest() for pk, each in gathered.items()}
    kept = {} if run.afresh else _kept(facts, run)
    return {pk: _evaluated(each, facts[pk], kept.get(pk, {}), run) for pk, each in gathered.items()}


def _evaluated(gathered: Gathered, facts: str, kept: Kept, run: Run) -> Evaluated:
    days = breakpoints(gathered.facts, run.book.rules, run.on)
    among = set(run.clauses) - set(kept)
    results = evaluate_days(gathered.facts, run.book.rules, days, among)
    fresh = tuple(Phase(day, each) for day, each in zip(days, results, strict=True))
    phases = tuple(Phase(each.begins, (*each.results, *_on(kept, each.begins))) for each in fresh)
    return Evaluated(gathered, facts, phases, fresh, frozenset(kept))


def _on(kept: Kept, day: date) -> Iterator[Result]:
    for stretches in kept.values():
        yield from (each.result for each in stretches if each.begins <= day < each.ends)


def _kept(facts: Mapping[int, str], run: Run) -> dict[int, Kept]:
    """By build what still holds of what is stored."""
    known = Assessment.objects.filter(build__in=list(facts), evaluated_for__lte=run.on)
    same = {
        each.build_id: {key for key, mark in run.clauses.items() if each.clauses.get(key) == mark}
        for each in known
        if each.facts_id == facts[each.build_id]
    }
    keys = {rule.pk: key for key, rule in run.book.stored.items()}
    found: dict[int, dict[str, tuple[_Stretch, ...]]] = {
        pk: dict.fromkeys(sorted(some), ()) for pk, some in same.items()
    }
    rows = RuleResult.objects.current().filter(build__in=list(same), ends__gt=run.on)
    for build, rule, begins, ends, outcome in rows.values_list(
        "build_id", "rule_id", "begins", "ends", "outcome"
    ):
        key = keys.get(rule, "")
        if key in same[build]:
            result = Result(key, Outcome(outcome), NOT_READ)
            found[build][key] = (*found[build][key], _Stretch(begins, ends, result))
    return {pk: kept for pk, kept in found.items() if kept}


def store_results(evaluated: Mapping[int, Evaluated], run: Run) -> None:
    """Fresh results take the place of those of the same rules; the facts they rest on are kept."""
    now = timezone.now()
    changed = {pk: each for pk, each in evaluated.items() if len(each.kept) < len(run.clauses)}
    FactsSnapshot.objects.bulk_create(
        (
            FactsSnapshot(digest=each.facts, body=canonical(each.gathered.facts.to_json()))
            for each in changed.values()
        ),
        ignore_conflicts=True,
    )
    _supersede(changed, run, now)
    rows = (row for pk, each in changed.items() for row in _result_rows(pk, each, run.book, now))
    while some := list(islice(rows, AT_ONCE)):
        RuleResult.objects.bulk_create(some)
    _store_assessments(evaluated, run, now)


def _supersede(changed: Mapping[int, Evaluated], run: Run, now: datetime) -> None:
    """All current results of a build but those that hold on; one query for builds of which the same do."""
    alike: dict[frozenset[str], list[int]] = defaultdict(list)
    for pk, each in changed.items():
        alike[each.kept].append(pk)
    for kept, builds in alike.items():
        rows = RuleResult.objects.current().filter(build__in=builds)
        rows.exclude(rule__in=[run.book.stored[key].pk for key in sorted(kept)]).update(
            superseded_at=now
        )


def _store_assessments(evaluated: Mapping[int, Evaluated], run: Run, now: datetime) -> None:
    Assessment.objects.bulk_create(
        (
            Assessment(
                build_id=pk,
                facts_id=each.facts,
                rulebook_digest=run.rulebook_digest,
                clauses=dict(run.clauses),
                evaluated_at=now,
                evaluated_for=run.on,
            )
            for pk, each in evaluated.items()
        ),
        update_conflicts=True,
        unique_fields=["build"],
        update_fields=["facts", "rulebook_digest", "clauses", "evaluated_at", "evaluated_for"],
    )


def _result_rows(
    build: int, evaluated: Evaluated, book: LoadedRulebook, now: datetime
) -> Iterable[RuleResult]:
    """One row for each stretch of days on which a rule says the same with the same reasons."""
    phases = evaluated.fresh
    ends = {before.begins: after.begins for before, after in pairwise(phases)}
    running: dict[str, tuple[Result, RuleResult]] = {}
    for phase in phases:
        end = ends.get(phase.begins, FOR_EVER)
        for result in phase.results:
            last = running.get(result.rule)
            if last and last[1].ends == phase.begins and last[0] == result:
                last[1].ends = end
                continue
            row = RuleResult(
                rule=book.stored[result.rule],
                build_id=build,
                begins=phase.begins,
                ends=end,
                outcome=result.outcome.value,
                trace=result.trace.to_json(),
                facts_id=evaluated.facts,
                evaluated_at=now,
            )
            if last:
                yield last[1]
            running[result.rule] = (result, row)
    for _, row in running.values():
        yield row
