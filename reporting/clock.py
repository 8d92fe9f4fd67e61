"""What the program does by itself, and when: one list, which the worker goes through every few seconds.

Each part may be interrupted anywhere and run again, and a part that fails leaves the others to be done.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final

import structlog
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from agencies.context import acting_as
from compliance.feed import assess_touched
from procurement.news import follow_trail, remind
from procurement.recheck import recheck_purchases
from records.kept_answers import forget_answers
from records.models import Bookmark
from records.outbox import Sent, send_due
from reporting.counting import count, uncounted_anywhere
from reporting.digests import enter_digests
from reporting.mails import compose

PAUSE: Final = timedelta(seconds=15)
KEPT: Final = timedelta(hours=1)
LOST: Final = timedelta(days=1)
"""A round that began so long ago died."""
NIGHT: Final = time(4)
"""From this hour on what is stale is evaluated and what was approved is compared, once a day."""

AGENCIES: Final = 10
"""So many are counted in one transaction."""

log = structlog.get_logger(__name__)


def tell(now: datetime) -> Sent:
    """Notices of what happened and of what is due, the mails of the day, and what is to be sent."""
    follow_trail()
    remind(timezone.localtime(now).date())
    enter_digests(now)
    return send_due(compose, now=max(now, timezone.now()))  # what was entered just now is due too


def check_daily(now: datetime) -> bool:
    """Evaluate what is stale, then send back what was approved and no longer holds. Whether it was done now."""
    local = timezone.localtime(now)
    today = local.date().toordinal()
    if local.time() < NIGHT or _place("recheck") >= today:
        return False
    assess_touched()
    recheck_purchases()
    with acting_as(None, reason="recheck"):
        Bookmark.objects.update_or_create(name="recheck", defaults={"place": today})
    return True


def _place(name: str) -> int:
    with acting_as(None):
        return Bookmark.objects.filter(pk=name).values_list("place", flat=True).first() or 0


def count_aircraft(now: datetime) -> None:
    """What no page has counted, a few agencies at a time."""
    with acting_as(None):
        waiting = uncounted_anywhere()
    for start in range(0, len(waiting), AGENCIES):
        count(waiting[start : start + AGENCIES])


PARTS: Final[tuple[Callable[[datetime], object], ...]] = (
    tell,
    check_daily,
    count_aircraft,
    forget_answers,
)


def run_due(now: datetime) -> None:
    """All that is due at this moment."""
    for part in PARTS:
        try:
            part(now)
        except Exception:  # it is said in the log, and the next part and the next round come
            log.exception("a part of the clock failed", part=part.__name__)


@task()
def tick() -> None:
    """Goes round for ever: the next round is entered before this one begins, so that whoever dies in it ends nothing."""
    wind_up(timezone.now() + PAUSE)
    run_due(timezone.now())


def wind_up(next_at: datetime) -> None:
    """Enter the next round unless one waits already, and drop those that have ended."""
    rounds = DBTaskResult.objects.filter(task_path=tick.module_path)
    if not rounds.filter(status=TaskResultStatus.READY).exists():
        tick.using(run_after=next_at).enqueue()
    over = Q(finished_at__lt=timezone.now() - KEPT) | Q(started_at__lt=timezone.now() - LOST)
    rounds.filter(over).delete()
