"""What is shown to a person as possible: the same answers as the database gives."""

from datetime import date
from typing import Any

import pytest

from agencies.context import acting_as
from agencies.models import Membership, Person
from compliance.checks import Request as Asked
from procurement.dossiers import compose, request_of
from procurement.errors import NotAllowed, NotNow
from procurement.models import Line, Move, Purchase
from procurement.requests import Request
from procurement.states import Action, Status
from procurement.workflow import Available, available_actions, lines_of, perform
from registry.models import Build, Component, DroneModel, Vendor
from tests.compliance.test_rulebooks import ALLOWED, TODAY, enact
from tests.people import SINCE, People, Role, Society, Tree
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


def seen_by(purchase: Purchase, by: Person) -> Purchase:
    return Purchase.objects.visible_to(by).select_related("dossier", "agency").get(pk=purchase.pk)


def take(purchase: Purchase, action: Action, by: Person, **more: Any) -> Move:
    with acting_as(by):
        seen = seen_by(purchase, by)
        given = {"version": seen.version, "digest": seen.dossier.digest if seen.dossier else ""}
        return perform(action, purchase.pk, by=by, request=Request(**{**given, **more}))


def shown(purchase: Purchase, by: Person) -> dict[Action, Available]:
    with acting_as(by):
        return {step.action: step for step in available_actions(seen_by(purchase, by), by)}


def also(person: Person, tree: Tree, role: Role) -> None:
    """A second role at the Coast Guard."""
    with acting_as(None):
        Membership.objects.create(person=person, agency=tree.coast_guard, role=role, since=SINCE)
    person.__dict__.pop("scope", None)


def flags(purchase: Purchase, by: Person) -> dict[str, bool]:
    with acting_as(by):
        return compose(seen_by(purchase, by), lines_of(purchase, by), TODAY).flags


def test_whoever_claimed_a_fact_is_not_offered_the_decision(
    purchase: Purchase, world: World, people: People
) -> None:
    with acting_as(people.ben):
        Component.objects.filter(build=world.clean, role="camera").update(part="Camera 2")
    take(purchase, Action.SUBMIT, people.aiko)
    assert set(shown(purchase, people.ben)) == {Action.ASK_EVIDENCE, Action.REFRESH}
    assert Action.APPROVE in shown(purchase, people.nao)


def test_whoever_decided_in_this_round_is_not_offered_another_decision(
    purchase: Purchase, tree: Tree, people: People
) -> None:
    also(people.ben, tree, Role.SECURITY_REVIEWER)
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    assert set(shown(purchase, people.ben)) == {Action.ASK_EVIDENCE, Action.REFRESH}
    take(purchase, Action.RETURN, people.chie, reasons=["other"])
    take(purchase, Action.SUBMIT, people.aiko)
    assert Action.APPROVE in shown(purchase, people.ben), "a new round"


def test_whoever_asked_is_not_offered_to_receive(world: World, tree: Tree, people: People) -> None:
    purchase = draft(people.aiko, tree.coast_guard, world.clean, missions=["training"])
    also(people.aiko, tree, Role.INSPECTOR)
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.ORDER, people.aiko, contract_reference="R8")
    assert set(shown(purchase, people.aiko)) == {Action.AMEND, Action.CANCEL}
    assert set(shown(purchase, people.emi)) == {Action.RECEIVE}
    with pytest.raises(NotAllowed) as refused:
        take(purchase, Action.RECEIVE, people.aiko)
    assert refused.value.guard == "requester_does_not_receive"


def test_a_role_for_a_sister_agency_offers_nothing_here(
    purchase: Purchase, tree: Tree, people: People
) -> None:
    with acting_as(None):
        Membership.objects.create(
            person=people.rin, agency=tree.forestry, role=Role.APPROVER, since=SINCE
        )
    take(purchase, Action.SUBMIT, people.aiko)
    assert shown(purchase, people.rin) == {}
    with pytest.raises(NotAllowed) as refused:
        take(purchase, Action.APPROVE, people.rin)
    assert refused.value.guard == "role"


def test_the_program_itself_is_told_that_it_may_not_approve(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    request = Request(purchase.version, "0" * 64)
    with acting_as(None), pytest.raises(NotAllowed):
        perform(Action.APPROVE, purchase.pk, by=None, request=request)


@pytest.mark.parametrize(
    ("missions", "target"),
    [(["training"], Status.APPROVED), (["rescue"], Status.SECURITY_REVIEW)],
)
def test_an_approval_says_where_it_leads(
    world: World, tree: Tree, people: People, missions: list[str], target: Status
) -> None:
    purchase = draft(people.aiko, tree.coast_guard, world.clean, missions=missions)
    take(purchase, Action.SUBMIT, people.aiko)
    assert shown(purchase, people.ben)[Action.APPROVE].targets == (target,)


def test_a_return_is_said_to_need_reasons_and_an_approval_not(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    steps = shown(purchase, people.ben)
    assert [steps[each].needs_reasons for each in (Action.RETURN, Action.APPROVE)] == [True, False]


def test_a_refusal_of_the_database_alone_reaches_the_person_as_a_refusal(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.RETURN, people.ben)
    assert refused.value.guard == "reasons"


def test_a_decision_names_the_dossier_that_was_looked_at(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.APPROVE, people.ben, digest="0" * 64)
    assert refused.value.guard == "dossier"


def test_what_is_consulted_on_goes_to_the_centre_and_its_answer_rests_on_todays_facts(
    world: World, tree: Tree, people: People
) -> None:
    enact(people, level="consult", on_unknown="inform", held=ALLOWED)
    purchase = draft(people.aiko, tree.coast_guard, world.listed, missions=["training"])
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    with acting_as(people.kei):
        assert seen_by(purchase, people.kei).status == Status.CONSULTATION
    with acting_as(people.goro):
        Vendor.objects.filter(pk=world.kite.pk).update(headquartered_in=["JP"])
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.RECORD_ANSWER, people.kei, answer="cleared")
    assert refused.value.guard == "dossier_no_longer_holds"
    take(purchase, Action.REFRESH, people.kei)
    take(purchase, Action.RECORD_ANSWER, people.kei, answer="cleared")
    with acting_as(people.kei):
        assert seen_by(purchase, people.kei).status == Status.APPROVED


def test_an_unknown_to_consult_on_is_accepted_in_writing(
    world: World, tree: Tree, people: People
) -> None:
    enact(people, level="consult", on_unknown="consult", held=ALLOWED)
    purchase = draft(people.aiko, tree.coast_guard, world.no_radio, missions=["training"])
    take(purchase, Action.SUBMIT, people.aiko)
    with pytest.raises(NotNow) as refused:
        take(purchase, Action.APPROVE, people.ben, letter=" ")
    assert refused.value.guard == "accept_in_writing"
    take(purchase, Action.APPROVE, people.ben, letter="The radio is switched off.")


@pytest.mark.parametrize(
    ("level", "on_unknown", "build", "expected"),
    [
        ("block", "block", "clean", set()),
        ("block", "block", "listed", {"flagged", "security", "blocked"}),
        ("block", "block", "no_radio", {"flagged", "security", "blocked"}),
        ("consult", "inform", "listed", {"flagged", "security", "consultation"}),
        ("consult", "consult", "no_radio", {"flagged", "security", "acceptance"}),
        ("inform", "inform", "listed", set()),
        ("inform", "inform", "no_radio", set()),
    ],
)
def test_each_outcome_at_each_level_sets_its_flags(
    world: World,
    tree: Tree,
    people: People,
    level: str,
    on_unknown: str,
    build: str,
    expected: set[str],
) -> None:
    enact(people, level=level, on_unknown=on_unknown, held=ALLOWED)
    chosen: Build = getattr(world, build)
    purchase = draft(people.aiko, tree.coast_guard, chosen, missions=["training"])
    on = {name for name, value in flags(purchase, people.aiko).items() if value}
    assert on == expected | {"deliveries"}


@pytest.mark.parametrize(("build", "on_unknown"), [("listed", "inform"), ("no_radio", "consult")])
def test_where_nobody_knows_whether_a_blocking_rule_applies_it_blocks(
    world: World, tree: Tree, people: People, build: str, on_unknown: str
) -> None:
    scope = {"kind": "weight_range_g", "from_g": "500"}
    enact(people, scope=scope, on_unknown=on_unknown, held=ALLOWED)
    chosen: Build = getattr(world, build)
    with acting_as(people.goro):
        DroneModel.objects.filter(pk=chosen.model_id).update(weight_g=None)
    purchase = draft(people.aiko, tree.coast_guard, chosen, missions=["training"])
    found = flags(purchase, people.aiko)
    assert (found["blocked"], found["acceptance"]) == (True, False)


def test_every_line_counts(world: World, tree: Tree, people: People) -> None:
    enact(people, held=ALLOWED)
    purchase = draft(people.aiko, tree.coast_guard, world.clean, missions=["training"])
    assert not flags(purchase, people.aiko)["blocked"]
    with acting_as(people.aiko):
        Line.objects.create(agency=tree.coast_guard, purchase=purchase, build=world.listed)
    assert flags(purchase, people.aiko)["blocked"]


def test_the_case_of_a_purchase_is_its_kind_its_missions_and_its_agency(
    world: World, society: Society, people: People
) -> None:
    missions = ["rescue", "training"]
    purchase = draft(
        people.aiko,
        society.tree.coast_guard,
        world.clean,
        missions=missions,
        kind="lease",
        begins=date(2026, 4, 1),
        ends=date(2027, 3, 31),
    )
    assert request_of(purchase) == Asked(
        kind=request_of(purchase).kind.LEASE,
        missions=frozenset(missions),
        agency_id=society.tree.coast_guard.pk,
        agency_kind="agency",
    )
