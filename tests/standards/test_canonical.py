import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from standards.canonical import CanonicalError, canonical, canonical_json, digest


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": None}, '{"a":null,"b":1}'),
        (frozenset({"JP", "CN"}), '["CN","JP"]'),
        (Decimal("50.00"), '"50"'),
        (Decimal("0.10"), '"0.1"'),
        (Decimal("-0.0"), '"0"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal(100), '"100"'),
        (date(2026, 7, 1), '"2026-07-01"'),
        ("ハ\u3099", '"バ"'),
        ((True, 1), "[true,1]"),
    ],
)
def test_a_value_has_one_text(value: object, text: str) -> None:
    assert canonical(value) == text


def test_the_digest_is_sha256_of_the_text() -> None:
    assert digest({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"share": [1, 0.5]}, r"value.share\[1\]: float"),
        ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, "value.at: datetime"),
        ({1: "x"}, "the key 1 is not text"),
        ({"バ": 1, "ハ\u3099": 2}, "'バ' occurs twice"),
        ("\ud800", "lone surrogate"),
        (Decimal("NaN"), "NaN is not a number"),
        (object(), "object has no canonical form"),
    ],
)
def test_what_has_no_one_text_is_refused_with_its_place(value: object, problem: str) -> None:
    with pytest.raises(CanonicalError, match=problem):
        canonical(value)


def test_the_text_is_json() -> None:
    value = {"a": [1, "“x”"], "b": {"c": None}}
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": [True, None, "x"]},
        {"name": "空撮ドローン"},
        {"name": "Caf\u00e9"},
        {"name": "Cafe\u0301"},
        {"e\u0301": 1, "f": 2},
        ["line\nfeed", "\u0301 alone"],
    ],
)
def test_what_is_json_already_has_the_same_text_by_the_quick_way(value: Any) -> None:
    assert canonical_json(value) == canonical(value)


def test_a_lone_surrogate_is_refused_by_the_quick_way_too() -> None:
    with pytest.raises(CanonicalError, match="lone surrogate"):
        canonical_json({"name": "\ud800"})
