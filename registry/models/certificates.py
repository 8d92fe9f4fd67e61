"""The papers of one aircraft, and what they say on a day.

How validity is read, here and by the criterion `certificate` of the engine alike:

- `held` is null while nobody knows; such a certificate, and one without a row, is unknown.
- A certificate that is known not to be held, or whose days do not include the day (the first
  and the last day count, an open end does not end), fails; that needs no evidence.
- A valid one passes on a declaration that has not expired and has the grade the rule asks for.
  The grade is that of the paper once a steward has checked both, the paper and this row; until
  then it is `claimed`. Without such a declaration the certificate is unknown.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.scoping import (
    AgencyRecord,
    ScopedManager,
    ScopedQuerySet,
    ScopedUniqueConstraint,
)
from registry.models.drones import Drone
from registry.models.facts import CatalogueRecord, Declaration, declaration_field
from standards.certificates import CERTIFICATES

if TYPE_CHECKING:
    from agencies.models import Person

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"  # an outcome, no password
OUTCOME = models.CharField(max_length=10)


def certificate_outcome(day: date, min_grade: int) -> Case:
    """Of one row with its declaration joined: "pass", "fail" or "unknown", as this module says."""
    unchecked = Q(verified_by__isnull=True) | Q(declaration__verified_by__isnull=True)
    lapsed_paper = Q(declaration__expires__lt=day)
    too_weak = Q(declaration__grade__lt=min_grade)
    if min_grade > Declaration.Grade.CLAIMED:
        too_weak |= unchecked
    return Case(
        When(held__isnull=True, then=Value(UNKNOWN)),
        When(Q(held=False) | Q(valid_from__gt=day) | Q(valid_until__lt=day), then=Value(FAIL)),
        When(Q(declaration__isnull=True) | lapsed_paper | too_weak, then=Value(UNKNOWN)),
        default=Value(PASS),
        output_field=OUTCOME,
    )


class CertificateQuerySet(ScopedQuerySet["DroneCertificate"]):
    def with_outcome(self, day: date, min_grade: int) -> Self:
        """Each row with what it says by itself on the day, as `outcome`."""
        return self.annotate(outcome=certificate_outcome(day, min_grade))

    def drone_outcomes(
        self, codes: Collection[str], day: date, min_grade: int
    ) -> "QuerySet[DroneCertificate, Any]":
        """`drone_id` and `outcome` of each aircraft for a rule that asks for all of `codes`, lazily.

        One that fails makes the aircraft fail; else it passes when each of them passes. An aircraft
        without any of them has no row here and is unknown.
        """
        asked = self.filter(certificate__in=codes).with_outcome(day, min_grade)
        fails = Count("pk", filter=Q(outcome=FAIL))
        passes = Count("pk", filter=Q(outcome=PASS))
        rows = asked.order_by().values("drone_id").annotate(fails=fails, passes=passes)
        return rows.annotate(
            of_drone=Case(
                When(fails__gt=0, then=Value(FAIL)),
                When(passes=len(set(codes)), then=Value(PASS)),
                default=Value(UNKNOWN),
                output_field=OUTCOME,
            )
        ).values("drone_id", outcome=F("of_drone"))

    def change_days(self, after: date) -> set[date]:
        """The days after this one on which what one of these rows says can change. One query."""
        rows = self.values_list("valid_from", "valid_until", "declaration__expires").distinct()
        days: set[date] = set()
        for begins, ends, expires in rows:
            days |= {begins} if begins else set()
            days |= {last + timedelta(days=1) for last in (ends, expires) if last}
        return {day for day in days if day > after}


class CertificateManager(ScopedManager["DroneCertificate"]):
    queryset_class = CertificateQuerySet

    if TYPE_CHECKING:

        def visible_to(self, person: Person) -> CertificateQuerySet: ...
        def unscoped(self, *, reason: str) -> CertificateQuerySet: ...


class DroneCertificate(AgencyRecord, CatalogueRecord):
    """A paper of one aircraft: held, known not to be held, or not known (null)."""

    of_aircraft = True

    drone = models.ForeignKey(
        Drone, models.PROTECT, related_name="certificates", verbose_name=_("drone")
    )
    certificate = models.CharField(
        _("certificate"), max_length=40, choices=[(term.code, term.en) for term in CERTIFICATES]
    )
    held = models.BooleanField(_("held"), null=True, blank=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    declaration = declaration_field()

    objects = CertificateManager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering: ClassVar = ["drone_id", "id"]
        constraints: ClassVar = [
            *CatalogueRecord.Meta.constraints,
            ScopedUniqueConstraint(fields=["agency", "id"], name="certificate_agency_and_id"),
            ScopedUniqueConstraint(
                fields=["drone", "certificate"],
                name="certificate_once_per_drone",
                violation_error_message=_("This certificate of the aircraft is already recorded."),
            ),
            models.CheckConstraint(
                condition=Q(held__isnull=False, held=True)
                | Q(number="", valid_from__isnull=True, valid_until__isnull=True),
                name="certificate_details_only_when_held",
                violation_error_message=_(
                    "Only a certificate that is or was held has a number and days. Choose “yes”, or leave them empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="certificate_days_in_order",
                violation_error_message=_("The last day cannot lie before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return CERTIFICATES[self.certificate].label(get_language() or "en")
