"""The notices of one person, as the inbox and the API show them."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, ChoiceFilter

from agencies.models import Person
from records.models import Notice, NoticeQuerySet
from records.notice_kinds import NoticeKind
from registry.filtering import ListFilterSet, Strict

MOST_COUNTED = 100


class NoticeFilter(ListFilterSet):
    """Takes the rows of `inbox_of`."""

    kind = ChoiceFilter(label=_("Kind"), choices=NoticeKind.choices, empty_label=_("all kinds"))
    unread = BooleanFilter(label=_("Unread only"), method="not_read")

    class Meta(Strict):
        model = Notice

    def not_read(self, notices: "QuerySet[Notice]", name: str, value: bool) -> "QuerySet[Notice]":
        return notices.filter(read_at__isnull=value)


def inbox_of(person: Person) -> NoticeQuerySet:
    """All that this person was told and may still see, newest first."""
    return Notice.objects.visible_to(person).order_by("-id")


def unread_of(person: Person) -> int:
    """How many are not read, at most `MOST_COUNTED`. One query through a partial index."""
    return inbox_of(person).unread().order_by()[:MOST_COUNTED].count()
