"""What every reader hands over: entries of one edition, or all that is wrong with the file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from policy.trace import Text
from standards.names import company_key, fold


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as published. `key` stays the same from edition to edition while the publisher
    keeps the name; `kind` is entity, person, vessel, aircraft, jurisdiction, category, or empty where
    the publisher does not say; `country` is ISO 3166-1 alpha-2 or empty; `row` counts from 1,
    the heading included."""

    row: int
    name: str
    key: str = ""
    aliases: tuple[str, ...] = ()
    previous_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    parent_name: str = ""
    note: str = ""
    country: str = ""
    listed_on: date | None = None
    ended_on: date | None = None
    source_url: str = ""
    kind: str = "entity"


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` is 0 for the file as a whole; `column` is empty when the whole row is meant; `file` is
    named where a list consists of several. The reason goes on from there, in both languages."""

    row: int
    column: str
    reason: Text
    file: str = ""

    def __str__(self) -> str:
        return self.said("en")

    def said(self, language: str) -> str:
        """Where, and what is wrong there."""
        if language == "ja":
            row = f"{self.row}行目" if self.row else ""
            column = f"列「{self.column}」" if self.column else ""
            where = "、".join(part for part in (self.file, row, column) if part)
            return f"{where or 'ファイル'}:{self.reason.ja}"
        row = f"row {self.row}" if self.row else ""
        column = f"column {self.column}" if self.column else ""
        where = ", ".join(part for part in (self.file, row, column) if part)
        return f"{where or 'file'}: {self.reason.en}"


class ListFileError(ValueError):
    """The file is refused as a whole; `problems` has all of them file by file, in the order of the rows."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda each: (each.file, each.row)))
        super().__init__("\n".join(map(str, self.problems)))


def with_keys(entries: Sequence[EntryRow], column: str) -> tuple[EntryRow, ...]:
    """Gives each entry that has no key the shortest of these that it shares with none: its folded
    name without legal form, with legal form, with its parent. Raises `ListFileError` naming
    `column` where two entries cannot be told apart."""
    candidates = [_candidates(entry) for entry in entries]
    uses = Counter(key for keys in candidates for key in set(keys))
    keyed = tuple(
        replace(entry, key=next((key for key in keys if uses[key] == 1), keys[-1]))
        for entry, keys in zip(entries, candidates, strict=True)
    )
    if problems := tuple(_namesakes(keyed, column)):
        raise ListFileError(problems)
    return keyed


def _candidates(entry: EntryRow) -> tuple[str, ...]:
    if entry.key:
        return (entry.key,)
    full = fold(entry.name) or entry.name
    return company_key(entry.name) or entry.name, full, f"{full} / {company_key(entry.parent_name)}"


def _namesakes(entries: Iterable[EntryRow], column: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for entry in entries:
        if entry.key in first:
            reason = Text(
                f"cannot be told apart from row {first[entry.key]}: both are {entry.key!r}",
                f"{first[entry.key]}行目と区別できません。いずれも「{entry.key}」となります。",
            )
            yield Problem(entry.row, column, reason)
        first.setdefault(entry.key, entry.row)
