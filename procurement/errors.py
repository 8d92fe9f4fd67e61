"""Why a step of the workflow did not happen. `guard` names what refused it; the text is for people."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DatabaseError

from audit.attempts import Refusal
from procurement.models import Move
from procurement.refusals import text


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it was: what, how it was, how it is. Texts in the reader's language."""

    label: str
    old: str
    new: str


class Refused(Refusal):
    """`guard` is a key of procurement/refusals.py, which has the words unless others are given."""

    def __init__(self, guard: str, message: str = "") -> None:
        self.guard = guard
        self.message = message or text(guard)
        super().__init__(self.message)


class NotAllowed(Refused):
    """This person may not do this. Answered with 403."""


class NotNow(Refused):
    """Not in this state, or something changed meanwhile. Answered with 409.

    `moves` tells what happened since the person looked, `differences` what is not as the
    dossier says.
    """

    def __init__(
        self,
        guard: str,
        message: str = "",
        *,
        moves: Sequence[Move] = (),
        differences: Sequence[Difference] = (),
    ) -> None:
        super().__init__(guard, message)
        self.moves = tuple(moves)
        self.differences = tuple(differences)


def as_refusal(error: DatabaseError, *, moves: Sequence[Move] = ()) -> Exception:
    """What a trigger refused, in the words of the program; any other error as it is."""
    guard = getattr(getattr(error.__cause__, "diag", None), "message_detail", "")
    match getattr(error.__cause__, "pgcode", ""):
        case "RG403":
            return NotAllowed(guard)
        case "RG409":
            return NotNow(guard, moves=moves)
    return error
