"""Doing once what is sent twice: the answer to a change is kept beside it, in the same transaction."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Func

from agencies.context import acting_as
from agencies.models import Person
from records.models import KeptAnswer

KEPT: Final = timedelta(hours=24)
LOCK: Final = 0x4B455953
"""The first of the two numbers of the locks on keys; the second follows from person and key."""


def held_answer(person: Person, key: str) -> KeptAnswer | None:
    """What was kept under this key. Until the transaction ends nobody else asks for it: who does waits here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, f"{person.pk}:{key}"]
        )
    return KeptAnswer.objects.filter(person=person, key=key).first()


def keep_answer(answer: KeptAnswer) -> None:
    """For those who see at least the agencies that this transaction works for.

    IntegrityError where the key was used by a person who has lost one of the agencies of that time.
    """
    answer.agencies = Func(function="app_agencies")
    answer.save(force_insert=True)


def forget_answers(now: datetime) -> int:
    """Delete what was kept long enough. How many there were."""
    with acting_as(None):
        return KeptAnswer.objects.filter(at__lt=now - KEPT).delete()[0]
