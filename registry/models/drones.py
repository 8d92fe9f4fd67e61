import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.scoping import AgencyRecord, ScopedUniqueConstraint
from registry.fields import missions_field
from registry.models.catalogue import Build
from registry.querysets import DroneManager
from standards.asset_tags import new_asset_tag, printed_asset_tag
from standards.findings import Severity
from standards.identifiers import check


class Drone(AgencyRecord):
    """One aircraft of one agency. Never deleted."""

    class Status(models.TextChoices):
        IN_SERVICE = "in_service", _("in service")
        STORED = "stored", _("stored")
        GROUNDED = "grounded", _("grounded")
        LENT = "lent", _("lent")
        LOST = "lost", _("lost")
        TRANSFERRED = "transferred", _("transferred")
        DISPOSED = "disposed", _("disposed of")
        ENTERED_IN_ERROR = "entered_in_error", _("entered in error")

    class Acquired(models.TextChoices):
        PURCHASE = "purchase", _("purchase")
        LEASE = "lease", _("lease")
        DONATION = "donation", _("donation")
        TRANSFER = "transfer", _("transfer")

    airframe = models.UUIDField(default=uuid.uuid4, editable=False)
    build = models.ForeignKey(Build, models.PROTECT, related_name="drones", verbose_name=_("build"))
    serial_number = models.CharField(_("serial number"), max_length=60, blank=True)
    serial_missing_because = models.CharField(
        _("why there is no serial number"), max_length=200, blank=True
    )
    asset_tag = models.CharField(
        _("asset tag"), max_length=12, default=new_asset_tag, editable=False
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.IN_SERVICE
    )
    missions = missions_field(_("missions"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    acquired_on = models.DateField(_("acquired on"), null=True, blank=True)
    acquired_how = models.CharField(
        _("acquired by"),
        max_length=20,
        choices=Acquired.choices,
        default=Acquired.PURCHASE,
    )
    price_yen = models.PositiveBigIntegerField(_("price (yen)"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = DroneManager()

    class Meta:
        verbose_name = _("drone")
        verbose_name_plural = _("drones")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="drone_agency_and_id"),
            ScopedUniqueConstraint(
                fields=["agency", "serial_number"],
                condition=~models.Q(serial_number="")
                & ~models.Q(status__in=["transferred", "entered_in_error"]),
                name="drone_serial_once_per_agency",
                violation_error_message=_(
                    "Your agency already has an aircraft with this serial number."
                ),
            ),
            ScopedUniqueConstraint(
                fields=["agency", "asset_tag"], name="drone_tag_once_per_agency"
            ),
            models.CheckConstraint(
                condition=~models.Q(serial_number="") | ~models.Q(serial_missing_because=""),
                name="drone_serial_or_reason",
                violation_error_message=_("Enter the serial number, or say why there is none."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "-id"], name="drone_by_agency"),
            models.Index(fields=["build"], name="drone_by_build"),
            GinIndex(
                OpClass(Upper("serial_number"), name="gin_trgm_ops"),
                name="drone_serial_search",
            ),
        ]

    def __str__(self) -> str:
        return self.serial_number or self.asset_tag

    @property
    def tag(self) -> str:
        """The asset tag as it is printed."""
        return printed_asset_tag(self.asset_tag)

    def clean(self) -> None:
        """The serial number follows the scheme of the model, where the model names one."""
        super().clean()
        if not self.serial_number or not self.build_id:
            return
        found = check(self.build.model.serial_scheme, self.serial_number).of(Severity.ERROR)
        if found:
            language = get_language() or "en"
            raise ValidationError({"serial_number": [finding.text(language) for finding in found]})
