"""The registry's own plain table, for a list that is published in no known form."""

from policy.list_formats.entries import EntryRow, with_keys
from policy.list_formats.tables import Row, read_entries

_REQUIRED = ("name",)
_OPTIONAL = (
    "key",
    "kind",
    "aliases",
    "previous_names",
    "addresses",
    "identifiers",
    "parent_name",
    "note",
    "country",
    "listed_on",
    "ended_on",
    "source_url",
)
KINDS = ("entity", "person", "vessel", "aircraft", "jurisdiction", "category")


def read_plain_csv(content: bytes) -> tuple[EntryRow, ...]:
    """Several aliases, previous names, addresses or identifiers stand in one cell, with semicolons between. A jurisdiction
    needs a country, and that is its key. Raises `ListFileError`."""
    entries = read_entries(content, required=_REQUIRED, optional=_OPTIONAL, entry=_entry)
    return with_keys(entries, "name")


def _entry(row: Row) -> EntryRow:
    kind, country = _kind(row), row.country("country")
    if kind == "jurisdiction" and not row.text("country"):
        row.refuse(
            "country",
            "is empty; a jurisdiction is named by its country code",
            "空欄です。国・地域は国コードで指定してください。",
        )
    listed_on, ended_on = row.period("listed_on", "ended_on")
    return EntryRow(
        row=row.number,
        name=row.required("name"),
        key=row.text("key") or (country if kind == "jurisdiction" else ""),
        aliases=row.parts("aliases"),
        previous_names=row.parts("previous_names"),
        addresses=row.parts("addresses"),
        identifiers=row.parts("identifiers"),
        parent_name=row.text("parent_name"),
        note=row.text("note"),
        country=country,
        listed_on=listed_on,
        ended_on=ended_on,
        source_url=row.address("source_url"),
        kind=kind,
    )


def _kind(row: Row) -> str:
    kind = row.text("kind") or "entity"
    if kind not in KINDS:
        row.refuse(
            "kind",
            f"{kind!r} is none of {', '.join(KINDS)}",
            f"「{kind}」は使えません。{'、'.join(KINDS)}のいずれかを入力してください。",
        )
    return kind
