"""The demo world as it is loaded: through the services its people use, once."""

import hashlib
import json
from collections import Counter
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from typing import get_args

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from agencies.context import acting_as
from agencies.models import Membership, Person
from audit.models import Event
from compliance.models import RuleResult, Waiver
from compliance.standings import with_standing
from demo.ageing import REASON
from demo.reference_files import read_json
from demo.world import load
from policy.criteria import AnyCriterion
from procurement.due import is_overdue, ordered_without_review
from procurement.models import Condition, Move, Purchase, RefusedUnit
from procurement.queues import REVIEW_QUEUES, decidable_by
from procurement.states import Status
from registry.models import Build, Drone, ImportSession
from tests.demo.test_reference import PUBLISHED_FLEETS
from tests.web.looks import person
from tests.web.pages import signed_in

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
def test_the_fleets_of_each_body_add_up_to_the_published_counts_and_each_aircraft_has_a_standing() -> (
    None
):
    out = StringIO()
    call_command("demo", stdout=out)
    assert "custodian@demo.example" in out.getvalue()
    with acting_as(None):
        held = Drone.objects.unscoped(reason="test").held()
        counted = Counter(held.values_list("agency__code", flat=True))
        fleet = with_standing(held, timezone.localdate())
        states = set(fleet.values_list("standing_state", flat=True))
        unassessed = fleet.filter(on_day__isnull=True).count()
    assert counted == {**PUBLISHED_FLEETS, "jp-atla": 3}
    assert states == {"ground", "phase_out", "clear", "undetermined", "waived"}
    assert unassessed == 0


@pytest.mark.usefixtures("demo_database")
def test_the_past_year_can_be_read_from_it() -> None:
    """Standings are reckoned for each day of it, and registrations that ran out ground more and more."""
    today = timezone.localdate()
    with acting_as(None):
        held = Drone.objects.unscoped(reason="test").held()
        days = [today - timedelta(days=back) for back in (365, 240, 120, 0)]
        per_day = [
            Counter(with_standing(held, day).values_list("standing_state", flat=True))
            for day in days
        ]
        of_then = with_standing(held.filter(acquired_on__lt=days[0]), days[0])
        unassessed = of_then.filter(on_day__isnull=True).count()
        bought = {
            held.filter(acquired_on__gt=earlier, acquired_on__lte=later).exists()
            for earlier, later in pairwise(days)
        }
    grounded = [states["ground"] for states in per_day]
    assert grounded == sorted(grounded)
    assert grounded[-1] >= grounded[0] + 8
    assert (unassessed, bought) == (0, {True})


@pytest.mark.usefixtures("demo_database")
def test_purchases_stand_in_every_state_and_waivers_in_theirs() -> None:
    today = timezone.localdate()
    with acting_as(None):
        purchases = Purchase.objects.unscoped(reason="test")
        assert set(purchases.values_list("status", flat=True)) == set(Status.values)
        assert purchases.filter(evidence_asked_at__isnull=False).exists()
        assert purchases.filter(is_overdue(today), status=Status.SECURITY_REVIEW).exists()
        assert ordered_without_review(purchases, today).exists()
        assert set(purchases.values_list("kind", flat=True)) >= {"lease", "service", "donation"}
        assert Condition.objects.unscoped(reason="test").filter(met_on__isnull=True).exists()
        assert RefusedUnit.objects.unscoped(reason="test").exists()
        moves = Move.objects.unscoped(reason="test")
        instead = moves.filter(acted_for__isnull=False).select_related("actor", "acted_for")
        assert {(str(each.actor), str(each.acted_for)) for each in instead} == {
            ("Rie Ishikawa", "Noboru Hayakawa")
        }
        soon = Waiver.objects.unscoped(reason="test").filter(
            valid_until__range=(today, today + timedelta(days=30))
        )
        assert soon.exists()


@pytest.mark.usefixtures("demo_database")
def test_every_queue_of_the_reviewer_holds_something() -> None:
    reviewer = person("reviewer")
    today = timezone.localdate()
    with acting_as(reviewer):
        held = {name: rows(reviewer, today).count() for name, rows in REVIEW_QUEUES.items()}
    assert set(held) == {"open", "mine", "others", "overdue"}
    assert 0 not in held.values(), held


@pytest.mark.usefixtures("demo_database")
def test_the_home_of_everybody_says_something() -> None:
    for entry in read_json("people.json"):
        somebody = Person.objects.get(email=entry["email"])
        answer = signed_in(somebody).get("/")
        said = [queue for queue in answer.context["queues"] if queue.items]
        chart = answer.context["aircraft"]
        assert said or answer.context["asked"] or chart.anything, entry


@pytest.mark.usefixtures("demo_database")
def test_what_a_body_withholds_is_not_shown_to_the_centre() -> None:
    with acting_as(person("leader")):
        seen = Drone.objects.visible_to(person("leader")).held()
        codes = set(seen.values_list("agency__code", flat=True))
    assert codes == set(PUBLISHED_FLEETS) - {"jp-mod"}
    with acting_as(person("mod")):
        own = Drone.objects.visible_to(person("mod")).held()
        assert own.count() == PUBLISHED_FLEETS["jp-mod"] + 3


@pytest.mark.usefixtures("demo_database")
def test_an_import_with_three_wrong_rows_was_corrected_and_brought_again() -> None:
    with acting_as(None):
        sessions = ImportSession.objects.unscoped(reason="test").filter(agency__code="jp-maff")
        wrong, right = sessions.order_by("created_at")
    assert (wrong.state, right.state) == ("discarded", "applied")
    assert [each["heading"] for each in wrong.report["problems"]] == ["取得日", "用途", "取得価格"]
    assert right.report["counts"] == {"new": 12, "changed": 0, "same": 0, "wrong": 0}


@pytest.mark.usefixtures("demo_database")
def test_the_audit_trail_holds_together() -> None:
    """Each event hashes to its leaf and names the one before it of the same record."""
    last: dict[tuple[str, str], tuple[int, str]] = {}
    with acting_as(None):
        rows = Event.objects.order_by("record_table", "record_id", "record_no")
        events = list(rows.values_list("record_table", "record_id", "record_no", "canon", "leaf"))
    assert len(events) > 2000
    for table, record, number, canon, leaf in events:
        before, prev = last.get((table, record), (0, None))
        assert number == before + 1
        assert json.loads(canon)["prev"] == prev
        assert hashlib.sha256(b"\0" + canon.encode()).digest() == bytes(leaf)
        last[table, record] = (number, bytes(leaf).hex())


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
    reviewer, approver = person("reviewer"), person("approver")
    with acting_as(reviewer):
        waiting = list(decidable_by(reviewer).select_related("dossier"))
    assert {each.status for each in waiting} == {Status.SECURITY_REVIEW}
    blocked = ['"blocked":true' in each.dossier.body for each in waiting if each.dossier]
    assert set(blocked) == {True, False}
    with acting_as(approver):
        assert [each.status for each in decidable_by(approver)] == [Status.AGENCY_REVIEW]


@pytest.mark.usefixtures("demo_database")
def test_everybody_who_acts_in_it_stands_in_the_trail_under_their_own_name() -> None:
    moves = [step for entry in read_json("purchases.json") for step in entry["moves"]]
    named = {step["by"] for step in moves if step["action"] not in {"claim", "offer", "refuse"}}
    with acting_as(None):
        events = Event.objects.filter(record_table="procurement_move")
        assert set(events.values_list("actor_name", flat=True)) == named
        held = Membership.objects.unscoped(reason="test").values_list("role", flat=True)
        assert set(Membership.Role.values) == set(held)
        aged = Event.objects.filter(reason=REASON).values_list("actor", "fields")
        assert {(who, tuple(fields)) for who, fields in aged} == {
            ("system:migrate", ("due_on", "since"))
        }
