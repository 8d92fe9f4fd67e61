"""An aircraft moves to another agency: both consent, the history stays, and each side sees its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person
from audit.models import Event
from registry.drone_events import Report, record
from registry.models import Drone, DroneEvent, IncomingTransfer, TransferOffer
from registry.refusals import NotAllowed, NotNow, NotThere, Refused
from registry.transfers import Place, accept, decline, offer, withdraw
from registry.transitions import Action
from tests.databases import FreshDatabase
from tests.people import SINCE, Society, settle
from tests.worlds import SERIAL, World, furnish, log

SECRET = "Hull scratched in the secret operation"


def told(by: Person, drone: Drone) -> Drone:
    with acting_as(by):
        return Drone.objects.visible_to(by).get(pk=drone.pk)


def offered(by: Person, drone: Drone, to: Agency, message: str = "Yours for the season") -> UUID:
    with acting_as(by):
        now = Drone.objects.visible_to(by).get(pk=drone.pk)
        return offer(drone=now, seen=now.events_made, to=to, message=message, by=by)


def accepted(by: Person, offer_id: UUID) -> Drone:
    with acting_as(by):
        row = accept(offer_id=offer_id, settled=Place(["forestry"], "Takao"), by=by)
        return Drone.objects.visible_to(by).get(pk=row)


def written_about(by: Person, drone: Drone) -> None:
    """What the giver alone may read of its aircraft."""
    with acting_as(by):
        Drone.objects.visible_to(by).filter(pk=drone.pk).update(note=SECRET, price=900_000)
        record(
            Action.HAND_OVER,
            drone.pk,
            by=by,
            seen=0,
            report=Report(custodian_name="Captain Endo", reason=SECRET),
        )


def test_the_givers_row_closes_and_a_new_one_opens_with_the_same_airframe(
    society: Society, world: World
) -> None:
    people = society.people
    written_about(people.aiko, world.patrol)
    new = accepted(people.daisuke, offered(people.aiko, world.patrol, society.tree.forestry))
    old = told(people.aiko, world.patrol)
    assert (old.status, old.note, old.events_made) == ("transferred", SECRET, 3)
    assert (new.airframe, new.serial_number, new.build_id) == (
        old.airframe,
        SERIAL,
        old.build_id,
    )
    assert (new.status, new.missions, new.place) == ("stored", ["forestry"], "Takao")
    assert (new.acquired_how, new.acquired_on) == ("transfer", timezone.localdate())
    assert (new.note, new.price, new.custodian_name) == ("", None, "")
    assert new.asset_tag != old.asset_tag


def test_no_history_is_moved(society: Society, world: World) -> None:
    people = society.people
    written_about(people.aiko, world.patrol)
    with acting_as(people.aiko):
        before = list(
            Event.objects.filter(record_id=str(world.patrol.pk)).values_list("pk", flat=True)
        )
    new = accepted(people.daisuke, offered(people.aiko, world.patrol, society.tree.forestry))
    with acting_as(people.aiko):
        events = DroneEvent.objects.visible_to(people.aiko).filter(drone=world.patrol)
        assert [each.action for each in events] == ["transfer", "offer", "hand_over"]
        kept = Event.objects.filter(record_id=str(world.patrol.pk), pk__in=before)
        assert kept.count() == len(before) >= 2
    with acting_as(people.daisuke):
        events = DroneEvent.objects.visible_to(people.daisuke).filter(drone__airframe=new.airframe)
        assert [(each.action, each.no, each.drone_id) for each in events] == [("arrive", 1, new.pk)]


def test_the_receiver_sees_nothing_of_what_the_giver_wrote(society: Society, world: World) -> None:
    people = society.people
    written_about(people.aiko, world.patrol)
    accepted(people.daisuke, offered(people.aiko, world.patrol, society.tree.forestry))
    with acting_as(people.daisuke):
        seen = [
            *Drone.objects.unscoped(reason="the second net alone").values_list("note", flat=True),
            *DroneEvent.objects.unscoped(reason="the second net alone").values_list(
                "reason", flat=True
            ),
            *TransferOffer.objects.unscoped(reason="the second net alone").values_list(
                "message", flat=True
            ),
        ]
        assert SECRET not in seen
        assert not any(SECRET in each.canon for each in Event.objects.all())
        assert Drone.objects.unscoped(reason="the second net alone").count() == 2


def test_a_third_agency_sees_nothing_at_all(society: Society, world: World) -> None:
    people, tree = society.people, society.tree
    with acting_as(None):
        third = Agency.objects.create(
            code="soumu", kind="ministry", name_en="MIC", name_local="総務省", parent=tree.centre
        )
        stranger = Person.objects.create(email="saki@test.example", name_en="Saki")
        Membership.objects.create(person=stranger, agency=third, role="custodian", since=SINCE)
    offer_id = offered(people.aiko, world.patrol, tree.forestry)
    with acting_as(stranger):
        for rows in (Drone, DroneEvent, TransferOffer, IncomingTransfer):
            assert not rows.objects.unscoped(reason="the second net alone").exists()
    for answer in (
        lambda: accept(offer_id=offer_id, settled=Place(), by=stranger),
        lambda: decline(offer_id=offer_id, reason="no", by=stranger),
        lambda: withdraw(offer_id=offer_id, reason="no", by=stranger),
        lambda: offer(drone=world.patrol, seen=1, to=third, message="", by=stranger),
    ):
        with pytest.raises(NotThere), acting_as(stranger):
            answer()


def test_the_receiver_is_told_what_it_needs_to_consent(society: Society, world: World) -> None:
    people = society.people
    offered(people.aiko, world.patrol, society.tree.forestry)
    with acting_as(people.daisuke):
        (incoming,) = IncomingTransfer.objects.visible_to(people.daisuke)
        assert incoming.serial_number == SERIAL
        assert (incoming.build_id, incoming.from_agency.code) == (world.clean.pk, "jcg")
        assert (incoming.message, incoming.grounded) == ("Yours for the season", False)
        assert not Drone.objects.visible_to(people.daisuke).filter(serial_number=SERIAL).exists()


@pytest.mark.parametrize("name", ["ben", "rin", "chie", "daisuke"])
def test_only_a_custodian_of_the_agency_offers(name: str, society: Society, world: World) -> None:
    person = getattr(society.people, name)
    expected = NotThere if name == "daisuke" else NotAllowed
    with pytest.raises(expected), acting_as(person):
        offer(drone=world.patrol, seen=0, to=society.tree.forestry, message="", by=person)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("eri", NotAllowed), ("chie", NotAllowed), ("aiko", NotThere), ("ben", NotThere)],
)
def test_only_a_custodian_of_the_receiver_answers(
    name: str, expected: type[Refused], society: Society, world: World
) -> None:
    person = getattr(society.people, name)
    offer_id = offered(society.people.aiko, world.patrol, society.tree.forestry)
    with pytest.raises(expected), acting_as(person):
        accept(offer_id=offer_id, settled=Place(), by=person)
    with pytest.raises(expected), acting_as(person):
        decline(offer_id=offer_id, reason="no", by=person)


def test_who_offered_does_not_accept_also_with_a_post_on_either_side(
    society: Society, world: World
) -> None:
    aiko, forestry = society.people.aiko, society.tree.forestry
    with acting_as(None):
        Membership.objects.create(person=aiko, agency=forestry, role="custodian", since=SINCE)
    offer_id = offered(Person.objects.get(pk=aiko.pk), world.patrol, forestry)
    both = Person.objects.get(pk=aiko.pk)
    with pytest.raises(NotAllowed) as caught, acting_as(both):
        accept(offer_id=offer_id, settled=Place(), by=both)
    assert caught.value.guard == "own_offer"


def test_a_declined_offer_leaves_everything_as_it_was(society: Society, world: World) -> None:
    people = society.people
    offer_id = offered(people.aiko, world.patrol, society.tree.forestry)
    with pytest.raises(NotNow), acting_as(people.daisuke):
        decline(offer_id=offer_id, reason=" ", by=people.daisuke)
    with acting_as(people.daisuke):
        decline(offer_id=offer_id, reason="too heavy", by=people.daisuke)
    with acting_as(people.aiko):
        mine = TransferOffer.objects.visible_to(people.aiko).get(pk=offer_id)
        assert (mine.status, mine.answer) == ("declined", "too heavy")
    assert told(people.aiko, world.patrol).status == "in_service"
    assert offered(people.aiko, world.patrol, society.tree.forestry) != offer_id


@pytest.mark.parametrize("first", ["withdrawn", "declined", "accepted"])
def test_an_offer_is_answered_once(first: str, society: Society, world: World) -> None:
    people = society.people
    offer_id = offered(people.aiko, world.patrol, society.tree.forestry)
    with acting_as(people.aiko if first == "withdrawn" else people.daisuke):
        if first == "withdrawn":
            withdraw(offer_id=offer_id, reason="we need it", by=people.aiko)
        elif first == "declined":
            decline(offer_id=offer_id, reason="no", by=people.daisuke)
        else:
            accept(offer_id=offer_id, settled=Place(), by=people.daisuke)
    again: list[tuple[Person, Callable[[], object]]] = [
        (people.daisuke, lambda: accept(offer_id=offer_id, settled=Place(), by=people.daisuke)),
        (people.daisuke, lambda: decline(offer_id=offer_id, reason="no", by=people.daisuke)),
        (people.aiko, lambda: withdraw(offer_id=offer_id, reason="no", by=people.aiko)),
    ]
    for person, act in again:
        with pytest.raises(NotNow) as caught, acting_as(person):
            act()
        assert caught.value.guard == "offer_closed"


def test_what_was_offered_is_what_is_given(society: Society, world: World) -> None:
    people = society.people
    offer_id = offered(people.aiko, world.patrol, society.tree.forestry)
    with acting_as(people.aiko):
        record(Action.STORE, world.patrol.pk, by=people.aiko, seen=1, report=Report())
    with pytest.raises(NotNow) as caught, acting_as(people.daisuke):
        accept(offer_id=offer_id, settled=Place(), by=people.daisuke)
    assert caught.value.guard == "changed_since_offer"
    assert told(people.aiko, world.patrol).status == "stored"


def test_an_aircraft_is_offered_to_one_other_agency_at_a_time(
    society: Society, world: World
) -> None:
    people, tree = society.people, society.tree
    with pytest.raises(NotNow) as caught:
        offered(people.aiko, world.patrol, tree.coast_guard)
    assert caught.value.guard == "receiver"
    offered(people.aiko, world.patrol, tree.forestry)
    with pytest.raises(NotNow) as caught:
        offered(people.aiko, world.patrol, tree.maff)
    assert caught.value.guard == "offered"


@pytest.mark.parametrize("status", ["lost", "disposed", "entered_in_error", "transferred"])
def test_what_is_not_there_is_not_offered(status: str, society: Society, world: World) -> None:
    drone = log(society.tree.coast_guard, world.clean, "SN-1", status=status)
    with pytest.raises(NotNow) as caught:
        offered(society.people.aiko, drone, society.tree.forestry)
    assert caught.value.guard == "transition"


def test_a_serial_number_that_the_receiver_has_already_is_no_second_one(
    society: Society, world: World
) -> None:
    people = society.people
    log(society.tree.forestry, world.clean, SERIAL)
    offer_id = offered(people.aiko, world.patrol, society.tree.forestry)
    with pytest.raises(NotNow) as caught, acting_as(people.daisuke):
        accept(offer_id=offer_id, settled=Place(), by=people.daisuke)
    assert caught.value.guard == "serial_taken"


def test_an_aircraft_comes_back_with_the_same_airframe(society: Society, world: World) -> None:
    people = society.people
    there = accepted(people.daisuke, offered(people.aiko, world.patrol, society.tree.forestry))
    back = accepted(people.aiko, offered(people.daisuke, there, society.tree.coast_guard))
    assert back.airframe == world.patrol.airframe
    assert back.pk != world.patrol.pk
    assert told(people.aiko, world.patrol).status == "transferred"


def test_what_is_grounded_arrives_grounded_and_an_order_goes_with_it(
    society: Society, world: World
) -> None:
    people = society.people
    with acting_as(people.chie):
        record(Action.GROUND, world.patrol.pk, by=people.chie, seen=0, report=Report(reason="a"))
    new = accepted(people.daisuke, offered(people.aiko, world.patrol, society.tree.forestry))
    assert (new.status, new.grounded_by_order) == ("grounded", True)


def test_the_context_is_as_it_was_after_reaching_over(society: Society, world: World) -> None:
    people = society.people
    offer_id = offered(people.aiko, world.patrol, society.tree.forestry)
    with acting_as(people.daisuke):
        accept(offer_id=offer_id, settled=Place(), by=people.daisuke)
        codes = set(
            Drone.objects.unscoped(reason="the second net alone").values_list(
                "agency__code", flat=True
            )
        )
        assert codes == {"rinya"}


def test_a_service_works_for_whom_the_transaction_works(society: Society, world: World) -> None:
    people = society.people
    with pytest.raises(RuntimeError), acting_as(people.aiko):
        offer(drone=world.patrol, seen=0, to=society.tree.forestry, message="", by=people.mika)


def at_once(acts: list[tuple[Person, Callable[[Person], object]]]) -> list[object]:
    """The outcomes of these acts, each over a connection of its own, begun at the same moment."""
    start = Barrier(len(acts))

    def one(who: Person, act: Callable[[Person], object]) -> object:
        try:
            start.wait()
            with acting_as(who):
                return act(who)
        except Refused as refused:
            return refused.guard
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(one, *act) for act in acts]]


def test_of_two_answers_at_one_moment_one_counts(fresh_database: FreshDatabase) -> None:
    society = settle()
    world = furnish(society)
    people, tree = society.people, society.tree
    with acting_as(None):
        yui = Person.objects.create(email="yui@test.example", name_en="Yui")
        Membership.objects.create(person=yui, agency=tree.forestry, role="custodian", since=SINCE)
    pairs: list[Callable[[UUID], list[tuple[Person, Callable[[Person], object]]]]] = [
        lambda o: [
            (people.daisuke, lambda by: accept(offer_id=o, settled=Place(), by=by)),
            (yui, lambda by: accept(offer_id=o, settled=Place(), by=by)),
        ],
        lambda o: [
            (people.daisuke, lambda by: accept(offer_id=o, settled=Place(), by=by)),
            (people.aiko, lambda by: withdraw(offer_id=o, reason="ours", by=by)),
        ],
        lambda o: [
            (people.daisuke, lambda by: accept(offer_id=o, settled=Place(), by=by)),
            (yui, lambda by: decline(offer_id=o, reason="no", by=by)),
        ],
    ]
    for turn in range(12):
        drone = log(tree.coast_guard, world.clean, f"RACE-{turn}")
        offer_id = offered(people.aiko, drone, tree.forestry)
        outcomes = at_once(pairs[turn % len(pairs)](offer_id))
        assert outcomes.count("offer_closed") == 1, outcomes
        with acting_as(None):
            rows = Drone.objects.unscoped(reason="test").filter(airframe=drone.airframe)
            ended = {each.status for each in rows}
            assert ended in ({"transferred", "stored"}, {"in_service"})
            assert rows.count() == len(ended)


def test_of_two_events_at_one_moment_one_is_recorded(fresh_database: FreshDatabase) -> None:
    society = settle()
    world = furnish(society)
    people = society.people

    def store(drone: Drone) -> Callable[[Person], object]:
        return lambda by: record(Action.STORE, drone.pk, by=by, seen=0, report=Report())

    def ground(drone: Drone) -> Callable[[Person], object]:
        return lambda by: record(
            Action.GROUND,
            drone.pk,
            by=by,
            seen=0,
            report=Report(reason="wind", on=date(2026, 4, 1)),
        )

    for turn in range(12):
        drone = log(society.tree.coast_guard, world.clean, f"RACE-{turn}")
        outcomes = at_once([(people.aiko, store(drone)), (people.chie, ground(drone))])
        assert outcomes.count("moved") == 1, outcomes
        with acting_as(None):
            assert DroneEvent.objects.unscoped(reason="test").filter(drone=drone).count() == 1
