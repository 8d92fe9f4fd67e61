"""Who holds a post: the way from an agency and a role to people, for what the program tells them."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from agencies.models import Membership, Person, Substitution


def holders(roles: Iterable[str], agency_id: int, on: date) -> QuerySet[Person]:
    """Whoever holds one of these roles for this agency on this day, at it or above it, and may sign in.

    Meant for the program itself: a person's own transaction sees the posts of its agencies alone.
    """
    held = Membership.objects.unscoped(
        reason="who is told, whatever agency the post stands at"
    ).filter(
        Q(until__isnull=True) | Q(until__gt=on),
        role__in=list(roles),
        agency__in=_line_of(agency_id),
        since__lte=on,
    )
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("pk")


def substitutes(roles: Iterable[str], agency_id: int, on: date) -> QuerySet[Person]:
    """Whoever stands in on this day for somebody with one of these roles for this agency, and may sign in.

    Whether the one who is away holds it still, and what keeps the two from a step, the workflow says.
    """
    lent = Substitution.objects.unscoped(reason="who is told, whatever agency the post stands at")
    lent = lent.filter(
        role__in=list(roles),
        agency__in=_line_of(agency_id),
        since__lte=on,
        until__gt=on,
        ended_at__isnull=True,
    )
    return Person.objects.filter(is_active=True, pk__in=lent.values("substitute")).order_by("pk")


def _line_of(agency_id: int) -> list[int]:
    """The agency and all above it. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select agencies_above(%s)", [agency_id])
        row = cursor.fetchone()
    return list(row[0] or []) if row else []
