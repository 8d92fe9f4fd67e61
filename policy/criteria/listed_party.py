"""Criterion `listed_party`: is anybody behind the build on a list, or owned by somebody who is?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from policy.criteria.inquiry import (
    FROM_AUTHORITY,
    FROM_INDUSTRY,
    FROM_STEWARD,
    Context,
    Finding,
    Notes,
    build_subject,
    component_subject,
    edges,
    fitted_with,
    list_subject,
    vendor_subject,
)
from policy.criteria.reaching import Gap, Open, Reaching, release
from policy.editions import EntityEdition, Entry
from policy.facts import BuildFacts, ComponentFacts, LinkKind, LinkStatus, Party
from policy.ownership import HALF_AND_CONTROL, Graph, Holding, Ownership, OwnershipTest
from policy.trace import Edge, EntryUsed, Hit, ListUsed, Missing, Subject, SuppliedBy, Used, Why
from standards.component_roles import ROLES

# Whom an agency buys from, it alone can say.
_FROM_BUYER = (SuppliedBy.AGENCY,)


class PartyRole(StrEnum):
    MAKER = "maker"
    COMPONENT_MAKER = "component_maker"
    LICENSOR = "licensor"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class ListedParty:
    """Fails when one of `parties` is on the list, or is reached from it by `ownership`.

    Whether a vendor is an entry is a person's decision (a match), never a likeness of names.
    `roles` are those of the components whose makers are asked for, and each must be known or
    not fitted. With none named all registered components are looked at, and one that nobody
    registered goes unnoticed: a rule that must not miss a part names its role. The licensor is the one of the build and those of licensed-design links of its maker.
    """

    list: str
    parties: frozenset[PartyRole]
    roles: frozenset[str] = frozenset()
    ownership: OwnershipTest = HALF_AND_CONTROL
    kind: ClassVar[str] = "listed_party"

    def __post_init__(self) -> None:
        if not self.parties:
            raise ValueError("a rule on listed parties names at least one party")
        for role in sorted(self.roles):
            if role not in ROLES:
                raise ValueError(
                    f"{role!r} is no component role; use one of {', '.join(ROLES.codes)}"
                )

    def list_codes(self) -> frozenset[str]:
        return frozenset({self.list})

    def check(self, facts: BuildFacts, context: Context) -> Finding:
        entities = context.entities(self.list)
        used = entities.used_on(context.on)
        notes = Notes(lists=(used,))
        asked = tuple(sorted(party.value for party in self.parties))
        edition = entities.on(context.on)
        if edition is None:
            notes.miss(Missing(list_subject(used), "edition", Why.NOT_KNOWN, FROM_AUTHORITY))
        inquiry = _Inquiry(self, facts, context, edition, used, notes)
        inquiry.say_who_was_taken_off()
        for target in _targets(self, facts, context, notes):
            inquiry.ask(target)
        return notes.finding(self.kind, asked)


@dataclass(frozen=True, slots=True)
class _Target:
    """A vendor to be looked up, and why it may be the wrong one (`doubt`)."""

    vendor: int
    subject: Subject
    about: Subject
    predicate: str
    doubt: Why | None = None
    via: Holding | None = None


def _targets(
    rule: ListedParty, facts: BuildFacts, context: Context, notes: Notes
) -> Iterator[_Target]:
    if PartyRole.MAKER in rule.parties:
        yield from _maker(facts, notes)
    if PartyRole.COMPONENT_MAKER in rule.parties:
        for component in _components(rule, facts, notes):
            yield from _component_maker(component, facts, context, notes)
    if PartyRole.LICENSOR in rule.parties:
        yield from _party(PartyRole.LICENSOR, facts.licensor, facts, context, notes)
        yield from _licensors_of_maker(facts, context)
    if PartyRole.SUPPLIER in rule.parties and (facts.supplier.vendor or not facts.supplier.known):
        yield from _party(PartyRole.SUPPLIER, facts.supplier, facts, context, notes)


def _maker(facts: BuildFacts, notes: Notes) -> Iterator[_Target]:
    about = build_subject(facts)
    if facts.manufacturer is None:
        notes.miss(Missing(about, "manufacturer", Why.NOT_KNOWN, FROM_INDUSTRY))
    else:
        subject = vendor_subject(facts, facts.manufacturer, PartyRole.MAKER.value)
        yield _Target(facts.manufacturer, subject, about, "manufacturer")


def _components(rule: ListedParty, facts: BuildFacts, notes: Notes) -> Iterator[ComponentFacts]:
    for role in sorted(rule.roles):
        yield from fitted_with(facts, role, notes)
    if not rule.roles:
        yield from facts.components
        if not facts.components:
            subject = build_subject(facts)
            notes.miss(Missing(subject, "components", Why.NOT_KNOWN, FROM_INDUSTRY))


def _component_maker(
    component: ComponentFacts, facts: BuildFacts, context: Context, notes: Notes
) -> Iterator[_Target]:
    about = component_subject(component)
    if component.maker is None:
        notes.miss(Missing(about, "maker", Why.NOT_KNOWN, FROM_INDUSTRY))
        return
    party = PartyRole.COMPONENT_MAKER.value
    subject = vendor_subject(facts, component.maker, party, component.role)
    used = context.remembered(
        ("maker", component.id),
        lambda inner: Used(about, "maker", (subject.name,), component.evidence),
    )
    notes.use(used)
    yield _Target(component.maker, subject, about, "maker", context.weakness(component.evidence))


def _party(
    role: PartyRole, party: Party, facts: BuildFacts, context: Context, notes: Notes
) -> Iterator[_Target]:
    about = build_subject(facts)
    doubt = context.weakness(party.evidence) if role is PartyRole.LICENSOR else None
    if not party.known:
        who = _FROM_BUYER if role is PartyRole.SUPPLIER else FROM_INDUSTRY
        notes.miss(Missing(about, role.value, Why.NOT_KNOWN, who))
    elif party.vendor is not None:
        subject = vendor_subject(facts, party.vendor, role.value)
        yield _Target(party.vendor, subject, about, role.value, doubt)
    else:
        notes.use(Used(about, role.value, (), party.evidence))
        if doubt is not None:
            notes.miss(Missing(about, role.value, doubt, FROM_INDUSTRY, evidence=party.evidence))


def _licensors_of_maker(facts: BuildFacts, context: Context) -> Iterator[_Target]:
    """Those from whom the maker licenses designs, where the links say so."""
    if facts.manufacturer is None:
        return
    maker = vendor_subject(facts, facts.manufacturer, PartyRole.MAKER.value)
    for holding in context.graph(facts).get(facts.manufacturer, ()):
        if holding.link.kind is LinkKind.LICENSED_DESIGN:
            licensor = holding.link.holder
            subject = vendor_subject(facts, licensor, PartyRole.LICENSOR.value)
            disputed = Why.DISPUTED if holding.status is LinkStatus.DISPUTED else None
            yield _Target(licensor, subject, maker, PartyRole.LICENSOR.value, disputed, holding)


@dataclass(frozen=True, slots=True)
class _Found:
    """The vendors that are entries of a list, those that are no more, and whom the former reach: the same for
    every rule on the list with the same test of ownership."""

    entries: Mapping[int, Entry]
    taken_off: Mapping[int, Entry]
    reaching: Reaching


def _look_up(
    rule: ListedParty, facts: BuildFacts, edition: EntityEdition | None, context: Context
) -> _Found:
    """`context` takes down the days on which the list or the links are others."""
    context.entities(rule.list)
    matched = _matched(rule.list, facts, edition) if edition is not None else ()
    entries: dict[int, Entry] = {}
    taken_off: dict[int, Entry] = {}
    for vendor, entry in matched:
        (entries if entry.listed_on(context.on) else taken_off).setdefault(vendor, entry)
    graph = _followed(rule.ownership, facts, context)
    reaching = Reaching(graph, frozenset(entries), frozenset(), facts.ownable(), rule.ownership)
    off = {vendor: entry for vendor, entry in taken_off.items() if vendor not in entries}
    return _Found(entries, off, reaching)


def _followed(test: OwnershipTest, facts: BuildFacts, context: Context) -> Graph:
    return context.graph(facts) if test.mode is not Ownership.NONE else {}


class _Inquiry:
    """One run of a rule on listed parties over one build. Without an edition, what else is missing is still noted."""

    def __init__(
        self,
        rule: ListedParty,
        facts: BuildFacts,
        context: Context,
        edition: EntityEdition | None,
        used: ListUsed,
        notes: Notes,
    ) -> None:
        self.facts = facts
        self.context = context
        self.list = used
        self.notes = notes
        found = context.remembered(
            ("listed", rule.list, edition is not None, rule.ownership),
            lambda inner: _look_up(rule, facts, edition, inner),
        )
        self.entries, self.reaching = found.entries, found.reaching
        self.taken_off = found.taken_off

    def say_who_was_taken_off(self) -> None:
        """Of each vendor whose entry has ended, that it was listed and until when."""
        for vendor, entry in sorted(self.taken_off.items()):
            last = "" if entry.listed_until is None else entry.listed_until.isoformat()
            subject = vendor_subject(self.facts, vendor)
            self.notes.use(Used(subject, "taken_off", (entry.name, last)))

    def ask(self, target: _Target) -> None:
        """A listed party convicts on a claim; an unlisted one clears only if surely the right one."""
        followed = self.reaching.test.mode is not Ownership.NONE
        used = self.context.remembered(
            ("owners", followed, target.subject), lambda inner: self._owners(target, inner)
        )
        self.notes.use(used)
        licence = edges(self.facts, (target.via,)) if target.via is not None else ()
        if target.vendor in self.reaching.certain and target.doubt is not Why.DISPUTED:
            self._convict(target, licence)
        if target.doubt is not None:
            self._miss_identity(target, target.doubt, licence)
        for gap in self.reaching.gaps(target.vendor):
            self.notes.miss(self._missing(gap, target, licence))

    def _owners(self, target: _Target, context: Context) -> Used:
        graph = _followed(self.reaching.test, self.facts, context)
        held = graph.get(target.vendor, ())
        names = tuple(self.facts.vendor(each.link.holder).name for each in held)
        return Used(target.subject, "owners", names)

    def _convict(self, target: _Target, licence: tuple[Edge, ...]) -> None:
        reach = self.reaching.certain
        path = licence + edges(self.facts, reach.path(target.vendor))
        entry = self._entry(reach.seed(target.vendor))
        hit = Hit(target.subject, "listed", path=path, entry=entry)
        self.notes.hit(
            hit, release(self.facts, self.reaching, target.vendor, target.subject, entry)
        )

    def _miss_identity(self, target: _Target, why: Why, licence: tuple[Edge, ...]) -> None:
        entry = None
        if why is Why.DISPUTED and target.vendor in self.reaching.certain:
            entry = self._entry(self.reaching.certain.seed(target.vendor))
        self.notes.miss(Missing(target.about, target.predicate, why, FROM_INDUSTRY, licence, entry))

    def _missing(self, gap: Gap, target: _Target, licence: tuple[Edge, ...]) -> Missing:
        """What is not certain on the way to the entry: the way itself, or who owns whom it leads to."""
        path = licence + edges(self.facts, gap.path)
        if gap.what is Open.LINKS:
            entry = self._entry(self.reaching.certain.seed(gap.root))
            return Missing(target.subject, "listed", Why.POSSIBLE_ONLY, FROM_STEWARD, path, entry)
        subject = target.subject if not path else vendor_subject(self.facts, gap.root)
        return Missing(subject, "owners", Why.NOT_KNOWN, FROM_INDUSTRY, path)

    def _entry(self, vendor: int) -> EntryUsed:
        entry = self.entries[vendor]
        return EntryUsed(self.list, entry.key, entry.name)


def _matched(code: str, facts: BuildFacts, edition: EntityEdition) -> Iterator[tuple[int, Entry]]:
    """Vendors that are an entry of the edition, by the keys of the entries."""
    for match in facts.matches:
        entry = edition.entry(match.entry_key) if match.list_code == code else None
        if entry is not None and match.vendor is not None:
            yield match.vendor, entry
