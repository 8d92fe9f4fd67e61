"""The page of one review: explanation first, decision second."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from agencies.models import Person
from procurement.differences import differences
from procurement.dossiers import stored
from procurement.errors import Difference
from procurement.guidance import FORWARD, LABELS, guidance
from procurement.models import Purchase
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
from web.review_claims import holding
from web.review_queue import neighbours
from web.states import look
from web.values import mission_names


@page
def review(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/reviews/<id>/`: the answer, its reasons, the request, what has changed, and then the decision."""
    shown = purchase_for(request.user, pk)
    lines = lines_of(shown, request.user)
    previous, following, place, total = neighbours(request.user, shown)
    context = {
        "purchase": shown,
        "holding": holding(shown, request.user),
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
    path("reviews/<uuid:pk>/", review, name="review"),
]
