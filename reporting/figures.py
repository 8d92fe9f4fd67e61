"""Figures of dashboards: each is counted by the filter of the list that it opens, with the reader's own rights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict

from agencies.models import Person
from compliance.filters import DroneFilter, drones_for_list
from compliance.models import StandingState
from procurement.answers import Answer
from procurement.filters import PurchaseFilter, purchases_for_list
from procurement.states import Status


@dataclass(frozen=True, slots=True)
class Figure:
    """`code` is the value counted; `query` the filter of the list that holds exactly these rows."""

    code: str
    count: int
    query: str


def aircraft_by_standing(person: Person, day: date) -> list[Figure]:
    """The aircraft held, by what each may do on the day, worst first. One query."""
    held = {"held": ["true"]}
    rows = DroneFilter(_query(held), queryset=drones_for_list(person, day)).qs
    return _figures(rows, "standing_state", StandingState.values, "standing", held)


def purchases_by_status(person: Person) -> list[Figure]:
    """All purchases by where they stand, in the order of the workflow. One query."""
    rows = PurchaseFilter(_query({}), queryset=purchases_for_list(person)).qs
    return _figures(rows, "status", Status.values, "status", {})


def reviews_by_answer(person: Person) -> list[Figure]:
    """What is under review, by the answer of its dossier. One query."""
    waiting = {"status": [str(each) for each in Status.under_review()]}
    rows = PurchaseFilter(_query(waiting), queryset=purchases_for_list(person)).qs
    return _figures(rows, "answer", Answer.values, "answer", waiting)


def _figures(
    rows: QuerySet[Any],
    column: str,
    codes: list[str],
    parameter: str,
    base: Mapping[str, list[str]],
) -> list[Figure]:
    counted = (
        rows.order_by().values(column).annotate(count=Count("pk")).values_list(column, "count")
    )
    counts = dict(counted)
    return [
        Figure(code, counts.get(code, 0), _query({**base, parameter: [code]}).urlencode())
        for code in codes
    ]


def _query(parameters: Mapping[str, list[str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in parameters.items():
        query.setlist(name, values)
    return query
