"""What was measured, beside its budget: as text for people, as JSON for programs."""

import contextlib
import json
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

QUERIES_HEADER: Final = "X-Bench-Queries"
"""Names the header in which the measured site says how many queries an answer took."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit of the design: the measure stays at or below it, or with `at_least` at or above it."""

    limit: float
    at_least: bool = False

    def holds(self, figure: float) -> bool:
        return figure >= self.limit if self.at_least else figure <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {number(self.limit)}"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing measured several times, in one unit ("ms", "s" or "rows/s").

    `bare` are runs of the plain SQL that gives the same answer, in the same unit. `factor` is a
    budget that is so many times the bare SQL. `queries` is None where nobody counts them.
    """

    section: str
    name: str
    unit: str
    runs: Sequence[float]
    bare: Sequence[float] = ()
    queries: int | None = None
    most_queries: int | None = None
    budget: Budget | None = None
    factor: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    @property
    def p95(self) -> float:
        """The value that 95 of 100 runs do not exceed; for rates, do not fall below."""
        ordered = sorted(self.runs, reverse=self.unit == "rows/s")
        return ordered[math.ceil(0.95 * len(ordered)) - 1]

    @property
    def bare_median(self) -> float | None:
        return statistics.median(self.bare) if self.bare else None

    @property
    def limit(self) -> Budget | None:
        if self.factor is None or self.bare_median is None:
            return self.budget
        return Budget(self.factor * self.bare_median)

    @property
    def holds(self) -> bool | None:
        """None where the design sets no budget."""
        limits = [] if self.limit is None else [self.limit.holds(self.median)]
        if self.most_queries is not None and self.queries is not None:
            limits.append(self.queries <= self.most_queries)
        return all(limits) if limits else None

    def to_json(self) -> dict[str, Any]:
        return {
            "section": self.section,
            "name": self.name,
            "unit": self.unit,
            "runs": len(self.runs),
            "median": round(self.median, 3),
            "p95": round(self.p95, 3),
            "bare_sql": None if self.bare_median is None else round(self.bare_median, 3),
            "queries": self.queries,
            "most_queries": self.most_queries,
            "budget": None if self.limit is None else round(self.limit.limit, 3),
            "at_least": self.limit is not None and self.limit.at_least,
            "holds": self.holds,
            "note": self.note,
        }


def number(value: float) -> str:
    """Three digits are enough for a measurement."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(measures: Sequence[Measure]) -> str:
    head = ("section", "measure", "median", "p95", "bare SQL", "queries", "budget", "holds")
    lines = [head, *(_line(each) for each in measures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    rows = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join(rows)


def _line(each: Measure) -> tuple[str, ...]:
    bare = "" if each.bare_median is None else number(each.bare_median)
    queries = "" if each.queries is None else str(each.queries)
    if each.most_queries is not None:
        queries += f" (≤ {each.most_queries})"
    limit = "" if each.limit is None else str(each.limit)
    if each.factor is not None and each.bare:
        limit += f" ({each.factor:g} × SQL)"
    verdict = {True: "yes", False: "NO", None: ""}[each.holds]
    median = f"{number(each.median)} {each.unit}"
    return each.section, each.name, median, number(each.p95), bare, queries, limit, verdict


def document(rows: int, machine: dict[str, Any], measures: Sequence[Measure]) -> str:
    return json.dumps(
        {"rows": rows, "machine": machine, "measures": [each.to_json() for each in measures]},
        ensure_ascii=False,
    )


def machine(postgres: str) -> dict[str, Any]:
    """What the figures depend on; `load` is the average of one minute as the run began."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "postgresql": postgres,
        "load": round(os.getloadavg()[0], 2),
    }


@contextlib.contextmanager
def say(what: str) -> Iterator[None]:
    """Tells on standard error what is being done, and how long it took."""
    print(f"{what} …", end=" ", file=sys.stderr, flush=True)
    began = time.perf_counter()
    yield
    print(f"{time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)
