from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from agencies.models import Person
from registry.models import Build, Drone, DroneModel, Vendor, VendorName
from registry.refusals import NotNow, as_refusal, text
from registry.transitions import STARTING
from standards.names import company_key


@transaction.atomic
def add_vendor(
    *, vendor: Vendor, names: Sequence[tuple[str, str]] = (), by: Person | None
) -> Vendor:
    """Store a vendor as a claim of `by`, known by its own names and by these (name, kind) pairs."""
    vendor.claimed_by = by
    vendor.full_clean()
    vendor.save()
    own = [
        (vendor.name, VendorName.Kind.LEGAL),
        (vendor.name_local, VendorName.Kind.LEGAL),
    ]
    known = {name: kind for name, kind in [*names, *own] if name}
    VendorName.objects.bulk_create(
        VendorName(
            vendor=vendor,
            name=name,
            kind=kind,
            key=company_key(name),
            claimed_by=by,
            verified_by=vendor.verified_by,
        )
        for name, kind in known.items()
    )
    return vendor


@transaction.atomic
def add_model(*, model: DroneModel, by: Person | None) -> DroneModel:
    """Store a model as a claim of `by`, with the build whose configuration is not known."""
    model.claimed_by = by
    model.full_clean()
    model.save()
    Build.objects.create(model=model, configuration_known=False, claimed_by=by)
    return model


def log_drone(*, drone: Drone, today: date | None = None) -> Drone:
    """Check and store one aircraft. Raises ValidationError with a sentence per field."""
    if drone.acquired_on and today and drone.acquired_on > today:
        raise ValidationError(
            {"acquired_on": _("An aircraft cannot have been acquired in the future.")}
        )
    if drone.status not in STARTING:
        raise ValidationError({"status": text("begins")})
    drone.full_clean()
    try:
        with transaction.atomic():
            drone.save(force_insert=True)
    except DatabaseError as error:
        raise _as_invalid(error) from error
    return drone


def _as_invalid(error: DatabaseError) -> Exception:
    """What the database knows of a person's posts, or of the agency's prices, as an error of the field."""
    refused = as_refusal(error)
    if isinstance(refused, NotNow) and refused.guard in _FIELDS:
        return ValidationError({_FIELDS[refused.guard]: refused.message})
    return error


_FIELDS = {
    "custodian_elsewhere": "custodian",
    "price_withheld": "price",
    "price_approximate": "price",
}
