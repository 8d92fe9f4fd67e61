"""Taking a review upon oneself and letting it go: who holds it, until when, and by when it is due."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from procurement.claims import claim_on, claim_review, release_review
from procurement.due import Due, due_of
from procurement.errors import NotAllowed, NotNow
from procurement.guards import Involvement, may_decide
from procurement.models import Claim, Purchase
from procurement.states import Status
from web.access import MemberRequest, action
from web.conflicts import conflict
from web.purchase_records import purchase_for


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds a review, and what the reader may do about it. `due` says by when it is to be decided."""

    claim: Claim | None
    mine: bool
    may_claim: bool
    due: Due


def holding(purchase: Purchase, reader: Person) -> Holding:
    """For the pages of one purchase. Three queries under review, none in any other state."""
    today = timezone.localdate()
    due = due_of(purchase, today)
    if purchase.status not in Status.under_review():
        return Holding(None, mine=False, may_claim=False, due=due)
    claim = claim_on(purchase, reader, today)
    mine = claim is not None and claim.person_id == reader.pk
    involved = Involvement.of(purchase)
    return Holding(claim, mine, not mine and may_decide(purchase, reader, involved), due)


@action
def claim(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/purchases/<id>/claim/`: the reader takes the review upon themselves, or over from whom `instead_of` names."""
    purchase = purchase_for(request.user, pk)
    named = request.POST.get("instead_of", "")
    try:
        claim_review(purchase_id=pk, by=request.user, instead_of=UUID(named) if named else None)
    except ValueError:
        raise BadRequest(_("The claim that is taken over is named by its id.")) from None
    except NotAllowed as refused:
        raise PermissionDenied(refused.message) from refused
    except NotNow as refused:
        return conflict(request, purchase, refused)
    messages.success(
        request, _("You hold the review of %(number)s now.") % {"number": purchase.number}
    )
    return redirect("review", pk)


@action
def release(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/purchases/<id>/release/`: the holder lets the review go."""
    purchase = purchase_for(request.user, pk)
    try:
        release_review(purchase_id=pk, by=request.user)
    except NotAllowed as refused:
        raise PermissionDenied(refused.message) from refused
    except NotNow as refused:
        return conflict(request, purchase, refused)
    messages.success(
        request,
        _("You have let the review of %(number)s go. Others may take it.")
        % {"number": purchase.number},
    )
    return redirect("review", pk)


urlpatterns: list[URLPattern] = [
    path("purchases/<uuid:pk>/claim/", claim, name="claim_review"),
    path("purchases/<uuid:pk>/release/", release, name="release_review"),
]
