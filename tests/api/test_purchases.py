"""`/api/v1/purchases/`: drafts, the steps of the workflow, and who may take them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.context import acting_as
from procurement.models import Purchase
from registry.models import Build
from standards.working_days import working_day_after
from tests.api.programs import API, Program, program_of, request_for
from tests.people import Society
from tests.worlds import IN_FORCE, World, draft, publish

PURCHASES = f"{API}/purchases/"


@pytest.fixture
def aiko_program(society: Society, world: World) -> Program:
    return program_of(society.people.aiko)


def take(program: Program, purchase: dict[str, Any], action: str, **more: Any) -> Any:
    """A step on the purchase as it was read."""
    body = {"version": purchase["version"], "digest": (purchase["dossier"] or {}).get("digest", "")}
    return program.post(f"{PURCHASES}{purchase['id']}/actions/{action}/", body | more)


def read(program: Program, purchase: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = program.get(f"{PURCHASES}{purchase['id']}/").json()
    return shown


def submitted(program: Program, build: Build) -> dict[str, Any]:
    asked = program.post(PURCHASES, request_for(build)).json()
    answer = take(program, asked, "submit")
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_a_request_is_stored_as_a_draft_with_its_lines(aiko_program: Program, world: World) -> None:
    given = request_for(
        world.clean, kind="lease", needed_by="2030-01-31", begins="2030-02-01", ends="2031-01-31"
    )
    given["lines"].append({"build": world.listed.pk, "quantity": 1, "supplier": world.kite.pk})
    stored = aiko_program.post(PURCHASES, given)
    body = stored.json()
    assert (stored.status_code, body["status"], body["agency"]) == (201, "draft", "jcg")
    assert body["requester"]["email"] == "aiko@test.example"
    assert (body["kind"], body["needed_by"]) == ("lease", "2030-01-31")
    assert [(line["build"], line["quantity"], line["supplier"]) for line in body["lines"]] == [
        (world.clean.pk, 2, world.sora.pk),
        (world.listed.pk, 1, world.kite.pk),
    ]
    assert [each["action"] for each in body["available_actions"]] == ["submit", "withdraw"]
    assert read(aiko_program, body) == body


def test_a_purchase_goes_all_the_way_from_the_request_to_the_registry(
    society: Society, world: World, aiko_program: Program
) -> None:
    people = society.people
    ben, chie, emi = (program_of(each) for each in (people.ben, people.chie, people.emi))
    purchase = submitted(aiko_program, world.clean)
    purchase = take(ben, read(ben, purchase), "approve").json()
    assert purchase["status"] == "security_review"
    purchase = take(chie, read(chie, purchase), "approve").json()
    purchase = take(aiko_program, purchase, "order", contract_reference="K-7").json()
    line = purchase["lines"][0]["id"]
    units = [{"line": line, "serial_number": f"S1-{number}"} for number in (1, 2)]
    received = take(emi, purchase, "receive", units=units).json()
    assert (received["status"], received["contract_reference"]) == ("received", "K-7")
    assert [each["action"] for each in received["moves"]] == [
        "submit", "approve", "approve", "order", "receive",
    ]  # fmt: skip
    drones = {each["drone"] for each in received["received_units"]}
    listed = aiko_program.get(f"{API}/drones/?q=S1-").json()["results"]
    received_ids = {each["id"] for each in listed if each["serial_number"].startswith("S1-")}
    assert received_ids == drones
    assert take(ben, received, "close").json()["status"] == "closed"


def test_a_flagged_purchase_says_why_and_cannot_be_approved_but_is_returned_with_its_reasons(
    society: Society, world: World, aiko_program: Program
) -> None:
    ben, chie = program_of(society.people.ben), program_of(society.people.chie)
    purchase = submitted(aiko_program, world.listed)
    assert purchase["answer"] == "flagged"
    take(ben, read(ben, purchase), "approve")
    purchase = read(chie, purchase)
    outcomes = {
        each["rule"]: each["outcome"] for each in purchase["dossier_body"]["builds"][0]["results"]
    }
    assert outcomes == {"jp/1/origin": "fail", "jp/1/listed_party": "fail"}
    blocked = {each["action"]: bool(each["blocked_by"]) for each in purchase["available_actions"]}
    assert blocked == {
        "approve": True,
        "return": False,
        "decline": False,
        "ask_evidence": False,
        "refresh": False,
    }
    refused = take(chie, purchase, "approve")
    assert (refused.status_code, refused.json()["guard"]) == (409, "blocked")
    reasons = ["rule_failed", "alternative_exists"]
    returned = take(chie, purchase, "return", reasons=reasons, letter="Take\nanother.").json()
    assert (returned["status"], returned["moves"][-1]["reasons"]) == ("draft", sorted(reasons))
    assert returned["moves"][-1]["letter"] == "Take\nanother."


def test_the_requester_cannot_approve(society: Society, world: World) -> None:
    """Nao is approver as well."""
    nao = program_of(society.people.nao)
    purchase = submitted(nao, world.clean)
    refused = take(nao, read(nao, purchase), "approve")
    assert (refused.status_code, refused.json()["guard"]) == (403, "own_work")
    assert [each["action"] for each in purchase["available_actions"]] == ["refresh", "withdraw"]
    body = {"version": purchase["version"], "status": "approved"}
    written = nao.patch(f"{PURCHASES}{purchase['id']}/", body)
    assert (written.status_code, list(written.json()["errors"])) == (400, ["status"])
    assert read(nao, purchase)["status"] == "agency_review"


def test_a_role_that_does_not_take_the_step_is_refused_and_nothing_moves(
    society: Society, world: World, aiko_program: Program
) -> None:
    purchase = submitted(aiko_program, world.clean)
    emi = program_of(society.people.emi)
    refused = take(emi, read(emi, purchase), "approve")
    assert (refused.status_code, refused.json()["guard"]) == (403, "role")
    shown = read(emi, purchase)
    assert (shown["status"], len(shown["moves"])) == ("agency_review", 1)


def test_who_comes_second_reads_what_happened(
    society: Society, world: World, aiko_program: Program
) -> None:
    ben, chie, haru = (
        program_of(each) for each in (society.people.ben, society.people.chie, society.people.haru)
    )
    purchase = submitted(aiko_program, world.clean)
    take(ben, read(ben, purchase), "approve")
    seen = read(haru, purchase)
    assert take(chie, seen, "approve").json()["status"] == "approved"
    late = take(haru, seen, "return", reasons=["other"])
    assert (late.status_code, late.json()["guard"]) == (409, "transition")
    newest = late.json()["moves"][0]
    assert (newest["action"], newest["to"], newest["actor"]) == (
        "approve",
        "approved",
        "chie@test.example",
    )


def test_a_fact_that_changed_since_the_request_is_shown_and_nothing_is_approved(
    society: Society, world: World, aiko_program: Program
) -> None:
    ben = program_of(society.people.ben)
    purchase = submitted(aiko_program, world.clean)
    seen = read(ben, purchase)
    with acting_as(None):
        publish(
            world.concern, IN_FORCE.replace(year=IN_FORCE.year + 1), {"CN": "China", "JP": "Japan"}
        )
    refused = take(ben, seen, "approve")
    assert refused.status_code == 409
    assert refused.json()["guard"] == "dossier_no_longer_holds"
    assert refused.json()["differences"]
    assert set(refused.json()["differences"][0]) == {"label", "old", "new"}
    assert read(ben, purchase)["status"] == "agency_review"


def test_a_decision_on_another_dossier_than_the_one_that_stands_is_refused(
    society: Society, world: World, aiko_program: Program
) -> None:
    ben = program_of(society.people.ben)
    purchase = read(ben, submitted(aiko_program, world.clean))
    refused = take(ben, purchase, "approve", digest="0" * 64)
    assert (refused.status_code, refused.json()["guard"]) == (409, "dossier")


def test_a_step_that_is_none_is_not_found(aiko_program: Program, world: World) -> None:
    purchase = aiko_program.post(PURCHASES, request_for(world.clean)).json()
    assert take(aiko_program, purchase, "launch").status_code == 404


def test_a_draft_is_changed_line_by_line(aiko_program: Program, world: World) -> None:
    stored = aiko_program.post(PURCHASES, request_for(world.clean)).json()
    kept = stored["lines"][0]["id"]
    lines = [{"id": kept, "quantity": 5}, {"build": world.listed.pk, "quantity": 1}]
    body = {"version": stored["version"], "title": "Six aircraft", "lines": lines}
    changed = aiko_program.patch(f"{PURCHASES}{stored['id']}/", body).json()
    assert changed["title"] == "Six aircraft"
    assert changed["purpose"] == stored["purpose"]
    assert [(line["build"], line["quantity"]) for line in changed["lines"]] == [
        (world.clean.pk, 5),
        (world.listed.pk, 1),
    ]
    assert changed["lines"][0]["id"] == kept
    body = {"version": changed["version"], "lines": changed_lines(changed, 1)}
    fewer = aiko_program.patch(f"{PURCHASES}{stored['id']}/", body).json()
    assert [line["build"] for line in fewer["lines"]] == [world.listed.pk]


def changed_lines(purchase: dict[str, Any], number: int) -> list[dict[str, Any]]:
    return [{"id": purchase["lines"][number]["id"], "quantity": 1}]


def test_a_later_version_is_not_overwritten(aiko_program: Program, world: World) -> None:
    stored = aiko_program.post(PURCHASES, request_for(world.clean)).json()
    address, body = f"{PURCHASES}{stored['id']}/", {"version": stored["version"], "title": "A"}
    assert aiko_program.patch(address, body).status_code == 200
    late = aiko_program.patch(address, body)
    assert (late.status_code, late.json()["guard"]) == (409, "moved")
    unnamed = aiko_program.patch(address, {"title": "B"})
    assert list(unnamed.json()["errors"]) == ["version"]


def test_a_draft_is_locked_before_its_version_is_compared(
    aiko_program: Program, world: World
) -> None:
    stored = aiko_program.post(PURCHASES, request_for(world.clean)).json()
    body = {"version": stored["version"], "title": "A"}
    with CaptureQueriesContext(connection) as caught:
        aiko_program.patch(f"{PURCHASES}{stored['id']}/", body)
    about = [each["sql"] for each in caught if 'FROM "procurement_purchase"' in each["sql"]]
    assert about[0].endswith("FOR UPDATE")


def test_what_was_submitted_is_no_draft_any_more(aiko_program: Program, world: World) -> None:
    purchase = submitted(aiko_program, world.clean)
    body = {"version": purchase["version"], "title": "A"}
    answer = aiko_program.patch(f"{PURCHASES}{purchase['id']}/", body)
    assert (answer.status_code, answer.json()["guard"]) == (409, "not_a_draft")


def test_each_wrong_field_of_a_line_is_named_by_its_place(
    aiko_program: Program, world: World
) -> None:
    wrong_line = {"build": 10**9, "quantity": 0, "unit_price": "1", "supplier": "x"}
    lines = [{"build": world.clean.pk, "quantity": 1}, {**wrong_line, "colour": 1}]
    errors = aiko_program.post(PURCHASES, request_for(world.clean, lines=lines)).json()["errors"]
    assert list(errors) == ["lines.1.colour"]
    lines[1] = wrong_line
    errors = aiko_program.post(PURCHASES, request_for(world.clean, lines=lines)).json()["errors"]
    assert set(errors) == {f"lines.1.{name}" for name in wrong_line}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lines", []),
        ("lines", None),
        ("lines", {}),
        ("missions", []),
        ("title", ""),
        ("kind", "gift"),
    ],
)
def test_a_request_that_lacks_something_says_what(
    aiko_program: Program, world: World, field: str, value: Any
) -> None:
    answer = aiko_program.post(PURCHASES, request_for(world.clean) | {field: value})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_line_of_somebody_else_cannot_be_named_nor_told_from_one_that_does_not_exist(
    society: Society, world: World, aiko_program: Program
) -> None:
    people, tree = society.people, society.tree
    own = draft(people.aiko, tree.coast_guard, world.clean)
    other = draft(people.aiko, tree.coast_guard, world.clean)
    foreign = draft(people.daisuke, tree.forestry, world.clean)
    keys = [_line_of(other, people.aiko), _line_of(foreign, people.daisuke), uuid4()]
    answers = [
        aiko_program.patch(
            f"{PURCHASES}{own.pk}/",
            {"version": own.version, "lines": [{"id": str(key), "quantity": 9}]},
        )
        for key in keys
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1


def test_a_unit_cannot_name_a_line_of_somebody_else(
    society: Society, world: World, aiko_program: Program
) -> None:
    people = society.people
    foreign = draft(people.daisuke, society.tree.forestry, world.clean)
    ben, chie, emi = (program_of(each) for each in (people.ben, people.chie, people.emi))
    purchase = submitted(aiko_program, world.clean)
    take(ben, read(ben, purchase), "approve")
    take(chie, read(chie, purchase), "approve")
    ordered = take(
        aiko_program, read(aiko_program, purchase), "order", contract_reference="K"
    ).json()
    answers = [
        take(emi, ordered, "receive", units=[{"line": str(key), "serial_number": "S1-1"}])
        for key in (_line_of(foreign, people.daisuke), uuid4())
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert answers[0].content == answers[1].content


def _line_of(purchase: Purchase, by: Any) -> Any:
    with acting_as(by):
        return purchase.lines.visible_to(by).get().pk


def test_an_agency_of_others_cannot_be_named(society: Society, world: World) -> None:
    program = program_of(society.people.daisuke)
    hidden, absent = (
        program.post(PURCHASES, request_for(world.clean, agency=code)) for code in ("jcg", "xyz")
    )
    assert (hidden.status_code, hidden.content) == (400, absent.content)
    stored = program.post(PURCHASES, request_for(world.clean, agency="rinya"))
    assert stored.status_code == 201


def test_the_list_holds_what_the_reader_may_see_and_nothing_else(
    society: Society, world: World, aiko_program: Program
) -> None:
    people = society.people
    aiko_program.post(PURCHASES, request_for(world.clean))
    rows = aiko_program.get(PURCHASES).json()["results"]
    assert [(each["title"], len(each["lines"])) for each in rows] == [("Two aircraft", 1)]
    assert program_of(people.daisuke).get(PURCHASES).json()["results"] == []
    assert len(program_of(people.chie).get(f"{PURCHASES}?status=draft").json()["results"]) == 1
    assert program_of(people.chie).get(f"{PURCHASES}?status=closed").json()["results"] == []


def test_a_review_is_taken_taken_over_and_let_go(
    society: Society, world: World, aiko_program: Program
) -> None:
    ben, nao = program_of(society.people.ben), program_of(society.people.nao)
    purchase = submitted(aiko_program, world.clean)
    address = f"{PURCHASES}{purchase['id']}/"
    assert read(ben, purchase)["claim"] is None
    held = ben.post(f"{address}claim/", {}).json()
    assert held["person"] == "ben@test.example"
    assert read(aiko_program, purchase)["claim"] == held
    told = nao.post(f"{address}claim/", {})
    assert (told.status_code, told.json()["guard"]) == (409, "held_by_another")
    over = nao.post(f"{address}claim/", {"instead_of": held["id"]}).json()
    assert (over["person"], over["instead_of"]) == ("nao@test.example", held["id"])
    assert ben.post(f"{address}release/").status_code == 403
    assert nao.post(f"{address}release/").status_code == 204
    assert read(ben, purchase)["claim"] is None


def test_a_purchase_says_by_when_its_review_is_due(
    society: Society, world: World, aiko_program: Program
) -> None:
    purchase = submitted(aiko_program, world.clean)
    seen = read(aiko_program, purchase)
    assert seen["due_on"] == working_day_after(timezone.localdate(), 5).isoformat()
    assert seen["overdue"] is False


def test_a_step_says_by_its_guard_why_not_yet(
    society: Society, world: World, aiko_program: Program
) -> None:
    ben, nao = program_of(society.people.ben), program_of(society.people.nao)
    purchase = submitted(aiko_program, world.clean)
    ben.post(f"{PURCHASES}{purchase['id']}/claim/", {})
    guards = {each["action"]: each["guard"] for each in read(nao, purchase)["available_actions"]}
    assert (guards["approve"], guards["refresh"]) == ("held_by_another", "")
