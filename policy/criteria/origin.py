"""Criterion `origin`: does the build, or a part of it, come from inside (or outside) a list?"""

from collections.abc import Callable, Iterator
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
from policy.facts import BuildFacts, ComponentFacts, Countries, VendorFacts
from policy.ownership import HALF_AND_CONTROL, Graph, OwnershipTest
from policy.trace import Hit, Missing, Subject, Used, Why
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
        countries = None if edition is None else edition.countries
        _Inquiry(self, facts, context, countries, notes).run()
        return notes.finding(self.kind, (self.where.value,))


class _Inquiry:
    """One run of an origin rule over one build. Without `countries`, what else is missing is still noted."""

    def __init__(
        self,
        rule: Origin,
        facts: BuildFacts,
        context: Context,
        countries: frozenset[str] | None,
        notes: Notes,
    ) -> None:
        self.rule = rule
        self.facts = facts
        self.context = context
        self.countries = countries
        self.notes = notes
        self.vendors = facts.vendor_by_id
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
            self._maker(component.maker, maker, meaning.value)
            self._weigh_identity(component, subject)

    def _weigh_identity(self, component: ComponentFacts, subject: Subject) -> None:
        """A clean maker clears a part only if it is shown that it made the part."""
        why = self.context.weakness(component.evidence)
        if why is not None:
            self.notes.miss(
                Missing(subject, "maker", why, FROM_INDUSTRY, evidence=component.evidence)
            )

    def _maker(self, vendor: int, subject: Subject, meaning: str) -> None:
        if meaning == Meaning.MAKER_CONTROLLED_FROM.value:
            self.control.ask(vendor, subject)
            return
        for predicate, fact in domicile(self.vendors[vendor]):
            self._ask(subject, predicate, fact)

    def _ask(self, subject: Subject, predicate: str, fact: Countries) -> None:
        """Notes the fact and what it comes to."""
        rule, grade, in_force = self.rule, self.context.min_grade, self.countries is not None
        said = self.context.remembered(
            ("said", rule.list, in_force, rule.where, grade, subject, predicate),
            lambda inner: self._say(subject, predicate, fact, inner),
        )
        if said.used is not None:
            self.notes.use(said.used)
        if said.missing is not None:
            self.notes.miss(said.missing)
        if said.hit is not None:
            self.notes.hit(said.hit)

    def _say(self, subject: Subject, predicate: str, fact: Countries, context: Context) -> "_Said":
        """The same for every rule that asks for the same list with the same grade of evidence."""
        context.jurisdictions(self.rule.list)
        used, concern = _used(subject, predicate, fact), self.concern(fact)
        if concern:
            return _Said(used, hit=Hit(subject, predicate, concern, evidence=fact.evidence))
        why = doubt(fact, context)
        if why is None:
            return _Said(used)
        paper = fact.evidence if fact.values is not None else None
        return _Said(used, Missing(subject, predicate, why, FROM_INDUSTRY, evidence=paper))

    def concern(self, fact: Countries) -> tuple[str, ...]:
        """The places that convict; none while the fact, or the list, is not known, or disputed."""
        if fact.values is None or fact.disputed or self.countries is None:
            return ()
        inside = self.rule.where is Where.INSIDE
        return tuple(sorted(code for code in fact.values if (code in self.countries) is inside))

    @property
    def control(self) -> "_Control":
        if self._control is None:
            self._control = _Control(self)
        return self._control


@dataclass(frozen=True, slots=True)
class _Said:
    """What one fact about places comes to."""

    used: Used | None
    missing: Missing | None = None
    hit: Hit | None = None


def _used(subject: Subject, predicate: str, fact: Countries) -> Used | None:
    """The fact as a trace names it, unless nothing is known."""
    if fact.values is None:
        return None
    return Used(subject, predicate, tuple(sorted(fact.values)), fact.evidence)


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
        in_force = inquiry.countries is not None
        key = ("controlled", rule.list, in_force, rule.where, rule.ownership, context.min_grade)
        self.reaching = context.remembered(key, self._reaching)

    def _reaching(self, context: Context) -> Reaching:
        """Who certainly and who possibly is controlled from a place of concern; `context` takes the days down."""
        facts, test = self.inquiry.facts, self.inquiry.rule.ownership
        graph = context.graph(facts)
        convicted = frozenset(each.id for each in facts.vendors if self._concern(each))
        doubtful = [each.id for each in facts.vendors if any(self._doubts(each, context))]
        return Reaching(graph, convicted, frozenset(doubtful) - convicted, facts.ownable(), test)

    def _concern(self, vendor: VendorFacts) -> tuple[str, tuple[str, ...], Countries] | None:
        for predicate, fact in domicile(vendor):
            concern = self.inquiry.concern(fact)
            if concern:
                return predicate, concern, fact
        return None

    def _doubts(
        self, vendor: VendorFacts, context: Context
    ) -> Iterator[tuple[str, Why, Countries]]:
        for predicate, fact in domicile(vendor):
            why = doubt(fact, context)
            if why is not None:
                yield predicate, why, fact

    def ask(self, vendor: int, subject: Subject) -> None:
        """Notes where the maker is controlled from."""
        self._use_domiciles(vendor, subject)
        if vendor in self.reaching.certain:
            self._convict(vendor, subject)
        for gap in self.reaching.gaps(vendor):
            for missing in self._missing(gap, subject):
                self.inquiry.notes.miss(missing)

    def _use_domiciles(self, vendor: int, asked: Subject) -> None:
        """Those of the maker and of everybody above it."""
        context, facts = self.inquiry.context, self.inquiry.facts
        found = context.remembered(
            ("domiciles", vendor, asked),
            lambda inner: tuple(_domiciles(vendor, asked, facts, inner.graph(facts))),
        )
        for used in found:
            self.inquiry.notes.use(used)

    def _convict(self, vendor: int, subject: Subject) -> None:
        facts, reaching = self.inquiry.facts, self.reaching
        found = self._concern(self.inquiry.vendors[reaching.certain.seed(vendor)])
        _, values, fact = found if found is not None else ("", (), None)
        path = edges(facts, reaching.certain.path(vendor))
        evidence = None if fact is None else fact.evidence
        hit = Hit(subject, "maker_controlled_from", values, path, evidence=evidence)
        self.inquiry.notes.hit(hit, release(facts, reaching, vendor, subject, None))

    def _missing(self, gap: Gap, subject: Subject) -> Iterator[Missing]:
        """What is not certain on the way to the root: the way itself, its domicile or its owners."""
        path = edges(self.inquiry.facts, gap.path)
        if gap.what is Open.LINKS:
            predicate = "maker_controlled_from"
            yield Missing(subject, predicate, Why.POSSIBLE_ONLY, FROM_STEWARD, path)
            return
        at_root = subject if not path else vendor_subject(self.inquiry.facts, gap.root)
        if gap.what is Open.OWNERS:
            yield Missing(at_root, "owners", Why.NOT_KNOWN, FROM_INDUSTRY, path)
            return
        root = self.inquiry.vendors[gap.root]
        for predicate, why, fact in self._doubts(root, self.inquiry.context):
            yield Missing(at_root, predicate, why, FROM_INDUSTRY, path, evidence=fact.evidence)


def _domiciles(vendor: int, asked: Subject, facts: BuildFacts, graph: Graph) -> Iterator[Used]:
    waiting, seen = [vendor], {vendor}
    while waiting:
        current = waiting.pop(0)
        subject = asked if current == vendor else vendor_subject(facts, current)
        for predicate, fact in domicile(facts.vendor(current)):
            used = _used(subject, predicate, fact)
            if used is not None:
                yield used
        for holding in graph.get(current, ()):
            if holding.link.holder not in seen:
                seen.add(holding.link.holder)
                waiting.append(holding.link.holder)
