"""What happens to an aircraft: every transition of the table, who may record it, and what follows from it."""

import re
from datetime import date, timedelta
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from registry.drone_events import Report, available_events, record, record_many
from registry.models import Build, Drone, DroneEvent, DroneTransition
from registry.refusals import TEXTS, NotAllowed, NotNow
from registry.sql_events import DRONE, EVENT, REFUSE
from registry.sql_transfers import TRANSFERS
from registry.transfers import offer
from registry.transitions import STARTING, TRANSITIONS, Action, Status, Transition
from tests.people import POSTS, Society
from tests.refusals import NO_RIGHT, refused
from tests.worlds import World, log

TODAY = timezone.localdate()
BY_PEOPLE = [each for each in TRANSITIONS if each.roles]
PLACES: dict[str, dict[str, Any]] = {
    "lent": {"lent_to": "Hokkaido Police", "lent_until": TODAY + timedelta(days=30)},
}


def prepared(society: Society, world: World, way: Transition) -> Drone:
    """An aircraft of the Coast Guard in the status that this transition begins from."""
    more = dict(PLACES.get(way.source.value, {}))
    if way.action in (Action.RELEASE, Action.REINSTATE):
        more |= {"status_before": way.target.value, **PLACES.get(way.target.value, {})}
    if way.action is Action.GIVE_BACK:
        more |= PLACES["lent"] | ({"status_before": "lent"} if way.source == "grounded" else {})
    return log(society.tree.coast_guard, world.clean, "SN-1", status=way.source, **more)


def report(action: DroneEvent.Action, world: World, person: Person) -> Report:
    """All that this action needs."""
    needs: dict[DroneEvent.Action, dict[str, Any]] = {
        Action.HAND_OVER: {"custodian": person},
        Action.LEND: PLACES["lent"],
        Action.PROLONG: PLACES["lent"],
        Action.SWAP: {"build_to": world.no_radio, "component_role": "radio"},
        Action.DISPOSE: {"sanitised": "overwritten", "sanitisation_record": "R8-12"},
    }
    return Report(reason="because", **needs.get(action, {}))


def fresh(drone: Drone) -> Drone:
    return Drone.objects.unscoped(reason="test").get(pk=drone.pk)


def after(drone: Drone) -> Drone:
    with acting_as(None):
        return fresh(drone)


def act(
    action: DroneEvent.Action, drone: Drone, by: Person, seen: int | None = None, **more: Any
) -> DroneEvent:
    with acting_as(by):
        known = after(drone).events_made if seen is None else seen
        return record(action, drone.pk, by=by, seen=known, report=Report(**more))


@pytest.mark.django_db
def test_the_table_of_the_program_is_the_table_of_the_database() -> None:
    stored = DroneTransition.objects.values_list(
        "action", "from_status", "to_status", "roles", "needs_reason"
    )
    expected = {
        (way.action.value, way.source.value, way.target.value, way.roles, way.needs_reason)
        for way in TRANSITIONS
    }
    found = {
        (action, source, target, tuple(roles), why) for action, source, target, roles, why in stored
    }
    assert found == expected
    assert len(stored) == len(TRANSITIONS)


@pytest.mark.parametrize("way", BY_PEOPLE, ids=lambda w: f"{w.action}-{w.source}-{w.target}")
def test_each_transition_is_open_to_its_roles_and_to_nobody_else(
    way: Transition, society: Society, world: World
) -> None:
    """Over every person of the tests, whatever the program itself would offer them: the database decides."""
    drone = prepared(society, world, way)
    outcomes = {
        name: _tried(drone, way, getattr(society.people, name), world, society.people.mika)
        for name in POSTS
    }
    assert {name for name, guard in outcomes.items() if guard is None} == _holders(way)
    assert set(outcomes.values()) == {None, "role", "drone"}


def _tried(
    drone: Drone, way: Transition, person: Person, world: World, custodian: Person
) -> str | None:
    """The guard that refused it; None when it was done, which is undone again."""
    try:
        with transaction.atomic():
            with acting_as(person):
                _store(drone, way, person, report(way.action, world, custodian))
                assert fresh(drone).status == way.target
            transaction.set_rollback(True)
    except DatabaseError as error:
        cause = error.__cause__
        assert isinstance(cause, psycopg2.Error)
        guard: str | None = cause.diag.message_detail
        return guard
    return None


def _holders(way: Transition) -> set[str]:
    nodes = ("coast_guard", "centre")
    return {
        name
        for name, (node, roles) in POSTS.items()
        if node in nodes and {role.value for role in roles} & set(way.roles)
    }


def _store(drone: Drone, way: Transition, by: Person, told: Report) -> DroneEvent:
    """The row as it is, without the program's own checks."""
    return DroneEvent.objects.create(
        agency_id=drone.agency_id,
        drone=drone,
        no=1,
        action=way.action,
        from_status=way.source,
        to_status=way.target,
        actor=by,
        **told.columns(),
    )


@pytest.mark.parametrize("action", [way for way in Action if way is not Action.RECEIVE])
def test_what_the_table_does_not_have_is_refused_in_every_other_status(
    action: DroneEvent.Action, society: Society, world: World
) -> None:
    aiko = society.people.aiko
    possible = {each.source for each in TRANSITIONS if each.action is action}
    for status in set(Status) - possible:
        place = PLACES.get(status, {})
        drone = log(society.tree.coast_guard, world.clean, f"SN-{status}", status=status, **place)
        expected = NotAllowed if not _roles(action) else NotNow
        with pytest.raises(expected), acting_as(aiko):
            record(action, drone.pk, by=aiko, seen=0, report=report(action, world, aiko))


def _roles(action: DroneEvent.Action) -> set[str]:
    return {role for each in TRANSITIONS if each.action is action for role in each.roles}


@pytest.mark.parametrize("action", [each for each in Action if not _roles(each)])
def test_what_comes_of_an_offer_cannot_be_recorded_by_itself(
    action: DroneEvent.Action, society: Society, world: World
) -> None:
    way = next(each for each in TRANSITIONS if each.action is action)
    drone = log(society.tree.coast_guard, world.clean, "SN-1", status=way.source)
    for person in (society.people.aiko, society.people.chie):
        with refused("RG403", "by_offer"), acting_as(person):
            _store(drone, way, person, Report(reason="x"))


def test_buttons_offer_what_the_table_allows(society: Society, world: World) -> None:
    people = society.people
    assert set(available_events(world.patrol, people.aiko)) == {
        *(Action.HAND_OVER, Action.CONFIRM, Action.STORE, Action.LEND, Action.GROUND),
        *(Action.LOSE, Action.SWAP, Action.DISPOSE, Action.ENTER_IN_ERROR),
    }
    assert available_events(world.patrol, people.goro) == (Action.GROUND,)
    assert available_events(world.patrol, people.ben) == ()
    assert available_events(world.patrol, people.daisuke) == ()


@pytest.mark.parametrize(
    ("action", "given", "guard"),
    [
        (Action.GROUND, {"reason": " "}, "reason"),
        (Action.HAND_OVER, {}, "custodian"),
        (Action.LEND, {"lent_to": "", "lent_until": date(2999, 1, 1)}, "loan"),
        (Action.LEND, {"lent_to": "NPA"}, "loan"),
        (Action.LEND, {"lent_to": "NPA", "lent_until": date(2020, 1, 1)}, "loan"),
        (Action.CONFIRM, {"on": date(2999, 1, 1)}, "future"),
        (Action.SWAP, {"reason": "r", "component_role": "radio"}, "swap"),
        (Action.DISPOSE, {"reason": "r"}, "sanitisation"),
        (Action.DISPOSE, {"reason": "r", "sanitised": "overwritten"}, "sanitisation"),
        (
            Action.DISPOSE,
            {"reason": "r", "sanitised": "not_possible", "sanitisation_record": "x"},
            "sanitisation",
        ),
    ],
)
def test_what_an_event_needs_is_asked_for(
    action: DroneEvent.Action, given: dict[str, Any], guard: str, aiko: Person, world: World
) -> None:
    with pytest.raises(NotNow) as caught:
        act(action, world.patrol, aiko, **given)
    assert caught.value.guard == guard
    assert after(world.patrol).events_made == 0


def test_a_swap_leads_to_another_build_of_the_same_model(aiko: Person, world: World) -> None:
    def swap(build: Build) -> DroneEvent:
        return act(
            Action.SWAP, world.patrol, aiko, reason="r", build_to=build, component_role="radio"
        )

    for wrong in (world.listed, world.clean):
        with pytest.raises(NotNow) as caught:
            swap(wrong)
        assert caught.value.guard == "swap"
    event = swap(world.no_radio)
    assert (event.no, after(world.patrol).build_id) == (1, world.no_radio.pk)
    with acting_as(None):
        assert DroneEvent.objects.unscoped(reason="test").get().build_from_id == world.clean.pk


def test_a_custodian_is_somebody_of_the_agency_or_a_name(
    aiko: Person, society: Society, world: World
) -> None:
    people = society.people
    for stranger in (people.daisuke,):
        with pytest.raises(NotNow) as caught:
            act(Action.HAND_OVER, world.patrol, aiko, custodian=stranger)
        assert caught.value.guard == "custodian_elsewhere"
    act(Action.HAND_OVER, world.patrol, aiko, custodian=people.mika)
    assert after(world.patrol).custodian_id == people.mika.pk
    act(Action.HAND_OVER, world.patrol, aiko, custodian_name="Captain Endo")
    now = after(world.patrol)
    assert (now.custodian_id, now.custodian_name) == (None, "Captain Endo")


def test_an_aircraft_is_not_logged_for_a_custodian_of_another_agency(
    aiko: Person, society: Society, world: World
) -> None:
    with refused("RG409", "custodian_elsewhere"), acting_as(aiko):
        Drone.objects.create(
            agency=society.tree.coast_guard,
            build=world.clean,
            serial_number="X",
            custodian=society.people.daisuke,
        )


def test_a_loan_is_prolonged_and_ends(aiko: Person, world: World) -> None:
    act(Action.LEND, world.patrol, aiko, lent_to="NPA", lent_until=TODAY)
    lent = after(world.patrol)
    assert (lent.status, lent.lent_to, lent.overdue_on(TODAY)) == ("lent", "NPA", False)
    assert lent.overdue_on(TODAY + timedelta(days=1))
    until = TODAY + timedelta(days=9)
    act(Action.PROLONG, world.patrol, aiko, lent_to="NPA", lent_until=until)
    assert after(world.patrol).lent_until == until
    act(Action.GIVE_BACK, world.patrol, aiko)
    back = after(world.patrol)
    assert (back.status, back.lent_to, back.lent_until) == ("in_service", "", None)


def test_a_lent_aircraft_is_grounded_where_it_is_and_released_to_whom_it_is_lent(
    aiko: Person, world: World
) -> None:
    act(Action.LEND, world.patrol, aiko, lent_to="NPA", lent_until=TODAY)
    act(Action.GROUND, world.patrol, aiko, reason="radio fails")
    grounded = after(world.patrol)
    assert (grounded.status, grounded.lent_to, grounded.status_before) == (
        "grounded",
        "NPA",
        "lent",
    )
    assert Action.DISPOSE not in available_events(grounded, aiko)
    act(Action.RELEASE, world.patrol, aiko, reason="repaired")
    assert (after(world.patrol).status, after(world.patrol).lent_to) == ("lent", "NPA")


def test_a_lent_aircraft_that_comes_back_grounded_stays_so(aiko: Person, world: World) -> None:
    act(Action.LEND, world.patrol, aiko, lent_to="NPA", lent_until=TODAY)
    act(Action.GROUND, world.patrol, aiko, reason="radio fails")
    with pytest.raises(NotNow) as caught:
        act(
            Action.DISPOSE,
            world.patrol,
            aiko,
            reason="r",
            sanitised="cleared",
            sanitisation_record="1",
        )
    assert caught.value.guard == "still_lent"
    act(Action.GIVE_BACK, world.patrol, aiko)
    assert after(world.patrol).status == "grounded"
    act(Action.RELEASE, world.patrol, aiko, reason="repaired")
    assert after(world.patrol).status == "in_service"


@pytest.mark.parametrize("status", ["in_service", "stored"])
def test_what_was_grounded_goes_back_to_what_it_was(
    status: str, aiko: Person, society: Society, world: World
) -> None:
    drone = log(society.tree.coast_guard, world.clean, "SN-1", status=status)
    act(Action.GROUND, drone, aiko, reason="wind")
    act(Action.RELEASE, drone, aiko, reason="calm")
    assert after(drone).status == status


def test_what_a_reviewer_ordered_to_the_ground_only_reviewers_and_stewards_release(
    society: Society, world: World
) -> None:
    people = society.people
    act(Action.GROUND, world.patrol, people.chie, reason="advisory 12")
    assert after(world.patrol).grounded_by_order
    assert available_events(after(world.patrol), people.aiko).count(Action.RELEASE) == 0
    with pytest.raises(NotAllowed) as caught:
        act(Action.RELEASE, world.patrol, people.aiko, reason="we need it")
    assert caught.value.guard == "grounded_by_order"
    way = next(
        each
        for each in TRANSITIONS
        if each.action is Action.RELEASE and each.target == "in_service"
    )
    with refused("RG403", "grounded_by_order"), acting_as(people.aiko):
        DroneEvent.objects.create(
            agency_id=world.patrol.agency_id,
            drone=world.patrol,
            no=2,
            action=way.action,
            from_status=way.source,
            to_status=way.target,
            actor=people.aiko,
            reason="we need it",
        )
    act(Action.RELEASE, world.patrol, people.goro, reason="advisory withdrawn")
    assert (after(world.patrol).status, after(world.patrol).grounded_by_order) == (
        "in_service",
        False,
    )


def test_an_order_holds_also_for_what_the_agency_had_grounded_or_lost(
    society: Society, world: World
) -> None:
    people = society.people
    act(Action.GROUND, world.patrol, people.aiko, reason="wind")
    act(Action.GROUND, world.patrol, people.chie, reason="advisory 12")
    act(Action.LOSE, world.patrol, people.aiko, reason="blown away")
    act(Action.FIND, world.patrol, people.aiko, reason="on the beach")
    found = after(world.patrol)
    assert (found.status, found.grounded_by_order) == ("grounded", True)
    with pytest.raises(NotAllowed):
        act(Action.RELEASE, world.patrol, people.aiko, reason="dry again")


def test_what_was_found_is_grounded_until_it_is_released_into_store(
    aiko: Person, world: World
) -> None:
    act(Action.LOSE, world.patrol, aiko, reason="over the sea")
    act(Action.FIND, world.patrol, aiko, reason="fishermen")
    assert (after(world.patrol).status, after(world.patrol).last_confirmed_on) == (
        "grounded",
        TODAY,
    )
    act(Action.RELEASE, world.patrol, aiko, reason="checked")
    assert after(world.patrol).status == "stored"


def test_a_confirmation_never_goes_back_in_time(aiko: Person, world: World) -> None:
    act(Action.CONFIRM, world.patrol, aiko)
    act(Action.CONFIRM, world.patrol, aiko, on=date(2024, 1, 1))
    assert after(world.patrol).last_confirmed_on == TODAY


def test_an_aircraft_entered_in_error_is_outside_counts_and_can_be_taken_back(
    aiko: Person, world: World
) -> None:
    act(Action.STORE, world.patrol, aiko)
    act(Action.ENTER_IN_ERROR, world.patrol, aiko, reason="typed twice")
    with acting_as(aiko):
        assert not Drone.objects.visible_to(aiko).counted().exists()
        assert not Drone.objects.visible_to(aiko).held().exists()
    act(Action.REINSTATE, world.patrol, aiko, reason="it was the other one")
    assert after(world.patrol).status == "stored"


def test_what_is_taken_back_must_not_have_the_serial_number_of_another_by_now(
    aiko: Person, society: Society, world: World
) -> None:
    act(Action.ENTER_IN_ERROR, world.patrol, aiko, reason="typed twice")
    log(society.tree.coast_guard, world.clean, world.patrol.serial_number)
    with pytest.raises(NotNow) as caught:
        act(Action.REINSTATE, world.patrol, aiko, reason="it was the other one")
    assert caught.value.guard == "serial_taken"


def test_somebody_who_saw_less_is_told_so(aiko: Person, mika: Person, world: World) -> None:
    act(Action.STORE, world.patrol, aiko)
    with pytest.raises(NotNow) as caught:
        act(Action.CONFIRM, world.patrol, mika, seen=0)
    assert caught.value.guard == "moved"


SEALED = {
    "status": "'stored'",
    "status_before": "'stored'",
    "custodian_name": "'x'",
    "lent_to": "'x'",
    "lent_until": "now()",
    "last_confirmed_on": "now()",
    "events_made": "7",
    "version": "7",
    "grounded_by_order": "true",
    "agency_id": "agency_id",
    "airframe": "gen_random_uuid()",
    "asset_tag": "'123456789ABC'",
}


@pytest.mark.parametrize("column", SEALED)
@pytest.mark.parametrize("name", ["aiko", "chie"])
def test_nobody_writes_what_follows_from_events(
    column: str, name: str, society: Society, world: World
) -> None:
    with refused(NO_RIGHT), acting_as(getattr(society.people, name)), connection.cursor() as cursor:
        cursor.execute(f"update registry_drone set {column} = {SEALED[column]}")


@pytest.mark.parametrize("name", ["aiko", "chie"])
@pytest.mark.parametrize(
    "statement",
    [
        "delete from registry_drone",
        "delete from registry_droneevent",
        "update registry_droneevent set reason = 'x'",
        "delete from registry_dronetransition",
        "insert into registry_dronetransition select * from registry_dronetransition",
        "update registry_transferoffer set status = 'accepted'",
        "update registry_incomingtransfer set status = 'accepted'",
    ],
)
def test_nobody_rewrites_what_happened(
    statement: str, name: str, society: Society, world: World
) -> None:
    with refused(NO_RIGHT), acting_as(getattr(society.people, name)), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("status", [each for each in Status if each not in STARTING])
def test_an_aircraft_begins_in_service_stored_or_grounded(
    status: str, aiko: Person, society: Society, world: World
) -> None:
    with refused("RG403", "begins"), acting_as(aiko):
        Drone.objects.create(
            agency=society.tree.coast_guard,
            build=world.clean,
            serial_number="X",
            status=status,
            **PLACES.get(status, {}),
        )


@pytest.mark.parametrize("status", ["transferred", "disposed", "entered_in_error"])
def test_a_closed_record_stays_as_it_is(
    status: str, aiko: Person, society: Society, world: World
) -> None:
    drone = log(society.tree.coast_guard, world.clean, "SN-1", status=status)
    with refused("RG409", "closed"), acting_as(aiko):
        Drone.objects.visible_to(aiko).filter(pk=drone.pk).update(note="still ours")


def test_a_change_counts_as_a_version(aiko: Person, world: World) -> None:
    with acting_as(aiko):
        Drone.objects.visible_to(aiko).filter(pk=world.patrol.pk).update(place="Kobe")
    act(Action.STORE, world.patrol, aiko)
    assert after(world.patrol).version == 3


def test_an_offered_aircraft_is_not_disposed_of(
    aiko: Person, society: Society, world: World
) -> None:
    with acting_as(aiko):
        offer(drone=world.patrol, seen=0, to=society.tree.forestry, message="", by=aiko)
    with pytest.raises(NotNow) as caught:
        act(
            Action.DISPOSE,
            world.patrol,
            aiko,
            reason="r",
            sanitised="cleared",
            sanitisation_record="1",
        )
    assert caught.value.guard == "offered"


def test_many_are_grounded_at_once_or_none(society: Society, world: World) -> None:
    people = society.people
    with acting_as(people.chie):
        every = Drone.objects.visible_to(people.chie)
        assert (
            len(record_many(Action.GROUND, every, by=people.chie, report=Report(reason="a"))) == 2
        )
    with acting_as(people.aiko):
        own = Drone.objects.visible_to(people.aiko)
        log(society.tree.coast_guard, world.clean, "SN-2", status="disposed")
        with pytest.raises(NotNow):
            record_many(Action.CONFIRM, own, by=people.aiko, report=Report())
        assert set(own.values_list("events_made", flat=True)) == {1, 0}


def test_nobody_grounds_aircraft_of_another_agency(society: Society, world: World) -> None:
    daisuke = society.people.daisuke
    with acting_as(daisuke):
        own = Drone.objects.visible_to(daisuke)
        assert len(record_many(Action.GROUND, own, by=daisuke, report=Report(reason="a"))) == 1
    assert after(world.patrol).status == "in_service"


def test_every_guard_of_the_database_has_its_words() -> None:
    sources = "".join(str(each.sql) for each in (REFUSE, DRONE, EVENT, TRANSFERS))
    named = set(re.findall(r"'RG\d+', '(\w+)'", sources))
    assert named <= set(TEXTS)
    assert len(named) >= 20
