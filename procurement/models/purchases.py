from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import (
    AgencyRecord,
    ScopedManager,
    ScopedQuerySet,
    ScopedUniqueConstraint,
)
from procurement.states import Status
from registry.fields import missions_field
from registry.models import Build, Vendor

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
        DONATION = "donation", _("donation")

    # What the app may write; status, version, round and dossier belong to the triggers.
    CONTENT: ClassVar = ["kind", "title", "purpose", "missions", "needed_by"]
    WRITABLE: ClassVar = [*CONTENT, "contract_reference", "edited_at"]

    number = models.CharField(_("number"), max_length=30, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.PURCHASE)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose and justification of the missions"))
    missions = missions_field(_("missions"))
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
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
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "status", "-id"], name="purchase_by_status")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def editable(self) -> bool:
        return self.status == Status.DRAFT


class Line(AgencyRecord):
    """So many of one build, at a unit price, from a supplier."""

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="lines")
    build = models.ForeignKey(Build, models.PROTECT, related_name="+", verbose_name=_("build"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    unit_price_yen = models.PositiveBigIntegerField(_("unit price (yen)"), null=True, blank=True)
    supplier = models.ForeignKey(
        Vendor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("supplier"),
    )

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
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.build_id}"

    @property
    def total_yen(self) -> int | None:
        return None if self.unit_price_yen is None else self.quantity * self.unit_price_yen
