"""Adding files and notes to records, and withdrawing files."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from records.file_names import shown_name
from records.keys import agency_of, hung_on
from records.models import (
    AgencyAttachment,
    AgencyNote,
    Attachment,
    CatalogueAttachment,
    CatalogueNote,
    Note,
)
from records.storage import LARGEST, MEGABYTE, NotTaken, store


def attach(
    *, to: Model, upload: "UploadedFile[Any]", about: str = "", by: Person | None
) -> Attachment:
    """Store a file and hang it on a record that `by` may see. The content first, then the row.

    Raises ValidationError with a sentence when it is empty, too large or of a type that is not taken.
    """
    try:
        stored = store(upload.chunks())
    except NotTaken as refused:
        raise ValidationError({"file": _why(refused)}) from refused
    columns = {
        **hung_on(to),
        "digest": stored.digest,
        "size": stored.size,
        "media_type": stored.type.media_type,
        "name": shown_name(upload.name or "", stored.type),
        "about": about,
        "uploaded_by": by,
    }
    agency = agency_of(to)
    added: Attachment = (
        CatalogueAttachment(**columns)
        if agency is None
        else AgencyAttachment(agency_id=agency, **columns)
    )
    added.full_clean()
    added.save(force_insert=True)
    return added


def _why(refused: NotTaken) -> str:
    return {
        "empty": _("The file is empty. Choose one that has a content."),
        "too_large": _("The file is too large: at most %(limit)s MB are taken.")
        % {"limit": LARGEST // MEGABYTE},
        "wrong_type": _(
            "This kind of file is not taken. Add a PDF, a picture (PNG, JPEG, TIFF, WebP), a document or table"
            " of an office program without macros, or plain text such as CSV or JSON."
        ),
    }[refused.code]


@transaction.atomic
def withdraw(*, attachment: Attachment, because: str, by: Person) -> None:
    """Take a file out of use; its content and its row stay. Raises ValidationError without a reason or twice."""
    row = _locked(attachment, by)
    if row.withdrawn:
        raise ValidationError(_("This file has been withdrawn already."))
    row.withdrawn_by, row.withdrawn_at = by, timezone.now()
    row.withdrawn_because = because.strip()
    row.validate_constraints()
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])


def _locked(attachment: Attachment, by: Person) -> Attachment:
    """The row as it is now, held until the transaction ends."""
    if isinstance(attachment, AgencyAttachment):
        return AgencyAttachment.objects.visible_to(by).select_for_update().get(pk=attachment.pk)
    return CatalogueAttachment.objects.select_for_update().get(pk=attachment.pk)


def write_note(*, on: Model, text: str, audience: str = "", by: Person) -> Note:
    """A note on a record that `by` may see, for good. Raises ValidationError when it is empty or too long."""
    agency = agency_of(on)
    columns = {**hung_on(on), "text": text.strip(), "author": by}
    note: Note = (
        CatalogueNote(**columns)
        if agency is None
        else AgencyNote(
            agency_id=agency,
            audience=audience or AgencyNote.Audience.SHARED,
            side=AgencyNote.Side.of(by),
            **columns,
        )
    )
    note.full_clean()
    note.save(force_insert=True)
    return note
