"""A sheet as it stands in a file, before anybody asks what its columns mean."""

from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | bool | None
"""A day is the text "2020-04-01"; an empty cell is None."""
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200_000, 200, 4_000


def letters(column: int) -> str:
    """The name of a column counted from 0: A, B, …, Z, AA."""
    name, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(65 + digit) + name
    return name


@dataclass(frozen=True, slots=True)
class RawSheet:
    """Rows from the first of the file on, so that `rows[n]` is row n + 1 for its readers.

    Cells merged downwards are filled. `hidden_columns` and `hidden_rows` count from 0.
    `days_from_1904`: a number without a format cannot be read as a day by the usual count.
    """

    name: str
    rows: list[list[Cell]]
    hidden_columns: list[int] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    days_from_1904: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "rows": self.rows,
            "hidden_columns": self.hidden_columns,
            "hidden_rows": self.hidden_rows,
            "days_from_1904": self.days_from_1904,
        }
