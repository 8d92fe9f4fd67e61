"""A result as pages show it: the answer, each reason with its path, what is missing, what would change it."""

from collections.abc import Iterable
from dataclasses import dataclass

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
class Explanation:
    """All that the trace of one result says, in the reader's language, under its clause."""

    key: str
    clause: str
    citation: str
    level: str
    url: str
    outcome: Outcome
    answer: str
    reasons: tuple[Point, ...]
    missing: tuple[Point, ...]
    changes: tuple[str, ...]
    used: tuple[str, ...]
    lists: tuple[str, ...]
    to_check: str = ""
    of_each_aircraft: bool = False
    """It asks for papers of the single aircraft, of which a build knows nothing."""

    @property
    def waivable(self) -> bool:
        """Whether there is anything that a waiver could except."""
        return self.outcome in (Outcome.FAIL, Outcome.UNKNOWN)

    @property
    def rank(self) -> int:
        return WORST_FIRST.index(self.outcome)


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


def explain(result: Result, clause: Clause) -> Explanation:
    """Asks the database for nothing."""
    say, trace = reader_wording(), result.trace
    return Explanation(
        key=result.rule,
        clause=clause.text,
        citation=clause.citation,
        level=clause.level,
        url=clause.url,
        outcome=result.outcome,
        answer=say.answer(result),
        reasons=tuple(
            Point(
                say.hit(each, trace.lists, trace.asked),
                _source(each.evidence, say),
                _path(each.path, say),
            )
            for each in trace.hits
        ),
        missing=tuple(
            Point(say.missing(each), path=_path(each.path, say)) for each in trace.missing
        ),
        changes=tuple(say.changes(way) for way in trace.would_change),
        used=tuple(say.used(each) for each in trace.used),
        lists=tuple(say.list_used(each) for each in trace.lists),
        to_check=clause.to_check,
        of_each_aircraft=trace.criterion == Certificate.kind,
    )


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
