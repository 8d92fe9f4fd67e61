from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import AgencyRecord, ScopedManager
from procurement.models.purchases import Line, Purchase
from registry.models import Drone


class ReceivedUnit(AgencyRecord):
    """An aircraft that came in on a line and stands in the registry since."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="received_units")
    line = models.ForeignKey(Line, models.PROTECT, related_name="received_units")
    drone = models.OneToOneField(Drone, models.PROTECT, related_name="received_as")
    received_on = models.DateField()
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ScopedManager["ReceivedUnit"]()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.line_id} → {self.drone_id}"


class RefusedUnit(AgencyRecord):
    """An aircraft that was delivered and not taken: it is not what was approved. It enters no inventory."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="refused_units")
    line = models.ForeignKey(Line, models.PROTECT, related_name="refused_units")
    serial_number = models.CharField(_("serial number"), max_length=60)
    difference = models.TextField(_("how it differs from what was approved"), max_length=4000)
    refused_on = models.DateField(_("refused on"))
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ScopedManager["RefusedUnit"]()

    class Meta:
        verbose_name = _("refused aircraft")
        verbose_name_plural = _("refused aircraft")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.serial_number
