"""The kinds of records that files and notes hang on, by the first part of their addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from agencies.models import Agency, Person
from compliance.models import Waiver
from policy.models import PolicyVersion
from procurement.models import Purchase
from records.keys import agency_of, hung_on
from records.models import AgencyAttachment, AgencyNote, CatalogueAttachment, CatalogueNote
from registry.models import Build, Declaration, Drone, DroneModel, Vendor
from web.access import found
from web.elements import Tab


@dataclass(frozen=True, slots=True)
class Kind:
    """`rows` are those that a person may see: whoever sees a record sees its files.

    `key` is the converter of its id in an address.
    """

    rows: Callable[[Person], "QuerySet[Any]"]
    key: str = "int"


def _agencies(person: Person) -> "QuerySet[Agency]":
    rows = Agency.objects.all()
    return rows if person.scope.central else rows.filter(pk__in=sorted(person.scope.agencies))


def _drones(person: Person) -> "QuerySet[Drone]":
    return Drone.objects.visible_to(person).select_related("agency", "build__model")


def _purchases(person: Person) -> "QuerySet[Purchase]":
    return Purchase.objects.visible_to(person).select_related("agency")


def _waivers(person: Person) -> "QuerySet[Waiver]":
    """Those of the person's own bodies: what hangs on a waiver of a body above is that body's."""
    rows = Waiver.objects.visible_to(person)
    return (
        rows if person.scope.central else rows.filter(agency_id__in=sorted(person.scope.agencies))
    )


KINDS: Mapping[str, Kind] = {
    "agencies": Kind(_agencies),
    "builds": Kind(lambda person: Build.objects.select_related("model")),
    "declarations": Kind(lambda person: Declaration.objects.all()),
    "drones": Kind(_drones, key="uuid"),
    "models": Kind(lambda person: DroneModel.objects.all()),
    "purchases": Kind(_purchases, key="uuid"),
    "vendors": Kind(lambda person: Vendor.objects.all()),
    "versions": Kind(lambda person: PolicyVersion.objects.select_related("policy")),
    "waivers": Kind(_waivers, key="uuid"),
}
TABLES: Mapping[str, str] = {
    "agencies_agency": "agencies",
    "compliance_waiver": "waivers",
    "policy_policyversion": "versions",
    "procurement_purchase": "purchases",
    "registry_build": "builds",
    "registry_declaration": "declarations",
    "registry_drone": "drones",
    "registry_dronemodel": "models",
    "registry_vendor": "vendors",
}
"""The first part of the address of a record by the name of its table."""


def record_for(person: Person, kind: str, pk: object) -> Model:
    """The record, or 404 for one that this person may not see."""
    record: Model = found(KINDS[kind].rows(person), pk=pk)
    return record


def kind_of(record: Model) -> str:
    return TABLES[record._meta.db_table]


def address_of(record: Model) -> str:
    return f"/{kind_of(record)}/{record.pk}/"


def _on(record: Model) -> Q:
    """This record of the catalogue, and those that were merged into it: what hung on them is read here."""
    if not isinstance(record, Vendor):
        return Q(**hung_on(record))
    merged = record.merged.values_list(Cast("pk", TextField()))
    named = Q(record_id=str(record.pk)) | Q(record_id__in=merged)
    return named & Q(record_table=record._meta.db_table)


def files_of(person: Person, record: Model) -> "QuerySet[Any]":
    """The files of a record that this person may see."""
    if agency_of(record) is None:
        return CatalogueAttachment.objects.filter(_on(record))
    return AgencyAttachment.objects.visible_to(person).filter(**hung_on(record))


def notes_of(person: Person, record: Model) -> "QuerySet[Any]":
    """The notes on a record that this person may read."""
    if agency_of(record) is None:
        return CatalogueNote.objects.filter(_on(record))
    return AgencyNote.objects.visible_to(person).filter(**hung_on(record))


def sees_attached(person: Person, record: Model) -> bool:
    """Whether the record is of a body whose files and notes the person may see."""
    agency, scope = agency_of(record), person.scope
    return agency is None or scope.central or agency in scope.agencies


def attached_tabs(person: Person, record: Model, here: str = "") -> list[Tab]:
    """The tabs "Files" and "Notes" of a record, with counts; `here` is files or notes. Two queries."""
    address = address_of(record)
    files, notes = files_of(person, record).count(), notes_of(person, record).count()
    return [
        Tab(f"{address}files/", _("Files"), files, here == "files"),
        Tab(f"{address}notes/", _("Notes"), notes, here == "notes"),
    ]
