"""Who may not decide: who is tied to it, who came into the role for it, and a substitute of either."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person, Substitution
from procurement.dossiers import compose
from procurement.guards import Involvement
from procurement.models import Dossier, Purchase, Tie
from procurement.queues import decidable_by
from procurement.states import Action
from procurement.workflow import available_actions, lines_of
from registry.models import Vendor
from tests.people import SINCE, People, Role, Tree
from tests.procurement.steps import freeze, step, submit
from tests.refusals import NO_RIGHT, NOT_ALLOWED, NOT_NOW, NOT_THERE, refused
from tests.worlds import World, draft

DAY = timedelta(days=1)


def tie(person: Person, **to: Any) -> Tie:
    with acting_as(person):
        return Tie.objects.create(person=person, what="My brother works there.", **to)


def end(declared: Tie) -> None:
    with acting_as(declared.person), connection.cursor() as cursor:
        cursor.execute("select procurement_end_tie(%s)", [declared.pk])


def post(person: Person, agency: Agency, role: Role, since: date = SINCE) -> Membership:
    with acting_as(None):
        given = Membership.objects.create(person=person, agency=agency, role=role, since=since)
    vars(person).pop("scope", None)
    return given


def substitute(
    person: Person, other: Person, agency: Agency, by: Person | None = None, **given: Any
) -> Substitution:
    """`other` stands in for `person` as approver, from today."""
    today = timezone.localdate()
    setter = by or person
    whole = {"role": Role.APPROVER, "since": today, "until": today + 10 * DAY, **given}
    with acting_as(setter):
        made = Substitution.objects.create(
            person=person, substitute=other, agency=agency, set_by=setter, **whole
        )
    vars(other).pop("scope", None)
    return made


def naming(purchase: Purchase, *vendors: Vendor) -> str:
    """The body of a dossier whose facts name these vendors."""
    named = ", ".join(f'{{"id": {vendor.pk}}}' for vendor in vendors)
    return (
        '{"claimants": [], "flags": {"security": true, "blocked": false, "consultation": false},'
        f' "builds": [{{"facts": {{"vendors": [{named}]}}}}], "lines": []}}'
    )


def submit_naming(purchase: Purchase, *vendors: Vendor) -> None:
    body = naming(purchase, *vendors)
    dossier = freeze(purchase, purchase.requester, body=body, digest=Dossier.digest_of(body))
    step(purchase, "submit", "agency_review", purchase.requester, dossier=dossier)


def agrees(purchase: Purchase, person: Person, guard: str | None) -> None:
    """Trigger, guards of the program, buttons and queue say the same."""
    with acting_as(person):
        seen = Purchase.objects.visible_to(person).select_related("agency", "dossier")
        now = seen.get(pk=purchase.pk)
        offered = {each.action for each in available_actions(now, person)}
        queued = decidable_by(person).filter(pk=purchase.pk).exists()
    assert (Action.RETURN in offered, queued) == (guard is None, guard is None)
    if guard is None:
        return
    with refused(NOT_ALLOWED, guard):
        step(purchase, "return", "draft", person, reasons=["other"])


# Ties


def test_a_tie_to_a_vendor_that_the_dossier_names_keeps_from_deciding(
    purchase: Purchase, world: World, ben: Person, nao: Person
) -> None:
    submit_naming(purchase, world.sora, world.kite)
    agrees(purchase, ben, None)
    tie(ben, vendor=world.kite)
    agrees(purchase, ben, "declared_tie")
    agrees(purchase, nao, None)


def test_a_tie_to_a_vendor_that_has_no_part_in_it_keeps_from_nothing(
    purchase: Purchase, world: World, ben: Person
) -> None:
    submit_naming(purchase, world.sora)
    tie(ben, vendor=world.kite)
    agrees(purchase, ben, None)


def test_a_tie_follows_the_vendor_into_which_another_was_merged(
    purchase: Purchase, world: World, ben: Person, goro: Person
) -> None:
    submit_naming(purchase, world.sora)
    tie(ben, vendor=world.kite)
    with acting_as(goro):
        Vendor.objects.filter(pk=world.sora.pk).update(merged_into=world.kite)
    agrees(purchase, ben, "declared_tie")


def test_a_tie_to_the_purchase_itself_keeps_from_deciding(in_review: Purchase, ben: Person) -> None:
    tie(ben, purchase=in_review)
    agrees(in_review, ben, "declared_tie")


def test_a_tie_that_is_ended_now_still_bars_the_round_that_has_begun(
    in_review: Purchase, world: World, ben: Person, aiko: Person, nao: Person
) -> None:
    declared = tie(ben, purchase=in_review)
    end(declared)
    agrees(in_review, ben, "declared_tie")
    step(in_review, "return", "draft", nao, reasons=["other"])
    submit(in_review)
    agrees(in_review, ben, None)


def test_the_vendors_of_a_real_dossier_are_found_with_owners_and_makers_of_parts(
    world: World, aiko: Person, tree: Tree
) -> None:
    purchase = draft(aiko, tree.coast_guard, world.clean)
    with acting_as(aiko), connection.cursor() as cursor:
        body = compose(purchase, lines_of(purchase, aiko), timezone.localdate()).text
        cursor.execute("select procurement_vendors(%s::jsonb)", [body])
        (found,) = cursor.fetchone()
    assert world.sora.pk in found
    named = {
        each["id"] for build in json.loads(body)["builds"] for each in build["facts"]["vendors"]
    }
    assert named
    assert named <= set(found)


def test_a_tie_is_declared_by_its_person_about_what_they_see_and_is_never_unsaid(
    in_review: Purchase, world: World, ben: Person, nao: Person, eri: Person
) -> None:
    with refused(NOT_ALLOWED, "actor"), acting_as(ben):
        Tie.objects.create(person=nao, what="Theirs.", vendor=world.sora)
    with refused(NOT_THERE, "purchase"), acting_as(eri):
        Tie.objects.create(person=eri, what="Mine.", purchase=in_review)
    declared = tie(ben, vendor=world.sora)
    for statement in ("update procurement_tie set what = ''", "delete from procurement_tie"):
        with refused(NO_RIGHT), acting_as(ben), connection.cursor() as cursor:
            cursor.execute(statement)
    with refused(NOT_NOW, "tie_ended"), acting_as(nao), connection.cursor() as cursor:
        cursor.execute("select procurement_end_tie(%s)", [declared.pk])
    end(declared)
    with refused(NOT_NOW, "tie_ended"):
        end(declared)


@pytest.mark.parametrize("name", ["nao", "chie", "jun"])
def test_nobody_reads_the_ties_of_another(world: World, people: People, name: str) -> None:
    tie(people.ben, vendor=world.sora)
    with acting_as(getattr(people, name)):
        assert not Tie.objects.exists()
    with acting_as(people.ben):
        assert Tie.objects.count() == 1


# Roles that came late


def test_a_role_given_after_the_round_began_does_not_decide(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    post(people.rin, tree.coast_guard, Role.APPROVER)
    agrees(in_review, people.rin, "late_role")
    agrees(in_review, people.ben, None)


def test_a_post_that_was_changed_into_the_role_is_as_late(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    with acting_as(None):
        Membership.objects.unscoped(reason="a test").filter(person=people.rin).update(
            role=Role.APPROVER
        )
    vars(people.rin).pop("scope", None)
    agrees(in_review, people.rin, "late_role")


def test_the_next_round_is_theirs(in_review: Purchase, people: People, tree: Tree) -> None:
    post(people.rin, tree.coast_guard, Role.APPROVER)
    step(in_review, "return", "draft", people.ben, reasons=["other"])
    submit(in_review)
    agrees(in_review, people.rin, None)


def test_after_a_change_of_posts_the_only_one_left_decides(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    """On 1 April everybody who could have decided may be gone; Nao remains and had a hand in nothing."""
    post(people.rin, tree.coast_guard, Role.APPROVER)
    with acting_as(None):
        approvers = Membership.objects.unscoped(reason="a test").filter(role=Role.APPROVER)
        approvers.filter(person=people.ben).update(until=timezone.localdate())
    agrees(in_review, people.rin, "late_role")
    tie(people.nao, purchase=in_review)
    agrees(in_review, people.rin, None)
    step(in_review, "approve", "security_review", people.rin)


def test_a_post_that_will_end_is_not_late_and_one_that_was_prolonged_is(
    in_review: Purchase, people: People
) -> None:
    with acting_as(None):
        of_ben = Membership.objects.unscoped(reason="a test").filter(person=people.ben)
        of_ben.update(until=timezone.localdate() + DAY)
    agrees(in_review, people.ben, None)
    with acting_as(None):
        of_ben.update(until=None)
    agrees(in_review, people.ben, "late_role")


def test_the_time_at_which_a_post_was_laid_down_is_the_databases(
    people: People, tree: Tree
) -> None:
    with acting_as(None):
        given = Membership.objects.create(
            person=people.rin,
            agency=tree.coast_guard,
            role=Role.APPROVER,
            since=SINCE,
            recorded_at="2020-04-01T00:00:00Z",
        )
        Membership.objects.unscoped(reason="a test").filter(pk=given.pk).update(
            recorded_at="2020-04-01T00:00:00Z"
        )
        given.refresh_from_db()
    assert given.recorded_at.year > 2020


# Substitutes


def test_a_substitute_decides_and_the_record_says_for_whom(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    agrees(in_review, people.rin, "role")
    substitute(people.ben, people.rin, tree.coast_guard)
    agrees(in_review, people.rin, None)
    move = step(in_review, "approve", "security_review", people.rin)
    assert (move.actor_id, move.acted_for_id) == (people.rin.pk, people.ben.pk)


def test_who_acts_for_whom_is_not_what_the_program_says(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    move = step(in_review, "approve", "security_review", people.ben, acted_for=people.nao)
    assert move.acted_for_id is None


@pytest.mark.parametrize(
    ("begins", "ends"), [(1, 5), (-5, 0)], ids=["before it begins", "after its end"]
)
def test_a_substitution_counts_on_its_days_alone(
    in_review: Purchase, people: People, tree: Tree, begins: int, ends: int
) -> None:
    today = timezone.localdate()
    given: dict[str, Any] = {"since": today + begins * DAY, "until": today + ends * DAY}
    if ends <= 0:
        with refused(NOT_NOW, "past"):
            substitute(people.ben, people.rin, tree.coast_guard, **given)
    else:
        substitute(people.ben, people.rin, tree.coast_guard, **given)
    agrees(in_review, people.rin, "role")


def test_a_substitution_that_was_ended_counts_no_longer(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    made = substitute(people.ben, people.rin, tree.coast_guard)
    with acting_as(people.ben), connection.cursor() as cursor:
        cursor.execute("select agencies_end_substitution(%s)", [made.pk])
    vars(people.rin).pop("scope", None)
    agrees(in_review, people.rin, "role")


def test_nobody_stands_in_for_somebody_who_holds_the_role_no_more(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    substitute(people.ben, people.rin, tree.coast_guard)
    with acting_as(None):
        Membership.objects.unscoped(reason="a test").filter(person=people.ben).update(
            until=timezone.localdate()
        )
    vars(people.rin).pop("scope", None)
    agrees(in_review, people.rin, "role")


def test_nobody_stands_in_for_the_requester(world: World, people: People, tree: Tree) -> None:
    own = draft(people.nao, tree.coast_guard, world.clean)
    submit(own)
    substitute(people.nao, people.rin, tree.coast_guard)
    agrees(own, people.rin, "substituted_had_a_hand")
    agrees(own, people.ben, None)


def test_a_substitute_who_had_a_hand_in_it_does_not_decide(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    substitute(people.ben, people.aiko, tree.coast_guard)
    with acting_as(people.aiko):
        queued = decidable_by(people.aiko).filter(pk=in_review.pk).exists()
    assert not queued
    with refused(NOT_ALLOWED, "substituted_had_a_hand"):
        step(in_review, "return", "draft", people.aiko, reasons=["other"])


def test_nobody_stands_in_for_somebody_with_a_tie(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    substitute(people.ben, people.rin, tree.coast_guard)
    tie(people.ben, purchase=in_review)
    agrees(in_review, people.rin, "substituted_had_a_hand")


def test_who_was_stood_in_for_has_decided_in_this_round(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    post(people.ben, tree.centre, Role.SECURITY_REVIEWER)
    step(in_review, "return", "draft", people.nao, reasons=["other"])
    submit(in_review)
    substitute(people.ben, people.rin, tree.coast_guard)
    step(in_review, "approve", "security_review", people.rin)
    agrees(in_review, people.ben, "once_per_round")
    agrees(in_review, people.chie, None)


def test_an_administrator_lends_a_role_only_where_nobody_else_could_decide(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    substitute(people.ben, people.rin, tree.coast_guard, by=people.jun)
    agrees(in_review, people.rin, "late_role")
    tie(people.nao, purchase=in_review)
    agrees(in_review, people.rin, None)


@pytest.mark.parametrize(
    ("by", "person", "other", "given", "code", "guard"),
    [
        ("nao", "ben", "rin", {}, NOT_ALLOWED, "not_yours"),
        ("aiko", "aiko", "rin", {}, NOT_NOW, "no_such_post"),
        ("ben", "ben", "daisuke", {}, NOT_NOW, "no_colleague"),
    ],
)
def test_a_substitution_is_laid_down_by_the_one_who_is_away_for_a_colleague(
    people: People,
    tree: Tree,
    by: str,
    person: str,
    other: str,
    given: dict[str, Any],
    code: str,
    guard: str,
) -> None:
    with refused(code, guard):
        substitute(
            getattr(people, person),
            getattr(people, other),
            tree.coast_guard,
            by=getattr(people, by),
            **given,
        )


def test_a_substitution_is_never_rewritten(people: People, tree: Tree) -> None:
    substitute(people.ben, people.rin, tree.coast_guard)
    for statement in (
        "update agencies_substitution set until = until + 9",
        "delete from agencies_substitution",
    ):
        with refused(NO_RIGHT), acting_as(people.ben), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_a_page_asks_is_what_the_database_knows(
    in_review: Purchase, people: People, tree: Tree
) -> None:
    substitute(people.ben, people.rin, tree.coast_guard)
    with acting_as(people.rin):
        assert Involvement.of(in_review) == Involvement(late=True, stands_in_for=people.ben.pk)
    with acting_as(people.aiko):
        assert Involvement.of(in_review).bar == "own_work"
