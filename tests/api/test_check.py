"""`POST /api/v1/check/`: what the rules say, in the fixed public shape, without a trace in the database."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.context import acting_as
from audit.models import Event
from tests.api.programs import API, Program, program_of
from tests.people import Society
from tests.worlds import World

CHECK = f"{API}/check/"
CLAUSE = {"en": "No part from a place of concern.", "ja": "懸念のあるものを用いないこと。"}


@pytest.fixture
def aiko_program(society: Society, world: World) -> Program:
    return program_of(society.people.aiko)


def question(build: int, **more: Any) -> dict[str, Any]:
    given = {"kind": "purchase", "agency": "jcg", "missions": ["criminal_investigation"]}
    return {"build": build, **given, **more}


def test_a_build_that_fails_is_answered_with_clause_trace_and_words_in_both_languages(
    aiko_program: Program, world: World
) -> None:
    answer = aiko_program.post(CHECK, question(world.listed.pk, on="2026-11-22")).json()
    assert (answer["standing"], answer["on"]) == ("ground", "2026-11-22")
    origin = next(each for each in answer["results"] if each["rule"] == "jp/1/origin")
    assert (origin["outcome"], origin["level"], origin["clause"]) == ("fail", "block", CLAUSE)
    assert origin["trace"]["hits"]
    first, *reasons = origin["sentence"]["en"].split("\n")
    assert first.startswith("Fails")
    assert len(reasons) == len(origin["trace"]["hits"])
    assert all("China" in reason for reason in reasons)
    assert origin["sentence"]["ja"].startswith("不適合です。")
    assert "中国" in origin["sentence"]["ja"]
    assert set(origin) == {
        "rule", "clause", "citation", "outcome", "level", "trace", "sentence",
    }  # fmt: skip


def test_a_part_of_unknown_origin_is_neither_a_pass_nor_a_fail(
    aiko_program: Program, world: World
) -> None:
    answer = aiko_program.post(CHECK, question(world.no_radio.pk)).json()
    outcomes = {each["rule"]: each["outcome"] for each in answer["results"]}
    assert (answer["standing"], outcomes["jp/1/origin"]) == ("undetermined", "unknown")
    origin = next(each for each in answer["results"] if each["rule"] == "jp/1/origin")
    assert origin["trace"]["missing"]


def test_the_use_decides_what_follows_from_the_same_results(
    aiko_program: Program, world: World
) -> None:
    def standing(**more: Any) -> str:
        answer: str = aiko_program.post(CHECK, question(world.listed.pk, **more)).json()["standing"]
        return answer

    assert standing(missions=["training"]) == "clear"
    assert standing(missions=["rescue"]) == "ground"
    assert standing(missions=["rescue"], kind="held", on="2022-01-01") == "phase_out"
    assert standing(missions=[]) == "undetermined"


def test_on_a_day_before_the_rules_were_in_force_there_is_no_result(
    aiko_program: Program, world: World
) -> None:
    answer = aiko_program.post(CHECK, question(world.listed.pk, on="2020-12-31")).json()
    assert (answer["standing"], answer["results"]) == ("clear", [])


def test_nothing_is_stored(aiko_program: Program, world: World) -> None:
    before = events()
    with CaptureQueriesContext(connection) as caught:
        aiko_program.post(CHECK, question(world.listed.pk))
    writes = ("insert", "update", "delete")
    sent = [each["sql"].lstrip().lower() for each in caught.captured_queries]
    assert [sql for sql in sent if sql.startswith(writes)] == []
    assert events() == before


def events() -> int:
    with acting_as(None):
        return Event.objects.count()


@pytest.mark.parametrize("field", ["build", "kind", "agency"])
def test_what_a_question_needs_is_said_by_name(
    aiko_program: Program, world: World, field: str
) -> None:
    asked = question(world.clean.pk)
    del asked[field]
    assert list(aiko_program.post(CHECK, asked).json()["errors"]) == [field]


def test_an_agency_of_others_answers_like_one_that_does_not_exist(
    society: Society, world: World
) -> None:
    program = program_of(society.people.daisuke)
    hidden, absent = (
        program.post(CHECK, question(world.clean.pk, agency=code)) for code in ("jcg", "xyz")
    )
    assert (hidden.status_code, hidden.content) == (400, absent.content)
    assert program.post(CHECK, question(world.clean.pk, agency="rinya")).status_code == 200
