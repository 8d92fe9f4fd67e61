"""Who holds a review, and how many working days each state of review may take."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import AgencyRecord, ScopedManager, ScopedQuerySet, ScopedUniqueConstraint
from procurement.models.purchases import Purchase

if TYPE_CHECKING:
    from agencies.models import Person


class ClaimQuerySet(ScopedQuerySet["Claim"]):
    def holding_on(self, day: date) -> Self:
        """Those that hold on this day: not ended, and not run out while the clock of the review went on."""
        going = models.Q(until__gte=day) | models.Q(purchase__evidence_asked_at__isnull=False)
        return self.filter(going, ended_at__isnull=True)


class ClaimManager(ScopedManager["Claim"]):
    queryset_class = ClaimQuerySet

    if TYPE_CHECKING:

        def visible_to(self, person: "Person") -> ClaimQuerySet: ...
        def unscoped(self, *, reason: str) -> ClaimQuerySet: ...


class Claim(AgencyRecord):
    """Somebody takes a review upon themselves. Written by triggers but for its first three columns (sql_claims.py)."""

    class Ended(models.TextChoices):
        RELEASED = "released", _("released")
        TAKEN_OVER = "taken_over", _("taken over")
        LAPSED = "lapsed", _("ended by itself")
        MOVED_ON = "moved_on", _("the purchase moved on")

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="claims")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    instead_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_over_by"
    )
    begun_at = models.DateTimeField(auto_now_add=True)
    until = models.DateField(_("holds until"), default=date.min, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_how = models.CharField(max_length=12, choices=Ended.choices, blank=True, editable=False)

    objects = ClaimManager()

    class Meta:
        verbose_name = _("claim of a review")
        verbose_name_plural = _("claims of reviews")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="claim_agency_and_id"),
            ScopedUniqueConstraint(
                fields=["purchase"],
                condition=models.Q(ended_at__isnull=True),
                name="claim_one_holder",
                violation_error_message=_("Somebody holds this review already."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_how="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_how=""),
                name="claim_ended_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.person_id}"


class ReviewTerm(models.Model):
    """How many working days something of a review may take: a state of review, an emergency, a claim without a move."""

    code = models.CharField(max_length=20, unique=True)
    working_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(working_days__gt=0), name="review_term_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.working_days}"
