"""One run: the sections that were asked for, on a fresh copy of the seeded database."""

from collections.abc import Sequence
from importlib import import_module

from django.db import connection

from bench import report
from bench.harness import Bench, Section
from bench.report import Measure, say
from bench.sections import MODULES
from bench.seed import make_ready
from config.embedded import Cluster


def run(cluster: Cluster, rows: int, names: Sequence[str], *, as_json: bool) -> str:
    """The report on these sections, in the order given."""
    make_ready(cluster, rows)
    machine = report.machine(_postgres())
    bench, measures = Bench(rows), list[Measure]()
    try:
        for name in names:
            with say(f"measuring {name}"):
                measures += _section(name)(bench)
    finally:
        bench.close()
    if as_json:
        return report.document(rows, machine, measures)
    head = ", ".join(f"{key} {value}" for key, value in machine.items())
    return f"{rows:,} aircraft; {head}\n\n{report.table(measures)}"


def _section(name: str) -> Section:
    found: Section = import_module(MODULES[name]).measure
    return found


def _postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        return str(cursor.fetchone()[0])
