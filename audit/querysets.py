from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from audit.models import Event

    Rows = models.QuerySet[Event]
else:
    Rows = models.QuerySet


class EventQuerySet(Rows):
    """Row-level security decides which agencies' events can be read at all."""

    def of(self, record: models.Model) -> Self:
        """The history of one record, newest first."""
        return self.filter(record_table=record._meta.db_table, record_id=str(record.pk))
