from datetime import date
from typing import ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.models.periods import FOR_EVER
from policy.models import Rule
from registry.models import Build


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
    """What one rule says of one build between two days, passes too, with its trace.

    `trace_digest` names the trace, so that one which is worked out again is compared without being read.
    """

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
    trace_digest = models.CharField(max_length=64, default="", editable=False)
    facts = models.ForeignKey(FactsSnapshot, models.PROTECT, db_index=False, related_name="+")
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


class Feed(models.Model):
    """Up to where the audit trail was read for what has to be evaluated again. One row.

    `frontier` is a transaction id: all that transactions below it changed has been evaluated.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    frontier = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="feed_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.frontier)


class Assessment(models.Model):
    """When a build was last evaluated, on which facts and under which rules.

    `clauses` is `Rulebook.clause_digests` of that day: by rule key what decides its results besides the facts.
    """

    build = models.OneToOneField(Build, models.CASCADE, primary_key=True, related_name="assessment")
    facts = models.ForeignKey(FactsSnapshot, models.PROTECT, related_name="+")
    rulebook_digest = models.CharField(max_length=64)
    clauses = models.JSONField(default=dict)
    evaluated_at = models.DateTimeField(_("evaluated at"))
    evaluated_for = models.DateField(_("evaluated from"))

    def __str__(self) -> str:
        return f"{self.build_id} {self.evaluated_at:%Y-%m-%d %H:%M}"
