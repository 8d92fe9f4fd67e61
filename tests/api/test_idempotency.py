"""A change sent twice under one key is done once, for its person alone, and answered with the same bytes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Membership, Person
from api import idempotency
from procurement.models import Purchase
from records.kept_answers import KEPT, forget_answers
from records.models import KeptAnswer
from reporting import clock
from tests.api.programs import API, Program, aircraft, program_of, request_for, token_of
from tests.databases import FreshDatabase
from tests.people import People, Society, settle
from tests.refusals import NO_RIGHT, refused
from tests.worlds import World, furnish

PURCHASES = f"{API}/purchases/"
KEY = "order-2026-11-22/1"


@pytest.fixture
def aiko_program(society: Society, world: World) -> Program:
    return program_of(society.people.aiko)


def ask(program: Program, world: World, key: str = KEY, **more: Any) -> Any:
    return program.post(
        PURCHASES, request_for(world.clean, **more), headers={"Idempotency-Key": key}
    )


def stored(person: Person) -> int:
    with acting_as(person):
        return Purchase.objects.visible_to(person).count()


def kept() -> int:
    with acting_as(None):
        return KeptAnswer.objects.count()


def test_what_is_asked_twice_is_stored_once_and_answered_with_the_same_bytes(
    aiko_program: Program, society: Society, world: World
) -> None:
    first, second = ask(aiko_program, world), ask(aiko_program, world)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second["Content-Type"] == "application/json"
    assert stored(society.people.aiko) == 1


def test_a_step_taken_twice_is_one_move(aiko_program: Program, world: World) -> None:
    asked = ask(aiko_program, world).json()
    step = {"version": asked["version"]}
    address = f"{PURCHASES}{asked['id']}/actions/submit/"
    answers = [
        aiko_program.post(address, step, headers={"Idempotency-Key": "submit-1"}) for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert len(answers[1].json()["moves"]) == 1


def test_a_change_of_an_aircraft_under_a_key_is_kept_too(
    aiko_program: Program, world: World
) -> None:
    logged = aiko_program.post(f"{API}/drones/", aircraft(world.clean.pk)).json()
    address, given = f"{API}/drones/{logged['id']}/", {"place": "Yokohama"}
    header = {"Idempotency-Key": "place-1"}
    first = aiko_program.patch(address, given, headers=header)
    aiko_program.patch(address, {"place": "Kobe"})
    again = aiko_program.patch(address, given, headers=header)
    assert (first.status_code, again.content) == (200, first.content)
    assert aiko_program.get(address).json()["place"] == "Kobe"


def test_a_key_used_for_another_body_is_refused_and_says_for_what_it_was_used(
    aiko_program: Program, society: Society, world: World
) -> None:
    ask(aiko_program, world)
    answer = ask(aiko_program, world, title="Another")
    problem = answer.json()
    assert (answer.status_code, problem["type"][-8:]) == (422, "key-used")
    assert f"{KEY} was used for POST {PURCHASES} at " in problem["detail"]
    assert "with another body" in problem["detail"]
    elsewhere = aiko_program.post(f"{API}/drones/", {}, headers={"Idempotency-Key": KEY})
    assert elsewhere.status_code == 422
    assert "another body" not in elsewhere.json()["detail"]
    assert stored(society.people.aiko) == 1


def test_the_keys_of_two_people_are_two_keys(
    aiko_program: Program, society: Society, world: World
) -> None:
    mine = ask(aiko_program, world).json()
    hers = ask(program_of(society.people.mika), world).json()
    assert mine["id"] != hers["id"]


def test_a_refusal_leaves_the_key_free(
    aiko_program: Program, society: Society, world: World
) -> None:
    refusal = ask(aiko_program, world, title="")
    assert (refusal.status_code, kept()) == (400, 0)
    assert ask(aiko_program, world).status_code == 201


@pytest.mark.parametrize("key", ["", "with a blank", "x" * 101, "長い"])
def test_a_key_that_is_none_is_refused(key: str, aiko_program: Program, world: World) -> None:
    answer = ask(aiko_program, world, key.encode().decode("latin-1"))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])


def test_what_stores_nothing_keeps_nothing(aiko_program: Program, world: World) -> None:
    given = {"build": world.clean.pk, "agency": "jcg", "kind": "purchase", "missions": []}
    answer = aiko_program.post(f"{API}/check/", given, headers={"Idempotency-Key": KEY})
    assert (answer.status_code, kept()) == (200, 0)


def test_a_token_for_reading_is_refused_whatever_was_kept(
    aiko_program: Program, society: Society, world: World
) -> None:
    ask(aiko_program, world)
    reader = program_of(society.people.aiko, read_only=True)
    assert ask(reader, world).status_code == 403


def test_work_whose_answer_cannot_be_kept_is_undone(
    aiko_program: Program, society: Society, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(answer: KeptAnswer) -> None:
        raise RuntimeError("the program died here")

    monkeypatch.setattr(idempotency, "keep_answer", dies)
    with pytest.raises(RuntimeError):
        ask(aiko_program, world)
    monkeypatch.undo()
    assert (stored(society.people.aiko), kept()) == (0, 0)
    assert ask(aiko_program, world).status_code == 201


def test_the_same_request_twice_at_the_same_moment_is_done_once(
    fresh_database: FreshDatabase,
) -> None:
    society = settle()
    world = furnish(society)
    aiko = society.people.aiko
    secret, start = token_of(aiko), Barrier(2)

    def send(_: int) -> tuple[int, bytes]:
        try:
            program = Program(secret)
            start.wait()
            answer = ask(program, world)
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(send, range(2))
    assert one == other
    assert one[0] == 201
    assert stored(aiko) == 1


def test_kept_answers_are_read_by_their_person_alone(
    aiko_program: Program, society: Society, world: World
) -> None:
    ask(aiko_program, world)
    seen = {}
    for name in ("aiko", "mika", "daisuke", "chie", "iori", "jun"):
        with acting_as(getattr(society.people, name)):
            seen[name] = KeptAnswer.objects.count()
    assert seen == {"aiko": 1, "mika": 0, "daisuke": 0, "chie": 0, "iori": 0, "jun": 0}


def test_whoever_lost_the_post_is_not_shown_the_answer_again(
    aiko_program: Program, society: Society, world: World
) -> None:
    ask(aiko_program, world)
    with acting_as(None):
        posts = Membership.objects.unscoped(reason="the posts of one")
        posts.filter(person=society.people.aiko).update(agency=society.tree.forestry)
    answer = ask(aiko_program, world)
    assert answer.status_code >= 400
    assert b"Two aircraft" not in answer.content


@pytest.mark.parametrize(
    "statement",
    ["update records_keptanswer set body = ''", "delete from records_keptanswer"],
)
def test_nobody_but_the_program_changes_or_deletes_what_was_kept(
    statement: str, aiko_program: Program, people: People, world: World
) -> None:
    ask(aiko_program, world)
    with refused(NO_RIGHT), acting_as(people.aiko), connection.cursor() as cursor:
        cursor.execute(statement)
    if statement.startswith("delete"):
        with acting_as(people.chie), connection.cursor() as cursor:
            cursor.execute(statement)
    assert kept() == 1


def test_nobody_keeps_an_answer_for_another(people: People) -> None:
    answer = KeptAnswer(
        person=people.mika, key=str(uuid4()), method="POST", path="/", digest="", status=200,
        body=b"{}", agencies=[], at=timezone.now(),
    )  # fmt: skip
    for person in (people.aiko, people.chie):
        with refused(NO_RIGHT), acting_as(person):
            answer.save(force_insert=True)


def test_the_worker_forgets_answers_after_a_day_and_not_before(
    aiko_program: Program, society: Society, world: World
) -> None:
    ask(aiko_program, world)
    assert forget_answers in clock.PARTS
    forget_answers(timezone.now() + KEPT - timedelta(minutes=1))
    assert kept() == 1
    forget_answers(timezone.now() + KEPT + timedelta(minutes=1))
    assert kept() == 0
    ask(aiko_program, world)
    assert stored(society.people.aiko) == 2


def test_every_change_names_the_key_in_the_description(aiko_program: Program) -> None:
    described = aiko_program.get(f"{API}/schema/").json()
    for address, methods in described["paths"].items():
        for method, operation in methods.items():
            headers = [e["name"] for e in operation.get("parameters", []) if e["in"] == "header"]
            changes = method in ("post", "patch") and not address.endswith("/check/")
            assert headers == (["Idempotency-Key"] if changes else []), (address, method)
