"""What many tests begin with is stored once: each runs on the database that holds what its fixtures ask for.

A test rolls back what it did, so that the next one finds the same. The objects of a stage are given out as new copies.
"""

import pickle
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db import connections

from config.roles import OWNER_ALIAS
from tests import databases

Make = TypeVar("Make", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Stage:
    """A database and what was made in it, as bytes."""

    database: str
    made: bytes = b""


EMPTY: Final = ""
LAYERS: Final[dict[str, Callable[..., object]]] = {}
STAGES: Final[dict[str, Stage]] = {}
"""By the name of the fixture that gives out what was made."""


def layer(fixture: str) -> Callable[[Make], Make]:
    """What the function makes is stored once for the fixture of this name. It is given what the layer below made."""

    def add(make: Make) -> Make:
        LAYERS[fixture] = make
        return make

    return add


def build(template: str) -> None:
    """An empty database, and one for each layer upon the one before."""
    STAGES[EMPTY] = Stage(databases.make_copy(template))
    below, given = template, list[object]()
    for name, make in LAYERS.items():
        database = databases.make_copy(below)
        databases.point_to(database)
        given = [make(*given)]
        connections.close_all()
        STAGES[name] = Stage(database, pickle.dumps(given[0]))
        below = database
    enter(())


def enter(fixtures: Collection[str]) -> None:
    """Makes the next connections open the highest stage that these fixtures ask for."""
    wanted = [stage for name, stage in STAGES.items() if name == EMPTY or name in fixtures][-1]
    if _current() != wanted.database:
        databases.point_to(wanted.database)


def made(name: str) -> Any:
    """New copies of what was made for the stage of this name; None where the test does not run on it."""
    names = list(STAGES)
    here = [each for each, stage in STAGES.items() if stage.database == _current()]
    if not here or names.index(here[0]) < names.index(name):
        return None
    return pickle.loads(STAGES[name].made)  # noqa: S301 - written by this process


def strike() -> None:
    connections.close_all()
    for stage in STAGES.values():
        databases.drop(stage.database)
    STAGES.clear()


def _current() -> str:
    return str(connections[OWNER_ALIAS].settings_dict["NAME"])
