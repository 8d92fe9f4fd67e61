"""Numbers, money and dates as readers of Japanese and of English write them."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.dateformat import format as date_text
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standards.eras import DayError, era_date

register = template.Library()

DAY = {"ja": "Y年n月j日", "en": "j M Y"}
TIME = {"ja": "Y年n月j日 H:i", "en": "j M Y, H:i"}


def _language() -> str:
    return "ja" if (get_language() or "en").startswith("ja") else "en"


@register.simple_tag
def missing() -> SafeString:
    """The mark for a value nobody has recorded: a dash to the eye, words to a screen reader."""
    return format_html(
        '<span class="missing"><span aria-hidden="true">—</span><span class="visually-hidden">{}</span></span>',
        _("not recorded"),
    )


@register.filter
def number(value: object) -> object:
    """1234567 → 1,234,567. Text (such as "withheld") passes through; None is the mark for missing."""
    if value is None or value == "":
        return missing()
    return f"{value:,}" if isinstance(value, int | float | Decimal) else value


@register.filter
def money(amount: int | Decimal | None, currency: str = "JPY") -> str | SafeString:
    """Yen as 1,234,000円 or ¥1,234,000; any other currency by its ISO code, as USD 1,234."""
    if amount is None:
        return missing()
    if currency != "JPY":
        return f"{currency} {amount:,}"
    return f"{amount:,}円" if _language() == "ja" else f"¥{amount:,}"


def _time_element(machine: str, text: str) -> SafeString:
    return format_html('<time class="nowrap" datetime="{}">{}</time>', machine, text)


def day_text(value: date) -> str:
    """A day as plain text, for sentences."""
    return date_text(value, DAY[_language()])


@register.filter
def day(value: date | None) -> SafeString:
    """A date: 2026年11月22日 or 22 Nov 2026. Of a datetime, its day in local time."""
    if not value:
        return missing()
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _time_element(local.isoformat(), date_text(local, DAY[_language()]))


@register.filter
def moment(value: datetime | None) -> SafeString:
    """A point in time, to the minute, in local time."""
    if not value:
        return missing()
    local = timezone.localtime(value)
    return _time_element(local.isoformat(timespec="seconds"), date_text(local, TIME[_language()]))


@register.filter
def era(value: date | None) -> SafeString:
    """A date as Japanese administration writes it, 令和8年11月22日（2026年）.

    In English, and before the eras that `standards.eras` knows, the same as `day`.
    """
    if not value or _language() != "ja":
        return day(value)
    try:
        text = f"{era_date(value)}（{value.year}年）"
    except DayError:
        return day(value)
    return _time_element(value.isoformat(), text)
