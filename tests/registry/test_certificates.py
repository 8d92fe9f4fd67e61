"""What the papers of an aircraft say on a day: the database and the engine say the same."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agencies.context import acting_as
from agencies.models import Person
from compliance.facts import certificate_facts
from policy.criteria.certificate import Certificate
from policy.criteria.inquiry import Context
from policy.facts import BuildFacts, Grade
from registry.models import Declaration, Drone, DroneCertificate
from tests.people import Society
from tests.worlds import World, log

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def paper(by: Person | None, **more: Any) -> Declaration:
    """Checked by `by`, or by nobody."""
    given = {
        "title": "Registration notice",
        "kind": "certificate",
        "claimant": "MLIT",
        "dated": date(2024, 1, 1),
        "grade": Declaration.Grade.DOCUMENTED,
        **more,
    }
    return Declaration.objects.create(verified_by=by, **given)


def certificate(drone: Drone, code: str = "registration", **more: Any) -> DroneCertificate:
    given = {"held": True, **more}
    return DroneCertificate.objects.create(
        agency=drone.agency, drone=drone, certificate=code, **given
    )


def engine(drone: Drone, codes: set[str], day: date, grade: int, reader: Person) -> str:
    rows = DroneCertificate.objects.visible_to(reader).filter(drone=drone)
    facts = BuildFacts(
        1,
        "S-1",
        "S-1",
        certificates=tuple(map(certificate_facts, rows.select_related("declaration"))),
    )
    finding = Certificate(frozenset(codes)).check(facts, Context({}, day, Grade(grade)))
    return finding.outcome.value


def database(drone: Drone, codes: set[str], day: date, grade: int, reader: Person) -> str:
    rows = DroneCertificate.objects.visible_to(reader).drone_outcomes(codes, day, grade)
    outcomes = {row["drone_id"]: str(row["outcome"]) for row in rows}
    return outcomes.get(drone.pk, "unknown")


def test_the_database_and_the_engine_agree_on_every_state_of_a_certificate(
    world: World, society: Society, goro: Person, aiko: Person
) -> None:
    """Every mixture of held, days, paper and check, at each grade that a rule can ask for."""
    seen, numbers = set(), iter(range(10_000))
    days = [(None, None), (DAY, DAY), (None, BEFORE), (AFTER, None), (BEFORE, AFTER)]
    with acting_as(goro):
        papers = [
            None,
            paper(goro),
            paper(None),
            paper(goro, expires=BEFORE),
            paper(goro, expires=DAY),
            paper(goro, grade=Declaration.Grade.CLAIMED),
            paper(goro, grade=Declaration.Grade.VERIFIED),
        ]
    for held, (first, last), declaration, checker in product(
        (True, False, None), days, papers, (goro, None)
    ):
        dated: dict[str, Any] = {"valid_from": first, "valid_until": last} if held else {}
        drone = log(society.tree.coast_guard, world.clean, f"C-{next(numbers)}")
        with acting_as(goro):
            certificate(drone, held=held, declaration=declaration, verified_by=checker, **dated)
    with acting_as(aiko):
        for grade in (1, 2, 3):
            rows = DroneCertificate.objects.visible_to(aiko)
            outcomes = rows.drone_outcomes({"registration"}, DAY, grade)
            found = {row["drone_id"]: row["outcome"] for row in outcomes}
            for drone in Drone.objects.visible_to(aiko).filter(serial_number__startswith="C-"):
                expected = engine(drone, {"registration"}, DAY, grade, aiko)
                assert found[drone.pk] == expected, (drone, grade)
                seen.add((grade, expected))
    assert seen == set(product((1, 2, 3), ("pass", "fail", "unknown")))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ({}, {}, "pass"),
        ({}, {"held": False, "declaration": None}, "fail"),
        ({}, {"held": None}, "unknown"),
        ({"held": False}, {"held": None}, "fail"),
        ({}, None, "unknown"),
        ({"held": False}, None, "fail"),
        (None, None, "unknown"),
    ],
)
def test_a_rule_that_asks_for_two_papers(
    one: dict[str, Any] | None,
    two: dict[str, Any] | None,
    expected: str,
    world: World,
    goro: Person,
    aiko: Person,
) -> None:
    with acting_as(goro):
        good = {"declaration": paper(goro), "verified_by": goro}
        for code, given in (("registration", one), ("remote_id", two)):
            if given is not None:
                certificate(world.patrol, code, **{**good, **given})
        certificate(world.patrol, "radio_licence", held=False)
    with acting_as(aiko):
        asked = (world.patrol, {"registration", "remote_id"}, DAY, 2, aiko)
        assert database(*asked) == engine(*asked) == expected


def test_a_renewed_certificate_is_a_claim_again(world: World, goro: Person, aiko: Person) -> None:
    with acting_as(goro):
        row = certificate(world.patrol, declaration=paper(goro), verified_by=goro)
    with acting_as(aiko):
        assert database(world.patrol, {"registration"}, DAY, 2, aiko) == "pass"
        DroneCertificate.objects.visible_to(aiko).filter(pk=row.pk).update(valid_until=AFTER)
        row = DroneCertificate.objects.visible_to(aiko).get(pk=row.pk)
        assert (row.verified_by_id, row.claimed_by_id) == (None, aiko.pk)
        assert database(world.patrol, {"registration"}, DAY, 2, aiko) == "unknown"


def test_the_days_on_which_something_changes(world: World, goro: Person, aiko: Person) -> None:
    with acting_as(goro):
        ending = paper(goro, expires=date(2027, 3, 31))
        certificate(
            world.patrol,
            declaration=ending,
            valid_from=date(2024, 8, 1),
            valid_until=date(2027, 7, 31),
        )
        certificate(world.patrol, "remote_id", valid_from=date(2026, 8, 1))
    with acting_as(aiko):
        rows = DroneCertificate.objects.visible_to(aiko)
        assert rows.change_days(DAY) == {date(2026, 8, 1), date(2027, 4, 1), date(2027, 8, 1)}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"held": None, "number": "JU1234567890"}, "Only a certificate that is or was held"),
        ({"held": False, "valid_until": DAY}, "Only a certificate that is or was held"),
        ({"valid_from": DAY, "valid_until": BEFORE}, "The last day cannot lie before the first."),
        ({"certificate": "licence_to_kill"}, "not a valid choice"),
    ],
)
def test_what_a_certificate_cannot_say(
    wrong: dict[str, Any], sentence: str, world: World, aiko: Person
) -> None:
    given = {"held": True, "certificate": "registration", **wrong}
    with acting_as(aiko), pytest.raises(ValidationError, match=sentence):
        DroneCertificate(agency=world.patrol.agency, drone=world.patrol, **given).full_clean()
