"""What was approved and no longer holds goes back to review by itself; what changed elsewhere does not."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import ListMatch
from procurement import recheck
from procurement.differences import differences
from procurement.errors import NotNow
from procurement.jobs import follow_changed_rules
from procurement.models import Move, Purchase
from procurement.news import follow_trail
from procurement.recheck import recheck_purchases
from procurement.states import Action, Status
from reporting import clock
from tests.compliance.test_feed import HERE
from tests.people import People, Tree
from tests.procurement.test_available import take
from tests.procurement.test_notices import told
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NIGHT = timezone.localtime().replace(hour=4, minute=0, second=0, microsecond=0)
KITE = "kite works,KITE WORKS CO. LTD."
SORA = "sora aircraft,SORA AIRCRAFT"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compliance.feed.FRONTIER", HERE)


@pytest.fixture
def approved(purchase: Purchase, people: People) -> Purchase:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    return purchase


def record(folder: Path, *rows: str, listed: str = "companies", day: date = TODAY) -> None:
    """A new edition of a list, by the command."""
    file = folder / "list.csv"
    file.write_text("\n".join(("key,name", *rows)), encoding="utf-8")
    call_command(
        "import_list",
        str(file),
        *("--list", listed, "--edition", day.isoformat(), "--format", "csv", "--json"),
        stdout=StringIO(),
    )


def jobs() -> list[str]:
    return list(DBTaskResult.objects.values_list("task_path", flat=True))


def run_jobs() -> None:
    """What the worker does with what was left to it."""
    for job in DBTaskResult.objects.filter(status="READY"):
        job.task.call()
        job.delete()


def status(purchase: Purchase) -> str:
    with acting_as(None):
        rows = Purchase.objects.unscoped(reason="one")
        return rows.values_list("status", flat=True).get(pk=purchase.pk)


def match_sora(world: World, steward: Person) -> None:
    """The entry is found to be the maker of what was approved, before its list names it."""
    with acting_as(steward):
        ListMatch.objects.create(
            list=world.companies,
            entry_key="sora aircraft",
            vendor=world.sora,
            decision=ListMatch.Decision.SAME,
            reason="Same name and seat.",
            decided_by=steward,
            decided_on=TODAY,
        )


def test_a_maker_that_is_listed_sends_the_approved_purchase_back_and_it_cannot_be_ordered(
    approved: Purchase, world: World, people: People, tmp_path: Path
) -> None:
    match_sora(world, people.goro)
    record(tmp_path, KITE, SORA)
    assert jobs() == [follow_changed_rules.module_path]
    run_jobs()
    assert status(approved) == Status.SECURITY_REVIEW
    with acting_as(None):
        move = Move.objects.unscoped(reason="the last").filter(purchase=approved).latest("no")
        assert (move.action, move.actor) == (Action.RECHECK, None)
    with pytest.raises(NotNow):
        take(approved, Action.ORDER, people.aiko, contract_reference="R8-1")


def test_before_any_job_ran_it_cannot_be_ordered_either(
    approved: Purchase, world: World, people: People, tmp_path: Path
) -> None:
    match_sora(world, people.goro)
    record(tmp_path, KITE, SORA)
    with pytest.raises(NotNow) as refused:
        take(approved, Action.ORDER, people.aiko, contract_reference="R8-1")
    assert refused.value.guard == "dossier_no_longer_holds"
    assert status(approved) == Status.APPROVED


def test_a_list_that_changed_elsewhere_leaves_it_approved_and_it_can_be_ordered(
    approved: Purchase, people: People, tmp_path: Path
) -> None:
    record(tmp_path, KITE, "somebody else,SOMEBODY ELSE LTD.")
    run_jobs()
    assert status(approved) == Status.APPROVED
    take(approved, Action.ORDER, people.aiko, contract_reference="R8-1")
    assert status(approved) == Status.ORDERED


def test_what_was_ordered_goes_back_too(
    approved: Purchase, world: World, people: People, tmp_path: Path
) -> None:
    take(approved, Action.ORDER, people.aiko, contract_reference="R8-1")
    match_sora(world, people.goro)
    record(tmp_path, KITE, SORA)
    run_jobs()
    assert status(approved) == Status.SECURITY_REVIEW


def test_the_same_edition_again_leaves_no_job(
    approved: Purchase, people: People, tmp_path: Path
) -> None:
    record(tmp_path, KITE)
    run_jobs()
    record(tmp_path, KITE)
    assert jobs() == []


def test_whoever_asked_and_whoever_reviews_is_told(
    approved: Purchase, world: World, people: People, tmp_path: Path
) -> None:
    match_sora(world, people.goro)
    record(tmp_path, KITE, SORA)
    run_jobs()
    follow_trail()
    assert {("Aiko", "rechecked"), ("Chie", "your_turn"), ("Haru", "your_turn")} == set(
        told(approved)
    )


def test_rechecking_again_changes_nothing(
    approved: Purchase, world: World, people: People, tmp_path: Path
) -> None:
    match_sora(world, people.goro)
    record(tmp_path, KITE, SORA)
    assert recheck_purchases().sent_back == (approved.pk,)
    assert recheck_purchases().looked_at == 0


def test_one_that_cannot_be_compared_does_not_keep_the_others_from_it(
    approved: Purchase,
    world: World,
    tree: Tree,
    people: People,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = draft(people.aiko, tree.coast_guard, world.clean)
    for action, by in (
        (Action.SUBMIT, people.aiko),
        (Action.APPROVE, people.ben),
        (Action.APPROVE, people.chie),
    ):
        take(other, action, by)
    match_sora(world, people.goro)
    record(tmp_path, KITE, SORA)

    def broken(old: object, new: object) -> object:
        if old["purchase"]["id"] == str(approved.pk):  # type: ignore[index]  # a body
            raise KeyError("a dossier of another shape")
        return differences(old, new)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(recheck, "differences", broken)
    assert recheck_purchases().sent_back == (other.pk,)


def test_the_clock_rechecks_once_a_day_from_four_in_the_morning_on(
    approved: Purchase, world: World, people: People, tmp_path: Path
) -> None:
    match_sora(world, people.goro)
    record(tmp_path, KITE, SORA)
    assert not clock.check_daily(NIGHT - timedelta(minutes=1))
    assert clock.check_daily(NIGHT)
    assert status(approved) == Status.SECURITY_REVIEW
    assert not clock.check_daily(NIGHT + timedelta(hours=3))
    assert clock.check_daily(NIGHT + timedelta(days=1))


def test_the_command_says_what_it_sent_back(
    approved: Purchase, world: World, people: People, tmp_path: Path
) -> None:
    match_sora(world, people.goro)
    record(tmp_path, KITE, SORA)
    out = StringIO()
    call_command("recheck", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["purchases"], report["sent_back"]) == (1, [str(approved.pk)])
