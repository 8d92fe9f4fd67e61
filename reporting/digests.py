"""The daily mail: entered once for each person and day, with all that no other mail says."""

from datetime import datetime, time, timedelta
from typing import Final

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from records.models import MailEntry, Notice
from records.telling import mail_entry

HOUR: Final = time(7)
"""In the time zone of the site."""
OLDEST: Final = timedelta(days=14)


def enter_digests(now: datetime) -> int:
    """From seven o'clock on, a mail for everybody who has something to be told in it. How many were entered.

    Run again on the same day it enters none for whoever had one. Four statements at most.
    """
    local = timezone.localtime(now)
    if local.time() < HOUR:
        return 0
    day = local.date().isoformat()
    with acting_as(None, reason="digests"):
        done = MailEntry.objects.filter(kind=MailEntry.Kind.DIGEST, key__endswith=f":{day}")
        untold = _untold(now).exclude(person__in=done.values("person"))
        people = list(Person.objects.filter(pk__in=untold.values("person")))
        MailEntry.objects.bulk_create(
            (
                mail_entry(f"digest:{person.pk}:{day}", person, MailEntry.Kind.DIGEST, now)
                for person in people
            ),
            ignore_conflicts=True,
        )
        entered = MailEntry.objects.filter(key=_key(OuterRef("person"), day))
        _untold(now).filter(person__in=people).update(mail=Subquery(entered.values("pk")[:1]))
    return len(people)


def _untold(now: datetime) -> "QuerySet[Notice]":
    """Not read, and in no mail that went out or will: those too of a mail that may not have."""
    unsure = Q(mail__state=MailEntry.State.UNSURE)
    return (
        Notice.objects.unread()
        .filter(Q(mail__isnull=True) | unsure, created_at__gt=now - OLDEST, person__is_active=True)
        .exclude(person__mail=Person.Mail.NONE)
    )


def _key(person: OuterRef, day: str) -> Concat:
    return Concat(Value("digest:"), Cast(person, CharField()), Value(f":{day}"))
