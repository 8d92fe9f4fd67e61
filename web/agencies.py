"""Agencies: the part of the tree that the reader may see, and what each holds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from agencies.models import Agency, Membership, Person
from compliance.models import StandingState
from compliance.standings import with_standing
from registry.disclosures import disclosure_of, may_disclose, untold
from registry.filters import reader_agencies, with_below
from registry.models import Drone
from web.access import MemberRequest, found, page
from web.disclosures import number_told
from web.records import history


@dataclass(frozen=True, slots=True)
class Branch:
    """An agency in the tree: how deep it stands, and how many aircraft it and all below it hold.

    `untold` is what it and those below it say in place of a number.
    """

    agency: Agency
    depth: int
    held: int
    untold: Sequence[str] = ()

    @property
    def steps(self) -> range:
        """One for each level above its own but the first."""
        return range(self.depth - 1)


def tree(
    agencies: Sequence[Agency], held: dict[int, int], untold: Mapping[int, str]
) -> list[Branch]:
    """The agencies in the order of the tree; one whose parent is not among them begins at the left."""
    shown = {each.pk for each in agencies}
    below: dict[int | None, list[Agency]] = defaultdict(list)
    for agency in agencies:
        below[agency.parent_id if agency.parent_id in shown else None].append(agency)

    def total(agency: Agency) -> int:
        return held.get(agency.pk, 0) + sum(total(child) for child in below[agency.pk])

    def gaps(agency: Agency) -> list[str]:
        own = [untold[agency.pk]] if agency.pk in untold else []
        return own + [gap for child in below[agency.pk] for gap in gaps(child)]

    def walk(parent: int | None, depth: int) -> Iterator[Branch]:
        for agency in below[parent]:
            yield Branch(agency, depth, total(agency), gaps(agency))
            yield from walk(agency.pk, depth + 1)

    return list(walk(None, 0))


def held_by_agency(person: Person) -> dict[int, int]:
    """How many aircraft each agency that the reader may see holds itself. One query."""
    held = Drone.objects.visible_to(person).held().order_by()
    return dict(held.values_list("agency").annotate(Count("pk")))


@page
def list_agencies(request: MemberRequest) -> HttpResponse:
    """`/agencies/`: the tree, as far as the reader may see it."""
    said = {each.agency_id: number_told(each) for each in untold(request.user)}
    branches = tree(list(reader_agencies(request)), held_by_agency(request.user), said)
    return render(request, "agencies/list.html", {"branches": branches})


@page
def show_agency(request: MemberRequest, pk: int) -> HttpResponse:
    """`/agencies/<id>/`: what it is, what it holds by standing, who works for it."""
    agency = found(reader_agencies(request).select_related("parent"), pk=pk)
    today = timezone.localdate()
    held = Drone.objects.visible_to(request.user).held().filter(agency__in=with_below([agency]))
    rows = with_standing(held, today).order_by()
    counts = dict(rows.values_list("standing_state").annotate(Count("pk")))
    posts = Membership.objects.visible_to(request.user).filter(agency=agency, since__lte=today)
    context = {
        "agency": agency,
        "standings": [(state.value, counts.get(state.value, 0)) for state in StandingState],
        "held": sum(counts.values()),
        "untold": _untold_below(request, agency),
        "said": disclosure_of(request.user, agency.pk),
        "may_disclose": may_disclose(request.user, agency.pk),
        "children": reader_agencies(request).filter(parent=agency),
        "may_see_parent": agency.parent_id
        in set(reader_agencies(request).values_list("pk", flat=True)),
        "posts": posts.exclude(until__lte=today)
        .select_related("person")
        .order_by("role", "person__email"),
    }
    return render(request, "agencies/page.html", context | history(request, agency))


def _untold_below(request: MemberRequest, agency: Agency) -> list[str]:
    """What the agency and those below it say in place of a number."""
    said = untold(request.user)
    within = set(with_below([agency])) if said else set()
    return [f"{each.agency}: {number_told(each)}" for each in said if each.agency_id in within]


urlpatterns: list[URLPattern] = [
    path("agencies/", list_agencies, name="agencies"),
    path("agencies/<int:pk>/", show_agency, name="agency"),
]
