import hashlib
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import (
    AgencyRecord,
    ScopedManager,
    ScopedQuerySet,
    ScopedUniqueConstraint,
)
from procurement.states import Action, Reason, Status
from registry.fields import missions_field
from registry.models import Build, Drone, Vendor

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
    reasons = ArrayField(models.CharField(max_length=40, choices=Reason.choices), default=list)
    letter = models.TextField(blank=True)
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


class ReceivedUnit(AgencyRecord):
    """An aircraft that came in on a line and stands in the registry since."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="received_units")
    line = models.ForeignKey(Line, models.PROTECT, related_name="received_units")
    drone = models.OneToOneField(Drone, models.PROTECT, related_name="received_as")
    received_on = models.DateField()
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ScopedManager["ReceivedUnit"]()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.line_id} → {self.drone_id}"
