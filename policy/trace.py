"""Why a result is what it is: every name, value, source and date needed to say it again.

A trace is stored with its result and read years later, without the facts or the rulebook it
came from; sentences are rendered from it and from nothing else.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from policy.facts import Evidence, LinkKind, LinkStatus
from standards.canonical import Json
from standards.codec import decode, encode


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and Japanese."""

    en: str
    ja: str = ""

    def in_language(self, language: str) -> str:
        return self.ja if language.lower().startswith("ja") and self.ja else self.en


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 an outcome, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class SubjectKind(StrEnum):
    BUILD = "build"
    COMPONENT = "component"
    VENDOR = "vendor"
    ROLE = "role"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fact is about. A component or role carries its `role`, a vendor the `party` it is here."""

    of: SubjectKind
    id: int | None
    name: str
    name_local: str = ""
    role: str = ""
    party: str = ""

    def without_part(self) -> "Subject":
        """The vendor itself, in whatever parts of the build it has a hand."""
        return replace(self, role="", party="")


@dataclass(frozen=True, slots=True)
class Used:
    """A fact that the rule looked at; `values` are codes or plain numbers, none if not known."""

    subject: Subject
    predicate: str
    values: tuple[str, ...]
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One numbered step of a path; shares in percent, on the day of the result."""

    source: Subject
    target: Subject
    kind: LinkKind
    low: Decimal
    high: Decimal
    status: LinkStatus
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class ListUsed:
    """A list in the edition that was in force; `edition` is None when none was."""

    code: str
    name: Text
    edition: date | None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class EntryUsed:
    list: ListUsed
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact that makes the rule fail: a value, reached over a path, matched by a list entry.

    `path` runs from the subject upwards to whoever is meant by `values` or `entry`.
    """

    subject: Subject
    predicate: str
    values: tuple[str, ...] = ()
    path: tuple[Edge, ...] = ()
    entry: EntryUsed | None = None
    evidence: Evidence | None = None


class Why(StrEnum):
    """Why a fact is missing."""

    NOT_KNOWN = "not_known"
    NO_EVIDENCE = "no_evidence"
    BELOW_GRADE = "below_grade"
    EXPIRED = "expired"
    DISPUTED = "disputed"
    POSSIBLE_ONLY = "possible_only"


class SuppliedBy(StrEnum):
    """Who could supply what is missing."""

    MAKER = "maker"
    SUPPLIER = "supplier"
    STEWARD = "steward"
    AGENCY = "agency"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps the rule from a certain answer, and who could supply it."""

    subject: Subject
    predicate: str
    why: Why
    supplied_by: tuple[SuppliedBy, ...]
    path: tuple[Edge, ...] = ()
    entry: EntryUsed | None = None
    evidence: Evidence | None = None


class Remedy(StrEnum):
    """What would have to become of a fact."""

    OTHER_VALUE = "other_value"
    SUPPLY = "supply"
    BETTER_EVIDENCE = "better_evidence"
    RESOLVE_DISPUTE = "resolve_dispute"
    SETTLE_RANGE = "settle_range"
    SHARE_BELOW = "share_below"
    END_LINK = "end_link"
    OFF_THE_LIST = "off_the_list"
    ON_THE_LIST = "on_the_list"
    OTHER_PARTY = "other_party"
    MEET_LIMIT = "meet_limit"
    MISS_LIMIT = "miss_limit"
    FIT = "fit"
    FIT_OF_CONCERN = "fit_of_concern"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a fact; `values` are the values or the limit that the remedy speaks of.

    Of a remedy by evidence: the grade that it has to have. Of a limit: `at_least`, `at_most` and
    `below`, empty where they do not bind, or yes or no. Of `fit`: whether the part has to be fitted.
    """

    subject: Subject
    predicate: str
    remedy: Remedy
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WouldChange:
    """The smallest change that turns the result: all of `changes` together give `to`."""

    to: Outcome
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """`criterion` is the kind of rule; `asked` its parameters that sentences name."""

    criterion: str
    used: tuple[Used, ...] = ()
    hits: tuple[Hit, ...] = ()
    missing: tuple[Missing, ...] = ()
    lists: tuple[ListUsed, ...] = ()
    asked: tuple[str, ...] = ()
    would_change: tuple[WouldChange, ...] = ()

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, value: object, at: str = "trace") -> "Trace":
        return decode(cls, value, at)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one rule (`policy/version/code`) on one build, with its reasons."""

    rule: str
    outcome: Outcome
    trace: Trace

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, value: object, at: str = "result") -> "Result":
        return decode(cls, value, at)
