"""Lists that rules refer to, in dated editions that never change."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Generic, TypeVar

from policy.trace import ListUsed, Text
from standards.canonical import Json


class ListError(ValueError):
    """A list that contradicts its own form."""


@dataclass(frozen=True, slots=True)
class JurisdictionEdition:
    """`countries` are ISO 3166-1 alpha-2 codes."""

    edition: date
    effective_from: date
    digest: str
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` is the same in every edition that has the entry.

    Some publishers keep the entries that they have taken off, with the last day: through it the entry counts.
    """

    key: str
    name: str
    listed_until: date | None = None

    def listed_on(self, day: date) -> bool:
        return self.listed_until is None or day <= self.listed_until


@dataclass(frozen=True, slots=True)
class EntityEdition:
    """`entries` may be limited to those that some match names; `digest` covers all of them."""

    edition: date
    effective_from: date
    digest: str
    entries: tuple[Entry, ...]

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class ClearedEntry:
    """A cleared build, from and through the days given; no day means no limit."""

    key: str
    name: str
    valid_from: date | None = None
    valid_until: date | None = None

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class ClearanceEdition:
    edition: date
    effective_from: date
    digest: str
    entries: tuple[ClearedEntry, ...]

    def entry(self, key: str) -> ClearedEntry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


EditionT = TypeVar("EditionT", JurisdictionEdition, EntityEdition, ClearanceEdition)


def edition_on(editions: tuple[EditionT, ...], day: date) -> EditionT | None:
    """The edition in force: the latest with effective_from <= day; None before the first.

    `editions` are sorted by (effective_from, edition).
    """
    after = bisect_right([each.effective_from for each in editions], day)
    return editions[after - 1] if after else None


def _in_order(code: str, editions: tuple[EditionT, ...]) -> tuple[EditionT, ...]:
    ordered = tuple(sorted(editions, key=lambda each: (each.effective_from, each.edition)))
    if len({(each.effective_from, each.edition) for each in ordered}) != len(ordered):
        raise ListError(f"list {code}: the same edition occurs twice")
    return ordered


@dataclass(frozen=True, slots=True)
class _DatedList(Generic[EditionT]):
    code: str
    name: Text
    editions: tuple[EditionT, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "editions", _in_order(self.code, self.editions))

    def on(self, day: date) -> EditionT | None:
        return edition_on(self.editions, day)

    def used_on(self, day: date) -> ListUsed:
        edition = self.on(day)
        if edition is None:
            return ListUsed(self.code, self.name, None)
        return ListUsed(self.code, self.name, edition.edition, edition.digest)

    def change_days(self) -> Iterator[date]:
        """Days on which the list says something else than the day before."""
        for each in self.editions:
            yield each.effective_from

    def identity(self) -> Json:
        """What names the editions, for the digest of a rulebook: not what they hold."""
        return {
            "code": self.code,
            "editions": [
                [each.edition.isoformat(), each.effective_from.isoformat(), each.digest]
                for each in self.editions
            ],
        }


@dataclass(frozen=True, slots=True)
class JurisdictionList(_DatedList[JurisdictionEdition]):
    editions: tuple[JurisdictionEdition, ...]
    kind: ClassVar[str] = "jurisdictions"


@dataclass(frozen=True, slots=True)
class EntityList(_DatedList[EntityEdition]):
    editions: tuple[EntityEdition, ...]
    kind: ClassVar[str] = "entities"

    def change_days(self) -> Iterator[date]:
        for edition in self.editions:
            yield edition.effective_from
            for entry in edition.entries:
                if entry.listed_until is not None:
                    yield entry.listed_until + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClearanceList(_DatedList[ClearanceEdition]):
    editions: tuple[ClearanceEdition, ...]
    kind: ClassVar[str] = "clearances"

    def change_days(self) -> Iterator[date]:
        for edition in self.editions:
            yield edition.effective_from
            for entry in edition.entries:
                if entry.valid_from is not None:
                    yield entry.valid_from
                if entry.valid_until is not None:
                    yield entry.valid_until + timedelta(days=1)


AnyList = JurisdictionList | EntityList | ClearanceList
