from compliance.models.matches import ListMatch
from compliance.models.periods import FOR_EVER
from compliance.models.results import Assessment, FactsSnapshot, Feed, RuleResult
from compliance.models.standings import Standing, StandingState
from compliance.models.waivers import Waiver, WaiverDecision, WaiverState, WaiverStep

__all__ = [
    "FOR_EVER",
    "Assessment",
    "FactsSnapshot",
    "Feed",
    "ListMatch",
    "RuleResult",
    "Standing",
    "StandingState",
    "Waiver",
    "WaiverDecision",
    "WaiverState",
    "WaiverStep",
]
