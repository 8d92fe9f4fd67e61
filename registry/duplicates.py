"""Vendors that may be recorded twice, with the reason. Suggestions only: a steward decides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from registry.models import DistinctVendors, Vendor, VendorIdentifier, VendorName
from registry.permissions import may_keep_catalogue
from standards.look_alikes import skeleton
from standards.names import company_key
from standards.trigrams import SimilarNames

ALIKE = 0.7
"""From this share of common letter groups on, two names are shown as alike."""

SAME_NUMBER = gettext_lazy("same number in a register")
SAME_NAME = gettext_lazy("same name")
LOOK_ALIKE = gettext_lazy("looks the same, but with letters of another script")
ALIKE_NAME = gettext_lazy("similar name")

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two vendors may be one; `one` and `other` are what was compared."""

    kind: str | Promise
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    one: Vendor
    other: Vendor
    reasons: tuple[Reason, ...]


def suggestions(vendor: Vendor | None = None) -> list[Suggestion]:
    """Pairs that nobody called different, of all vendors or with this one, best reasons first.

    Four queries, whatever the number of vendors.
    """
    reasons: dict[Pair, list[Reason]] = defaultdict(list)
    for pair, reason in (*_same_numbers(), *_names(vendor)):
        if reason not in reasons[pair] and (vendor is None or vendor.pk in pair):
            reasons[pair].append(reason)
    for decided in DistinctVendors.objects.values_list("first_id", "second_id"):
        reasons.pop(decided, None)
    vendors = Vendor.objects.current().in_bulk({pk for pair in reasons for pk in pair})
    found = [
        Suggestion(vendors[one], vendors[other], tuple(why))
        for (one, other), why in sorted(reasons.items())
        if one in vendors and other in vendors
    ]
    return sorted(found, key=lambda each: ORDER.index(each.reasons[0].kind))


ORDER = (SAME_NUMBER, SAME_NAME, LOOK_ALIKE, ALIKE_NAME)


def called_like(names: Iterable[str]) -> list[Vendor]:
    """Vendors that are recorded already under one of these names, once spelling is set aside. One query."""
    keys = {company_key(name) for name in names if name}
    rows = Vendor.objects.current().filter(names__key__in=keys)
    return list(rows.distinct().order_by("name", "pk"))


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _same_numbers() -> Iterator[tuple[Pair, Reason]]:
    """One number under two schemes: a scheme and value of its own is never given to two vendors."""
    by_value: Mapping[str, list[VendorIdentifier]] = defaultdict(list)
    for each in VendorIdentifier.objects.order_by("pk"):
        by_value[each.value].append(each)
    for rows in by_value.values():
        for place, one in enumerate(rows):
            for other in rows[place + 1 :]:
                if one.vendor_id != other.vendor_id:
                    pair = _pair(one.vendor_id, other.vendor_id)
                    yield pair, Reason(SAME_NUMBER, str(one), str(other))


def _names(vendor: Vendor | None) -> Iterator[tuple[Pair, Reason]]:
    rows = list(
        VendorName.objects.filter(vendor__merged_into=None)
        .order_by("pk")
        .values_list("vendor_id", "name", "key")
    )
    yield from _equal(rows, SAME_NAME, {key: key for _pk, _name, key in rows})
    plain = {key: skeleton(key).replace(" ", "") for _pk, _name, key in rows}
    yield from _equal(rows, LOOK_ALIKE, plain)
    if vendor is not None:
        yield from _alike(rows, vendor)


def _equal(
    rows: list[tuple[int, str, str]], kind: Promise, compared: Mapping[str, str]
) -> Iterator[tuple[Pair, Reason]]:
    """Pairs whose keys are compared as equal; what is literally equal is the same name and nothing else."""
    groups: Mapping[str, list[tuple[int, str, str]]] = defaultdict(list)
    for row in rows:
        groups[compared[row[2]]].append(row)
    for group in groups.values():
        for place, (one, name, key) in enumerate(group):
            for other, another, its_key in group[place + 1 :]:
                if one != other and (kind is SAME_NAME) == (key == its_key):
                    yield _pair(one, other), Reason(kind, name, another)


def _alike(rows: list[tuple[int, str, str]], vendor: Vendor) -> Iterator[tuple[Pair, Reason]]:
    """Only for one vendor at a time: alike is a weak reason."""
    named: Mapping[str, list[tuple[int, str]]] = defaultdict(list)
    for pk, name, key in rows:
        named[key].append((pk, name))
    similar = SimilarNames(named)
    for name, key in [(name, key) for pk, name, key in rows if pk == vendor.pk]:
        for found, _share in similar.like(key, ALIKE):
            for pk, another in named[found]:
                if pk != vendor.pk and found != key:
                    yield _pair(pk, vendor.pk), Reason(ALIKE_NAME, name, another)


@transaction.atomic
def keep_apart(*, one: Vendor, other: Vendor, reason: str, by: Person) -> DistinctVendors:
    """A steward says that two vendors are different. Raises PermissionDenied or ValidationError."""
    if not may_keep_catalogue(by):
        raise PermissionDenied(_("Only a steward decides that two vendors are different."))
    first, second = sorted((one, other), key=lambda each: each.pk)
    decided = DistinctVendors(first=first, second=second, reason=reason, decided_by=by)
    decided.full_clean()
    decided.save()
    return decided
