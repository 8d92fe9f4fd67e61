"""Mails on their way out: each entry is handed to the mail server at most once, also after a crash.

An entry is marked as being sent, and that is stored, before the server is spoken to; afterwards it is
marked as sent. Whoever dies in between leaves it `sending`, and nobody can know whether the server took
it: it becomes `unsure` and is not sent again by itself. What it would have said stands in the inbox, and
the next digest says it again (docs/adr).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, QuerySet
from django.utils import timezone

from agencies.context import acting_as
from records.models import MailEntry

State = MailEntry.State
Compose = Callable[[MailEntry], EmailMultiAlternatives | None]
"""What an entry says now to its reader; None when nothing is left to say."""

PAUSES: Final = tuple(
    timedelta(minutes=each) for each in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60)
)
"""After each failure; after the last of them the entry is given up."""
LEASE: Final = timedelta(minutes=15)
"""No mail takes so long to be handed over: whoever still stands as sending after it has died."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Sent:
    """What a run did, in entries."""

    sent: int = 0
    void: int = 0
    failed: int = 0
    unsure: int = 0


def send_due(compose: Compose, *, now: datetime | None = None, most: int = 500) -> Sent:
    """Send what is due, in the order in which it became so. Several may do this at one moment."""
    done = Sent(unsure=settle_unsure(now or timezone.now()))
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    try:
        for _ in range(most):
            entry = claim(now or timezone.now())
            if entry is None or not _deliver(entry, compose, connection, done):
                break
    finally:
        connection.close()
    return done


def settle_unsure(now: datetime) -> int:
    """Entries whose sender died: not sent again, and said again by the next digest. One statement."""
    with acting_as(None, reason="mails"):
        left = MailEntry.objects.filter(state=State.SENDING, tried_at__lt=now - LEASE)
        return left.update(
            state=State.UNSURE, last_error="The program ended while the mail was being handed over."
        )


def claim(now: datetime) -> MailEntry | None:
    """The entry that waits longest, marked as being sent before anything is sent; None when none is due."""
    with acting_as(None, reason="mails"):
        waiting = MailEntry.objects.filter(state=State.WAITING, due__lte=now)
        entry = waiting.order_by("due", "id").select_for_update(skip_locked=True).first()
        if entry is not None:
            entry.state, entry.tried_at, entry.attempts = State.SENDING, now, entry.attempts + 1
            entry.save(update_fields=["state", "tried_at", "attempts"])
        return entry


def _deliver(entry: MailEntry, compose: Compose, connection: BaseEmailBackend, done: Sent) -> bool:
    """Hand one mail over and mark what came of it; whether to go on with the next."""
    try:
        mail = compose(entry)
    except Exception as error:  # one mail that cannot be written must not hold up the others
        log.exception("mail cannot be written", entry=str(entry.pk))
        _failed(entry, error)
        done.failed += 1
        return True
    if mail is None:
        _mark(entry, State.VOID)
        done.void += 1
        return True
    mail.extra_headers["Message-ID"] = message_id(entry)
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        _failed(entry, error)
        done.failed += 1
        return False
    return _hand_over(entry, mail, connection, done)


def _hand_over(
    entry: MailEntry, mail: EmailMultiAlternatives, connection: BaseEmailBackend, done: Sent
) -> bool:
    try:
        connection.send_messages([mail])
    except (SMTPResponseException, SMTPRecipientsRefused) as error:
        connection.close()
        _failed(entry, error)  # the server said no: it has not taken it
        done.failed += 1
    except (OSError, SMTPException) as error:
        connection.close()
        _mark(entry, State.UNSURE, _said(error))  # it broke off, and the server may have taken it
        done.unsure += 1
        return False
    else:
        _mark(entry, State.SENT)
        done.sent += 1
    return True


def _failed(entry: MailEntry, error: Exception) -> None:
    """It is tried again after a while, and given up after the last time."""
    log.warning("mail failed", entry=str(entry.pk), attempts=entry.attempts, error=_said(error))
    if entry.attempts > len(PAUSES):
        _mark(entry, State.DEAD, _said(error))
        return
    entry.due = (entry.tried_at or timezone.now()) + PAUSES[entry.attempts - 1]
    _mark(entry, State.WAITING, _said(error))


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _mark(entry: MailEntry, state: str, error: str = "") -> None:
    """Only of an entry that is still being sent: whoever took too long finds it settled."""
    with acting_as(None, reason="mails"):
        MailEntry.objects.filter(pk=entry.pk, state=State.SENDING).update(
            state=state,
            due=entry.due,
            sent_at=timezone.now() if state == State.SENT else None,
            last_error=error,
        )


def message_id(entry: MailEntry) -> str:
    """The same for every attempt at an entry, so that mail programs know a second copy."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return f"<{entry.pk}@{host}>"


def troubled() -> QuerySet[MailEntry]:
    """What went wrong for good, the latest first; an administrator sees it."""
    wrong = MailEntry.objects.filter(state__in=[State.UNSURE, State.DEAD])
    return wrong.select_related("person").order_by(F("tried_at").desc(nulls_last=True), "pk")


def send_again(entry: MailEntry) -> None:
    """An administrator has looked into it: the entry waits again, with all its attempts before it."""
    entry.state, entry.attempts, entry.due = State.WAITING, 0, timezone.now()
    entry.save(update_fields=["state", "attempts", "due"])
