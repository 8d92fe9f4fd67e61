"""What somebody has to do with a vendor or a purchase besides their office."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from procurement.models.purchases import Purchase
from registry.models import Vendor
from standards.uuids import uuid7


class Tie(models.Model):
    """A person declares a tie, and then decides on nothing that concerns it. Never deleted: it ends.

    Its rows are seen by its person alone (procurement/sql_deciders.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    vendor = models.ForeignKey(
        Vendor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vendor")
    )
    purchase = models.ForeignKey(
        Purchase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("purchase"),
    )
    what = models.TextField(_("what ties you"), max_length=2000)
    declared_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("declared tie")
        verbose_name_plural = _("declared ties")
        ordering: ClassVar = ["-declared_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(vendor__isnull=False, purchase__isnull=True)
                | models.Q(vendor__isnull=True, purchase__isnull=False),
                name="tie_to_one_thing",
                violation_error_message=_("A tie is to a vendor or to a purchase."),
            ),
            models.CheckConstraint(
                condition=~models.Q(what=""),
                name="tie_is_described",
                violation_error_message=_("Say what ties you."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.what[:40]}"
