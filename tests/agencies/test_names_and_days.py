"""Names in the reader's language, addresses, roles and the days of a token."""

from datetime import date

import pytest
from django.utils import timezone
from django.utils.translation import override

from agencies.models import Agency, ApiToken, Person
from tests.people import Role, Tree


@pytest.mark.parametrize(
    ("language", "local", "shown"),
    [
        ("ja", "海上保安庁", "海上保安庁"),
        ("en", "海上保安庁", "Coast Guard"),
        ("ja", "", "Coast Guard"),
    ],
)
def test_a_name_is_shown_in_the_readers_language_where_there_is_one(
    language: str, local: str, shown: str
) -> None:
    with override(language):
        assert str(Agency(name_en="Coast Guard", name_local=local)) == shown


def test_people_sign_in_with_their_address_in_any_case(aiko: Person) -> None:
    assert Person.objects.get_by_natural_key(aiko.email.upper()) == aiko


@pytest.mark.parametrize(
    ("day", "revoked", "valid"),
    [
        (date(2026, 3, 31), False, True),
        (date(2026, 4, 1), False, True),
        (date(2026, 4, 2), False, False),
        (date(2026, 3, 31), True, False),
    ],
)
def test_a_token_is_valid_through_its_last_day_unless_it_was_revoked(
    day: date, revoked: bool, valid: bool
) -> None:
    token = ApiToken(expires_on=date(2026, 4, 1), revoked_at=timezone.now() if revoked else None)
    assert token.valid_on(day) is valid


def test_a_role_is_held_where_that_role_covers_and_nowhere_else(nao: Person, tree: Tree) -> None:
    both = {tree.coast_guard.pk}
    assert [nao.scope.where(role) for role in (Role.CUSTODIAN, Role.INSPECTOR)] == [both, set()]
    assert nao.scope.holds_any([Role.APPROVER, Role.INSPECTOR], tree.coast_guard.pk)
    assert not nao.scope.holds_any([Role.APPROVER, Role.INSPECTOR], tree.forestry.pk)
