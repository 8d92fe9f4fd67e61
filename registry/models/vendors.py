from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import in_reader_language
from registry.fields import countries_field, not_empty, search_index
from registry.models.facts import CatalogueRecord, declaration_field


class VendorManager(models.Manager["Vendor"]):
    def current(self) -> "models.QuerySet[Vendor]":
        """Without the records that were merged into others."""
        return self.filter(merged_into=None)


class Vendor(CatalogueRecord):
    """Any company or body. Maker, supplier, owner and designer are roles of it, not kinds.

    A record that was merged into another stays as a redirect; nothing else points to it
    (registry/merging.py).
    """

    name = models.CharField(_("name"), max_length=200)
    name_local = models.CharField(_("name in its own script"), max_length=200, blank=True)
    incorporated_in = countries_field(_("country of incorporation"))
    headquartered_in = countries_field(_("country of headquarters"))
    ultimate = models.BooleanField(
        _("cannot be owned"),
        default=False,
        help_text=_("A person, a state or another body that nobody can own."),
    )
    note = models.TextField(_("note"), blank=True)
    declaration = declaration_field()
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = VendorManager()

    class Meta:
        verbose_name = _("vendor")
        verbose_name_plural = _("vendors")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            *not_empty("incorporated_in", "headquartered_in"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="vendor_by_name"),
            search_index("vendor_search", "name", "name_local"),
        ]

    @property
    def current_id(self) -> int:
        """Its own id, or that of the vendor it was merged into."""
        return self.merged_into_id or self.pk

    def __str__(self) -> str:
        return in_reader_language(self.name, self.name_local)


class VendorName(CatalogueRecord):
    """A name by which a vendor is known: searched and compared, never matched by itself."""

    class Kind(models.TextChoices):
        LEGAL = "legal", _("legal name")
        TRADE = "trade", _("trade name")
        FORMER = "former", _("former name")
        TRANSLITERATION = "transliteration", _("transliteration")

    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        verbose_name = _("name of a vendor")
        verbose_name_plural = _("names of vendors")
        ordering: ClassVar = ["kind", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["vendor", "name"],
                name="vendor_name_once",
                violation_error_message=_("The vendor is already known by this name."),
            ),
        ]
        indexes: ClassVar = [search_index("vendor_name_search", "name")]

    def __str__(self) -> str:
        return self.name


class OwnershipLink(CatalogueRecord):
    """Who owns or controls whom, as somebody says. Claims that contradict each other coexist."""

    class Kind(models.TextChoices):
        SHAREHOLDING = "shareholding", _("shareholding")
        CONTROL = "control", _("control")
        LICENSED_DESIGN = "licensed_design", _("licensed design")
        AFFILIATION = "affiliation", _("affiliation")

    class Status(models.TextChoices):
        ASSERTED = "asserted", _("asserted")
        DISPUTED = "disputed", _("disputed")
        DENIED = "denied", _("denied")

    holder = models.ForeignKey(
        Vendor, models.PROTECT, related_name="holdings", verbose_name=_("holder")
    )
    subject = models.ForeignKey(
        Vendor, models.PROTECT, related_name="holders", verbose_name=_("subject")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    share_min = models.DecimalField(
        _("share, at least (%)"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    share_max = models.DecimalField(
        _("share, at most (%)"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until (not included)"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ASSERTED
    )
    declaration = declaration_field()

    class Meta:
        verbose_name = _("ownership link")
        verbose_name_plural = _("ownership links")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(holder=models.F("subject")),
                name="ownership_link_joins_two",
                violation_error_message=_("A vendor cannot own itself."),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(share_min__isnull=True)
                    | models.Q(share_min__gte=0, share_min__lte=100)
                )
                & (
                    models.Q(share_max__isnull=True)
                    | models.Q(share_max__gte=0, share_max__lte=100)
                ),
                name="ownership_link_share_is_a_percentage",
                violation_error_message=_("A share lies between 0 and 100 percent."),
            ),
            models.CheckConstraint(
                condition=models.Q(share_min__isnull=True)
                | models.Q(share_max__isnull=True)
                | models.Q(share_min__lte=models.F("share_max")),
                name="ownership_link_share_range",
                violation_error_message=_("The smallest share cannot be above the largest."),
            ),
            models.CheckConstraint(
                condition=models.Q(since__isnull=True)
                | models.Q(until__isnull=True)
                | models.Q(since__lt=models.F("until")),
                name="ownership_link_days_in_order",
                violation_error_message=_("A link ends after the day on which it began."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} → {self.subject_id} ({self.kind})"
