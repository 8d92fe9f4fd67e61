"""Which purchases wait for whom, as queries: the home page and the review queue ask these.

They follow the table of transitions; what may really be done is decided when it is done.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q

from agencies.models import Membership, Person
from procurement.due import is_overdue
from procurement.models import Claim, Purchase, PurchaseQuerySet
from procurement.states import HOLDERS, Status

Role = Membership.Role


def under_review(person: Person) -> PurchaseQuerySet:
    """All that the person may see in a state of review, the one that waits longest first."""
    return _visible(person).waiting_for_review().order_by("since", "id")


def decidable_by(person: Person) -> PurchaseQuerySet:
    """Under review in a state that the person may decide in, for themselves or as a substitute, and nothing keeps them
    from it: had no hand in it, did not decide in this round, is not tied to it, and held the role in time.
    """
    return (
        under_review(person)
        .filter(_held_by(person))
        .alias(may_decide=_may())
        .filter(may_decide=True)
    )


def _may() -> Func:
    return Func(F("pk"), function="procurement_may_decide", output_field=BooleanField())


def _claimed(reader: Person, today: date, by: Person | None = None) -> Exists:
    """Whether somebody holds it, or this person does."""
    claims = Claim.objects.visible_to(reader).holding_on(today).filter(purchase=OuterRef("pk"))
    return Exists(claims if by is None else claims.filter(person=by))


def unclaimed(person: Person, today: date) -> PurchaseQuerySet:
    """Those that the person may decide and nobody holds."""
    return decidable_by(person).filter(~_claimed(person, today))


def claimed_by(person: Person, today: date) -> PurchaseQuerySet:
    return under_review(person).filter(_claimed(person, today, by=person))


def waiting_for_others(person: Person, today: date) -> PurchaseQuerySet:
    """Under review, and neither held by the person nor theirs to take."""
    rows = under_review(person).alias(may_decide=_may(), claimed=_claimed(person, today))
    theirs = _held_by(person) & Q(may_decide=True, claimed=False)
    return rows.filter(~_claimed(person, today, by=person)).exclude(theirs)


def overdue(person: Person, today: date) -> PurchaseQuerySet:
    """Under review and late, whoever is to decide."""
    return under_review(person).filter(is_overdue(today))


# The queues of `/reviews/`, in the order of their tabs.
REVIEW_QUEUES: Mapping[str, Callable[[Person, date], PurchaseQuerySet]] = MappingProxyType(
    {"open": unclaimed, "mine": claimed_by, "others": waiting_for_others, "overdue": overdue}
)


def _held_by(person: Person) -> Q:
    """In a state of review that a role of this person, own or lent, holds, at an agency it covers."""
    held = Q(pk__in=[])
    for status, roles in HOLDERS.items():
        own = (person.scope.where(role) for role in roles)
        lent = (person.scope.where_for_others(role) for role in roles)
        agencies = frozenset().union(*own, *lent)
        held |= Q(status=status, agency_id__in=sorted(agencies))
    return held


def drafts_of(person: Person) -> PurchaseQuerySet:
    """Not yet submitted, or returned: those returned first."""
    return (
        requested_by(person).filter(status=Status.DRAFT).order_by(F("round").desc(), "since", "id")
    )


def to_order(person: Person) -> PurchaseQuerySet:
    return requested_by(person).filter(status=Status.APPROVED).order_by("since", "id")


def to_receive(person: Person) -> PurchaseQuerySet:
    """Ordered for an agency the person inspects for, by somebody else."""
    return (
        _visible(person)
        .filter(status=Status.ORDERED, agency_id__in=sorted(person.scope.where(Role.INSPECTOR)))
        .exclude(requester=person)
        .order_by("since", "id")
    )


def to_close(person: Person) -> PurchaseQuerySet:
    agencies = sorted(person.scope.where(Role.APPROVER))
    return (
        _visible(person)
        .filter(status=Status.RECEIVED, agency_id__in=agencies)
        .order_by("since", "id")
    )


def requested_by(person: Person) -> PurchaseQuerySet:
    return _visible(person).filter(requester=person)


def _visible(person: Person) -> PurchaseQuerySet:
    return Purchase.objects.visible_to(person).select_related("agency", "requester")
