from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.models.facts import CatalogueRecord, declaration_field
from registry.models.vendors import Vendor
from standards.findings import Severity
from standards.identifiers import ORGANISATION_SCHEMES, check


class VendorIdentifier(CatalogueRecord):
    """The number of a vendor in a register. Two vendors never have the same one."""

    vendor = models.ForeignKey(
        Vendor, models.CASCADE, related_name="identifiers", verbose_name=_("vendor")
    )
    scheme = models.CharField(
        _("scheme"),
        max_length=20,
        choices=[(term.code, term.en) for term in ORGANISATION_SCHEMES],
    )
    value = models.CharField(_("value"), max_length=60)
    declaration = declaration_field()

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering: ClassVar = ["scheme", "value", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="vendor_identifier_once",
                violation_error_message=_("A vendor with this identifier is already recorded."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_label} {self.value}"

    @property
    def scheme_label(self) -> str:
        return ORGANISATION_SCHEMES[self.scheme].label(get_language() or "en")

    def clean(self) -> None:
        """The value has the form and the check digits of its scheme; it is stored as the scheme writes it."""
        super().clean()
        if self.scheme not in ORGANISATION_SCHEMES or not self.value:
            return
        verdict = check(self.scheme, self.value)
        language = get_language() or "en"
        if wrong := [each.text(language) for each in verdict.of(Severity.ERROR)]:
            raise ValidationError({"value": wrong})
        self.value = verdict.value
