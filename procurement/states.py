"""The words of the workflow."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    AGENCY_REVIEW = "agency_review", _("agency review")
    SECURITY_REVIEW = "security_review", _("security review")
    CONSULTATION = "consultation", _("consultation")
    EMERGENCY = "emergency", _("ordered in an emergency")
    APPROVED = "approved", _("approved")
    ORDERED = "ordered", _("ordered")
    RECEIVED = "received", _("received")
    CLOSED = "closed", _("closed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CANCELLED = "cancelled", _("cancelled")

    @classmethod
    def under_review(cls) -> list["Status"]:
        return [cls.AGENCY_REVIEW, cls.SECURITY_REVIEW, cls.CONSULTATION]

    @classmethod
    def ended(cls) -> list["Status"]:
        return [cls.CLOSED, cls.DECLINED, cls.WITHDRAWN, cls.CANCELLED]


class Action(models.TextChoices):
    SUBMIT = "submit", _("submit")
    ORDER_FIRST = "order_first", _("order in an emergency")
    APPROVE = "approve", _("approve")
    RECORD_ANSWER = "record_answer", _("record answer")
    RETURN = "return", _("return")
    DECLINE = "decline", _("decline")
    WITHDRAW = "withdraw", _("withdraw")
    ASK_EVIDENCE = "ask_evidence", _("ask for evidence")
    GIVE_EVIDENCE = "give_evidence", _("answer with evidence")
    REFRESH = "refresh", _("take over today's facts")
    NAME_OFFER = "name_offer", _("name the offer")
    RECHECK = "recheck", _("recheck")
    AMEND = "amend", _("amend")
    CANCEL = "cancel", _("cancel")
    ORDER = "order", _("order")
    RECEIVE = "receive", _("receive")
    CLOSE = "close", _("close")


class ConsultationAnswer(models.TextChoices):
    """What the central authority answers."""

    CLEARED = "cleared", _("cleared")
    CONDITIONS = "conditions", _("cleared with conditions")
    ASKS = "asks", _("asks for more")
    REFUSED = "refused", _("refused")


class Reason(models.TextChoices):
    """Why a purchase is returned or declined; several may be given at once."""

    RULE_FAILED = "rule_failed", _("A rule is not met")
    EVIDENCE_MISSING = "evidence_missing", _("Evidence of origin is missing")
    SECURITY_MEASURE = "security_measure", _("A security measure is not shown")
    MISSION_UNCLEAR = (
        "mission_unclear",
        _("The mission or its justification is unclear"),
    )
    ALTERNATIVE_EXISTS = (
        "alternative_exists",
        _("An aircraft that meets the rules is available"),
    )
    PRICE_UNCLEAR = "price_unclear", _("The quantity or the price needs an explanation")
    OTHER = "other", _("Another reason, given in the letter")


APPROVER = "approver"
SECURITY_REVIEWER = "security_reviewer"
CONSULTATION_OFFICER = "consultation_officer"
INSPECTOR = "inspector"
CUSTODIAN = "custodian"
REQUESTER = "requester"
SYSTEM = "system"

# Whose turn it is in each state of review.
HOLDERS: dict[Status, tuple[str, ...]] = {
    Status.AGENCY_REVIEW: (APPROVER,),
    Status.SECURITY_REVIEW: (SECURITY_REVIEWER,),
    Status.CONSULTATION: (CONSULTATION_OFFICER,),
}
DECISIONS = (Action.APPROVE, Action.RECORD_ANSWER, Action.RETURN, Action.DECLINE)
