"""By when a review is due, and whether it is late: one answer for pages, API, lists and notices.

The day itself is reckoned and stored by the database (procurement/sql_due.py).
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from procurement.models import Move, Purchase
from procurement.states import Status
from standards.working_days import latest_working_day, working_days_between


@dataclass(frozen=True, slots=True)
class Due:
    """`on`: the last working day in time; None while no clock runs or it stands.

    `days`: working days left, today not counted; below zero so many too late.
    `stands`: evidence has been asked for, and the clock stands until it comes.
    """

    on: date | None
    days: int = 0
    stands: bool = False

    @property
    def overdue(self) -> bool:
        return self.days < 0

    @property
    def days_late(self) -> int:
        return max(0, -self.days)


def due_of(purchase: Purchase, today: date) -> Due:
    """By when this purchase is to be reviewed, or, ordered in an emergency, to be submitted and reviewed. No query."""
    if purchase.due_on is None:
        return Due(None)
    if purchase.evidence_open:
        return Due(None, stands=True)
    late = working_days_between(purchase.due_on, today)
    return Due(purchase.due_on, -late if late else working_days_between(today, purchase.due_on))


def is_overdue(today: date) -> Q:
    """The same as `due_of(…).overdue`, as a condition over purchases that an index of `due_on` answers.

    Nothing becomes late on a day without work: a review due on Friday is late on Monday.
    """
    return Q(due_on__lt=latest_working_day(today), evidence_asked_at__isnull=True)


def ordered_without_review(purchases: QuerySet[Purchase], today: date) -> QuerySet[Purchase]:
    """Ordered in an emergency and not reviewed to its end by the day on which that was due. Takes scoped rows."""
    return purchases.filter(
        is_overdue(today),
        ordered_first_at__isnull=False,
        status__in=[Status.DRAFT, Status.EMERGENCY, *Status.under_review()],
    ).exclude(
        pk__in=Move.objects.get_queryset().filter(to_status=Status.APPROVED).values("purchase")
    )
