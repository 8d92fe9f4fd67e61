"""The kinds of notices, and which of them do not wait for the daily digest."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    YOUR_TURN = "your_turn", _("waits for you")
    RETURNED = "returned", _("returned to you")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")
    RECHECKED = "rechecked", _("sent back to review")
    EVIDENCE_ASKED = "evidence_asked", _("evidence is asked for")
    EVIDENCE_GIVEN = "evidence_given", _("evidence has been given")
    EVIDENCE_DUE = "evidence_due", _("evidence is due")
    REVIEW_DUE = "review_due", _("review is due")
    CONDITION_DUE = "condition_due", _("condition is due")
    CLAIM_ENDED = "claim_ended", _("your review is open to others")
    CLAIM_TAKEN_OVER = "claim_taken_over", _("your review was taken over")
    TRANSFER_OFFERED = "transfer_offered", _("aircraft offered")
    TRANSFER_ANSWERED = "transfer_answered", _("answer to an offer")
    LOAN_OVERDUE = "loan_overdue", _("loan is overdue")
    WAIVER_GRANTED = "waiver_granted", _("waiver granted")
    WAIVER_DECLINED = "waiver_declined", _("waiver declined")
    WAIVER_ENDED = "waiver_ended", _("waiver ended early")
    WAIVER_ENDING = "waiver_ending", _("waiver ends")
    STANDINGS_CHANGED = "standings_changed", _("standings changed")


URGENT: Final = frozenset(
    {
        NoticeKind.YOUR_TURN,
        NoticeKind.RETURNED,
        NoticeKind.APPROVED,
        NoticeKind.EVIDENCE_ASKED,
        NoticeKind.EVIDENCE_GIVEN,
        NoticeKind.EVIDENCE_DUE,
        NoticeKind.REVIEW_DUE,
        NoticeKind.CONDITION_DUE,
        NoticeKind.TRANSFER_OFFERED,
        NoticeKind.LOAN_OVERDUE,
        NoticeKind.WAIVER_GRANTED,
        NoticeKind.WAIVER_ENDED,
        NoticeKind.WAIVER_ENDING,
    }
)
"""The reader's turn, or a deadline: mailed at once to those who want that."""
