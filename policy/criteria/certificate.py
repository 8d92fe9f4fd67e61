"""Criterion `certificate`: are these certificates of the aircraft there and valid?"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from policy.criteria.inquiry import DAY, Context, Finding, Notes, build_subject
from policy.facts import BuildFacts, CertificateFacts
from policy.trace import Hit, Missing, Subject, SuppliedBy, Used, Why

FROM_AGENCY = (SuppliedBy.AGENCY, SuppliedBy.MAKER)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Each of `certificates` must be held and valid on the day, first and last day included.

    Type certificates belong to the build; registrations and Remote ID to one aircraft, whose
    caller adds them to the facts of its build. A certificate without a last day does not end.
    """

    certificates: frozenset[str]
    kind: ClassVar[str] = "certificate"

    def __post_init__(self) -> None:
        if not self.certificates:
            raise ValueError("a rule on certificates names at least one")

    def list_codes(self) -> frozenset[str]:
        return frozenset()

    def check(self, facts: BuildFacts, context: Context) -> Finding:
        notes = Notes()
        known = {fact.certificate: fact for fact in facts.certificates}
        for name in sorted(self.certificates):
            fact = known.get(name, CertificateFacts(name))
            _weigh(fact, build_subject(facts), context, notes)
        return notes.finding(self.kind, tuple(sorted(self.certificates)))


def _weigh(fact: CertificateFacts, subject: Subject, context: Context, notes: Notes) -> None:
    predicate = f"certificate:{fact.certificate}"
    if fact.held is None:
        notes.miss(Missing(subject, predicate, Why.NOT_KNOWN, FROM_AGENCY))
        return
    context.compared(fact.valid_from, fact.valid_until and fact.valid_until + DAY)
    values = (state_of(fact, context.on),)
    notes.use(Used(subject, predicate, values, fact.evidence))
    if values != ("valid",) and not fact.disputed:
        notes.hit(Hit(subject, predicate, values, evidence=fact.evidence))
        return
    why = context.weakness(fact.evidence, fact.disputed)
    if why is not None:
        notes.miss(Missing(subject, predicate, why, FROM_AGENCY, evidence=fact.evidence))


def state_of(fact: CertificateFacts, on: date) -> str:
    """How a certificate of which it is known whether it is held stands on a day."""
    if not fact.held:
        return "not_held"
    if fact.valid_from is not None and on < fact.valid_from:
        return "not_yet_valid"
    if fact.valid_until is not None and fact.valid_until < on:
        return "lapsed"
    return "valid"
