"""What leaves the house as a file, and what was counted."""

from reporting.models.exports import Export
from reporting.models.tallies import (
    BuildTally,
    Counted,
    Origin,
    Placed,
    StandingTally,
    Tally,
    Uncounted,
    Unplaced,
)

__all__ = [
    "BuildTally",
    "Counted",
    "Export",
    "Origin",
    "Placed",
    "StandingTally",
    "Tally",
    "Uncounted",
    "Unplaced",
]
