"""Policies as their officers write them: packs, drafts, rules, examples, and a second officer who publishes."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person
from compliance.models import RuleResult
from policy.criteria import AnyCriterion
from policy.decoding import rule_facts
from policy.drafts import propose, start_draft
from policy.models import PolicyVersion, Rule
from policy.scopes import scope_from_json, scope_to_json
from tests.people import SINCE, People
from tests.policy.test_rules import EVERY_CRITERION
from tests.web.pages import Answer, queries, shown, signed_in
from tests.worlds import World, log
from web.forms.criteria import CRITERION_FORMS
from web.forms.rules import HeldForm, RuleForms
from web.forms.scopes import NotInGroups, ScopeForm, scope_initial

TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def second(people: People) -> Person:
    """A second policy officer: Kei, who otherwise answers consultations."""
    with acting_as(None):
        centre = Agency.objects.get(parent=None)
        Membership.objects.create(
            person=people.kei, agency=centre, role=Membership.Role.POLICY_OFFICER, since=SINCE
        )
    return Person.objects.get(pk=people.kei.pk)


@pytest.fixture
def draft(world: World, hana: Person) -> PolicyVersion:
    """Hana's copy of the version in force."""
    with acting_as(hana):
        return start_draft(before=world.version, label="2", by=hana)


def origin_of(draft: PolicyVersion) -> Rule:
    return draft.rules.get(code="origin")


def posted(rule: Rule, **changes: Any) -> dict[str, Any]:
    """What the browser sends for the form of a rule as it stands, with changes."""
    forms = RuleForms(rule, rule.criterion["kind"])
    data: dict[str, Any] = {}
    for form in forms.each:
        for name, item in form.fields.items():
            value = form.get_initial_for_field(item, name)
            if value is not None and value is not False:
                data[form.add_prefix(name)] = value
    return data | changes


def post(person: Person, address: str, data: Any = None) -> Answer:
    return signed_in(person).post(address, data or {})


# ------------------------------------------------------------------ packs


def test_an_officer_loads_a_pack_as_a_draft_of_their_own(hana: Person) -> None:
    client = signed_in(hana)
    assert "Load as a draft" in shown(client, "/policies/packs/")
    answer = client.post("/policies/packs/japan-2020/load/", follow=True)
    page = answer.content.decode()
    version = PolicyVersion.objects.get(policy__code="jp-2020")
    assert (version.status, version.drafted_by) == ("draft", hana)
    assert page.count("To be checked") == 4
    assert "This version is loaded already." in shown(client, "/policies/packs/")


def test_a_pack_that_there_is_not_is_named_as_such(hana: Person) -> None:
    answer = signed_in(hana).post("/policies/packs/nowhere/load/", follow=True)
    assert "There is no pack &#x27;nowhere&#x27;" in answer.content.decode()


def test_nobody_but_an_officer_is_offered_to_load_or_to_write(rin: Person, world: World) -> None:
    client = signed_in(rin)
    assert "Load as a draft" not in shown(client, "/policies/packs/")
    assert "Draft a new version" not in shown(client, f"/policies/{world.version.policy_id}/")
    assert client.post("/policies/packs/japan-2020/load/").status_code == 403
    assert not PolicyVersion.objects.filter(policy__code="jp-2020").exists()


# ------------------------------------------------------------------ drafts


def test_a_draft_begins_as_a_copy_of_the_version_in_force(world: World, hana: Person) -> None:
    client = signed_in(hana)
    answer = client.post(f"/versions/{world.version.pk}/copy/", {"label": "2"})
    copy = PolicyVersion.objects.get(label="2")
    assert answer["Location"] == f"/versions/{copy.pk}/"
    assert (copy.based_on, copy.drafted_by, copy.status) == (world.version, hana, "draft")
    assert {rule.code for rule in copy.rules.all()} == {"origin", "listed_party"}
    page = shown(client, f"/versions/{copy.pk}/")
    assert "What it changes against version 1" in page
    assert page.count("Unchanged") == 2


def test_a_copy_takes_all_that_the_version_and_its_rules_say(
    draft: PolicyVersion, hana: Person
) -> None:
    said = {"waiver_max_months": 7, "source": "Gazette 12", "sensitive_missions": ["defence"]}
    words = {
        "to_check_en": "The month.",
        "to_check_local": "月",
        "reason_local": "理由",
        "min_grade": 3,
    }
    with acting_as(hana):
        PolicyVersion.objects.filter(pk=draft.pk).update(**said)
        draft.rules.filter(code="origin").update(**words, held={"effect": "ground"})
        draft.refresh_from_db()
        copy = start_draft(before=draft, label="3", by=hana)
    assert {name: getattr(copy, name) for name in said} == said
    own = {"id", "version_id", "edited_by", "written_by"}
    for before in draft.rules.values():
        after = copy.rules.values().get(code=before["code"])
        assert {k: v for k, v in after.items() if k not in own} == {
            k: v for k, v in before.items() if k not in own
        }


def test_two_versions_of_a_policy_have_two_names(world: World, hana: Person) -> None:
    answer = post(hana, f"/versions/{world.version.pk}/copy/", {"label": "1"})
    assert answer.status_code == 422


def test_the_day_and_the_sensitive_missions_of_a_draft_are_changed(
    draft: PolicyVersion, hana: Person
) -> None:
    data = {
        "label": "2",
        "begins": "2030-04-01",
        "sensitive_missions": ["rescue", "defence"],
        "waiver_max_months": 12,
    }
    assert post(hana, f"/versions/{draft.pk}/edit/", data).status_code == 302
    draft.refresh_from_db()
    assert draft.in_force.lower == date(2030, 4, 1)
    assert draft.sensitive_missions == ["defence", "rescue"]
    page = shown(signed_in(hana), f"/versions/{draft.pk}/")
    assert "<del>36</del>" in page
    assert "<ins>12</ins>" in page


def test_what_is_published_is_not_edited(world: World, hana: Person) -> None:
    for address in (
        f"/versions/{world.version.pk}/edit/",
        f"/rules/{world.origin.pk}/edit/",
        f"/rules/{world.origin.pk}/examples/new/",
    ):
        assert signed_in(hana).get(address).status_code == 403
    assert post(hana, f"/rules/{world.origin.pk}/remove/").status_code == 403
    assert Rule.objects.filter(pk=world.origin.pk).exists()


def test_a_withdrawn_draft_stays_to_be_read_and_goes_no_further(
    draft: PolicyVersion, hana: Person
) -> None:
    assert post(hana, f"/versions/{draft.pk}/withdraw/").status_code == 302
    draft.refresh_from_db()
    assert draft.status == "withdrawn"
    assert "Withdrawn" in shown(signed_in(hana), f"/versions/{draft.pk}/")
    assert post(hana, f"/versions/{draft.pk}/propose/").status_code == 403


# ------------------------------------------------------------------ rules of a draft


def test_a_changed_rule_shows_what_it_changes_in_words(draft: PolicyVersion, hana: Person) -> None:
    rule = origin_of(draft)
    data = posted(rule, level="consult", on_unknown="consult", **{"asks-where": "outside"})
    answer = post(hana, f"/rules/{rule.pk}/edit/", data)
    assert answer.status_code == 302, answer.context["forms"].text.errors
    page = shown(signed_in(hana), f"/versions/{draft.pk}/")
    assert "<del>block</del>" in page
    assert "<ins>consult</ins>" in page
    assert "in a place that is not on the list “Places of concern”" in page


def test_saving_a_rule_unchanged_changes_nothing(draft: PolicyVersion, hana: Person) -> None:
    for rule in draft.rules.all():
        before = rule_facts(rule)
        assert post(hana, f"/rules/{rule.pk}/edit/", posted(rule)).status_code == 302
        rule.refresh_from_db()
        assert rule_facts(rule) == before


def test_a_rule_of_a_new_kind_is_added(draft: PolicyVersion, hana: Person) -> None:
    client = signed_in(hana)
    assert "Security measures" in shown(client, f"/versions/{draft.pk}/rules/new/")
    data = {
        "code": "measures",
        "clause_en": "Encrypt.",
        "clause_local": "暗号化すること。",
        "authoritative": "ja",
        "citation": "Made up",
        "level": "inform",
        "on_unknown": "inform",
        "min_grade": 2,
        "asks-measures": ["encryption_at_rest"],
        "scope-join": "all",
        "scope-how_0": "any",
        "scope-how_1": "none",
        "scope-how_2": "all",
        "scope-plain_0": ["sensitive_mission", "new"],
        "scope-missions_1": ["training"],
        "held-effect": "allowed",
    }
    answer = client.post(f"/versions/{draft.pk}/rules/new/required_measure/", data)
    rule = draft.rules.get(code="measures")
    assert answer["Location"] == f"/rules/{rule.pk}/"
    assert rule.scope == {
        "kind": "all",
        "of": [
            {"kind": "any", "of": [{"kind": "sensitive_mission"}, {"kind": "new"}]},
            {"kind": "not", "of": {"kind": "mission_in", "missions": ["training"]}},
        ],
    }
    page = shown(client, f"/rules/{rule.pk}/")
    assert "would catch 0 of 5 builds and 0 of the 2 aircraft you may see" in " ".join(page.split())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"on_unknown": "block", "level": "inform"}, "not knowing would be worse than failing"),
        ({"held-effect": "phase_out", "held-months": ""}, "needs the number of months"),
        ({"asks-threshold": "101"}, "less than or equal to 100"),
        ({"asks-list": "nowhere"}, "Select a valid choice"),
        ({"scope-value_from_0": "5"}, "Say in which currency the value is."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_the_reason(
    draft: PolicyVersion, hana: Person, changes: dict[str, Any], words: str
) -> None:
    rule = origin_of(draft)
    answer = post(hana, f"/rules/{rule.pk}/edit/", posted(rule, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_rule_is_taken_out_of_a_draft(draft: PolicyVersion, hana: Person) -> None:
    assert post(hana, f"/rules/{origin_of(draft).pk}/remove/").status_code == 302
    assert [rule.code for rule in draft.rules.all()] == ["listed_party"]
    assert "Removed" in shown(signed_in(hana), f"/versions/{draft.pk}/")


def test_a_draft_says_what_it_would_catch_without_storing_it(
    draft: PolicyVersion, world: World, hana: Person
) -> None:
    with acting_as(None):
        agency = world.patrol.agency
    log(agency, world.listed, "K9-RESCUE", missions=["rescue"])
    log(agency, world.listed, "K9-TRAINING", missions=["training"])
    page = " ".join(shown(signed_in(hana), f"/rules/{origin_of(draft).pk}/").split())
    assert "it would catch 2 of 5 builds and 1 of the 4 aircraft you may see" in page
    assert not RuleResult.objects.filter(rule__version=draft).exists()


def test_a_scope_that_the_form_cannot_show_is_not_lost_by_saving(
    draft: PolicyVersion, hana: Person
) -> None:
    rule = origin_of(draft)
    plain = {"kind": "held"}
    deep = {"kind": "any", "of": [{"kind": "all", "of": [{"kind": "all", "of": [plain]}]}]}
    with acting_as(hana):
        Rule.objects.filter(pk=rule.pk).update(scope=deep)
    answer = signed_in(hana).get(f"/rules/{rule.pk}/edit/")
    assert answer.status_code == 409
    assert "saving them would lose a part of it" in answer.content.decode()


# ------------------------------------------------------------------ examples


def keep(hana: Person, rule: Rule, world: World, expected: str) -> None:
    data = {
        "build": f"#{world.clean.pk}",
        "title_en": "The Sora",
        "title_ja": "空",
        "expected": expected,
    }
    assert post(hana, f"/rules/{rule.pk}/examples/new/", data).status_code == 302


def test_an_example_keeps_the_facts_of_a_build_and_is_tried(
    draft: PolicyVersion, world: World, hana: Person
) -> None:
    rule = origin_of(draft)
    keep(hana, rule, world, "pass")
    rule.refresh_from_db()
    assert rule.examples[0]["listed"] == ["CN"]
    page = shown(signed_in(hana), f"/rules/{rule.pk}/")
    assert "The Sora" in page
    assert "Not as expected" not in page


def test_an_example_that_does_not_come_out_is_an_error_on_the_page_and_blocks_publication(
    draft: PolicyVersion, world: World, hana: Person
) -> None:
    rule = origin_of(draft)
    keep(hana, rule, world, "fail")
    client = signed_in(hana)
    page = shown(client, f"/rules/{rule.pk}/")
    assert "Not as expected" in page
    assert "This rule keeps its version from being published" in page
    answer = client.post(f"/versions/{draft.pk}/propose/", follow=True)
    assert "expected fail, but the rule says pass" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == "draft"
    client.post(f"/rules/{rule.pk}/examples/0/remove/")
    client.post(f"/versions/{draft.pk}/propose/")
    draft.refresh_from_db()
    assert draft.status == "proposed"


def test_a_rule_that_cannot_be_read_is_shown_as_an_error_and_blocks_publication(
    draft: PolicyVersion, hana: Person
) -> None:
    rule = origin_of(draft)
    with acting_as(hana):
        Rule.objects.filter(pk=rule.pk).update(criterion={"kind": "magic"})
    client = signed_in(hana)
    assert "The rule cannot be evaluated" in shown(client, f"/rules/{rule.pk}/")
    assert "is no kind known here" in shown(client, f"/versions/{draft.pk}/")
    client.post(f"/versions/{draft.pk}/propose/")
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_rule_that_raises_on_some_build_is_named_and_blocks_publication(
    draft: PolicyVersion, hana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: AnyCriterion, facts: object, context: object) -> None:
        raise ZeroDivisionError("a bug of this criterion")

    monkeypatch.setattr("policy.criteria.origin.Origin.check", broken)
    client = signed_in(hana)
    answer = client.post(f"/versions/{draft.pk}/propose/", follow=True)
    assert "origin: rule draft/of the day/origin cannot be evaluated" in answer.content.decode()
    assert "a bug of this criterion" in shown(client, f"/rules/{origin_of(draft).pk}/")
    draft.refresh_from_db()
    assert draft.status == "draft"


# ------------------------------------------------------------------ publication


@pytest.fixture
def proposed(draft: PolicyVersion, hana: Person) -> PolicyVersion:
    with acting_as(hana):
        propose(version=draft, by=hana)
    draft.refresh_from_db()
    return draft


def publish(client: Client, version: PolicyVersion, day: date) -> Answer:
    return client.post(f"/versions/{version.pk}/publish/", {"in_force_from": day.isoformat()})


def test_whose_work_it_is_asks_and_a_second_officer_publishes(
    proposed: PolicyVersion, world: World, hana: Person, second: Person
) -> None:
    assert publish(signed_in(hana), proposed, TOMORROW).status_code == 403
    client = signed_in(second)
    assert "Publish" in shown(client, f"/versions/{proposed.pk}/")
    assert publish(client, proposed, TOMORROW).status_code == 302
    in_force = PolicyVersion.objects.in_force_on
    assert in_force(timezone.localdate()).get() == world.version
    assert in_force(TOMORROW).get() == proposed
    proposed.refresh_from_db()
    assert proposed.published_by == second


def test_what_depends_on_a_published_version_is_evaluated_again(
    proposed: PolicyVersion, second: Person
) -> None:
    publish(signed_in(second), proposed, timezone.localdate())
    assert RuleResult.objects.current().filter(rule__version=proposed).count() == 10
    page = shown(signed_in(second), f"/versions/{proposed.pk}/")
    assert "Evaluated at" in page
    assert "wait to be evaluated" not in page


def test_many_builds_are_left_to_the_job_and_the_page_says_how_many_wait(
    proposed: PolicyVersion, second: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.assess.AT_ONCE", 3)
    client = signed_in(second)
    address = f"/versions/{proposed.pk}/publish/"
    answer = client.post(address, {"in_force_from": timezone.localdate()}, follow=True)
    page = answer.content.decode()
    assert "evaluated again by the job" in page
    assert "5 of 5 builds wait to be evaluated" in page


def test_a_version_is_not_put_in_force_on_days_that_another_one_had(
    proposed: PolicyVersion, second: Person
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = publish(signed_in(second), proposed, yesterday)
    assert answer.status_code == 422
    assert "This day has passed" in answer.content.decode()
    proposed.refresh_from_db()
    assert proposed.status == "proposed"


def test_an_officer_who_changed_a_rule_does_not_publish_it(
    draft: PolicyVersion, hana: Person, second: Person
) -> None:
    rule = origin_of(draft)
    assert post(second, f"/rules/{rule.pk}/edit/", posted(rule, citation="Another")).status_code
    with acting_as(hana):
        propose(version=draft, by=hana)
    draft.refresh_from_db()
    assert set(draft.edited_by) == {hana.pk, second.pk}
    assert publish(signed_in(second), draft, TOMORROW).status_code == 403


def test_a_version_asked_for_is_taken_back_to_be_changed(
    proposed: PolicyVersion, hana: Person
) -> None:
    assert post(hana, f"/rules/{origin_of(proposed).pk}/remove/").status_code == 403
    post(hana, f"/versions/{proposed.pk}/take-back/")
    proposed.refresh_from_db()
    assert (proposed.status, proposed.proposed_by) == ("draft", None)


# ------------------------------------------------------------------ forms


@pytest.mark.parametrize("criterion", EVERY_CRITERION, ids=lambda each: each.kind)
def test_every_kind_of_criterion_has_a_form(criterion: AnyCriterion) -> None:
    assert criterion.kind in CRITERION_FORMS


@pytest.mark.parametrize(
    "scope",
    [
        {"kind": "all", "of": []},
        {"kind": "sensitive_mission"},
        {"kind": "not", "of": {"kind": "held"}},
        {"kind": "any", "of": [{"kind": "held"}, {"kind": "mission_in", "missions": ["rescue"]}]},
        {
            "kind": "any",
            "of": [
                {"kind": "all", "of": [{"kind": "new"}, {"kind": "sensitive_mission"}]},
                {
                    "kind": "not",
                    "of": {
                        "kind": "any",
                        "of": [
                            {"kind": "mission_in", "missions": ["training"]},
                            {"kind": "weight_range_g", "from_g": "100", "below_g": None},
                        ],
                    },
                },
                {"kind": "value_range", "currency": "JPY", "from_value": None, "below_value": "5"},
            ],
        },
        {"kind": "acquisition_kind_in", "kinds": ["lease"]},
        {"kind": "agency_kind_in", "kinds": ["ministry"]},
    ],
)
def test_a_scope_goes_through_the_form_and_stays_as_it_is(scope: dict[str, Any]) -> None:
    blank = {"join": "all"} | {f"how_{row}": "all" for row in range(3)}
    form = ScopeForm(blank | scope_initial(scope))
    assert form.is_valid(), form.errors
    assert scope_from_json(form.value()) == scope_from_json(scope)
    assert scope_to_json(scope_from_json(form.value()))


@pytest.mark.parametrize(
    "scope",
    [
        {"kind": "all", "of": [{"kind": "any", "of": [{"kind": "held"}]}] * 4},
        {
            "kind": "all",
            "of": [
                {"kind": "mission_in", "missions": ["rescue"]},
                {"kind": "mission_in", "missions": ["training"]},
            ],
        },
        {"kind": "acquisition_kind_in", "kinds": ["held", "lease"]},
    ],
)
def test_a_scope_of_another_shape_is_refused_rather_than_cut(scope: dict[str, Any]) -> None:
    with pytest.raises(NotInGroups):
        scope_initial(scope)


def test_months_for_single_missions_go_through_the_form() -> None:
    held = {
        "effect": "phase_out",
        "months": 24,
        "missions": [{"mission": "rescue", "months": 84}],
        "counted_from": "2021-04-01",
    }
    form = HeldForm(HeldForm.of(held))
    assert form.is_valid(), form.errors
    assert form.value() == held


def test_the_page_of_a_version_takes_as_many_queries_for_many_rules_as_for_one(
    draft: PolicyVersion, hana: Person
) -> None:
    client = signed_in(hana)
    few = queries(client, f"/versions/{draft.pk}/")
    rule = origin_of(draft)
    with acting_as(hana):
        for number in range(5):
            rule.pk, rule.code = None, f"origin-{number}"
            rule.save(force_insert=True)
    assert queries(client, f"/versions/{draft.pk}/") == few


# ------------------------------------------------------------------ the form of a rule, folded


def folds(page: str) -> dict[str, bool]:
    """By its title, whether a section of the form stands open."""
    found = re.findall(
        r'<details class="disclosure"( open)?>\s*<summary><span>([^<]+)</span>', page
    )
    return {title: bool(is_open) for is_open, title in found}


def test_the_form_of_a_new_rule_opens_only_what_every_rule_needs(
    draft: PolicyVersion, hana: Person
) -> None:
    page = shown(signed_in(hana), f"/versions/{draft.pk}/rules/new/origin/")
    assert folds(page) == {
        "Why the clause is there": False,
        "What is still to be checked": False,
        "Least grade of evidence": False,
        "Parts, second group": False,
        "Parts, third group": False,
        "How far it reaches": False,
        "Group 1 of conditions": True,
        "Group 2 of conditions": False,
        "Group 3 of conditions": False,
        "The mission is one of": False,
        "The way of acquiring is one of": False,
        "The agency is one of": False,
        "Weight or value": False,
        "Other months for single missions": False,
    }


def test_what_a_rule_says_already_stands_open(draft: PolicyVersion, hana: Person) -> None:
    rule = draft.rules.get(code="origin")
    question = {"roles": ["battery"], "meanings": ["made_in"]}
    rule.criterion["components"].append(question)
    rule.criterion["ownership"]["threshold"] = "25"
    rule.held = {"effect": "phase_out", "months": 24, "counted_from": None}
    rule.held["missions"] = [{"mission": "rescue", "months": 84}]
    rule.reason_en = "Parts can leak."
    with acting_as(hana):
        rule.save()
    opened = {
        title
        for title, is_open in folds(shown(signed_in(hana), f"/rules/{rule.pk}/edit/")).items()
        if is_open
    }
    assert opened == {
        "Why the clause is there",
        "Parts, second group",
        "How far it reaches",
        "Group 1 of conditions",
        "Other months for single missions",
    }


def test_a_mistake_in_what_is_folded_away_is_shown_open(draft: PolicyVersion, hana: Person) -> None:
    rule = draft.rules.get(code="origin")
    client = signed_in(hana)
    data = posted(rule, **{"scope-value_from_1": "100"})
    page = client.post(f"/rules/{rule.pk}/edit/", data).content.decode()
    assert folds(page)["Group 2 of conditions"]
    assert "Say in which currency the value is." in page
