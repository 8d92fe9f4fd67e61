from compliance.models.matches import ListMatch
from compliance.models.periods import FOR_EVER
from compliance.models.results import Assessment, FactsSnapshot, RuleResult
from compliance.models.standings import Standing, StandingState

__all__ = [
    "FOR_EVER",
    "Assessment",
    "FactsSnapshot",
    "ListMatch",
    "RuleResult",
    "Standing",
    "StandingState",
]
