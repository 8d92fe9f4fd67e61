"""Tokens: shown once, kept as a digest, made by one command."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import ApiToken
from agencies.tokens import find_token
from audit.models import Event
from tests.people import Society


def create(*words: str) -> str:
    out = StringIO()
    call_command("create_token", *words, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_token_and_nothing_else(society: Society) -> None:
    printed = create("AIKO@test.example")
    assert re.fullmatch(r"drg_[A-Za-z0-9_-]{43}\n", printed)
    token = find_token(printed.strip(), timezone.localdate())
    assert token is not None
    assert (token.person, token.read_only) == (society.people.aiko, False)
    assert (token.expires_on - timezone.localdate()).days == 90


def test_the_secret_is_stored_nowhere(society: Society) -> None:
    secret = create("aiko@test.example", "--read-only", "--days", "1").strip()
    token = ApiToken.objects.get()
    assert token.read_only
    assert secret not in repr(vars(token))
    with acting_as(None):
        event = Event.objects.of(token).get()
    assert token.digest not in event.canon
    assert event.actor == "system:job"


def test_two_tokens_of_a_person_differ(society: Society) -> None:
    assert create("aiko@test.example") != create("aiko@test.example")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nobody@test.example"], "Nobody signs in as nobody@test.example."),
        (["aiko@test.example", "--days", "0"], "1 to 366 days"),
        (["aiko@test.example", "--days", "367"], "1 to 366 days"),
    ],
)
def test_the_command_refuses_with_status_2_and_says_why(
    society: Society, words: list[str], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason) as refused:
        create(*words)
    assert refused.value.returncode == 2
    assert not ApiToken.objects.exists()


def test_somebody_who_may_not_sign_in_gets_no_token(society: Society) -> None:
    with acting_as(None):
        society.people.rin.is_active = False
        society.people.rin.save(update_fields=["is_active"])
    with pytest.raises(CommandError, match="may not sign in"):
        create("rin@test.example")


@pytest.mark.parametrize("secret", ["", "drg_", "drg_ü", "Drg_x", "xyz", "drg_" + "A" * 43])
def test_what_is_no_token_finds_none(society: Society, secret: str) -> None:
    create("aiko@test.example")
    assert find_token(secret, timezone.localdate()) is None
