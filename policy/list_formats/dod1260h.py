"""The US Department of Defense list under section 1260H, as a table with one row per entity."""

from policy.list_formats.entries import EntryRow, with_keys
from policy.list_formats.tables import Row, read_entries

_REQUIRED = ("Name", "Clean Name")
_OPTIONAL = (
    "Alias",
    "Previous Name",
    "Parent Name",
    "Note",
    "Start date",
    "End date",
    "Source Url",
)


def read_dod1260h(content: bytes) -> tuple[EntryRow, ...]:
    """Entries under their clean name; the name as printed, with its abbreviation in brackets, is
    kept as an alias where it differs. Raises `ListFileError`."""
    entries = read_entries(content, required=_REQUIRED, optional=_OPTIONAL, entry=_entry)
    return with_keys(entries, "Clean Name")


def _entry(row: Row) -> EntryRow:
    printed, name = row.required("Name"), row.required("Clean Name")
    listed_on, ended_on = row.period("Start date", "End date")
    return EntryRow(
        row=row.number,
        name=name,
        aliases=tuple(dict.fromkeys(n for n in (*row.parts("Alias"), printed) if n != name)),
        previous_names=row.parts("Previous Name"),
        parent_name=row.text("Parent Name"),
        note=row.text("Note"),
        listed_on=listed_on,
        ended_on=ended_on,
        source_url=row.address("Source Url"),
    )
