"""Policies, their versions, and each rule with what it asks and what it catches now."""

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_filters import FilterSet, MultipleChoiceFilter

from compliance.models import RuleResult
from policy.decoding import rule_facts
from policy.models import Policy, PolicyVersion, ReferenceList, Rule
from reporting.keyset import Order
from web.access import MemberRequest, found, page
from web.filtering import pills
from web.paging import keyset
from web.records import history
from web.rule_sentences import criterion_sentences, held_sentences, scope_text
from web.states import LOOKS
from web.values import mission_names

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
    return render(request, "policies/list.html", {"rows": rows})


@page
def show_policy(request: MemberRequest, pk: int) -> HttpResponse:
    """`/policies/<id>/`: its versions, newest first, each with its rules."""
    policy = found(Policy.objects.all(), pk=pk)
    versions = policy.versions.select_related("drafted_by", "published_by").prefetch_related(
        "rules"
    )
    context = {
        "policy": policy,
        "versions": [
            (each, version_state(each), mission_names(each.sensitive_missions)) for each in versions
        ],
    }
    return render(request, "policies/page.html", context | history(request, policy))


def _rule(pk: int) -> Rule:
    return found(Rule.objects.select_related("version__policy"), pk=pk)


def results_today(rule: Rule) -> "QuerySet[RuleResult]":
    """What the rule says of each build today; the counts and the list are both made of these rows."""
    return RuleResult.objects.on(timezone.localdate()).filter(rule=rule)


@page
def show_rule(request: MemberRequest, pk: int) -> HttpResponse:
    """`/rules/<id>/`: the clause, what it asks, where it applies, and what it catches now."""
    rule = _rule(pk)
    facts = rule_facts(rule)
    names = {each.code: str(each) for each in ReferenceList.objects.all()}
    counts = dict(results_today(rule).order_by().values_list("outcome").annotate(Count("pk")))
    context = {
        "rule": rule,
        "state_code": version_state(rule.version),
        "asks": criterion_sentences(facts.criterion, names),
        "applies": scope_text(facts.scope),
        "held": held_sentences(facts.held),
        "grade": rule.min_grade,
        "counts": [(code, counts.get(code, 0)) for code, _word in OUTCOMES],
        "lists": ReferenceList.objects.filter(code=getattr(facts.criterion, "list", "")),
    }
    return render(request, "policies/rule.html", context | history(request, rule))


class ResultFilter(FilterSet):
    outcome = MultipleChoiceFilter(label=gettext_lazy("Result"), choices=OUTCOMES)

    class Meta:
        model = RuleResult
        fields: tuple[str, ...] = ()


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
        "rows": rows,
        "page": links,
        "filter": filters,
        "pills": pills(filters, request),
    }
    return render(request, "policies/results.html", context, status=200 if valid else 422)


urlpatterns: list[URLPattern] = [
    path("policies/", list_policies, name="policies"),
    path("policies/<int:pk>/", show_policy, name="policy"),
    path("rules/<int:pk>/", show_rule, name="rule"),
    path("rules/<int:pk>/results/", rule_results, name="rule_results"),
]
