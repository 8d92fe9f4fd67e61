from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.scoping import (
    AgencyRecord,
    ScopedManager,
    ScopedQuerySet,
    ScopedUniqueConstraint,
)
from standards.uuids import uuid7

if TYPE_CHECKING:
    from agencies.models import Person


class AgencyNoteQuerySet(ScopedQuerySet["AgencyNote"]):
    def visible_to(self, person: "Person") -> Self:
        """Of the agencies the person may read; an internal note only on the side that wrote it."""
        internal = Q(audience=AgencyNote.Audience.INTERNAL)
        rows = super().visible_to(person)
        return rows.filter(~internal | Q(side=AgencyNote.Side.of(person)))


class AgencyNoteManager(ScopedManager["AgencyNote"]):
    queryset_class = AgencyNoteQuerySet


class HungOn(models.Model):
    """The record it belongs to: the name of its table and its id (records/keys.py)."""

    record_table = models.CharField(max_length=63, editable=False)
    record_id = models.CharField(max_length=40, editable=False)

    class Meta:
        abstract = True


class Attachment(HungOn):
    """A file of a record. Its content lies under its digest (records/storage.py) and never changes.

    It is withdrawn with a reason and never deleted; nothing else of it changes.
    """

    digest = models.CharField(_("SHA-256"), max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    media_type = models.CharField(_("type"), max_length=100, editable=False)
    name = models.CharField(_("name"), max_length=200, editable=False)
    about = models.CharField(_("what it shows"), max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    uploaded_at = models.DateTimeField(_("added at"), auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_because = models.CharField(_("why it is withdrawn"), max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-uploaded_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="%(app_label)s_%(class)s_withdrawn_with_reason",
                violation_error_message=_("Say why the file is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class AgencyAttachment(Attachment, AgencyRecord):
    """A file of a record of an agency: read by whoever may read that agency's rows."""

    objects = ScopedManager["AgencyAttachment"]()

    class Meta(Attachment.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints: ClassVar = [
            *Attachment.Meta.constraints,
            ScopedUniqueConstraint(fields=["agency", "id"], name="attachment_agency_and_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record_table", "record_id"], name="agency_attachment_of_record")
        ]


class CatalogueAttachment(Attachment):
    """A file of a record of the catalogue or of a policy: read by every member."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta(Attachment.Meta):
        verbose_name = _("file of the catalogue")
        verbose_name_plural = _("files of the catalogue")
        indexes: ClassVar = [
            models.Index(fields=["record_table", "record_id"], name="file_of_catalogue_record")
        ]


class Note(HungOn):
    """What somebody wrote about a record. Permanent: neither edited nor deleted, by anybody."""

    text = models.TextField(_("note"), max_length=10_000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-written_at", "-id"]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 60 else f"{self.text[:59]}…"


class AgencyNote(Note, AgencyRecord):
    """A note on a record of an agency, shared or for the author's own side of a review alone."""

    class Audience(models.TextChoices):
        SHARED = "shared", _("everybody who may see the record")
        INTERNAL = "internal", _("own side only")

    class Side(models.TextChoices):
        AGENCY = "agency", _("the agency")
        CENTRE = "centre", _("the centre")

        @classmethod
        def of(cls, person: "Person") -> "AgencyNote.Side":
            """Reviewers and others at the root of the tree stand on the side of the centre."""
            return cls.CENTRE if person.scope.central else cls.AGENCY

    audience = models.CharField(
        _("who may read it"), max_length=10, choices=Audience.choices, default=Audience.SHARED
    )
    side = models.CharField(max_length=10, choices=Side.choices, editable=False)

    objects = AgencyNoteManager()

    class Meta(Note.Meta):
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "id"], name="note_agency_and_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record_table", "record_id"], name="agency_note_of_record")
        ]


class CatalogueNote(Note):
    """A note on a record of the catalogue or of a policy: read by every member."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta(Note.Meta):
        verbose_name = _("note on the catalogue")
        verbose_name_plural = _("notes on the catalogue")
        indexes: ClassVar = [
            models.Index(fields=["record_table", "record_id"], name="note_on_catalogue_record")
        ]
