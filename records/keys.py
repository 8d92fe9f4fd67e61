"""What a file or a note hangs on: any record, by the name of its table and its id.

This room lies below the rooms whose records these are, so it names them as the audit trail does.
Whoever calls has resolved the record through its scope: only a record that a person may see is
handed in.
"""

from django.db.models import Model

from agencies.models import Agency


def hung_on(record: Model) -> dict[str, str]:
    """The two columns that name this record: to filter by, and to create with."""
    return {"record_table": record._meta.db_table, "record_id": str(record.pk)}


def agency_of(record: Model) -> int | None:
    """The agency whose record this is, an agency's own page included; None for the catalogue."""
    if isinstance(record, Agency):
        return record.pk
    found: int | None = getattr(record, "agency_id", None)
    return found
