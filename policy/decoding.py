"""Stored rules as the engine reads them, and what keeps one from being evaluated."""

from collections.abc import Mapping

from policy import models
from policy.facts import Grade
from policy.rules import HeldEffect, Level, Rule, criterion_from_json
from policy.scopes import scope_from_json
from policy.trace import Text
from standards.codec import decode

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


def fault(rule: models.Rule, lists: Mapping[str, str]) -> str:
    """Why the engine could not evaluate this rule; empty when it can. `lists`: kind by code."""
    try:
        facts = rule_facts(rule)
    except (ValueError, KeyError) as error:
        return str(error)
    for code in sorted(facts.criterion.list_codes()):
        if lists.get(code) != ASKS[facts.criterion.kind]:
            return (
                f"criterion.list: there is no list {code!r} of {ASKS[facts.criterion.kind].label}"
            )
    return ""
