"""The inbox: what the reader was told, by day, and how it reaches them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership
from records.models import Notice
from records.notice_kinds import NoticeKind
from records.notice_words import address, sentence
from records.outbox import send_again, troubled
from reporting.inbox import NoticeFilter, inbox_of, unread_of
from web.access import MemberRequest, found, refuse_unless, signed_in
from web.elements import Tab, Text
from web.filtering import pills
from web.forms.notices import NoticeSettingsForm
from web.paging import keyset

MAILS_SHOWN = 100
own_page = signed_in("GET", "HEAD", members_only=False)
own_form = signed_in("GET", "HEAD", "POST", members_only=False)
own_action = signed_in("POST", members_only=False)
"""Notices are the reader's own, whether or not they hold a role today."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice in the words of the reader."""

    notice: Notice
    kind: Text
    sentence: str


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    items: Sequence[Shown]


@own_page
def notices(request: MemberRequest) -> HttpResponse:
    """`/notices/`: what is not read yet, or everything, newest first."""
    everything = request.GET.get("all") == "true"
    asked = request.GET.copy()
    asked.pop("all", None)
    rows = inbox_of(request.user)
    filters = NoticeFilter(asked, queryset=rows if everything else rows.unread(), request=request)
    valid = filters.is_valid()
    shown, links = keyset(filters.qs if valid else Notice.objects.none(), request)
    context = {
        "tabs": _tabs(unread_of(request.user), everything),
        "everything": everything,
        "filter": filters,
        "kind_field": filters.form["kind"],
        "pills": pills(filters, request),
        "days": _by_day(shown),
        "page": links,
        "may_see_mails": request.user.scope.holds(Membership.Role.ADMINISTRATOR),
    }
    return render(request, "notices/inbox.html", context, status=200 if valid else 422)


def _tabs(unread: int, everything: bool) -> list[Tab]:
    inbox = reverse("notices")
    return [
        Tab(inbox, _("Unread"), unread, not everything),
        Tab(f"{inbox}?all=true", _("All"), current=everything),
    ]


def _by_day(rows: Sequence[Notice]) -> list[Day]:
    shown = [Shown(each, NoticeKind(each.kind).label, sentence(each)) for each in rows]
    days = groupby(shown, key=lambda each: timezone.localdate(each.notice.created_at))
    return [Day(day, list(items)) for day, items in days]


@own_page
def open_notice(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/notices/<id>/`: marks it as read and leads to what it is about."""
    notice = found(inbox_of(request.user), pk=pk)
    if request.method == "GET":
        inbox_of(request.user).filter(pk=pk).mark_read()
    return redirect(address(notice))


@own_action
def read_notice(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/notices/<id>/read/`"""
    notice = found(inbox_of(request.user), pk=pk)
    inbox_of(request.user).filter(pk=notice.pk).mark_read()
    return redirect("notices")


@own_action
def read_all(request: MemberRequest) -> HttpResponse:
    """`/notices/read/`: all that is not read, of one kind when one is given."""
    filters = NoticeFilter(
        {"kind": request.POST.get("kind", "")}, queryset=inbox_of(request.user), request=request
    )
    if filters.is_valid():
        inbox_of(request.user).filter(pk__in=filters.qs.order_by()).mark_read()
    return redirect("notices")


@own_form
def notice_settings(request: MemberRequest) -> HttpResponse:
    """`/notices/settings/`: whether and in which language the reader gets mails."""
    form = NoticeSettingsForm(
        request.POST if request.method == "POST" else None, instance=request.user
    )
    if request.method == "POST" and form.is_valid():
        request.user.save(update_fields=["mail", "language"])
        messages.success(request, _("Stored."))
        return redirect("notices")
    status = 422 if form.errors else 200
    return render(request, "notices/settings.html", {"form": form}, status=status)


def _refuse_others(request: MemberRequest) -> None:
    refuse_unless(
        request.user.scope.holds(Membership.Role.ADMINISTRATOR),
        _("Only administrators see which mails did not go out."),
    )


@own_page
def mails(request: MemberRequest) -> HttpResponse:
    """`/notices/mails/`: mails that were given up, and those of which it is not known; no word of what they say."""
    _refuse_others(request)
    rows = list(troubled()[:MAILS_SHOWN])
    return render(request, "notices/mails.html", {"mails": rows})


@own_action
def mail_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/notices/mails/<id>/again/`: an administrator has looked into it and lets it be sent again."""
    _refuse_others(request)
    send_again(found(troubled(), pk=pk))
    messages.success(request, _("The mail waits to be sent again."))
    return redirect("mails")


urlpatterns: list[URLPattern] = [
    path("notices/", notices, name="notices"),
    path("notices/read/", read_all, name="read_notices"),
    path("notices/settings/", notice_settings, name="notice_settings"),
    path("notices/mails/", mails, name="mails"),
    path("notices/mails/<uuid:pk>/again/", mail_again, name="mail_again"),
    path("notices/<uuid:pk>/", open_notice, name="notice"),
    path("notices/<uuid:pk>/read/", read_notice, name="read_notice"),
]
