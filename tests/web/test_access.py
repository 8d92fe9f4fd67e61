"""Who gets a page at all, before anything is looked up."""

import pytest
from django.test import Client

from agencies.context import acting_as
from agencies.models import Membership, Person
from tests.web.pages import signed_in
from tests.worlds import World

PAGES = ("/drones/", "/models/", "/vendors/", "/agencies/", "/policies/", "/lists/", "/history/")


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_sent_to_sign_in(address: str, world: World) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("address", PAGES)
def test_somebody_whose_last_role_has_ended_is_told_so(
    address: str, rin: Person, world: World
) -> None:
    with acting_as(None):
        posts = Membership.objects.unscoped(reason="test").filter(person=rin)
        posts.update(until="2021-04-01")
    answer = signed_in(rin).get(address)
    assert answer.status_code == 403
    assert "You hold no role at any agency today." in answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_only_shows_takes_no_post(address: str, rin: Person, world: World) -> None:
    assert signed_in(rin).post(address).status_code == 405


def test_a_cursor_that_was_not_made_here_is_refused_with_a_sentence(
    rin: Person, world: World
) -> None:
    answer = signed_in(rin).get("/drones/?after=nonsense")
    assert answer.status_code == 400
    assert "names a place in the list that does not exist" in answer.content.decode()
