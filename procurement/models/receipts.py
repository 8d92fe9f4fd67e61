from typing import ClassVar

from django.conf import settings
from django.db import models

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
