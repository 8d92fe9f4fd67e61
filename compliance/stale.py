"""What has to be evaluated again, because facts or rules changed since."""

from collections.abc import Iterator

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
