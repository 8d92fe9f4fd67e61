from records.models.answers import KeptAnswer
from records.models.hung_on import (
    AgencyAttachment,
    AgencyNote,
    Attachment,
    CatalogueAttachment,
    CatalogueNote,
    HungOn,
    Note,
)
from records.models.notices import Bookmark, MailEntry, Notice, NoticeQuerySet

__all__ = [
    "AgencyAttachment",
    "AgencyNote",
    "Attachment",
    "Bookmark",
    "CatalogueAttachment",
    "CatalogueNote",
    "HungOn",
    "KeptAnswer",
    "MailEntry",
    "Note",
    "Notice",
    "NoticeQuerySet",
]
