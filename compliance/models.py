from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import ScopedManager, ScopedQuerySet, ScopedUniqueConstraint
from policy.models import ReferenceList, Rule
from registry.models import Build, Drone, Vendor

if TYPE_CHECKING:
    from agencies.models import Person

FOR_EVER = date(9999, 12, 31)


class ListMatch(models.Model):
    """A person's decision whether an entry of a list is this vendor. Kept through later editions."""

    class Decision(models.TextChoices):
        SAME = "same", _("the same")
        DIFFERENT = "different", _("different")

    list = models.ForeignKey(
        ReferenceList, models.PROTECT, related_name="matches", verbose_name=_("list")
    )
    entry_key = models.CharField(_("entry"), max_length=300)
    vendor = models.ForeignKey(
        Vendor, models.PROTECT, related_name="list_matches", verbose_name=_("vendor")
    )
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    reason = models.CharField(_("reason"), max_length=500)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_on = models.DateField(_("decided on"))

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering: ClassVar = ["list_id", "entry_key", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["list", "entry_key", "vendor"], name="list_match_decided_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_key} = {self.vendor_id}: {self.decision}"


class FactsSnapshot(models.Model):
    """The facts of a build as they were evaluated, by their digest. Kept, so that a past day can be recomputed."""

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()

    def __str__(self) -> str:
        return self.digest


class RuleResultQuerySet(models.QuerySet["RuleResult"]):
    def current(self) -> Self:
        return self.filter(superseded_at__isnull=True)

    def on(self, day: date) -> Self:
        return self.current().filter(begins__lte=day, ends__gt=day)


class RuleResult(models.Model):
    """What one rule says of one build between two days, passes too, with its trace."""

    class Outcome(models.TextChoices):
        PASS = "pass", _("pass")
        FAIL = "fail", _("fail")
        UNKNOWN = "unknown", _("unknown")
        NOT_APPLICABLE = "not_applicable", _("not applicable")

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="results", verbose_name=_("rule"))
    build = models.ForeignKey(
        Build, models.PROTECT, related_name="results", verbose_name=_("build")
    )
    begins = models.DateField()
    ends = models.DateField(default=FOR_EVER)
    outcome = models.CharField(_("result"), max_length=15, choices=Outcome.choices)
    trace = models.JSONField(encoder=DjangoJSONEncoder)
    facts = models.ForeignKey(FactsSnapshot, models.PROTECT, related_name="+")
    evaluated_at = models.DateTimeField(_("evaluated at"))
    superseded_at = models.DateTimeField(null=True)

    objects = RuleResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering: ClassVar = ["build_id", "rule_id", "begins"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["build", "rule", "begins"],
                condition=models.Q(superseded_at__isnull=True),
                name="one_current_result",
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins")),
                name="result_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.build_id}: {self.outcome}"


class StandingState(models.TextChoices):
    """Worst first."""

    GROUND = "ground", _("ground now")
    PHASE_OUT = "phase_out", _("phase out by")
    TRAINING_ONLY = "training_only", _("training only")
    UNDETERMINED = "undetermined", _("undetermined")
    WAIVED = "waived", _("waived until")
    CLEAR = "clear", _("clear")


class StandingQuerySet(ScopedQuerySet["Standing"]):
    def on(self, day: date) -> Self:
        return self.filter(begins__lte=day, ends__gt=day)


class StandingManager(ScopedManager["Standing"]):
    queryset_class = StandingQuerySet

    if TYPE_CHECKING:

        def visible_to(self, person: "Person") -> StandingQuerySet: ...
        def unscoped(self, *, reason: str) -> StandingQuerySet: ...


class Standing(models.Model):
    """What an aircraft may do between two days. Derived: written set-wise, not audited row by row."""

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    drone = models.ForeignKey(Drone, models.CASCADE, related_name="standings", db_index=False)
    begins = models.DateField()
    ends = models.DateField(default=FOR_EVER)
    state = models.CharField(_("standing"), max_length=15, choices=StandingState.choices)
    state_without_waivers = models.CharField(max_length=15, choices=StandingState.choices)
    rule = models.ForeignKey(
        Rule,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("deciding rule"),
    )
    by = models.DateField(_("by"), null=True)
    barred_missions = ArrayField(
        models.CharField(max_length=40), verbose_name=_("barred missions"), default=list
    )

    objects = StandingManager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["drone", "begins"], name="standing_period_once"),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins")),
                name="standing_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "state", "begins"], name="standing_by_state")
        ]

    def __str__(self) -> str:
        return f"{self.drone_id} {self.state} {self.begins}–{self.ends}"


class Assessment(models.Model):
    """When a build was last evaluated, and up to which event of the trail its facts were known."""

    build = models.OneToOneField(Build, models.CASCADE, primary_key=True, related_name="assessment")
    facts = models.ForeignKey(FactsSnapshot, models.PROTECT, related_name="+")
    rulebook_digest = models.CharField(max_length=64)
    evaluated_at = models.DateTimeField(_("evaluated at"))
    evaluated_for = models.DateField(_("evaluated from"))

    def __str__(self) -> str:
        return f"{self.build_id} {self.evaluated_at:%Y-%m-%d %H:%M}"
