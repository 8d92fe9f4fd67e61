"""Errors: problem details of one shape everywhere, and nothing about what the reader may not see."""

import json
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError

from api.drones import DroneViewSet
from api.parsers import LARGEST_BODY
from api.throttles import PersonThrottle
from tests.api.programs import API, Program, aircraft, program_of, request_for
from tests.people import Society
from tests.worlds import World, draft


@pytest.fixture
def aiko_program(society: Society, world: World) -> Program:
    return program_of(society.people.aiko)


def problem(answer: Any, status: int, kind: str) -> dict[str, Any]:
    """The body, after everything that problems have in common was seen."""
    body: dict[str, Any] = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    assert (answer.status_code, body["status"]) == (status, status)
    assert body["type"] == f"tag:drone-procurement-registry,2026:problem/{kind}"
    assert body["title"]
    assert body["detail"]
    return body


def test_a_stranger_gets_a_problem() -> None:
    problem(Program().get(f"{API}/drones/"), 401, "not-authenticated")


NO_ADDRESSES = (
    "/api/",
    "/api/v1/",
    "/api/v2/drones/",
    f"{API}/nothing/",
    f"{API}/drones",
    f"{API}/drones/abc/",
    f"{API}/drones/%00/",
    f"{API}/vendors/１/",
    f"{API}/vendors/{10**30}/",
    f"{API}/agencies/none/",
)


def test_an_address_that_is_none_is_a_problem_and_no_page(aiko_program: Program) -> None:
    for address in NO_ADDRESSES:
        problem(aiko_program.get(address), 404, "not-found")
        problem(Program().get(address), 401, "not-authenticated")


def test_a_method_that_an_address_does_not_take_is_a_problem(
    aiko_program: Program, world: World
) -> None:
    answer = aiko_program.delete(f"{API}/drones/{world.patrol.pk}/")
    problem(answer, 405, "method-not-allowed")
    assert answer["Allow"] == "GET, HEAD, PATCH"
    problem(aiko_program.options(f"{API}/drones/"), 405, "method-not-allowed")


def test_a_body_that_is_no_json_is_refused_by_its_type(aiko_program: Program) -> None:
    answer = aiko_program.post(f"{API}/drones/", b"agency=jcg", content_type="text/plain")
    problem(answer, 415, "unsupported-media-type")


def test_a_body_without_end_is_refused(aiko_program: Program) -> None:
    answer = aiko_program.post(f"{API}/drones/", {"note": "x" * LARGEST_BODY})
    problem(answer, 413, "too-large")


UNSEEN = {
    "NUL": "a\x00b",
    "half a pair": "a\ud800b",
    "override": "\u202eatad",
    "no width": "a\u200bb",
}


def test_a_text_with_characters_that_cannot_be_seen_is_refused_by_name(
    aiko_program: Program, world: World
) -> None:
    for what, text in UNSEEN.items():
        sent = json.dumps(request_for(world.clean, title=text))
        answer = aiko_program.generic("POST", f"{API}/purchases/", sent, "application/json")
        body = problem(answer, 400, "invalid")
        assert list(body["errors"]) == ["title"], what
        assert "U+" in body["detail"]


def test_line_breaks_are_for_texts_of_several_lines(aiko_program: Program, world: World) -> None:
    letter = request_for(world.clean, purpose="one\ntwo\tthree")
    assert aiko_program.post(f"{API}/purchases/", letter).json()["purpose"] == "one\ntwo\tthree"


NO_JSON = (
    b"{",
    b"\xff\xfe",
    b'{"build": NaN}',
    b'{"build": 1, "build": 2}',
    b"[" * 100_000,
    b"[" * 50 + b"]" * 50,
    b'{"build": ' + b"9" * 5000 + b"}",
)
NO_OBJECT = (b"[]", b"null", b'"text"', b"1")


def test_a_body_that_is_not_one_json_object_is_refused_as_a_whole(aiko_program: Program) -> None:
    for body in NO_JSON + NO_OBJECT:
        answer = aiko_program.post(f"{API}/drones/", body, content_type="application/json")
        errors = problem(answer, 400, "invalid")["errors"]
        assert list(errors) == ([""] if body in NO_OBJECT else []), body[:40]


WRONG_VALUES: tuple[tuple[str, Any], ...] = (
    ("build", "1"),
    ("build", "１２"),
    ("build", True),
    ("build", 1.0),
    ("build", None),
    ("build", 10**30),
    ("build", -1),
    ("build", [1]),
    ("build", {"id": 1}),
    ("agency", 1),
    ("agency", "none-such"),
    ("agency", {"code": "jcg"}),
    ("price", "1_0"),
    ("price", "١٢"),
    ("price", 10**19),
    ("price", -1),
    ("price", False),
    ("acquired_on", "２０２５-０１-０１"),
    ("acquired_on", "20250101"),
    ("acquired_on", "2025-02-30"),
    ("acquired_on", "2999-01-01"),
    ("acquired_on", 20250101),
    ("missions", "rescue"),
    ("missions", ["no_such_mission"]),
    ("missions", [1]),
    ("missions", {"rescue": True}),
    ("status", "flying"),
    ("status", ["stored"]),
    ("serial_number", 12),
    ("serial_number", "x" * 61),
    ("serial_number", "two\nlines"),
    ("place", None),
    ("id", "00000000-0000-0000-0000-000000000000"),
    ("recorded_at", "2020-01-01"),
    ("_connector", "OR"),
    ("agency_id", 1),
    ("pk", 1),
)


def test_a_value_is_taken_as_it_should_be_or_refused_with_its_name(
    aiko_program: Program, world: World
) -> None:
    for name, value in WRONG_VALUES:
        answer = aiko_program.post(f"{API}/drones/", aircraft(world.clean.pk) | {name: value})
        errors = problem(answer, 400, "invalid")["errors"]
        assert [key.split(".")[0] for key in errors] == [name], value


def test_the_id_of_a_build_that_is_there_is_a_number_and_no_text(
    aiko_program: Program, world: World
) -> None:
    number = world.clean.pk
    full_width = str(number).translate(
        {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}
    )
    for value in (str(number), full_width, float(number), [number]):
        answer = aiko_program.post(f"{API}/drones/", aircraft(world.clean.pk) | {"build": value})
        assert list(problem(answer, 400, "invalid")["errors"]) == ["build"], value
    assert aiko_program.post(f"{API}/drones/", aircraft(number)).status_code == 201


WRONG_QUERIES = (
    "id=abc",
    "_connector=OR",
    "agency__code=jcg",
    "maker=abc",
    "maker=１２",
    "maker=1_0",
    f"maker={10**30}",
    "agency=none-such",
    "standing=bad",
    "held=perhaps",
    "q=%00",
    "q=%E2%80%AEx",
    "page_size=0",
    "page_size=201",
    "page_size=１",
    "page_size=abc",
    "cursor=abc",
    "cursor=cD1hYmM=",
    "cursor=%00",
    "format=xml",
    "cursor=",
)


def test_a_query_that_no_filter_understands_is_refused(aiko_program: Program) -> None:
    for query in WRONG_QUERIES:
        errors = problem(aiko_program.get(f"{API}/drones/?{query}"), 400, "invalid")["errors"]
        assert list(errors) == [query.split("=", maxsplit=1)[0]], query


def test_an_id_in_a_query_is_written_in_plain_digits(aiko_program: Program, world: World) -> None:
    plain = str(world.kite.pk)
    full_width = plain.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    for spelling in (full_width, f"%2B{plain}", f" {plain}"):
        answer = aiko_program.get(f"{API}/drones/?maker={spelling}")
        assert list(problem(answer, 400, "invalid")["errors"]) == ["maker"], spelling
    assert aiko_program.get(f"{API}/drones/?maker={plain}").status_code == 200


@pytest.mark.parametrize("path", ["drones/{}/", "purchases/{}/", "purchases/{}/actions/approve/"])
def test_what_another_agency_has_answers_byte_for_byte_like_what_does_not_exist(
    society: Society, world: World, path: str
) -> None:
    people = society.people
    purchase = draft(people.aiko, society.tree.coast_guard, world.clean)
    hidden = purchase.pk if "purchases" in path else world.patrol.pk
    stranger, owner = program_of(people.daisuke), program_of(people.aiko)
    for method, body in (("get", None), ("patch", {"place": "x"}), ("post", {"version": 1})):
        answers = [
            getattr(stranger, method)(f"{API}/{path.format(key)}", body)
            for key in (hidden, uuid4())
        ]
        assert answers[0].content == answers[1].content
        assert dict(answers[0].headers) == dict(answers[1].headers)
        assert answers[0].status_code == answers[1].status_code
    assert owner.get(f"{API}/{path.format(hidden)}").status_code in {200, 405}


def test_a_problem_speaks_the_language_of_the_reader(aiko_program: Program) -> None:
    there, gone = f"{API}/drones/", f"{API}/drones/{uuid4()}/"
    english = aiko_program.get(gone, headers={"accept-language": "en"}).json()
    japanese = aiko_program.get(gone, headers={"accept-language": "ja"}).json()
    assert english["type"] == japanese["type"]
    assert english["title"] == "Not found"
    assert aiko_program.get(there, headers={"accept": "text/html"}).status_code == 200


def test_too_many_requests_of_one_person_are_refused_for_a_while_and_others_are_not(
    society: Society, aiko_program: Program
) -> None:
    other = program_of(society.people.daisuke)
    with mock.patch.object(PersonThrottle, "rate", "2/min"):
        answers = [aiko_program.get(f"{API}/agencies/") for _ in range(3)]
        assert other.get(f"{API}/agencies/").status_code == 200
    problem(answers[2], 429, "too-many-requests")
    assert 0 < int(answers[2]["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [(IntegrityError("double"), 409, "not-now"), (OperationalError("lock"), 503, "busy")],
)
def test_what_the_database_refuses_in_a_race_is_a_problem_that_names_nothing(
    aiko_program: Program, error: Exception, status: int, kind: str
) -> None:
    with mock.patch.object(DroneViewSet, "get_queryset", side_effect=error):
        body = problem(aiko_program.get(f"{API}/drones/"), status, kind)
    assert str(error) not in body["detail"]


def test_a_mistake_of_the_program_surfaces(aiko_program: Program) -> None:
    with (
        mock.patch.object(DroneViewSet, "get_queryset", side_effect=ZeroDivisionError),
        pytest.raises(ZeroDivisionError),
    ):
        aiko_program.get(f"{API}/drones/")
