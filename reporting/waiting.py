"""What waits for somebody, by their roles: the first page and the daily mail ask the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from agencies.models import Membership, Person
from compliance.waiver_filters import ENDING
from compliance.waiver_queues import decidable_by, ending_for
from compliance.waiver_steps import FIRST, SECOND, may_ask
from procurement import queues
from procurement.models import Purchase
from procurement.permissions import may_request, may_review
from registry.models import Drone, IncomingTransfer, TransferStatus

SHOWN = 8
Role = Membership.Role
DECIDING = (*FIRST, *SECOND)
Text = str | Promise


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


def waiting_for(person: Person) -> Iterator[Queue]:
    """What waits for the reader by their roles, what others wait for first."""
    if may_review(person):
        yield _queue(
            _("Purchases to decide on"), queues.decidable_by(person), "review", reverse("reviews")
        )
    if person.scope.holds_any(DECIDING):
        yield _waivers_to_decide(person)
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
    if may_ask(person):
        yield _waivers_ending(person)


def _waivers_to_decide(person: Person) -> Queue:
    """Requests for waivers on which the reader may decide. One query."""
    now = timezone.now()
    items = [
        Waiting(
            f"{each} · {each.agency}",
            reverse("waiver", args=[each.pk]),
            days=(now - each.requested_at).days,
        )
        for each in decidable_by(person, timezone.localdate())[: SHOWN + 1]
    ]
    open_ones = f"{reverse('waivers')}?state=requested&state=endorsed"
    return Queue(_("Waivers to decide on"), items[:SHOWN], open_ones, more=len(items) > SHOWN)


def _waivers_ending(person: Person) -> Queue:
    """Waivers that end soon, for which the reader could ask anew. One query."""
    items = [
        Waiting(
            _("%(waiver)s · %(agency)s, until %(day)s")
            % {"waiver": each, "agency": each.agency, "day": date_format(each.last_day)},
            reverse("waiver", args=[each.pk]),
        )
        for each in ending_for(person, timezone.localdate())[: SHOWN + 1]
    ]
    ending = f"{reverse('waivers')}?state={ENDING}"
    return Queue(_("Waivers that end soon"), items[:SHOWN], ending, more=len(items) > SHOWN)


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
