"""To which circumstances a rule applies: a tree of and, or and not over typed questions.

As JSON each node is an object with a `kind`: `{"kind": "all", "of": [{"kind":
"sensitive_mission"}, {"kind": "acquisition_kind_in", "kinds": ["purchase", "lease"]}]}`.
`{"kind": "all", "of": []}` applies always. Answers are three-valued: a circumstance that is
not known leaves it unknown whether the rule applies, unless the rest settles it.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from standards.canonical import Json
from standards.codec import ShapeError, decode_union, encode
from standards.logic import ANYTHING, Range, Truth, conjunction, disjunction, negation
from standards.missions import MISSIONS

MAX_DEPTH = 3


class Acquisition(StrEnum):
    """How an aircraft is, or would be, in the agency's hands; `held` is already there."""

    HELD = "held"
    PURCHASE = "purchase"
    LEASE = "lease"
    SERVICE = "service"
    DONATION = "donation"
    TRANSFER = "transfer"
    LOAN = "loan"


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One mission of one case. `mission` None: not known what the aircraft is for."""

    kind: Acquisition
    mission: str | None = None
    sensitive: Truth = None
    agency_kind: str | None = None
    weight_g: Range = ANYTHING
    value: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class All:
    of: tuple["Scope", ...]
    kind: ClassVar[str] = "all"

    def applies(self, circumstance: Circumstance) -> Truth:
        return conjunction([part.applies(circumstance) for part in self.of])


@dataclass(frozen=True, slots=True)
class Any:
    of: tuple["Scope", ...]
    kind: ClassVar[str] = "any"

    def applies(self, circumstance: Circumstance) -> Truth:
        return disjunction([part.applies(circumstance) for part in self.of])


@dataclass(frozen=True, slots=True)
class Not:
    of: "Scope"
    kind: ClassVar[str] = "not"

    def applies(self, circumstance: Circumstance) -> Truth:
        return negation(self.of.applies(circumstance))


@dataclass(frozen=True, slots=True)
class MissionIn:
    missions: frozenset[str]
    kind: ClassVar[str] = "mission_in"

    def __post_init__(self) -> None:
        for mission in sorted(self.missions):
            if mission not in MISSIONS:
                raise ValueError(
                    f"{mission!r} is no mission; use one of {', '.join(MISSIONS.codes)}"
                )

    def applies(self, circumstance: Circumstance) -> Truth:
        return None if circumstance.mission is None else circumstance.mission in self.missions


@dataclass(frozen=True, slots=True)
class SensitiveMission:
    """The mission is held sensitive by any policy version in force on the day."""

    kind: ClassVar[str] = "sensitive_mission"

    def applies(self, circumstance: Circumstance) -> Truth:
        return circumstance.sensitive


@dataclass(frozen=True, slots=True)
class AcquisitionKindIn:
    kinds: frozenset[Acquisition]
    kind: ClassVar[str] = "acquisition_kind_in"

    def applies(self, circumstance: Circumstance) -> Truth:
        return circumstance.kind in self.kinds


@dataclass(frozen=True, slots=True)
class AgencyKindIn:
    kinds: frozenset[str]
    kind: ClassVar[str] = "agency_kind_in"

    def applies(self, circumstance: Circumstance) -> Truth:
        return None if circumstance.agency_kind is None else circumstance.agency_kind in self.kinds


@dataclass(frozen=True, slots=True)
class Held:
    """The agency already has the aircraft."""

    kind: ClassVar[str] = "held"

    def applies(self, circumstance: Circumstance) -> Truth:
        return circumstance.kind is Acquisition.HELD


@dataclass(frozen=True, slots=True)
class New:
    """The aircraft, or its service, is still to be acquired."""

    kind: ClassVar[str] = "new"

    def applies(self, circumstance: Circumstance) -> Truth:
        return circumstance.kind is not Acquisition.HELD


@dataclass(frozen=True, slots=True)
class WeightRange:
    """from_g <= weight < below_g, in grams; a limit left out does not bind."""

    from_g: Decimal | None = None
    below_g: Decimal | None = None
    kind: ClassVar[str] = "weight_range_g"

    def applies(self, circumstance: Circumstance) -> Truth:
        return _within(circumstance.weight_g, self.from_g, self.below_g)


@dataclass(frozen=True, slots=True)
class ValueRange:
    """from_value <= value < below_value in `currency` (ISO 4217); another currency is unknown."""

    currency: str
    from_value: Decimal | None = None
    below_value: Decimal | None = None
    kind: ClassVar[str] = "value_range"

    def applies(self, circumstance: Circumstance) -> Truth:
        if circumstance.currency != self.currency:
            return None
        return _within(Range.exactly(circumstance.value), self.from_value, self.below_value)


def _within(quantity: Range, low: Decimal | None, below: Decimal | None) -> Truth:
    return conjunction(
        [
            True if low is None else quantity.at_least(low),
            True if below is None else quantity.below(below),
        ]
    )


Scope = (
    All
    | Any
    | Not
    | MissionIn
    | SensitiveMission
    | AcquisitionKindIn
    | AgencyKindIn
    | Held
    | New
    | WeightRange
    | ValueRange
)

ALWAYS = All(())


def scope_from_json(value: object, at: str = "scope") -> Scope:
    """The scope; raises ShapeError with the path of the mistake, also when it is too deep."""
    scope: Scope = decode_union(Scope, value, at)
    check_depth(scope, at)
    return scope


def scope_to_json(scope: Scope) -> Json:
    return encode(scope)


def check_depth(scope: Scope, at: str = "scope") -> None:
    depth = depth_of(scope)
    if depth > MAX_DEPTH:
        problem = f"all, any and not are {depth} deep; at most {MAX_DEPTH} can be read by people"
        raise ShapeError(at, problem)


def depth_of(scope: Scope) -> int:
    """How many all, any and not stand inside each other."""
    if isinstance(scope, All | Any):
        return 1 + max((depth_of(part) for part in scope.of), default=0)
    return 1 + depth_of(scope.of) if isinstance(scope, Not) else 0
