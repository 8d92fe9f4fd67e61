"""The Consolidated Screening List of the US International Trade Administration, as CSV.

It joins the lists of several departments; the same party may stand in more than one of them, and
then is one entry for each, because each has consequences of its own.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from policy.list_formats.entries import EntryRow
from policy.list_formats.tables import Row, read_entries
from standards.countries import is_country
from standards.names import company_key, fold

_REQUIRED = ("source", "name")
_OPTIONAL = (
    "_id",
    "entity_number",
    "type",
    "programs",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
)
_NOTED = (
    "source",
    "programs",
    "federal_register_notice",
    "license_requirement",
    "license_policy",
    "remarks",
)
_KINDS = {
    "": "",
    "entity": "entity",
    "individual": "person",
    "vessel": "vessel",
    "aircraft": "aircraft",
}
_ABBREVIATION = re.compile(r"\(([A-Z-]{2,8})\)")


def read_csl(content: bytes) -> tuple[EntryRow, ...]:
    """Rows of one source with the same number, or without number with the same name, are one
    entry: the list repeats a party for each of its addresses. Raises `ListFileError`."""
    rows = read_entries(content, required=_REQUIRED, optional=_OPTIONAL, entry=_entry)
    return tuple(_joined(rows))


def _joined(rows: Iterable[EntryRow]) -> Iterable[EntryRow]:
    joined: dict[str, EntryRow] = {}
    for row in rows:
        joined[row.key] = _merge(joined[row.key], row) if row.key in joined else row
    return joined.values()


def _merge(first: EntryRow, again: EntryRow) -> EntryRow:
    names = (*first.aliases, again.name, *again.aliases)
    return replace(
        first,
        aliases=tuple(dict.fromkeys(name for name in names if name != first.name)),
        addresses=tuple(dict.fromkeys((*first.addresses, *again.addresses))),
        identifiers=tuple(dict.fromkeys((*first.identifiers, *again.identifiers))),
        note="; ".join(dict.fromkeys([*first.note.split("; "), *again.note.split("; ")])),
        country=first.country if first.country == again.country else "",
        listed_on=min(filter(None, (first.listed_on, again.listed_on)), default=None),
        ended_on=max(first.ended_on, again.ended_on) if first.ended_on and again.ended_on else None,
    )


def _entry(row: Row) -> EntryRow:
    source, name = row.required("source"), row.required("name")
    listed_on, ended_on = row.period("start_date", "end_date")
    addresses = row.parts("addresses")
    return EntryRow(
        row=row.number,
        name=name,
        key=_key(source, row.text("entity_number"), name),
        aliases=tuple(part.removeprefix("and ") for part in row.parts("alt_names")),
        addresses=addresses,
        identifiers=row.parts("ids"),
        note="; ".join(filter(None, map(row.text, _NOTED))),
        country=_country(addresses),
        listed_on=listed_on,
        ended_on=ended_on,
        source_url=row.address("source_list_url"),
        kind=_kind(row),
    )


def _key(source: str, number: str, name: str) -> str:
    found = _ABBREVIATION.search(source)
    prefix = found[1].lower() if found else fold(source)
    return f"{prefix}:{number or company_key(name)}"


def _country(addresses: tuple[str, ...]) -> str:
    """The country that all addresses end with; empty when they differ or do not say."""
    last = {address.rpartition(",")[2].strip() for address in addresses}
    return last.pop() if len(last) == 1 and is_country(min(last)) else ""


def _kind(row: Row) -> str:
    given = row.text("type").lower()
    if given not in _KINDS:
        row.refuse(
            "type",
            f"{row.text('type')!r} is none of Entity, Individual, Vessel, Aircraft",
            f"「{row.text('type')}」は使えません。Entity、Individual、Vessel、Aircraftのいずれかです。",
        )
    return _KINDS.get(given, "")
