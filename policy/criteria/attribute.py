"""Criterion `attribute`: limits on quantities, properties and parts of the build."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from policy.criteria.inquiry import (
    FROM_INDUSTRY,
    Context,
    Finding,
    Notes,
    build_subject,
    role_subject,
)
from policy.facts import AttributeFacts, BuildFacts
from policy.trace import Hit, Missing, Used, Why
from standards.canonical import decimal_text
from standards.component_roles import ROLES
from standards.logic import Truth, conjunction


@dataclass(frozen=True, slots=True)
class Limit:
    """at_least <= quantity <= at_most and quantity < below, or a yes or no that must be so."""

    attribute: str
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    below: Decimal | None = None
    present: bool | None = None

    def __post_init__(self) -> None:
        numbers = [self.at_least, self.at_most, self.below]
        if all(each is None for each in [*numbers, self.present]):
            raise ValueError(f"the limit on {self.attribute} limits nothing")
        if self.present is not None and any(each is not None for each in numbers):
            raise ValueError(f"the limit on {self.attribute} is a number or a yes or no, not both")

    def met(self, fact: AttributeFacts) -> Truth:
        if self.present is not None:
            return None if fact.present is None else fact.present is self.present
        quantity = fact.range
        return conjunction(
            [
                True if self.at_least is None else quantity.at_least(self.at_least),
                True if self.at_most is None else quantity.at_most(self.at_most),
                True if self.below is None else quantity.below(self.below),
            ]
        )


@dataclass(frozen=True, slots=True)
class PartLimit:
    """A part with this role must be fitted, or must not be."""

    role: str
    fitted: bool

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(
                f"{self.role!r} is no component role; use one of {', '.join(ROLES.codes)}"
            )


@dataclass(frozen=True, slots=True)
class Attribute:
    """Passes when every limit is met; the exception for toys is one such rule."""

    limits: tuple[Limit, ...] = ()
    parts: tuple[PartLimit, ...] = ()
    kind: ClassVar[str] = "attribute"

    def __post_init__(self) -> None:
        if not self.limits and not self.parts:
            raise ValueError("an attribute rule sets at least one limit")

    def list_codes(self) -> frozenset[str]:
        return frozenset()

    def check(self, facts: BuildFacts, context: Context) -> Finding:
        notes = Notes()
        known = {fact.name: fact for fact in facts.attributes}
        for limit in self.limits:
            fact = known.get(limit.attribute, AttributeFacts(limit.attribute))
            _weigh(limit, fact, facts, context, notes)
        for part in self.parts:
            _weigh_part(part, facts, notes)
        return notes.finding(self.kind, tuple(limit.attribute for limit in self.limits))


def _weigh(
    limit: Limit, fact: AttributeFacts, facts: BuildFacts, context: Context, notes: Notes
) -> None:
    subject, predicate = build_subject(facts), f"attribute:{fact.name}"
    values = _values(fact)
    if values:
        notes.use(Used(subject, predicate, values, fact.evidence))
    met = limit.met(fact)
    if met is False and not fact.disputed:
        notes.hit(Hit(subject, predicate, values, evidence=fact.evidence))
        return
    why = context.weakness(fact.evidence, fact.disputed) if met is not None else _gap(fact)
    if why is not None:
        notes.miss(Missing(subject, predicate, why, FROM_INDUSTRY, evidence=fact.evidence))


def _gap(fact: AttributeFacts) -> Why:
    """Nothing known, or a range that lies on both sides of the limit."""
    return Why.POSSIBLE_ONLY if _values(fact) else Why.NOT_KNOWN


def _values(fact: AttributeFacts) -> tuple[str, ...]:
    if fact.present is not None:
        return ("yes",) if fact.present else ("no",)
    if fact.low is None and fact.high is None:
        return ()
    bounds = ["" if bound is None else decimal_text(bound) for bound in (fact.low, fact.high)]
    return (bounds[0],) if bounds[0] == bounds[1] else tuple(bounds)


def _weigh_part(part: PartLimit, facts: BuildFacts, notes: Notes) -> None:
    """A component says that the part is fitted, `not_fitted` that it is not, else unknown."""
    subject = role_subject(part.role)
    fitted: Truth = None
    if facts.with_role(part.role):
        fitted = True
    elif part.role in facts.not_fitted:
        fitted = False
    if fitted is None:
        notes.miss(Missing(subject, "fitted", Why.NOT_KNOWN, FROM_INDUSTRY))
        return
    values = ("yes",) if fitted else ("no",)
    notes.use(Used(subject, "fitted", values))
    if fitted is not part.fitted:
        notes.hit(Hit(subject, "fitted", values))
