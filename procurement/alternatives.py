"""Registered builds that would pass where another does not."""

from datetime import date
from functools import lru_cache
from typing import Final

from django.db import connection

from compliance.checks import Request, verdicts_of
from compliance.models import RuleResult
from compliance.rulebooks import LoadedRulebook
from policy.scopes import Acquisition
from policy.verdicts import Case, Standing, Verdict
from registry.models import Build

CANDIDATES = 12
SHOWN = 5


def alternatives(request: Request, on: date, book: LoadedRulebook) -> list[tuple[Build, Verdict]]:
    """Up to five builds that are clear for this request, the cheapest first by the price guide.

    Candidates are found by their stored results and then checked as any build is, so that a
    stored result which is out of date never recommends anything. So many at a time that mostly the first are enough.
    """
    candidates, found = _candidates(request, on, book), list[tuple[Build, Verdict]]()
    for start in range(0, len(candidates), SHOWN):
        some = candidates[start : start + SHOWN]
        known = verdicts_of(some, request, on, book=book)
        found += [known[pk] for pk in some if known[pk][1].standing is Standing.CLEAR]
        if len(found) >= SHOWN:
            break
    return found[:SHOWN]


STATE: Final = (
    "select count(*), sum(hashtextextended(concat(xmin, ctid), 0)) from compliance_assessment"
)
"""Another answer whenever any build was evaluated: each row is written then."""


def _candidates(request: Request, on: date, book: LoadedRulebook) -> list[int]:
    """The ids of builds without a flag by their stored results, the cheapest first."""
    rules = frozenset(book.stored[key].pk for key in _rules_that_apply(request, on, book))
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        state = (connection.settings_dict["NAME"], *cursor.fetchone())
    builds = Build.objects.filter(pk__in=_unflagged(state, rules, on), configuration_known=True)
    cheapest = builds.order_by("model__price_guide_yen", "pk")
    return list(cheapest.values_list("pk", flat=True)[:CANDIDATES])


@lru_cache(maxsize=64)
def _unflagged(state: object, rules: frozenset[int], on: date) -> frozenset[int]:
    """Builds with results of these rules of which none fails or is unknown. It takes a look at every result, so it
    is remembered as long as the `state` of the results is the same."""
    stored = RuleResult.objects.on(on).filter(rule__in=rules).order_by()
    flagged = stored.filter(outcome__in=[RuleResult.Outcome.FAIL, RuleResult.Outcome.UNKNOWN])
    builds = stored.values_list("build", flat=True).distinct()
    return frozenset(builds.difference(flagged.values_list("build", flat=True)))


def _rules_that_apply(request: Request, on: date, book: LoadedRulebook) -> list[str]:
    """The keys of the rules in force that may apply to some mission of the request, whatever the build."""
    case = Case(
        kind=Acquisition(request.kind),
        missions=request.missions or None,
        build=0,
        agency=request.agency_id,
        agency_kind=request.agency_kind,
    )
    circumstances = list(case.circumstances(book.rules.sensitive_on(on)))
    return [
        clause.key
        for clause in book.rules.clauses_in_force(on)
        if any(clause.rule.scope.applies(each) is not False for each in circumstances)
    ]
