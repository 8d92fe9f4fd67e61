"""Which purchases wait for whom, as queries: the home page and the review queue ask these.

They follow the table of transitions; what may really be done is decided when it is done.
"""

from django.db.models import Exists, F, JSONField, OuterRef, Q
from django.db.models.functions import Cast

from agencies.models import Membership, Person
from procurement.models import Contributor, Move, Purchase, PurchaseQuerySet
from procurement.states import DECISIONS, HOLDERS, Status

Role = Membership.Role


def under_review(person: Person) -> PurchaseQuerySet:
    """All that the person may see in a state of review, the one that waits longest first."""
    return _visible(person).waiting_for_review().order_by("since", "id")


def decidable_by(person: Person) -> PurchaseQuerySet:
    """Under review in a state whose holder the person is, and nothing keeps the person from deciding.

    Left out: what the person had a hand in, decided in this round already, or claimed a fact of.
    """
    mine = {"purchase": OuterRef("pk")}
    contributed = Contributor.objects.visible_to(person).filter(**mine, person=person)
    decided = Move.objects.visible_to(person).filter(
        **mine, round=OuterRef("round"), actor=person, action__in=DECISIONS
    )
    claimed = {"body__claimants__contains": [person.pk]}
    return (
        under_review(person)
        .filter(_held_by(person))
        .exclude(Exists(contributed))
        .exclude(Exists(decided))
        .annotate(body=Cast("dossier__body", JSONField()))
        .exclude(**claimed)
    )


def _held_by(person: Person) -> Q:
    """In a state of review that a role of this person holds, at an agency it covers."""
    held = Q(pk__in=[])
    for status, roles in HOLDERS.items():
        agencies = frozenset().union(*(person.scope.where(role) for role in roles))
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
