"""What happens to an aircraft, as rows: its history, and what its status follows from."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Person
from agencies.scoping import AgencyRecord, ScopedManager, ScopedUniqueConstraint
from registry.models.catalogue import Build
from registry.models.drones import Drone
from standards.component_roles import ROLES


def local_today() -> date:
    return timezone.localdate()


class DroneEvent(AgencyRecord):
    """One thing that happened to one aircraft. Never changed and never deleted.

    `no` counts from 1 for each aircraft and says which event the author knew as the last one: a
    number that is taken is refused by the database. Beside the action stand the columns that it
    needs; the others stay empty. The database sets `at`, `build_from` and `by_order`.
    """

    of_aircraft = True

    class Action(models.TextChoices):
        RECEIVE = "receive", _("receive")
        HAND_OVER = "hand_over", _("hand over")
        CONFIRM = "confirm", _("confirm")
        STORE = "store", _("put into store")
        DEPLOY = "deploy", _("take into service")
        LEND = "lend", _("lend")
        PROLONG = "prolong", _("prolong the loan")
        GIVE_BACK = "give_back", _("take back")
        GROUND = "ground", _("ground")
        RELEASE = "release", _("release")
        LOSE = "lose", _("report lost")
        FIND = "find", _("report found")
        SWAP = "swap", _("swap a component")
        DISPOSE = "dispose", _("dispose of")
        ENTER_IN_ERROR = "enter_in_error", _("mark as entered in error")
        REINSTATE = "reinstate", _("take back “entered in error”")
        OFFER = "offer", _("offer to another agency")
        WITHDRAW_OFFER = "withdraw_offer", _("withdraw the offer")
        DECLINE_OFFER = "decline_offer", _("decline the offer")
        TRANSFER = "transfer", _("transfer")
        ARRIVE = "arrive", _("arrive")

    class Sanitisation(models.TextChoices):
        CLEARED = "cleared", _("data deleted with the maker's function")
        OVERWRITTEN = "overwritten", _("storage overwritten")
        DESTROYED = "destroyed", _("storage destroyed")
        REMOVED = "removed", _("storage taken out and kept")
        NO_STORAGE = "no_storage", _("it stores no data")
        NOT_POSSIBLE = "not_possible", _("not possible, because the aircraft is not there")

    drone = models.ForeignKey(Drone, models.PROTECT, related_name="events", verbose_name=_("drone"))
    no = models.PositiveIntegerField()
    action = models.CharField(_("what happened"), max_length=20, choices=Action.choices)
    from_status = models.CharField(_("status before"), max_length=20, choices=Drone.Status.choices)
    to_status = models.CharField(_("status"), max_length=20, choices=Drone.Status.choices)
    happened_on = models.DateField(_("when it happened"), default=local_today)
    at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    by_order = models.BooleanField(
        _("ordered by a reviewer or steward"), default=False, editable=False
    )
    reason = models.TextField(_("reason"), blank=True)
    custodian = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("custodian")
    )
    custodian_name = models.CharField(_("custodian without an account"), max_length=200, blank=True)
    lent_to = models.CharField(_("lent to"), max_length=200, blank=True)
    lent_until = models.DateField(_("lent until"), null=True, blank=True)
    build_from = models.ForeignKey(
        Build,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("build before"),
    )
    build_to = models.ForeignKey(
        Build, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("build")
    )
    component_role = models.CharField(
        _("component"),
        max_length=40,
        choices=[(term.code, term.en) for term in ROLES],
        blank=True,
    )
    sanitised = models.CharField(
        _("how its data was removed"), max_length=20, choices=Sanitisation.choices, blank=True
    )
    sanitisation_record = models.CharField(
        _("record of the removal of data"), max_length=300, blank=True
    )
    firmware = models.CharField(_("firmware"), max_length=60, blank=True)
    other_agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("other agency"),
    )

    objects = ScopedManager["DroneEvent"]()

    class Meta:
        verbose_name = _("event of an aircraft")
        verbose_name_plural = _("events of aircraft")
        ordering: ClassVar = ["drone_id", "-no"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="drone_event_agency_and_id"),
            ScopedUniqueConstraint(fields=["drone", "no"], name="drone_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} ({self.no})"


class DroneTransition(models.Model):
    """The table of `registry/transitions.py`, as the database enforces it. Written by migrations alone."""

    action = models.CharField(max_length=20)
    from_status = models.CharField(max_length=20)
    to_status = models.CharField(max_length=20)
    roles = ArrayField(models.CharField(max_length=30))
    needs_reason = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["action", "from_status", "to_status"], name="drone_transition_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.from_status} → {self.to_status}"
