"""The closed set of typed questions that a rule can ask, one module per kind."""

from policy.criteria.listed_party import ListedParty
from policy.criteria.origin import Origin

AnyCriterion = Origin | ListedParty
