"""The sections of the benchmark in the order they run: those that only read come first.

Each is a module with a function `measure(bench)` that yields measures (`bench.harness.Section`).
"""

from typing import Final

MODULES: Final = {
    "lists": "bench.listing",
    "check": "bench.checking",
    "assess": "bench.assessing",
    "import": "bench.importing",
}
