"""What a notice says, in the language of whoever reads it, and where it leads.

Parameters are JSON. One that is `{"en": …, "ja": …}` is a name in both languages, one that is
`{"day": "2026-04-01"}` a day; any other is taken as it is.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from records.models import Notice
from records.notice_kinds import NoticeKind

LANGUAGES: Final = ("en", "ja")
DAY: Final = {"en": "j M Y", "ja": "Y年n月j日"}

SENTENCES: Mapping[str, Promise] = {
    NoticeKind.YOUR_TURN: _("“%(label)s” is in the state “%(state)s” and waits for you."),
    NoticeKind.RETURNED: _("“%(label)s” was returned to you. The letter says what to change."),
    NoticeKind.APPROVED: _("“%(label)s” is approved. You may place the order."),
    NoticeKind.DECLINED: _("“%(label)s” was declined. The reasons stand in its timeline."),
    NoticeKind.CANCELLED: _("“%(label)s” was cancelled. The reasons stand in its timeline."),
    NoticeKind.RECHECKED: _(
        "“%(label)s” was sent back to security review, because what it was approved on no longer holds."
    ),
    NoticeKind.EVIDENCE_ASKED: _(
        "Evidence is asked for on “%(label)s”, by %(day)s. Until you answer, the review stands still."
    ),
    NoticeKind.EVIDENCE_GIVEN: _("The evidence asked for on “%(label)s” has been given."),
    NoticeKind.EVIDENCE_DUE: _(
        "The evidence asked for on “%(label)s” is due on %(day)s, and nobody has answered yet."
    ),
    NoticeKind.REVIEW_DUE: _("The review of “%(label)s” is due on %(day)s."),
    NoticeKind.CONDITION_DUE: _(
        "A condition of the approval of “%(label)s” is to be met by %(day)s and is open."
    ),
    NoticeKind.CLAIM_ENDED: _(
        "You took on the review of “%(label)s” and took no step for some time. It is open to others again."
    ),
    NoticeKind.CLAIM_TAKEN_OVER: _("%(person)s has taken over the review of “%(label)s” from you."),
    NoticeKind.TRANSFER_OFFERED: _("%(agency)s offers your agency an aircraft: %(label)s."),
    NoticeKind.TRANSFER_ANSWERED: _(
        "%(agency)s has answered the offer of an aircraft: %(label)s. The answer is: %(state)s."
    ),
    NoticeKind.LOAN_OVERDUE: _("The aircraft %(label)s was due back on %(day)s."),
    NoticeKind.WAIVER_GRANTED: _(
        "The waiver %(label)s is granted to %(agency)s, from %(begins)s through %(day)s."
    ),
    NoticeKind.WAIVER_DECLINED: _(
        "The waiver %(label)s asked for at %(agency)s is declined. The reason stands on its page."
    ),
    NoticeKind.WAIVER_ENDED: _(
        "The waiver %(label)s of %(agency)s is ended early: its last day is %(day)s. What it covers is judged without it from the next day."
    ),
    NoticeKind.WAIVER_ENDING: _(
        "The waiver %(label)s holds until %(day)s. What it covers is judged without it from the next day."
    ),
    NoticeKind.STANDINGS_CHANGED: _(
        "The standing of aircraft of %(agency)s changed on %(on)s: %(states)s."
    ),
}
ROUTES: Mapping[str, str] = {
    "procurement_purchase": "purchase",
    "registry_incomingtransfer": "transfer",
    "registry_transferoffer": "transfer",
    "registry_drone": "drone",
    "compliance_waiver": "waiver",
}
"""The page of a record by the name of its table."""
TO_REVIEW: Final = frozenset(
    {
        NoticeKind.EVIDENCE_GIVEN,
        NoticeKind.REVIEW_DUE,
        NoticeKind.CLAIM_ENDED,
        NoticeKind.CLAIM_TAKEN_OVER,
    }
)
"""About purchases, and dealt with on the page of the review."""


def sentence(notice: Notice) -> str:
    """What the notice says, in the language of the moment."""
    filled = {name: _said(value) for name, value in notice.parameters.items()}
    return str(SENTENCES[notice.kind]) % {"label": notice.label, **filled}


def _said(value: Any) -> str:
    language = "ja" if (get_language() or "").startswith("ja") else "en"
    if isinstance(value, dict) and "day" in value:
        return date_text(date.fromisoformat(value["day"]), DAY[language])
    return str(value[language]) if isinstance(value, dict) else str(value)


def in_both(text: object) -> dict[str, str]:
    """A name in every language, as a parameter: a translated text, or a record that names itself."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = str(text)
    return said


def on_day(day: date) -> dict[str, str]:
    """A day as a parameter."""
    return {"day": day.isoformat()}


def address(notice: Notice) -> str:
    """Where the notice leads: the page of its record, from the root of the site."""
    if notice.kind == NoticeKind.STANDINGS_CHANGED:
        return f"{reverse('drones')}?agency={notice.record_id}"
    in_review = notice.parameters.get("review") or notice.kind in TO_REVIEW
    route = "review" if in_review else ROUTES[notice.record_table]
    return reverse(route, args=[notice.record_id])
