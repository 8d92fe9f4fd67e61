"""Any two acts that can meet, at the same moment over two real connections: as if one had come after the other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest
from django.db import connections

from agencies.context import acting_as
from compliance.models import ListMatch
from procurement.errors import NotAllowed, NotNow
from procurement.models import Claim, Move, Purchase
from tests.databases import FreshDatabase
from tests.people import Society, settle
from tests.procurement.racing import DONE, PAIRS, Act, Pair, Race, drafted
from tests.worlds import IN_FORCE, World, furnish


@pytest.fixture
def both(fresh_database: FreshDatabase) -> Iterator[ThreadPoolExecutor]:
    """Two threads, each with a connection of its own for all the races of a test."""
    with ThreadPoolExecutor(2) as pool:
        yield pool
        meet = Barrier(2)
        list(pool.map(lambda _: leave(meet), range(2)))


def leave(meet: Barrier) -> None:
    meet.wait()
    connections.close_all()


def ready(society: Society, world: World) -> None:
    """The entry is known to be the maker of the clean build before any edition names it."""
    with acting_as(society.people.goro):
        ListMatch.objects.create(
            list=world.companies,
            entry_key="sora aircraft",
            vendor=world.sora,
            decision=ListMatch.Decision.SAME,
            reason="Same name and seat.",
            decided_by=society.people.goro,
            decided_on=IN_FORCE,
        )


def outcome(act: Act, race: Race, start: Barrier) -> tuple[str, object]:
    start.wait()
    try:
        return DONE, act(race)
    except (NotNow, NotAllowed) as refused:
        return f"{type(refused).__name__} {refused.guard}", refused
    except Purchase.DoesNotExist as refused:
        return "DoesNotExist", refused


def run(pair: Pair, race: Race, both: ThreadPoolExecutor) -> tuple[str, str]:
    """What the two came to. No step was made twice or in vain, and who lost was told what happened."""
    pair.begins(race)
    before, start = race.moves(), Barrier(2)
    race.claimed = held(race)
    acts = [both.submit(outcome, act, race, start) for act in (pair.mine, pair.theirs)]
    (mine, its), (theirs, others) = (each.result() for each in acts)
    made = [each for each in (its, others) if isinstance(each, Move)]
    after = race.moves()
    assert {each.pk for each in after[len(before) :]} == {each.pk for each in made}
    assert [each.no for each in after] == list(range(1, len(after) + 1))
    chain = [each.to_status for each in after]
    assert [each.from_status for each in after[1:]] == chain[:-1]
    assert race.now().status == (chain[-1] if chain else "draft")
    for lost in (its, others):
        if isinstance(lost, NotNow) and made and lost.guard in ("moved", "transition"):
            assert lost.moves[:1] == tuple(made), "the loser was not told"
    return mine, theirs


def held(race: Race) -> Claim | None:
    with acting_as(None):
        rows = Claim.objects.unscoped(reason="before a race").filter(purchase=race.purchase)
        return rows.filter(ended_at=None).first()


@pytest.mark.parametrize("times", [2, pytest.param(143, marks=pytest.mark.slow)])
def test_two_acts_at_one_moment_come_to_what_one_after_the_other_could(
    both: ThreadPoolExecutor, times: int
) -> None:
    society = settle()
    world = furnish(society)
    ready(society, world)
    numbers = count()
    for name in sorted(PAIRS) * times:
        pair, race = PAIRS[name], Race(society, world, next(numbers), drafted(society, world))
        found = run(pair, race, both)
        assert found in pair.allowed, f"{name}: {found}"
        pair.afterwards(race)
