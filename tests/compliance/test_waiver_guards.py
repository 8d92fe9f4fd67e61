"""What refuses a request or a decision: by the program, and past it by the database."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person
from compliance.models import Waiver, WaiverDecision, WaiverStep
from compliance.waiver_refusals import (
    WaiverNotAllowed,
    WaiverNotNow,
    WaiverRefused,
    refused_by_database,
)
from compliance.waiver_steps import WAYS, available_steps, decide, decisions_on, request_waiver
from policy.models import PolicyVersion, Rule
from policy.rules import months_after
from tests.compliance.waivers import asked, ended, granted, in_days, reload, requested, take, today
from tests.people import SINCE, People, Role, Tree
from tests.refusals import NO_RIGHT, NOT_ALLOWED, NOT_NOW, NOT_THERE, refused
from tests.worlds import World

pytestmark = pytest.mark.django_db
Status = Waiver.Status


@pytest.fixture
def waiver(world: World, tree: Tree, aiko: Person) -> Waiver:
    """Asked for by Aiko for the Coast Guard."""
    return requested(aiko, tree.coast_guard, world)


def give(person: Person, agency: Agency, role: Role) -> None:
    with acting_as(None):
        Membership.objects.create(person=person, agency=agency, role=role, since=SINCE)
    vars(person).pop("scope", None)


def store(waiver: Waiver, by: Person) -> None:
    """Past the services, as SQL would."""
    waiver.requested_by = by
    with acting_as(by):
        waiver.save(force_insert=True)


def insert(waiver: Waiver, step: WaiverStep, by: Person, **given: Any) -> None:
    """A decision past the services."""
    whole = {"actor": by, "no": waiver.decisions_made + 1, "reason": "Because.", **given}
    with acting_as(by):
        WaiverDecision.objects.create(agency_id=waiver.agency_id, waiver=waiver, step=step, **whole)
    reload(waiver)


def guard_of(waiver: Waiver, by: Person) -> str:
    """What refuses this request, in the program; the database must refuse it by the same name."""
    with pytest.raises(WaiverRefused) as caught, acting_as(by):
        request_waiver(waiver=waiver, by=by)
    code = NOT_ALLOWED if isinstance(caught.value, WaiverNotAllowed) else NOT_NOW
    with refused(code, caught.value.guard):
        store(waiver, by)
    return caught.value.guard


# Asking


def test_a_request_is_stored_as_it_was_asked_and_waits(waiver: Waiver, aiko: Person) -> None:
    assert (waiver.status, waiver.decisions_made, waiver.requested_by) == ("requested", 0, aiko)
    assert waiver.last_day == waiver.valid_until


@pytest.mark.parametrize("name", ["emi", "rin", "chie", "fumi", "goro", "kei"])
def test_nobody_without_the_role_asks(name: str, world: World, tree: Tree, people: People) -> None:
    assert guard_of(asked(tree.coast_guard, world), getattr(people, name)) == "role"


def test_nobody_asks_for_a_body_above_their_own(world: World, tree: Tree, aiko: Person) -> None:
    for body in (tree.mlit, tree.centre):
        assert guard_of(asked(body, world), aiko) == "role"


def test_nobody_asks_in_the_name_of_another(world: World, tree: Tree, people: People) -> None:
    wanted = asked(tree.coast_guard, world, requested_by=people.aiko)
    with refused(NOT_ALLOWED, "requester_is_actor"), acting_as(people.mika):
        wanted.save(force_insert=True)


def test_a_waiver_does_not_begin_in_the_past(world: World, tree: Tree, aiko: Person) -> None:
    assert guard_of(asked(tree.coast_guard, world, valid_from=in_days(-1)), aiko) == "retroactive"
    requested(aiko, tree.coast_guard, world, valid_from=today(), valid_until=today())


@pytest.mark.parametrize("months", [36, 1])
def test_a_waiver_lasts_as_long_as_its_policy_allows_and_no_day_longer(
    months: int, world: World, tree: Tree, people: People
) -> None:
    rules = [world.origin.pk] if months == 36 else [world.origin.pk, another_rule(people, months)]
    end = months_after(today(), months)
    for_too_long = asked(tree.coast_guard, world, rules=rules, valid_until=end)
    assert guard_of(for_too_long, people.aiko) == "max_period"
    last = date.fromordinal(end.toordinal() - 1)
    requested(people.aiko, tree.coast_guard, world, rules=rules, valid_until=last)


def another_rule(people: People, months: int) -> int:
    """A rule of a stricter policy that allows waivers of so many months."""
    with acting_as(None):
        old = Rule.objects.select_related("version__policy").earliest("id")
        version = PolicyVersion.objects.get(pk=old.version_id)
        version.pk, version.label, version.status = None, "strict", "draft"
        version.policy = type(old.version.policy).objects.create(
            code="strict", name_en="Strict", name_local="厳"
        )
        version.waiver_max_months, version.published_by, version.published_at = months, None, None
        version.save(force_insert=True)
        old.pk, old.version = None, version
        old.save(force_insert=True)
        PolicyVersion.objects.filter(pk=version.pk).update(
            status="published", published_by=people.fumi
        )
    return int(old.pk)


def test_a_waiver_names_rules_that_are_published(world: World, tree: Tree, people: People) -> None:
    for rules in ([0], [world.origin.pk, world.origin.pk]):
        assert guard_of(asked(tree.coast_guard, world, rules=rules), people.aiko) == "rules"


def test_a_waiver_names_builds_that_exist(world: World, tree: Tree, aiko: Person) -> None:
    assert guard_of(asked(tree.coast_guard, world, builds=[0]), aiko) == "builds"


def test_a_waiver_names_aircraft_of_its_own_body(world: World, tree: Tree, people: People) -> None:
    foreign = asked(tree.coast_guard, world, drones=[world.timber.pk])
    assert guard_of(foreign, people.aiko) == "drones"
    assert guard_of(foreign, people.hana) == "drones"
    requested(people.hana, tree.mlit, world, drones=[world.patrol.pk])


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"rules": []}, "waiver_names_rules"),
        ({"builds": []}, "waiver_for_builds_or_drones"),
        ({"all_missions": False}, "waiver_says_its_missions"),
        ({"missions": ["rescue"], "all_missions": True}, "waiver_says_its_missions"),
        ({"kind": "mitigated"}, "waiver_mitigated_under_conditions"),
        ({"reason": ""}, "waiver_has_a_reason"),
        ({"valid_until": in_days(-1)}, "waiver_ends_after_it_begins"),
    ],
)
def test_what_a_waiver_must_say_is_said_to_people_and_held_by_the_database(
    change: dict[str, Any], constraint: str, world: World, tree: Tree, aiko: Person
) -> None:
    wanted = asked(tree.coast_guard, world, **change)
    with pytest.raises(ValidationError), acting_as(aiko):
        request_waiver(waiver=wanted, by=aiko)
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = %s", [constraint]
        )
        assert cursor.fetchone() is not None
    if change != {"rules": []}:  # of none, none is published: the trigger refuses it first
        with refused("23514"):
            store(wanted, aiko)


def test_builds_and_particular_aircraft_are_not_mixed(
    world: World, tree: Tree, aiko: Person
) -> None:
    mixed = asked(tree.coast_guard, world, drones=[world.patrol.pk])
    mixed.builds = [world.clean.pk]
    with pytest.raises(ValidationError, match="not both"), acting_as(aiko):
        request_waiver(waiver=mixed, by=aiko)


# Deciding


def test_two_people_who_did_not_ask_decide(waiver: Waiver, people: People) -> None:
    take(WaiverStep.ENDORSE, waiver, people.chie)
    assert waiver.status == Status.ENDORSED
    take(WaiverStep.GRANT, waiver, people.kei)
    assert (waiver.status, waiver.decisions_made) == (Status.GRANTED, 2)


def test_nobody_decides_on_their_own_request(world: World, tree: Tree, people: People) -> None:
    own = requested(people.hana, tree.coast_guard, world)
    give(people.hana, tree.centre, Role.SECURITY_REVIEWER)
    for step in (WaiverStep.ENDORSE, WaiverStep.DECLINE):
        refused_alike(own, step, people.hana, "own_request")
    take(WaiverStep.ENDORSE, own, people.chie)
    for step in (WaiverStep.GRANT, WaiverStep.DECLINE):
        refused_alike(own, step, people.hana, "own_request")


def test_the_same_person_does_not_decide_twice(waiver: Waiver, people: People, tree: Tree) -> None:
    give(people.chie, tree.centre, Role.CONSULTATION_OFFICER)
    take(WaiverStep.ENDORSE, waiver, people.chie)
    for step in (WaiverStep.GRANT, WaiverStep.DECLINE):
        refused_alike(waiver, step, people.chie, "second_person")
    take(WaiverStep.GRANT, waiver, people.hana)


def refused_alike(waiver: Waiver, step: WaiverStep, by: Person, guard: str) -> None:
    """The program and, past it, the database refuse by the same guard."""
    with pytest.raises(WaiverRefused) as caught:
        take(step, waiver, by)
    assert caught.value.guard == guard
    code = NOT_ALLOWED if isinstance(caught.value, WaiverNotAllowed) else NOT_NOW
    with refused(code, guard):
        insert(waiver, step, by)


STAGES = ("requested", "endorsed", "granted", "declined", "withdrawn")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", ["aiko", "ben", "mika", "chie", "kei", "hana", "goro"])
def test_the_program_offers_exactly_what_the_database_allows(
    stage: str, name: str, waiver: Waiver, people: People
) -> None:
    if stage in ("endorsed", "granted"):
        take(WaiverStep.ENDORSE, waiver, people.haru)
    if stage == "granted":
        take(WaiverStep.GRANT, waiver, people.kei)
    if stage == "declined":
        take(WaiverStep.DECLINE, waiver, people.haru)
    if stage == "withdrawn":
        take(WaiverStep.WITHDRAW, waiver, people.aiko)
    person = getattr(people, name)
    with acting_as(person):
        offered = available_steps(waiver, person, decisions_on(waiver, person))
    assert set(offered) == {step for step in WaiverStep if allowed(waiver, step, person)}
    assert waiver.status in {way.source for way in WAYS} or not offered


def allowed(waiver: Waiver, step: WaiverStep, by: Person) -> bool:
    """Whether the database takes this step; what it changed is undone. Any error but its own refusals surfaces."""
    try:
        with transaction.atomic():
            insert(waiver, step, by, ends_from=today())
            transaction.set_rollback(True)
    except DatabaseError as error:
        if refused_by_database(error) is None:
            raise
        return False
    finally:
        reload(waiver)
    return True


def test_a_decision_on_what_was_not_seen_is_refused_with_what_happened(
    waiver: Waiver, people: People
) -> None:
    take(WaiverStep.ENDORSE, waiver, people.chie)
    for step, person in ((WaiverStep.ENDORSE, people.chie), (WaiverStep.DECLINE, people.haru)):
        with pytest.raises(WaiverNotNow) as caught, acting_as(person):
            decide(step, waiver.pk, by=person, seen=0, reason="Late.")
        assert caught.value.guard == "moved"
        assert [each.actor for each in caught.value.since] == [people.chie]
        with refused(NOT_NOW, "moved"):
            insert(waiver, step, person, no=1)


def test_nobody_decides_in_the_name_of_another(waiver: Waiver, people: People) -> None:
    with refused(NOT_ALLOWED, "actor"):
        insert(waiver, WaiverStep.ENDORSE, people.haru, actor=people.chie)


def test_the_waiver_of_another_agency_does_not_exist(
    waiver: Waiver, people: People, tree: Tree
) -> None:
    give(people.eri, tree.forestry, Role.SECURITY_REVIEWER)
    with pytest.raises(Waiver.DoesNotExist):
        take(WaiverStep.ENDORSE, waiver, people.eri)
    with refused(NOT_THERE, "waiver"):
        insert(waiver, WaiverStep.ENDORSE, people.eri)


def test_a_reviewer_below_a_body_reads_its_waiver_and_does_not_decide_on_it(
    world: World, people: People, tree: Tree
) -> None:
    above = requested(people.hana, tree.mlit, world)
    give(people.rin, tree.coast_guard, Role.SECURITY_REVIEWER)
    refused_alike(above, WaiverStep.ENDORSE, people.rin, "role")


@pytest.mark.parametrize("step", [WaiverStep.DECLINE, WaiverStep.WITHDRAW, WaiverStep.END])
def test_who_stops_a_waiver_says_why(step: WaiverStep, waiver: Waiver, people: People) -> None:
    if step is WaiverStep.END:
        take(WaiverStep.ENDORSE, waiver, people.chie)
        take(WaiverStep.GRANT, waiver, people.kei)
    by = people.aiko if step is WaiverStep.WITHDRAW else people.chie
    with pytest.raises(WaiverNotNow) as caught:
        take(step, waiver, by, reason="  ", ends_from=today())
    assert caught.value.guard == "reason"
    with refused(NOT_NOW, "reason"):
        insert(waiver, step, by, reason="  ", ends_from=today())


@pytest.mark.parametrize(("day", "fits"), [(-1, False), (0, True), (99, True), (100, False)])
def test_it_ends_early_today_or_later_and_before_its_end(
    day: int, fits: bool, world: World, people: People, tree: Tree
) -> None:
    waiver = granted(people, tree.coast_guard, world)
    if fits:
        assert ended(waiver, people.chie, in_days(day)).last_day == in_days(day - 1)
        return
    with pytest.raises(WaiverNotNow) as caught:
        ended(waiver, people.chie, in_days(day))
    assert caught.value.guard == "ends_from"


def test_what_will_end_early_can_be_ended_earlier_still_and_not_later(
    world: World, people: People, tree: Tree
) -> None:
    waiver = ended(granted(people, tree.coast_guard, world), people.chie, in_days(50))
    with pytest.raises(WaiverNotNow, match="before it would end"):
        ended(waiver, people.chie, in_days(60))
    assert ended(waiver, people.chie, in_days(20)).last_day == in_days(19)


def test_what_has_ended_is_not_ended_again(world: World, people: People, tree: Tree) -> None:
    waiver = ended(granted(people, tree.coast_guard, world), people.chie)
    refused_alike(waiver, WaiverStep.END, people.chie, "over")


# What is decided stays


def test_nobody_writes_over_a_waiver_or_a_decision(
    world: World, people: People, tree: Tree
) -> None:
    granted(people, tree.coast_guard, world)
    for statement in (
        "update compliance_waiver set status = 'granted'",
        "update compliance_waiver set valid_until = '2099-01-01'",
        "delete from compliance_waiver",
        "update compliance_waiverdecision set reason = ''",
        "delete from compliance_waiverdecision",
    ):
        for person in (people.aiko, people.hana):
            with refused(NO_RIGHT), acting_as(person):
                connection.cursor().execute(statement)


def test_a_waiver_is_not_stored_as_granted(world: World, tree: Tree, aiko: Person) -> None:
    wanted = asked(tree.coast_guard, world, status=Status.GRANTED, decisions_made=2)
    store(wanted, aiko)
    reload(wanted)
    assert (wanted.status, wanted.decisions_made) == (Status.REQUESTED, 0)


# Extending


def test_an_extension_is_a_request_of_its_own(world: World, people: People, tree: Tree) -> None:
    old = granted(people, tree.coast_guard, world)
    more = requested(
        people.aiko,
        tree.coast_guard,
        world,
        extends=old,
        valid_from=in_days(100),
        valid_until=in_days(200),
    )
    assert more.status == Status.REQUESTED
    reload(old)
    assert old.last_day == in_days(99)


@pytest.mark.parametrize(
    "change",
    [
        {"builds": "both"},
        {"rules": "both"},
        {"all_missions": True, "missions": []},
        {"extends": "requested"},
    ],
)
def test_an_extension_covers_no_more_than_what_it_extends(
    change: dict[str, Any], world: World, people: People, tree: Tree
) -> None:
    narrow = {"rules": [world.origin.pk], "missions": ["rescue"]}
    old = granted(people, tree.coast_guard, world, **narrow)
    wider: dict[str, Any] = {
        "builds": [world.listed.pk, world.clean.pk],
        "rules": [world.origin.pk, world.listed_party.pk],
        "extends": requested(people.aiko, tree.coast_guard, world, **narrow),
    }
    given = {
        key: wider[key] if value in ("both", "requested") else value
        for key, value in change.items()
    }
    waiver = asked(tree.coast_guard, world, **{"extends": old, **narrow, **given})
    assert guard_of(waiver, people.aiko) == "extends"
