"""What holds of a group of aircraft on every day, by `judge` alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Self

from compliance.groups import Group, about_aircraft
from compliance.models import FOR_EVER
from policy.engine import breakpoints, evaluate_days
from policy.rules import Rulebook
from policy.trace import Result
from policy.verdicts import Case, Judge, Standing, Verdict, Waiver


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


@dataclass
class Judging:
    """Judges groups under one rulebook; a case that was judged before is not judged again.

    Cases without waivers and with the same outcomes on a day differ in nothing that `judge` looks at
    but missions, kind of agency and weight.
    """

    rules: Rulebook
    waivers: Mapping[str, Waiver]
    _known: dict[tuple[object, ...], Answer] = field(default_factory=dict)
    _judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        self._judge = Judge(self.rules)

    def periods(self, group: Group, phases: tuple[Phase, ...]) -> Iterator[Period]:
        """Neighbouring days with the same answer are one period; the last has no end."""
        waivers = group.under(self.waivers)
        case = group.case()
        cut = _cut(self._with_papers(group, phases), waivers)
        judged = [(phase.begins, self._answer(phase, case, waivers)) for phase in cut]
        merged = [
            judged[0],
            *(after for before, after in pairwise(judged) if before[1] != after[1]),
        ]
        ends = [*(begins for begins, _ in merged[1:]), FOR_EVER]
        for (begins, answer), end in zip(merged, ends, strict=True):
            yield Period(begins, end, answer)

    def _answer(self, phase: Phase, case: Case, waivers: tuple[Waiver, ...]) -> Answer:
        if waivers:
            return Answer.of(self._judge.judge(phase.results, case, waivers, phase.begins))
        outcomes = tuple((each.rule, each.outcome) for each in phase.results)
        key = (phase.begins, outcomes, case.missions, case.agency_kind, case.weight_min_g)
        if key not in self._known:
            verdict = self._judge.judge(phase.results, case, (), phase.begins)
            self._known[key] = Answer.of(verdict)
        return self._known[key]

    def _with_papers(self, group: Group, phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
        """The phases of the build, with what the papers of the group say in place of what the build says."""
        about = about_aircraft(self.rules)
        if not about or group.papers == "[]":
            return phases
        facts = group.facts
        days = breakpoints(facts, self.rules, phases[0].begins)
        own = evaluate_days(facts, self.rules, days, about)
        return tuple(
            Phase(day, _replaced(_on(phases, day).results, results))
            for day, results in zip(days, own, strict=True)
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
