from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.scoping import AgencyRecord, ScopedManager, ScopedUniqueConstraint
from registry.models.drones import Drone


class ImportSession(AgencyRecord):
    """One spreadsheet of aircraft on its way into the registry of one agency.

    The file lies under its digest (`registry.imports.uploads`). `report` is what the check of it
    found, `plan` the digest of what would be stored: a confirmation is for that plan alone. While
    it is applied, `next_row` counts the rows of the plan that are stored, for good with each chunk.
    """

    of_aircraft = True

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waiting to be checked")
        CHECKED = "checked", _("waiting for confirmation")
        APPLYING = "applying", _("being imported")
        APPLIED = "applied", _("imported")
        DISCARDED = "discarded", _("discarded")

    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    file_name = models.CharField(_("file"), max_length=200)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imported by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UPLOADED
    )
    partial = models.BooleanField(_("without the wrong rows"), default=False)
    report = models.JSONField(default=dict)
    plan = models.CharField(max_length=64, blank=True)
    next_row = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("imported at"), null=True, blank=True)

    objects = ScopedManager["ImportSession"]()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="import_agency_and_id"),
            models.CheckConstraint(
                condition=models.Q(state="applied") ^ models.Q(applied_at__isnull=True),
                name="import_is_stored_at_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "digest"], name="import_by_file")]

    def __str__(self) -> str:
        return self.file_name


class ImportedRow(AgencyRecord):
    """Which row of which file an aircraft came from: by this, a row without serial number is the same again.

    `copy` counts the aircraft of one row from 0: a row may stand for several.
    """

    of_aircraft = True

    # The composite keys to session and aircraft hold all three to rows that are there.
    agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    session = models.ForeignKey(
        ImportSession, models.PROTECT, db_constraint=False, related_name="imported"
    )
    drone = models.ForeignKey(
        Drone, models.PROTECT, db_constraint=False, related_name="imported_from"
    )
    digest = models.CharField(max_length=64)
    row = models.PositiveIntegerField()
    copy = models.PositiveSmallIntegerField(default=0)

    objects = ScopedManager["ImportedRow"]()

    class Meta:
        constraints: ClassVar = [
            ScopedUniqueConstraint(
                fields=["agency", "digest", "row", "copy"], name="imported_row_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:8]}:{self.row}"
