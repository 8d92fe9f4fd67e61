from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from policy.models import ReferenceList
from registry.models import Build, Vendor


class ListMatch(models.Model):
    """A person's decision whether an entry of a list is this vendor, or this build. Kept through later editions.

    Entries of lists of parties are vendors; those of clearance lists are builds, each by itself.
    """

    class Decision(models.TextChoices):
        SAME = "same", _("the same")
        DIFFERENT = "different", _("different")

    list = models.ForeignKey(
        ReferenceList, models.PROTECT, related_name="matches", verbose_name=_("list")
    )
    entry_key = models.CharField(_("entry"), max_length=300)
    vendor = models.ForeignKey(
        Vendor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="list_matches",
        verbose_name=_("vendor"),
    )
    build = models.ForeignKey(
        Build,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="list_matches",
        verbose_name=_("build"),
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
            models.UniqueConstraint(
                fields=["list", "entry_key", "build"], name="list_match_of_build_decided_once"
            ),
            models.CheckConstraint(
                condition=models.Q(vendor__isnull=True, build__isnull=False)
                | models.Q(vendor__isnull=False, build__isnull=True),
                name="list_match_of_vendor_or_build",
                violation_error_message=_("Choose a vendor or a build, exactly one of them."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_key} = {self.vendor_id or self.build_id}: {self.decision}"

    @property
    def matched(self) -> Vendor | Build | None:
        """The vendor or the build, whichever the entry was compared with."""
        return self.vendor or self.build

    def clean(self) -> None:
        """A clearance is of one build whose configuration is known; any other list is of vendors."""
        super().clean()
        if self.build is not None and not self.build.configuration_known:
            raise ValidationError(
                {"build": _("A clearance belongs to a build whose configuration is known.")}
            )
        cleared = self.list.kind == ReferenceList.Kind.CLEARANCES
        if cleared and self.vendor_id is not None:
            raise ValidationError(
                {"vendor": _("An entry of a clearance list is a build, not a vendor.")}
            )
        if not cleared and self.build_id is not None:
            raise ValidationError({"build": _("An entry of this list is a vendor, not a build.")})
