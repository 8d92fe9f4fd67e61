"""`python3 run.py bench [section …] [--json]`: seeds where needed, measures, prints.

ROWS says how many aircraft (10000 unless said otherwise; the budgets are meant for 1000000). A budget that is
missed is marked in the table and is no error.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import django
from django.db import connections

from bench import place
from bench.sections import MODULES

DEFAULT_ROWS: Final = 10_000
FEWEST, MOST = 1_000, 10_000_000


def main(words: Sequence[str]) -> int:
    asked = _arguments(words)
    rows = _rows()
    cluster = place.settle(rows)
    cluster.start()  # makes the passwords that the settings read
    django.setup()
    try:
        # Only now: the settings are those of the server that was just named.
        run = import_module("bench.run").run
        print(run(cluster, rows, asked.sections or list(MODULES), as_json=asked.json))
    finally:
        connections.close_all()
        cluster.stop()
    return 0


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("run.py bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="section", help=", ".join(MODULES))
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.sections if name not in MODULES]:
        parser.error(f"no section is called {', '.join(unknown)}; there are: {', '.join(MODULES)}")
    return asked


def _rows() -> int:
    given = os.environ.get("ROWS", str(DEFAULT_ROWS))
    if not given.isdigit() or not FEWEST <= int(given) <= MOST:
        sys.exit(f"ROWS is {given!r}: write a number of aircraft from {FEWEST} to {MOST}.")
    return int(given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
