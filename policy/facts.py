"""What is known about one build, frozen: the only thing the engine looks at besides rules.

`None` means not known, everywhere; "known to be none" is always said in another way. The
order in which components, vendors, links and the rest are handed over carries no meaning:
they are sorted by id, so that equal facts are equal values with one digest. The day on which
the facts are looked at is no part of them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Protocol, TypeVar

from standards.canonical import Json, canonical, canonical_json
from standards.codec import decode, encode
from standards.countries import checked_countries
from standards.logic import Range

HUNDRED = Decimal(100)


class FactError(ValueError):
    """Facts that contradict their own form: an empty set, a share of 130 %, a maker nobody named."""


class Grade(IntEnum):
    """How well a declaration has been checked."""

    CLAIMED = 1
    DOCUMENTED = 2
    VERIFIED = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """A declaration that facts rest on; it counts up to and including the day it expires."""

    id: int
    title: str
    claimant: str
    kind: str
    grade: Grade
    dated: date
    expires: date | None = None

    def expired(self, on: date) -> bool:
        return self.expires is not None and self.expires < on


@dataclass(frozen=True, slots=True)
class Countries:
    """One meaning of "country" as ISO 3166-1 alpha-2 codes; all of them, or None for not known."""

    values: frozenset[str] | None
    evidence: Evidence | None = None
    disputed: bool = False

    def __post_init__(self) -> None:
        if self.values is not None:
            checked_countries(self.values)


NO_COUNTRIES_KNOWN = Countries(None)


@dataclass(frozen=True, slots=True)
class VendorFacts:
    """`ultimate`: a person, a state or another body that nobody can own."""

    id: int
    name: str
    name_local: str = ""
    incorporated_in: Countries = NO_COUNTRIES_KNOWN
    headquartered_in: Countries = NO_COUNTRIES_KNOWN
    ultimate: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """A vendor in a role that may also be vacant: (True, None) is known to be nobody."""

    known: bool
    vendor: int | None = None
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        if self.vendor is not None and not self.known:
            raise FactError("a party that is not known cannot name a vendor")


PARTY_NOT_KNOWN = Party(known=False)
NOBODY = Party(known=True)


class LinkKind(StrEnum):
    SHAREHOLDING = "shareholding"
    CONTROL = "control"
    LICENSED_DESIGN = "licensed_design"
    AFFILIATION = "affiliation"


class LinkStatus(StrEnum):
    ASSERTED = "asserted"
    DISPUTED = "disputed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Link:
    """`holder` holds shares of, controls, licenses its design to, or is affiliated with `subject`.

    Shares are percent; a bound that is not known stands for 0 or 100. The link counts on days
    with since <= day < until.
    """

    id: int
    holder: int
    subject: int
    kind: LinkKind
    share_min: Decimal | None = None
    share_max: Decimal | None = None
    since: date | None = None
    until: date | None = None
    status: LinkStatus = LinkStatus.ASSERTED
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        for share in (self.share_min, self.share_max):
            if share is not None and not 0 <= share <= HUNDRED:
                raise FactError(f"link {self.id}: a share of {share} % is not between 0 and 100")
        if self.low > self.high:
            raise FactError(f"link {self.id}: the share runs from {self.low} % to {self.high} %")

    @property
    def low(self) -> Decimal:
        return Decimal(0) if self.share_min is None else self.share_min

    @property
    def high(self) -> Decimal:
        return HUNDRED if self.share_max is None else self.share_max

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """A part of the build; `evidence` is for who its maker is."""

    id: int
    role: str
    part: str = ""
    maker: int | None = None
    made_in: Countries = NO_COUNTRIES_KNOWN
    developed_in: Countries = NO_COUNTRIES_KNOWN
    data_stored_in: Countries = NO_COUNTRIES_KNOWN
    administered_from: Countries = NO_COUNTRIES_KNOWN
    evidence: Evidence | None = None

    def countries(self) -> tuple[Countries, ...]:
        return (self.made_in, self.developed_in, self.data_stored_in, self.administered_from)


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A security measure that the build has, has not, or of which nothing is known."""

    measure: str
    claimed: bool | None = None
    evidence: Evidence | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class AttributeFacts:
    """A property of the build: a quantity in [low, high] (unit in the name), or a yes or no."""

    name: str
    low: Decimal | None = None
    high: Decimal | None = None
    present: bool | None = None
    evidence: Evidence | None = None
    disputed: bool = False

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise FactError(f"attribute {self.name}: runs from {self.low} to {self.high}")

    @property
    def range(self) -> Range:
        return Range(self.low, self.high)


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate held, known not to be held, or unknown; valid through both its days."""

    certificate: str
    held: bool | None = None
    number: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    evidence: Evidence | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A person's decision that an entry of a list is this vendor, or this build.

    `entry_key` is the same in every edition that has the entry.
    """

    list_code: str
    entry_key: str
    vendor: int | None = None
    build: int | None = None
    decided_by: str = ""
    decided_on: date | None = None

    def __post_init__(self) -> None:
        if (self.vendor is None) == (self.build is None):
            raise FactError(
                f"the match of {self.list_code}/{self.entry_key} needs a vendor or a build, not both"
            )


@dataclass(frozen=True)
class BuildFacts:
    """All that is known of one build; of a purchase line also who supplies it.

    `vendors` holds every vendor that a maker, party or link names. `configuration_known` is
    false for the build that stands for "this model, nobody knows which configuration".
    """

    id: int
    name: str
    model: str
    configuration_known: bool = True
    manufacturer: int | None = None
    assembled_in: Countries = NO_COUNTRIES_KNOWN
    licensor: Party = PARTY_NOT_KNOWN
    supplier: Party = NOBODY
    components: tuple[ComponentFacts, ...] = ()
    not_fitted: frozenset[str] = frozenset()
    measures: tuple[MeasureFacts, ...] = ()
    attributes: tuple[AttributeFacts, ...] = ()
    certificates: tuple[CertificateFacts, ...] = ()
    vendors: tuple[VendorFacts, ...] = ()
    links: tuple[Link, ...] = ()
    matches: tuple[Match, ...] = ()

    def __post_init__(self) -> None:
        _sort(self, "components", [each.id for each in self.components])
        _sort(self, "vendors", [each.id for each in self.vendors])
        _sort(self, "links", [each.id for each in self.links])
        _sort(self, "measures", [each.measure for each in self.measures])
        _sort(self, "attributes", [each.name for each in self.attributes])
        _sort(self, "certificates", [each.certificate for each in self.certificates])
        keys = [(m.list_code, m.entry_key, m.vendor or 0, m.build or 0) for m in self.matches]
        _sort(self, "matches", keys)
        self._check_vendors()

    def _check_vendors(self) -> None:
        known = {vendor.id for vendor in self.vendors}
        for vendor, where in self._named_vendors():
            if vendor is not None and vendor not in known:
                raise FactError(f"{where} names vendor {vendor}, of whom there are no facts")

    def _named_vendors(self) -> Iterator[tuple[int | None, str]]:
        yield self.manufacturer, "the manufacturer"
        yield self.licensor.vendor, "the licensor"
        yield self.supplier.vendor, "the supplier"
        for component in self.components:
            yield component.maker, f"component {component.id}"
        for link in self.links:
            yield link.holder, f"link {link.id}"
            yield link.subject, f"link {link.id}"
        for match in self.matches:
            yield match.vendor, f"the match of {match.list_code}/{match.entry_key}"

    def ownable(self) -> frozenset[int]:
        """The vendors that somebody owns, whether it is known who or not."""
        return frozenset(vendor.id for vendor in self.vendors if not vendor.ultimate)

    @cached_property
    def vendor_by_id(self) -> Mapping[int, VendorFacts]:
        return {each.id: each for each in self.vendors}

    @cached_property
    def components_by_role(self) -> Mapping[str, tuple[ComponentFacts, ...]]:
        found: dict[str, tuple[ComponentFacts, ...]] = {}
        for each in self.components:
            found[each.role] = (*found.get(each.role, ()), each)
        return found

    def vendor(self, vendor: int) -> VendorFacts:
        return self.vendor_by_id[vendor]

    def with_role(self, role: str) -> tuple[ComponentFacts, ...]:
        return self.components_by_role.get(role, ())

    def evidence(self) -> Iterator[Evidence]:
        """Every declaration a fact rests on, as often as it is used."""
        for holder in self._with_evidence():
            if holder.evidence is not None:
                yield holder.evidence

    def _with_evidence(self) -> Iterator["_Evidenced"]:
        yield self.assembled_in
        yield self.licensor
        yield self.supplier
        for component in self.components:
            yield component
            yield from component.countries()
        for vendor in self.vendors:
            yield from (vendor.incorporated_in, vendor.headquartered_in)
        yield from self.links
        yield from self.measures
        yield from self.attributes
        yield from self.certificates

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, value: object, at: str = "facts") -> "BuildFacts":
        return decode(cls, value, at)

    def digest(self) -> str:
        """SHA-256 of the canonical form; texts that differ in Unicode composition alone are equal."""
        return hashlib.sha256(self.canonical().encode("utf-8")).hexdigest()

    def canonical(self) -> str:
        """`canonical(self.to_json())`; parts that many builds have in common are written once."""
        texts = {each.name: _text(getattr(self, each.name)) for each in fields(self)}
        return "{" + ",".join(f'"{name}":{texts[name]}' for name in sorted(texts)) + "}"


def _text(value: object) -> str:
    """The canonical text of a field; a tuple of parts keeps its order."""
    if isinstance(value, tuple):
        return "[" + ",".join(_text_of_part(each) for each in value) + "]"
    return canonical_json(encode(value)) if is_dataclass(value) else canonical(value)


@lru_cache(maxsize=50_000)
def _text_of_part(part: object) -> str:
    return canonical_json(encode(part))


class _Evidenced(Protocol):
    @property
    def evidence(self) -> Evidence | None: ...


Key = TypeVar("Key", int, str, tuple[str, str, int, int])


def _sort(facts: BuildFacts, field: str, keys: Iterable[Key]) -> None:
    """Puts a field of the frozen facts in the order of its keys; a key that occurs twice is refused."""
    pairs = sorted(zip(keys, getattr(facts, field), strict=True), key=lambda pair: pair[0])
    for (key, _), (following, _) in pairwise(pairs):
        if key == following:
            raise FactError(f"{field}: {key} occurs twice")
    object.__setattr__(facts, field, tuple(item for _, item in pairs))
