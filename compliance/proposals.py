"""Vendors that an entry of a list might be, with the reason. Proposals only: a person decides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compliance.models import ListMatch
from policy.models import Edition, Entry
from registry.models import VendorName
from standards.names import company_key


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry and a vendor that share a name once spelling and legal forms are set aside."""

    entry: Entry
    entry_name: str
    vendor_name: VendorName


def proposals(edition: Edition) -> list[Proposal]:
    """Every pair of an entry and a vendor that nobody has decided on yet. Three queries."""
    by_key = _names_by_key()
    decided = set(
        ListMatch.objects.filter(list=edition.list_id).values_list("entry_key", "vendor_id")
    )
    entries = edition.entries.only("key", "name", "aliases", "parent_name", "country", "edition_id")
    return [
        each
        for entry in entries
        for each in _distinct(_same_name(entry, by_key))
        if (entry.key, each.vendor_name.vendor_id) not in decided
    ]


def _names_by_key() -> dict[str, list[VendorName]]:
    by_key: dict[str, list[VendorName]] = defaultdict(list)
    for name in VendorName.objects.select_related("vendor"):
        by_key[name.key].append(name)
    return by_key


def _same_name(entry: Entry, by_key: dict[str, list[VendorName]]) -> Iterator[Proposal]:
    for name in (entry.name, *entry.aliases):
        for vendor_name in by_key.get(company_key(name), ()):
            yield Proposal(entry, name, vendor_name)


def _distinct(found: Iterable[Proposal]) -> list[Proposal]:
    """The first reason for each vendor."""
    first: dict[int, Proposal] = {}
    for each in found:
        first.setdefault(each.vendor_name.vendor_id, each)
    return list(first.values())
