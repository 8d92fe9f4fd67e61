"""How the tests of pages sign in and read answers."""

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from agencies.models import Person

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer
else:
    from django.http import HttpResponse as Answer

__all__ = ["Answer", "queries", "shown", "signed_in"]


def signed_in(person: Person, *, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    with acting_as(person):
        client.force_login(person)
    return client


def shown(client: Client, address: str, **query: Any) -> str:
    """The page at this address, which must be there."""
    answer = client.get(address, query)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.content.decode()


def queries(client: Client, address: str) -> int:
    """How many queries a page takes, once what is loaded a single time is there."""
    shown(client, address)
    with CaptureQueriesContext(connection) as captured:
        shown(client, address)
    return len(captured)
