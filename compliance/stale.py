"""What has to be evaluated again, because facts or rules changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from agencies.context import acting_as
from compliance.facts import gather
from compliance.models import Assessment
from compliance.rulebooks import load_rulebook
from registry.models import Build


def stale_builds() -> list[int]:
    """Builds never evaluated, or evaluated on other facts or under another rulebook than today's."""
    with acting_as(None):
        digest = load_rulebook().rules.digest()
        known = {each.build_id: each for each in Assessment.objects.all()}
        return list(_stale(known, digest))


def _stale(known: dict[int, Assessment], rulebook: str) -> Iterator[int]:
    for pk, gathered in gather(Build.objects.values_list("pk", flat=True)).items():
        last = known.get(pk)
        if (
            last is None
            or last.rulebook_digest != rulebook
            or last.facts_id != gathered.facts.digest()
        ):
            yield pk


@dataclass(frozen=True, slots=True)
class BuildFreshness:
    """When a build was last evaluated (None: never), and whether its facts, or a rule or a list that one names,
    have changed since."""

    evaluated_at: datetime | None
    facts_wait: bool = False
    rules_wait: bool = False

    @property
    def waiting(self) -> bool:
        return self.facts_wait or self.rules_wait


def freshness_of(build: int) -> BuildFreshness:
    """Fourteen queries, whatever the build; `evaluated_at_of` alone takes one."""
    last = Assessment.objects.filter(build=build).first()
    if last is None:
        return BuildFreshness(None)
    facts = gather([build])[build].facts
    return BuildFreshness(
        last.evaluated_at,
        facts_wait=last.facts_id != facts.digest(),
        rules_wait=last.clauses != load_rulebook().rules.clause_digests(),
    )


def evaluated_at_of(build: int) -> datetime | None:
    return Assessment.objects.filter(build=build).values_list("evaluated_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class Freshness:
    """When builds were last evaluated, and how many wait for the rules as they are now. Six queries."""

    evaluated_at: datetime | None
    waiting: int
    builds: int


def freshness() -> Freshness:
    digest = load_rulebook().rules.digest()
    builds = Build.objects.count()
    done = Assessment.objects.filter(rulebook_digest=digest)
    last = Assessment.objects.aggregate(last=Max("evaluated_at"))["last"]
    return Freshness(last, builds - done.count(), builds)
