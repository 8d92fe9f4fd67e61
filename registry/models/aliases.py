from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import AgencyRecord, ScopedManager, ScopedUniqueConstraint
from registry.models.catalogue import Build


class AgencyAlias(AgencyRecord):
    """What one agency writes for a maker and model, and the build its custodian said it means.

    Two texts are the same alias when their `key` is: see `registry.aliases.alias_key`.
    """

    of_aircraft = True

    text = models.CharField(_("as written"), max_length=400)
    key = models.CharField(max_length=400, editable=False)
    build = models.ForeignKey(Build, models.PROTECT, related_name="+", verbose_name=_("build"))
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("chosen by")
    )
    chosen_at = models.DateTimeField(_("chosen at"), auto_now=True)

    objects = ScopedManager["AgencyAlias"]()

    class Meta:
        verbose_name = _("remembered name")
        verbose_name_plural = _("remembered names")
        ordering: ClassVar = ["text", "id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(
                fields=["agency", "key"],
                name="agency_alias_once",
                violation_error_message=_("Your agency already remembers this name."),
            ),
            ScopedUniqueConstraint(fields=["agency", "id"], name="agency_alias_and_id"),
        ]

    def __str__(self) -> str:
        return self.text


class CommonAlias(models.Model):
    """An alias for every agency: one agency's choice that a steward confirmed."""

    text = models.CharField(_("as written"), max_length=400)
    key = models.CharField(max_length=400, editable=False, unique=True)
    build = models.ForeignKey(Build, models.PROTECT, related_name="+", verbose_name=_("build"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("name remembered for all agencies")
        verbose_name_plural = _("names remembered for all agencies")
        ordering: ClassVar = ["text", "id"]

    def __str__(self) -> str:
        return self.text
