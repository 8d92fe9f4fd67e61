"""The audit trail for every member: what happened to what they may see, searchable."""

from collections.abc import Iterator
from functools import cache

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from agencies.models import Person
from audit.models import Event
from registry.filtering import DayFilter, ListFilterSet, Strict
from web.access import MemberRequest, page
from web.events import UNSAID, models_by_table, readable_events, timeline
from web.filtering import pills
from web.listing import list_template
from web.paging import keyset

TABLES_WITH_HISTORY = "select tgrelid::regclass::text from pg_trigger where tgname = tgrelid::regclass::text || '_audit_write'"


@cache
def tables_with_history() -> frozenset[str]:
    """The tables whose changes leave events, as the database itself has it: they change only by migrations."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES_WITH_HISTORY)
        return frozenset(row[0] for row in cursor.fetchall())


def kind_choices() -> list[tuple[str, str]]:
    """Tables with a history, under the name of what they hold."""
    kept = tables_with_history()
    named = [
        (table, str(model._meta.verbose_name))
        for table, model in models_by_table().items()
        if table in kept
    ]
    return sorted(named, key=lambda each: each[1])


def field_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Columns by kind of record, as "table.column"."""
    models = models_by_table()
    return [(label, list(_columns(models[table]))) for table, label in kind_choices()]


def _columns(model: type[Model]) -> Iterator[tuple[str, str]]:
    for field in model._meta.concrete_fields:
        if field.column not in UNSAID:
            yield f"{model._meta.db_table}.{field.column}", str(field.verbose_name)


class EventFilter(ListFilterSet):
    """Takes the rows of `readable_events`."""

    person = CharFilter(
        label=_("Person"), method="by_person", help_text=_("Name or e-mail address.")
    )
    kind = ChoiceFilter(label=_("Kind of record"), field_name="record_table", choices=kind_choices)
    record = CharFilter(label=_("Number of the record"), field_name="record_id")
    field = ChoiceFilter(label=_("Field"), method="with_field", choices=field_choices)
    action = ChoiceFilter(label=_("What was done"), choices=Event.Action.choices)
    since = DayFilter(label=_("From this day"), field_name="at", lookup_expr="date__gte")
    until = DayFilter(label=_("To this day"), field_name="at", lookup_expr="date__lte")

    class Meta(Strict):
        model = Event

    def by_person(self, events: "QuerySet[Event]", name: str, value: str) -> "QuerySet[Event]":
        text = value.strip()
        named = Person.objects.filter(Q(name_en__icontains=text) | Q(name_local__icontains=text))
        actors = [f"user:{pk}" for pk in named.values_list("pk", flat=True)]
        return events.filter(Q(actor_name__icontains=text) | Q(actor__in=actors))

    def with_field(self, events: "QuerySet[Event]", name: str, value: str) -> "QuerySet[Event]":
        table, column = value.split(".")
        return events.filter(record_table=table, fields__contains=[column])


TITLE = {
    "title": _("History"),
    "lead": _("Who changed what and when. Nobody can alter or delete these lines."),
}


@page
def show_history(request: MemberRequest) -> HttpResponse:
    """`/history/`: every change that the reader may see, newest first."""
    filters = EventFilter(request.GET, queryset=readable_events(request.user), request=request)
    valid = filters.is_valid()
    rows, links = keyset(filters.qs if valid else Event.objects.none(), request)
    context = {
        "list": TITLE,
        "events": timeline(rows, request.user),
        "page": links,
        "filter": filters,
        "first_filters": list(filters.form),
        "pills": pills(filters, request),
    }
    template = list_template(request, "history/page.html", "history/_list.html")
    return render(request, template, context, status=200 if valid else 422)


urlpatterns: list[URLPattern] = [path("history/", show_history, name="history")]
