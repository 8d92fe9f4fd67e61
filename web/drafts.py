"""Versions of policies as they are written: packs, drafts, their rules, and publication by a second officer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.assess import refresh_rulebook
from compliance.facts import gather
from compliance.reach import trial
from policy.decoding import rule_facts
from policy.drafts import load_pack, propose, start_draft, take_back, withdraw
from policy.examples import Example
from policy.facts import BuildFacts
from policy.models import Edition, Entry, PolicyVersion, ReferenceList, Rule
from policy.packs import Pack, PackError, pack_names, read_pack
from policy.permissions import may_publish, may_write_policy
from policy.services import publish
from policy.trace import Outcome, Text
from procurement.jobs import follow_changed_rules
from web.access import MemberRequest, action, form_page, found, page, refuse_unless
from web.forms.criteria import CRITERION_FORMS
from web.forms.rules import DraftForm, ExampleForm, PublishForm, RuleForms, VersionForm
from web.forms.scopes import NotInGroups
from web.rule_sentences import CRITERION_NAMES


def _refuse_others(request: MemberRequest) -> None:
    refuse_unless(may_write_policy(request.user), _("Only policy officers write policies."))


def _version(pk: int) -> PolicyVersion:
    return found(PolicyVersion.objects.select_related("policy", "based_on"), pk=pk)


def _draft(request: MemberRequest, pk: int) -> PolicyVersion:
    """The version, if this reader may write it and it still can be written."""
    _refuse_others(request)
    version = _version(pk)
    refuse_unless(
        version.is_draft, _("Only a draft is changed. Take it back, or draft a new version.")
    )
    return version


def _own_rule(request: MemberRequest, pk: int) -> Rule:
    rule = found(Rule.objects.select_related("version__policy"), pk=pk)
    _draft(request, rule.version_id)
    return rule


# ------------------------------------------------------------------ packs


@page
def list_packs(request: MemberRequest) -> HttpResponse:
    """`/policies/packs/`: policies that ship with the program, to be loaded as drafts."""
    rows = [(name, *_pack(name)) for name in pack_names()]
    loaded = set(PolicyVersion.objects.values_list("policy__code", "label"))
    context = {
        "rows": [
            (name, pack, error, pack is not None and (pack.policy, pack.version) in loaded)
            for name, pack, error in rows
        ],
        "may_write": may_write_policy(request.user),
    }
    return render(request, "policies/packs.html", context)


def _pack(name: str) -> tuple[Pack | None, str]:
    try:
        return read_pack(name), ""
    except PackError as error:
        return None, str(error)


@action
def load(request: MemberRequest, name: str) -> HttpResponse:
    """`/policies/packs/<name>/load/`: a draft of the officer who asks."""
    _refuse_others(request)
    try:
        loaded = load_pack(pack=read_pack(name), by=request.user)
    except PackError as error:
        messages.error(request, str(error))
        return redirect("packs")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("packs")
    said = _("The pack is loaded as a draft.") if loaded.new else _("It is there already.")
    messages.success(request, said)
    return redirect("policy_version", loaded.version.pk)


# ------------------------------------------------------------------ drafts


@form_page
def begin(request: MemberRequest, pk: int) -> HttpResponse:
    """`/versions/<id>/copy/`: a draft with the rules of this version."""
    _refuse_others(request)
    before = _version(pk)
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = start_draft(before=before, label=form.cleaned_data["label"], by=request.user)
            return redirect("policy_version", draft.pk)
        except ValidationError as error:
            form.add_error(None, error.messages)
    title = _("Draft a new version")
    return _form(request, before, form, title, _("Copy all its rules into a draft"))


def _form(
    request: MemberRequest, version: PolicyVersion, form: Any, title: str, button: str
) -> HttpResponse:
    context = {"version": version, "form": form, "title": title, "button": button}
    return render(
        request, "policies/version_form.html", context, status=422 if form.errors else 200
    )


@form_page
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """`/versions/<id>/edit/`: name, sensitive missions and the rest of a draft."""
    version = _draft(request, pk)
    form = VersionForm(request.POST or None, instance=version)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("policy_version", version.pk)
    return _form(request, _version(pk), form, _("Change the draft"), _("Save"))


@action
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    """`/versions/<id>/propose/`: ask a second officer to publish."""
    version = _draft(request, pk)
    try:
        _try(version)
        propose(version=version, by=request.user)
        messages.success(request, _("Publication is asked for. A second policy officer publishes."))
    except ValidationError as error:
        for said in error.messages:
            messages.error(request, said)
    return redirect("policy_version", pk)


def _try(version: PolicyVersion) -> None:
    """Every rule on every build of the catalogue; ValidationError names each rule that raises."""
    if errors := trial(version, timezone.localdate()):
        raise ValidationError(errors)


@action
def back(request: MemberRequest, pk: int) -> HttpResponse:
    """`/versions/<id>/take-back/`: a draft again, to be changed."""
    return _moved(request, pk, take_back, _("The version is a draft again."))


@action
def give_up(request: MemberRequest, pk: int) -> HttpResponse:
    """`/versions/<id>/withdraw/`: given up for good; it stays to be read."""
    return _moved(request, pk, withdraw, _("The version is withdrawn."))


def _moved(request: MemberRequest, pk: int, move: Any, said: str) -> HttpResponse:
    _refuse_others(request)
    try:
        move(version=_version(pk))
        messages.success(request, said)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("policy_version", pk)


@form_page
def put_in_force(request: MemberRequest, pk: int) -> HttpResponse:
    """`/versions/<id>/publish/`: by an officer whose work it is not, with the day from which it holds."""
    _refuse_others(request)
    version = _version(pk)
    refuse_unless(
        may_publish(request.user, version),
        _("A second officer publishes, once publication is asked for: nobody their own work."),
    )
    day = max(version.in_force.lower, timezone.localdate())
    form = PublishForm(request.POST or None, version=version, initial={"in_force_from": day})
    if request.method == "POST" and form.is_valid():
        try:
            _try(version)
            publish(
                version=version, by=request.user, in_force_from=form.cleaned_data["in_force_from"]
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The version is published for good."))
            _evaluate(request)
            return redirect("policy_version", version.pk)
    return _form(request, version, form, _("Publish the version"), _("Publish for good"))


def _evaluate(request: MemberRequest) -> None:
    """At once where that is quick; else the job does it, and the page says how much is waiting. What was approved
    and no longer holds is sent back by the job in any case."""
    follow_changed_rules.enqueue()
    if refresh_rulebook() is None:
        messages.info(
            request,
            _("Builds and aircraft are evaluated again by the job; the page shows how many wait."),
        )


# ------------------------------------------------------------------ rules of a draft


@page
def choose_kind(request: MemberRequest, pk: int) -> HttpResponse:
    """`/versions/<id>/rules/new/`: what the new rule is to ask."""
    version = _draft(request, pk)
    kinds = [(kind, say()) for kind, say in CRITERION_NAMES.items()]
    return render(request, "policies/rule_kinds.html", {"version": version, "kinds": kinds})


@form_page
def add_rule(request: MemberRequest, pk: int, kind: str) -> HttpResponse:
    """`/versions/<id>/rules/new/<kind>/`: a rule of this kind."""
    version = _draft(request, pk)
    rule = Rule(version=version, criterion={}, scope={}, held={})
    return _rule_form(request, rule, kind)


@form_page
def edit_rule(request: MemberRequest, pk: int) -> HttpResponse:
    """`/rules/<id>/edit/`: a rule of a draft."""
    rule = _own_rule(request, pk)
    return _rule_form(request, rule, str(rule.criterion.get("kind", "")))


def _rule_form(request: MemberRequest, rule: Rule, kind: str) -> HttpResponse:
    refuse_unless(kind in CRITERION_FORMS, _("There is no such kind of rule."))
    try:
        forms = RuleForms(rule, kind, request.POST or None)
    except (NotInGroups, KeyError, TypeError):
        context: dict[str, Any] = {"rule": rule, "version": rule.version}
        return render(request, "policies/rule_not_in_form.html", context, status=409)
    if request.method == "POST" and forms.is_valid():
        return redirect("rule", forms.save().pk)
    context = {
        "rule": rule,
        "version": rule.version,
        "forms": forms,
        "kind": CRITERION_NAMES[kind](),
    }
    wrong = any(form.errors for form in forms.each)
    return render(request, "policies/rule_form.html", context, status=422 if wrong else 200)


@action
def remove_rule(request: MemberRequest, pk: int) -> HttpResponse:
    """`/rules/<id>/remove/`: out of the draft."""
    rule = _own_rule(request, pk)
    version = rule.version_id
    rule.delete()
    messages.success(request, _("The rule is no longer part of the draft."))
    return redirect("policy_version", version)


@form_page
def add_example(request: MemberRequest, pk: int) -> HttpResponse:
    """`/rules/<id>/examples/new/`: the facts of a build, and what the rule must say of them."""
    rule = _own_rule(request, pk)
    form = ExampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rule.examples = [*rule.examples, _example(rule, form.cleaned_data).to_json()]
        rule.save(update_fields=["examples"])
        return redirect("rule", rule.pk)
    context = {"rule": rule, "version": rule.version, "form": form}
    status = 422 if form.errors else 200
    return render(request, "policies/example_form.html", context, status=status)


def _example(rule: Rule, data: dict[str, Any]) -> Example:
    facts = gather([data["build"].pk])[data["build"].pk].facts
    return Example(
        title=Text(data["title_en"], data["title_ja"]),
        on=timezone.localdate(),
        facts=facts,
        expected=Outcome(data["expected"]),
        listed=_listed(rule, facts),
    )


def _listed(rule: Rule, facts: BuildFacts) -> tuple[str, ...]:
    """What stands today on the list that the rule asks, as far as the facts have to do with it."""
    codes = rule_facts(rule).criterion.list_codes()
    keys = {match.entry_key for match in facts.matches if match.list_code in codes}
    places = Edition.objects.filter(
        list__code__in=codes, list__kind=ReferenceList.Kind.JURISDICTIONS
    ).in_force_on(timezone.localdate())
    countries = Entry.objects.filter(edition__in=[each.pk for each in places])
    return tuple(sorted({*keys, *countries.values_list("key", flat=True)}))


@action
def remove_example(request: MemberRequest, pk: int, place: int) -> HttpResponse:
    """`/rules/<id>/examples/<place>/remove/`: the example at this place, counted from 0."""
    rule = _own_rule(request, pk)
    rule.examples = [each for number, each in enumerate(rule.examples) if number != place]
    rule.save(update_fields=["examples"])
    messages.success(request, _("The example is removed."))
    return redirect("rule", rule.pk)


urlpatterns: list[URLPattern] = [
    path("policies/packs/", list_packs, name="packs"),
    path("policies/packs/<slug:name>/load/", load, name="load_pack"),
    path("versions/<int:pk>/copy/", begin, name="copy_version"),
    path("versions/<int:pk>/edit/", edit, name="edit_version"),
    path("versions/<int:pk>/propose/", ask, name="propose_version"),
    path("versions/<int:pk>/take-back/", back, name="take_back_version"),
    path("versions/<int:pk>/withdraw/", give_up, name="withdraw_version"),
    path("versions/<int:pk>/publish/", put_in_force, name="publish_version"),
    path("versions/<int:pk>/rules/new/", choose_kind, name="choose_rule_kind"),
    path("versions/<int:pk>/rules/new/<slug:kind>/", add_rule, name="add_rule"),
    path("rules/<int:pk>/edit/", edit_rule, name="edit_rule"),
    path("rules/<int:pk>/remove/", remove_rule, name="remove_rule"),
    path("rules/<int:pk>/examples/new/", add_example, name="add_example"),
    path("rules/<int:pk>/examples/<int:place>/remove/", remove_example, name="remove_example"),
]
