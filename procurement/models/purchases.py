from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.scoping import (
    AgencyRecord,
    ScopedManager,
    ScopedQuerySet,
    ScopedUniqueConstraint,
)
from procurement.states import Status
from registry.fields import countries_field, missions_field, not_empty
from registry.models import Build, Vendor
from registry.models.drones import validate_currency
from registry.models.facts import declaration_field
from standards.component_roles import ROLES

if TYPE_CHECKING:
    from agencies.models import Person


class PurchaseQuerySet(ScopedQuerySet["Purchase"]):
    def for_list(self) -> Self:
        return self.select_related("agency", "requester").order_by("-id")

    def waiting_for_review(self) -> Self:
        return self.filter(status__in=Status.under_review())


class PurchaseManager(ScopedManager["Purchase"]):
    queryset_class = PurchaseQuerySet

    if TYPE_CHECKING:

        def visible_to(self, person: "Person") -> PurchaseQuerySet: ...
        def unscoped(self, *, reason: str) -> PurchaseQuerySet: ...


class Purchase(AgencyRecord):
    """What an agency asks to buy. Its status is moved by the database alone (procurement/sql.py)."""

    class Kind(models.TextChoices):
        PURCHASE = "purchase", _("purchase")
        LEASE = "lease", _("lease")
        LOAN = "loan", _("loan")
        SERVICE = "service", _("service contract")
        DONATION = "donation", _("donation")
        TRANSFER = "transfer", _("transfer")

    # Kinds that end on a day, so that their facts have to hold until then.
    FOR_A_TIME: ClassVar = [Kind.LEASE, Kind.LOAN, Kind.SERVICE]
    # Kinds that may be ordered first and reviewed afterwards, in an emergency.
    IN_EMERGENCY: ClassVar = [Kind.PURCHASE, Kind.LOAN]

    # What the app may write; status, version, round and dossier belong to the triggers.
    CONTENT: ClassVar = [
        "kind",
        "title",
        "purpose",
        "missions",
        "needed_by",
        "currency",
        "budget_line",
        "budget",
        "begins",
        "ends",
        "emergency",
    ]
    WRITABLE: ClassVar = [*CONTENT, "contract_reference", "edited_at"]

    number = models.CharField(_("number"), max_length=30, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.PURCHASE)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose and justification of the missions"))
    missions = missions_field(_("missions"))
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, default="JPY", validators=[validate_currency]
    )
    budget_line = models.CharField(_("budget line"), max_length=100, blank=True)
    budget = models.PositiveBigIntegerField(_("budget"), null=True, blank=True)
    begins = models.DateField(_("contract begins"), null=True, blank=True)
    ends = models.DateField(_("contract ends"), null=True, blank=True)
    emergency = models.TextField(_("why it cannot wait for the review"), blank=True)
    contract_reference = models.CharField(
        _("contract reference"), max_length=100, blank=True, editable=False
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("requester"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    edited_at = models.DateTimeField(_("edited at"), auto_now=True)

    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    # Counts every stored edit of the purchase and of its lines.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    round = models.PositiveIntegerField(_("round"), default=0, editable=False)
    moves_made = models.PositiveIntegerField(default=0, editable=False)
    dossier = models.ForeignKey(
        "Dossier",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_constraint=False,
    )
    since = models.DateTimeField(_("in this state since"), auto_now_add=True)
    # While evidence is asked for the clock of the review stands still; it stood so many seconds in this state.
    evidence_asked_at = models.DateTimeField(_("evidence asked for"), null=True, editable=False)
    clock_stood = models.PositiveBigIntegerField(default=0, editable=False)
    ordered_first_at = models.DateTimeField(
        _("ordered before the review"), null=True, editable=False
    )
    round_began = models.DateTimeField(_("this round began"), null=True, editable=False)
    # The working day until which the review is due; of an emergency order its whole review (procurement/sql_due.py).
    due_on = models.DateField(_("due on"), null=True, editable=False)

    objects = PurchaseManager()

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="purchase_agency_and_id"),
            ScopedUniqueConstraint(
                fields=["agency", "number"], name="purchase_number_once_per_agency"
            ),
            models.CheckConstraint(
                condition=models.Q(missions__len__gt=0),
                name="purchase_names_a_mission",
                violation_error_message=_(
                    "Name at least one mission: what the aircraft is for decides the rules."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(begins__isnull=True)
                | models.Q(ends__isnull=True)
                | models.Q(begins__lte=models.F("ends")),
                name="purchase_ends_after_it_begins",
                violation_error_message=_("A contract cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["lease", "loan", "service"])
                | models.Q(begins__isnull=False, ends__isnull=False),
                name="purchase_for_a_time_has_days",
                violation_error_message=_(
                    "Enter the days on which a lease, a loan or a service contract begins and ends."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(emergency="") | models.Q(kind__in=["purchase", "loan"]),
                name="purchase_emergency_kinds",
                violation_error_message=_(
                    "Only a purchase or a loan can be ordered before its review."
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "status", "-id"], name="purchase_by_status"),
            models.Index(
                fields=["due_on"],
                name="purchase_by_due_day",
                condition=models.Q(due_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def editable(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def evidence_open(self) -> bool:
        return self.evidence_asked_at is not None

    @property
    def ordered_first(self) -> bool:
        return self.ordered_first_at is not None


class Line(AgencyRecord):
    """So many of one thing, at a unit price in whole units of the currency of the purchase, from a supplier.

    A specification gets its build, supplier and price from the offer that is named on it. A part or
    software is judged by what is known of it alone, a service by who provides it.
    """

    class Kind(models.TextChoices):
        AIRCRAFT = "aircraft", _("aircraft")
        SPECIFICATION = "specification", _("aircraft by specification")
        PART = "part", _("part")
        SOFTWARE = "software", _("software")
        SERVICE = "service", _("service")

    FLYING: ClassVar = [Kind.AIRCRAFT, Kind.SPECIFICATION]
    CONTENT: ClassVar = [
        "kind",
        "build",
        "description",
        "quantity",
        "unit_price",
        "supplier",
        "role",
        "maker",
        "made_in",
        "developed_in",
        "declaration",
        "begins",
        "ends",
    ]

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="lines")
    kind = models.CharField(
        _("what it is"), max_length=20, choices=Kind.choices, default=Kind.AIRCRAFT
    )
    build = models.ForeignKey(
        Build, models.PROTECT, related_name="+", verbose_name=_("build"), null=True, blank=True
    )
    description = models.TextField(_("description or specification"), blank=True, max_length=4000)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    unit_price = models.PositiveBigIntegerField(_("unit price"), null=True, blank=True)
    supplier = models.ForeignKey(
        Vendor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("supplier"),
    )
    role = models.CharField(
        _("role of the part"),
        max_length=40,
        blank=True,
        choices=[(term.code, term.en) for term in ROLES],
    )
    maker = models.ForeignKey(
        Vendor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("maker")
    )
    made_in = countries_field(_("place of manufacture"))
    developed_in = countries_field(_("place of development"))
    declaration = declaration_field()
    begins = models.DateField(_("flies from"), null=True, blank=True)
    ends = models.DateField(_("flies until"), null=True, blank=True)

    objects = ScopedManager["Line"]()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="line_agency_and_id"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0),
                name="line_quantity_above_zero",
                violation_error_message=_("Ask for at least one."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="aircraft") | models.Q(build__isnull=False),
                name="line_aircraft_has_a_build",
                violation_error_message=_(
                    "Choose the build, or ask for aircraft by specification."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["aircraft", "specification"])
                | models.Q(build__isnull=True),
                name="line_build_is_of_aircraft",
                violation_error_message=_("Only aircraft have a build."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="aircraft") | ~models.Q(description=""),
                name="line_is_described",
                violation_error_message=_("Describe what is to be bought."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["part", "software"]) | ~models.Q(role=""),
                name="line_part_has_a_role",
                violation_error_message=_("Say which role the part or the software has."),
            ),
            models.CheckConstraint(
                condition=models.Q(begins__isnull=True)
                | models.Q(ends__isnull=True)
                | models.Q(begins__lte=models.F("ends")),
                name="line_ends_after_it_begins",
                violation_error_message=_("It cannot fly until a day before it begins."),
            ),
            *not_empty("made_in", "developed_in"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.build_id or self.description}"

    @property
    def english(self) -> str:
        return self.build.english if self.build else self.description

    @property
    def japanese(self) -> str:
        return self.build.japanese if self.build else self.description

    @property
    def role_label(self) -> str:
        return ROLES[self.role].label(get_language() or "en") if self.role else ""

    @property
    def flies(self) -> bool:
        return self.kind in self.FLYING

    @property
    def total(self) -> int | None:
        """In the currency of the purchase."""
        return None if self.unit_price is None else self.quantity * self.unit_price


class Offer(AgencyRecord):
    """What a supplier offers for an approved specification: here the build becomes known. Never changed."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="offers")
    line = models.ForeignKey(Line, models.PROTECT, related_name="offers", verbose_name=_("line"))
    supplier = models.ForeignKey(
        Vendor, models.PROTECT, related_name="+", verbose_name=_("supplier")
    )
    build = models.ForeignKey(Build, models.PROTECT, related_name="+", verbose_name=_("build"))
    unit_price = models.PositiveBigIntegerField(_("unit price"), null=True, blank=True)
    declared_origin = models.TextField(
        _("origin as the supplier declares it"), blank=True, max_length=4000
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager["Offer"]()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering: ClassVar = ["recorded_at", "id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="offer_agency_and_id"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id}: {self.build_id}"
