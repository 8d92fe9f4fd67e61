"""The review queue, and the page of one review: explanation first, decision second."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from agencies.models import Person
from procurement.answers import with_answer
from procurement.differences import differences
from procurement.dossiers import stored
from procurement.errors import Difference
from procurement.guidance import FORWARD, LABELS, guidance
from procurement.models import Purchase
from procurement.queues import decidable_by, under_review
from procurement.workflow import available_actions, lines_of
from web.access import MemberRequest, page
from web.purchase_records import (
    as_changes,
    changed_since_dossier,
    dossier_view,
    follow_ups,
    purchase_for,
    purchase_timeline,
)
from web.states import look
from web.values import mission_names

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


@page
def review(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/reviews/<id>/`: the answer, its reasons, the request, what has changed, and then the decision."""
    shown = purchase_for(request.user, pk)
    lines = lines_of(shown, request.user)
    previous, following, place, total = _neighbours(request.user, shown)
    context = {
        "purchase": shown,
        "tone": look("purchase", shown.status).tone,
        "guidance": guidance(shown),
        "days": (timezone.now() - shown.since).days,
        "missions": mission_names(shown.missions),
        "lines": lines,
        "dossier": dossier_view(shown, lines),
        "changes": as_changes(changed_since_dossier(shown, lines)),
        "since_last_round": as_changes(_since_last_round(shown, request.user)),
        "actions": [(each, LABELS[each.action]) for each in available_actions(shown, request.user)],
        "primary_steps": FORWARD,
        "follow_ups": follow_ups(shown, request.user),
        "events": purchase_timeline(shown, lines, request.user),
        "previous": previous,
        "following": following,
        "place": place,
        "total": total,
    }
    return render(request, "reviews/review.html", context)


def _neighbours(
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


def _since_last_round(purchase: Purchase, person: Person) -> tuple[Difference, ...]:
    """What is not as it was in the dossier of the round before. One query."""
    body = stored(purchase)
    earlier = (
        purchase.moves.visible_to(person)
        .filter(round__lt=purchase.round, dossier__isnull=False)
        .select_related("dossier")
        .order_by("-no")
        .first()
    )
    if body is None or earlier is None or earlier.dossier is None:
        return ()
    return differences(json.loads(earlier.dossier.body), body)


urlpatterns: list[URLPattern] = [
    path("reviews/", reviews, name="reviews"),
    path("reviews/<uuid:pk>/", review, name="review"),
]
