"""Why a state stands in a cell of a table: the sentences of the result behind it, without opening another page."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from compliance.models import RuleResult
from policy.criteria import Certificate
from registry.models import Build, Drone
from web.explanations import WORST_FIRST, Explanation
from web.results import explained

_RANK = Case(
    *(When(outcome=each.value, then=Value(rank)) for rank, each in enumerate(WORST_FIRST)),
    output_field=IntegerField(),
)


def worst_results(builds: Iterable[Build]) -> dict[int, Explanation]:
    """The worst result of any rule for each build today. One query.

    Rules on papers of single aircraft are left out: of a build alone they are never settled.
    """
    rows = RuleResult.objects.on(timezone.localdate()).filter(build__in=list(builds))
    worst = (
        rows.exclude(rule__criterion__kind=Certificate.kind)
        .select_related("rule__version__policy")
        .order_by("build_id", _RANK, "rule_id")
        .distinct("build_id")
    )
    return {row.build_id: explained(row) for row in worst}


def deciding(drones: Iterable[Drone]) -> dict[tuple[int, int], Explanation]:
    """The results that the standings of these aircraft rest on, by build and rule. At most one query.

    Takes rows of `with_standing`, which are all of one day.
    """
    days: set[date] = set()
    wanted = Q(pk__in=[])
    for each in drones:
        row = vars(each)
        if row["standing_rule_id"] is not None:
            wanted |= Q(build=each.build_id, rule=row["standing_rule_id"])
            days.add(row["standing_on"])
    if not days:
        return {}
    rows = RuleResult.objects.on(days.pop()).filter(wanted)
    return {
        (row.build_id, row.rule_id): explained(row)
        for row in rows.select_related("rule__version__policy")
    }
