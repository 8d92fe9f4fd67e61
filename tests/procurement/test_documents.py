"""The files of a purchase and of its declarations are part of what a decision rests on."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from agencies.context import acting_as
from agencies.models import Person
from procurement.differences import differences
from procurement.dossiers import compose
from procurement.errors import Difference, NotNow
from procurement.models import Dossier, Purchase
from procurement.states import Action
from procurement.workflow import lines_of
from records.models import Attachment
from records.services import attach, withdraw
from tests.people import People
from tests.procurement.steps import freeze, step
from tests.procurement.test_workflow import now, status, take, units
from tests.refusals import NOT_NOW, refused
from tests.worlds import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def add(to: Any, by: Person, name: str = "offer.txt", content: bytes = b"first") -> Attachment:
    with acting_as(by):
        return attach(to=to, upload=SimpleUploadedFile(name, content), by=by)


def take_out(file: Attachment, by: Person) -> None:
    with acting_as(by):
        withdraw(attachment=file, because="sent by mistake", by=by)


def body(purchase: Purchase, by: Person) -> dict[str, Any]:
    with acting_as(by):
        seen = Purchase.objects.visible_to(by).select_related("agency", "requester")
        fresh = seen.get(pk=purchase.pk)
        return compose(fresh, lines_of(fresh, by), timezone.localdate()).body


def names(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (each["name"], (each["declaration"] or {}).get("title", "")) for each in found["documents"]
    ]


def refusal(purchase: Purchase, action: Action, by: Person, **more: Any) -> NotNow:
    with pytest.raises(NotNow) as caught:
        take(purchase, action, by, **more)
    assert caught.value.guard == "dossier_no_longer_holds"
    return caught.value


def test_a_dossier_names_the_files_of_the_purchase_and_of_the_declarations_it_rests_on(
    purchase: Purchase, world: World, people: People
) -> None:
    offer = add(purchase, people.aiko)
    add(world.paper, people.goro, "declaration.txt", b"made in Japan")
    add(world.patrol, people.aiko, "another-record.txt")
    gone = add(purchase, people.aiko, "mistake.txt")
    take_out(gone, people.aiko)
    found = body(purchase, people.aiko)
    assert found["v"] == 3
    assert names(found) == [("offer.txt", ""), ("declaration.txt", "Declaration of origin")]
    assert found["documents"][0]["digest"] == offer.digest


def test_the_declaration_of_a_line_counts_as_well(
    purchase: Purchase, world: World, people: People
) -> None:
    with acting_as(None):
        paper = type(world.paper).objects.create(
            title="Of this lot", kind="certificate", claimant="Lab", dated=world.paper.dated
        )
    add(paper, people.goro, "lot.txt")
    with acting_as(people.aiko):
        line = lines_of(purchase, people.aiko)[0]
        line.declaration = paper
        line.save(update_fields=["declaration"])
    assert names(body(purchase, people.aiko)) == [("lot.txt", "Of this lot")]


def test_every_reader_gets_the_same_documents(purchase: Purchase, people: People) -> None:
    add(purchase, people.aiko)
    mine = body(purchase, people.aiko)["documents"]
    assert body(purchase, people.chie)["documents"] == mine != []


@pytest.mark.parametrize("what", ["added", "withdrawn", "replaced"])
def test_a_file_that_was_added_withdrawn_or_replaced_keeps_it_from_being_approved(
    what: str, purchase: Purchase, people: People
) -> None:
    first = None if what == "added" else add(purchase, people.aiko)
    take(purchase, Action.SUBMIT, people.aiko)
    if first is not None:
        take_out(first, people.aiko)
    second = None if what == "withdrawn" else add(purchase, people.aiko, content=b"second")
    said = refusal(purchase, Action.APPROVE, people.ben)
    assert said.differences == (Difference("Document offer.txt", _shown(first), _shown(second)),)
    take(purchase, Action.REFRESH, people.ben)
    take(purchase, Action.APPROVE, people.ben)
    assert status(purchase, people.chie) == "security_review"


def _shown(file: Attachment | None) -> str:
    return "none" if file is None else f"SHA-256 {file.digest[:16]}…"


def test_a_file_of_a_declaration_that_comes_after_the_approval_keeps_it_from_being_ordered(
    purchase: Purchase, world: World, people: People
) -> None:
    for action, by in ((Action.SUBMIT, people.aiko), (Action.APPROVE, people.ben)):
        take(purchase, action, by)
    take(purchase, Action.APPROVE, people.chie)
    add(world.paper, people.goro, "retracted.txt")
    said = refusal(purchase, Action.ORDER, people.aiko, contract_reference="K-1")
    assert [each.label for each in said.differences] == ["Document retracted.txt"]


def test_a_file_that_comes_after_the_order_keeps_it_from_being_received(
    purchase: Purchase, people: People
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie)
    take(purchase, Action.ORDER, people.aiko, contract_reference="K-1")
    add(purchase, people.aiko, "other-terms.txt")
    delivered = units(purchase, people.emi, ["S1-A", "S1-B"])
    refusal(purchase, Action.RECEIVE, people.emi, units=delivered)


def test_the_same_file_put_back_is_no_difference(purchase: Purchase, people: People) -> None:
    first = add(purchase, people.aiko)
    take(purchase, Action.SUBMIT, people.aiko)
    take_out(first, people.aiko)
    add(purchase, people.aiko)
    take(purchase, Action.APPROVE, people.ben)


def test_a_dossier_that_was_frozen_without_documents_is_read_as_it_is(
    purchase: Purchase, people: People
) -> None:
    old = body(purchase, people.aiko)
    del old["documents"]
    old["v"] = 2
    text = json.dumps(old)
    dossier = freeze(purchase, people.aiko, body=text, digest=Dossier.digest_of(text))
    step(purchase, "submit", "agency_review", people.aiko, dossier=dossier)
    add(purchase, people.aiko)
    assert differences(old, body(purchase, people.aiko)) == ()
    take(purchase, Action.APPROVE, people.ben)


@pytest.mark.parametrize("what", ["added", "withdrawn"])
def test_the_database_itself_refuses_a_decision_on_other_files(
    what: str, purchase: Purchase, people: People
) -> None:
    """A move written past the services, on the dossier as it was frozen."""
    file = add(purchase, people.aiko)
    take(purchase, Action.SUBMIT, people.aiko)
    if what == "added":
        add(purchase, people.aiko, "late.txt")
    else:
        take_out(file, people.aiko)
    with acting_as(people.ben):
        seen = now(purchase, people.ben)
    with refused(NOT_NOW, "documents"):
        step(seen, "approve", "security_review", people.ben)
    with acting_as(people.ben):
        assert step(seen, "return", "draft", people.ben, reasons=["other"]).no == 2


def test_any_number_of_files_takes_as_many_queries_as_none(
    purchase: Purchase, world: World, people: People
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            body(purchase, people.aiko)
        return len(queries)

    count()  # the rules are read once for the process
    without = count()
    for number in range(5):
        add(purchase, people.aiko, f"{number}.txt")
        add(world.paper, people.goro, f"{number}.txt")
    assert count() == without
