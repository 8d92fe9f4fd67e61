from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from policy.models import ReferenceList
from registry.models import Vendor


class ListMatch(models.Model):
    """A person's decision whether an entry of a list is this vendor. Kept through later editions."""

    class Decision(models.TextChoices):
        SAME = "same", _("the same")
        DIFFERENT = "different", _("different")

    list = models.ForeignKey(
        ReferenceList, models.PROTECT, related_name="matches", verbose_name=_("list")
    )
    entry_key = models.CharField(_("entry"), max_length=300)
    vendor = models.ForeignKey(
        Vendor, models.PROTECT, related_name="list_matches", verbose_name=_("vendor")
    )
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    reason = models.CharField(_("reason"), max_length=500)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_on = models.DateField(_("decided on"))

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering: ClassVar = ["list_id", "entry_key", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["list", "entry_key", "vendor"], name="list_match_decided_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_key} = {self.vendor_id}: {self.decision}"
