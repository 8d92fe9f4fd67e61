"""What the rules say of parts, software and services that are bought alone: without an aircraft around them.

A part is judged as a build that consists of it and of nothing else, by the rules that ask where parts come
from and who stands behind them. A service is judged by who provides it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from compliance.checks import Request
from compliance.facts import World, claimants_of, connected, evidence_of
from compliance.rulebooks import LoadedRulebook
from policy.criteria import AnyCriterion
from policy.criteria.listed_party import ListedParty, PartyRole
from policy.criteria.origin import Origin
from policy.engine import evaluate_clause
from policy.facts import BuildFacts, ComponentFacts, Countries, Evidence, Party
from policy.trace import Outcome, Result, Trace
from policy.verdicts import Case, Verdict, judge
from registry.models import Declaration
from standards.component_roles import ROLES

# Of a service somebody provides it; nobody made or designed it.
PROVIDERS = frozenset({PartyRole.MAKER, PartyRole.SUPPLIER})


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is bought alone. `role` empty: a service. Countries: a set, or None for not known."""

    key: str
    name: str
    role: str
    maker: int | None
    supplier: int | None
    made_in: frozenset[str] | None
    developed_in: frozenset[str] | None
    declaration: Declaration | None

    @property
    def vendors(self) -> Iterator[int]:
        yield from (each for each in (self.maker, self.supplier) if each is not None)


@dataclass(frozen=True, slots=True)
class PartCheck:
    """A part under one case: its facts, every rule's result, and what follows."""

    facts: BuildFacts
    claimants: frozenset[int]
    results: tuple[Result, ...]
    verdict: Verdict


def check_parts(
    parts: Iterable[Part], request: Request, on: date, book: LoadedRulebook
) -> dict[str, PartCheck]:
    """The rules on these, by their keys. Four queries, whatever their number; none without a part."""
    asked = list(parts)
    if not asked:
        return {}
    world = World.load(connected({vendor for part in asked for vendor in part.vendors}), set())
    return {
        part.key: _check(part, world.around(set(part.vendors), 0), request, on, book)
        for part in asked
    }


def _check(part: Part, world: World, request: Request, on: date, book: LoadedRulebook) -> PartCheck:
    facts = _facts(part, world)
    results = tuple(_results(part, facts, on, book))
    case = Case(
        kind=request.kind,
        missions=request.missions or None,
        build=0,
        agency=request.agency_id,
        agency_kind=request.agency_kind,
    )
    vendors, links = list(world.vendors.values()), world.links
    papers = [each.declaration for each in vendors] + [each.declaration for each in links]
    claimants = claimants_of([*vendors, *links, *papers, part.declaration])
    return PartCheck(facts, claimants, results, judge(results, case, book.rules, (), on))


def _facts(part: Part, world: World) -> BuildFacts:
    paper = _evidence(part.declaration)
    supplier = Party(known=part.supplier is not None, vendor=part.supplier)
    made, developed = Countries(part.made_in, paper), Countries(part.developed_in, paper)
    components: tuple[ComponentFacts, ...] = ()
    if part.role:
        components = (
            ComponentFacts(
                id=1,
                role=part.role,
                part=part.name,
                maker=part.maker,
                made_in=made,
                developed_in=developed,
                evidence=paper,
            ),
        )
    return BuildFacts(
        id=0,
        name=part.name,
        model="",
        manufacturer=part.maker if part.role else part.supplier,
        assembled_in=made,
        licensor=Party(known=True, evidence=paper),
        supplier=supplier,
        components=components,
        not_fitted=frozenset(ROLES.codes) - {part.role},
        **world.facts(),
    )


def _evidence(paper: Declaration | None) -> Evidence | None:
    return None if paper is None else evidence_of(paper, paper)


def _results(part: Part, facts: BuildFacts, on: date, book: LoadedRulebook) -> Iterator[Result]:
    """What a rule asks of a whole aircraft it does not ask of a part, and of a service nothing but who provides it."""
    for clause in sorted(book.rules.clauses_in_force(on), key=lambda each: each.key):
        asked = _asked(part, clause.rule.criterion)
        if asked is None:
            trace = Trace(clause.rule.criterion.kind)
            yield Result(clause.key, Outcome.NOT_APPLICABLE, trace)
        else:
            rule = replace(clause.rule, criterion=asked)
            yield evaluate_clause(facts, replace(clause, rule=rule), book.rules, on)


def _asked(part: Part, criterion: AnyCriterion) -> AnyCriterion | None:
    """What this rule asks of the part; None when it asks nothing of it."""
    if part.role:
        return criterion if isinstance(criterion, Origin | ListedParty) else None
    if not isinstance(criterion, ListedParty):
        return None
    parties = criterion.parties & PROVIDERS
    return replace(criterion, parties=parties) if parties else None
