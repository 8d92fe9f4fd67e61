"""Killed in the middle of a step: it was taken whole or not at all, and trying again comes to the same end."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest
from django.db import connection

from agencies.context import acting_as
from procurement.errors import NotNow
from procurement.models import Line, Purchase
from procurement.receipts import Unit
from procurement.requests import Request
from procurement.states import Action
from procurement.workflow import perform
from tests.databases import FreshDatabase
from tests.people import Society, settle
from tests.procurement.test_available import take
from tests.worlds import World, draft, furnish

PROJECT = Path(__file__).parent.parent.parent
BEFORE_ITS_END, AFTER_ITS_END = "before", "after"
KILLED = -9

# A process that holds no connection of its own: it forks one for each step, which dies when it is told to (at the
# end of its transaction, or after so many seconds), and says how that went and how long it took.
STEPS = """
import json, os, signal, sys, threading, time, django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from uuid import UUID
from django.db import connection
from agencies.context import acting_as
from agencies.models import Person
from procurement.receipts import Unit
from procurement.requests import Request
from procurement.workflow import perform

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def step(job):
    with acting_as(None):
        by = Person.objects.get(email=job["by"])
    units = [Unit(UUID(line), serial) for line, serial in job["units"]]
    request = Request(job["version"], job["digest"], units=units)
    real = connection.commit
    def commit():
        if job["dies"] == "before": die()
        real()
        if job["dies"] == "after": die()
    connection.commit = commit
    if isinstance(job["dies"], float): threading.Timer(job["dies"], die).start()
    with acting_as(by):
        perform(job["action"], UUID(job["purchase"]), by=by, request=request)

for line in sys.stdin:
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        step(json.loads(line))
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([ended, time.monotonic() - begun]), flush=True)
"""

# What a step leaves, in counts; the trail without attempts that were refused.
LEFT = """
    select p.status, p.version, p.round, p.moves_made,
      (select count(*) from procurement_move), (select count(*) from procurement_dossier),
      (select count(*) from procurement_receivedunit), (select count(*) from registry_drone),
      (select count(*) from audit_event where action <> 'refuse')
    from procurement_purchase p where p.id = %s"""
OTHERS = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


@dataclass
class Steps:
    """The process that takes steps."""

    process: "subprocess.Popen[str]"

    def take(self, job: dict[str, Any], dies: str | float = "") -> tuple[int, float]:
        """How it ended, and after how many seconds; what it began is settled then."""
        sent, said = self.process.stdin, self.process.stdout
        assert sent is not None
        assert said is not None
        _send(sent, {**job, "dies": dies})
        ended, seconds = json.loads(said.readline())
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            while cursor.fetchone()[0]:
                cursor.execute("select pg_sleep(0.01)")
                cursor.execute("select pg_stat_clear_snapshot()")
                cursor.execute(OTHERS)
        return ended, seconds


def _send(to: IO[str], job: dict[str, Any]) -> None:
    to.write(json.dumps(job) + "\n")
    to.flush()


@pytest.fixture
def steps(fresh_database: FreshDatabase) -> Iterator[Steps]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", STEPS, fresh_database.name],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Steps(process)
    process.communicate()


@pytest.fixture
def society_at_work(fresh_database: FreshDatabase) -> Society:
    return settle()


@pytest.fixture
def world_at_work(society_at_work: Society) -> World:
    return furnish(society_at_work)


def waiting_for(action: Action, society: Society, world: World) -> Purchase:
    """A purchase that waits for this step."""
    people = society.people
    purchase = draft(people.aiko, society.tree.coast_guard, world.clean)
    if action in (Action.APPROVE, Action.RECEIVE):
        take(purchase, Action.SUBMIT, people.aiko)
    if action == Action.RECEIVE:
        take(purchase, Action.APPROVE, people.ben)
        take(purchase, Action.APPROVE, people.chie)
        take(purchase, Action.ORDER, people.aiko, contract_reference="R8-1")
    with acting_as(None):
        rows = Purchase.objects.unscoped(reason="as it is now").select_related("dossier")
        return rows.get(pk=purchase.pk)


WHO = {Action.SUBMIT: "aiko", Action.APPROVE: "ben", Action.RECEIVE: "emi"}


def job_of(action: Action, purchase: Purchase) -> dict[str, Any]:
    with acting_as(None):
        line = Line.objects.unscoped(reason="its line").get(purchase=purchase)
    plates = [f"{purchase.number}-{plate}" for plate in (1, 2)]
    return {
        "action": action.value,
        "by": f"{WHO[action]}@test.example",
        "purchase": str(purchase.pk),
        "version": purchase.version,
        "digest": purchase.dossier.digest if purchase.dossier else "",
        "units": [(str(line.pk), each) for each in plates] if action == Action.RECEIVE else [],
    }


def again(action: Action, purchase: Purchase, society: Society, job: dict[str, Any]) -> None:
    """The same person sends the same once more."""
    by = getattr(society.people, WHO[action])
    with acting_as(None):
        line = Line.objects.unscoped(reason="its line").get(purchase=purchase)
    units = [Unit(line.pk, serial) for _line, serial in job["units"]]
    with acting_as(by):
        perform(
            action, purchase.pk, by=by, request=Request(job["version"], job["digest"], units=units)
        )


def left(purchase: Purchase) -> list[Any]:
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute(LEFT, [purchase.pk])
        return list(cursor.fetchone())


def brought(before: list[Any], after: list[Any]) -> list[Any]:
    """The state that it came to, and how much more there is of everything else."""
    return [after[0], *(new - old for old, new in zip(before[1:], after[1:], strict=True))]


def undisturbed(
    action: Action, steps: Steps, society: Society, world: World
) -> tuple[list[Any], float]:
    """What the step brings when nothing happens to it, and how long it takes."""
    purchase = waiting_for(action, society, world)
    before = left(purchase)
    ended, seconds = steps.take(job_of(action, purchase))
    assert ended == 0
    return brought(before, left(purchase)), seconds


def killed(
    action: Action,
    dies: str | float,
    steps: Steps,
    society: Society,
    world: World,
    whole: list[Any],
) -> tuple[int, bool]:
    """How it ended, and whether the step was taken by then; after another try it has been, once."""
    purchase = waiting_for(action, society, world)
    job, before = job_of(action, purchase), left(purchase)
    ended, _seconds = steps.take(job, dies)
    found = brought(before, left(purchase))
    nothing = [before[0]] + [0] * (len(whole) - 1)
    assert found in (nothing, whole), f"{action} was taken by half: {found}"
    taken = found == whole
    if taken:
        with pytest.raises(NotNow):
            again(action, purchase, society, job)
    else:
        again(action, purchase, society, job)
    assert brought(before, left(purchase)) == whole
    return ended, taken


@pytest.mark.parametrize("action", WHO)
def test_killed_at_the_end_of_its_transaction_a_step_was_taken_whole_or_not_at_all(
    action: Action, steps: Steps, society_at_work: Society, world_at_work: World
) -> None:
    whole, _seconds = undisturbed(action, steps, society_at_work, world_at_work)
    for dies, taken in ((BEFORE_ITS_END, False), (AFTER_ITS_END, True)):
        found = killed(action, dies, steps, society_at_work, world_at_work, whole)
        assert found == (KILLED, taken), dies


@pytest.mark.slow
def test_killed_at_any_moment_a_step_was_taken_whole_or_not_at_all(
    steps: Steps, society_at_work: Society, world_at_work: World
) -> None:
    chance, kills = random.Random(20260401), 0  # noqa: S311  # not a secret
    for action in WHO:
        whole, seconds = undisturbed(action, steps, society_at_work, world_at_work)
        for _ in range(17):
            dies = chance.uniform(0, seconds)
            found = killed(action, dies, steps, society_at_work, world_at_work, whole)
            kills += found[0] == KILLED
    assert kills > 25
