"""The names of measures, attributes and certificates, whose codes a trace holds after its predicates."""

from collections.abc import Mapping
from itertools import chain

from standards.attributes import ATTRIBUTES, AttributeKind
from standards.certificates import CERTIFICATES
from standards.measures import MEASURES
from standards.terms import Term

_TERMS: Mapping[str, Term] = {
    term.code: term for term in chain[Term](MEASURES, ATTRIBUTES, CERTIFICATES)
}


def term_name(code: str, language: str) -> str:
    """The label of the code; one that no vocabulary has is spelt out, "flight_mode" → "flight mode".

    Results are kept for good, so a trace can hold a code that a vocabulary no longer has.
    """
    return _TERMS[code].label(language) if code in _TERMS else code.replace("_", " ")


def is_quantity(code: str) -> bool:
    """Whether the attribute is measured; one that the vocabulary does not have is taken to be."""
    return code not in ATTRIBUTES or ATTRIBUTES[code].kind is AttributeKind.QUANTITY


def unit_of(code: str) -> str:
    """The sign of the unit of an attribute that is a quantity, else empty."""
    return ATTRIBUTES[code].unit if code in ATTRIBUTES else ""
