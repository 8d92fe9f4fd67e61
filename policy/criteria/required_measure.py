"""Criterion `required_measure`: does the build have these security measures, on evidence?"""

from dataclasses import dataclass
from typing import ClassVar

from policy.criteria.inquiry import FROM_INDUSTRY, Context, Finding, Notes, build_subject
from policy.facts import BuildFacts, MeasureFacts
from policy.trace import Hit, Missing, Subject, Used, Why


@dataclass(frozen=True, slots=True)
class RequiredMeasure:
    """Every one of `measures` must be claimed, undisputed, on evidence of the rule's grade."""

    measures: frozenset[str]
    kind: ClassVar[str] = "required_measure"

    def __post_init__(self) -> None:
        if not self.measures:
            raise ValueError("a rule on measures names at least one measure")

    def list_codes(self) -> frozenset[str]:
        return frozenset()

    def check(self, facts: BuildFacts, context: Context) -> Finding:
        notes = Notes()
        known = {fact.measure: fact for fact in facts.measures}
        for measure in sorted(self.measures):
            fact = known.get(measure, MeasureFacts(measure))
            _weigh(fact, build_subject(facts), context, notes)
        return notes.finding(self.kind, tuple(sorted(self.measures)))


def _weigh(fact: MeasureFacts, subject: Subject, context: Context, notes: Notes) -> None:
    predicate = f"measure:{fact.measure}"
    if fact.claimed is None:
        notes.miss(Missing(subject, predicate, Why.NOT_KNOWN, FROM_INDUSTRY))
        return
    values = ("yes",) if fact.claimed else ("no",)
    notes.use(Used(subject, predicate, values, fact.evidence))
    if not fact.claimed and not fact.disputed:
        notes.hit(Hit(subject, predicate, values, evidence=fact.evidence))
        return
    why = context.weakness(fact.evidence, fact.disputed)
    if why is not None:
        notes.miss(Missing(subject, predicate, why, FROM_INDUSTRY, evidence=fact.evidence))
