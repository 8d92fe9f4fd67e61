"""What people propose for vendors and builds: stored as claims of whoever proposes."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Person
from registry.models import Build, CatalogueRecord, Component, Vendor, VendorName
from standards.names import company_key

APART = ("id", "claimed_by", "verified_by", "refused_by", "refused_because", "declaration")
"""What a copy of a fact does not take over: who stands for it, and on what evidence."""


def propose(record: CatalogueRecord, by: Person | None) -> None:
    """Check and store a new fact as a claim of `by`. Raises ValidationError with a sentence per field."""
    record.claimed_by = by
    record.full_clean()
    record.save(force_insert=True)


@transaction.atomic
def name_vendor(*, vendor: Vendor, name: str, kind: str, by: Person | None) -> VendorName:
    """A further name by which the vendor is known."""
    named = VendorName(vendor=vendor, name=name, kind=kind, key=company_key(name))
    propose(named, by)
    return named


@transaction.atomic
def change_vendor(*, vendor: Vendor, fields: Sequence[str], by: Person) -> None:
    """Store these fields. A name that was given up stays as a former one, so that it is still found."""
    before = Vendor.objects.get(pk=vendor.pk)
    vendor.save(update_fields=list(fields))
    for field in {"name", "name_local"} & set(fields):
        old, new = getattr(before, field), getattr(vendor, field)
        vendor.names.filter(name=old).update(kind=VendorName.Kind.FORMER)
        known = vendor.names.filter(name=new).first()
        if known is not None:
            VendorName.objects.filter(pk=known.pk).update(kind=VendorName.Kind.LEGAL)
        elif new:
            name_vendor(vendor=vendor, name=new, kind=VendorName.Kind.LEGAL, by=by)


@transaction.atomic
def copy_build(*, source: Build, build: Build, by: Person) -> Build:
    """Store `build` with the parts and properties of `source`, without its evidence, checks and results."""
    propose(build, by)
    for rows in parts_and_properties(source):
        for row in rows:
            propose(_copied(row, build), by)
    return build


def parts_and_properties(build: Build) -> Iterable[Iterable[CatalogueRecord]]:
    """The facts that belong to a build, one iterable per kind. One query each."""
    return (build.components.all(), build.measures.all(), build.attributes.all())


def _copied(row: CatalogueRecord, build: Build) -> CatalogueRecord:
    values = {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in (*APART, "build")
    }
    values["build_id"] = build.pk
    return type(row)(**values)


def demand_known(build: Build) -> None:
    """Raises ValidationError for the build of a model that stands for not knowing the configuration."""
    if not build.configuration_known:
        raise ValidationError(
            _(
                "Nothing is recorded of a build whose configuration is not known."
                " Record another build of the model for what you know."
            )
        )


@transaction.atomic
def record_fitted(
    *, build: Build, parts: Sequence[Component], gone: Sequence[Component], not_fitted: set[str]
) -> None:
    """Store what was said of the parts of a build: new and changed ones, those taken out, and roles not fitted."""
    demand_known(build)
    for part in gone:
        part.delete()
    for part in parts:
        part.full_clean()
        part.save()
    if set(build.not_fitted) != not_fitted:
        build.not_fitted = sorted(not_fitted)
        build.full_clean()
        build.save(update_fields=["not_fitted"])


@transaction.atomic
def record_properties(*, build: Build, rows: Sequence[CatalogueRecord], by: Person) -> None:
    """Store measures and attributes of a build, new ones as claims of `by`."""
    demand_known(build)
    for row in rows:
        if row._state.adding:
            propose(row, by)
        else:
            row.full_clean()
            row.save()
