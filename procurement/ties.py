"""Declaring what ties one to a vendor or a purchase, and ending it."""

from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from agencies.models import Person
from procurement.errors import as_refusal
from procurement.models import Tie


def ties_of(person: Person) -> QuerySet[Tie]:
    """All that this person ever declared, newest first; others read none of it."""
    return Tie.objects.filter(person=person).select_related("vendor", "purchase")


@transaction.atomic
def declare_tie(*, tie: Tie, by: Person) -> Tie:
    """Store a declared tie; from now on the person decides on nothing that concerns it. Raises ValidationError."""
    tie.person = by
    tie.full_clean()
    tie.save(force_insert=True)
    return ties_of(by).get(pk=tie.pk)


@transaction.atomic
def end_tie(*, tie_id: UUID, by: Person) -> Tie:
    """The tie has ended; rounds of review that have begun stay closed to the person. Raises Tie.DoesNotExist, NotNow."""
    found = ties_of(by).get(pk=tie_id)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select procurement_end_tie(%s)", [found.pk])
    except DatabaseError as error:
        raise as_refusal(error) from error
    return ties_of(by).get(pk=tie_id)
