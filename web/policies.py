"""Policies, their versions, and each rule with what it asks and what it catches now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_filters import MultipleChoiceFilter

from compliance.filters import DroneFilter
from compliance.models import RuleResult
from compliance.reach import reach
from compliance.stale import freshness
from policy.criteria.inquiry import RuleError
from policy.decoding import fault, rule_examples, rule_facts
from policy.examples import Example, try_examples
from policy.models import Policy, PolicyVersion, ReferenceList, Rule
from policy.permissions import may_publish, may_write_policy
from policy.rules import Rule as RuleFacts
from policy.trace import Outcome
from registry.filtering import ListFilterSet, Strict
from registry.models import Build, Drone
from reporting.keyset import Order
from web.access import MemberRequest, found, page
from web.explanations import Explanation, reader_wording
from web.filtering import pills
from web.paging import keyset
from web.records import history
from web.results import explained
from web.rule_sentences import criterion_sentences, held_sentences, scope_text
from web.states import LOOKS
from web.values import language, mission_names
from web.version_differences import difference

OUTCOMES = [(code, look.word) for code, look in LOOKS["outcome"].items()]


def version_state(version: PolicyVersion) -> str:
    """Draft, proposed, withdrawn; or published (still to come), in force, or ended, on today's day."""
    if version.status != PolicyVersion.Status.PUBLISHED:
        return version.status
    today, period = timezone.localdate(), version.in_force
    if period.lower and today < period.lower:
        return "published"
    return "ended" if period.upper and period.upper <= today else "in_force"


@page
def list_policies(request: MemberRequest) -> HttpResponse:
    """`/policies/`: every policy with its version in force today."""
    in_force = PolicyVersion.objects.in_force_on(timezone.localdate()).annotate(
        rule_count=Count("rules")
    )
    versions = {each.policy_id: each for each in in_force}
    rows = [(policy, versions.get(policy.pk)) for policy in Policy.objects.all()]
    waiting = PolicyVersion.objects.filter(
        status__in=[PolicyVersion.Status.DRAFT, PolicyVersion.Status.PROPOSED]
    ).select_related("policy", "drafted_by")
    context = {
        "rows": rows,
        "waiting": [(each, version_state(each)) for each in waiting],
        "may_write": may_write_policy(request.user),
    }
    return render(request, "policies/list.html", context)


@page
def show_policy(request: MemberRequest, pk: int) -> HttpResponse:
    """`/policies/<id>/`: its versions, newest first."""
    policy = found(Policy.objects.all(), pk=pk)
    versions = policy.versions.select_related("drafted_by", "published_by").annotate(
        rule_count=Count("rules")
    )
    rows = [
        (each, version_state(each), mission_names(each.sensitive_missions)) for each in versions
    ]
    current = [each for each, state, _names in rows if state == "in_force"]
    context = {
        "policy": policy,
        "versions": rows,
        "copied": current[0] if current else next((each for each, *_rest in rows), None),
        "may_write": may_write_policy(request.user),
    }
    return render(request, "policies/page.html", context | history(request, policy))


@page
def show_version(request: MemberRequest, pk: int) -> HttpResponse:
    """`/versions/<id>/`: its rules, what it changes, what keeps it from being published, what comes next."""
    version = found(
        PolicyVersion.objects.select_related(
            "policy", "based_on", "drafted_by", "proposed_by", "published_by"
        ),
        pk=pk,
    )
    lists = dict(ReferenceList.objects.values_list("code", "kind"))
    state_code = version_state(version)
    context = {
        "version": version,
        "state_code": state_code,
        "missions": mission_names(version.sensitive_missions),
        "rules": [(each, fault(each, lists)) for each in version.rules.all()],
        "difference": difference(version),
        "freshness": freshness() if state_code == "in_force" else None,
        "may_write": may_write_policy(request.user),
        "may_publish": may_publish(request.user, version),
    }
    return render(request, "policies/version.html", context | history(request, version))


def _rule(pk: int) -> Rule:
    return found(Rule.objects.select_related("version__policy"), pk=pk)


def results_today(rule: Rule) -> "QuerySet[RuleResult]":
    """What the rule says of each build today; the counts and the list are both made of these rows."""
    return RuleResult.objects.on(timezone.localdate()).filter(rule=rule)


@page
def show_rule(request: MemberRequest, pk: int) -> HttpResponse:
    """`/rules/<id>/`: the clause and why, what it asks, where it applies, examples, and what it catches now."""
    rule = _rule(pk)
    lists = dict(ReferenceList.objects.values_list("code", "kind"))
    context: dict[str, Any] = {
        "rule": rule,
        "state_code": version_state(rule.version),
        "grade": rule.min_grade,
        "may_write": may_write_policy(request.user) and rule.version.is_draft,
        "fault": fault(rule, lists),
    }
    context |= _parameters(rule) | _caught(rule, request)
    return render(request, "policies/rule.html", context | history(request, rule))


def _parameters(rule: Rule) -> dict[str, Any]:
    """What the rule says in sentences; empty where it cannot be read, which `fault` then says."""
    try:
        facts = rule_facts(rule)
    except (ValueError, KeyError):
        return {}
    names = {each.code: str(each) for each in ReferenceList.objects.all()}
    return {
        "asks": criterion_sentences(facts.criterion, names),
        "applies": scope_text(facts.scope),
        "held": held_sentences(facts.held),
        "lists": ReferenceList.objects.filter(code__in=facts.criterion.list_codes()),
        "examples": _examples(rule, facts),
    }


@dataclass(frozen=True, slots=True)
class ShownExample:
    """`said` is the answer of the rule, or what went wrong; `outcome` is empty then."""

    title: str
    on: date
    expected: str
    outcome: str
    said: str

    @property
    def as_expected(self) -> bool:
        return self.outcome == self.expected


def _examples(rule: Rule, facts: RuleFacts) -> list[ShownExample]:
    return [_shown(facts, example) for example in rule_examples(rule)]


def _shown(facts: RuleFacts, example: Example) -> ShownExample:
    try:
        (tried,) = try_examples(facts, (example,))
    except RuleError as error:
        outcome, said = "", str(error)
    else:
        outcome, said = tried.result.outcome.value, reader_wording().answer(tried.result)
    return ShownExample(
        example.title.in_language(language()), example.on, example.expected.value, outcome, said
    )


CAUGHT_SHOWN = 20


def _caught(rule: Rule, request: MemberRequest) -> dict[str, Any]:
    """What it catches now: of a rule in force its stored results, of a draft as computed at this moment."""
    if not rule.version.is_draft and rule.version.status != PolicyVersion.Status.PROPOSED:
        counts = dict(results_today(rule).order_by().values_list("outcome").annotate(Count("pk")))
        asked = {"flagged_by": str(rule.pk), "held": "on"}
        aircraft = DroneFilter(
            asked, queryset=Drone.objects.visible_to(request.user), request=request
        )
        return {
            "counts": [(code, counts.get(code, 0)) for code, _word in OUTCOMES],
            "aircraft": aircraft.qs.count(),
            "freshness": freshness(),
        }
    try:
        found_now = reach(rule, request.user, timezone.localdate())
    except (RuleError, ValueError, KeyError) as error:
        return {"cannot": str(error)}
    failing = found_now.with_outcome(Outcome.FAIL, Outcome.UNKNOWN)
    builds = Build.objects.select_related("model__manufacturer").in_bulk(failing[:CAUGHT_SHOWN])
    return {
        "reach": found_now,
        "counts": [(code, found_now.counts[code]) for code, _word in OUTCOMES],
        "failing": [(build, found_now.results[pk].outcome.value) for pk, build in builds.items()],
        "more": max(0, len(failing) - CAUGHT_SHOWN),
    }


class ResultFilter(ListFilterSet):
    outcome = MultipleChoiceFilter(label=gettext_lazy("Result"), choices=OUTCOMES)

    class Meta(Strict):
        model = RuleResult


@page
def rule_results(request: MemberRequest, pk: int) -> HttpResponse:
    """`/rules/<id>/results/`: the builds behind each count."""
    rule = _rule(pk)
    filters = ResultFilter(
        request.GET, queryset=results_today(rule).select_related("build__model__manufacturer")
    )
    valid = filters.is_valid()
    rows, links = keyset(
        filters.qs if valid else RuleResult.objects.none(),
        request,
        order=Order("build_id", descending=False),
    )
    context = {
        "rule": rule,
        "rows": [(row, _explained(row, rule)) for row in rows],
        "page": links,
        "filter": filters,
        "pills": pills(filters, request),
    }
    return render(request, "policies/results.html", context, status=200 if valid else 422)


def _explained(row: RuleResult, rule: Rule) -> Explanation:
    row.rule = rule
    return explained(row)


urlpatterns: list[URLPattern] = [
    path("policies/", list_policies, name="policies"),
    path("policies/<int:pk>/", show_policy, name="policy"),
    path("versions/<int:pk>/", show_version, name="policy_version"),
    path("rules/<int:pk>/", show_rule, name="rule"),
    path("rules/<int:pk>/results/", rule_results, name="rule_results"),
]
