"""Audit events as people read them: a sentence, who, and old → new in words instead of codes."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agencies.models import Person
from agencies.scoping import ScopedManager
from audit.context import ANONYMOUS, SYSTEM_JOB, SYSTEM_MIGRATE
from audit.models import Event as AuditEvent
from audit.models import EventQuerySet
from compliance.models import ListMatch
from policy.models import Edition, PolicyVersion
from records.models import AgencyAttachment, AgencyNote
from registry.models import (
    Attribute,
    Build,
    Component,
    DroneCertificate,
    Measure,
    OwnershipLink,
)
from web import elements
from web.refused_events import refused_sentence
from web.values import value_text

Key = tuple[type[models.Model], str]
UNSAID = frozenset(
    {"id", "agency_id", "key", "digest", "recorded_xid", "claimed_by_id", "airframe"}
    | {"password", "last_login", "moves_made", "dossier_id", "version", "events_made"}
)
"""Columns that say nothing to a reader of the history."""
CHECK = "verified_by_id"
APART = frozenset({CHECK, "refused_by_id", "refused_because"})
"""Columns that say what became of a claim, and are no part of it."""
TONES: Mapping[str, str] = {
    AuditEvent.Action.INSERT: "positive",
    AuditEvent.Action.REFUSE: "critical",
}
PERSON = re.compile(r"user:(\d+)")
NAMING = ("name", "title", "label", "serial_number", "asset_tag", "code", "email")
"""Columns by which a record is called when it is no longer there."""


def readable_events(person: Person) -> EventQuerySet:
    """The events this person may read: those of their agencies and of no agency, newest first."""
    events = AuditEvent.objects.get_queryset().order_by("-id")
    if person.scope.central:
        return events.exclude(_withheld(person)) if person.scope.withheld else events
    return events.filter(Q(agency_id__isnull=True) | Q(agency_id__in=sorted(person.scope.agencies)))


def _withheld(person: Person) -> Q:
    """What agencies do not show the centre of their aircraft; the database keeps it back too, and old prices."""
    of_aircraft = [
        table for table, model in models_by_table().items() if getattr(model, "of_aircraft", False)
    ]
    tables = [*of_aircraft, AgencyAttachment._meta.db_table, AgencyNote._meta.db_table]
    return Q(agency_id__in=sorted(person.scope.withheld), record_table__in=tables)


def events_of(person: Person, *records: models.Model) -> EventQuerySet:
    """The history of a record, or of several that are read as one, newest first."""
    wanted = Q()
    for record in records:
        wanted |= Q(record_table=record._meta.db_table, record_id=str(record.pk))
    return readable_events(person).filter(wanted)


def models_by_table() -> dict[str, type[models.Model]]:
    """Every model of this program by the name of its table."""
    return {model._meta.db_table: model for model in apps.get_models() if model is not AuditEvent}


def timeline(events: Iterable[AuditEvent], person: Person) -> list[elements.Event]:
    """The events as lines of a history. The number of queries grows with kinds of records, not with events."""
    events = list(events)
    names = _load_names(events, person)
    return [_line(event, names) for event in events]


@dataclass(frozen=True, slots=True)
class Names:
    """What the records are called that the events speak of; those the reader may not see are absent."""

    records: Mapping[Key, str]
    people: Mapping[str, str]
    tables: Mapping[str, type[models.Model]] = field(default_factory=models_by_table)

    def of(self, model: type[models.Model], pk: object) -> str:
        return self.records.get((model, str(pk)), "")


def _load_names(events: Sequence[AuditEvent], person: Person) -> Names:
    tables = models_by_table()
    wanted: dict[type[models.Model], set[str]] = {}
    for event in events:
        if model := tables.get(event.record_table):
            wanted.setdefault(model, set()).add(event.record_id)
            _add_related(event, model, wanted)
    records = {
        (model, str(row.pk)): _called(row)
        for model, pks in wanted.items()
        for row in _rows(model, person).filter(pk__in=pks)
    }
    return Names(records, _people(events), tables)


def _add_related(
    event: AuditEvent, model: type[models.Model], wanted: dict[type[models.Model], set[str]]
) -> None:
    for name, old, new in event.changes:
        column = _column(model, name)
        if isinstance(column, models.ForeignKey):
            related = column.related_model
            wanted.setdefault(related, set()).update(str(pk) for pk in (old, new) if pk is not None)


def _rows(model: type[models.Model], person: Person) -> QuerySet[models.Model]:
    """Rows the reader may see, with what their names need."""
    manager = model._default_manager
    rows = manager.visible_to(person) if isinstance(manager, ScopedManager) else manager.all()
    return rows.select_related(*JOINED[model]) if model in JOINED else rows


JOINED: dict[type[models.Model], tuple[str, ...]] = {
    Attribute: ("build__model",),
    Build: ("model",),
    Component: ("build__model",),
    DroneCertificate: ("drone",),
    Edition: ("list",),
    ListMatch: ("vendor", "build__model"),
    Measure: ("build__model",),
    OwnershipLink: ("holder", "subject"),
    PolicyVersion: ("policy",),
}
"""Relations by which a record is called."""


def _called(row: models.Model) -> str:
    """What a record is called in a history; some need more words there than on their own page."""
    if isinstance(row, OwnershipLink):
        return f"{row.holder} → {row.subject}"
    if isinstance(row, ListMatch):
        return f"{row.entry_key} = {row.matched}"
    if isinstance(row, Component | Measure | Attribute):
        return f"{row.build} · {row}"
    if isinstance(row, DroneCertificate):
        return f"{row.drone} · {row}"
    return str(row)


def names_of(rows: Iterable[models.Model], person: Person) -> dict[models.Model, str]:
    """What each of these records is called in a history. One query per kind."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for row in rows:
        wanted.setdefault(type(row), set()).add(row.pk)
    return {
        row: _called(row)
        for model, pks in wanted.items()
        for row in _rows(model, person).filter(pk__in=pks)
    }


def since_check(
    rows: Sequence[models.Model], person: Person
) -> dict[models.Model, list[elements.Change]]:
    """What became of each record since it was last checked: all it says when nobody ever checked it.

    A few queries, however many records and events.
    """
    if not rows:
        return {}
    by_record = {(row._meta.db_table, str(row.pk)): row for row in rows}
    unchecked: dict[models.Model, list[AuditEvent]] = {row: [] for row in rows}
    done: set[models.Model] = set()
    for event in events_of(person, *rows).exclude(action=AuditEvent.Action.REFUSE):
        row = by_record[event.record_table, event.record_id]
        if _is_check(event):
            done.add(row)
        elif row not in done:
            unchecked[row].append(event)
    names = _load_names([event for events in unchecked.values() for event in events], person)
    return {row: _summed(type(row), events, names) for row, events in unchecked.items()}


def _is_check(event: AuditEvent) -> bool:
    return any(name == CHECK and new is not None for name, _old, new in event.changes)


def _summed(
    model: type[models.Model], events: Sequence[AuditEvent], names: Names
) -> list[elements.Change]:
    """Several events, newest first, as one change of each column from the oldest value to the newest."""
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for event in events:
        for name, old, new in event.changes:
            first[name] = old
            last.setdefault(name, new)
    changes = [
        elements.Change(
            _label(model, name),
            _text(model, name, first[name], names),
            _text(model, name, last[name], names),
        )
        for name in sorted(last)
        if name not in UNSAID | APART and not (first[name] is None and last[name] is False)
    ]
    return [change for change in changes if change.old != change.new]


def _people(events: Sequence[AuditEvent]) -> dict[str, str]:
    ids = {found[1] for event in events if (found := PERSON.fullmatch(event.actor))}
    return {f"user:{person.pk}": str(person) for person in Person.objects.filter(pk__in=ids)}


def _column(model: type[models.Model], name: str) -> "models.Field[Any, Any] | None":
    """The field of a column: events speak of columns, such as "agency_id"."""
    try:
        found = model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def _line(event: AuditEvent, names: Names) -> elements.Event:
    model = names.tables.get(event.record_table)
    return elements.Event(
        at=event.at,
        actor=actor_name(event, names.people),
        sentence=_sentence(event, model, names),
        reason=event.reason,
        changes=_changes(event, model, names) if model else (),
        tone=TONES.get(event.action, "active"),
    )


def actor_name(event: AuditEvent, people: Mapping[str, str]) -> str:
    """The person's name of today, or the address they had; the program's own parts in words."""
    programs = {
        SYSTEM_JOB: _("the program"),
        SYSTEM_MIGRATE: _("the set-up of the program"),
        ANONYMOUS: _("a person not signed in"),
    }
    return people.get(event.actor) or programs.get(event.actor) or event.actor_name or event.actor


def _sentence(event: AuditEvent, model: type[models.Model] | None, names: Names) -> str:
    words = {
        "kind": model._meta.verbose_name if model else event.record_table,
        "name": _name(event, model, names),
    }
    if event.action == AuditEvent.Action.REFUSE:
        return refused_sentence(event, words if model else None)
    if event.action == AuditEvent.Action.INSERT:
        return _("Recorded the %(kind)s “%(name)s”.") % words
    if event.action == AuditEvent.Action.DELETE:
        return _("Deleted the %(kind)s “%(name)s”.") % words
    if event.fields == [CHECK] and event.changes[0][2] is not None:
        return _("Checked the %(kind)s “%(name)s”.") % words
    if any(name == "refused_by_id" and new is not None for name, _old, new in event.changes):
        return _("Refused the %(kind)s “%(name)s”.") % words
    return _("Changed the %(kind)s “%(name)s”.") % words


def _name(event: AuditEvent, model: type[models.Model] | None, names: Names) -> str:
    if model and (name := names.of(model, event.record_id)):
        return name
    body = json.loads(event.canon)
    row = body["new"] or body["old"] or {}
    return next((str(row[key]) for key in NAMING if row.get(key)), event.record_id)


def _changes(event: AuditEvent, model: type[models.Model], names: Names) -> list[elements.Change]:
    """Old → new of a change. A new record is all new; a check and a refusal are said by their sentences: no table."""
    if event.action in TONES or event.fields == [CHECK]:
        return []
    return [
        elements.Change(
            _label(model, name), _text(model, name, old, names), _text(model, name, new, names)
        )
        for name, old, new in event.changes
        if name not in UNSAID
    ]


def _label(model: type[models.Model], name: str) -> str:
    column = _column(model, name)
    return str(column.verbose_name) if column is not None else name


def _text(model: type[models.Model], name: str, value: Any, names: Names) -> str:
    column = _column(model, name)
    if column is None or value is None:
        return "" if value is None else str(value)
    if isinstance(column, models.ForeignKey):
        return names.of(column.related_model, value) or _("a record you may not see")
    return value_text(column, value)
