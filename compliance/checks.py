"""What the rules say of builds today, without storing anything: for forms, dossiers and the API."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from compliance.facts import Gathered, Offer, certificate_facts, gather, gather_offers
from compliance.results import Run, evaluate_builds
from compliance.rulebooks import LoadedRulebook, load_rulebook
from compliance.waivers import waivers_for
from policy.engine import breakpoints, evaluate
from policy.facts import BuildFacts
from policy.scopes import Acquisition
from policy.trace import Result
from policy.verdicts import Case, Verdict, Waiver, judge
from registry.models import Build, DroneCertificate


@dataclass(frozen=True, slots=True)
class BuildCheck:
    """One build under one case: its facts, every rule's result, and what follows."""

    build: Build
    facts: BuildFacts
    claimants: frozenset[int]
    results: tuple[Result, ...]
    verdict: Verdict

    @property
    def waivers(self) -> frozenset[str]:
        """The ids of the waivers that the verdict rests on."""
        return frozenset(reason.waiver for reason in self.verdict.reasons if reason.waiver)

    def of(self, rule: str) -> Result:
        return next(result for result in self.results if result.rule == rule)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants aircraft for, or uses one for. `missions` empty: not known yet."""

    kind: Acquisition
    missions: frozenset[str]
    agency_id: int
    agency_kind: str
    drone: UUID | None = None

    def case(self, build: Build) -> Case:
        weight = None if build.model.weight_g is None else Decimal(build.model.weight_g)
        return Case(
            kind=self.kind,
            missions=self.missions or None,
            build=build.pk,
            agency=self.agency_id,
            agency_kind=self.agency_kind,
            drone=None if self.drone is None else str(self.drone),
            weight_min_g=weight,
            weight_max_g=weight,
        )


def check_builds(
    build_ids: Iterable[int], request: Request, on: date, *, book: LoadedRulebook | None = None
) -> dict[int, BuildCheck]:
    """The rules on these builds for this request, on this day; no supplier is in question yet."""
    book, builds = book or load_rulebook(), list(build_ids)
    waivers = _waivers(book, builds, request, on)
    return {pk: _check(each, request, book, waivers, on) for pk, each in gather(builds).items()}


def verdicts_of(
    build_ids: Iterable[int], request: Request, on: date, *, book: LoadedRulebook
) -> dict[int, tuple[Build, Verdict]]:
    """What follows for these builds, without the reasons: stored results serve where their facts and rules are
    those of this moment, and the others are worked out. A fixed number of queries."""
    builds = list(build_ids)
    waivers = _waivers(book, builds, request, on)
    found = {}
    for pk, each in evaluate_builds(gather(builds), Run.under(book, on)).items():
        build = each.gathered.build
        verdict = judge(each.phases[0].results, request.case(build), book.rules, waivers, on)
        found[pk] = (build, verdict)
    return found


def check_offers(
    offers: Iterable[Offer], request: Request, on: date, *, book: LoadedRulebook | None = None
) -> dict[Offer, BuildCheck]:
    """The rules on these builds as these suppliers would deliver them. A fixed number of queries."""
    book, asked = book or load_rulebook(), list(offers)
    waivers = _waivers(book, [offer.build for offer in asked], request, on)
    return {
        key: _check(each, request, book, waivers, on) for key, each in gather_offers(asked).items()
    }


def check_aircraft(
    build_id: int, certificates: Iterable[DroneCertificate], request: Request, on: date
) -> BuildCheck:
    """The rules on one aircraft: the facts of its build, with the papers of the aircraft itself.

    `certificates` are its rows with their declarations; `request` names the aircraft.
    """
    book, gathered = load_rulebook(), gather([build_id])[build_id]
    papers = tuple(certificate_facts(each) for each in certificates)
    own = replace(gathered, facts=replace(gathered.facts, certificates=papers))
    return _check(own, request, book, _waivers(book, [build_id], request, on), on)


def verdicts_until(
    checks: Iterable[BuildCheck],
    request: Request,
    on: date,
    until: date,
    *,
    book: LoadedRulebook,
) -> list[list[tuple[date, Verdict]]]:
    """For each check the later days, until this one, on which its verdict becomes another. One query."""
    known = list(checks)
    waivers = _waivers(book, [check.build.pk for check in known], request, on)
    return [list(_later(check, request, on, until, book, waivers)) for check in known]


def _later(
    check: BuildCheck,
    request: Request,
    on: date,
    until: date,
    book: LoadedRulebook,
    waivers: tuple[Waiver, ...],
) -> Iterator[tuple[date, Verdict]]:
    days = {*breakpoints(check.facts, book.rules, on)}
    days.update(day for waiver in waivers for day in waiver.change_days())
    standing = check.verdict.standing
    for day in sorted(each for each in days if on < each <= until):
        results = evaluate(check.facts, book.rules, day)
        verdict = judge(results, request.case(check.build), book.rules, waivers, day)
        if verdict.standing is not standing:
            yield day, verdict
        standing = verdict.standing


def _waivers(
    book: LoadedRulebook, builds: list[int], request: Request, on: date
) -> tuple[Waiver, ...]:
    drones = [] if request.drone is None else [request.drone]
    return waivers_for(book, on, builds=builds, drones=drones, agencies=[request.agency_id])


def _check(
    gathered: Gathered,
    request: Request,
    book: LoadedRulebook,
    waivers: tuple[Waiver, ...],
    on: date,
) -> BuildCheck:
    results = evaluate(gathered.facts, book.rules, on)
    verdict = judge(results, request.case(gathered.build), book.rules, waivers, on)
    return BuildCheck(gathered.build, gathered.facts, gathered.claimants, results, verdict)
