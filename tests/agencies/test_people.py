"""Who the people are, what their posts cover, and what ends with a post."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person
from agencies.scopes import load_scope
from tests.people import SINCE, People, Tree

Role = Membership.Role


def test_a_post_covers_its_agency_and_no_sister(aiko: Person, tree: Tree) -> None:
    assert aiko.scope.agencies == {tree.coast_guard.pk}
    assert aiko.scope.holds(Role.CUSTODIAN, tree.coast_guard.pk)
    assert not aiko.scope.holds(Role.CUSTODIAN, tree.forestry.pk)
    assert not aiko.scope.holds(Role.APPROVER, tree.coast_guard.pk)


def test_a_post_at_a_ministry_covers_the_bodies_below_it_and_not_the_one_above(
    rin: Person, tree: Tree
) -> None:
    with acting_as(None):
        Membership.objects.create(person=rin, agency=tree.mlit, role=Role.LEADER, since=SINCE)
    scope = load_scope(rin.pk, date(2026, 4, 1))
    assert scope.where(Role.LEADER) == {tree.mlit.pk, tree.coast_guard.pk}
    assert not scope.central


def test_a_post_at_the_root_covers_everybody(chie: Person, tree: Tree) -> None:
    assert chie.scope.central
    assert chie.scope.agencies == set(Agency.objects.values_list("pk", flat=True))
    assert chie.scope.holds(Role.SECURITY_REVIEWER, tree.forestry.pk)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_a_post_holds_from_its_first_day_to_the_day_before_its_end(
    jun: Person, tree: Tree, day: date, holds: bool
) -> None:
    with acting_as(None):
        Membership.objects.create(
            person=jun,
            agency=tree.forestry,
            role=Role.INSPECTOR,
            since=date(2026, 4, 1),
            until=date(2027, 4, 1),
        )
    assert load_scope(jun.pk, day).holds(Role.INSPECTOR) is holds


def test_somebody_without_a_post_sees_no_agency(db: None) -> None:
    scope = load_scope(0, date(2026, 4, 1))
    assert scope.agencies == frozenset()
    assert not scope.central


def test_a_body_cannot_stand_below_itself(tree: Tree) -> None:
    with pytest.raises(IntegrityError, match="below itself"), acting_as(None):
        Agency.objects.filter(pk=tree.mlit.pk).update(parent=tree.coast_guard)


def test_only_the_central_authority_has_nobody_above(tree: Tree) -> None:
    with pytest.raises(IntegrityError, match="agency_root_is_the_centre"), acting_as(None):
        Agency.objects.create(code="x", kind=Agency.Kind.MINISTRY, name_en="X", name_local="X")


def test_two_people_cannot_sign_in_with_one_address(people: People) -> None:
    with pytest.raises(IntegrityError, match="person_email_once"), acting_as(None):
        Person.objects.create(email=people.aiko.email.upper(), name_en="Another")


def test_a_membership_cannot_end_before_it_began(aiko: Person, tree: Tree) -> None:
    with pytest.raises(IntegrityError, match="membership_ends_after_it_began"), acting_as(None):
        Membership.objects.create(
            person=aiko,
            agency=tree.forestry,
            role=Role.VIEWER,
            since=date(2026, 4, 1),
            until=date(2026, 4, 1),
        )


def test_the_context_of_a_part_ends_with_the_part(
    aiko: Person, daisuke: Person, tree: Tree
) -> None:
    with acting_as(aiko):
        with acting_as(daisuke):
            assert _told() == (f"user:{daisuke.pk}", str(tree.forestry.pk))
        assert _told() == (f"user:{aiko.pk}", str(tree.coast_guard.pk))
    assert _told() == ("", "")


def test_the_role_of_a_part_ends_with_the_part(aiko: Person, chie: Person) -> None:
    with acting_as(aiko):
        with acting_as(chie):
            assert _role() == "registry_central"
        assert _role() == "registry_app"


def test_the_context_of_a_part_that_fails_ends_too(aiko: Person, chie: Person) -> None:
    with acting_as(aiko):
        with pytest.raises(RuntimeError), acting_as(chie):
            raise RuntimeError
        assert _told()[0] == f"user:{aiko.pk}"
        assert _role() == "registry_app"


def test_the_centre_works_in_the_central_role_and_the_others_do_not(
    aiko: Person, chie: Person
) -> None:
    with acting_as(chie):
        assert _role() == "registry_central"
    with acting_as(aiko):
        assert _role() == "registry_app"


def _told() -> tuple[str, str]:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            "select coalesce(current_setting('app.actor', true), ''),"
            " coalesce(current_setting('app.agencies', true), '')"
        )
        actor, agencies = cursor.fetchone()
    return actor, agencies


def _role() -> str:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("select current_user")
        return str(cursor.fetchone()[0])
