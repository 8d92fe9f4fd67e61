"""What somebody last saw of a purchase, so that its page can say what is new to them."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.scoping import AgencyRecord, ScopedManager, ScopedQuerySet, ScopedUniqueConstraint
from procurement.models.decisions import Dossier
from procurement.models.purchases import Purchase

if TYPE_CHECKING:
    from agencies.models import Person


class LookQuerySet(ScopedQuerySet["Look"]):
    def visible_to(self, person: "Person") -> Self:
        """The person's own, of agencies that the person may still read."""
        return super().visible_to(person).filter(person=person)


class LookManager(ScopedManager["Look"]):
    queryset_class = LookQuerySet


class Look(AgencyRecord):
    """How a purchase stood when a person last had its review open, and in the sitting before that one.

    The columns `before_…` are empty until somebody comes a second time.
    """

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="looks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    moves = models.PositiveIntegerField()
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    before_at = models.DateTimeField(null=True)
    before_version = models.PositiveIntegerField(null=True)
    before_moves = models.PositiveIntegerField(null=True)
    before_dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, related_name="+", db_constraint=False
    )

    objects = LookManager()

    class Meta:
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["purchase", "person"], name="look_once"),
            models.CheckConstraint(
                condition=Q(before_at__isnull=True, before_version__isnull=True)
                | Q(before_at__isnull=False, before_version__isnull=False),
                name="look_before_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"
