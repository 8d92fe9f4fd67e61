"""One search over everything: each kind of thing by the same search as its own list, a few hits and the way to all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Person
from policy.models import Edition, Entry, PolicyVersion, Rule
from registry.filters import reader_agencies
from registry.models import Drone, Vendor
from registry.search import is_searchable, named, search_text
from reporting.listings import BUILDS, DRONES, MODELS, PURCHASES, VENDORS, Listing
from standards.asset_tags import AssetTagError, read_asset_tag
from standards.look_alikes import hidden_characters
from web.access import MemberRequest, page

SHOWN: Final = 5
LONGEST: Final = 100


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("What to look for"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def clean_q(self) -> str:
        text = search_text(self.cleaned_data["q"])
        if hidden := hidden_characters(text):
            raise forms.ValidationError(
                gettext("Contains characters that cannot be seen: %(characters)s."),
                params={"characters": ", ".join(sorted(set(hidden))[:5])},
            )
        return text


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; `note` tells it from others of its name."""

    url: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind. `more` says that `url` opens others too."""

    title: Promise
    hits: Sequence[Hit]
    url: str
    more: bool


def _of_listing(
    listing: Listing, title: Promise, hit: Callable[[Any], Hit]
) -> Callable[[MemberRequest, str], Group]:
    """Searched by the list's own filter, so that "all of them" is the same rows."""

    def search(request: MemberRequest, text: str) -> Group:
        query = QueryDict(mutable=True)
        query["q"] = text
        rows = listing.filters(query, queryset=listing.bare(request.user), request=request).qs
        shown = listing.shown(rows, timezone.localdate()).order_by(listing.first.name, "pk")
        return _group(title, shown, f"{reverse(listing.name)}?{query.urlencode()}", hit)

    return search


def _group(title: Promise, rows: QuerySet[Any], url: str, hit: Callable[[Any], Hit]) -> Group:
    found = list(rows[: SHOWN + 1])
    return Group(title, [hit(each) for each in found[:SHOWN]], url, len(found) > SHOWN)


def _agencies(request: MemberRequest, text: str) -> Group:
    rows = reader_agencies(request).filter(
        named("name_en", text) | named("name_local", text) | Q(code__iexact=text)
    )
    return _group(_("Agencies"), rows, reverse("agencies"), lambda row: _hit("agency", row))


def _rules(request: MemberRequest, text: str) -> Group:
    """Clauses of the versions in force today."""
    versions = PolicyVersion.objects.in_force_on(timezone.localdate())
    rows = Rule.objects.filter(version__in=versions.values("pk")).filter(
        Q(code__iexact=text)
        | Q(clause_en__icontains=text)
        | Q(clause_local__icontains=text)
        | Q(citation__icontains=text)
    )
    return _group(
        _("Rules in force"),
        rows.select_related("version__policy"),
        reverse("policies"),
        lambda row: _hit("rule", row, f"{row.version}: {row.clause}"),
    )


def _entries(request: MemberRequest, text: str) -> Group:
    """Entries of the editions in force today, by name or alias."""
    editions = [each.pk for each in Edition.objects.in_force_on(timezone.localdate())]
    rows = Entry.objects.filter(edition__in=editions).filter(
        named("name", text) | Q(aliases__icontains=text)
    )
    return _group(
        _("Entries of lists"),
        rows.select_related("edition__list"),
        reverse("lists"),
        lambda row: Hit(_in_edition(row), row.name, str(row.edition)),
    )


def _in_edition(entry: Entry) -> str:
    query = QueryDict(mutable=True)
    query["q"] = entry.name
    return f"{reverse('edition', args=[entry.edition_id])}?{query.urlencode()}"


def _hit(route: str, row: Any, note: object = "") -> Hit:
    return Hit(reverse(route, args=[row.pk]), str(row), str(note))


def _other_name(vendor: Vendor) -> str:
    """The one of its two names that its reader is not shown first."""
    return vendor.name if str(vendor) == vendor.name_local else vendor.name_local


SEARCHES: Final = (
    _of_listing(
        DRONES,
        _("Drones"),
        lambda row: _hit("drone", row, f"{row.build.model} · {row.agency}"),
    ),
    _of_listing(MODELS, _("Models"), lambda row: _hit("model", row, row.manufacturer)),
    _of_listing(BUILDS, _("Builds"), lambda row: _hit("build", row, row.model.manufacturer)),
    _of_listing(VENDORS, _("Vendors"), lambda row: _hit("vendor", row, _other_name(row))),
    _of_listing(
        PURCHASES,
        _("Purchases"),
        lambda row: Hit(
            reverse("purchase", args=[row.pk]), row.title, f"{row.number} · {row.agency}"
        ),
    ),
    _agencies,
    _rules,
    _entries,
)


@page
def search(request: MemberRequest) -> HttpResponse:
    """`/search/?q=…`: everything of that name that the reader may see. The tag of an aircraft opens the aircraft."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    if opened := _scanned(request.user, text):
        return opened
    context = {
        "form": form,
        "text": text,
        "groups": [group for group in _found(request, text) if group.hits],
        "searchable": is_searchable(text),
    }
    return render(request, "search/search.html", context, status=422 if form.errors else 200)


def _found(request: MemberRequest, text: str) -> Iterator[Group]:
    """A fixed number of queries for each kind."""
    if is_searchable(text):
        yield from (each(request, text) for each in SEARCHES)


def _scanned(person: Person, text: str) -> HttpResponseRedirect | None:
    """A label that was scanned or typed, if the reader may see its aircraft."""
    try:
        tag = read_asset_tag(text)
    except AssetTagError:
        return None
    drone = Drone.objects.visible_to(person).filter(asset_tag=tag).first()
    return redirect("drone", drone.pk) if drone else None


urlpatterns: list[URLPattern] = [path("search/", search, name="search")]
