"""What holds of a group of aircraft on every day, by `judge` alone."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import Self

from compliance.groups import Group, about_aircraft
from compliance.models import FOR_EVER
from policy.engine import breakpoints, evaluate_days
from policy.rules import Clause, Effect, Rulebook
from policy.scopes import Scope
from policy.trace import Result
from policy.verdicts import TRAINING, Case, Judge, Standing, Verdict, Waiver, worst


@dataclass(frozen=True, slots=True)
class Phase:
    """The results of a build from a day on, until the next phase of that build."""

    begins: date
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a period keeps of a verdict."""

    standing: Standing
    without_waivers: Standing
    deciding: str | None
    until: date | None
    barred_missions: frozenset[str]

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        return cls(
            verdict.standing,
            verdict.without_waivers,
            verdict.deciding,
            verdict.until,
            verdict.barred_missions,
        )


@dataclass(frozen=True, slots=True)
class Period:
    """What `judge` answers from a day on, until and without another."""

    begins: date
    ends: date
    answer: Answer


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which no rule, deadline or result of a build changes. `rules` numbers what is in force then."""

    phase: Phase
    rules: int
    outcomes: Mapping[str, str]


@dataclass(frozen=True)
class _Day:
    """What is in force on a day, in the order of the keys. `rules` numbers it, with the deadlines that have passed."""

    rules: int
    clauses: tuple[Clause, ...]
    sensitive: frozenset[str]

    @cached_property
    def scopes(self) -> frozenset[Scope]:
        """Many rules have the same."""
        return frozenset(each.rule.scope for each in self.clauses)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rules in force read one circumstance: missions, bodies and weights that they read alike have one `number`.

    `pick` takes the outcomes of the clauses that apply, or may apply, out of those of all.
    """

    number: int
    pick: Callable[[Mapping[str, str]], object]


@dataclass
class Judging:
    """Judges groups under one rulebook, a mission at a time; what was judged before is not judged again.

    Without waivers `judge` looks at nothing but the clauses that apply, their outcomes, deadlines, and whether
    the mission is training.
    """

    rules: Rulebook
    waivers: Mapping[str, Waiver]
    _known: dict[tuple[int, object], Answer] = field(default_factory=dict)
    _numbers: dict[object, int] = field(default_factory=dict)
    _readings: dict[tuple[object, ...], Reading] = field(default_factory=dict)
    _days: dict[date, _Day] = field(default_factory=dict)
    _judge: Judge = field(init=False)
    _deadlines: list[date] = field(init=False)

    def __post_init__(self) -> None:
        self._judge = Judge(self.rules)
        self._deadlines = sorted(set(deadlines(self.rules)))

    def stretches(self, phases: tuple[Phase, ...]) -> tuple[Stretch, ...]:
        """The phases of a build; those that cannot be told apart from the one before are left out."""
        found: list[Stretch] = []
        for phase in phases:
            outcomes = {each.rule: each.outcome.value for each in phase.results}
            stretch = Stretch(phase, self._on(phase.begins).rules, outcomes)
            if not found or (found[-1].rules, found[-1].outcomes) != (stretch.rules, outcomes):
                found.append(stretch)
        return tuple(found)

    def _number(self, value: object) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def _on(self, day: date) -> _Day:
        if day not in self._days:
            clauses = sorted(self.rules.clauses_in_force(day), key=lambda each: each.key)
            sensitive = self.rules.sensitive_on(day)
            keys = tuple(each.key for each in clauses)
            number = self._number((keys, sensitive, bisect_right(self._deadlines, day)))
            self._days[day] = _Day(number, tuple(clauses), sensitive)
        return self._days[day]

    def periods(self, group: Group, stretches: tuple[Stretch, ...]) -> Iterator[Period]:
        """Neighbouring days with the same answer are one period; the last has no end."""
        judged = list(self._judged(group, self._with_papers(group, stretches)))
        merged = [
            judged[0],
            *(after for before, after in pairwise(judged) if before[1] != after[1]),
        ]
        ends = [*(begins for begins, _ in merged[1:]), FOR_EVER]
        for (begins, answer), end in zip(merged, ends, strict=True):
            yield Period(begins, end, answer)

    def _judged(
        self, group: Group, stretches: tuple[Stretch, ...]
    ) -> Iterator[tuple[date, Answer]]:
        waivers, case = group.under(self.waivers), group.case()
        if not waivers:
            cases = _by_mission(case)
            for each in stretches:
                parts = [(mission, self._answer(each, mission, one)) for mission, one in cases]
                yield each.phase.begins, together(parts)
            return
        for phase in _cut(tuple(each.phase for each in stretches), waivers):
            verdict = self._judge.judge(phase.results, case, waivers, phase.begins)
            yield phase.begins, Answer.of(verdict)

    def _answer(self, stretch: Stretch, mission: str | None, case: Case) -> Answer:
        """What is barred of it, if anything, stands for the mission that is asked for."""
        reading = self._reading(stretch, mission, case)
        key = (reading.number, reading.pick(stretch.outcomes))
        known = self._known.get(key)
        if known is None:
            phase = stretch.phase
            verdict = self._judge.judge(phase.results, case, (), phase.begins)
            known = self._known[key] = Answer.of(verdict)
        return known

    def _reading(self, stretch: Stretch, mission: str | None, case: Case) -> Reading:
        key = (stretch.rules, mission, case.agency_kind, case.weight_min_g)
        if key not in self._readings:
            self._readings[key] = self._read(stretch.phase.begins, mission, case)
        return self._readings[key]

    def _read(self, day: date, mission: str | None, case: Case) -> Reading:
        in_force = self._on(day)
        (circumstance,) = case.circumstances(in_force.sensitive)
        answers = {scope: scope.applies(circumstance) for scope in in_force.scopes}
        applying = [
            (each, applies)
            for each in in_force.clauses
            if (applies := answers[each.rule.scope]) is not False
        ]
        read = tuple(
            (each.key, applies, *_deadline(each, mission, day)) for each, applies in applying
        )
        number = self._number((read, mission is None, mission == TRAINING))
        return Reading(number, _picker([each.key for each, _ in applying]))

    def _with_papers(self, group: Group, stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
        """Those of the build, with what the papers of the group say in place of what the build says."""
        about = about_aircraft(self.rules)
        if not about or group.papers == "[]":
            return stretches
        facts, phases = group.facts, tuple(each.phase for each in stretches)
        days = breakpoints(facts, self.rules, phases[0].begins)
        own = evaluate_days(facts, self.rules, days, about)
        return self.stretches(
            tuple(
                Phase(day, _replaced(_on(phases, day).results, results))
                for day, results in zip(days, own, strict=True)
            )
        )


def deadlines(rules: Rulebook) -> Iterator[date]:
    """Every day on which some rule ends a phase-out."""
    for clause in rules.clause_by_key.values():
        yield from clause.rule.held.deadlines(clause.version.in_force_from)


def _deadline(clause: Clause, mission: str | None, day: date) -> tuple[date, bool] | tuple[()]:
    """When a phase-out ends for this mission, and whether it has ended; nothing for any other effect."""
    held = clause.rule.held
    if held.effect is not Effect.PHASE_OUT:
        return ()
    end = held.deadline(mission, clause.version.in_force_from)
    return end, end <= day


def _by_mission(case: Case) -> list[tuple[str | None, Case]]:
    """The case for each of its missions alone; itself when none is known."""
    if case.missions is None:
        return [(None, case)]
    return [(each, replace(case, missions=frozenset({each}))) for each in sorted(case.missions)]


def _picker(keys: list[str]) -> Callable[[Mapping[str, str]], object]:
    return itemgetter(*keys) if keys else lambda outcomes: ()


def together(parts: Sequence[tuple[str | None, Answer]]) -> Answer:
    """What `judge` answers for several missions, from what it answers for each: the worst, and of several
    that are as bad the one that ends first."""
    answers = [answer for _, answer in parts]
    first, without = answers[0], answers[0].without_waivers
    if len(parts) > 1:
        standing = worst(each.standing for each in answers)
        made = [each for each in answers if each.standing is standing]
        first = min(made, key=lambda each: (each.until or date.max, each.deciding or ""))
        without = worst(each.without_waivers for each in answers)
    return Answer(
        standing=first.standing,
        without_waivers=without,
        deciding=first.deciding,
        until=first.until,
        barred_missions=frozenset(
            mission for mission, each in parts if mission and each.barred_missions
        ),
    )


def _replaced(results: Iterable[Result], others: Iterable[Result]) -> tuple[Result, ...]:
    by_rule = {each.rule: each for each in others}
    return tuple(by_rule.get(each.rule, each) for each in results)


def _on(phases: tuple[Phase, ...], day: date) -> Phase:
    return max((each for each in phases if each.begins <= day), key=lambda each: each.begins)


def _cut(phases: tuple[Phase, ...], waivers: tuple[Waiver, ...]) -> list[Phase]:
    """The phases, cut again at every day on which one of the waivers begins or has ended."""
    days = {day for waiver in waivers for day in waiver.change_days()}
    begun = {phase.begins for phase in phases}
    later = (day for day in days - begun if day > phases[0].begins)
    cuts = [Phase(day, _on(phases, day).results) for day in later]
    return sorted([*phases, *cuts], key=lambda phase: phase.begins)
