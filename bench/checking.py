"""The check of one purchase while it is typed: beside the form, and through the API."""

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from bench.harness import PAGE_RUNS, WARM_UP, Bench, Reader, fetch
from bench.report import Budget, Measure
from bench.site import Answer, AnswerError, Browser

LIVE_CHECK: Final = Budget(50)
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
JSON: Final = {"Content-Type": "application/json"}


def measure(bench: Bench) -> Iterator[Measure]:
    _, custodian = bench.readers
    form = _form(custodian)
    yield _measure("beside the form", lambda build: _typed(custodian.browser, form, build))
    program = bench.program(custodian.person)
    agency = _agency_code(program)
    yield _measure("through the API", lambda build: _asked(program, agency, build))


def _measure(name: str, ask: Callable[[int], Answer]) -> Measure:
    """Another build each time, so that nothing is answered from a memory."""
    answers = [ask(build) for build in range(1, WARM_UP + PAGE_RUNS + 1)][WARM_UP:]
    return Measure(
        section="check",
        name=f"check of one build, {name}",
        unit="ms",
        runs=[answer.ms for answer in answers],
        queries=max(answer.queries or 0 for answer in answers),
        budget=LIVE_CHECK,
    )


def _form(reader: Reader) -> dict[str, str]:
    fetch(reader.browser, "/purchases/new/")
    return {
        "csrfmiddlewaretoken": reader.browser.cookies["csrftoken"],
        "agency": str(min(reader.person.scope.agencies)),
        "title": "Aircraft",
        "kind": "purchase",
        "missions": "rescue",
        "purpose": "Search along the coast",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-quantity": "1",
    }


def _typed(browser: Browser, form: dict[str, str], build: int) -> Answer:
    body = urlencode({**form, "lines-0-build": str(build)}).encode()
    answer = _good(browser.send("POST", "/purchases/check/", body, FORM))
    if "queue" not in answer.text:
        raise AnswerError("the live check says nothing of the rules")
    return answer


def _agency_code(program: Browser) -> str:
    agencies = json.loads(fetch(program, "/api/v1/agencies/").body)
    return str(agencies["results"][0]["code"])


def _asked(program: Browser, agency: str, build: int) -> Answer:
    question = {"build": build, "missions": ["rescue"], "kind": "purchase", "agency": agency}
    return _good(program.send("POST", "/api/v1/check/", json.dumps(question).encode(), JSON))


def _good(answer: Answer) -> Answer:
    if answer.status != HTTPStatus.OK:
        raise AnswerError(f"the check answered {answer.status}: {answer.text[:300]}")
    return answer
