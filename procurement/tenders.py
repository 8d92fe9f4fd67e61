"""Offers of suppliers on an approved specification, and the one that is named."""

from collections.abc import Sequence
from uuid import UUID

from agencies.models import Person
from procurement.errors import NotNow
from procurement.models import Line, Offer, Purchase


def record_offer(*, offer: Offer, by: Person) -> Offer:
    """Store what a supplier offers. Raises ValidationError with a sentence per field; the database refuses the rest."""
    offer.recorded_by = by
    offer.agency_id = offer.purchase.agency_id
    offer.full_clean(exclude=["agency", "purchase", "line", "recorded_by"])
    offer.save(force_insert=True)
    return offer


def name_offers(purchase: Purchase, offers: Sequence[UUID], by: Person) -> None:
    """Each line of the specification takes over the build, the supplier and the price of its offer.

    Raises NotNow unless there is exactly one offer for each such line.
    """
    named = list(
        Offer.objects.visible_to(by)
        .filter(purchase=purchase, pk__in=offers)
        .select_related("supplier")
    )
    lines = list(purchase.lines.visible_to(by).filter(kind=Line.Kind.SPECIFICATION))
    by_line = {offer.line_id: offer for offer in named}
    if (
        not lines
        or not len(lines) == len(named) == len(offers)
        or set(by_line) != {line.pk for line in lines}
    ):
        raise NotNow("one_offer_each")
    for line in lines:
        offer = by_line[line.pk]
        line.build_id, line.supplier_id = offer.build_id, offer.supplier_id
        line.unit_price = offer.unit_price
        line.save(update_fields=["build", "supplier", "unit_price"])
        if offer.supplier.current_id != offer.supplier_id:
            line.supplier_id = offer.supplier.current_id
            line.save(update_fields=["supplier"])
