"""What it costs to evaluate again: one component, one rule, everything."""

from collections.abc import Iterator

from bench.harness import Bench, clock
from bench.report import Budget, Measure
from compliance.assess import assess_builds


def measure(bench: Bench) -> Iterator[Measure]:
    yield Measure(
        section="assess",
        name="assess --all",
        unit="s",
        runs=[clock(assess_builds)],
        budget=Budget(60),
    )
