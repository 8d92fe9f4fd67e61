"""What the catalogue rests on: who claims a fact, on what paper, and who checked it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueRecord(models.Model):
    """A fact of the catalogue: claimed by one person until a steward who is not that person checked it.

    The database takes the check, or its refusal, away when the fact changes (registry/sql.py).
    """

    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("claimed by"),
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("refused by"),
    )
    refused_because = models.CharField(
        _("why it was refused"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(verified_by__isnull=True)
                | models.Q(claimed_by__isnull=True)
                | ~models.Q(verified_by=models.F("claimed_by")),
                name="%(app_label)s_%(class)s_checked_by_another",
                violation_error_message=_("A fact is checked by somebody who did not claim it."),
            ),
            models.CheckConstraint(
                condition=models.Q(refused_by__isnull=True, refused_because="")
                | models.Q(refused_by__isnull=False, verified_by__isnull=True)
                & ~models.Q(refused_because="")
                & (
                    models.Q(claimed_by__isnull=True) | ~models.Q(refused_by=models.F("claimed_by"))
                ),
                name="%(app_label)s_%(class)s_refused_by_another",
                violation_error_message=_(
                    "A claim is refused with a reason, by somebody who did not make it."
                ),
            ),
        ]

    @property
    def waits_for_check(self) -> bool:
        """Nobody has checked it, and nobody has refused it as it stands."""
        return self.verified_by_id is None and self.refused_by_id is None


class Declaration(CatalogueRecord):
    """Evidence for facts: a paper that somebody outside or inside gives."""

    class Kind(models.TextChoices):
        MAKER = "maker_declaration", _("maker's declaration")
        ASSESSMENT = "third_party_assessment", _("third-party assessment")
        TEARDOWN = "teardown", _("teardown")
        CERTIFICATE = "certificate", _("certificate")
        PUBLIC_RECORD = "public_record", _("public record")
        NOTE = "agency_note", _("agency note")

    class Grade(models.IntegerChoices):
        CLAIMED = 1, _("claimed")
        DOCUMENTED = 2, _("documented")
        VERIFIED = 3, _("verified")

    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    claimant = models.CharField(
        _("claimant"),
        max_length=200,
        help_text=_("Who says so: a maker, a laboratory, a body."),
    )
    dated = models.DateField(_("dated"))
    expires = models.DateField(_("valid until"), null=True, blank=True)
    grade = models.PositiveSmallIntegerField(
        _("grade of evidence"), choices=Grade.choices, default=Grade.CLAIMED
    )

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        ordering: ClassVar = ["-dated", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(expires__isnull=True) | models.Q(expires__gte=models.F("dated")),
                name="declaration_expires_after_its_date",
                violation_error_message=_("A declaration cannot expire before its own date."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


def declaration_field() -> models.ForeignKey[Declaration | None, Declaration | None]:
    return models.ForeignKey(
        Declaration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("declaration"),
    )
