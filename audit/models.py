import json
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    """Row-level security decides which agencies' events can be read at all."""

    def of(self, record: models.Model) -> Self:
        """The history of one record, newest first."""
        return self.filter(record_table=record._meta.db_table, record_id=str(record.pk))


class EventManager(models.Manager["Event"]):
    def get_queryset(self) -> EventQuerySet:
        return EventQuerySet(self.model, using=self._db)

    def of(self, record: models.Model) -> EventQuerySet:
        return self.get_queryset().of(record)


class Event(models.Model):
    """One change of one record, or an attempt that was refused. Written by the database alone; nobody can alter it.

    `canon` is the evidence: the exact text that was hashed. The other columns are copies
    of parts of it, for finding.
    """

    class Action(models.TextChoices):
        INSERT = "insert", _("added")
        UPDATE = "update", _("changed")
        DELETE = "delete", _("deleted")
        REFUSE = "refuse", _("refused")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    agency_id = models.BigIntegerField(null=True)
    actor = models.TextField()
    actor_name = models.TextField()
    request = models.TextField()
    reason = models.TextField()
    record_table = models.TextField()
    record_id = models.TextField()
    record_no = models.IntegerField()
    action = models.TextField(choices=Action.choices)
    fields = ArrayField(models.TextField())
    canon = models.TextField()
    leaf = models.BinaryField()

    objects: ClassVar[EventManager] = EventManager()

    class Meta:
        managed = False
        db_table = "audit_event"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.record_table}:{self.record_id} {self.record_no} {self.action}"

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """(field, old, new) in the order of the names; None where there was or is nothing."""
        body = json.loads(self.canon)
        old, new = body["old"] or {}, body["new"] or {}
        return [(name, old.get(name), new.get(name)) for name in self.fields]
