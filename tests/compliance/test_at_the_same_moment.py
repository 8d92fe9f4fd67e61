"""Two who evaluate one build at the same moment: one after the other, and the later one knows what the earlier stored."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg2
from django.db import DatabaseError, connections

from agencies.context import acting_as
from compliance.assess import ASSESSMENT_LOCK, refresh, refresh_drone
from compliance.models import RuleResult
from tests.databases import FreshDatabase
from tests.people import settle
from tests.worlds import furnish

HELD = (
    "select count(*) from pg_locks where locktype = 'advisory' and classid = %s and objid = %s"
    " and database = (select oid from pg_database where datname = current_database())"
)


def test_two_refreshes_of_a_build_at_the_same_moment_both_end_well(
    fresh_database: FreshDatabase,
) -> None:
    world = furnish(settle())
    start = Barrier(2)

    def run(_: int) -> list[str]:
        try:
            return [_one() for _ in range(10)]
        finally:
            connections.close_all()

    def _one() -> str:
        start.wait()
        try:
            refresh([world.clean.pk])
        except DatabaseError as error:
            return repr(error)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(run, range(2)))
    assert ends == [["done"] * 10] * 2
    assert RuleResult.objects.current().filter(build=world.clean).count() == 2


def test_an_aircraft_that_is_logged_holds_its_build_until_it_is_stored(
    fresh_database: FreshDatabase,
) -> None:
    """Else a change of the build's facts at that moment would miss the aircraft, and the aircraft the facts."""
    society = settle()
    world = furnish(society)
    with psycopg2.connect(fresh_database.owner_dsn) as other, other.cursor() as cursor:
        found = []
        with acting_as(society.people.aiko):
            refresh_drone(world.patrol)
            cursor.execute(HELD, [ASSESSMENT_LOCK, world.clean.pk])
            found.append(cursor.fetchone())
        cursor.execute(HELD, [ASSESSMENT_LOCK, world.clean.pk])
        found.append(cursor.fetchone())
    assert found == [(1,), (0,)]
