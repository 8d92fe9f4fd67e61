"""The page for a step that is not possible now: what happened meanwhile, what differs, and a way on."""

from django.http import HttpResponse
from django.shortcuts import render

from procurement.claims import claim_on
from procurement.errors import NotNow
from procurement.models import Purchase
from procurement.states import Action
from procurement.workflow import available_actions
from web.access import MemberRequest
from web.attempts import notice_on_page
from web.purchase_records import as_changes, purchase_for
from web.purchase_stream import move_event

RENEWING = (Action.REFRESH, Action.RECHECK)


def conflict(request: MemberRequest, purchase: Purchase, refused: NotNow) -> HttpResponse:
    """409. The way on is a new dossier where facts have changed and the reader may make one."""
    notice_on_page(request, refused.guard)
    now = purchase_for(request.user, purchase.pk)
    renewing = [
        each.action for each in available_actions(now, request.user) if each.action in RENEWING
    ]
    context = {
        "purchase": now,
        "explanation": refused.message,
        "changes": as_changes(refused.differences),
        "events": [move_event(each) for each in refused.moves],
        "renew": renewing[0] if renewing and refused.differences else "",
        "held": claim_on(now, request.user) if refused.guard == "held_by_another" else None,
    }
    return render(request, "purchases/conflict.html", context, status=409)
