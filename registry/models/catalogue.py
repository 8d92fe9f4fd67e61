from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.models import in_reader_language
from registry.fields import countries_field, not_empty, search_index, validate_roles
from registry.models.facts import CatalogueRecord, declaration_field
from registry.models.vendors import Vendor
from standards.component_roles import ROLES


class DroneModel(CatalogueRecord):
    """What a maker sells under a name. Origin and clearance belong to its builds."""

    manufacturer = models.ForeignKey(
        Vendor, models.PROTECT, related_name="models", verbose_name=_("maker")
    )
    name = models.CharField(_("name"), max_length=200)
    name_local = models.CharField(_("name in Japanese"), max_length=200, blank=True)
    weight_g = models.PositiveIntegerField(_("weight (g)"), null=True, blank=True)
    mtow_g = models.PositiveIntegerField(_("maximum take-off weight (g)"), null=True, blank=True)
    endurance_min = models.PositiveIntegerField(_("endurance (min)"), null=True, blank=True)
    price_guide_yen = models.PositiveBigIntegerField(_("price guide (yen)"), null=True, blank=True)
    serial_scheme = models.CharField(
        _("serial number scheme"),
        max_length=20,
        choices=[("maker", _("maker's own")), ("cta-2063-a", "ANSI/CTA-2063-A")],
        default="maker",
    )

    class Meta:
        verbose_name = _("drone model")
        verbose_name_plural = _("drone models")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["manufacturer", "name"],
                name="drone_model_once_per_maker",
                violation_error_message=_("This maker already has a model of this name."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="model_by_name"),
            search_index("model_search", "name", "name_local"),
        ]

    def __str__(self) -> str:
        return in_reader_language(self.name, self.name_local)


class Build(CatalogueRecord):
    """One configuration of a model, with an origin and a component list of its own.

    `configuration_known` is false for the one build of each model whose facts are all
    unknown: staff often know the model and not the bundle.
    """

    model = models.ForeignKey(
        DroneModel, models.PROTECT, related_name="builds", verbose_name=_("model")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    configuration_known = models.BooleanField(_("configuration known"), default=True)
    assembled_in = countries_field(_("place of final assembly"))
    # Without a licensor: true says the design is known to be the maker's own, false that nobody knows.
    design_known = models.BooleanField(_("origin of the design known"), default=False)
    design_licensed_from = models.ForeignKey(
        Vendor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="licensed_builds",
        verbose_name=_("design licensed from"),
    )
    not_fitted = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("parts this build does not have"),
        default=list,
        blank=True,
        validators=[validate_roles],
    )
    declaration = declaration_field()

    class Meta:
        verbose_name = _("build")
        verbose_name_plural = _("builds")
        ordering: ClassVar = ["model_id", "-configuration_known", "name", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            *not_empty("assembled_in"),
            models.CheckConstraint(
                condition=models.Q(design_licensed_from__isnull=True) | models.Q(design_known=True),
                name="build_licensor_is_known",
                violation_error_message=_("A design licensed from somebody is a known design."),
            ),
            models.CheckConstraint(
                condition=models.Q(configuration_known=True)
                | models.Q(
                    name="",
                    assembled_in__isnull=True,
                    design_known=False,
                    not_fitted__len=0,
                    declaration__isnull=True,
                ),
                name="build_unknown_says_nothing",
                violation_error_message=_(
                    "Nothing is known of a build whose configuration is not known."
                    " Record another build for what you know."
                ),
            ),
            models.UniqueConstraint(
                fields=["model"],
                condition=models.Q(configuration_known=False),
                name="build_one_unknown_per_model",
                violation_error_message=_(
                    "This model already has a build whose configuration is not known."
                ),
            ),
            models.UniqueConstraint(
                fields=["model", "name"],
                name="build_name_once_per_model",
                violation_error_message=_("This model already has a build of this name."),
            ),
        ]

    def __str__(self) -> str:
        """The model and the build, without a query when `model` was selected with it."""
        return in_reader_language(self.english, self.japanese)

    @property
    def english(self) -> str:
        return f"{self.model.name} — {self.name if self.configuration_known else 'configuration not known'}"

    @property
    def japanese(self) -> str:
        model = self.model.name_local or self.model.name
        return f"{model} — {self.name if self.configuration_known else '構成不明'}"


class Component(CatalogueRecord):
    """A part of a build. Each meaning of "country" is a set, or null for not known."""

    build = models.ForeignKey(
        Build, models.CASCADE, related_name="components", verbose_name=_("build")
    )
    role = models.CharField(
        _("role"), max_length=40, choices=[(term.code, term.en) for term in ROLES]
    )
    part = models.CharField(_("part"), max_length=200, blank=True)
    maker = models.ForeignKey(
        Vendor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="components",
        verbose_name=_("maker"),
    )
    made_in = countries_field(_("place of manufacture"))
    developed_in = countries_field(_("place of development"))
    data_stored_in = countries_field(_("place of data storage"))
    administered_from = countries_field(_("place of administration"))
    declaration = declaration_field()

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering: ClassVar = ["build_id", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            *not_empty("made_in", "developed_in", "data_stored_in", "administered_from"),
        ]

    def __str__(self) -> str:
        return f"{self.role_label}: {self.part}" if self.part else self.role_label

    @property
    def role_label(self) -> str:
        return ROLES[self.role].label(get_language() or "en")
