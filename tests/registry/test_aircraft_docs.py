"""What the page about aircraft says is what the program does."""

from registry.refusals import TEXTS
from registry.transitions import TRANSITIONS, Status
from tests.test_docs import codes, table

PAGE = "docs/aircraft.md"


def test_the_table_of_events_is_the_one_of_the_program() -> None:
    written = [each for row in table(PAGE, "## Events") for each in transitions(row)]
    held = [
        (way.action.value, way.source.value, way.target.value, way.roles, way.needs_reason)
        for way in TRANSITIONS
    ]
    assert sorted(written) == sorted(held)


def transitions(row: list[str]) -> list[tuple[str, str, str, tuple[str, ...], bool]]:
    (action,) = codes(row[0])
    return [
        (action, source, codes(row[2])[0] if codes(row[2]) else source, codes(row[3]), bool(row[4]))
        for source in codes(row[1])
    ]


def test_every_status_is_described_in_the_order_of_the_program() -> None:
    described = [codes(row[0]) for row in table(PAGE, "## Statuses")]
    assert [Status(code) for (code,) in described] == list(Status)


def test_every_guard_named_is_a_guard() -> None:
    named = {code for row in table(PAGE, "## What else is asked") for code in codes(row[0])}
    assert named <= set(TEXTS)
    assert len(named) > 8
