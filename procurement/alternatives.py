"""Registered builds that would pass where another does not."""

from datetime import date

from django.db.models import Exists, OuterRef

from compliance.checks import BuildCheck, Request, check_builds
from compliance.models import RuleResult
from compliance.rulebooks import LoadedRulebook
from policy.scopes import Acquisition
from policy.verdicts import Case, Standing
from registry.models import Build

CANDIDATES = 12
SHOWN = 5


def alternatives(request: Request, on: date, book: LoadedRulebook) -> list[BuildCheck]:
    """Up to five builds that are clear for this request, the cheapest first by the price guide.

    Candidates are found by their stored results and then checked as any build is, so that a
    stored result which is out of date never recommends anything.
    """
    rules = [book.stored[key].pk for key in _rules_that_apply(request, on, book)]
    stored = RuleResult.objects.on(on).filter(build=OuterRef("pk"), rule__in=rules)
    candidates = (
        Build.objects.filter(configuration_known=True)
        .filter(Exists(stored))
        .exclude(
            Exists(stored.filter(outcome__in=[RuleResult.Outcome.FAIL, RuleResult.Outcome.UNKNOWN]))
        )
        .order_by("model__price_guide_yen", "pk")
        .values_list("pk", flat=True)[:CANDIDATES]
    )
    checks = check_builds(candidates, request, on, book=book)
    clear = [check for check in checks.values() if check.verdict.standing is Standing.CLEAR]
    return sorted(clear, key=_price)[:SHOWN]


def _price(check: BuildCheck) -> tuple[bool, int, int]:
    """A model without a price guide comes last."""
    price = check.build.model.price_guide_yen
    return price is None, price or 0, check.build.pk


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
