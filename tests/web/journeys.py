"""What the tests of pages share: reading answers, filling the purchase form, walking a purchase to a state."""

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from agencies.context import acting_as
from agencies.models import Person
from procurement.models import Purchase
from procurement.requests import Request
from procurement.states import Action
from procurement.workflow import perform
from registry.models import Build
from tests.people import People


def seen_by(person: Person, language: str = "en") -> Client:
    """A browser in which this person is signed in."""
    client = Client(headers={"accept-language": language})
    with acting_as(person):
        client.force_login(person)
    return client


def text_of(answer: HttpResponse | Any) -> str:
    """What a reader sees of the page: no markup, spaces made one."""
    body = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(body))


def main_of(answer: HttpResponse | Any) -> str:
    """The markup between the header and the footer."""
    found = re.search(r"<main.*?</main>", answer.content.decode(), flags=re.DOTALL)
    assert found, answer.content.decode()
    return found[0]


def filled(*builds: Build, **changes: object) -> dict[str, object]:
    """The purchase form as a browser sends it for a custodian: a line for each build, and one left as it was."""
    data: dict[str, object] = {
        "title": "Two aircraft for the coast",
        "kind": "purchase",
        "missions": ["rescue"],
        "purpose": "Search along the coast at night.",
        "lines-TOTAL_FORMS": len(builds) + 1,
        "lines-INITIAL_FORMS": 0,
        f"lines-{len(builds)}-kind": "aircraft",
        f"lines-{len(builds)}-quantity": 1,
    }
    for number, build in enumerate(builds):
        data[f"lines-{number}-build"] = build.pk
        data[f"lines-{number}-quantity"] = 2
        data[f"lines-{number}-unit_price"] = 600_000
    return data | changes


def fresh(purchase: Purchase, person: Person) -> Purchase:
    """As the database has it now, for this person."""
    with acting_as(person):
        return (
            Purchase.objects.visible_to(person)
            .select_related("agency", "requester", "dossier")
            .get(pk=purchase.pk)
        )


def step(purchase: Purchase, action: Action, by: Person, **handed_in: Any) -> Purchase:
    """One step by the workflow itself, on the purchase as it is now."""
    now = fresh(purchase, by)
    request = Request(
        version=now.version, digest=now.dossier.digest if now.dossier else "", **handed_in
    )
    with acting_as(by):
        perform(action, now.pk, by=by, request=request)
    return fresh(purchase, by)


def ordered(purchase: Purchase, people: People) -> Purchase:
    """Submitted by Aiko, approved by Ben and Chie, ordered."""
    step(purchase, Action.SUBMIT, people.aiko)
    step(purchase, Action.APPROVE, people.ben)
    step(purchase, Action.APPROVE, people.chie)
    return step(purchase, Action.ORDER, people.aiko, contract_reference="K-17")


def handed(purchase: Purchase, person: Person, **more: object) -> dict[str, object]:
    """What the form of a step carries: the version and the digest the person saw."""
    now = fresh(purchase, person)
    return {"version": now.version, "digest": now.dossier.digest if now.dossier else "", **more}
