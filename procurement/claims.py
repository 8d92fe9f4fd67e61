"""Who holds a review: taking it upon oneself, letting it go, and asking who does."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from procurement.errors import NotNow, as_refusal
from procurement.models import Claim, Purchase
from procurement.states import Action
from procurement.transitions import Transition


@transaction.atomic
def claim_review(*, purchase_id: UUID, by: Person, instead_of: UUID | None = None) -> Claim:
    """Take a review upon oneself; `instead_of` is the claim of another that is taken over by that.

    Raises Purchase.DoesNotExist, NotAllowed where this person may not decide, and NotNow where
    somebody else holds it, or it is under no review.
    """
    purchase = Purchase.objects.visible_to(by).get(pk=purchase_id)
    held = claim_on(purchase, by)
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                agency_id=purchase.agency_id, purchase=purchase, person=by, instead_of_id=instead_of
            )
    except DatabaseError as error:
        refused = as_refusal(error)
        if isinstance(refused, NotNow) and refused.guard == "held_by_another" and held:
            refused = held_by_another(held)
        raise refused from error
    claim.refresh_from_db(from_queryset=Claim.objects.visible_to(by))
    return claim


@transaction.atomic
def release_review(*, purchase_id: UUID, by: Person) -> None:
    """Let a review go. Raises Purchase.DoesNotExist, NotAllowed for who is not the holder, NotNow where nobody is."""
    purchase = Purchase.objects.visible_to(by).get(pk=purchase_id)
    held = claim_on(purchase, by)
    if held is None:
        raise NotNow("not_held")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select procurement_release(%s)", [held.pk])
    except DatabaseError as error:
        raise as_refusal(error) from error


def claim_on(purchase: Purchase, reader: Person, today: date | None = None) -> Claim | None:
    """The claim that holds on this purchase today, with its person; None while nobody holds it. One query."""
    claims = Claim.objects.visible_to(reader).holding_on(today or timezone.localdate())
    return claims.select_related("person").filter(purchase=purchase).first()


def hindering(way: Transition, held: Claim | None, by: Person | None) -> Claim | None:
    """The claim of another that keeps this person from this step: nobody decides over the head of the holder."""
    concerns = way.decides or way.action == Action.ASK_EVIDENCE
    others = held is not None and by is not None and held.person_id != by.pk
    return held if concerns and others else None


def held_by_another(held: Claim) -> NotNow:
    """Who holds it and since when, and what to do."""
    message = _(
        "%(person)s has held this review since %(since)s. Take the review over first, or wait for the decision."
    ) % {
        "person": held.person,
        "since": timezone.localtime(held.begun_at).strftime("%Y-%m-%d %H:%M"),
    }
    return NotNow("held_by_another", message)


def claims_on(purchases: Iterable[Purchase], reader: Person, today: date) -> dict[UUID, Claim]:
    """The claims that hold on these purchases, by purchase, with their people. One query."""
    claims = Claim.objects.visible_to(reader).holding_on(today).select_related("person")
    return {each.purchase_id: each for each in claims.filter(purchase__in=list(purchases))}
