"""What a mail says: worked out when it is sent, with the rights that its reader has then, in their language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from agencies.context import acting_as
from agencies.models import Person
from records.models import MailEntry, Notice
from records.notice_kinds import NoticeKind
from records.notice_words import address, sentence
from reporting.waiting import waiting_for

SHOWN: Final = 20
"""So many notices of one kind stand in a digest; the inbox has all."""


@dataclass(frozen=True, slots=True)
class Said:
    """A notice as it stands in a mail."""

    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Notices of one kind; `more` are not shown."""

    label: str
    items: Sequence[Said]
    more: int = 0


def compose(entry: MailEntry) -> EmailMultiAlternatives | None:
    """The mail of this entry; None when its reader has read everything, may see none of it any more, or left."""
    person = entry.person
    if not person.is_active or person.mail == Person.Mail.NONE:
        return None
    with acting_as(person), override(person.language):
        notices = list(Notice.objects.visible_to(person).unread().filter(mail=entry).order_by("id"))
        if not notices:
            return None
        if entry.kind == MailEntry.Kind.AT_ONCE:
            return _at_once(person, notices[0])
        return _digest(person, notices)


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _at_once(person: Person, notice: Notice) -> EmailMultiAlternatives:
    said = Said(sentence(notice), absolute(address(notice)))
    kind = NoticeKind(notice.kind).label
    return _mail(person, f"{kind}: {notice.label}", "at_once", {"said": said})


def _digest(person: Person, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """What waits first, then what happened, by kind."""
    context = {
        "queues": [queue for queue in waiting_for(person) if queue.items],
        "groups": list(_groups(notices)),
        "count": len(notices),
    }
    count = len(notices)
    subject = ngettext("%(count)d notice", "%(count)d notices", count) % {"count": count}
    return _mail(person, subject, "digest", context)


def _groups(notices: Sequence[Notice]) -> Iterator[Group]:
    order = list(NoticeKind)
    by_kind = sorted(notices, key=lambda each: order.index(NoticeKind(each.kind)))
    for kind, of_kind in groupby(by_kind, key=lambda each: each.kind):
        found = list(of_kind)
        items = [Said(sentence(each), absolute(address(each))) for each in found[:SHOWN]]
        yield Group(str(NoticeKind(kind).label), items, max(len(found) - SHOWN, 0))


def _mail(
    person: Person, subject: str, template: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    whole = {
        **context,
        "person": person,
        "site": settings.SITE_URL,
        "inbox": absolute("/notices/"),
        "settings_url": absolute("/notices/settings/"),
    }
    site = _("Drone procurement registry")
    mail = EmailMultiAlternatives(
        subject=f"[{site}] {' '.join(subject.split())}",
        body=render_to_string(f"mails/{template}.txt", whole),
        to=[person.email],
    )
    mail.attach_alternative(render_to_string(f"mails/{template}.html", whole), "text/html")
    return mail
