"""Results and standings as they are written, and what readers get from them."""

import itertools
import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Person
from compliance.assess import assess_builds, refresh, refresh_drone, refresh_vendors
from compliance.facts import gather
from compliance.models import FOR_EVER, RuleResult, Standing
from compliance.rulebooks import load_rulebook
from compliance.stale import stale_builds
from compliance.standings import with_standing
from policy.engine import breakpoints, evaluate
from policy.scopes import Acquisition
from policy.verdicts import Case, judge
from registry.models import Build, Component, Declaration, Drone, OwnershipLink
from tests.people import People, Society
from tests.worlds import IN_FORCE, World, log, publish

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def outcomes(build: Build, day: date) -> dict[str, str]:
    return dict(RuleResult.objects.on(day).filter(build=build).values_list("rule__code", "outcome"))


def standing(drone: Drone, day: date) -> str:
    with acting_as(None):
        rows = with_standing(Drone.objects.unscoped(reason="test"), day)
        return str(rows.get(pk=drone.pk).standing_state)


def test_every_rule_has_a_result_on_every_build_passes_too(world: World) -> None:
    assess_builds(on=TODAY)
    assert outcomes(world.clean, TODAY) == {"origin": "pass", "listed_party": "pass"}
    assert outcomes(world.listed, TODAY) == {"origin": "fail", "listed_party": "fail"}
    assert set(outcomes(world.unknown, TODAY).values()) == {"unknown"}


def test_a_component_without_a_known_country_makes_the_result_undetermined_and_says_what_is_missing(
    world: World,
) -> None:
    assess_builds(on=TODAY)
    result = RuleResult.objects.on(TODAY).get(build=world.no_radio, rule=world.origin)
    assert result.outcome == RuleResult.Outcome.UNKNOWN
    missing = [(each["subject"]["role"], each["predicate"]) for each in result.trace["missing"]]
    assert missing == [("radio", "made_in")]


def test_an_aircraft_that_nobody_assessed_reads_undetermined(world: World) -> None:
    assert standing(world.patrol, TODAY) == "undetermined"


def test_a_failing_aircraft_is_phased_out_and_grounded_on_the_day_of_its_deadline(
    world: World, society: Society
) -> None:
    drone = log(society.tree.coast_guard, world.listed, "K9-1", missions=["rescue"])
    assess_builds(on=IN_FORCE)
    deadline = date(2023, 4, 1)
    assert standing(drone, IN_FORCE) == "phase_out"
    assert standing(drone, deadline - timedelta(days=1)) == "phase_out"
    assert standing(drone, deadline) == "ground"
    with acting_as(None):
        first = Standing.objects.unscoped(reason="test").on(IN_FORCE).get(drone=drone)
    assert (first.by, first.ends, first.rule_id) == (deadline, deadline, world.listed_party.pk)


def test_the_same_aircraft_for_training_is_clear(world: World, society: Society) -> None:
    drone = log(society.tree.coast_guard, world.listed, "K9-2", missions=["training"])
    assess_builds(on=TODAY)
    assert standing(drone, TODAY) == "clear"


def test_evidence_that_expires_ends_the_standing_on_the_day_after(
    world: World, society: Society, goro: Person
) -> None:
    with acting_as(None):
        Declaration.objects.filter(pk=world.paper.pk).update(expires=date(2027, 3, 31))
    with acting_as(goro):
        Declaration.objects.filter(pk=world.paper.pk).update(verified_by=goro)
    drone = log(society.tree.coast_guard, world.clean, "S1-9", missions=["rescue"])
    assess_builds(on=TODAY)
    assert standing(drone, date(2027, 3, 31)) == "clear"
    assert standing(drone, date(2027, 4, 1)) == "undetermined"


def test_the_standing_of_any_day_equals_what_judge_says_on_that_day(
    world: World, society: Society, goro: Person
) -> None:
    """Every build, three sets of missions, every day on which anything can change and its neighbours."""
    with acting_as(None):
        publish(world.companies, date(2026, 12, 1), {"sora": "SORA AIRCRAFT"})
        publish(world.companies, date(2027, 5, 1), {})
    with acting_as(None):
        Declaration.objects.filter(pk=world.paper.pk).update(expires=date(2027, 3, 31))
    with acting_as(goro):
        Declaration.objects.filter(pk=world.paper.pk).update(verified_by=goro)
    builds = [world.clean, world.listed, world.no_radio, world.unknown]
    fleet = [
        log(society.tree.coast_guard, build, f"{number}-{build.pk}", missions=missions)
        for build in builds
        for number, missions in enumerate((["rescue"], ["rescue", "training"], []))
    ]
    assess_builds(on=TODAY)
    book = load_rulebook().rules
    facts = {pk: each.facts for pk, each in gather([build.pk for build in builds]).items()}
    days = {day for each in facts.values() for day in breakpoints(each, book, TODAY)}
    for day in sorted(days | {day - timedelta(days=1) for day in days if day > TODAY}):
        for drone in fleet:
            case = Case(
                kind=Acquisition.HELD,
                missions=frozenset(drone.missions) or None,
                build=drone.build_id,
                agency_kind=Agency.Kind.AGENCY,
            )
            results = evaluate(facts[drone.build_id], book, day)
            expected = judge(results, case, book, (), day).standing
            assert standing(drone, day) == expected, (day, drone)


def test_a_new_assessment_leaves_past_days_as_they_were(
    world: World, society: Society, goro: Person
) -> None:
    drone = log(society.tree.coast_guard, world.clean, "S1-1", missions=["rescue"])
    assess_builds(on=TODAY)
    with acting_as(goro):
        Component.objects.filter(build=world.clean, role="camera").update(made_in=["CN"])
    later = TODAY + timedelta(days=10)
    assess_builds([world.clean.pk], on=later)
    assert standing(drone, later - timedelta(days=1)) == "clear"
    assert standing(drone, later) == "ground"


def test_periods_of_an_aircraft_neither_overlap_nor_leave_a_gap(
    world: World, society: Society, goro: Person
) -> None:
    drone = log(society.tree.coast_guard, world.listed, "K9-7", missions=["rescue"])
    for day in (IN_FORCE, IN_FORCE, IN_FORCE + timedelta(days=3), TODAY):
        assess_builds(on=day)
    with acting_as(None):
        rows = Standing.objects.unscoped(reason="test").filter(drone=drone).order_by("begins")
        periods = [(row.begins, row.ends) for row in rows]
    assert periods[0][0] == IN_FORCE
    assert periods[-1][1] == FOR_EVER
    assert all(before[1] == after[0] for before, after in itertools.pairwise(periods))


def test_superseded_results_and_the_facts_they_rest_on_are_kept(world: World, goro: Person) -> None:
    assess_builds([world.clean.pk], on=TODAY)
    old = RuleResult.objects.on(TODAY).get(build=world.clean, rule=world.origin)
    with acting_as(goro):
        Component.objects.filter(build=world.clean, role="camera").update(made_in=["CN"])
    refresh([world.clean.pk])
    old.refresh_from_db()
    assert (old.outcome, old.superseded_at is None) == ("pass", False)
    assert '"camera"' in old.facts.body
    assert outcomes(world.clean, timezone.localdate())["origin"] == "fail"


def test_a_changed_link_reaches_the_builds_of_everybody_joined_by_it(
    world: World, society: Society, goro: Person
) -> None:
    assess_builds(on=timezone.localdate())
    with acting_as(goro):
        OwnershipLink.objects.create(
            holder=world.kite,
            subject=world.sora,
            kind=OwnershipLink.Kind.SHAREHOLDING,
            share_min=60,
            share_max=60,
        )
    done = refresh_vendors([world.sora.pk])
    assert done.builds == 5
    result = RuleResult.objects.on(timezone.localdate()).get(
        build=world.clean, rule=world.listed_party
    )
    assert result.outcome == "fail"
    assert [edge["kind"] for edge in result.trace["hits"][0]["path"]] == ["shareholding"]


def test_what_is_stale_is_found_after_a_fact_a_list_or_a_rulebook_changed(
    world: World, goro: Person
) -> None:
    assess_builds(on=TODAY)
    assert stale_builds() == []
    with acting_as(goro):
        Component.objects.filter(build=world.no_radio, role="radio").update(made_in=["JP"])
    assert stale_builds() == [world.no_radio.pk]
    assess_builds([world.no_radio.pk], on=TODAY)
    with acting_as(None):
        publish(world.companies, date(2026, 12, 1), {})
    assert len(stale_builds()) == Build.objects.count()


def test_logging_an_aircraft_gives_it_a_standing_at_once_with_the_rights_of_its_custodian(
    world: World, society: Society, people: People
) -> None:
    with acting_as(people.aiko):
        drone = Drone.objects.create(
            agency=society.tree.coast_guard,
            build=world.clean,
            serial_number="S1-5",
            missions=["rescue"],
        )
        refresh_drone(drone)
        rows = with_standing(Drone.objects.visible_to(people.aiko), timezone.localdate())
        assert rows.get(pk=drone.pk).standing_state == "clear"


def test_assess_prints_one_json_object_with_what_it_did(world: World) -> None:
    out = StringIO()
    call_command("assess", "--json", stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    assert (report["rules"], report["builds"], report["aircraft"]) == (2, 5, 2)
    assert report["outcomes"] == {"fail": 4, "pass": 3, "unknown": 3}
