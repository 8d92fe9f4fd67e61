"""A result as pages show it: the answer, each reason with its path, what is missing, what would change it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language
from django_countries import countries

from policy.criteria import Certificate
from policy.facts import Evidence
from policy.models import Rule
from policy.sentences import wording
from policy.trace import Edge as Step
from policy.trace import Outcome, Result, SubjectKind
from policy.wording import Names, Wording
from web.elements import Edge

WORST_FIRST = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Point:
    """One reason, or one missing fact: a sentence, the paper it rests on unless the sentence says it, the steps to it."""

    sentence: str
    source: str = ""
    path: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """What a page says of a rule. `url` is empty where the rule is no longer stored."""

    text: str
    citation: str
    level: str
    url: str = ""
    to_check: str = ""

    @classmethod
    def of(cls, rule: Rule) -> "Clause":
        return cls(rule.clause, rule.citation, rule.level, f"/rules/{rule.pk}/", rule.to_check)


@dataclass(frozen=True)
class Explanation:
    """All that the trace of one result says, in the reader's language, under its clause.

    Each part is put into words when it is shown: of fifty rules beside a form few are.
    """

    result: Result
    rule: Clause
    say: Wording

    @property
    def key(self) -> str:
        return self.result.rule

    @property
    def clause(self) -> str:
        return self.rule.text

    @property
    def citation(self) -> str:
        return self.rule.citation

    @property
    def level(self) -> str:
        return self.rule.level

    @property
    def url(self) -> str:
        return self.rule.url

    @property
    def to_check(self) -> str:
        return self.rule.to_check

    @property
    def outcome(self) -> Outcome:
        return self.result.outcome

    @cached_property
    def answer(self) -> str:
        return self.say.answer(self.result)

    @cached_property
    def reasons(self) -> tuple[Point, ...]:
        say, trace = self.say, self.result.trace
        return tuple(
            Point(
                say.hit(each, trace.lists, trace.asked),
                _source(each.evidence, say),
                _path(each.path, say),
            )
            for each in trace.hits
        )

    @cached_property
    def missing(self) -> tuple[Point, ...]:
        say = self.say
        return tuple(
            Point(say.missing(each), path=_path(each.path, say))
            for each in self.result.trace.missing
        )

    @property
    def brief(self) -> tuple[str, ...]:
        """The answer and the first reason or gap, for a cell of a table; of papers of aircraft a build knows nothing."""
        if self.of_each_aircraft:
            return ()
        return (self.answer, *(each.sentence for each in (*self.reasons, *self.missing)[:1]))

    @cached_property
    def changes(self) -> tuple[str, ...]:
        return tuple(self.say.changes(way) for way in self.result.trace.would_change)

    @cached_property
    def used(self) -> tuple[str, ...]:
        return tuple(self.say.used(each) for each in self.result.trace.used)

    @cached_property
    def lists(self) -> tuple[str, ...]:
        return tuple(self.say.list_used(each) for each in self.result.trace.lists)

    @property
    def of_each_aircraft(self) -> bool:
        """It asks for papers of the single aircraft, of which a build knows nothing."""
        return self.result.trace.criterion == Certificate.kind

    @property
    def waivable(self) -> bool:
        """Whether there is anything to explain, and that a waiver could except."""
        return self.outcome in (Outcome.FAIL, Outcome.UNKNOWN)

    @property
    def rank(self) -> int:
        return WORST_FIRST.index(self.outcome)


def explain(result: Result, clause: Clause) -> Explanation:
    """Asks the database for nothing."""
    return Explanation(result, clause, reader_wording())


def worst_first(explanations: Iterable[Explanation]) -> list[Explanation]:
    return sorted(explanations, key=lambda each: (each.rank, each.key))


def reader_wording() -> Wording:
    """The wording of the language that the request is answered in."""
    return wording(
        get_language() or "en", Names(country=lambda code: str(countries.name(code)) or code)
    )


def _source(evidence: Evidence | None, say: Wording) -> str:
    return "" if evidence is None else say.source(evidence)


def _path(steps: Iterable[Step], say: Wording) -> tuple[Edge, ...]:
    return tuple(Edge(say.edge(step), url=_page(step)) for step in steps)


def _page(step: Step) -> str:
    """The page of the owner that the step leads to."""
    owner = step.source
    return f"/vendors/{owner.id}/" if owner.of is SubjectKind.VENDOR and owner.id else ""
