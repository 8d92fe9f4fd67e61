"""What the rules say of builds today, without storing anything: for forms, dossiers and the API."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from compliance.facts import Gathered, Offer, gather, gather_offers
from compliance.rulebooks import LoadedRulebook, load_rulebook
from policy.engine import evaluate
from policy.facts import BuildFacts
from policy.scopes import Acquisition
from policy.trace import Result
from policy.verdicts import Case, Verdict, judge
from registry.models import Build


@dataclass(frozen=True, slots=True)
class BuildCheck:
    """One build under one case: its facts, every rule's result, and what follows."""

    build: Build
    facts: BuildFacts
    claimants: frozenset[int]
    results: tuple[Result, ...]
    verdict: Verdict

    def of(self, rule: str) -> Result:
        return next(result for result in self.results if result.rule == rule)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants aircraft for. `missions` empty: not known yet."""

    kind: Acquisition
    missions: frozenset[str]
    agency_id: int
    agency_kind: str

    def case(self, build: Build) -> Case:
        weight = None if build.model.weight_g is None else Decimal(build.model.weight_g)
        return Case(
            kind=self.kind,
            missions=self.missions or None,
            build=build.pk,
            agency=self.agency_id,
            agency_kind=self.agency_kind,
            weight_min_g=weight,
            weight_max_g=weight,
        )


def check_builds(
    build_ids: Iterable[int], request: Request, on: date, *, book: LoadedRulebook | None = None
) -> dict[int, BuildCheck]:
    """The rules on these builds for this request, on this day; no supplier is in question yet."""
    book = book or load_rulebook()
    return {pk: _check(each, request.case, book, on) for pk, each in gather(build_ids).items()}


def check_offers(
    offers: Iterable[Offer], request: Request, on: date, *, book: LoadedRulebook | None = None
) -> dict[Offer, BuildCheck]:
    """The rules on these builds as these suppliers would deliver them. A fixed number of queries."""
    book = book or load_rulebook()
    return {
        key: _check(each, request.case, book, on) for key, each in gather_offers(offers).items()
    }


def _check(
    gathered: Gathered, case_of: Callable[[Build], Case], book: LoadedRulebook, on: date
) -> BuildCheck:
    results = evaluate(gathered.facts, book.rules, on)
    verdict = judge(results, case_of(gathered.build), book.rules, (), on)
    return BuildCheck(gathered.build, gathered.facts, gathered.claimants, results, verdict)
