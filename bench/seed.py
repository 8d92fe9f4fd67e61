"""The seeded world: the same for the same number of aircraft, whenever and wherever it is made."""

import random
import time
from typing import Final

from django.core.management import call_command
from django.db import connections

from agencies.models import Person
from bench import place
from bench.report import say
from bench.seed_fleet import seed_fleet
from bench.seed_models import seed_models
from bench.seed_people import STEWARD, seed_people
from bench.seed_rules import seed_rules
from bench.seed_vendors import seed_vendors
from bench.size import Size
from compliance.feed import assess_everything
from config.embedded import Cluster
from config.roles import OWNER_ALIAS

SEED: Final = 20_261_001


def make_ready(cluster: Cluster, rows: int) -> None:
    """A fresh copy of the seeded database, which is made first where it is missing or out of date."""
    mark = place.fingerprint(rows)
    if not place.is_seeded(cluster, mark):
        began = time.perf_counter()
        place.begin_anew(cluster)
        _seed(cluster, rows)
        connections.close_all()
        place.keep(cluster, mark, round(time.perf_counter() - began, 1))
    place.copy_seeded(cluster)


def _seed(cluster: Cluster, rows: int) -> None:
    call_command("migrate", database=OWNER_ALIAS, verbosity=0, skip_checks=True)
    size = Size(rows)
    chance = random.Random(SEED)  # noqa: S311 - drawn to be repeated
    with say("agencies, vendors, models"), place.session(cluster) as db:
        agencies = seed_people(chance)
        steward = Person.objects.get(email=STEWARD).pk
        seed_vendors(db, size, chance, steward)
        seed_models(db, size, chance, steward)
        seed_rules(size, chance)
    with say(f"{rows:,} aircraft"), place.session(cluster) as db:
        seed_fleet(db, chance, size, agencies)
        _analyse(cluster)
    with say("results and standings"):
        assess_everything()
    with say("statistics"):
        _analyse(cluster)


def _analyse(cluster: Cluster) -> None:
    with place.session(cluster) as db, db.cursor() as cursor:
        cursor.execute("vacuum (analyze)")
