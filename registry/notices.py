"""What people are told about aircraft: offers from other agencies and their answers, loans that are overdue."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from agencies.models import Membership
from agencies.posts import holders
from records.notice_kinds import NoticeKind
from records.notice_words import in_both, on_day
from records.telling import Cause, Told
from registry.models import Drone, IncomingTransfer, TransferOffer, TransferStatus

CUSTODIAN = (Membership.Role.CUSTODIAN,)
ANSWERS = (TransferStatus.ACCEPTED, TransferStatus.DECLINED)


def of_offers(ids: Collection[UUID], today: date) -> Iterator[Told]:
    """About these offers: one that is open is the receiver's to answer, an answer is told to whoever offered."""
    rows = IncomingTransfer.objects.unscoped(reason="whom an offer concerns, at both agencies")
    for each in rows.filter(pk__in=ids).select_related("build__model", "agency", "from_agency"):
        if each.status == TransferStatus.OPEN:
            cause = Cause(
                NoticeKind.TRANSFER_OFFERED,
                f"offer:{each.pk}",
                each,
                _name(each),
                {"agency": in_both(each.from_agency)},
            )
            yield from ((person, cause) for person in holders(CUSTODIAN, each.agency_id, today))
        if each.status in ANSWERS:
            yield from _answered(each)


def _name(offered: IncomingTransfer) -> str:
    return f"{offered.build.model} {offered.serial_number}".strip()


def _answered(answered: IncomingTransfer) -> Iterator[Told]:
    given = TransferOffer.objects.unscoped(reason="who offered what was answered")
    offer = given.select_related("offered_by", "drone").get(pk=answered.pk)
    state = in_both(TransferStatus(answered.status).label)
    parameters = {"agency": in_both(answered.agency), "state": state}
    key = f"answer:{answered.pk}"
    yield (
        offer.offered_by,
        Cause(NoticeKind.TRANSFER_ANSWERED, key, offer.drone, _name(answered), parameters),
    )


def of_loans(today: date) -> Iterator[Told]:
    """Aircraft that were due back before today, to the custodians of their agency. Once for each day they were due."""
    rows = Drone.objects.unscoped(reason="loans that are overdue, of every agency")
    for each in rows.filter(lent_until__lt=today).select_related("build__model"):
        back = each.lent_until or today
        cause = Cause(
            NoticeKind.LOAN_OVERDUE,
            f"loan:{each.pk}:{back}",
            each,
            f"{each.build.model} {each}",
            {"day": on_day(back)},
        )
        yield from ((person, cause) for person in holders(CUSTODIAN, each.agency_id, today))
