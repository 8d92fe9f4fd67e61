"""The closed set of typed questions that a rule can ask, one module per kind."""

from policy.criteria.attribute import Attribute
from policy.criteria.certificate import Certificate
from policy.criteria.cleared_build import ClearedBuild
from policy.criteria.listed_party import ListedParty
from policy.criteria.origin import Origin
from policy.criteria.required_measure import RequiredMeasure

AnyCriterion = Origin | ListedParty | RequiredMeasure | ClearedBuild | Attribute | Certificate

__all__ = [
    "AnyCriterion",
    "Attribute",
    "Certificate",
    "ClearedBuild",
    "ListedParty",
    "Origin",
    "RequiredMeasure",
]
