"""The demo world as it is loaded: through the services its people use, once."""

from io import StringIO
from typing import get_args

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from agencies.context import acting_as
from agencies.models import Membership, Person
from audit.models import Event
from compliance.models import RuleResult
from compliance.standings import with_standing
from demo.reference_files import read_json
from demo.world import load
from policy.criteria import AnyCriterion
from policy.models import Edition
from procurement.models import Purchase
from procurement.queues import decidable_by
from procurement.states import Status
from registry.models import Build, Drone, DroneModel

PASSES = {
    "SOTEN — Standard camera, firmware of July 2022 and later",
    "X10D — Encrypted radio set, storage in the USA",
    "Astro — Doodle Labs radio, no cloud",
}


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    settings.DEMO = True
    settings.DEMO_PASSWORD = "only for trying it out"


def events() -> int:
    with acting_as(None):
        return Event.objects.count()


@pytest.mark.usefixtures("demo_database")
def test_loading_it_again_changes_nothing() -> None:
    once = events()
    load()
    assert events() == once


@pytest.mark.usefixtures("demo_database")
def test_a_world_that_does_not_fit_changes_nothing_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    once = events()
    (known, *_) = read_json("purchases.json")
    newer = [
        {
            **known,
            "title": "Not there yet",
            "moves": [{"action": "order", "by": known["requester"]}],
        }
    ]
    monkeypatch.setattr("demo.purchases.read_json", lambda name: newer)
    with pytest.raises(CommandError, match=r"Nothing was changed.*delete the folder") as refused:
        call_command("demo")
    assert refused.value.returncode == 2
    assert events() == once


@pytest.mark.django_db
def test_it_is_refused_where_it_is_no_demonstration(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="for trying only"):
        call_command("demo")
    assert not Person.objects.exists()


@pytest.mark.usefixtures("demo_database")
def test_it_holds_real_models_of_several_makers_and_thirty_aircraft_that_have_a_standing() -> None:
    out = StringIO()
    call_command("demo", stdout=out)
    assert "custodian@demo.example" in out.getvalue()
    assert DroneModel.objects.count() >= 10
    assert DroneModel.objects.values("manufacturer").distinct().count() >= 6
    assert Edition.objects.count() == 8
    with acting_as(None):
        fleet = with_standing(Drone.objects.unscoped(reason="test"), timezone.localdate())
        states = list(fleet.values_list("standing_state", flat=True))
        assessed = fleet.filter(on_day__isnull=False).count()
    assert (len(states), assessed) == (31, 31)
    assert {"ground", "phase_out", "clear", "undetermined"} <= set(states)


@pytest.mark.usefixtures("demo_database")
def test_a_certificate_decides_what_an_aircraft_may_do() -> None:
    with acting_as(None):
        fleet = with_standing(Drone.objects.unscoped(reason="test"), timezone.localdate())
        states = dict(fleet.values_list("serial_number", "standing_state"))
    assert states["16349D6JLLUJKL"] == "ground"  # its registration ended
    assert states["16349WEQ0XMD62"] == "clear"  # of the same build, and registered


@pytest.mark.usefixtures("demo_database")
def test_every_kind_of_rule_says_something_of_the_demo_world() -> None:
    kinds = RuleResult.objects.on(timezone.localdate()).values_list(
        "rule__criterion__kind", "outcome"
    )
    said: dict[str, set[str]] = {}
    for kind, outcome in kinds:
        said.setdefault(kind, set()).add(outcome)
    assert set(said) == {kind.kind for kind in get_args(AnyCriterion)}
    for kind in ("origin", "listed_party", "cleared_build"):
        assert {"pass", "fail", "unknown"} <= said[kind], kind
    assert {"pass", "fail", "unknown"} <= said["required_measure"]
    assert {"pass", "unknown"} <= said["attribute"]


@pytest.mark.usefixtures("demo_database")
def test_the_builds_that_pass_are_those_whose_papers_say_so() -> None:
    of_builds = RuleResult.objects.exclude(rule__criterion__kind="certificate")
    today = of_builds.on(timezone.localdate())
    failing = set(
        today.filter(outcome="fail").values_list("build__model__manufacturer__name", flat=True)
    )
    unsettled = today.exclude(outcome="pass").values("build")
    clean = Build.objects.exclude(pk__in=unsettled).select_related("model")
    assert {build.english for build in clean} == PASSES
    assert "SZ DJI Technology Co., Ltd." in failing


@pytest.mark.usefixtures("demo_database")
def test_a_flagged_purchase_waits_for_the_reviewer_and_another_for_the_approver() -> None:
    reviewer = Person.objects.get(email="reviewer@demo.example")
    approver = Person.objects.get(email="approver@demo.example")
    with acting_as(reviewer):
        waiting = list(decidable_by(reviewer).select_related("dossier"))
    assert [each.status for each in waiting] == [Status.SECURITY_REVIEW]
    assert waiting[0].dossier is not None
    assert '"blocked":true' in waiting[0].dossier.body
    with acting_as(approver):
        assert [each.status for each in decidable_by(approver)] == [Status.AGENCY_REVIEW]


@pytest.mark.usefixtures("demo_database")
def test_everybody_who_acts_in_it_stands_in_the_trail_under_their_own_name() -> None:
    with acting_as(None):
        moved = Event.objects.filter(record_table="procurement_move").values_list(
            "actor_name", flat=True
        )
        assert set(moved) == {"custodian@demo.example", "approver@demo.example"}
        held = Membership.objects.unscoped(reason="test").values_list("role", flat=True)
        assert set(Membership.Role.values) - set(held) == {"viewer"}
        assert Purchase.objects.unscoped(reason="test").count() == 3
