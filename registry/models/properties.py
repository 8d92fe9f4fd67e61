"""What is said of a build beside its origin: security measures, and attributes that rules set limits on."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.models.catalogue import Build
from registry.models.facts import CatalogueRecord, declaration_field
from standards.attributes import ATTRIBUTES, AttributeKind
from standards.measures import MEASURES

QUANTITIES = tuple(term.code for term in ATTRIBUTES if term.kind is AttributeKind.QUANTITY)


class Measure(CatalogueRecord):
    """A security measure that the build has, has not, or of which nothing is known (null)."""

    build = models.ForeignKey(
        Build, models.CASCADE, related_name="measures", verbose_name=_("build")
    )
    measure = models.CharField(
        _("security measure"), max_length=40, choices=[(term.code, term.en) for term in MEASURES]
    )
    claimed = models.BooleanField(_("said to be present"), null=True, blank=True)
    declaration = declaration_field()

    class Meta:
        verbose_name = _("security measure")
        verbose_name_plural = _("security measures")
        ordering: ClassVar = ["build_id", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["build", "measure"],
                name="measure_once_per_build",
                violation_error_message=_("This measure of the build is already recorded."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return MEASURES[self.measure].label(get_language() or "en")


class Attribute(CatalogueRecord):
    """A quantity between `low` and `high` (either null: not known) in the unit of its term, or a yes or no.

    What a build says of itself stands before what its model says.
    """

    build = models.ForeignKey(
        Build, models.CASCADE, related_name="attributes", verbose_name=_("build")
    )
    attribute = models.CharField(
        _("attribute"), max_length=40, choices=[(term.code, term.en) for term in ATTRIBUTES]
    )
    low = models.DecimalField(_("at least"), max_digits=12, decimal_places=3, null=True, blank=True)
    high = models.DecimalField(_("at most"), max_digits=12, decimal_places=3, null=True, blank=True)
    present = models.BooleanField(_("yes or no"), null=True, blank=True)
    declaration = declaration_field()

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering: ClassVar = ["build_id", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["build", "attribute"],
                name="attribute_once_per_build",
                violation_error_message=_("This attribute of the build is already recorded."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="attribute_range",
                violation_error_message=_("The smallest value cannot be above the largest."),
            ),
            models.CheckConstraint(
                condition=Q(attribute__in=QUANTITIES, present__isnull=True)
                | (~Q(attribute__in=QUANTITIES) & Q(low__isnull=True, high__isnull=True)),
                name="attribute_quantity_or_yes_no",
                violation_error_message=_(
                    "Enter a quantity for an attribute that is measured, and yes or no for the others."
                ),
            ),
        ]

    def __str__(self) -> str:
        return ATTRIBUTES[self.attribute].label(get_language() or "en")
