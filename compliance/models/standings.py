from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import ScopedManager, ScopedQuerySet, ScopedUniqueConstraint
from compliance.models.periods import FOR_EVER
from policy.models import Rule
from registry.models import Drone

if TYPE_CHECKING:
    from agencies.models import Person


class StandingState(models.TextChoices):
    """Worst first."""

    GROUND = "ground", _("ground now")
    PHASE_OUT = "phase_out", _("phase out by")
    TRAINING_ONLY = "training_only", _("training only")
    UNDETERMINED = "undetermined", _("undetermined")
    WAIVED = "waived", _("waived until")
    CLEAR = "clear", _("clear")


class StandingQuerySet(ScopedQuerySet["Standing"]):
    def on(self, day: date) -> Self:
        return self.filter(begins__lte=day, ends__gt=day)


class StandingManager(ScopedManager["Standing"]):
    queryset_class = StandingQuerySet

    if TYPE_CHECKING:

        def visible_to(self, person: "Person") -> StandingQuerySet: ...
        def unscoped(self, *, reason: str) -> StandingQuerySet: ...


class Standing(models.Model):
    """What an aircraft may do between two days. Derived: written set-wise, not audited row by row."""

    of_aircraft = True

    id = models.BigAutoField(primary_key=True)
    # The composite key to (agency, id) of the aircraft holds both to rows that are there.
    agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    drone = models.ForeignKey(
        Drone, models.CASCADE, db_index=False, db_constraint=False, related_name="standings"
    )
    begins = models.DateField()
    ends = models.DateField(default=FOR_EVER)
    state = models.CharField(_("standing"), max_length=15, choices=StandingState.choices)
    state_without_waivers = models.CharField(max_length=15, choices=StandingState.choices)
    rule = models.ForeignKey(
        Rule,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("deciding rule"),
    )
    by = models.DateField(_("by"), null=True)
    barred_missions = ArrayField(
        models.CharField(max_length=40), verbose_name=_("barred missions"), default=list
    )

    objects = StandingManager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["drone", "begins"], name="standing_period_once"),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins")),
                name="standing_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "state", "begins"], name="standing_by_state")
        ]

    def __str__(self) -> str:
        return f"{self.drone_id} {self.state} {self.begins}–{self.ends}"
