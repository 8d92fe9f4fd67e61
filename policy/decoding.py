"""Stored rules as the engine reads them, and what keeps one from being evaluated."""

from collections.abc import Mapping

from policy import models
from policy.criteria import AnyCriterion, Attribute, Certificate, RequiredMeasure
from policy.criteria.attribute import Limit
from policy.criteria.inquiry import RuleError
from policy.examples import Example, examples_from_json, try_examples
from policy.facts import Grade
from policy.rules import HeldEffect, Level, Rule, criterion_from_json
from policy.scopes import scope_from_json
from policy.trace import Text
from standards.attributes import ATTRIBUTES, AttributeKind
from standards.certificates import CERTIFICATES
from standards.codec import decode
from standards.measures import MEASURES
from standards.terms import Term, UnknownCode, Vocabulary

# The kind of list that each kind of criterion asks.
ASKS = {
    "origin": models.ReferenceList.Kind.JURISDICTIONS,
    "listed_party": models.ReferenceList.Kind.ENTITIES,
    "cleared_build": models.ReferenceList.Kind.CLEARANCES,
}


def rule_facts(rule: models.Rule) -> Rule:
    """The rule as the engine reads it. Raises ShapeError with the path of a mistake in its JSON."""
    return Rule(
        code=rule.code,
        clause=Text(rule.clause_en, rule.clause_local),
        authoritative=rule.authoritative,
        citation=rule.citation,
        level=Level[rule.level.upper()],
        scope=scope_from_json(rule.scope),
        criterion=criterion_from_json(rule.criterion),
        held=decode(HeldEffect, rule.held, "held"),
        min_grade=Grade(rule.min_grade),
        on_unknown=Level[rule.on_unknown.upper()],
    )


def rule_examples(rule: models.Rule) -> tuple[Example, ...]:
    """The examples that the rule carries. Raises ShapeError with the path of a mistake in its JSON."""
    return examples_from_json(rule.examples)


def fault(rule: models.Rule, lists: Mapping[str, str]) -> str:
    """What keeps this rule from being published; empty when nothing does. `lists`: kind by code.

    It cannot be read, asks a list that is not there, or an example of it does not come out as expected.
    """
    try:
        facts, examples = rule_facts(rule), rule_examples(rule)
        check_terms(facts.criterion)
    except UnknownCode as error:
        return f"criterion: {error}"
    except (ValueError, KeyError) as error:
        return str(error)
    for code in sorted(facts.criterion.list_codes()):
        if lists.get(code) != ASKS[facts.criterion.kind]:
            return (
                f"criterion.list: there is no list {code!r} of {ASKS[facts.criterion.kind].label}"
            )
    try:
        tried = try_examples(facts, examples)
    except (RuleError, ValueError) as error:
        return str(error)
    for each in tried:
        if not each.as_expected:
            return (
                f"example {each.example.title.en!r}: expected {each.example.expected.value},"
                f" but the rule says {each.result.outcome.value}"
            )
    return ""


def check_terms(criterion: AnyCriterion) -> None:
    """That the measures, attributes and certificates a rule names are known here.

    Raises UnknownCode or ValueError. Only asked before publishing: a published rule is kept
    for good, and a code without facts leaves it unknown.
    """
    if isinstance(criterion, RequiredMeasure):
        _check_all(MEASURES, criterion.measures)
    elif isinstance(criterion, Certificate):
        _check_all(CERTIFICATES, criterion.certificates)
    elif isinstance(criterion, Attribute):
        for limit in criterion.limits:
            _check_limit(limit)


def _check_all(vocabulary: Vocabulary[Term], codes: frozenset[str]) -> None:
    for code in sorted(codes):
        vocabulary[code]


def _check_limit(limit: Limit) -> None:
    """A quantity has bounds, a yes or no is present or not."""
    term = ATTRIBUTES[limit.attribute]
    if term.kind is AttributeKind.QUANTITY and limit.present is not None:
        raise ValueError(
            f"criterion.limits: {term.code} is a quantity in {term.unit};"
            " give at_least, at_most or below instead of present"
        )
    if term.kind is AttributeKind.YES_OR_NO and limit.present is None:
        raise ValueError(
            f"criterion.limits: {term.code} is a yes or no; give present instead of a number"
        )
