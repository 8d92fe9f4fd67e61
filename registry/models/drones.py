import uuid
from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.models import Person
from agencies.scoping import AgencyRecord, ScopedUniqueConstraint
from registry.fields import folded, missions_field
from registry.models.catalogue import Build
from registry.querysets import DroneManager
from standards.asset_tags import new_asset_tag, printed_asset_tag
from standards.findings import Finding, Severity
from standards.identifiers import check
from standards.serial_numbers import serial_hints

UNSURE_OF = (
    "serial_number",
    "build",
    "registration_id",
    "firmware",
    "flight_hours",
    "acquired_on",
    "price",
)
"""The values of which an agency may say that it is not sure."""

validate_currency = RegexValidator(
    r"^[A-Z]{3}\Z", _("A currency is three capitals, such as JPY."), code="currency"
)


def validate_unsure(names: list[str]) -> None:
    if wrong := sorted(set(names) - set(UNSURE_OF)):
        raise ValidationError(
            _("Nothing of an aircraft is called %(names)s."), params={"names": ", ".join(wrong)}
        )


SEARCH_KEY = models.Func(
    *map(folded, ("serial_number", "registration_id", "asset_tag")),
    arg_joiner=" || '|' || ",
    output_field=models.TextField(),
    template="(%(expressions)s)",
)
"""What the quick search looks for: letters and digits alone, so that "|" keeps the three apart."""


class Drone(AgencyRecord):
    """One aircraft of one agency. Never deleted."""

    of_aircraft = True

    class Status(models.TextChoices):
        IN_SERVICE = "in_service", _("in service")
        STORED = "stored", _("stored")
        GROUNDED = "grounded", _("grounded")
        LENT = "lent", _("lent")
        LOST = "lost", _("lost")
        TRANSFERRED = "transferred", _("transferred")
        DISPOSED = "disposed", _("disposed of")
        ENTERED_IN_ERROR = "entered_in_error", _("entered in error")

    class Acquired(models.TextChoices):
        PURCHASE = "purchase", _("purchase")
        LEASE = "lease", _("lease")
        DONATION = "donation", _("donation")
        TRANSFER = "transfer", _("transfer")
        OTHER = "other", _("another way")
        UNKNOWN = "unknown", _("not known")

    class PriceGiven(models.TextChoices):
        """How far the price may be relied on. A withheld one is not stored at all."""

        EXACT = "exact", _("exact")
        APPROXIMATE = "approximate", _("approximate")
        WITHHELD = "withheld", _("withheld")

    # Without an index of its own: that of (agency, id) serves.
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, db_index=False, related_name="+")
    airframe = models.UUIDField(default=uuid.uuid4, editable=False)
    build = models.ForeignKey(
        Build, models.PROTECT, db_index=False, related_name="drones", verbose_name=_("build")
    )
    serial_number = models.CharField(_("serial number"), max_length=60, blank=True)
    serial_missing_because = models.CharField(
        _("why there is no serial number"), max_length=200, blank=True
    )
    asset_tag = models.CharField(
        _("asset tag"), max_length=12, default=new_asset_tag, editable=False
    )
    registration_id = models.CharField(
        _("registration ID"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text=_("The mark on the fuselage, such as JU followed by ten letters and digits."),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.IN_SERVICE
    )
    status_before = models.CharField(
        _("status before"),
        max_length=20,
        choices=Status.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    missions = missions_field(_("missions"))
    custodian = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("custodian"),
    )
    custodian_name = models.CharField(
        _("custodian without an account"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    lent_to = models.CharField(
        _("lent to"), max_length=200, blank=True, default="", db_default="", editable=False
    )
    lent_until = models.DateField(_("lent until"), null=True, blank=True, editable=False)
    firmware = models.CharField(_("firmware"), max_length=60, blank=True, default="", db_default="")
    flight_hours = models.DecimalField(
        _("flight hours"),
        max_digits=8,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    acquired_on = models.DateField(_("acquired on"), null=True, blank=True)
    acquired_how = models.CharField(
        _("acquired by"),
        max_length=20,
        choices=Acquired.choices,
        default=Acquired.UNKNOWN,
    )
    price = models.PositiveBigIntegerField(
        _("price"), null=True, blank=True, help_text=_("In whole units of the currency.")
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="JPY", db_default="JPY", validators=[validate_currency]
    )
    price_given = models.CharField(
        _("how exact the price is"),
        max_length=12,
        choices=PriceGiven.choices,
        default=PriceGiven.EXACT,
        db_default=PriceGiven.EXACT,
    )
    note = models.TextField(_("note"), blank=True)
    grounded_by_order = models.BooleanField(
        _("grounded by order"), default=False, db_default=False, editable=False
    )
    unsure = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("not sure of"),
        default=list,
        db_default=[],
        blank=True,
        validators=[validate_unsure],
    )
    last_confirmed_on = models.DateField(
        _("last confirmed on"), null=True, blank=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    events_made = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = DroneManager()

    class Meta:
        verbose_name = _("drone")
        verbose_name_plural = _("drones")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="drone_agency_and_id"),
            ScopedUniqueConstraint(
                fields=["agency", "serial_number"],
                condition=~models.Q(serial_number="")
                & ~models.Q(status__in=["transferred", "entered_in_error"]),
                name="drone_serial_once_per_agency",
                violation_error_message=_(
                    "Your agency already has an aircraft with this serial number."
                ),
            ),
            ScopedUniqueConstraint(
                fields=["agency", "asset_tag"], name="drone_tag_once_per_agency"
            ),
            models.CheckConstraint(
                condition=~models.Q(serial_number="") | ~models.Q(serial_missing_because=""),
                name="drone_serial_or_reason",
                violation_error_message=_("Enter the serial number, or say why there is none."),
            ),
            models.CheckConstraint(
                condition=models.Q(custodian__isnull=True) | models.Q(custodian_name=""),
                name="drone_one_custodian",
                violation_error_message=_(
                    "Name one custodian: somebody with an account, or a name in words, not both."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(lent_to="", lent_until__isnull=True)
                | (models.Q(status__in=["lent", "grounded"]) & ~models.Q(lent_to="")),
                name="drone_lent_to_only_while_lent",
                violation_error_message=_(
                    "Who has it and until when is said of an aircraft that is lent out, and of no other."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="lent") | ~models.Q(lent_to=""),
                name="drone_lent_to_somebody",
                violation_error_message=_("Say to whom the aircraft is lent."),
            ),
            models.CheckConstraint(
                condition=models.Q(status_before="")
                | models.Q(status__in=["grounded", "entered_in_error"]),
                name="drone_status_before_while_it_can_return",
            ),
            models.CheckConstraint(
                condition=models.Q(grounded_by_order=False)
                | ~models.Q(status__in=["in_service", "stored", "lent"]),
                name="drone_grounded_by_order_does_not_fly",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"),
                name="drone_currency_is_a_code",
                violation_error_message=_("A currency is three capitals, such as JPY."),
            ),
            models.CheckConstraint(
                condition=~models.Q(price_given="withheld") | models.Q(price__isnull=True),
                name="drone_withheld_price_is_not_stored",
                violation_error_message=_(
                    "A price that is withheld is not entered. Leave the price empty, or do not withhold it."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(flight_hours__isnull=True) | models.Q(flight_hours__gte=0),
                name="drone_hours_not_negative",
                violation_error_message=_("Flight hours cannot be negative."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["build"], include=["id", "agency", "missions"], name="drone_by_build"
            ),
            models.Index(fields=["airframe"], name="drone_by_airframe"),
            models.Index(
                fields=["lent_until"],
                condition=models.Q(lent_until__isnull=False),
                name="drone_by_return",
            ),
            models.Index(fields=["serial_number", "id"], name="drone_by_serial"),
            models.Index(fields=["acquired_on", "id"], name="drone_by_day_acquired"),
            models.Index(fields=["last_confirmed_on", "id"], name="drone_by_day_confirmed"),
            GinIndex(OpClass(SEARCH_KEY, name="gin_trgm_ops"), name="drone_search"),
        ]

    def __str__(self) -> str:
        return self.serial_number or self.asset_tag

    @property
    def tag(self) -> str:
        """The asset tag as it is printed."""
        return printed_asset_tag(self.asset_tag)

    @property
    def custodian_label(self) -> str:
        """Who holds it, by account or in words; empty when nobody is named."""
        return str(self.custodian) if self.custodian_id else self.custodian_name

    def overdue_on(self, day: date) -> bool:
        """Whether it is lent out and should have been back before this day."""
        return self.lent_until is not None and self.lent_until < day

    def remarks(self) -> tuple[Finding, ...]:
        """What to look at again: warnings and hints on serial number and registration ID. No query
        when the maker was selected with the build."""
        return (*self._serial_findings(), *self._registration_findings())

    def clean(self) -> None:
        """The serial number follows the scheme of the model, where the model names one."""
        super().clean()
        if not self.build_id:
            return
        found = [each for each in self._serial_findings() if each.severity is Severity.ERROR]
        if found:
            language = get_language() or "en"
            raise ValidationError({"serial_number": [finding.text(language) for finding in found]})

    def _serial_findings(self) -> tuple[Finding, ...]:
        if not self.serial_number:
            return ()
        scheme = self.build.model.serial_scheme
        found = check(scheme, self.serial_number).findings
        return (*found, *serial_hints(self.serial_number, self.build.model.manufacturer.name))

    def _registration_findings(self) -> tuple[Finding, ...]:
        """Never an error: the form of the number is not confirmed by the authority."""
        if not self.registration_id:
            return ()
        return check("jp-ju", self.registration_id).findings
