"""An aircraft on its way to another agency: a row on either side, under the same id.

Each agency sees its own row and nothing of the other's. What the receiver is told of the aircraft
stands in its row: what is needed to consent, no note, no place and no history.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Person
from agencies.scoping import AgencyRecord, ScopedManager, ScopedUniqueConstraint
from registry.models.catalogue import Build
from registry.models.drones import Drone


class TransferStatus(models.TextChoices):
    OPEN = "open", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class TransferRecord(AgencyRecord):
    """What both sides know. Written by functions of the database alone."""

    of_aircraft = True

    status = models.CharField(
        _("status"), max_length=12, choices=TransferStatus.choices, default=TransferStatus.OPEN
    )
    message = models.TextField(_("message to the other agency"), blank=True)
    answer = models.TextField(_("answer"), blank=True)
    offered_at = models.DateTimeField(_("offered at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        abstract = True


class TransferOffer(TransferRecord):
    """The giver's row. `events_made` is that of the aircraft when it was offered: what was offered is what is given."""

    drone = models.ForeignKey(Drone, models.PROTECT, related_name="offers", verbose_name=_("drone"))
    to_agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("offered to")
    )
    events_made = models.PositiveIntegerField()
    offered_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("offered by")
    )

    objects = ScopedManager["TransferOffer"]()

    class Meta:
        verbose_name = _("offer of an aircraft")
        verbose_name_plural = _("offers of aircraft")
        ordering: ClassVar = ["-offered_at", "-id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="transfer_offer_agency_and_id"),
            ScopedUniqueConstraint(
                fields=["drone"],
                condition=models.Q(status="open"),
                name="transfer_offer_one_open",
                violation_error_message=_("This aircraft is offered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drone_id} → {self.to_agency_id}"


class IncomingTransfer(TransferRecord):
    """The receiver's row: the aircraft as it was offered, and the row it became here."""

    from_agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("offered by")
    )
    build = models.ForeignKey(Build, models.PROTECT, related_name="+", verbose_name=_("build"))
    serial_number = models.CharField(_("serial number"), max_length=60, blank=True)
    firmware = models.CharField(_("firmware"), max_length=60, blank=True)
    flight_hours = models.DecimalField(
        _("flight hours"), max_digits=8, decimal_places=1, null=True, blank=True
    )
    grounded = models.BooleanField(_("grounded"), default=False)
    drone = models.ForeignKey(
        Drone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("drone")
    )
    answered_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = ScopedManager["IncomingTransfer"]()

    class Meta:
        verbose_name = _("aircraft offered by another agency")
        verbose_name_plural = _("aircraft offered by other agencies")
        ordering: ClassVar = ["-offered_at", "-id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="incoming_transfer_agency_and_id"),
        ]

    def __str__(self) -> str:
        return f"{self.from_agency_id} → {self.agency_id}"
