"""Stored results as pages read them."""

import pytest

from compliance.assess import assess_builds
from compliance.models import RuleResult
from policy.trace import Trace
from tests.worlds import World
from web.results import explained


@pytest.mark.parametrize("named", [True, False])
def test_each_result_is_explained_by_its_own_trace(world: World, named: bool) -> None:
    assess_builds()
    rows = list(RuleResult.objects.select_related("rule__version__policy"))
    assert len({row.trace_digest for row in rows}) > 1
    for row in rows:
        row.trace_digest = row.trace_digest if named else ""
    said = [explained(row).result.trace for row in [*rows, *reversed(rows)]]
    assert said == [Trace.from_json(row.trace) for row in [*rows, *reversed(rows)]]
