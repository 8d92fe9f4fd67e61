"""Builds that an entry of a clearance list might be, with the reason. Proposals only: a person decides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compliance.models import ListMatch
from policy.models import Edition, Entry
from registry.models import Build, VendorName
from standards.names import company_key, fold


@dataclass(frozen=True, slots=True)
class BuildProposal:
    """An entry of a clearance list whose name has that of the build's model in it.

    `maker` is the name of the maker that the entry gives too, or empty. Which of several builds
    of a model is cleared, no name says: a person compares the configurations.
    """

    entry: Entry
    entry_name: str
    build: Build
    maker: str


def build_proposals(edition: Edition) -> list[BuildProposal]:
    """Every pair of an entry and a build that nobody has decided on yet. Four queries.

    A build whose configuration is not known is never proposed: it is no configuration.
    """
    makers = _maker_keys()
    decided = set(
        ListMatch.objects.filter(list=edition.list_id).values_list("entry_key", "build_id")
    )
    builds = list(Build.objects.filter(configuration_known=True).select_related("model"))
    return [
        each
        for entry in _entries(edition)
        for each in _of_model(entry, builds, makers)
        if (entry.key, each.build.pk) not in decided
    ]


def _entries(edition: Edition) -> Iterable[Entry]:
    return edition.entries.only("key", "name", "aliases", "parent_name", "country", "edition_id")


def _maker_keys() -> dict[int, set[str]]:
    """The keys of all names of each vendor."""
    keys: dict[int, set[str]] = defaultdict(set)
    for vendor, key in VendorName.objects.values_list("vendor_id", "key"):
        keys[vendor].add(key)
    return keys


def _of_model(
    entry: Entry, builds: Iterable[Build], makers: Mapping[int, set[str]]
) -> Iterator[BuildProposal]:
    """An entry that names a maker is no build of another one, however alike the models are called."""
    named = company_key(entry.parent_name) if entry.parent_name else ""
    for build in builds:
        if named and named not in makers.get(build.model.manufacturer_id, ()):
            continue
        for name in (entry.name, *entry.aliases):
            if _has_words(name, build.model.name) or _has_words(name, build.model.name_local):
                yield BuildProposal(entry, name, build, entry.parent_name)
                break


def _has_words(text: str, words: str) -> bool:
    """Whether the words stand in the text one after the other, as whole words."""
    return bool(fold(words)) and f" {fold(words)} " in f" {fold(text)} "
