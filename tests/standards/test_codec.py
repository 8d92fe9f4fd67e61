from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import ClassVar

import pytest

from standards.codec import ShapeError, decode, decode_union, encode


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


@dataclass(frozen=True, slots=True)
class Leaf:
    names: frozenset[str]
    kind: ClassVar[str] = "leaf"


@dataclass(frozen=True, slots=True)
class Branch:
    of: tuple["Node", ...]
    kind: ClassVar[str] = "branch"


Node = Leaf | Branch


@dataclass(frozen=True, slots=True)
class Record:
    number: int
    share: Decimal
    day: date | None
    colour: Colour
    level: Level
    node: Node
    sure: bool = True

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("number is below zero")


RECORD = Record(
    1,
    Decimal("49.990"),
    date(2026, 1, 2),
    Colour.RED,
    Level.LOW,
    Branch((Leaf(frozenset({"b", "a"})),)),
)
AS_JSON = {
    "number": 1,
    "share": "49.99",
    "day": "2026-01-02",
    "colour": "red",
    "level": "low",
    "node": {"kind": "branch", "of": [{"kind": "leaf", "names": ["a", "b"]}]},
    "sure": True,
}


def test_a_record_is_written_with_all_its_fields() -> None:
    assert encode(RECORD) == AS_JSON


def test_what_was_written_is_read_as_it_was() -> None:
    assert decode(Record, encode(RECORD)) == RECORD


def test_a_field_with_a_default_may_be_left_out() -> None:
    short = {name: value for name, value in AS_JSON.items() if name != "sure"}
    assert decode(Record, short) == RECORD


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"number": "1"}, "rule.number: expected a whole number, found '1'"),
        ({"number": True}, "rule.number: expected a whole number, found True"),
        ({"number": -1}, "rule: number is below zero"),
        ({"share": 0.5}, "rule.share: expected a number written as text"),
        ({"share": "half"}, "rule.share: 'half' is not a number"),
        ({"share": "Infinity"}, "rule.share: 'Infinity' is not a number"),
        ({"day": "2026-02-30"}, "rule.day: expected a date as YYYY-MM-DD"),
        ({"colour": "blue"}, "rule.colour: expected one of red, found 'blue'"),
        ({"level": 1}, "rule.level: expected one of low, found 1"),
        ({"node": {"kind": "tree"}}, "rule.node.kind: 'tree' is no kind known here; use one of"),
        ({"node": {"kind": "leaf", "names": "a"}}, "rule.node.names: expected a list"),
        (
            {"node": {"kind": "branch", "of": [{"kind": "leaf", "names": ["a", 5]}]}},
            r"rule.node.of\[0\].names\[1\]: expected text, found 5",
        ),
        ({"extra": 1}, "rule.extra: 'extra' is not known here; use colour, day"),
        ({"sure": None}, "rule.sure: expected true or false, found None"),
    ],
)
def test_a_mistake_is_named_with_its_path(change: dict[str, object], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        decode(Record, {**AS_JSON, **change}, "rule")


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ShapeError, match=r"rule\.number: is missing"):
        decode(Record, {}, "rule")


def test_a_union_needs_a_kind() -> None:
    with pytest.raises(ShapeError, match="expected an object with a kind, found 5"):
        decode_union(Node, 5, "scope")
