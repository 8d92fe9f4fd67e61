"""Aircraft: as many as asked for, spread unevenly over agencies and builds."""

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from psycopg2 import extensions

from bench.copying import copy_into
from bench.seed_people import weights
from bench.size import Size
from registry.models import Drone
from standards.asset_tags import LIMIT, asset_tag
from standards.missions import MISSIONS

BEGAN = datetime(2020, 4, 1, tzinfo=UTC)
STATUSES = ("in_service", "stored", "grounded", "lent", "lost", "disposed")
SHARES = (80, 8, 4, 2, 1, 5)
MISSION_SETS = 24
BUILD_SKEW = 0.3
ASSORTMENT = 80
COLUMNS = (
    *("id", "airframe", "agency_id", "build_id", "serial_number", "serial_missing_because"),
    *("asset_tag", "status", "lent_to", "missions", "place", "acquired_on", "price", "note"),
    "recorded_at",
)


def seed_fleet(
    db: extensions.connection, chance: random.Random, size: Size, agencies: list[int]
) -> None:
    copy_into(db, Drone, COLUMNS, _aircraft(chance, size, agencies))


def _aircraft(chance: random.Random, size: Size, agencies: list[int]) -> Iterator[Sequence[object]]:
    """One row each; ids follow the time of recording, as those of the program do."""
    kinds = _mission_sets(chance)
    holders = chance.choices(agencies, weights(), k=size.aircraft)
    assortments = _assortments(chance, size, agencies)
    habits = {agency: chance.sample(kinds, 6) for agency in agencies}
    tags = _tags(chance)
    for number in range(size.aircraft):
        moment = BEGAN + timedelta(seconds=number * 180)
        build = _build(chance, assortments[holders[number]])
        status = chance.choices(STATUSES, SHARES)[0]
        serial = "" if number % 50 == 0 else _serial(number, build)
        yield (
            *(_id(moment, number), _uuid(chance), holders[number], build, serial),
            *("" if serial else "plate not readable", next(tags)),
            *(status, "Another office" if status == "lent" else ""),
            habits[holders[number]][int(6 * chance.random() ** 2)],
            *(f"Office {number % 40}", date(2018, 4, 1) + timedelta(days=number % 2_900)),
            *(100_000 + number % 977 * 1_000, "", moment.isoformat()),
        )


def _mission_sets(chance: random.Random) -> list[list[str]]:
    """What aircraft are used for: one to three missions; now and then nobody said."""
    codes = sorted(MISSIONS.codes)
    sets = [sorted(chance.sample(codes, chance.randint(1, 3))) for _ in range(MISSION_SETS - 1)]
    return [*sets, []]


def _assortments(chance: random.Random, size: Size, agencies: list[int]) -> dict[int, list[int]]:
    """The builds that each agency has, those it has most of first: it buys few kinds, and everybody buys some.

    One in ten is of unknown configuration.
    """
    known = list(range(1, size.builds + 1))
    chance.shuffle(known)
    popular = [1 / rank**BUILD_SKEW for rank in range(1, size.builds + 1)]
    unknown = range(size.builds + 1, size.builds + size.models + 1)
    found = {}
    for agency in agencies:
        some = dict.fromkeys(chance.choices(known, popular, k=ASSORTMENT))
        found[agency] = [*some, *chance.choices(unknown, k=ASSORTMENT // 10)]
    return found


def _build(chance: random.Random, assortment: list[int]) -> int:
    return assortment[int(len(assortment) * chance.random() ** 2)]


def _serial(number: int, build: int) -> str:
    return f"{'ABCDEFGHJK'[build % 10]}{build:04}-{number:07}"


def _tags(chance: random.Random) -> Iterator[str]:
    """Tags in steps of a fixed width from a drawn start: no two are the same."""
    step, start = LIMIT // 20_000_003, chance.randrange(LIMIT)
    number = start
    while True:
        yield asset_tag(number % LIMIT)
        number += step


def _id(moment: datetime, number: int) -> uuid.UUID:
    """UUID version 7 of this moment."""
    millisecond = int(moment.timestamp() * 1_000)
    return uuid.UUID(int=millisecond << 80 | 7 << 76 | 2 << 62 | number)


def _uuid(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
