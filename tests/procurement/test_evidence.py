"""The evidence pack of a decision says exactly what was decided on, for good."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from agencies.context import acting_as
from agencies.models import Person
from audit.models import Event
from policy.models import PolicyVersion
from procurement.evidence import evidence_json, evidence_of
from procurement.follow_ups import Demand
from procurement.models import Move, Purchase
from procurement.states import Action
from registry.models import Vendor
from standards.canonical import digest
from tests.api.programs import API, program_of
from tests.people import People, Tree
from tests.procurement.test_deciders import substitute
from tests.procurement.test_workflow import now, take
from tests.web.pages import shown, signed_in
from tests.worlds import IN_FORCE, World, publish
from web.evidence import evidence_html, evidence_zip

pytestmark = pytest.mark.django_db
BY = timezone.localdate() + timedelta(days=30)


@pytest.fixture
def decided(purchase: Purchase, people: People) -> Purchase:
    """Handed in by Aiko, approved by Ben and, under a condition, by Chie; ordered by Aiko."""
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    demand = Demand("No flights at night.", BY)
    take(purchase, Action.APPROVE, people.chie, letter="Considered.", conditions=[demand])
    take(purchase, Action.ORDER, people.aiko, contract_reference="K-1")
    return purchase


def pack(purchase: Purchase, no: int, by: Person) -> dict[str, Any]:
    with acting_as(by):
        return evidence_of(now(purchase, by), no, by)


def test_it_says_who_decided_when_in_what_role_and_on_what(
    decided: Purchase, people: People
) -> None:
    found = pack(decided, 3, people.iori)
    assert [(each["action"], each["by"], each["as"]) for each in found["steps"]] == [
        ("submit", "aiko@test.example", ["requester"]),
        ("approve", "ben@test.example", ["approver"]),
        ("approve", "chie@test.example", ["security_reviewer"]),
    ]
    last = found["steps"][-1]
    assert (last["letter"], last["to"]) == ("Considered.", "approved")
    assert last["conditions"] == [{"text": "No flights at night.", "due_on": BY.isoformat()}]
    dossier = found["dossier"]
    assert dossier["digest"] == last["digest"] == digest(dossier["body"])
    assert dossier["body"]["rulebook"]["versions"] == ["jp/1"]


def test_each_step_carries_its_event_of_the_trail_which_can_be_hashed_again(
    decided: Purchase, people: People
) -> None:
    found = pack(decided, 4, people.iori)
    for step in found["steps"]:
        event = step["event"]
        assert hashlib.sha256(b"\x00" + event["text"].encode()).hexdigest() == event["leaf"]
        assert json.loads(event["text"])["new"]["action"] == step["action"]
    with acting_as(None):
        assert Event.objects.get_queryset().filter(
            record_table="procurement_move", record_id=found["steps"][3]["event"]["record"]
        )


def test_each_result_is_said_in_both_languages(decided: Purchase, people: People) -> None:
    said = pack(decided, 3, people.iori)["sentences"]
    rules = [
        each["rule"]
        for each in pack(decided, 3, people.iori)["dossier"]["body"]["builds"][0]["results"]
    ]
    assert [each["rule"] for each in said] == rules != []
    assert all(each["en"] and each["ja"] and each["en"] != each["ja"] for each in said)


def test_it_is_the_same_bytes_whoever_makes_it_in_whatever_language(
    decided: Purchase, people: People
) -> None:
    for make in (evidence_json, evidence_html, evidence_zip):
        made = set()
        for language, by in (("en", people.aiko), ("ja", people.aiko), ("ja", people.chie)):
            with override(language):
                made.add(make(pack(decided, 3, by)))
        assert len(made) == 1


def test_a_step_of_a_substitute_names_both_under_their_addresses_of_that_day(
    purchase: Purchase, people: People, tree: Tree
) -> None:
    take(purchase, Action.SUBMIT, people.aiko)
    substitute(people.ben, people.rin, tree.coast_guard)
    take(purchase, Action.APPROVE, people.rin)
    with acting_as(None):
        Person.objects.filter(pk=people.ben.pk).update(email="new@test.example", name_en="New")
    found = pack(purchase, 2, people.iori)
    named = [(each["by"], each.get("for")) for each in found["steps"]]
    assert named == [("aiko@test.example", None), ("rin@test.example", "ben@test.example")]
    page = evidence_html(found).decode()
    assert "rin@test.example for ben@test.example" in page
    assert "rin@test.example(ben@test.exampleの代理)" in page
    assert "Rin for New" in shown(signed_in(people.aiko), f"/purchases/{purchase.pk}/")


def test_what_happens_afterwards_changes_nothing_in_it(
    decided: Purchase, world: World, people: People
) -> None:
    """A new version of the policy, other facts, other names, another step."""
    before = [make(pack(decided, 3, people.iori)) for make in (evidence_json, evidence_html)]
    today = timezone.localdate()
    with acting_as(None):
        publish(world.companies, today, {"sora": "SORA AIRCRAFT"})
        versions = PolicyVersion.objects.filter(pk=world.version.pk)
        versions.update(in_force=DateRange(IN_FORCE, today))
        PolicyVersion.objects.create(
            policy=world.version.policy,
            label="2",
            in_force=DateRange(today, None),
            drafted_by=people.hana,
        )
    with acting_as(people.goro):
        Vendor.objects.filter(pk=world.sora.pk).update(name="Renamed", name_local="改名")
    with acting_as(None):
        Person.objects.filter(pk=people.chie.pk).update(email="new@test.example", name_en="New")
    take(decided, Action.AMEND, people.aiko, letter="Three are needed.")
    assert [
        make(pack(decided, 3, people.iori)) for make in (evidence_json, evidence_html)
    ] == before


@pytest.mark.parametrize("no", [1, 5, 99])
def test_there_is_none_of_a_step_that_decides_nothing_nor_of_one_that_was_not_taken(
    decided: Purchase, people: People, no: int
) -> None:
    take(decided, Action.AMEND, people.aiko, letter="Three are needed.")
    with pytest.raises(Move.DoesNotExist):
        pack(decided, no, people.iori)


def test_the_order_has_one_as_well(decided: Purchase, people: People) -> None:
    assert [each["action"] for each in pack(decided, 4, people.iori)["steps"]][-1] == "order"


def test_any_number_of_steps_takes_as_many_queries(decided: Purchase, people: People) -> None:
    counts = []
    for no in (2, 4):
        with acting_as(people.iori):
            seen = now(decided, people.iori)
            with CaptureQueriesContext(connection) as queries:
                evidence_of(seen, no, people.iori)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_archive_holds_both_files_with_their_digests(decided: Purchase, people: People) -> None:
    found = pack(decided, 3, people.iori)
    archive = zipfile.ZipFile(io.BytesIO(evidence_zip(found)))
    lines = archive.read("SHA256SUMS").decode().splitlines()
    listed = {name: found for found, _space, name in (each.partition("  ") for each in lines)}
    assert set(archive.namelist()) == {"evidence.json", "evidence.html", "SHA256SUMS"}
    assert listed == {
        name: hashlib.sha256(archive.read(name)).hexdigest()
        for name in ("evidence.json", "evidence.html")
    }


def test_the_printed_page_says_it_in_both_languages_and_fetches_nothing(
    decided: Purchase, people: People
) -> None:
    page = evidence_html(pack(decided, 3, people.iori)).decode()
    for words in ("Evidence of a decision", "判断の根拠資料", "No flights at night.", "jp/1"):
        assert words in page
    assert not [each for each in ("src=", "href=", "<script", "url(", "http") if each in page]


@pytest.mark.parametrize("form", ["json", "html", "zip"])
def test_it_is_saved_from_the_page_of_the_purchase_by_whoever_may_see_it(
    decided: Purchase, people: People, form: str
) -> None:
    address = f"/purchases/{decided.pk}/evidence/3/{form}/"
    assert address in shown(signed_in(people.aiko), f"/purchases/{decided.pk}/")
    answer = signed_in(people.aiko).get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="{decided.number}-3.{form}"'
    assert signed_in(people.daisuke).get(address).status_code == 404
    assert signed_in(people.aiko).get(f"/purchases/{decided.pk}/evidence/3/pdf/").status_code == 404


def test_programs_read_the_same_bytes(decided: Purchase, people: People) -> None:
    address = f"{API}/purchases/{decided.pk}/moves/3/evidence/"
    answer = program_of(people.chie).get(address)
    assert answer.content == evidence_json(pack(decided, 3, people.aiko))
    assert program_of(people.daisuke).get(address).status_code == 404
    assert program_of(people.chie).get(address.replace("/3/", "/1/")).status_code == 404
