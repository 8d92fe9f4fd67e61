from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.vendors import Vendor


class DistinctVendors(models.Model):
    """A steward's decision that two vendors are not the same: they are not suggested as duplicates again."""

    first = models.ForeignKey(Vendor, models.CASCADE, related_name="+", verbose_name=_("vendor"))
    second = models.ForeignKey(
        Vendor, models.CASCADE, related_name="+", verbose_name=_("other vendor")
    )
    reason = models.CharField(_("reason"), max_length=500)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), auto_now_add=True)

    class Meta:
        verbose_name = _("pair of different vendors")
        verbose_name_plural = _("pairs of different vendors")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="distinct_vendors_once",
                violation_error_message=_("It is already recorded that these two are different."),
            ),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="distinct_vendors_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
