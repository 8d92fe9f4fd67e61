"""Two people act at the same moment, over two real connections."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg2
import pytest
from django.db import DatabaseError, connections
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from procurement.dossiers import compose
from procurement.errors import NotNow
from procurement.models import Dossier, Move, Purchase
from procurement.requests import Request
from procurement.states import Action
from procurement.workflow import lines_of, perform
from tests.databases import FreshDatabase
from tests.people import Society, settle
from tests.procurement.steps import freeze, step
from tests.worlds import World, draft, furnish

Outcome = Move | NotNow | DatabaseError
Act = tuple[Person, Action]


@pytest.fixture
def society_at_work(fresh_database: FreshDatabase) -> Society:
    return settle()


@pytest.fixture
def world_at_work(society_at_work: Society) -> World:
    return furnish(society_at_work)


def waiting_for_review(
    world: World, society: Society, count: int, *, real: bool = False
) -> list[Purchase]:
    """Purchases of the Coast Guard that wait for a security reviewer; with their `real` dossiers, which
    approvals compare with today's facts and nothing else reads."""
    return [_handed_in(world, society, real=real) for _ in range(count)]


def _handed_in(world: World, society: Society, *, real: bool) -> Purchase:
    aiko, ben = society.people.aiko, society.people.ben
    purchase = draft(aiko, society.tree.coast_guard, world.clean)
    dossier = _real_dossier(purchase, aiko) if real else freeze(purchase, aiko)
    step(purchase, "submit", "agency_review", aiko, dossier=dossier)
    step(purchase, "approve", "security_review", ben)
    return purchase


def _real_dossier(purchase: Purchase, by: Person) -> Dossier:
    with acting_as(by):
        composed = compose(purchase, lines_of(purchase, by), timezone.localdate())
    return freeze(purchase, by, body=composed.text, digest=composed.digest)


def act(who: Act, purchase: Purchase, start: Barrier) -> Outcome:
    person, action = who
    assert purchase.dossier is not None
    request = Request(
        version=purchase.version,
        digest=purchase.dossier.digest,
        reasons=() if action == Action.APPROVE else ["other"],
    )
    start.wait()
    try:
        with acting_as(person):
            return perform(action, purchase.pk, by=person, request=request)
    except (NotNow, DatabaseError) as refused:
        return refused


def race(purchases: Sequence[Purchase], first: Act, second: Act) -> list[tuple[Outcome, Outcome]]:
    """Both act on each of the purchases at the same moment."""
    start = Barrier(2)

    def run(who: Act) -> list[Outcome]:
        try:
            return [act(who, purchase, start) for purchase in purchases]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        mine, theirs = pool.map(run, (first, second))
    return list(zip(mine, theirs, strict=True))


def faults(purchases: Sequence[Purchase], outcomes: list[tuple[Outcome, Outcome]]) -> list[str]:
    """What is wrong with the outcomes: one of the two must have moved the purchase, once, and the other must know."""
    found = []
    with acting_as(None):
        moves = Move.objects.unscoped(reason="what the race left").filter(
            from_status="security_review"
        )
        left = list(moves.values_list("purchase_id", flat=True))
    for purchase, (mine, theirs) in zip(purchases, outcomes, strict=True):
        made = [each for each in (mine, theirs) if isinstance(each, Move)]
        told = [each for each in (mine, theirs) if isinstance(each, NotNow)]
        if left.count(purchase.pk) != 1 or len(made) != 1:
            found.append(
                f"{purchase.number}: {left.count(purchase.pk)} moves, {len(made)} successes"
            )
        elif not told or told[0].moves[:1] != (made[0],):
            found.append(f"{purchase.number}: the loser was told {mine!r} / {theirs!r}")
    return found


def break_lock(database: FreshDatabase) -> None:
    """Take the lock out of the trigger that moves purchases."""
    with psycopg2.connect(database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute("select pg_get_functiondef('procurement_move_purchase'::regproc)")
        (definition,) = cursor.fetchone()
        unlocked = definition.replace(" for update;", ";")
        assert unlocked != definition
        cursor.execute(unlocked)


def break_lock_and_key(database: FreshDatabase) -> None:
    """And the key over the number of the move, which would still stop the second of two."""
    break_lock(database)
    with psycopg2.connect(database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute("alter table procurement_move drop constraint move_number_once")


def test_of_two_reviewers_at_the_same_moment_one_decides_and_the_other_reads_what_happened(
    world_at_work: World, society_at_work: Society
) -> None:
    people = society_at_work.people
    purchases = waiting_for_review(world_at_work, society_at_work, 200)
    outcomes = race(purchases, (people.chie, Action.RETURN), (people.haru, Action.DECLINE))
    assert faults(purchases, outcomes) == []
    with acting_as(None):
        moves = Move.objects.unscoped(reason="what the race left")
        assert moves.filter(from_status="security_review").count() == 200


def test_of_two_approvals_at_the_same_moment_one_counts(
    world_at_work: World, society_at_work: Society
) -> None:
    people = society_at_work.people
    purchases = waiting_for_review(world_at_work, society_at_work, 10, real=True)
    outcomes = race(purchases, (people.chie, Action.APPROVE), (people.haru, Action.APPROVE))
    assert faults(purchases, outcomes) == []


@pytest.mark.parametrize(
    ("broken", "sign"),
    [(break_lock, "IntegrityError"), (break_lock_and_key, "2 moves, 2 successes")],
)
def test_without_the_lock_the_same_race_goes_wrong(
    world_at_work: World,
    society_at_work: Society,
    fresh_database: FreshDatabase,
    broken: Callable[[FreshDatabase], None],
    sign: str,
) -> None:
    people = society_at_work.people
    purchases = waiting_for_review(world_at_work, society_at_work, 50)
    broken(fresh_database)
    outcomes = race(purchases, (people.chie, Action.RETURN), (people.haru, Action.DECLINE))
    assert any(sign in fault for fault in faults(purchases, outcomes))
