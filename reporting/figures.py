"""Figures of dashboards: each with the filter of the list that holds exactly the rows it counts.

Those of aircraft are sums of what `reporting.counting` counted for each agency; those of purchases are counted by the
filter of the list itself.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from agencies.models import Agency, Person
from agencies.scoping import ScopedQuerySet
from compliance.models import StandingState
from procurement.answers import Answer
from procurement.filters import PurchaseFilter, purchases_for_list
from procurement.states import Status
from registry.filters import with_below
from reporting.counting import OF_BUILDS, keep_up
from reporting.models import BuildTally, Origin, StandingTally, Tally
from reporting.placing import keep_placed

Dimension = Tally.Dimension
HELD = {"held": ["true"]}
COUNTRY_FILTERS = {
    Origin.Meaning.MAKER: "maker_country",
    Origin.Meaning.CONTROL: "controlled_from",
    Origin.Meaning.ASSEMBLY: "assembled_in",
    Origin.Meaning.PARTS: "part_country",
}
"""The filter of aircraft by a country in each sense."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`code` is the value counted; `query` the filter of the list that holds exactly these rows."""

    code: str
    count: int
    query: str


@dataclass(frozen=True)
class Fleet:
    """The aircraft held that a reader may see: all of them, or those of one agency and all below it."""

    person: Person
    agency: Agency | None = None
    within: Collection[int] = ()
    """The ids of the agency and all below it."""
    waiting: Collection[int] = ()
    """The agencies whose aircraft are being counted again; the figures are those of the last time."""

    meanings: ClassVar = tuple(COUNTRY_FILTERS)

    @classmethod
    def of(cls, person: Person, agency: Agency | None = None) -> Self:
        """As it is now, where that is quickly counted."""
        within = () if agency is None else with_below([agency])
        keep_placed(timezone.localdate())
        return cls(person, agency, within, keep_up(person))

    @property
    def base(self) -> dict[str, list[str]]:
        return HELD if self.agency is None else {**HELD, "agency": [self.agency.code]}

    def _of_fleet(self, rows: ScopedQuerySet[Any]) -> ScopedQuerySet[Any]:
        return rows if self.agency is None else rows.filter(agency__in=self.within)

    def _tallies(self, dimension: str) -> ScopedQuerySet[Tally]:
        rows = Tally.objects.visible_to(self.person).filter(dimension=dimension)
        return self._of_fleet(rows)

    def _builds(self) -> ScopedQuerySet[BuildTally]:
        return self._of_fleet(BuildTally.objects.visible_to(self.person))

    def _by_country(self, meaning: str) -> dict[str, int]:
        rows = self._builds().filter(build__origins__meaning=meaning).order_by()
        return dict(rows.values_list("build__origins__country").annotate(Sum("number")))

    def _by_key(self, dimension: str) -> dict[str, int]:
        rows = self._tallies(dimension).order_by().values_list("key")
        return dict(rows.annotate(Sum("number")))

    @cached_property
    def _number(self) -> int:
        return self._builds().aggregate(all=Sum("number"))["all"] or 0

    @cached_property
    def _periods(self) -> Sequence[tuple[str, date, date, int]]:
        rows = self._of_fleet(StandingTally.objects.visible_to(self.person)).order_by()
        return list(rows.values_list("state", "begins", "ends").annotate(Sum("number")))

    def total(self) -> Figure:
        """One query, as each of the others."""
        return Figure("", self._number, query_of(self.base))

    def by_agency(self) -> dict[int, int]:
        """How many each agency holds itself, by its id."""
        rows = self._builds().order_by().values_list("agency")
        return dict(rows.annotate(Sum("number")))

    def by_standing(self, day: date) -> list[Figure]:
        """By what each may do on the day, worst first; one that was never assessed is undetermined.

        Two queries, for any number of days.
        """
        on = {} if day == timezone.localdate() else {"on": [day.isoformat()]}
        counts: Counter[str] = Counter()
        for state, begins, ends, number in self._periods:
            if begins <= day < ends:
                counts[state] += number
        counts[StandingState.UNDETERMINED] += self._number - counts.total()
        return [
            Figure(
                code,
                counts[code],
                query_of({**self.base, **on, "standing": [code]}),
            )
            for code in StandingState.values
        ]

    def by_mission(self, missions: Iterable[str]) -> list[Figure]:
        """By mission; an aircraft of several missions counts for each of them."""
        counts = self._by_key(Dimension.MISSION)
        return [self._figure(code, counts.get(code, 0), "mission", [code]) for code in missions]

    def by_year(self) -> list[Figure]:
        """By the year of acquisition, the oldest first, then those of which it is not recorded."""
        years = sorted(self._by_key(Dimension.YEAR).items())
        figures = [
            Figure(
                year,
                count,
                query_of(
                    self.base
                    | {"acquired_since": [f"{year}-01-01"], "acquired_until": [f"{year}-12-31"]}
                ),
            )
            for year, count in years
        ]
        return [*figures, *(each for each in self.not_recorded() if each.code == "acquired_on")]

    def by_origin(self, meaning: Origin.Meaning) -> list[Figure]:
        """By country in one sense of the word, the most first; a build of several countries counts for each."""
        counts = self._by_country(meaning)
        named = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        return [
            self._figure(country, count, COUNTRY_FILTERS[meaning], [country])
            for country, count in named
            if country
        ]

    def not_recorded(self) -> list[Figure]:
        """How many have nothing recorded in each column that can be asked for. Three queries."""
        counts = self._by_key(Dimension.NOT_RECORDED)
        counts |= {
            name: self._by_country(meaning).get("", 0) for name, meaning in OF_BUILDS.items()
        }
        return [self._figure(name, count, "empty", [name]) for name, count in counts.items()]

    def _figure(self, code: str, count: int, parameter: str, values: list[str]) -> Figure:
        return Figure(code, count, query_of({**self.base, parameter: values}))


def aircraft_by_standing(person: Person, day: date) -> list[Figure]:
    return Fleet.of(person).by_standing(day)


def purchases_by_status(person: Person, agency: Agency | None = None) -> list[Figure]:
    """All purchases by where they stand, in the order of the workflow. One query."""
    return _figures(person, "status", Status.values, _of_agency(agency))


def reviews_by_answer(person: Person, agency: Agency | None = None) -> list[Figure]:
    """What is under review, by the answer of its dossier. One query."""
    waiting = {"status": [str(each) for each in Status.under_review()]}
    return _figures(person, "answer", Answer.values, waiting | _of_agency(agency))


def _of_agency(agency: Agency | None) -> dict[str, list[str]]:
    return {} if agency is None else {"agency": [agency.code]}


def _figures(
    person: Person, column: str, codes: list[str], base: Mapping[str, list[str]]
) -> list[Figure]:
    rows = _purchases(person, base)
    counted = (
        rows.order_by().values(column).annotate(count=Count("pk")).values_list(column, "count")
    )
    counts = dict(counted)
    return [Figure(code, counts.get(code, 0), query_of({**base, column: [code]})) for code in codes]


def _purchases(person: Person, base: Mapping[str, list[str]]) -> QuerySet[Any]:
    """As the list with this filter has them. The filter of agencies wants to know whose they may be."""
    request = HttpRequest()
    request.user = person
    rows = purchases_for_list(person)
    return PurchaseFilter(_parameters(base), queryset=rows, request=request).qs


def query_of(parameters: Mapping[str, list[str]]) -> str:
    """As it stands in the address of a list."""
    return _parameters(parameters).urlencode()


def _parameters(parameters: Mapping[str, list[str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in parameters.items():
        query.setlist(name, values)
    return query
