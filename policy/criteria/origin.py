"""Criterion `origin`: does the build, or a part of it, come from inside (or outside) a list?"""

from collections.abc import Callable
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
from policy.facts import BuildFacts, ComponentFacts, Countries, VendorFacts
from policy.ownership import (
    HALF_AND_CONTROL,
    Graph,
    OwnershipTest,
    Reach,
    certain,
    possible,
)
from policy.trace import Edge, Hit, Missing, Subject, Used, Why
from standards.component_roles import ROLES


class Where(StrEnum):
    """`inside`: places on the list are of concern. `outside`: all places not on it are."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class Meaning(StrEnum):
    """What is asked of a component; the two about its maker ask for the maker of the part."""

    MADE_IN = "made_in"
    DEVELOPED_IN = "developed_in"
    DATA_STORED_IN = "data_stored_in"
    ADMINISTERED_FROM = "administered_from"
    MAKER_DOMICILE = "maker_domicile"
    MAKER_CONTROLLED_FROM = "maker_controlled_from"


class AircraftMeaning(StrEnum):
    """What is asked of the aircraft as a whole."""

    ASSEMBLED_IN = "assembled_in"
    MAKER_DOMICILE = "maker_domicile"
    MAKER_CONTROLLED_FROM = "maker_controlled_from"


_FACT_OF_COMPONENT: dict[Meaning, Callable[[ComponentFacts], Countries]] = {
    Meaning.MADE_IN: lambda component: component.made_in,
    Meaning.DEVELOPED_IN: lambda component: component.developed_in,
    Meaning.DATA_STORED_IN: lambda component: component.data_stored_in,
    Meaning.ADMINISTERED_FROM: lambda component: component.administered_from,
}


@dataclass(frozen=True, slots=True)
class ComponentQuestion:
    """These meanings are asked of every component with one of these roles."""

    roles: frozenset[str]
    meanings: frozenset[Meaning]

    def __post_init__(self) -> None:
        if not self.roles or not self.meanings:
            raise ValueError("a question about components needs roles and meanings")
        for role in sorted(self.roles):
            if role not in ROLES:
                raise ValueError(
                    f"{role!r} is no component role; use one of {', '.join(ROLES.codes)}"
                )


@dataclass(frozen=True, slots=True)
class Origin:
    """Fails on any place of concern; the domicile of a maker is where it is incorporated and
    where it has its headquarters, and either of them convicts.

    A maker is controlled from where it is domiciled itself and from where those are domiciled
    who own it (by `ownership`) or control it. The four limbs of US FY2020 NDAA s.848 are four
    rules of this kind.
    """

    list: str
    where: Where = Where.INSIDE
    aircraft: frozenset[AircraftMeaning] = frozenset()
    components: tuple[ComponentQuestion, ...] = ()
    ownership: OwnershipTest = HALF_AND_CONTROL
    kind: ClassVar[str] = "origin"

    def __post_init__(self) -> None:
        if not self.aircraft and not self.components:
            raise ValueError("an origin rule asks something of the aircraft or of components")

    def list_codes(self) -> frozenset[str]:
        return frozenset({self.list})

    def check(self, facts: BuildFacts, context: Context) -> Finding:
        jurisdictions = context.jurisdictions(self.list)
        used = jurisdictions.used_on(context.on)
        notes = Notes(lists=(used,))
        edition = jurisdictions.on(context.on)
        if edition is None:
            notes.miss(Missing(list_subject(used), "edition", Why.NOT_KNOWN, FROM_AUTHORITY))
            return notes.finding(self.kind, (self.where.value,))
        _Inquiry(self, facts, context, edition.countries, notes).run()
        return notes.finding(self.kind, (self.where.value,))


class _Inquiry:
    """One run of an origin rule over one build."""

    def __init__(
        self,
        rule: Origin,
        facts: BuildFacts,
        context: Context,
        countries: frozenset[str],
        notes: Notes,
    ) -> None:
        self.rule = rule
        self.facts = facts
        self.context = context
        self.countries = countries
        self.notes = notes
        self.vendors = {vendor.id: vendor for vendor in facts.vendors}
        self._control: _Control | None = None

    def run(self) -> None:
        for about_aircraft in sorted(self.rule.aircraft):
            self._aircraft(about_aircraft)
        for question in self.rule.components:
            for role in sorted(question.roles):
                for component in fitted_with(self.facts, role, self.notes):
                    for meaning in sorted(question.meanings):
                        self._component(component, meaning)

    def _aircraft(self, meaning: AircraftMeaning) -> None:
        subject = build_subject(self.facts)
        if meaning is AircraftMeaning.ASSEMBLED_IN:
            self._ask(subject, meaning.value, self.facts.assembled_in)
        elif self.facts.manufacturer is None:
            self.notes.miss(Missing(subject, "manufacturer", Why.NOT_KNOWN, FROM_INDUSTRY))
        else:
            maker = vendor_subject(self.facts, self.facts.manufacturer, "maker")
            self._maker(self.facts.manufacturer, maker, meaning.value)

    def _component(self, component: ComponentFacts, meaning: Meaning) -> None:
        subject = component_subject(component)
        if meaning in _FACT_OF_COMPONENT:
            self._ask(subject, meaning.value, _FACT_OF_COMPONENT[meaning](component))
        elif component.maker is None:
            self.notes.miss(Missing(subject, "maker", Why.NOT_KNOWN, FROM_INDUSTRY))
        else:
            maker = vendor_subject(self.facts, component.maker, "component_maker", component.role)
            if not self._maker(component.maker, maker, meaning.value):
                self._weigh_identity(component, subject)

    def _weigh_identity(self, component: ComponentFacts, subject: Subject) -> None:
        """A clean maker clears a part only if it is shown that it made the part."""
        why = self.context.weakness(component.evidence)
        if why is not None:
            self.notes.miss(
                Missing(subject, "maker", why, FROM_INDUSTRY, evidence=component.evidence)
            )

    def _maker(self, vendor: int, subject: Subject, meaning: str) -> bool:
        """Whether the maker convicts."""
        if meaning == Meaning.MAKER_CONTROLLED_FROM.value:
            return self.control.ask(vendor, subject)
        return self._domicile(self.vendors[vendor], subject)

    def _domicile(self, vendor: VendorFacts, subject: Subject) -> bool:
        asked = [self._ask(subject, predicate, fact) for predicate, fact in domicile(vendor)]
        return any(asked)

    def _ask(self, subject: Subject, predicate: str, fact: Countries) -> bool:
        """Notes the fact and what it comes to; whether it convicts."""
        self.use(subject, predicate, fact)
        concern = self.concern(fact)
        if concern:
            self.notes.hit(Hit(subject, predicate, concern, evidence=fact.evidence))
            return True
        why = doubt(fact, self.context)
        if why is not None:
            paper = fact.evidence if fact.values is not None else None
            self.notes.miss(Missing(subject, predicate, why, FROM_INDUSTRY, evidence=paper))
        return False

    def use(self, subject: Subject, predicate: str, fact: Countries) -> None:
        if fact.values is not None:
            values = tuple(sorted(fact.values))
            self.notes.use(Used(subject, predicate, values, fact.evidence))

    def concern(self, fact: Countries) -> tuple[str, ...]:
        """The places that convict; none while the fact is not known or disputed."""
        if fact.values is None or fact.disputed:
            return ()
        inside = self.rule.where is Where.INSIDE
        return tuple(sorted(code for code in fact.values if (code in self.countries) is inside))

    @property
    def control(self) -> "_Control":
        if self._control is None:
            self._control = _Control(self)
        return self._control


def doubt(fact: Countries, context: Context) -> Why | None:
    """Why a fact without a place of concern does not clear."""
    if fact.values is None:
        return Why.NOT_KNOWN
    return context.weakness(fact.evidence, fact.disputed)


def domicile(vendor: VendorFacts) -> tuple[tuple[str, Countries], ...]:
    return (
        ("incorporated_in", vendor.incorporated_in),
        ("headquartered_in", vendor.headquartered_in),
    )


class _Control:
    """Where makers are controlled from: everybody of concern, and whom they own or control."""

    def __init__(self, inquiry: _Inquiry) -> None:
        self.inquiry = inquiry
        rule, context = inquiry.rule, inquiry.context
        self.graph: Graph = context.graph(inquiry.facts)
        key = ("controlled", rule.list, rule.where, rule.ownership, context.min_grade)
        self.certain, self.possible = context.remembered(key, self._reaches)

    def _reaches(self, context: Context) -> tuple[Reach, Reach]:
        """Who certainly and who possibly is controlled from a place of concern; `context` takes the days down."""
        facts, test = self.inquiry.facts, self.inquiry.rule.ownership
        graph = context.graph(facts)
        convicted = [each.id for each in facts.vendors if self._concern(each)]
        doubtful = [each.id for each in facts.vendors if self._doubt(each, context) is not None]
        return (
            certain(graph, convicted, test),
            possible(graph, {*convicted, *doubtful}, facts.ownable(), test),
        )

    def _concern(self, vendor: VendorFacts) -> tuple[str, tuple[str, ...], Countries] | None:
        for predicate, fact in domicile(vendor):
            concern = self.inquiry.concern(fact)
            if concern:
                return predicate, concern, fact
        return None

    def _doubt(self, vendor: VendorFacts, context: Context) -> tuple[str, Why, Countries] | None:
        for predicate, fact in domicile(vendor):
            why = doubt(fact, context)
            if why is not None:
                return predicate, why, fact
        return None

    def ask(self, vendor: int, subject: Subject) -> bool:
        """Notes where the maker is controlled from; whether it certainly is from a place of concern."""
        self._use_domiciles(vendor, subject)
        if vendor in self.certain:
            self._convict(vendor, subject)
            return True
        if vendor in self.possible:
            self._doubt_control(vendor, subject)
        return False

    def _use_domiciles(self, vendor: int, asked: Subject) -> None:
        """Those of the maker and of everybody above it."""
        waiting, seen = [vendor], {vendor}
        while waiting:
            current = waiting.pop(0)
            subject = asked if current == vendor else vendor_subject(self.inquiry.facts, current)
            for predicate, fact in domicile(self.inquiry.vendors[current]):
                self.inquiry.use(subject, predicate, fact)
            for holding in self.graph.get(current, ()):
                if holding.link.holder not in seen:
                    seen.add(holding.link.holder)
                    waiting.append(holding.link.holder)

    def _convict(self, vendor: int, subject: Subject) -> None:
        root = self.certain.seed(vendor)
        found = self._concern(self.inquiry.vendors[root])
        _, values, fact = found if found is not None else ("", (), None)
        path = edges(self.inquiry.facts, self.certain.path(vendor))
        evidence = None if fact is None else fact.evidence
        self.inquiry.notes.hit(
            Hit(subject, "maker_controlled_from", values, path, evidence=evidence)
        )

    def _doubt_control(self, vendor: int, subject: Subject) -> None:
        root = self.possible.seed(vendor)
        path = edges(self.inquiry.facts, self.possible.path(vendor))
        self.inquiry.notes.miss(self._gap(root, subject, path))

    def _gap(self, root: int, subject: Subject, path: tuple[Edge, ...]) -> Missing:
        """What is not certain on the way to the root: the way itself, its domicile or its owners."""
        if root in self.certain:
            predicate = "maker_controlled_from"
            return Missing(subject, predicate, Why.POSSIBLE_ONLY, FROM_STEWARD, path)
        at_root = subject if not path else vendor_subject(self.inquiry.facts, root)
        found = self._doubt(self.inquiry.vendors[root], self.inquiry.context)
        if found is None:
            return Missing(at_root, "owners", Why.NOT_KNOWN, FROM_INDUSTRY, path)
        predicate, why, fact = found
        return Missing(at_root, predicate, why, FROM_INDUSTRY, path, evidence=fact.evidence)
