"""What people are told, and the mails that go out with it."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from records.models.hung_on import HungOn
from records.notice_kinds import NoticeKind
from standards.uuids import uuid7

if TYPE_CHECKING:
    from agencies.models import Person


class MailEntry(models.Model):
    """A mail that is to go out, once. What it says is worked out when it is sent, with the rights of its reader.

    `key` names why it was made, and its id follows from that, so that nothing is entered twice. An
    entry is `sending` while a mail server may have it: who finds it so later cannot know whether it
    went out, and it becomes `unsure` (records/outbox.py).
    """

    class Kind(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DIGEST = "digest", _("daily digest")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNSURE = "unsure", _("not known whether it was sent")
        VOID = "void", _("nothing left to say")
        DEAD = "dead", _("given up")

    id = models.UUIDField(primary_key=True, editable=False)
    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    due = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("tried at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("mail to be sent")
        verbose_name_plural = _("mails to be sent")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="mail_sent_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due"],
                condition=Q(state__in=["waiting", "sending"]),
                name="mail_to_be_sent",
            )
        ]

    def __str__(self) -> str:
        return self.key


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, person: "Person") -> Self:
        """The person's own, but for those about agencies where the person holds no post any more."""
        rows = self.filter(person=person)
        if person.scope.central:
            return rows
        here = Q(about_agency__isnull=True) | Q(about_agency__in=sorted(person.scope.agencies))
        return rows.filter(here)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def mark_read(self) -> int:
        """All of these that are not read yet; how many there were."""
        return self.unread().order_by().update(read_at=timezone.now())


class Notice(HungOn):
    """Something that somebody is told about a record, once for each cause.

    `label` and `parameters` fill the words of its kind (records/notice_words.py) in the language of
    whoever reads it. `mail` is the one mail that it goes out with, if any.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=30, choices=NoticeKind.choices)
    cause = models.CharField(max_length=120)
    label = models.CharField(max_length=300)
    parameters = models.JSONField(default=dict)
    about_agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("at"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    mail = models.ForeignKey(MailEntry, models.PROTECT, null=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "kind", "cause"], name="notice_once_for_each_cause"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="notice_of_person"),
            models.Index(
                fields=["person"], condition=Q(read_at__isnull=True), name="notice_not_read"
            ),
            models.Index(
                fields=["person"], condition=Q(mail__isnull=True), name="notice_not_mailed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.label}"


class Bookmark(models.Model):
    """Up to where a job of the program has come: a transaction of the audit trail, or a day."""

    name = models.CharField(max_length=40, primary_key=True)
    place = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.place}"
