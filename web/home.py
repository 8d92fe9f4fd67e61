"""The first page: what waits for me, what I asked for, then the few numbers that matter to my role."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership, Person
from procurement import queues
from procurement.guidance import Guidance, guidance
from procurement.models import Purchase
from procurement.permissions import may_request, may_review
from procurement.states import Status
from registry.models import Drone, IncomingTransfer, TransferStatus
from registry.permissions import may_keep_catalogue
from reporting.figures import aircraft_by_standing
from web.access import MemberRequest, signed_in
from web.catalogue_facts import FACT_KINDS, facts_of
from web.claims import waiting
from web.dashboards import Chart, chart
from web.elements import Text

SHOWN = 8
Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the reader."""

    label: str
    url: str
    purchase: Purchase | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Things of one kind that wait for the reader; `url` opens all of them."""

    title: Text
    items: Sequence[Waiting]
    url: str = ""
    more: bool = False


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
    """What waits for the reader by their roles, what others wait for first."""
    if may_review(person):
        yield _queue(
            _("Purchases to decide on"), queues.decidable_by(person), "review", reverse("reviews")
        )
    if may_request(person):
        mine = reverse("purchases") + "?mine=true&status="
        yield _queue(
            _("Your drafts and what was returned to you"),
            queues.drafts_of(person),
            "purchase",
            mine + "draft",
        )
        yield _queue(
            _("Orders to place"), queues.to_order(person), "purchase_order", mine + "approved"
        )
    if person.scope.holds(Role.INSPECTOR):
        ordered = reverse("purchases") + "?status=ordered"
        yield _queue(
            _("Deliveries to receive"), queues.to_receive(person), "purchase_receive", ordered
        )
    if person.scope.holds(Role.APPROVER):
        received = reverse("purchases") + "?status=received"
        yield _queue(_("Purchases to close"), queues.to_close(person), "purchase_close", received)
    if person.scope.holds(Role.CUSTODIAN):
        yield _offered(person)
        yield _overdue(person)
    if may_keep_catalogue(person):
        yield _claims(person)


def _offered(person: Person) -> Queue:
    """Aircraft that other agencies offer to those where the reader answers. One query."""
    rows = IncomingTransfer.objects.visible_to(person).filter(
        agency__in=person.scope.where(Role.CUSTODIAN), status=TransferStatus.OPEN
    )
    rows = rows.select_related("build__model", "from_agency").order_by("offered_at")
    now = timezone.now()
    items = [
        Waiting(
            f"{each.build.model} {each.serial_number} · {each.from_agency}",
            reverse("transfer", args=[each.pk]),
            days=(now - each.offered_at).days,
        )
        for each in rows[: SHOWN + 1]
    ]
    title = _("Aircraft offered to your agencies")
    return Queue(title, items[:SHOWN], reverse("transfers"), more=len(items) > SHOWN)


def _overdue(person: Person) -> Queue:
    """Aircraft lent out that should be back, the longest overdue first. One query."""
    today = timezone.localdate()
    rows = Drone.objects.visible_to(person).filter(
        agency__in=person.scope.where(Role.CUSTODIAN), lent_until__lt=today
    )
    items = [
        Waiting(
            f"{each.build.model} {each} · {each.lent_to}",
            reverse("drone", args=[each.pk]),
            days=(today - (each.lent_until or today)).days,
        )
        for each in rows.for_list().order_by("lent_until", "id")[: SHOWN + 1]
    ]
    return Queue(_("Overdue loans"), items[:SHOWN], more=len(items) > SHOWN)


def _queue(title: str, purchases: QuerySet[Purchase], route: str, url: str) -> Queue:
    """The first few of a queue of purchases; each leads to where it is dealt with. One query."""
    rows = list(purchases[: SHOWN + 1])
    now = timezone.now()
    items = [
        Waiting(str(each), reverse(route, args=[each.pk]), each, (now - each.since).days)
        for each in rows[:SHOWN]
    ]
    return Queue(title, items, url, more=len(rows) > SHOWN)


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
