"""Which vendors an entry of a list might be: a score with one reason for each feature. A person decides.

No feature decides, and names alone never reach a high score: `NAMES_ALONE` is the most that they give,
so that a namesake without a place or number in common stays at the end of the list.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.models import ListMatch
from policy.models import Edition, Entry
from registry.models import OwnershipLink, Vendor, VendorIdentifier, VendorName
from standards.countries import is_country
from standards.look_alikes import skeleton
from standards.names import company_key
from standards.trigrams import SimilarNames

NAMES_ALONE = 50
LIKE = 0.65
LONG_ENOUGH = 6
_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{5,}")


class Feature(StrEnum):
    """What speaks for or against a pair."""

    NAME = "name"
    ALIAS = "alias"
    SIMILAR = "similar"
    SCRIPT = "script"
    COUNTRY = "country"
    OTHER_COUNTRY = "other_country"
    ADDRESS = "address"
    PARENT = "parent"
    IDENTIFIER = "identifier"


SENTENCES: dict[Feature, Promise] = {
    Feature.NAME: _("The entry “%(entry)s” and the %(kind)s “%(vendor)s” are the same."),
    Feature.ALIAS: _("The alias “%(entry)s” and the %(kind)s “%(vendor)s” are the same."),
    Feature.SIMILAR: _("“%(entry)s” and the %(kind)s “%(vendor)s” are spelled alike."),
    Feature.SCRIPT: _("“%(entry)s” looks like “%(vendor)s” but has letters of another script."),
    Feature.COUNTRY: _("The country of the entry is one of the vendor: %(vendor)s."),
    Feature.OTHER_COUNTRY: _(
        "The countries differ: the entry has %(entry)s, the vendor %(vendor)s."
    ),
    Feature.ADDRESS: _("The address “%(entry)s” lies in a country of the vendor."),
    Feature.PARENT: _("The parent “%(entry)s” holds or controls the vendor."),
    Feature.IDENTIFIER: _("The number %(entry)s is one of the vendor too."),
}
WEIGHTS: dict[Feature, int] = {
    Feature.NAME: NAMES_ALONE,
    Feature.ALIAS: 40,
    Feature.SIMILAR: 20,
    Feature.SCRIPT: 25,
    Feature.COUNTRY: 15,
    Feature.OTHER_COUNTRY: -20,
    Feature.ADDRESS: 15,
    Feature.PARENT: 20,
    Feature.IDENTIFIER: 40,
}
OF_NAMES = frozenset({Feature.NAME, Feature.ALIAS, Feature.SIMILAR, Feature.SCRIPT})
FORMER_WEIGHS_LESS = 15


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature, what of the entry and of the vendor was compared, and what it adds to the score."""

    feature: Feature
    entry: str
    vendor: str
    points: int
    kind: str = ""

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        words = {"entry": self.entry, "vendor": self.vendor, "kind": self.kind}
        return str(SENTENCES[self.feature]) % words


@dataclass(frozen=True, slots=True)
class VendorProposal:
    """An entry and a vendor that nobody has decided on yet; `score` from 1 to 100."""

    entry: Entry
    vendor: Vendor
    score: int
    reasons: tuple[Reason, ...]


class _Key(NamedTuple):
    text: str
    shown: str


def vendor_proposals(edition: Edition) -> list[VendorProposal]:
    """Every pair with a name in common or alike, best first. Five queries, whatever the number of entries."""
    names = _Names(VendorName.objects.filter(vendor__merged_into=None).select_related("vendor"))
    owners, numbers = _owners(), _numbers()
    decided = set(
        ListMatch.objects.filter(list=edition.list_id).values_list("entry_key", "vendor_id")
    )
    found = [
        _proposal(entry, vendor, reasons, owners[vendor.pk], numbers[vendor.pk])
        for entry in edition.entries.all()
        for vendor, reasons in names.like(entry)
        if (entry.key, vendor.pk) not in decided
    ]
    return sorted(found, key=lambda each: (-each.score, each.entry.name, each.vendor.pk))


def _owners() -> dict[int, set[str]]:
    """The keys of all names of those who hold, control or are affiliated with a vendor."""
    owners: dict[int, set[str]] = defaultdict(set)
    links = OwnershipLink.objects.exclude(status=OwnershipLink.Status.DENIED)
    for subject, key in links.values_list("subject_id", "holder__names__key"):
        if key:
            owners[subject].add(key)
    return owners


def _numbers() -> dict[int, set[str]]:
    """The numbers of each vendor in registers, in capitals."""
    numbers: dict[int, set[str]] = defaultdict(set)
    for vendor, value in VendorIdentifier.objects.values_list("vendor_id", "value"):
        numbers[vendor].add(value.upper())
    return numbers


class _Names:
    """The names of all vendors, to be asked which of them an entry shares or resembles."""

    def __init__(self, names: Iterable[VendorName]) -> None:
        self.by_key: dict[str, list[VendorName]] = defaultdict(list)
        self.by_skeleton: dict[str, list[VendorName]] = defaultdict(list)
        for name in names:
            self.by_key[name.key].append(name)
            self.by_skeleton[skeleton(name.key)].append(name)
        self.similar = SimilarNames(key for key in self.by_key if len(key) >= LONG_ENOUGH)

    def like(self, entry: Entry) -> list[tuple[Vendor, list[Reason]]]:
        """Each vendor once, with the strongest of its reasons of names."""
        best: dict[int, tuple[Vendor, Reason]] = {}
        for name, reason in self._reasons(entry):
            known = best.get(name.vendor_id)
            if known is None or known[1].points < reason.points:
                best[name.vendor_id] = (name.vendor, reason)
        return [(vendor, [reason]) for vendor, reason in best.values()]

    def _reasons(self, entry: Entry) -> Iterator[tuple[VendorName, Reason]]:
        for place, shown in enumerate((entry.name, *entry.aliases)):
            key = _Key(company_key(shown), shown)
            feature = Feature.ALIAS if place else Feature.NAME
            for name in self.by_key.get(key.text, ()):
                yield name, _of_name(feature, key, name)
            if key.text not in self.by_key:
                yield from self._unlike(key)

    def _unlike(self, key: _Key) -> Iterator[tuple[VendorName, Reason]]:
        """Names that are not the same: disguised ones, and ones spelled alike."""
        for name in self.by_skeleton.get(skeleton(key.text), ()):
            yield name, _of_name(Feature.SCRIPT, key, name)
        if len(key.text) >= LONG_ENOUGH:
            for text, _alike in self.similar.like(key.text, LIKE):
                for name in self.by_key[text]:
                    yield name, _of_name(Feature.SIMILAR, key, name)


def _of_name(feature: Feature, key: _Key, name: VendorName) -> Reason:
    former = FORMER_WEIGHS_LESS if name.kind == VendorName.Kind.FORMER else 0
    points = WEIGHTS[feature] - former
    return Reason(feature, key.shown, name.name, points, str(name.get_kind_display()))


def _proposal(
    entry: Entry, vendor: Vendor, reasons: list[Reason], owners: set[str], numbers: set[str]
) -> VendorProposal:
    reasons = [*reasons, *_places(entry, vendor), *_ties(entry, vendor, owners, numbers)]
    score = sum(reason.points for reason in reasons)
    return VendorProposal(entry, vendor, min(100, max(1, score)), tuple(reasons))


def _places(entry: Entry, vendor: Vendor) -> Iterator[Reason]:
    """By the country of the entry, and by the end of each of its addresses."""
    own = {*(vendor.incorporated_in or ()), *(vendor.headquartered_in or ())}
    shown = ", ".join(sorted(own))
    if entry.country and own:
        feature = Feature.COUNTRY if entry.country in own else Feature.OTHER_COUNTRY
        yield _reason(feature, entry.country, shown)
    for address in entry.addresses:
        country = address.rpartition(",")[2].strip()
        if is_country(country) and country in own and country != entry.country:
            yield _reason(Feature.ADDRESS, address, shown)
            return


def _ties(entry: Entry, vendor: Vendor, owners: set[str], numbers: set[str]) -> Iterator[Reason]:
    if entry.parent_name and company_key(entry.parent_name) in owners:
        yield _reason(Feature.PARENT, entry.parent_name, vendor.name)
    said = {number for each in entry.identifiers for number in _NUMBER.findall(each.upper())}
    for number in sorted(said & numbers):
        yield _reason(Feature.IDENTIFIER, number, vendor.name)


def _reason(feature: Feature, entry: str, vendor: str) -> Reason:
    return Reason(feature, entry, vendor, WEIGHTS[feature])
