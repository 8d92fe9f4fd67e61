"""Gathers the facts of builds for the engine, in a fixed number of queries for any number of builds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, cast

from django.db import connection
from django.db.models import Q, QuerySet

from compliance.models import ListMatch
from policy.facts import (
    NOBODY,
    AttributeFacts,
    BuildFacts,
    CertificateFacts,
    ComponentFacts,
    Countries,
    Evidence,
    Grade,
    Link,
    LinkKind,
    LinkStatus,
    Match,
    MeasureFacts,
    Party,
    VendorFacts,
)
from registry.models import (
    Attribute,
    Build,
    Component,
    Declaration,
    DroneCertificate,
    Measure,
    OwnershipLink,
    Vendor,
)
from registry.models.facts import CatalogueRecord

K = TypeVar("K", int, "Offer")
R = TypeVar("R", Vendor, OwnershipLink, ListMatch)
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts of one build, and the ids of the people who claimed one of them."""

    build: Build
    facts: BuildFacts
    claimants: frozenset[int]


# Everybody joined to these vendors by any link in either direction: affiliates count for some rules.
CONNECTED = """
with recursive joined(id) as (
  select unnest(%s::bigint[])
  union
  select case when l.holder_id = j.id then l.subject_id else l.holder_id end
  from registry_ownershiplink l join joined j on j.id in (l.holder_id, l.subject_id)
) select id from joined
"""


def connected(vendor_ids: Iterable[int]) -> set[int]:
    """These vendors and all that ownership links join to them, near or far."""
    with connection.cursor() as cursor:
        cursor.execute(CONNECTED, [list(vendor_ids)])
        return {row[0] for row in cursor.fetchall()}


class Offer(NamedTuple):
    """A build by its id, and who would supply it; `supplier` None while nobody is named."""

    build: int
    supplier: int | None


def gather(build_ids: Iterable[int]) -> dict[int, Gathered]:
    """The facts of these builds, by id; no supplier is in question. Eight queries, whatever their number."""
    return _gather({pk: (pk, NOBODY) for pk in build_ids})


def gather_offers(offers: Iterable[Offer]) -> dict[Offer, Gathered]:
    """The facts of these builds as these suppliers would deliver them. Eight queries, whatever their number."""
    return _gather({offer: (offer.build, _supplier(offer)) for offer in offers})


def _supplier(offer: Offer) -> Party:
    return Party(known=offer.supplier is not None, vendor=offer.supplier)


def _gather(asked: Mapping[K, tuple[int, Party]]) -> dict[K, Gathered]:
    wanted = {pk for pk, _ in asked.values()}
    related = Build.objects.filter(pk__in=wanted).select_related(
        "model__manufacturer", "declaration"
    )
    builds = _load_stated(related)
    known = {key: (builds[pk], supplier) for key, (pk, supplier) in asked.items() if pk in builds}
    seeds = {key: set(_named(stated, supplier)) for key, (stated, supplier) in known.items()}
    world = World.load(connected(set().union(*seeds.values())), wanted)
    return {
        key: _gathered(stated, supplier, world.around(seeds[key], stated.build.pk))
        for key, (stated, supplier) in known.items()
    }


@dataclass(frozen=True, slots=True)
class _Stated:
    """A build with all that is said of it and of its parts."""

    build: Build
    components: list[Component] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)

    def belonging(self) -> Iterator[Component | Measure | Attribute]:
        yield from self.components
        yield from self.measures
        yield from self.attributes


def _load_stated(builds: "QuerySet[Build]") -> dict[int, _Stated]:
    """By the ids of the builds. Four queries."""
    found = {build.pk: _Stated(build) for build in builds.order_by("pk")}
    for component in Component.objects.filter(build__in=found).select_related("declaration"):
        found[component.build_id].components.append(component)
    for measure in Measure.objects.filter(build__in=found).select_related("declaration"):
        found[measure.build_id].measures.append(measure)
    for attribute in Attribute.objects.filter(build__in=found).select_related("declaration"):
        found[attribute.build_id].attributes.append(attribute)
    return found


def _named(stated: _Stated, supplier: Party) -> Iterator[int]:
    build = stated.build
    yield build.model.manufacturer_id
    if supplier.vendor is not None:
        yield supplier.vendor
    if build.design_licensed_from_id is not None:
        yield build.design_licensed_from_id
    yield from (each.maker_id for each in stated.components if each.maker_id is not None)


@dataclass(frozen=True)
class World:
    """Vendors, the links between them and the matches of list entries to them, or to builds: rows, not facts yet."""

    vendors: Mapping[int, Vendor]
    links: tuple[OwnershipLink, ...]
    matches: tuple[ListMatch, ...]
    _facts: dict[tuple[str, int], Any] = field(default_factory=dict)

    @classmethod
    def load(cls, vendor_ids: set[int], build_ids: set[int]) -> "World":
        vendors = Vendor.objects.filter(pk__in=vendor_ids).select_related("declaration")
        links = OwnershipLink.objects.filter(holder__in=vendor_ids).select_related("declaration")
        matched = Q(vendor__in=vendor_ids) | Q(build__in=build_ids)
        matches = ListMatch.objects.filter(matched, decision=ListMatch.Decision.SAME)
        return cls(
            {vendor.pk: vendor for vendor in vendors},
            tuple(links),
            tuple(matches.select_related("list", "decided_by")),
        )

    def around(self, seeds: set[int], build: int) -> "World":
        """The part of the world that is joined to these vendors or is about this build."""
        reached, frontier = set(seeds), set(seeds)
        while frontier:
            frontier = set().union(*(self._neighbours[each] for each in frontier)) - reached
            reached |= frontier
        return World(
            {pk: self.vendors[pk] for pk in reached if pk in self.vendors},
            tuple(link for pk in reached for link in self._held_by[pk]),
            tuple(
                match
                for match in self.matches
                if match.vendor_id in reached or match.build_id == build
            ),
            self._facts,
        )

    @cached_property
    def _held_by(self) -> Mapping[int, list[OwnershipLink]]:
        held: dict[int, list[OwnershipLink]] = defaultdict(list)
        for link in self.links:
            held[link.holder_id].append(link)
        return held

    @cached_property
    def _neighbours(self) -> Mapping[int, set[int]]:
        neighbours: dict[int, set[int]] = defaultdict(set)
        for link in self.links:
            neighbours[link.holder_id].add(link.subject_id)
            neighbours[link.subject_id].add(link.holder_id)
        return neighbours

    def facts(self) -> dict[str, Any]:
        """As `BuildFacts` takes them. What several builds have in common is made once for all of them."""
        return {
            "vendors": tuple(self._fact(each, _vendor) for each in self.vendors.values()),
            "links": tuple(self._fact(each, _link) for each in self.links),
            "matches": tuple(self._fact(each, _match) for each in self.matches),
        }

    def _fact(self, row: R, make: Callable[[R], F]) -> F:
        key = (type(row).__name__, row.pk)
        if key not in self._facts:
            self._facts[key] = make(row)
        return cast("F", self._facts[key])


def _gathered(stated: _Stated, supplier: Party, world: World) -> Gathered:
    build = stated.build
    facts = BuildFacts(
        id=build.pk,
        name=build.name,
        model=build.model.name,
        configuration_known=build.configuration_known,
        manufacturer=build.model.manufacturer_id,
        assembled_in=_countries(build.assembled_in, build),
        licensor=_licensor(build),
        supplier=supplier,
        components=tuple(_component(each) for each in stated.components),
        not_fitted=frozenset(build.not_fitted),
        measures=tuple(_measure(each) for each in stated.measures),
        attributes=tuple(_attributes(stated)),
        **world.facts(),
    )
    with_papers = [build, *stated.belonging(), *world.vendors.values(), *world.links]
    papers = [each.declaration for each in with_papers]
    return Gathered(build, facts, claimants_of([build.model, *with_papers, *papers]))


def claimants_of(records: Iterable[CatalogueRecord | None]) -> frozenset[int]:
    claimed = {each.claimed_by_id for each in records if each is not None}
    return frozenset(each for each in claimed if each is not None)


def evidence_of(record: CatalogueRecord, paper: Declaration | None) -> Evidence | None:
    """The declaration behind a fact. It counts as merely claimed until a steward checked both."""
    if paper is None:
        return None
    checked = record.verified_by_id is not None and paper.verified_by_id is not None
    return Evidence(
        id=paper.pk,
        title=paper.title,
        claimant=paper.claimant,
        kind=paper.kind,
        grade=Grade(paper.grade) if checked else Grade.CLAIMED,
        dated=paper.dated,
        expires=paper.expires,
    )


def _countries(codes: list[str] | None, record: Build | Component | Vendor) -> Countries:
    values = None if codes is None else frozenset(codes)
    return Countries(values, None if values is None else evidence_of(record, record.declaration))


def _licensor(build: Build) -> Party:
    paper = evidence_of(build, build.declaration) if build.design_known else None
    return Party(known=build.design_known, vendor=build.design_licensed_from_id, evidence=paper)


def _component(component: Component) -> ComponentFacts:
    return ComponentFacts(
        id=component.pk,
        role=component.role,
        part=component.part,
        maker=component.maker_id,
        made_in=_countries(component.made_in, component),
        developed_in=_countries(component.developed_in, component),
        data_stored_in=_countries(component.data_stored_in, component),
        administered_from=_countries(component.administered_from, component),
        evidence=evidence_of(component, component.declaration),
    )


def _measure(measure: Measure) -> MeasureFacts:
    evidence = evidence_of(measure, measure.declaration)
    return MeasureFacts(measure.measure, claimed=measure.claimed, evidence=evidence)


def _attributes(stated: _Stated) -> Iterator[AttributeFacts]:
    """What the build says of itself; for the rest, what its model says, on the paper of the build."""
    said = {each.attribute for each in stated.attributes}
    for each in stated.attributes:
        yield AttributeFacts(
            each.attribute,
            low=each.low,
            high=each.high,
            present=each.present,
            evidence=evidence_of(each, each.declaration),
        )
    build = stated.build
    paper = evidence_of(build, build.declaration)
    for name in ("weight_g", "mtow_g", "endurance_min"):
        value = getattr(build.model, name)
        if value is not None and name not in said:
            yield AttributeFacts(name, low=Decimal(value), high=Decimal(value), evidence=paper)


def certificate_facts(certificate: DroneCertificate) -> CertificateFacts:
    """A paper of one aircraft as the engine reads it; its declaration was selected with it."""
    return CertificateFacts(
        certificate.certificate,
        held=certificate.held,
        number=certificate.number,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        evidence=evidence_of(certificate, certificate.declaration),
    )


def _vendor(vendor: Vendor) -> VendorFacts:
    return VendorFacts(
        id=vendor.pk,
        name=vendor.name,
        name_local=vendor.name_local,
        incorporated_in=_countries(vendor.incorporated_in, vendor),
        headquartered_in=_countries(vendor.headquartered_in, vendor),
        ultimate=vendor.ultimate,
    )


def _link(link: OwnershipLink) -> Link:
    return Link(
        id=link.pk,
        holder=link.holder_id,
        subject=link.subject_id,
        kind=LinkKind(link.kind),
        share_min=link.share_min,
        share_max=link.share_max,
        since=link.since,
        until=link.until,
        status=LinkStatus(link.status),
        evidence=evidence_of(link, link.declaration),
    )


def _match(match: ListMatch) -> Match:
    return Match(
        list_code=match.list.code,
        entry_key=match.entry_key,
        vendor=match.vendor_id,
        build=match.build_id,
        decided_by=match.decided_by.email,
        decided_on=match.decided_on,
    )
