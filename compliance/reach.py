"""What a rule would catch today, whether it is published or still a draft. Stores nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from agencies.models import Person
from compliance.facts import gather
from compliance.rulebooks import load_rulebook
from policy.criteria.inquiry import RuleError
from policy.decoding import rule_facts
from policy.engine import evaluate_clause
from policy.models import PolicyVersion, Rule
from policy.rules import Clause, Rulebook, VersionFacts
from policy.scopes import Acquisition
from policy.trace import Outcome, Result
from policy.verdicts import Case
from registry.models import Build, Drone
from registry.querysets import GONE

BATCH = 200


@dataclass(frozen=True, slots=True)
class Reach:
    """`results`: the result of each build by its id; `aircraft`: how many of the reader's aircraft
    of failing builds the rule applies to, or may apply to, of `of_aircraft` held."""

    results: Mapping[int, Result]
    aircraft: int
    of_aircraft: int

    @property
    def counts(self) -> Counter[str]:
        return Counter(each.outcome.value for each in self.results.values())

    @property
    def builds(self) -> int:
        return len(self.results)

    def with_outcome(self, *outcomes: Outcome) -> list[int]:
        return [pk for pk, result in self.results.items() if result.outcome in outcomes]


def reach(rule: Rule, person: Person, on: date) -> Reach:
    """Every build of the catalogue under this rule on this day, and the aircraft this person may read.

    Raises RuleError where the rule cannot be evaluated, ShapeError where it cannot be read: never
    a count that leaves the rule out.
    """
    clause, book = _alone(rule, on)
    results = dict(_results(_every_build(), clause, book, on))
    failing = [pk for pk, each in results.items() if each.outcome is Outcome.FAIL]
    held = Drone.objects.visible_to(person).exclude(status__in=GONE)
    caught = _caught(person, failing, clause, book.sensitive_on(on))
    return Reach(results, caught, held.count())


def trial(version: PolicyVersion, on: date) -> list[str]:
    """What goes wrong when every rule of a version is asked of every build; empty when nothing does."""
    errors = []
    for rule in version.rules.select_related("version"):
        try:
            clause, book = _alone(rule, on)
            for _done in _results(_every_build(), clause, book, on):
                pass
        except (RuleError, ValueError, KeyError) as error:
            errors.append(f"{rule.code}: {error}")
    return errors


def _every_build() -> list[int]:
    return list(Build.objects.order_by("pk").values_list("pk", flat=True))


def _alone(rule: Rule, on: date) -> tuple[Clause, Rulebook]:
    """The rule in a version of its own, beside all published ones, whose sensitive missions count too."""
    book = load_rulebook().rules
    facts = rule_facts(rule)
    version = VersionFacts(
        "draft", "of the day", on, None, frozenset(rule.version.sensitive_missions), (facts,)
    )
    return Clause(version.key(facts), facts, version), Rulebook(
        (*book.policies, version), book.lists
    )


def _results(
    builds: list[int], clause: Clause, book: Rulebook, on: date
) -> Iterator[tuple[int, Result]]:
    for start in range(0, len(builds), BATCH):
        for pk, gathered in gather(builds[start : start + BATCH]).items():
            yield pk, evaluate_clause(gathered.facts, clause, book, on)


def _caught(
    person: Person, builds: Iterable[int], clause: Clause, sensitive: frozenset[str]
) -> int:
    """One query: aircraft are asked about by their few circumstances, never one by one."""
    groups = (
        Drone.objects.visible_to(person)
        .filter(build__in=list(builds))
        .exclude(status__in=GONE)
        .order_by()
        .values_list("missions", "agency__kind", "agency_id", "build__model__weight_g")
        .annotate(Count("pk"))
    )
    caught = 0
    for missions, kind, agency, weight, count in groups:
        grams = None if weight is None else Decimal(weight)
        case = Case(
            kind=Acquisition.HELD,
            missions=frozenset(missions) or None,
            build=0,
            agency=agency,
            agency_kind=kind,
            weight_min_g=grams,
            weight_max_g=grams,
        )
        applies = [clause.rule.scope.applies(each) for each in case.circumstances(sensitive)]
        caught += count if any(each is not False for each in applies) else 0
    return caught
