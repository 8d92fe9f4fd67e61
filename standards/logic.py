"""Three-valued logic (strong Kleene) and comparison with ranges.

A truth is True, False or None, and None means *not known*: an unknown operand leaves
the result unknown unless the known ones already settle it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

Truth = bool | None


def negation(value: Truth) -> Truth:
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """True for no operands; False as soon as one is False."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjunction(values: Iterable[Truth]) -> Truth:
    """False for no operands; True as soon as one is True."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


@dataclass(frozen=True, slots=True)
class Range:
    """A quantity known to lie in [low, high]; a bound of None is not known."""

    low: Decimal | None = None
    high: Decimal | None = None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the range runs from {self.low} to {self.high}, which is backwards")

    @classmethod
    def exactly(cls, value: Decimal | None) -> "Range":
        return cls(value, value)

    def at_least(self, limit: Decimal) -> Truth:
        if self.low is not None and self.low >= limit:
            return True
        if self.high is not None and self.high < limit:
            return False
        return None

    def below(self, limit: Decimal) -> Truth:
        return negation(self.at_least(limit))

    def at_most(self, limit: Decimal) -> Truth:
        if self.high is not None and self.high <= limit:
            return True
        if self.low is not None and self.low > limit:
            return False
        return None


ANYTHING = Range()
"""A quantity of which nothing is known."""
