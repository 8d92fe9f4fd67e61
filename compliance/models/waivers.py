"""Waivers: narrow, dated exceptions, each decided by two people. A decision is a row; the database moves the waiver."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from agencies.scoping import AgencyRecord, ScopedManager, ScopedQuerySet, ScopedUniqueConstraint
from registry.fields import missions_field

if TYPE_CHECKING:
    from agencies.models import Person

M = TypeVar("M", bound=models.Model)
ENDING_DAYS = 90
"""A waiver in force is ending when this many days or fewer are left."""


class WaiverState(models.TextChoices):
    """Where a waiver stands on a day. Worked out by `state_on` and nowhere else."""

    REQUESTED = "requested", _("requested")
    ENDORSED = "endorsed", _("first decision made")
    UPCOMING = "upcoming", _("not yet in force")
    VALID = "valid", _("valid")
    ENDED = "ended", _("ended")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class WaiverStep(models.TextChoices):
    """What somebody may do with a waiver."""

    ENDORSE = "endorse", _("first decision")
    GRANT = "grant", _("second decision")
    DECLINE = "decline", _("decline")
    WITHDRAW = "withdraw", _("withdraw")
    END = "end", _("end early")


def state_on(day: date) -> models.Case:
    """The state on a day, as an expression over rows of waivers. A waiver is in force through both its days."""
    never = models.Q(last_day__lt=Greatest(models.F("valid_from"), models.Value(day)))
    return models.Case(
        models.When(~models.Q(status=Waiver.Status.GRANTED), then=models.F("status")),
        models.When(never, then=models.Value(WaiverState.ENDED.value)),
        models.When(valid_from__gt=day, then=models.Value(WaiverState.UPCOMING.value)),
        default=models.Value(WaiverState.VALID.value),
        output_field=models.CharField(),
    )


def waiver_name(pk: UUID) -> str:
    """What a waiver is called, such as W-3F9A21CD: the end of its id, which is random."""
    return f"W-{pk.hex[-8:].upper()}"


def concerned(agencies: frozenset[int]) -> list[int]:
    """These bodies and all above them: a waiver of any of these covers some of them. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select compliance_concerned(%s::bigint[])", [sorted(agencies)])
        row = cursor.fetchone()
    return list(row[0] or []) if row else []


def _concerned(agencies: frozenset[int]) -> RawSQL:
    """The same as a part of another query."""
    return RawSQL(
        "select unnest(compliance_concerned(%s::bigint[]))", [sorted(agencies)]
    )  # constant


class ConcerningQuerySet(ScopedQuerySet[M]):
    """Rows of a body that everybody at it and below it may read."""

    def visible_to(self, person: "Person") -> Self:
        """Those of an agency of this person, or of a body above it."""
        scope = person.scope
        if scope.central:
            return super().visible_to(person)
        rows = self.filter(agency_id__in=_concerned(scope.agencies))
        rows._scoped = True
        return rows


class WaiverQuerySet(ConcerningQuerySet["Waiver"]):
    def on(self, day: date) -> Self:
        """With `state` of the day."""
        return self.annotate(state=state_on(day))

    def in_state(self, day: date, *states: WaiverState) -> Self:
        return self.on(day).filter(state__in=states)

    def ending(self, day: date) -> Self:
        """In force on the day, with `ENDING_DAYS` or fewer left."""
        last = day + timedelta(days=ENDING_DAYS)
        return self.in_state(day, WaiverState.VALID).filter(last_day__lte=last)

    def for_list(self) -> Self:
        return self.select_related("agency", "requested_by").order_by("-id")


class WaiverManager(ScopedManager["Waiver"]):
    queryset_class = WaiverQuerySet

    if TYPE_CHECKING:

        def visible_to(self, person: "Person") -> WaiverQuerySet: ...
        def unscoped(self, *, reason: str) -> WaiverQuerySet: ...


class WaiverDecisionManager(ScopedManager["WaiverDecision"]):
    queryset_class = ConcerningQuerySet


class Waiver(AgencyRecord):
    """An exception from rules for builds or particular aircraft of a body and all below it.

    Never changed: what is asked for is what is decided on. `status`, `decisions_made` and
    `ended_from` are written by the database when a decision is stored (compliance/waiver_sql.py),
    and `valid_from` moves to the day of the second decision where that came later.
    """

    class Kind(models.TextChoices):
        WAIVER = "waiver", _("waiver")
        MITIGATED = "mitigated", _("mitigated")

    class Status(models.TextChoices):
        REQUESTED = "requested", _("requested")
        ENDORSED = "endorsed", _("first decision made")
        GRANTED = "granted", _("granted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.WAIVER)
    rules = ArrayField(models.BigIntegerField(), verbose_name=_("rules"))
    builds = ArrayField(
        models.BigIntegerField(), verbose_name=_("builds"), default=list, blank=True
    )
    drones = ArrayField(models.UUIDField(), verbose_name=_("aircraft"), default=list, blank=True)
    all_missions = models.BooleanField(_("for every mission"), default=False)
    missions = missions_field(_("missions"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    reason = models.TextField(_("reason"))
    conditions = models.TextField(_("conditions"), blank=True)
    extends = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=_("extends"),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.REQUESTED,
        editable=False,
    )
    decisions_made = models.PositiveIntegerField(default=0, editable=False)
    ended_from = models.DateField(_("ended early from"), null=True, editable=False)
    last_day = models.GeneratedField(
        expression=models.Func(
            models.F("valid_until"),
            models.F("ended_from"),
            template="least(%(expressions)s - 1)",  # an empty day does not count; the day before is the last
        ),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("last day"),
    )

    objects = WaiverManager()

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="waiver_agency_and_id"),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="waiver_ends_after_it_begins",
                violation_error_message=_("A waiver ends on the day it begins or later."),
            ),
            models.CheckConstraint(
                condition=~models.Q(rules=[]),
                name="waiver_names_rules",
                violation_error_message=_("Choose at least one rule."),
            ),
            models.CheckConstraint(
                condition=(models.Q(builds=[]) & ~models.Q(drones=[]))
                | (~models.Q(builds=[]) & models.Q(drones=[])),
                name="waiver_for_builds_or_drones",
                violation_error_message=_("Choose builds or particular aircraft, not both."),
            ),
            models.CheckConstraint(
                condition=(models.Q(all_missions=True) & models.Q(missions=[]))
                | (models.Q(all_missions=False) & ~models.Q(missions=[])),
                name="waiver_says_its_missions",
                violation_error_message=_(
                    "Choose the missions, or say that it is for every mission."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="mitigated") | ~models.Q(conditions=""),
                name="waiver_mitigated_under_conditions",
                violation_error_message=_("Say which conditions mitigate the risk."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="waiver_has_a_reason",
                violation_error_message=_("Say why a waiver is needed."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "last_day"], name="waiver_live")]

    def __str__(self) -> str:
        return waiver_name(self.pk)


class WaiverDecision(AgencyRecord):
    """A step that somebody took with a waiver. Inserting one moves the waiver."""

    waiver = models.ForeignKey(Waiver, models.PROTECT, related_name="decisions")
    no = models.PositiveIntegerField()
    step = models.CharField(_("step"), max_length=10, choices=WaiverStep.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    reason = models.TextField(_("reason"), blank=True)
    ends_from = models.DateField(_("ended early from"), null=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = WaiverDecisionManager()

    class Meta:
        verbose_name = _("decision on a waiver")
        verbose_name_plural = _("decisions on waivers")
        ordering: ClassVar = ["waiver_id", "no"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="waiver_decision_agency_and_id"),
            ScopedUniqueConstraint(fields=["waiver", "no"], name="waiver_decision_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.no}. {self.step}"
