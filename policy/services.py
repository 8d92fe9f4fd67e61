"""Recording editions of lists and publishing versions of policies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from policy.decoding import fault
from policy.list_formats.entries import EntryRow
from policy.models import Edition, Entry, PolicyVersion, ReferenceList
from standards.canonical import digest


@dataclass(frozen=True, slots=True)
class EditionReport:
    """What an edition changed against the one before: names of entries. `known` says that it was recorded already."""

    edition: Edition
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    known: bool = False


@transaction.atomic
def record_edition(
    *,
    of: ReferenceList,
    edition: date,
    rows: Sequence[EntryRow],
    effective_from: date | None = None,
    source: str = "",
    by: Person | None = None,
) -> EditionReport:
    """Store a list as it was published on a day. The same again changes nothing.

    Raises ValidationError when this edition is recorded with other entries.
    """
    report = compare_edition(of=of, edition=edition, rows=rows)
    if report.known:
        return report
    stored = report.edition
    stored.effective_from = effective_from or edition
    stored.source, stored.recorded_by = source, by
    stored.full_clean()
    stored.save()
    Entry.objects.bulk_create(_entry(stored, row) for row in rows)
    return report


def compare_edition(*, of: ReferenceList, edition: date, rows: Sequence[EntryRow]) -> EditionReport:
    """What recording these entries would change; stores nothing. Its edition is not saved unless it is known.

    Raises ValidationError when this edition is recorded with other entries, or when an entry of a
    list of jurisdictions is none.
    """
    if of.kind == ReferenceList.Kind.JURISDICTIONS:
        _check_jurisdictions(rows)
    mark = digest([_content(row) for row in rows])
    known = Edition.objects.filter(list=of, edition=edition).first()
    if known is not None and known.digest != mark:
        raise ValidationError(
            _(
                "Edition %(edition)s of this list is recorded already, with other entries. An edition never changes."
            )
            % {"edition": edition.isoformat()}
        )
    stored = known or Edition(list=of, edition=edition, digest=mark)
    report = _compared(stored, _entries_before(of, edition), rows)
    return replace(report, known=known is not None)


def _check_jurisdictions(rows: Sequence[EntryRow]) -> None:
    wrong = [row.name for row in rows if not row.country or row.key != row.country]
    if wrong:
        raise ValidationError(
            _("This list is one of countries and areas, and these entries are none: %(names)s.")
            % {"names": ", ".join(wrong[:10])}
        )


def _content(row: EntryRow) -> list[object]:
    """What the digest names. A last day joined it later, so a row without one reads as it always did."""
    last = [] if row.ended_on is None else [row.ended_on.isoformat()]
    return [
        row.key,
        row.name,
        list(row.aliases),
        list(row.previous_names),
        list(row.addresses),
        list(row.identifiers),
        row.parent_name,
        row.note,
        row.country,
        *last,
    ]


def _entries_before(of: ReferenceList, edition: date) -> dict[str, tuple[str, str]]:
    """Key → (name, all that is compared), of the edition before this one."""
    last = Edition.objects.filter(list=of, edition__lt=edition).order_by("-edition").first()
    if last is None:
        return {}
    return {entry.key: (entry.name, _mark(entry)) for entry in last.entries.all()}


def _mark(entry: Entry) -> str:
    last = "" if entry.ended_on is None else entry.ended_on.isoformat()
    return digest(
        [
            entry.name,
            list(entry.aliases),
            list(entry.addresses),
            list(entry.identifiers),
            entry.parent_name,
            entry.note,
            entry.country,
            last,
        ]
    )


def _compared(
    edition: Edition, before: dict[str, tuple[str, str]], rows: Sequence[EntryRow]
) -> EditionReport:
    now = {row.key: _entry(edition, row) for row in rows}
    changed = tuple(
        e.name for key, e in now.items() if key in before and before[key][1] != _mark(e)
    )
    added = tuple(e.name for key, e in now.items() if key not in before)
    removed = tuple(name for key, (name, _mark_) in before.items() if key not in now)
    return EditionReport(edition, added, removed, changed, len(now) - len(added) - len(changed))


def _entry(edition: Edition, row: EntryRow) -> Entry:
    return Entry(
        edition=edition,
        key=row.key,
        name=row.name,
        aliases=[*row.aliases, *row.previous_names],
        addresses=list(row.addresses),
        identifiers=list(row.identifiers),
        parent_name=row.parent_name,
        note=row.note,
        country=row.country,
        listed_on=row.listed_on,
        ended_on=row.ended_on,
        source_url=row.source_url,
    )


def faults(version: PolicyVersion) -> list[str]:
    """All that keeps a version from being published, rule by rule; empty when nothing does."""
    rules = list(version.rules.all())
    if not rules:
        return [_("A version without rules decides nothing: add a rule first.")]
    lists = dict(ReferenceList.objects.values_list("code", "kind"))
    return [f"{rule.code}: {found}" for rule in rules if (found := fault(rule, lists))]


@transaction.atomic
def publish(
    *, version: PolicyVersion, by: Person, in_force_from: date | None = None
) -> PolicyVersion:
    """Put a version in force for good, from this day on where one is given; the version before it ends there.

    Raises ValidationError: by somebody whose work it is, without rules, with one that cannot be
    evaluated or whose example does not come out, or on days of another version.
    """
    stored = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if found := faults(stored):
        raise ValidationError(found)
    if stored.status == PolicyVersion.Status.WITHDRAWN:
        raise ValidationError(_("This version was withdrawn. Draft a new one."))
    if in_force_from is not None:
        _follow(stored, in_force_from)
    stored.status = PolicyVersion.Status.PUBLISHED
    stored.published_by, stored.published_at = by, timezone.now()
    stored.full_clean()
    if by.pk in stored.edited_by or (stored.drafted_by_id is None and not stored.edited_by):
        raise ValidationError(_("A version is published by somebody whose work it is not."))
    stored.save(update_fields=["status", "published_by", "published_at", "in_force"])
    return stored


def _follow(version: PolicyVersion, day: date) -> None:
    """The version is in force from this day; the one that had no last day ends there."""
    last = version.in_force.upper
    if last is not None and last <= day:
        raise ValidationError(_("The version would end before it begins."))
    version.in_force = DateRange(day, last)
    before = PolicyVersion.objects.published().filter(
        policy=version.policy_id, in_force__startswith__lt=day, in_force__endswith__isnull=True
    )
    for each in before:
        each.in_force = DateRange(each.in_force.lower, day)
        each.save(update_fields=["in_force"])
