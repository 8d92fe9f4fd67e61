"""How much there is of everything, for a number of aircraft."""

from dataclasses import dataclass
from typing import Final

BUILDS_PER_MODEL: Final = 8
AGENCIES: Final = 200


@dataclass(frozen=True, slots=True)
class Size:
    """With 500,000 aircraft and more, the catalogue has the size the budgets speak of: 5,000 builds of
    ten components, 2,000 vendors. Fewer aircraft have a smaller one, so that a trial is quick."""

    aircraft: int

    @property
    def builds(self) -> int:
        """Those whose configuration is known."""
        return max(400, min(5_000, self.aircraft // 100 // BUILDS_PER_MODEL * BUILDS_PER_MODEL))

    @property
    def models(self) -> int:
        return self.builds // BUILDS_PER_MODEL

    @property
    def vendors(self) -> int:
        return max(200, min(2_000, self.aircraft // 250))
