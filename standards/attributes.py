"""Properties of a build on which a rule can set a limit.

Parts are no attributes: a rule asks for them by their component role. The set is what the
exception for toys of the FCC notice DA 26-588 of 15 June 2026 looks at, and endurance.
"""

from dataclasses import dataclass
from enum import StrEnum

from standards.terms import Term, Vocabulary


class AttributeKind(StrEnum):
    """What can be said of an attribute: a quantity in its unit, or yes or no."""

    QUANTITY = "quantity"
    YES_OR_NO = "yes_or_no"


@dataclass(frozen=True, slots=True)
class AttributeTerm(Term):
    """`unit` is the sign of the unit of a quantity, and empty for a yes or no."""

    kind: AttributeKind
    unit: str = ""


ATTRIBUTES = Vocabulary(
    "attribute",
    AttributeTerm("weight_g", "Weight", "質量", AttributeKind.QUANTITY, "g"),
    AttributeTerm("mtow_g", "Maximum take-off weight", "最大離陸質量", AttributeKind.QUANTITY, "g"),
    AttributeTerm("endurance_min", "Endurance", "飛行可能時間", AttributeKind.QUANTITY, "min"),
    AttributeTerm(
        "range_m", "Range of the control link", "操縦可能距離", AttributeKind.QUANTITY, "m"
    ),
    AttributeTerm("ceiling_m", "Greatest height", "最大到達高度", AttributeKind.QUANTITY, "m"),
    AttributeTerm("speed_m_s", "Greatest speed", "最大速度", AttributeKind.QUANTITY, "m/s"),
    AttributeTerm(
        "network_connection",
        "Connection to the internet or a mobile network",
        "インターネット又は携帯電話網への接続機能",
        AttributeKind.YES_OR_NO,
    ),
    AttributeTerm(
        "payload_interface",
        "Interface for a payload",
        "搭載物の取付け機構",
        AttributeKind.YES_OR_NO,
    ),
    AttributeTerm("sold_as_toy", "Sold as a toy", "玩具としての販売", AttributeKind.YES_OR_NO),
)
