"""What was approved and no longer holds goes back to review, without anybody asking for it."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import DatabaseError
from django.utils import timezone

from agencies.context import acting_as
from procurement.differences import differences
from procurement.dossiers import compose, stored
from procurement.errors import NotNow
from procurement.models import Purchase
from procurement.requests import Request
from procurement.states import Action, Status
from procurement.workflow import lines_of, perform

RESTING = (Status.APPROVED, Status.ORDERED)
"""States that rest on a dossier while time passes."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rechecked:
    """`looked_at`: purchases compared; `sent_back`: those whose dossier no longer holds."""

    looked_at: int
    sent_back: tuple[UUID, ...]


def recheck_purchases() -> Rechecked:
    """Compare every approved and ordered purchase with the facts, rules, waivers and lists of today.

    One transaction each, so that it may be interrupted anywhere and run again; one that somebody moves at the
    same moment is left to the next time.
    """
    with acting_as(None):
        rows = Purchase.objects.unscoped(reason="all that rests on a dossier, of every agency")
        resting = list(
            rows.filter(status__in=RESTING, dossier__isnull=False)
            .order_by("id")
            .values_list("pk", flat=True)
        )
    sent_back = tuple(pk for pk in resting if _recheck(pk))
    return Rechecked(len(resting), sent_back)


def _recheck(pk: UUID) -> bool:
    try:
        with acting_as(None, reason="recheck"):
            return _send_back_unless_it_holds(pk)
    except (NotNow, DatabaseError) as error:
        log.warning("purchase not rechecked", purchase=str(pk), error=str(error))
    except Exception:  # one that cannot be compared must not keep the others from it; none can be ordered meanwhile
        log.exception("purchase cannot be rechecked", purchase=str(pk))
    return False


def _send_back_unless_it_holds(pk: UUID) -> bool:
    rows = Purchase.objects.unscoped(reason="one that rests on a dossier")
    purchase = (
        rows.select_related("agency", "requester", "dossier")
        .filter(pk=pk, status__in=RESTING)
        .first()
    )
    if purchase is None:
        return False
    body = stored(purchase)
    now = compose(purchase, lines_of(purchase, None), timezone.localdate()).body
    if body is None or not differences(body, now):
        return False
    perform(Action.RECHECK, pk, by=None, request=Request(version=purchase.version))
    return True
