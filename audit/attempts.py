"""Attempts that were refused: noticed while a transaction works, written to the trail after it has ended.

What refuses an act undoes its transaction, and whatever was written in it. So a refusal is only noted down
where it happens; whoever opened the outermost context (a request, a command, a job) writes the notes in a
transaction of their own, once that of the act is over (audit/refused.py).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

PROGRAM: Final = "system:"
"""Actors that are no person: what the program itself may not do is no attempt of anybody."""

PROGRAM_DOOR: Final = "program"
"""The door of commands, jobs and the shell; a refusal that only the database noticed there came as SQL."""


class Refusal(Exception):
    """Somebody was refused what they tried. `guard` names what refused it."""

    guard: str


class Told(IntEnum):
    """Who noticed it: the same refusal passes by all of them, and the first says most of it."""

    BY_SERVICE = 0
    BY_FACE = 1
    BY_DATABASE = 2


@dataclass(frozen=True, slots=True)
class Attempt:
    """`what` was tried on a record. `records`: its id, or several that it may be; none when nobody can tell."""

    what: str
    guard: str
    table: str = ""
    records: tuple[str, ...] = ()
    told: Told = Told.BY_SERVICE


@dataclass(slots=True)
class Notes:
    """What was noticed within one outermost context. `through`: the door by which somebody came."""

    through: str
    context: dict[str, str] = field(default_factory=dict)
    attempts: dict[Attempt, tuple[dict[str, str], str]] = field(default_factory=dict)

    def lasting(self) -> Iterator[tuple[Attempt, dict[str, str], str]]:
        """Each refusal once, as told by whoever knows most of it, with its context and its door."""
        best: dict[str, Told] = {}
        for each in self.attempts:
            best[each.guard] = min(each.told, best.get(each.guard, each.told))
        for each, (context, through) in self.attempts.items():
            if each.told == best[each.guard]:
                raw = each.told is Told.BY_DATABASE and through == PROGRAM_DOOR
                yield each, context, "sql" if raw else through


current: ContextVar[Notes | None] = ContextVar("refused_attempts", default=None)


@contextmanager
def same_context_after() -> Iterator[None]:
    """What the notes know of who acts is afterwards what it was before."""
    notes = current.get()
    before = dict(notes.context) if notes else {}
    try:
        yield
    finally:
        if notes:
            notes.context = before


def context_told(values: Mapping[str, str]) -> None:
    """The database was told who acts from here on: a refusal will be theirs."""
    if notes := current.get():
        notes.context.update(values)


def come_through(door: str) -> None:
    if notes := current.get():
        notes.through = door


def notice(attempt: Attempt) -> None:
    """Note a refusal down. Outside of any context there is nobody whose it could be: the database refuses on."""
    notes = current.get()
    if notes and not notes.context.get("app.actor", PROGRAM).startswith(PROGRAM):
        notes.attempts.setdefault(attempt, (dict(notes.context), notes.through))


@contextmanager
def attempting(what: str, table: str, record: object) -> Iterator[None]:
    """A guarded act on a record: when it is refused, that is noted."""
    try:
        yield
    except Refusal as refused:
        notice(Attempt(what, refused.guard, table, (str(record),)))
        raise
