"""Criterion `cleared_build`: is this very build on a list of cleared ones?"""

from dataclasses import dataclass
from typing import ClassVar

from policy.criteria.inquiry import (
    FROM_AUTHORITY,
    FROM_INDUSTRY,
    Context,
    Finding,
    Notes,
    build_subject,
    list_subject,
)
from policy.editions import ClearanceEdition, ClearedEntry
from policy.facts import BuildFacts
from policy.trace import EntryUsed, Hit, ListUsed, Missing, Used, Why


@dataclass(frozen=True, slots=True)
class ClearedBuild:
    """Passes on an entry that a person matched with this build and that is valid on the day.

    Clearance belongs to the build: neither its model nor its maker passes it on. The list is
    complete by itself, so a build that is not on it fails; a build that only stands for its
    model ("configuration not known") is unknown, whatever it was matched with, because the
    aircraft may be another build of it.
    """

    list: str
    kind: ClassVar[str] = "cleared_build"

    def list_codes(self) -> frozenset[str]:
        return frozenset({self.list})

    def check(self, facts: BuildFacts, context: Context) -> Finding:
        clearances = context.clearances(self.list)
        used = clearances.used_on(context.on)
        notes = Notes(lists=(used,))
        edition = clearances.on(context.on)
        if not facts.configuration_known:
            subject = build_subject(facts)
            notes.miss(Missing(subject, "configuration", Why.NOT_KNOWN, FROM_INDUSTRY))
        if edition is None:
            notes.miss(Missing(list_subject(used), "edition", Why.NOT_KNOWN, FROM_AUTHORITY))
        elif facts.configuration_known:
            _look_up(facts, self._entries(facts, edition), used, context, notes)
        return notes.finding(self.kind)

    def _entries(self, facts: BuildFacts, edition: ClearanceEdition) -> tuple[ClearedEntry, ...]:
        matched = (
            edition.entry(match.entry_key)
            for match in facts.matches
            if match.list_code == self.list and match.build == facts.id
        )
        return tuple(entry for entry in matched if entry is not None)


def _look_up(
    facts: BuildFacts,
    entries: tuple[ClearedEntry, ...],
    used: ListUsed,
    context: Context,
    notes: Notes,
) -> None:
    subject = build_subject(facts)
    valid = [entry for entry in entries if entry.valid_on(context.on)]
    if valid:
        notes.use(Used(subject, "cleared", (valid[0].name,)))
    elif entries:
        entry = EntryUsed(used, entries[0].key, entries[0].name)
        notes.hit(Hit(subject, "cleared", ("lapsed",), entry=entry))
    else:
        notes.hit(Hit(subject, "cleared", ("no",)))
