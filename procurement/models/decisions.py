"""What a decision is made of: the frozen dossier, the move that rests on it, and who had a hand in it."""

import hashlib
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import AgencyRecord, ScopedManager, ScopedUniqueConstraint
from procurement.models.purchases import Purchase
from procurement.states import Action, ConsultationAnswer, Reason, Status


class Dossier(AgencyRecord):
    """The frozen document that a decision is made on. `digest` is the SHA-256 of `body`, checked by the database."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="dossiers")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    body = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager["Dossier"]()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="dossier_agency_and_id"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]

    @staticmethod
    def digest_of(body: str) -> str:
        return hashlib.sha256(body.encode()).hexdigest()


class Move(AgencyRecord):
    """A step of the workflow: who, what, why, on which dossier. Inserting one moves the purchase."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="moves")
    no = models.PositiveIntegerField(editable=False, default=0)
    action = models.CharField(max_length=20, choices=Action.choices)
    from_status = models.CharField(max_length=20, choices=Status.choices)
    to_status = models.CharField(max_length=20, choices=Status.choices)
    version = models.PositiveIntegerField()
    round = models.PositiveIntegerField()
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="moves")
    digest = models.CharField(max_length=64, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # The person for whom a substitute acted; the database sets it.
    acted_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    # Their address of that day; the database sets it as well.
    acted_for_name = models.TextField(blank=True, db_default="", editable=False)
    reasons = ArrayField(models.CharField(max_length=40, choices=Reason.choices), default=list)
    letter = models.TextField(blank=True)
    answer = models.CharField(
        max_length=12, choices=ConsultationAnswer.choices, blank=True, db_default=""
    )
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager["Move"]()

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        ordering: ClassVar = ["purchase_id", "no"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="move_agency_and_id"),
            ScopedUniqueConstraint(fields=["purchase", "no"], name="move_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.no}. {self.action}"


class Transition(models.Model):
    """The table of allowed moves as the database holds it; equal to procurement.workflow.TRANSITIONS."""

    action = models.CharField(max_length=20)
    from_status = models.CharField(max_length=20)
    to_status = models.CharField(max_length=20)
    actors = ArrayField(models.CharField(max_length=30))
    decides = models.BooleanField(default=False)
    needs_reasons = models.BooleanField(default=False)
    begins_round = models.BooleanField(default=False)
    new_dossier = models.BooleanField(default=False)
    requires = ArrayField(models.CharField(max_length=30), default=list)
    answers = ArrayField(models.CharField(max_length=12), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["action", "from_status", "to_status"], name="transition_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.from_status} → {self.to_status}"


class Contributor(AgencyRecord):
    """Somebody who had a hand in a purchase and so decides nothing about it. Written by triggers."""

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="contributors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    how = models.CharField(max_length=20)

    objects = ScopedManager["Contributor"]()

    class Meta:
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["purchase", "person", "how"], name="contributor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.how}"
