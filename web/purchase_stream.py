"""What happened to a purchase, in one stream: steps, notes, files and changes, newest first, filtered by kind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from audit.models import Event as AuditEvent
from procurement.guidance import DONE
from procurement.looks import LastLook
from procurement.models import Line, Move, Purchase
from procurement.states import Action, ConsultationAnswer, Reason
from records.models import AgencyAttachment, AgencyNote
from web.elements import Event, Tab, Text
from web.events import readable_events, timeline
from web.purchase_records import line_name
from web.record_kinds import files_of, notes_of

TONES = {
    Action.APPROVE: "positive",
    Action.RECORD_ANSWER: "positive",
    Action.RETURN: "serious",
    Action.DECLINE: "critical",
    Action.CANCEL: "critical",
    Action.RECHECK: "serious",
    Action.ORDER_FIRST: "serious",
    Action.AMEND: "serious",
}
KINDS: Mapping[str, Text] = {
    "steps": gettext_lazy("Steps"),
    "notes": gettext_lazy("Notes"),
    "files": gettext_lazy("Files"),
    "changes": gettext_lazy("Changes"),
}
ONLY = "only"
"""The parameter of the address that names the one kind shown."""
SHOWN = 50
"""Of notes, files and changes the latest so many; steps are few, and shown all."""
COUNTERS = ("version", "edited_at")
PURCHASES, LINES = Purchase._meta.db_table, Line._meta.db_table
INSERT = AuditEvent.Action.INSERT


@dataclass(frozen=True, slots=True)
class Stream:
    """`events` of the kind asked for; `tabs` lead to each kind; `new` counts what the reader has not seen, by kind."""

    events: Sequence[Event]
    tabs: Sequence[Tab]
    new: Mapping[Text, int]


def stream(
    request: HttpRequest,
    purchase: Purchase,
    lines: Sequence[Line],
    person: Person,
    since: LastLook | None = None,
) -> Stream:
    """The stream as the address asks for it. A fixed number of queries, whatever its length."""
    events = sorted(_events(purchase, lines, person, since), key=_when, reverse=True)
    only = request.GET.get(ONLY, "")
    counts = {kind: sum(each.kind == kind for each in events) for kind in KINDS}
    tabs = [
        Tab("?#timeline", _("Everything"), len(events), only not in KINDS),
        *(
            Tab(f"?{ONLY}={kind}#timeline", label, counts[kind], only == kind)
            for kind, label in KINDS.items()
        ),
    ]
    shown = [each for each in events if only not in KINDS or each.kind == only]
    new = {
        label: sum(each.is_new for each in events if each.kind == kind)
        for kind, label in KINDS.items()
    }
    return Stream(shown, tabs, {label: count for label, count in new.items() if count})


def _when(event: Event) -> datetime:
    return event.at


def _events(
    purchase: Purchase, lines: Sequence[Line], person: Person, since: LastLook | None
) -> Iterator[Event]:
    for move in purchase.moves.visible_to(person).select_related("actor", "acted_for"):
        unseen = since is not None and move.no > since.moves and move.actor_id != person.pk
        yield replace(move_event(move), is_new=unseen)
    later = [*_notes(purchase, person), *_files(purchase, person), *_edits(purchase, lines, person)]
    for event, by in later:
        unseen = since is not None and event.at > since.at and by != person.pk
        yield replace(event, is_new=unseen)


def _actor(move: Move) -> str:
    """Who took it, and for whom."""
    if move.actor is None:
        return _("the program")
    if move.acted_for is None:
        return str(move.actor)
    return _("%(substitute)s for %(person)s") % {
        "substitute": move.actor,
        "person": move.acted_for,
    }


def move_event(move: Move) -> Event:
    """A move as a line of a timeline; reads `actor` and `acted_for`."""
    codes = [str(Reason(code).label) for code in move.reasons]
    if move.answer:
        codes.insert(0, str(ConsultationAnswer(move.answer).label))
    return Event(
        at=move.at,
        actor=_actor(move),
        sentence=str(DONE[Action(move.action)]),
        reason=linebreaksbr("\n".join(filter(None, [_("; ").join(codes), move.letter]))),
        tone=TONES.get(Action(move.action), "active"),
        kind="steps",
        icon="shape-forward",
        mark=_("Step"),
    )


def _notes(purchase: Purchase, person: Person) -> Iterator[tuple[Event, int | None]]:
    """The notes that this person may read, each with its author."""
    for note in notes_of(person, purchase).select_related("author")[:SHOWN]:
        internal = note.audience == AgencyNote.Audience.INTERNAL
        yield (
            Event(
                at=note.written_at,
                actor=str(note.author) if note.author else _("the program"),
                sentence=linebreaksbr(note.text),
                tone="caution" if internal else "active",
                kind="notes",
                icon="lock" if internal else "shape-speech",
                mark=_internal(note) if internal else _("Shared note"),
            ),
            note.author_id,
        )


def _internal(note: AgencyNote) -> str:
    if note.side == AgencyNote.Side.CENTRE:
        return _("Internal note: the centre alone reads it")
    return _("Internal note: the agency alone reads it")


def _files(purchase: Purchase, person: Person) -> Iterator[tuple[Event, int | None]]:
    """Each file as it came, and as it was withdrawn."""
    files = files_of(person, purchase).select_related("uploaded_by", "withdrawn_by")
    for file in files[:SHOWN]:
        added = _("Added the file “%(file)s”.") % {"file": file.name}
        yield _file_event(file, file.uploaded_at, file.uploaded_by, added)
        if file.withdrawn_at:
            taken = _("Withdrew the file “%(file)s”.") % {"file": file.name}
            yield _file_event(file, file.withdrawn_at, file.withdrawn_by, taken)


def _file_event(
    file: AgencyAttachment, at: datetime, by: Person | None, sentence: str
) -> tuple[Event, int | None]:
    withdrawn = at == file.withdrawn_at
    event = Event(
        at=at,
        actor=str(by) if by else _("the program"),
        sentence=sentence,
        reason=file.withdrawn_because if withdrawn else file.about,
        tone="serious" if withdrawn else "active",
        kind="files",
        icon="file",
        mark=_("File"),
    )
    return event, by.pk if by else None


def _edits(
    purchase: Purchase, lines: Sequence[Line], person: Person
) -> Iterator[tuple[Event, int | None]]:
    """The latest changes of the request itself and of its lines; what moves change is said by the moves."""
    of_purchase = Q(record_table=PURCHASES, record_id=str(purchase.pk))
    of_lines = Q(record_table=LINES, record_id__in=[str(line.pk) for line in lines])
    content = Q(action=INSERT) | Q(fields__overlap=Purchase.CONTENT)
    found = readable_events(person).filter(of_purchase & content | of_lines)
    events = _without_first_lines(list(found[:SHOWN]))
    names = {str(line.pk): f"{line.quantity} × {line_name(line)}" for line in lines}
    own = f"user:{person.pk}"
    for event, line in zip(events, timeline(events, person), strict=True):
        shown = _named(event, line, names.get(event.record_id))
        yield (
            replace(shown, kind="changes", icon="edit", mark=_("Change")),
            person.pk if event.actor == own else None,
        )


def _without_first_lines(events: list[AuditEvent]) -> list[AuditEvent]:
    """Lines stored together with the purchase go without saying."""
    first = {
        each.request for each in events if (each.record_table, each.action) == (PURCHASES, INSERT)
    }
    return [
        each
        for each in events
        if not (each.record_table == LINES and each.action == INSERT and each.request in first)
    ]


def _named(event: AuditEvent, shown: Event, line: str | None) -> Event:
    """Without the columns that count edits; a line by what it asks for, for it has no name of its own."""
    counters = {str(each.verbose_name) for each in Purchase._meta.fields if each.name in COUNTERS}
    shown = replace(shown, changes=[each for each in shown.changes if each.label not in counters])
    if line is None:
        return shown
    added = event.action == INSERT
    sentence = _("Added the line “%(line)s”.") if added else _("Changed the line “%(line)s”.")
    return replace(shown, sentence=sentence % {"line": line})
