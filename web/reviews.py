"""The page of one review: explanation first, decision second."""

import json
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from agencies.models import Person
from procurement.differences import differences
from procurement.dossiers import stored
from procurement.errors import Difference
from procurement.looks import LastLook, look_at
from procurement.models import Purchase
from procurement.similar import similar_to
from procurement.workflow import lines_of
from records.models import AgencyAttachment
from records.permissions import may_add
from web.access import MemberRequest, page
from web.forms.records import NoteForm
from web.purchase_records import (
    as_changes,
    changed_since_dossier,
    dossier_view,
    follow_ups,
    purchase_for,
    steps_for,
    turn_of,
)
from web.purchase_stream import stream
from web.record_kinds import files_of
from web.review_claims import holding
from web.review_queue import QUEUE, neighbours
from web.states import look
from web.values import mission_names

SIMILAR_SHOWN = 5


@page
def review(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/reviews/<id>/`: the answer, what is new, the reasons, the request, and then the decision."""
    shown = purchase_for(request.user, pk)
    lines = lines_of(shown, request.user)
    last, steps = look_at(shown, request.user), steps_for(shown, request.user)
    previous, following, place, total = neighbours(request.user, shown, request.GET.get(QUEUE, ""))
    held = holding(shown, request.user)
    context = {
        "purchase": shown,
        "holding": held,
        "tone": look("purchase", shown.status).tone,
        "turn": turn_of(shown, steps, request.user, held.claim.person if held.claim else None),
        "days": (timezone.now() - shown.since).days,
        "missions": mission_names(shown.missions),
        "lines": lines,
        "dossier": dossier_view(shown, lines),
        "changes": as_changes(changed_since_dossier(shown, lines)),
        "last_look": last,
        "since_last_look": as_changes(_since(last, shown)),
        "since_last_round": as_changes(_since_last_round(shown, request.user)),
        "similar": similar_to(shown, lines, request.user)[:SIMILAR_SHOWN],
        "files": documents(shown, request.user),
        "steps": steps,
        "follow_ups": follow_ups(shown, request.user),
        "stream": stream(request, shown, lines, request.user, last),
        "note_form": NoteForm(of_agency=True) if may_add(request.user, shown) else None,
        "queue": request.GET.get(QUEUE, ""),
        "previous": previous,
        "following": following,
        "place": place,
        "total": total,
    }
    return render(request, "reviews/review.html", context)


def documents(purchase: Purchase, person: Person) -> "QuerySet[AgencyAttachment]":
    """The files of a purchase with who added them, the newest first."""
    return files_of(person, purchase).select_related("uploaded_by", "withdrawn_by")


def _since(last: LastLook | None, purchase: Purchase) -> tuple[Difference, ...]:
    """What the dossier says now and did not say when the reader last looked."""
    body = stored(purchase)
    if last is None or last.body is None or body is None:
        return ()
    return differences(last.body, body)


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
