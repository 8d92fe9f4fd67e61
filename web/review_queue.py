"""The review queue: what waits, for whom, and the neighbours of one review in it."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from agencies.models import Person
from procurement.answers import with_answer
from procurement.guidance import guidance
from procurement.models import Purchase
from procurement.queues import decidable_by, under_review
from web.access import MemberRequest, page

QUEUE_SHOWN = 100


@page
def reviews(request: MemberRequest) -> HttpResponse:
    """`/reviews/`: what the reader may decide, then what waits for others; the longest waiting first."""
    mine = list(with_answer(decidable_by(request.user))[: QUEUE_SHOWN + 1])
    decidable = {purchase.pk for purchase in mine}
    others = with_answer(under_review(request.user)).exclude(pk__in=decidable)[: QUEUE_SHOWN + 1]
    context = {
        "mine": _queue(mine[:QUEUE_SHOWN]),
        "others": _queue(list(others)[:QUEUE_SHOWN]),
        "more_mine": len(mine) > QUEUE_SHOWN,
        "more_others": len(others) > QUEUE_SHOWN,
        "shown": QUEUE_SHOWN,
    }
    return render(request, "reviews/queue.html", context)


def _queue(purchases: Sequence[Purchase]) -> list[dict[str, object]]:
    now = timezone.now()
    return [
        {
            "purchase": each,
            "answer": vars(each)["answer"],
            "days": (now - each.since).days,
            "holder": guidance(each).holder,
        }
        for each in purchases
    ]


def neighbours(
    person: Person, purchase: Purchase
) -> tuple[UUID | None, UUID | None, int | None, int]:
    """The reviews before and after this one in the reader's queue, its place from 1, and the queue's length.

    One that is not in the queue is followed by the first.
    """
    queue = list(decidable_by(person).values_list("pk", flat=True))
    if purchase.pk not in queue:
        return None, next(iter(queue), None), None, len(queue)
    at = queue.index(purchase.pk)
    before = queue[at - 1] if at > 0 else None
    after = queue[at + 1] if at + 1 < len(queue) else None
    return before, after, at + 1, len(queue)


urlpatterns: list[URLPattern] = [path("reviews/", reviews, name="reviews")]
