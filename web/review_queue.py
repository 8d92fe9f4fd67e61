"""The review queue: what the reader holds, what waits for somebody to take it, what waits for others, what is late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Person
from procurement.claims import claims_on
from procurement.due import Due, due_of, ordered_without_review
from procurement.guidance import guidance
from procurement.models import Claim, Purchase
from procurement.queues import REVIEW_QUEUES
from reporting.listings import REVIEWS
from web.access import MemberRequest, download, page
from web.elements import Tab, Text
from web.listing import Heading, ListPage, export_list, show_list

COUNTED = 100
QUEUE = "queue"
"""The word in the address of a review that names the queue the reader came from."""
FIRST = "open"

TITLES: Mapping[str, Text] = {
    "open": _("You may decide"),
    "mine": _("You hold"),
    "others": _("Waiting for others"),
    "overdue": _("Overdue reviews"),
}
EMPTY: Mapping[str, Promise] = {
    "open": _(
        "No purchase that nobody holds is in a state of review that your roles decide on. What you had a hand in yourself is decided by others."
    ),
    "mine": _("You hold no review. Take one from those you may decide."),
    "others": _("No other purchase that you may see is under review."),
    "overdue": _(
        "No review that you may see is late. While evidence is asked for the clock stands."
    ),
}
HEADINGS = (
    Heading(_("Title"), "title"),
    Heading(_("Result")),
    Heading(_("Agency")),
    Heading(_("Status")),
    Heading(_("Holder")),
    Heading(_("In this state since"), "since"),
    Heading(_("Due"), "due"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A purchase of the queue: who holds it, or whose turn it is, and by when it is due."""

    purchase: Purchase
    claim: Claim | None
    turn: Text
    due: Due
    queue: str

    @property
    def url(self) -> str:
        return f"{reverse('review', args=[self.purchase.pk])}?{QUEUE}={self.queue}"


@page
def reviews(request: MemberRequest, queue: str = FIRST) -> HttpResponse:
    """`/reviews/` and `/reviews/<queue>/`: one of the four queues, the longest waiting first."""
    shown = ListPage(
        REVIEWS[queue],
        _("Reviews"),
        _("Purchases under review, the one that waits longest first."),
        HEADINGS,
        "reviews/_row.html",
        _("Nothing waits here"),
        EMPTY[queue],
    )
    person = request.user
    late = ordered_without_review(Purchase.objects.visible_to(person), timezone.localdate())
    more = {"tabs": _tabs(person, queue), "late_orders": late.count()}
    return show_list(
        request,
        shown,
        rows=partial(_rows, person=person, queue=queue),
        template="reviews/queue.html",
        more=more,
    )


def _rows(purchases: Sequence[Purchase], *, person: Person, queue: str) -> list[Row]:
    """One query for all of them."""
    today = timezone.localdate()
    claims = claims_on(purchases, person, today)
    return [
        Row(each, claims.get(each.pk), guidance(each).holder, due_of(each, today), queue)
        for each in purchases
    ]


def address_of(queue: str) -> str:
    return reverse("reviews") if queue == FIRST else reverse(f"reviews_{queue}")


def _tabs(person: Person, current: str) -> list[Tab]:
    """Counted up to 100: nobody works through more in a day. One query each."""
    today = timezone.localdate()
    counts = {
        name: rows(person, today).order_by()[:COUNTED].count()
        for name, rows in REVIEW_QUEUES.items()
    }
    return [
        Tab(address_of(name), TITLES[name], counts[name], name == current) for name in REVIEW_QUEUES
    ]


@download
def export_reviews(request: MemberRequest, form: str, queue: str = FIRST) -> HttpResponseBase:
    """`/reviews/export/csv/`: the same as a file."""
    return export_list(request, REVIEWS[queue], form)


def neighbours(
    person: Person, purchase: Purchase, queue: str = ""
) -> tuple[UUID | None, UUID | None, int | None, int]:
    """The reviews before and after this one in this queue of the reader, its place from 1, and the queue's length.

    Without a queue, or in one of that name that there is none, among those the reader may decide or holds. One
    that is not in the queue is followed by the first.
    """
    today = timezone.localdate()
    named = (
        [REVIEW_QUEUES[queue]]
        if queue in REVIEW_QUEUES
        else [REVIEW_QUEUES["mine"], REVIEW_QUEUES[FIRST]]
    )
    ids = [
        pk for rows in named for pk in rows(person, today).values_list("pk", flat=True)[:COUNTED]
    ]
    if purchase.pk not in ids:
        return None, next(iter(ids), None), None, len(ids)
    at = ids.index(purchase.pk)
    before = ids[at - 1] if at > 0 else None
    after = ids[at + 1] if at + 1 < len(ids) else None
    return before, after, at + 1, len(ids)


urlpatterns: list[URLPattern] = [
    path("reviews/", reviews, name="reviews"),
    path("reviews/export/<slug:form>/", export_reviews, name="export_reviews"),
    *(
        route
        for queue in REVIEW_QUEUES
        if queue != FIRST
        for route in (
            path(f"reviews/{queue}/", partial(reviews, queue=queue), name=f"reviews_{queue}"),
            path(
                f"reviews/{queue}/export/<slug:form>/",
                partial(export_reviews, queue=queue),
                name=f"export_reviews_{queue}",
            ),
        )
    ),
]
