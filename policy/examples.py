"""Examples that a rule carries: facts made up for it, and what the rule must say of them.

An example brings the list that its rule asks with it, so that it says the same whatever the lists
of the day hold: it shows how the rule thinks, not whom it catches.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policy.criteria import AnyCriterion, ClearedBuild, ListedParty
from policy.editions import (
    AnyList,
    ClearanceEdition,
    ClearanceList,
    ClearedEntry,
    EntityEdition,
    EntityList,
    Entry,
    JurisdictionEdition,
    JurisdictionList,
)
from policy.engine import evaluate_clause
from policy.facts import BuildFacts
from policy.rules import Clause, Rule, Rulebook, VersionFacts
from policy.trace import Outcome, Result, Text
from standards.canonical import Json
from standards.codec import decode, encode


@dataclass(frozen=True, slots=True)
class Example:
    """`listed` is what stands on the list of the rule: countries, or keys of entries or clearances."""

    title: Text
    on: date
    facts: BuildFacts
    expected: Outcome
    listed: tuple[str, ...] = ()

    def to_json(self) -> Json:
        return encode(self)


@dataclass(frozen=True, slots=True)
class Tried:
    """An example with what the rule says of it."""

    example: Example
    result: Result

    @property
    def as_expected(self) -> bool:
        return self.result.outcome is self.example.expected


def examples_from_json(values: object, at: str = "examples") -> tuple[Example, ...]:
    """Raises ShapeError with the path of the mistake."""
    if not isinstance(values, list):
        values = [values]
    return tuple(decode(Example, value, f"{at}[{place}]") for place, value in enumerate(values))


def try_examples(rule: Rule, examples: Iterable[Example]) -> tuple[Tried, ...]:
    """Raises RuleError where the rule cannot be evaluated on an example."""
    return tuple(Tried(each, _result(rule, each)) for each in examples)


def _result(rule: Rule, example: Example) -> Result:
    version = VersionFacts("example", "1", example.on, None, frozenset(), (rule,))
    lists = tuple(_list(code, rule.criterion, example) for code in rule.criterion.list_codes())
    book = Rulebook((version,), lists)
    clause = Clause(version.key(rule), rule, version)
    return evaluate_clause(example.facts, clause, book, example.on)


def _list(code: str, criterion: AnyCriterion, example: Example) -> AnyList:
    """The list of the example, in the form that the criterion asks."""
    name, day, keys = Text(code, code), example.on, example.listed
    if isinstance(criterion, ListedParty):
        entries = tuple(Entry(key, key) for key in keys)
        return EntityList(code, name, (EntityEdition(day, day, "", entries),))
    if isinstance(criterion, ClearedBuild):
        cleared = tuple(ClearedEntry(key, key) for key in keys)
        return ClearanceList(code, name, (ClearanceEdition(day, day, "", cleared),))
    return JurisdictionList(code, name, (JurisdictionEdition(day, day, "", frozenset(keys)),))
