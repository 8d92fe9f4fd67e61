"""The facts of the catalogue by kind and key, as addresses and forms name them: `components:12`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst

from agencies.models import Person
from registry.models import (
    Attribute,
    Build,
    CatalogueRecord,
    Component,
    Declaration,
    DroneModel,
    Measure,
    OwnershipLink,
    Vendor,
    VendorIdentifier,
    VendorName,
)
from web.events import names_of


@dataclass(frozen=True, slots=True)
class FactKind:
    """`column` names the record on whose page the fact stands, `page` the route of that page."""

    model: type[CatalogueRecord]
    page: str
    column: str = "pk"

    def rows(self) -> "QuerySet[Any]":
        """Every fact of the kind; of vendors those that stand by themselves."""
        return (
            Vendor.objects.current() if self.model is Vendor else self.model._default_manager.all()
        )

    @property
    def has_declaration(self) -> bool:
        return any(field.name == "declaration" for field in self.model._meta.get_fields())


FACT_KINDS: dict[str, FactKind] = {
    "declarations": FactKind(Declaration, "declaration"),
    "vendors": FactKind(Vendor, "vendor"),
    "vendor-names": FactKind(VendorName, "vendor", "vendor_id"),
    "identifiers": FactKind(VendorIdentifier, "vendor", "vendor_id"),
    "links": FactKind(OwnershipLink, "vendor", "subject_id"),
    "models": FactKind(DroneModel, "model"),
    "builds": FactKind(Build, "build"),
    "components": FactKind(Component, "build", "build_id"),
    "measures": FactKind(Measure, "build", "build_id"),
    "attributes": FactKind(Attribute, "build", "build_id"),
}
KIND_OF = {kind.model: name for name, kind in FACT_KINDS.items()}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with what a list shows of it."""

    record: CatalogueRecord
    kind: str
    name: str
    url: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.record.pk}"

    @property
    def kind_label(self) -> str:
        return str(capfirst(self.record._meta.verbose_name))


def facts_of(records: Iterable[CatalogueRecord], person: Person) -> list[Fact]:
    """In the order given. One query per kind."""
    records = list(records)
    called = names_of(records, person)
    return [_fact(record, called[record]) for record in records]


def _fact(record: CatalogueRecord, name: str) -> Fact:
    kind = KIND_OF[type(record)]
    page = FACT_KINDS[kind]
    return Fact(record, kind, name, reverse(page.page, args=[getattr(record, page.column)]))


def resting_on(paper: Declaration) -> list[CatalogueRecord]:
    """The facts of the catalogue that point to this declaration. One query per kind."""
    kinds = [kind for kind in FACT_KINDS.values() if kind.has_declaration]
    return [row for kind in kinds for row in kind.rows().filter(declaration=paper)]


def facts_of_build(build: Build) -> Iterator[CatalogueRecord]:
    """All that can rest on a paper about a build."""
    yield build
    yield from build.components.all()
    yield from build.measures.all()
    yield from build.attributes.all()


def facts_of_vendor(vendor: Vendor) -> Iterator[CatalogueRecord]:
    """All that can rest on a paper about a vendor."""
    yield vendor
    yield from vendor.identifiers.all()
    yield from OwnershipLink.objects.filter(Q(holder=vendor) | Q(subject=vendor))
