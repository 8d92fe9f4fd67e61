"""The job that reads the audit trail: what changes reach, whatever way they came, and what an interruption leaves."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from agencies.context import acting_as
from compliance import assess, feed
from compliance.assess import assess_builds
from compliance.facts import Gathered
from compliance.feed import assess_everything, assess_touched, read_feed
from compliance.models import RuleResult, Standing
from compliance.results import Evaluated, Run, evaluate_builds
from registry.models import Build, Component, Declaration, Drone, DroneModel, OwnershipLink, Vendor
from tests.databases import FreshDatabase
from tests.people import Society, settle
from tests.worlds import World, furnish, log, publish

HERE = """
select coalesce(min(backend_xid::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
from pg_stat_activity where datname = current_database()
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open transactions of other databases hold the frontier back; those of tests beside this one shall not."""
    monkeypatch.setattr(feed, "FRONTIER", HERE)


@pytest.fixture
def society_at_work(fresh_database: FreshDatabase) -> Society:
    return settle()


@pytest.fixture
def world_at_work(society_at_work: Society) -> World:
    world = furnish(society_at_work)
    assess_everything()
    return world


def state(drone: Drone) -> str:
    with acting_as(None):
        rows = Standing.objects.unscoped(reason="test").on(timezone.localdate())
        return str(rows.get(drone=drone).state)


def touched() -> set[int]:
    return set(read_feed().builds)


def test_after_everything_was_looked_at_nothing_waits(world_at_work: World) -> None:
    assert touched() == set()
    assert assess_touched().builds == 0


def _part(world: World) -> None:
    Component.objects.filter(build=world.clean, role="camera").update(made_in=["CN"])


def _part_gone(world: World) -> None:
    Component.objects.filter(build=world.clean, role="camera").delete()


def _model(world: World) -> None:
    DroneModel.objects.filter(pk=world.listed.model_id).update(weight_g=1)


def _owner(world: World) -> None:
    OwnershipLink.objects.create(holder=world.kite, subject=world.sora, kind="control")


def _vendor(world: World) -> None:
    Vendor.objects.filter(pk=world.kite.pk).update(headquartered_in=["JP"])


def _paper(world: World) -> None:
    Declaration.objects.filter(pk=world.paper.pk).update(expires=date(2040, 1, 1))


def _aircraft(world: World) -> None:
    Drone.objects.unscoped(reason="test").filter(pk=world.patrol.pk).update(missions=["training"])


def _list(world: World) -> None:
    publish(world.concern, date(2026, 1, 1), {"JP": "Japan"})


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (_part, {"clean"}),
        (_part_gone, {"clean"}),
        (_model, {"listed"}),
        (_owner, {"clean", "no_radio", "unknown", "listed"}),
        (_vendor, {"listed"}),
        (_paper, {"clean", "no_radio", "unknown", "listed"}),
        (_aircraft, {"clean"}),
        (_list, {"clean", "no_radio", "unknown", "listed"}),
    ],
)
def test_a_change_touches_the_builds_that_depend_on_it_and_no_other(
    world_at_work: World, change: Callable[[World], None], names: set[str]
) -> None:
    with acting_as(None):
        change(world_at_work)
    named = {getattr(world_at_work, name).pk for name in names}
    others = {world_at_work.clean.pk, world_at_work.no_radio.pk, world_at_work.listed.pk} - named
    assert named <= touched()
    assert not others & touched()


def test_an_aircraft_that_was_stored_past_the_services_gets_its_standing(
    world_at_work: World, society_at_work: Society
) -> None:
    drone = log(
        society_at_work.tree.coast_guard, world_at_work.listed, "SQL-1", missions=["rescue"]
    )
    done = assess_touched()
    assert (done.builds, state(drone)) == (1, "ground")
    assert touched() == set()


def test_an_interrupted_run_is_done_again_in_full(
    world_at_work: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_as(None):
        _part(world_at_work)
    with monkeypatch.context() as broken:
        broken.setattr(feed, "assess_builds", _killed)
        with pytest.raises(KeyboardInterrupt):
            assess_touched()
    assert touched() == {world_at_work.clean.pk}
    assess_touched()
    result = RuleResult.objects.on(timezone.localdate())
    assert result.get(build=world_at_work.clean, rule=world_at_work.origin).outcome == "fail"


def _killed(builds: list[int], workers: int) -> None:
    raise KeyboardInterrupt


def test_a_change_that_is_still_open_is_not_passed_over(
    world_at_work: World, fresh_database: FreshDatabase
) -> None:
    """Its events have lower ids than those of a change that ended before it."""
    import_connection = connection.copy()
    with import_connection.cursor() as early:
        early.execute("begin")
        early.execute("select set_config('app.actor', 'system:job', true)")
        early.execute(
            "update registry_component set made_in = '{CN}' where build_id = %s",
            [world_at_work.clean.pk],
        )
        with acting_as(None):
            _model(world_at_work)
        assess_touched()
        early.execute("commit")
    import_connection.close()
    assert world_at_work.clean.pk in touched()


def test_after_a_restore_everything_is_looked_at(world_at_work: World) -> None:
    feed._advance(2**60)
    assert touched() == set(Build.objects.values_list("pk", flat=True))


def current(**only: object) -> set[int]:
    return set(RuleResult.objects.current().filter(**only).values_list("pk", flat=True))


def test_results_that_nothing_changed_are_kept_and_worked_out_afresh_the_wrong_ones_replaced(
    world_at_work: World,
) -> None:
    before, wrong = current(), current(rule=world_at_work.origin)
    assess_builds(on=timezone.localdate() + timedelta(days=1))
    assert current() == before
    assess_builds(afresh=True)
    assert current() == before
    RuleResult.objects.filter(pk__in=wrong).update(outcome="not_applicable")
    assess_builds()
    assert current(outcome="not_applicable") == wrong
    assess_builds(afresh=True)
    assert current(outcome="not_applicable") == set()
    assert current() & before == before - wrong


def stored() -> list[tuple[object, ...]]:
    with acting_as(None):
        rows = Standing.objects.unscoped(reason="test").order_by("drone", "begins")
        return list(rows.values_list("drone", "begins", "ends", "state", "rule", "by"))


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_several_processes_store_what_one_does(
    world_at_work: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, results = stored(), RuleResult.objects.count()
    with acting_as(None):
        Standing.objects.unscoped(reason="test").delete()
    monkeypatch.setattr(assess, "BATCH", 1)
    done = assess_builds(afresh=True, workers=2)
    assert done.builds == Build.objects.count()
    assert (stored(), RuleResult.objects.count()) == (before, results)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("which", [0, 1])
def test_what_goes_wrong_in_any_process_is_told(
    world_at_work: World, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    wrong = Build.objects.order_by("pk").values_list("pk", flat=True)[which]

    def fail(gathered: Mapping[int, Gathered], run: Run) -> dict[int, Evaluated]:
        if wrong in gathered:
            raise ValueError("no longer there")
        return evaluate_builds(gathered, run)

    monkeypatch.setattr(assess, "BATCH", 1)
    monkeypatch.setattr(assess, "evaluate_builds", fail)
    with pytest.raises(ValueError, match="no longer there"):
        assess_builds(workers=2)
