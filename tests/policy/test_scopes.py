from decimal import Decimal
from typing import Any

import pytest

from policy.scopes import (
    Acquisition,
    Circumstance,
    Scope,
    depth_of,
    scope_from_json,
    scope_to_json,
)
from standards.codec import ShapeError
from standards.logic import Range, Truth

RESCUE = Circumstance(
    Acquisition.PURCHASE,
    mission="rescue",
    sensitive=True,
    agency_kind="agency",
    weight_g=Range(Decimal(900), Decimal(1100)),
    value=Decimal(89_000),
    currency="JPY",
)
NOTHING_KNOWN = Circumstance(Acquisition.HELD)


def scope(**node: Any) -> Scope:
    return scope_from_json(node)


@pytest.mark.parametrize(
    ("node", "known", "unknown"),
    [
        ({"kind": "mission_in", "missions": ["rescue"]}, True, None),
        ({"kind": "mission_in", "missions": ["training"]}, False, None),
        ({"kind": "sensitive_mission"}, True, None),
        ({"kind": "acquisition_kind_in", "kinds": ["purchase", "lease"]}, True, False),
        ({"kind": "agency_kind_in", "kinds": ["agency"]}, True, None),
        ({"kind": "agency_kind_in", "kinds": ["ministry"]}, False, None),
        ({"kind": "held"}, False, True),
        ({"kind": "new"}, True, False),
        ({"kind": "weight_range_g", "from_g": "100"}, True, None),
        ({"kind": "weight_range_g", "from_g": "1000"}, None, None),
        ({"kind": "weight_range_g", "below_g": "1100"}, None, None),
        ({"kind": "weight_range_g", "below_g": "900"}, False, None),
        ({"kind": "weight_range_g"}, True, True),
        ({"kind": "value_range", "currency": "JPY", "from_value": "89000"}, True, None),
        ({"kind": "value_range", "currency": "JPY", "below_value": "89000"}, False, None),
        ({"kind": "value_range", "currency": "USD", "from_value": "1"}, None, None),
        ({"kind": "all", "of": []}, True, True),
        ({"kind": "any", "of": []}, False, False),
        ({"kind": "not", "of": {"kind": "sensitive_mission"}}, False, None),
        ({"kind": "all", "of": [{"kind": "new"}, {"kind": "sensitive_mission"}]}, True, False),
        ({"kind": "any", "of": [{"kind": "held"}, {"kind": "sensitive_mission"}]}, True, True),
    ],
)
def test_what_a_scope_says_of_a_known_and_of_an_unknown_circumstance(
    node: dict[str, Any], known: Truth, unknown: Truth
) -> None:
    assert scope(**node).applies(RESCUE) is known
    assert scope(**node).applies(NOTHING_KNOWN) is unknown


def nested(depth: int) -> dict[str, Any]:
    node: dict[str, Any] = {"kind": "held"}
    for _ in range(depth):
        node = {"kind": "not", "of": node}
    return node


def test_a_scope_is_at_most_three_deep() -> None:
    assert depth_of(scope_from_json(nested(3))) == 3
    with pytest.raises(ShapeError, match="scope: all, any and not are 4 deep; at most 3"):
        scope_from_json(nested(4))


def test_a_scope_is_written_as_it_was_read() -> None:
    node = {
        "kind": "any",
        "of": [
            {"kind": "not", "of": {"kind": "held"}},
            {"kind": "mission_in", "missions": ["defence", "rescue"]},
            {"kind": "weight_range_g", "from_g": "100", "below_g": None},
        ],
    }
    assert scope_to_json(scope_from_json(node)) == node


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (
            {"kind": "mission_in", "missions": ["spying"]},
            "scope: 'spying' is no mission; use one of",
        ),
        (
            {"kind": "all", "of": [{"kind": "held"}, {"kind": "mission", "missions": []}]},
            r"scope.of\[1\].kind: 'mission' is no kind known here; use one of acquisition_kind_in",
        ),
        (
            {"kind": "acquisition_kind_in", "kinds": ["gift"]},
            r"scope.kinds\[0\]: expected one of donation, held",
        ),
        ({"kind": "weight_range_g", "from_g": 1.5}, "scope.from_g: expected a number written"),
        ({"kind": "value_range"}, "scope.currency: is missing"),
        ({"kind": "held", "months": 3}, "scope.months: 'months' is not known here"),
    ],
)
def test_a_mistake_in_a_scope_is_named_with_its_path(node: dict[str, Any], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        scope_from_json(node)
