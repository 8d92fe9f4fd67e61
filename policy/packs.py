"""Policies that ship with the program, each a readable JSON file in `policy/packs/`.

A pack says what its policy asks and where that stands in law. Which places and parties are of
concern stands in lists of its own, which the pack names by code and never fills.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policy.criteria import AnyCriterion
from policy.examples import Example, try_examples
from policy.facts import Grade
from policy.rules import HeldEffect, Level, Rule
from policy.scopes import Scope
from policy.trace import Text
from standards.codec import ShapeError, decode
from standards.missions import MISSIONS

FOLDER = Path(__file__).parent / "packs"
NOTHING = Text("")
LIST_KINDS = ("jurisdictions", "entities", "clearances")


class PackError(ValueError):
    """A pack that cannot be loaded: the file, the place in it, and what to correct."""


@dataclass(frozen=True, slots=True)
class PackList:
    """A list that rules of the pack refer to; somebody else keeps it."""

    code: str
    kind: str
    name: Text
    kept_by: str = ""

    def __post_init__(self) -> None:
        if self.kind not in LIST_KINDS:
            raise ValueError(f"{self.kind!r} is no kind of list; use {', '.join(LIST_KINDS)}")


@dataclass(frozen=True, slots=True)
class PackRule:
    """A rule as `policy.rules.Rule`, with why it is there, what of it is to be checked, and examples."""

    code: str
    clause: Text
    reason: Text
    authoritative: str
    citation: str
    level: Level
    on_unknown: Level
    scope: Scope
    criterion: AnyCriterion
    held: HeldEffect
    min_grade: Grade = Grade.DOCUMENTED
    to_check: Text = NOTHING
    examples: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        _both(self.clause, "the clause")
        _both(self.reason, "the reason")
        if bool(self.to_check.en) is not bool(self.to_check.ja):
            raise ValueError("what is to be checked must be said in English and Japanese")
        self.as_rule()

    def as_rule(self) -> Rule:
        return Rule(
            code=self.code,
            clause=self.clause,
            authoritative=self.authoritative,
            citation=self.citation,
            level=self.level,
            scope=self.scope,
            criterion=self.criterion,
            on_unknown=self.on_unknown,
            held=self.held,
            min_grade=self.min_grade,
        )


def _both(text: Text, what: str) -> None:
    if not text.en or not text.ja:
        raise ValueError(f"{what} must be said in English and Japanese")


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of one policy. `in_force_to` is the first day on which it no longer holds."""

    policy: str
    name: Text
    version: str
    in_force_from: date
    sensitive_missions: tuple[str, ...]
    source: str
    lists: tuple[PackList, ...]
    rules: tuple[PackRule, ...]
    in_force_to: date | None = None
    illustrative: bool = False
    waiver_max_months: int = 36

    def __post_init__(self) -> None:
        _both(self.name, "the name")
        if wrong := [each for each in self.sensitive_missions if each not in MISSIONS]:
            raise ValueError(f"{wrong[0]!r} is no mission; use one of {', '.join(MISSIONS.codes)}")
        codes = [rule.code for rule in self.rules]
        if not codes or len(set(codes)) != len(codes):
            raise ValueError("a pack has at least one rule, and each code once")
        known = {each.code for each in self.lists}
        for rule in self.rules:
            if missing := sorted(rule.criterion.list_codes() - known):
                raise ValueError(f"rule {rule.code} asks the list {missing[0]!r}, not in `lists`")


def pack_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def read_pack(name: str) -> Pack:
    """A pack that ships with the program, by name. Raises PackError."""
    if name not in pack_names():
        raise PackError(f"There is no pack {name!r}. Packs: {', '.join(pack_names())}.")
    return read_pack_file(FOLDER / f"{name}.json")


def read_pack_file(path: Path) -> Pack:
    """The pack in this file, its examples tried. Raises PackError with all that has to be known."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackError(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PackError(f"{path.name} is not UTF-8.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise PackError(f"{path.name} is no JSON: {place}: {error.msg}.") from error
    try:
        pack = decode(Pack, _spelt_out(value))
    except ShapeError as error:
        raise PackError(f"{path.name}: {error}.") from error
    _try(pack, path.name)
    return pack


def _spelt_out(value: Any) -> Any:
    """The examples of all rules in full: the day and the facts of `example` where they say nothing
    else, and papers instead of their names.

    What has another shape is left as it is, for the reading to say what is wrong with it.
    """
    if not isinstance(value, dict) or not isinstance(value.get("rules"), list):
        return value
    usual = value.get("example", {})
    rules = [_rule(rule, usual) for rule in value["rules"]]
    return {name: part for name, part in value.items() if name != "example"} | {"rules": rules}


def _rule(rule: Any, usual: Any) -> Any:
    if not isinstance(rule, dict) or not isinstance(rule.get("examples"), list):
        return rule
    return rule | {"examples": [_example(each, usual) for each in rule["examples"]]}


def _example(example: Any, usual: Any) -> Any:
    if not isinstance(example, dict) or not isinstance(usual, dict):
        return example
    day, facts = {"on": usual.get("on")}, usual.get("facts", {})
    own = example.get("facts", {})
    if not isinstance(facts, dict) or not isinstance(own, dict):
        return example
    return _with_papers(day | example | {"facts": facts | own}, usual.get("papers", {}))


def _with_papers(value: Any, papers: Any) -> Any:
    if isinstance(value, list):
        return [_with_papers(each, papers) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: papers.get(part, part)
        if name == "evidence" and isinstance(part, str)
        else _with_papers(part, papers)
        for name, part in value.items()
    }


def _try(pack: Pack, file: str) -> None:
    for rule in pack.rules:
        for tried in try_examples(rule.as_rule(), rule.examples):
            if not tried.as_expected:
                raise PackError(
                    f"{file}: rule {rule.code}, example {tried.example.title.en!r}: expected"
                    f" {tried.example.expected.value}, but the rule says {tried.result.outcome.value}."
                )
