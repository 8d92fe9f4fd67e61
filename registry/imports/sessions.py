"""An import from the file to its end: begun, checked, confirmed, stored. Each step by somebody who may log aircraft."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.context import take_time
from agencies.models import Agency, Person
from registry.imports.checking import Checked, check_table, read_table
from registry.imports.reports import report_of
from registry.imports.uploads import Upload, stored_path
from registry.models import ImportSession
from registry.permissions import may_log_drones
from standards.sheets.tables import Table

State = ImportSession.State
OPEN = (State.UPLOADED, State.CHECKED, State.APPLYING)


class NotAsConfirmed(RuntimeError):
    """What would be stored is not what was confirmed; the file has to be checked and confirmed again."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file for an agency, and who brings it: nobody when the program itself does."""

    upload: Upload
    file_name: str
    agency: Agency
    by: Person | None


def refuse_unless_custodian(by: Person | None, agency_id: int) -> None:
    if by is not None and not may_log_drones(by, agency_id):
        raise PermissionDenied(_("Only a custodian of the agency imports its aircraft."))


def check_rows(table: Table, *, agency_id: int, digest: str) -> Checked:
    """What the rows would do today, in the transaction that is open: it may take its time."""
    take_time()
    return check_table(table, agency_id=agency_id, digest=digest, today=timezone.localdate())


def unfinished(source: Source) -> ImportSession | None:
    """The import of this very file into this agency that was begun and not ended."""
    rows = ImportSession.objects.unscoped(reason="imports of the agency that is asked for")
    same = rows.filter(agency=source.agency, digest=source.upload.digest, state__in=OPEN)
    return same.order_by("-id").first()


@transaction.atomic
def begin(source: Source) -> ImportSession:
    """A session for this file, or the one that is not ended yet."""
    refuse_unless_custodian(source.by, source.agency.pk)
    return unfinished(source) or ImportSession.objects.create(
        agency=source.agency,
        digest=source.upload.digest,
        file_name=source.file_name[:200],
        started_by=source.by,
    )


def check(session: ImportSession, checked: Checked) -> None:
    """Keep what a check of the file found."""
    session.report, session.plan, session.state = (
        report_of(checked),
        checked.digest(),
        State.CHECKED,
    )
    session.save(update_fields=["report", "plan", "state"])


def read_session(session: ImportSession) -> Table:
    """The table of its file. Outside of any transaction where the file may be long: the database does not wait
    for whoever reads in one. Raises `SheetRefused`."""
    return read_table(stored_path(session.agency_id, session.digest))


def check_session(session: ImportSession, table: Table) -> Checked:
    return check_rows(table, agency_id=session.agency_id, digest=session.digest)


def check_again(session: ImportSession) -> None:
    """Read, check and keep, all in the transaction that is open. Raises `SheetRefused`."""
    take_time()
    check(session, check_session(session, read_session(session)))


@transaction.atomic
def confirm(session: ImportSession, *, plan: str, partial: bool, by: Person | None) -> None:
    """Somebody has seen the plan and wants it stored; with `partial`, without the wrong rows.

    Raises `NotAsConfirmed` when the plan is another one by now, or rows are wrong and `partial` was not said.
    """
    refuse_unless_custodian(by, session.agency_id)
    rows = ImportSession.objects.unscoped(reason="the import at hand, locked").select_for_update()
    now = rows.get(pk=session.pk)
    if (now.state, now.plan) != (State.CHECKED, plan):
        raise NotAsConfirmed
    if now.report["counts"]["wrong"] and not partial:
        raise NotAsConfirmed
    session.state, session.partial, session.confirmed_by = State.APPLYING, partial, by
    session.save(update_fields=["state", "partial", "confirmed_by"])


@transaction.atomic
def discard(session: ImportSession, *, by: Person) -> None:
    """Nothing of it is stored. Raises `NotAsConfirmed` once storing has begun."""
    refuse_unless_custodian(by, session.agency_id)
    if session.state not in (State.UPLOADED, State.CHECKED):
        raise NotAsConfirmed
    session.state = State.DISCARDED
    session.save(update_fields=["state"])


def finish(session: ImportSession) -> None:
    session.state, session.applied_at = State.APPLIED, timezone.now()
    session.save(update_fields=["state", "applied_at"])
