"""Purchases as their requester fills them in. Everything after that is a move (workflow.py)."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from agencies.models import Person
from procurement.errors import NotNow, as_refusal
from procurement.models import Line, Purchase


@transaction.atomic
def start_purchase(
    *, purchase: Purchase, lines: Sequence[Line], by: Person, complete: bool = True
) -> Purchase:
    """Store a draft with its lines. The database gives it the next number of its agency.

    One that is not `complete` yet may be without lines; it cannot be submitted so. Raises ValidationError with a sentence per field.
    """
    purchase.requester = by
    purchase.missions = sorted(set(purchase.missions))
    purchase.full_clean()
    if complete:
        _demand_lines(lines)
    purchase.save(force_insert=True)
    _store(purchase, lines)
    return fresh(purchase, by)


@transaction.atomic
def edit_purchase(
    *, purchase: Purchase, lines: Sequence[Line], by: Person, complete: bool = True
) -> Purchase:
    """Store a draft's content and make these its lines: known ones are changed, new ones added, others taken out.

    Raises ValidationError, and NotNow when it is no draft any more.
    """
    if not purchase.editable:
        raise NotNow("not_a_draft")
    purchase.missions = sorted(set(purchase.missions))
    purchase.full_clean()
    if complete:
        _demand_lines(lines)
    try:
        purchase.save(update_fields=[*Purchase.CONTENT, "edited_at"])
        kept = [line.pk for line in lines]
        purchase.lines.visible_to(by).exclude(pk__in=kept).delete()
        _store(purchase, lines)
    except DatabaseError as error:
        raise as_refusal(error) from error
    return fresh(purchase, by)


def fresh(purchase: Purchase, by: Person) -> Purchase:
    """The purchase as the database has it now, with all that a page about it shows."""
    related = Purchase.objects.visible_to(by).select_related("agency", "requester", "dossier")
    return related.get(pk=purchase.pk)


def _demand_lines(lines: Sequence[Line]) -> None:
    if not lines:
        raise ValidationError({"lines": _("Add at least one line: what is to be bought.")})


def _store(purchase: Purchase, lines: Sequence[Line]) -> None:
    for line in lines:
        line.purchase, line.agency_id = purchase, purchase.agency_id
        line.full_clean(exclude=["purchase", "agency"])
        line.save()
