"""Results of rules on builds: worked out where the facts or the rule changed, taken from what is stored elsewhere.

A result follows from the facts of the build, from what `clause_digests` names of its rule, and from the day.
Where both are those of the last assessment, its rows hold on.
"""

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from django.db import connection
from django.utils import timezone

from compliance.facts import Gathered
from compliance.judging import Phase
from compliance.models import FOR_EVER, Assessment, FactsSnapshot, RuleResult
from compliance.rulebooks import LoadedRulebook
from policy.engine import breakpoints, evaluate_days
from policy.trace import Outcome, Result, Trace
from policy.trace_texts import TraceTexts

NOT_READ = Trace(criterion="")
"""Of results that are taken from what is stored: `judge` asks for outcomes alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """One assessment: under which rulebook, from which day on. `afresh` takes nothing from what is stored."""

    book: LoadedRulebook
    on: date
    rulebook_digest: str
    clauses: Mapping[str, str]
    afresh: bool = False

    @classmethod
    def under(cls, book: LoadedRulebook, on: date, *, afresh: bool = False) -> Self:
        return cls(book, on, book.rules.digest(), book.rules.clause_digests(), afresh)


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
    """Fresh results take the place of those of the same rules, unless they are what is stored; the facts they rest
    on are kept."""
    now = timezone.now()
    changed = {pk: each for pk, each in evaluated.items() if len(each.kept) < len(run.clauses)}
    fresh = {pk: _fresh_rows(each, run.book) for pk, each in changed.items()}
    same = _same(fresh, changed, run.on)
    FactsSnapshot.objects.bulk_create(
        (
            FactsSnapshot(digest=each.facts, body=each.gathered.facts.canonical())
            for pk, each in changed.items()
            if len(same[pk]) < len(fresh[pk])
        ),
        ignore_conflicts=True,
    )
    holding = {
        pk: {run.book.stored[key].pk for key in each.kept} | same[pk]
        for pk, each in changed.items()
    }
    _supersede(holding, now)
    new = (
        (changed[build].facts, build, row)
        for build, rules in fresh.items()
        for rule, rows in rules.items()
        if rule not in same[build]
        for row in rows
    )
    _write(new, now)
    _store_assessments(evaluated, run, now)


@dataclass(frozen=True, slots=True)
class _Row:
    """What one rule says of a build on a stretch of days, as it is stored."""

    rule: int
    begins: date
    ends: date
    outcome: str
    digest: str
    text: str = field(default="", compare=False)


def _same(
    fresh: Mapping[int, Mapping[int, list[_Row]]], evaluated: Mapping[int, Evaluated], on: date
) -> dict[int, set[int]]:
    """By build the rules of which exactly what was worked out now is stored already, on the same facts. One query."""
    stored: dict[tuple[int, int], list[_Row]] = defaultdict(list)
    rows = RuleResult.objects.current().filter(build__in=list(fresh), ends__gt=on)
    columns = ("build_id", "facts_id", "rule_id", "begins", "ends", "outcome", "trace_digest")
    for build, facts, rule, begins, *rest in rows.values_list(*columns):
        if facts == evaluated[build].facts:
            stored[build, rule].append(_Row(rule, max(begins, on), *rest))
    return {
        build: {rule for rule, each in rules.items() if stored.get((build, rule)) == each}
        for build, rules in fresh.items()
    }


def _supersede(holding: Mapping[int, set[int]], now: datetime) -> None:
    """All current results of each build but those of the rules that hold on; one query for builds of which the
    same do."""
    alike: dict[frozenset[int], list[int]] = defaultdict(list)
    for build, rules in holding.items():
        alike[frozenset(rules)].append(build)
    for hold_on, builds in alike.items():
        rows = RuleResult.objects.current().filter(build__in=builds)
        rows.exclude(rule__in=sorted(hold_on)).update(superseded_at=now)


COPY = """
copy compliance_ruleresult (build_id, rule_id, begins, ends, outcome, trace, trace_digest, facts_id, evaluated_at)
from stdin
"""


def _write(rows: Iterable[tuple[str, int, _Row]], now: datetime) -> None:
    """Rows by the digest of their facts and by build. Traces are long: COPY stores them in a third of the time."""
    lines = io.StringIO()
    for facts, build, row in rows:
        trace = row.text.replace("\\", "\\\\")
        values = (build, row.rule, row.begins, row.ends, row.outcome, trace, row.digest, facts, now)
        lines.write("\t".join(map(str, values)) + "\n")
    if lines.tell():
        lines.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(COPY, lines)


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


def _fresh_rows(evaluated: Evaluated, book: LoadedRulebook) -> dict[int, list[_Row]]:
    """By rule what was worked out of it now, in the order of the days."""
    texts, found = TraceTexts(), defaultdict[int, list[_Row]](list)
    for result, begins, ends in _stretches(evaluated.fresh):
        rule, text = book.stored[result.rule].pk, texts.of(result.trace)
        digest = hashlib.sha256(text.encode()).hexdigest()
        found[rule].append(_Row(rule, begins, ends, result.outcome.value, digest, text))
    return found


def _stretches(phases: tuple[Phase, ...]) -> Iterator[tuple[Result, date, date]]:
    """Days on which a rule says the same with the same reasons; those of one rule in their order."""
    running: dict[str, tuple[Result, date, date]] = {}
    ends = [*(phase.begins for phase in phases[1:]), FOR_EVER]
    for phase, end in zip(phases, ends, strict=True):
        for result in phase.results:
            last = running.get(result.rule)
            begins = phase.begins
            if last and last[2] == begins and last[0] == result:
                begins = last[1]
            elif last:
                yield last
            running[result.rule] = (result, begins, end)
    yield from running.values()
