"""Entering notices, and the mails that go out with them: once for each person, kind and cause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Model
from django.utils import timezone

from agencies.models import Person
from records.keys import agency_of, hung_on
from records.models import MailEntry, Notice
from records.notice_kinds import URGENT, NoticeKind

MAILS = UUID("5b0f6c1e-63d2-4a7e-9f52-0c1a8b7d2e94")
LONGEST_LABEL = 300


@dataclass(frozen=True, slots=True)
class Cause:
    """Why people are told something. `key` names it for good: for one key nobody is told twice.

    `label` is what the record is called, `parameters` what else the words of the kind ask for.
    """

    kind: NoticeKind
    key: str
    record: Model
    label: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


Told = tuple[Person, Cause]


def tell_people(told: Iterable[Told]) -> None:
    """Enter these notices, and a mail for each that is urgent to somebody who wants such mails at once.

    What was entered before stays as it is, and whoever may not sign in is told nothing. For the program
    itself, in its transaction; two statements.
    """
    now = timezone.now()
    pairs = [pair for pair in told if pair[0].is_active]
    mails = {
        id(pair): _mail_at_once(*pair, now)
        for pair in pairs
        if pair[1].kind in URGENT and pair[0].mail == Person.Mail.AT_ONCE
    }
    MailEntry.objects.bulk_create(mails.values(), ignore_conflicts=True)
    Notice.objects.bulk_create(
        [_notice(person, cause, mails.get(id(pair))) for pair in pairs for person, cause in [pair]],
        ignore_conflicts=True,
    )


def _notice(person: Person, cause: Cause, mail: MailEntry | None) -> Notice:
    return Notice(
        **hung_on(cause.record),
        person=person,
        kind=cause.kind,
        cause=cause.key,
        label=cause.label[:LONGEST_LABEL],
        parameters=dict(cause.parameters),
        about_agency_id=agency_of(cause.record),
        mail=mail,
    )


def _mail_at_once(person: Person, cause: Cause, now: datetime) -> MailEntry:
    key = f"at_once:{person.pk}:{cause.kind}:{cause.key}"
    return mail_entry(key, person, MailEntry.Kind.AT_ONCE, now)


def mail_entry(key: str, person: Person, kind: str, due: datetime) -> MailEntry:
    """An entry that is not stored yet; its id follows from its key."""
    return MailEntry(id=uuid5(MAILS, key), key=key, person=person, kind=kind, due=due)
