"""Answers of the interface that are kept, so that what is sent twice is done once."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class KeptAnswer(models.Model):
    """What one person was answered to the change that they sent under a key of theirs.

    `digest` is the SHA-256 digest of that request, `method` and `path` say it to people. `agencies` are those
    whose records the person saw then: whoever has lost one of them is not shown the answer any more.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    method = models.CharField(max_length=10)
    path = models.TextField()
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    agencies = ArrayField(models.BigIntegerField())
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="answer_once_for_each_key"),
            models.CheckConstraint(
                condition=Q(status__gte=200, status__lt=300), name="answer_of_what_was_done"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="answer_by_time")]

    def __str__(self) -> str:
        return f"{self.key}: {self.method} {self.path}"
