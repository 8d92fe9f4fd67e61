"""What a review asks for and an approval demands: each open until somebody answers it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import AgencyRecord, ScopedManager, ScopedUniqueConstraint
from procurement.models.decisions import Move
from procurement.models.purchases import Purchase


class EvidenceRequest(AgencyRecord):
    """A reviewer asks for evidence: what, from whom, by when. While one is open the clock of the review stands still."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="evidence_requests")
    move = models.OneToOneField(Move, models.PROTECT, related_name="evidence_request")
    what = models.TextField(_("what is needed"), max_length=4000)
    from_whom = models.CharField(_("from whom"), max_length=200)
    by_when = models.DateField(_("by when"))
    answered = models.OneToOneField(
        Move, models.PROTECT, null=True, related_name="evidence_answer", editable=False
    )

    objects = ScopedManager["EvidenceRequest"]()

    class Meta:
        verbose_name = _("request for evidence")
        verbose_name_plural = _("requests for evidence")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="evidence_request_agency_and_id"),
            ScopedUniqueConstraint(
                fields=["purchase"],
                condition=models.Q(answered__isnull=True),
                name="evidence_request_one_open",
                violation_error_message=_("Evidence has been asked for already."),
            ),
        ]

    def __str__(self) -> str:
        return self.what[:60]


class Condition(AgencyRecord):
    """What an approval demands. It stays open until somebody who is not the requester says that it is met."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="conditions")
    move = models.ForeignKey(Move, models.PROTECT, related_name="conditions")
    text = models.TextField(_("condition"), max_length=4000)
    due_on = models.DateField(_("to be met by"), null=True, blank=True)
    met_on = models.DateField(_("met on"), null=True, blank=True, editable=False)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("found to be met by"),
    )
    met_note = models.TextField(_("how it was met"), blank=True, max_length=4000)

    objects = ScopedManager["Condition"]()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="condition_agency_and_id"),
            models.CheckConstraint(
                condition=models.Q(met_on__isnull=True, met_by__isnull=True, met_note="")
                | models.Q(met_on__isnull=False, met_by__isnull=False),
                name="condition_met_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
