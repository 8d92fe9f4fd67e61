"""What a language has to be able to say about a result; each language implements it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from policy.facts import HUNDRED, Evidence
from policy.trace import Edge, Hit, ListUsed, Missing, Result, Used, WouldChange

Namer = Callable[[str], str]
"""Code → name in the language at hand."""


def unchanged(code: str) -> str:
    return code


@dataclass(frozen=True, slots=True)
class Names:
    """Where the names of codes come from that neither the trace nor our own vocabularies hold.

    `country` takes ISO 3166-1 alpha-2 codes.
    """

    country: Namer = unchanged


class Wording(Protocol):
    """Full sentences, each understandable by itself."""

    def answer(self, result: Result) -> str: ...

    def hit(self, hit: Hit, lists: tuple[ListUsed, ...], asked: tuple[str, ...]) -> str: ...

    def edge(self, edge: Edge) -> str: ...

    def missing(self, missing: Missing) -> str: ...

    def used(self, used: Used) -> str: ...

    def source(self, evidence: Evidence | None) -> str: ...

    def list_used(self, used: ListUsed) -> str: ...

    def changes(self, way: WouldChange) -> str: ...


class Family(StrEnum):
    """Kinds of predicate that are worded alike."""

    COUNTRY = "country"
    MEASURE = "measure"
    ATTRIBUTE = "attribute"
    CERTIFICATE = "certificate"
    FITTED = "fitted"
    CLEARED = "cleared"
    LISTED = "listed"
    TAKEN_OFF = "taken_off"
    OWNERS = "owners"
    EDITION = "edition"
    OTHER = "other"


_FAMILIES = {
    "made_in": Family.COUNTRY,
    "assembled_in": Family.COUNTRY,
    "developed_in": Family.COUNTRY,
    "data_stored_in": Family.COUNTRY,
    "administered_from": Family.COUNTRY,
    "incorporated_in": Family.COUNTRY,
    "headquartered_in": Family.COUNTRY,
    "maker_controlled_from": Family.COUNTRY,
    "measure": Family.MEASURE,
    "attribute": Family.ATTRIBUTE,
    "certificate": Family.CERTIFICATE,
    "fitted": Family.FITTED,
    "cleared": Family.CLEARED,
    "listed": Family.LISTED,
    "taken_off": Family.TAKEN_OFF,
    "owners": Family.OWNERS,
    "edition": Family.EDITION,
}


def split_predicate(predicate: str) -> tuple[Family, str]:
    """The family, and the code that follows it: "measure:encryption" → (MEASURE, "encryption")."""
    head, _, code = predicate.partition(":")
    return _FAMILIES.get(head, Family.OTHER), code or head


def share_known(edge: Edge) -> bool:
    """Whether anything is known of the share: from 0 to 100 % says nothing."""
    return edge.low > 0 or edge.high < HUNDRED
