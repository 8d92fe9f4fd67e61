"""Lists that rules refer to: editions with what changed, entries, and who decided what they are."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter

from compliance.assess import refresh, refresh_vendors
from compliance.models import ListMatch
from compliance.proposals import build_proposals
from compliance.vendor_proposals import vendor_proposals
from policy.models import Edition, Entry, ReferenceList
from policy.permissions import may_record_editions
from registry.filtering import ListFilterSet, Strict
from registry.filters import search_text
from registry.permissions import may_keep_catalogue
from reporting.keyset import Order
from web.access import MemberRequest, form_page, found, page, refuse_unless
from web.elements import Change
from web.filtering import pills
from web.forms.matches import MatchForm
from web.paging import keyset
from web.records import history
from web.templatetags.formats import day_text

DIFFERENCE_SHOWN = 50
PROPOSALS_SHOWN = 200
MATCHED = ("vendor", "build__model", "decided_by")


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition in the history of its list; `added` and `removed` are None for the first."""

    edition: Edition
    entries: int
    added: int | None
    removed: int | None
    in_force: bool


def edition_rows(listed: ReferenceList) -> list[EditionRow]:
    """Newest first, each compared with the one before. Two queries."""
    editions = list(listed.editions.order_by("-effective_from", "-id"))
    keys: dict[int, set[str]] = defaultdict(set)
    for edition_id, key in Entry.objects.filter(edition__list=listed).values_list(
        "edition_id", "key"
    ):
        keys[edition_id].add(key)
    before = {newer.pk: older.pk for newer, older in pairwise(editions)}
    today = timezone.localdate()
    current = next((each.pk for each in editions if each.effective_from <= today), None)
    return [_edition_row(each, keys, before.get(each.pk), each.pk == current) for each in editions]


def _edition_row(
    edition: Edition, keys: dict[int, set[str]], before: int | None, in_force: bool
) -> EditionRow:
    own = keys[edition.pk]
    if before is None:
        return EditionRow(edition, len(own), None, None, in_force)
    return EditionRow(edition, len(own), len(own - keys[before]), len(keys[before] - own), in_force)


@page
def list_lists(request: MemberRequest) -> HttpResponse:
    """`/lists/`: every list with its edition in force today."""
    in_force = Edition.objects.in_force_on(timezone.localdate())
    editions = {each.list_id: each for each in in_force}
    counts = dict(
        Entry.objects.filter(edition__in=[each.pk for each in editions.values()])
        .order_by()
        .values_list("edition__list")
        .annotate(Count("pk"))
    )
    rows = [
        (each, editions.get(each.pk), counts.get(each.pk, 0))
        for each in ReferenceList.objects.all()
    ]
    return render(request, "lists/list.html", {"rows": rows})


def _listed(pk: int) -> ReferenceList:
    return found(ReferenceList.objects.all(), pk=pk)


@page
def show_list(request: MemberRequest, pk: int) -> HttpResponse:
    """`/lists/<id>/`: its editions with what changed, and what was decided about its entries."""
    listed = _listed(pk)
    context = {
        "listed": listed,
        "editions": edition_rows(listed),
        "matches": listed.matches.select_related(*MATCHED),
        "may_decide": may_keep_catalogue(request.user),
        "may_record": may_record_editions(request.user),
    }
    return render(request, "lists/page.html", context | history(request, listed))


class EntryFilter(ListFilterSet):
    q = CharFilter(
        label=gettext_lazy("Search"),
        method="search",
        help_text=gettext_lazy("A name of the entry."),
    )

    class Meta(Strict):
        model = Entry

    def search(self, entries: "QuerySet[Entry]", name: str, value: str) -> "QuerySet[Entry]":
        text = search_text(value)
        return entries.filter(name__icontains=text) | entries.filter(aliases__icontains=text)


@page
def show_edition(request: MemberRequest, pk: int) -> HttpResponse:
    """`/editions/<id>/`: the entries as they were published, and what they are."""
    edition = found(Edition.objects.select_related("list", "recorded_by"), pk=pk)
    filters = EntryFilter(request.GET, queryset=edition.entries.all(), request=request)
    valid = filters.is_valid()
    rows, links = keyset(
        filters.qs if valid else Entry.objects.none(),
        request,
        order=Order("name", descending=False),
    )
    matches = _matches(edition.list, rows)
    context = {
        "edition": edition,
        "rows": [(entry, matches.get(entry.key, [])) for entry in rows],
        "page": links,
        "filter": filters,
        "pills": pills(filters, request),
        "difference": difference(edition),
        "cleared": edition.list.kind == ReferenceList.Kind.CLEARANCES,
        "ends": edition.list.kind != ReferenceList.Kind.JURISDICTIONS,
        "may_decide": may_keep_catalogue(request.user),
    }
    return render(request, "lists/edition.html", context, status=200 if valid else 422)


def _matches(listed: ReferenceList, entries: Iterable[Entry]) -> dict[str, list[ListMatch]]:
    """What was decided about these entries, by their keys. One query."""
    by_key: dict[str, list[ListMatch]] = defaultdict(list)
    keys = [each.key for each in entries]
    for match in listed.matches.filter(entry_key__in=keys).select_related(*MATCHED):
        by_key[match.entry_key].append(match)
    return by_key


@dataclass(frozen=True, slots=True)
class EntryDifference:
    """An entry of both editions, and its fields that differ."""

    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What came, went and changed since the edition before; at most `DIFFERENCE_SHOWN` of each are named."""

    before: Edition
    added: list[str]
    removed: list[str]
    changed: list[EntryDifference]
    added_count: int
    removed_count: int
    changed_count: int


def difference(edition: Edition) -> Difference | None:
    """None for the first edition of a list. Seven queries."""
    earlier = edition.list.editions.order_by("-effective_from", "-id")
    place = list(earlier.values_list("pk", flat=True))
    after = place[place.index(edition.pk) + 1 :]
    if not after:
        return None
    before = earlier.get(pk=after[0])
    added = edition.entries.exclude(key__in=before.entries.values("key"))
    removed = before.entries.exclude(key__in=edition.entries.values("key"))
    changed = changed_entries(before, edition)
    return Difference(
        before,
        _first_names(added),
        _first_names(removed),
        changed[:DIFFERENCE_SHOWN],
        added.count(),
        removed.count(),
        len(changed),
    )


FIELDS: dict[str, Callable[[], str]] = {
    "name": lambda: _("Name"),
    "aliases": lambda: _("Aliases"),
    "addresses": lambda: _("Addresses"),
    "identifiers": lambda: _("Identifiers"),
    "parent_name": lambda: _("Parent"),
    "country": lambda: _("Country"),
    "note": lambda: _("Note"),
    "ended_on": lambda: _("Listed until"),
}
"""What of an entry is compared, as when it is imported."""


def changed_entries(before: Edition, after: Edition) -> list[EntryDifference]:
    """Entries that both have under one key and that say something else. Two queries."""
    old = {each.key: each for each in before.entries.all()}
    both = ((old[each.key], each) for each in after.entries.all() if each.key in old)
    found = (EntryDifference(new.name, _entry_changes(was, new)) for was, new in both)
    return [each for each in found if each.changes]


def _entry_changes(old: Entry, new: Entry) -> tuple[Change, ...]:
    pairs = ((say(), _shown(old, name), _shown(new, name)) for name, say in FIELDS.items())
    return tuple(Change(label, was, now) for label, was, now in pairs if was != now)


def _shown(entry: Entry, name: str) -> str:
    value = getattr(entry, name)
    if isinstance(value, list):
        return "; ".join(value)
    return day_text(value) if isinstance(value, date) else str(value or "")


def _first_names(entries: "QuerySet[Entry]") -> list[str]:
    return list(entries.order_by("name", "id").values_list("name", flat=True)[:DIFFERENCE_SHOWN])


@page
def match_proposals(request: MemberRequest, pk: int) -> HttpResponse:
    """`/lists/<id>/matches/`: entries and the vendors or builds they may be, for a steward to decide on."""
    listed = _listed(pk)
    edition = Edition.objects.in_force_on(timezone.localdate()).filter(list=listed).first()
    context: dict[str, object] = {
        "listed": listed,
        "edition": edition,
        "may_decide": may_keep_catalogue(request.user),
    }
    if listed.kind == ReferenceList.Kind.CLEARANCES:
        context["proposals"] = build_proposals(edition) if edition else []
        return render(request, "lists/build_proposals.html", context)
    context["proposals"] = vendor_proposals(edition)[:PROPOSALS_SHOWN] if edition else []
    return render(request, "lists/proposals.html", context)


@form_page
def decide_match(request: MemberRequest, pk: int) -> HttpResponse:
    """`/lists/<id>/matches/new/`: a steward decides that an entry is, or is not, a vendor or a build."""
    listed = _listed(pk)
    refuse_unless(may_keep_catalogue(request.user), _("Only a steward decides what an entry is."))
    proposed = {
        "entry_key": request.GET.get("entry", ""),
        "vendor": request.GET.get("vendor", ""),
        "build": request.GET.get("build", ""),
    }
    form = MatchForm(request.POST or None, listed=listed, by=request.user, initial=proposed)
    if request.method == "POST" and form.is_valid():
        match = form.save()
        _refresh(match)
        messages.success(
            request, _("The decision is recorded, and what depends on it is evaluated again.")
        )
        return redirect("list", listed.pk)
    context = {"form": form, "listed": listed}
    return render(request, "lists/match_form.html", context, status=422 if form.errors else 200)


def _refresh(match: ListMatch) -> None:
    """Evaluate again what depends on this decision."""
    if match.vendor_id is not None:
        refresh_vendors([match.vendor_id])
    if match.build_id is not None:
        refresh([match.build_id])


urlpatterns: list[URLPattern] = [
    path("lists/", list_lists, name="lists"),
    path("lists/<int:pk>/", show_list, name="list"),
    path("lists/<int:pk>/matches/", match_proposals, name="match_proposals"),
    path("lists/<int:pk>/matches/new/", decide_match, name="decide_match"),
    path("editions/<int:pk>/", show_edition, name="edition"),
]
