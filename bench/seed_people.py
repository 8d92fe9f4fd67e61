"""Two hundred agencies below a centre, and the people who read the pages that are measured."""

import itertools
import random
from collections.abc import Iterator
from datetime import date

from django.contrib.auth.hashers import make_password

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person
from bench.size import AGENCIES

SKEW = 0.8  # the largest agency holds about a tenth of all aircraft
CENTRE, CUSTODIAN = "centre@bench.example", "custodian@bench.example"
STEWARD, DRAFTER, PUBLISHER = (
    "steward@bench.example",
    "drafter@bench.example",
    "publisher@bench.example",
)
PASSWORD = "a long passphrase of the benchmark"  # noqa: S105 - of a database that only benchmarks see
PREFECTURES = ("北海", "東", "西", "南", "北", "中央", "港", "山", "川", "海")
DUTIES = (
    "Coast",
    "Forest",
    "River",
    "Road",
    "Harbour",
    "Survey",
    "Rescue",
    "Weather",
    "Air",
    "Land",
)


def seed_people(chance: random.Random) -> list[int]:
    """Ids of the agencies that hold aircraft, the largest first."""
    with acting_as(None, reason="seed"):
        root = Agency.objects.create(
            code="bench",
            kind=Agency.Kind.CENTRAL,
            name_en="Central authority",
            name_local="中央機関",
        )
        ministries = Agency.objects.bulk_create(_ministries(root))
        agencies = Agency.objects.bulk_create(_agencies(ministries, chance))
    with acting_as(None, reason="seed"):
        _people(root, agencies[0])
    return [agency.pk for agency in agencies]


def weights() -> list[float]:
    """How often each agency is drawn, in the order of `seed_people`."""
    return [1 / (rank**SKEW) for rank in range(1, AGENCIES + 1)]


def _ministries(root: Agency) -> Iterator[Agency]:
    for number, duty in enumerate(DUTIES):
        yield Agency(
            code=f"ministry-{number}",
            kind=Agency.Kind.MINISTRY,
            name_en=f"Ministry of {duty}",
            name_local=f"{PREFECTURES[number]}省",
            parent=root,
        )


def _agencies(ministries: list[Agency], chance: random.Random) -> Iterator[Agency]:
    kinds = [
        Agency.Kind.AGENCY,
        Agency.Kind.INCORPORATED,
        Agency.Kind.DESIGNATED,
        Agency.Kind.LOCAL,
    ]
    pairs = itertools.cycle(itertools.product(PREFECTURES, DUTIES))
    for number, (place, duty) in zip(range(AGENCIES), pairs, strict=False):
        yield Agency(
            code=f"agency-{number:03}",
            kind=chance.choices(kinds, [4, 2, 1, 3])[0],
            name_en=f"{duty} Agency {number}",
            name_local=f"{place}{number}庁",
            parent=ministries[number % len(ministries)],
        )


def _people(root: Agency, largest: Agency) -> None:
    posts = {
        CENTRE: (Membership.Role.SECURITY_REVIEWER, root),
        CUSTODIAN: (Membership.Role.CUSTODIAN, largest),
        STEWARD: (Membership.Role.STEWARD, root),
        DRAFTER: (Membership.Role.POLICY_OFFICER, root),
        PUBLISHER: (Membership.Role.POLICY_OFFICER, root),
    }
    secret = make_password(PASSWORD)
    for email, (role, agency) in posts.items():
        person = Person.objects.create(
            email=email, name_en=email.split("@", 1)[0].title(), password=secret, language="en"
        )
        Membership.objects.create(person=person, agency=agency, role=role, since=date(2020, 4, 1))
