"""The first page: what waits for me, what I asked for, then the few numbers that matter to my role."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from procurement import queues
from procurement.guidance import Guidance, guidance
from procurement.models import Purchase
from procurement.permissions import may_request
from procurement.states import Status
from registry.permissions import may_keep_catalogue
from reporting.figures import aircraft_by_standing
from reporting.waiting import SHOWN, Queue, Waiting, waiting_for
from web.access import MemberRequest, signed_in
from web.catalogue_facts import FACT_KINDS, facts_of
from web.charts import Chart, chart
from web.claims import waiting


@dataclass(frozen=True, slots=True)
class Asked:
    purchase: Purchase
    guidance: Guidance = field(kw_only=True)


@signed_in("GET", "HEAD", members_only=False)
def home(request: MemberRequest) -> HttpResponse:
    """`/`: for a person without any role it says so and what to do."""
    person = request.user
    context = {
        "member": bool(person.scope.grants),
        "queues": [queue for queue in _queues(person) if queue.items],
        "asked": [Asked(each, guidance=guidance(each)) for each in _asked(person)],
        "may_request": may_request(person),
        "aircraft": _aircraft(person),
    }
    return render(request, "home/home.html", context)


def _aircraft(person: Person) -> Chart | None:
    """The aircraft held by standing; none where nobody gave the reader anything to look after."""
    if not person.scope.grants:
        return None
    figures = aircraft_by_standing(person, timezone.localdate())
    return chart("standing", figures, reverse("drones"))


def _asked(person: Person) -> list[Purchase]:
    """The latest purchases of the reader that are under way."""
    under_way = queues.requested_by(person).exclude(status__in=Status.ended())
    return list(under_way.order_by("-since", "-id")[:SHOWN])


def _queues(person: Person) -> Iterator[Queue]:
    yield from waiting_for(person)
    if may_keep_catalogue(person):
        yield _claims(person)


def _claims(person: Person) -> Queue:
    """Facts of the catalogue that somebody else claims and no steward has checked. A few queries per kind of fact."""
    records = [
        record
        for kind in FACT_KINDS
        for record in waiting(kind).exclude(claimed_by=person).order_by("-pk")[: SHOWN + 1]
    ]
    items = [
        Waiting(f"{fact.kind_label}: {fact.name}", fact.url)
        for fact in facts_of(records[:SHOWN], person)
    ]
    return Queue(_("Claims to check"), items, reverse("claims"), more=len(records) > SHOWN)


urlpatterns: list[URLPattern] = [path("", home, name="home")]
