"""How many rows a list has: counted while that is quick, estimated by the planner beyond."""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

EXACT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Total:
    rows: int
    estimated: bool = False


def total_of(rows: QuerySet[Any]) -> Total:
    """One query, or two where there are more than EXACT rows. The estimate has two digits."""
    counted = rows.order_by()[: EXACT + 1].count()
    if counted <= EXACT:
        return Total(counted)
    plan = json.loads(rows.order_by().values("pk").explain(format="json"))
    return Total(max(EXACT, _rounded(int(plan[0]["Plan"]["Plan Rows"]))), estimated=True)


def _rounded(number: int) -> int:
    return round(number, 2 - len(str(number)))
