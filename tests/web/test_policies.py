"""Policies and rules on pages: what a rule asks, and what it catches now."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import refresh
from policy.criteria import (
    Attribute,
    Certificate,
    ClearedBuild,
    RequiredMeasure,
)
from policy.criteria.attribute import Limit, PartLimit
from policy.drafts import start_draft
from policy.models import PolicyVersion
from policy.rules import Effect, HeldEffect
from policy.scopes import scope_from_json
from policy.services import publish
from standards.canonical import Json
from tests.web.pages import queries, shown, signed_in
from tests.worlds import SERIAL, World, log
from web.policies import version_state
from web.rule_sentences import criterion_sentences, held_sentences, scope_text


def evaluate(world: World) -> None:
    refresh([world.clean.pk, world.listed.pk, world.no_radio.pk, world.unknown.pk])


def test_a_rule_says_what_it_asks_of_which_parts_against_which_list(
    rin: Person, world: World
) -> None:
    page = shown(signed_in(rin), f"/rules/{world.origin.pk}/")
    assert "lies in a place on the list “Places of concern”." in page
    assert "Of its parts (Flight controller, Control radio, Camera): Place of manufacture." in page
    assert "Ownership counts from 50 % in aggregate. Control counts whatever the share." in page
    assert "It applies when: the mission is sensitive." in page
    assert "An aircraft already held is phased out within 24 months." in page


def test_a_rule_shows_the_clause_of_both_languages_and_which_one_is_authoritative(
    rin: Person, world: World
) -> None:
    page = shown(signed_in(rin), f"/rules/{world.origin.pk}/")
    japanese, english = (
        page.index("懸念のあるものを用いないこと。"),
        page.index('<p lang="en">No part from a place of concern.'),
    )
    mark = page.index("<small>authoritative</small>")
    assert mark < japanese < english
    assert page.count("<small>authoritative</small>") == 1


def test_each_count_of_a_rule_opens_the_builds_it_counts(rin: Person, world: World) -> None:
    evaluate(world)
    client = signed_in(rin)
    counts = dict(client.get(f"/rules/{world.origin.pk}/").context["counts"])
    assert counts == {"fail": 1, "unknown": 2, "pass": 1, "not_applicable": 0}
    for outcome, count in counts.items():
        answer = client.get(f"/rules/{world.origin.pk}/results/", {"outcome": outcome})
        assert len(answer.context["rows"]) == count


def test_the_count_of_aircraft_opens_the_list_it_counts(aiko: Person, world: World) -> None:
    log(world.patrol.agency, world.listed, "K9-1")
    log(world.patrol.agency, world.listed, "K9-2", status="disposed")
    evaluate(world)
    client = signed_in(aiko)
    assert client.get(f"/rules/{world.origin.pk}/").context["aircraft"] == 1
    page = shown(client, "/drones/", held="on", flagged_by=world.origin.pk)
    assert "K9-1" in page
    assert "K9-2" not in page
    assert SERIAL not in page


def test_what_of_a_rule_is_to_be_checked_is_marked_on_its_page_and_in_its_results(
    rin: Person, hana: Person, fumi: Person, world: World
) -> None:
    with acting_as(hana):
        draft = start_draft(before=world.version, label="2", by=hana)
        draft.rules.update(to_check_en="The list is to be checked.", reason_en="Parts can leak.")
    with acting_as(fumi):
        publish(version=draft, by=fumi, in_force_from=timezone.localdate())
    evaluate(world)
    client = signed_in(rin)
    rule = shown(client, f"/rules/{draft.rules.get(code='origin').pk}/")
    assert "To be checked" in rule
    assert "Parts can leak." in rule
    assert "The list is to be checked." in shown(client, f"/builds/{world.clean.pk}/results/")


def test_a_build_that_fails_is_named_in_the_list_of_the_rule(rin: Person, world: World) -> None:
    evaluate(world)
    page = shown(signed_in(rin), f"/rules/{world.origin.pk}/results/", outcome="fail")
    assert "K-9" in page
    assert "S-1" not in page
    assert "Result is “Fails”" in page


def test_a_policy_shows_its_version_in_force_with_its_rules(rin: Person, world: World) -> None:
    client = signed_in(rin)
    page = shown(client, f"/policies/{world.version.policy_id}/")
    assert "In force" in page
    assert "Criminal investigation, Search and rescue" in page
    assert f"/versions/{world.version.pk}/" in page
    page = shown(client, f"/versions/{world.version.pk}/")
    assert f"/rules/{world.origin.pk}/" in page
    assert f"/rules/{world.listed_party.pk}/" in page


@pytest.mark.parametrize(
    ("status", "begins", "ends", "state"),
    [
        ("draft", -10, None, "draft"),
        ("published", 1, None, "published"),
        ("published", 0, None, "in_force"),
        ("published", -10, 1, "in_force"),
        ("published", -10, 0, "ended"),
    ],
)
def test_a_version_is_in_force_from_its_first_day_until_before_its_last(
    status: str, begins: int, ends: int | None, state: str
) -> None:
    today = timezone.localdate()
    first = today + timedelta(begins)
    last = None if ends is None else today + timedelta(ends)
    assert version_state(PolicyVersion(status=status, in_force=DateRange(first, last))) == state


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        ({"kind": "all", "of": []}, "always"),
        ({"kind": "held"}, "the agency already has the aircraft"),
        (
            {
                "kind": "any",
                "of": [{"kind": "held"}, {"kind": "mission_in", "missions": ["rescue"]}],
            },
            "(the agency already has the aircraft) or (the mission is one of: Search and rescue)",
        ),
        (
            {"kind": "not", "of": {"kind": "agency_kind_in", "kinds": ["ministry"]}},
            "not (the agency is one of: ministry)",
        ),
        (
            {"kind": "weight_range_g", "from_g": "100", "below_g": "25000"},
            "the weight is at least 100 g, below 25000 g",
        ),
        (
            {"kind": "acquisition_kind_in", "kinds": ["purchase", "lease"]},
            "the way of acquiring is one of: purchase, lease",
        ),
        (
            {
                "kind": "value_range",
                "currency": "JPY",
                "from_value": "1000000",
                "below_value": None,
            },
            "the value is at least 1000000 JPY",
        ),
        (
            {"kind": "all", "of": [{"kind": "new"}, {"kind": "sensitive_mission"}]},
            "(the aircraft is still to be acquired) and (the mission is sensitive)",
        ),
    ],
)
def test_a_scope_reads_as_an_expression(scope: Json, text: str) -> None:
    assert scope_text(scope_from_json(scope)) == text


@pytest.mark.parametrize(
    ("held", "sentences"),
    [
        (HeldEffect(Effect.ALLOWED), ["An aircraft already held may go on being used."]),
        (
            HeldEffect(Effect.TRAINING_ONLY),
            ["An aircraft already held may be used for training only."],
        ),
        (HeldEffect(Effect.GROUND), ["An aircraft already held stays on the ground."]),
        (
            HeldEffect(Effect.PHASE_OUT, 1),
            ["An aircraft already held is phased out within 1 month."],
        ),
    ],
)
def test_what_becomes_of_aircraft_already_held_is_a_sentence(
    held: HeldEffect, sentences: list[str]
) -> None:
    assert held_sentences(held) == sentences


def test_every_other_kind_of_rule_has_its_sentences() -> None:
    lists = {"blue": "Cleared builds"}
    measures = RequiredMeasure(frozenset({"encryption_at_rest", "data_location"}))
    assert criterion_sentences(measures, lists) == [
        "Fails when one of these security measures is absent: Data kept where the agency decides, Encryption of stored data."
    ]
    assert criterion_sentences(ClearedBuild("blue"), lists) == [
        "Fails when this very build is not on the list “Cleared builds”."
    ]
    assert criterion_sentences(Certificate(frozenset({"type_certificate"})), lists) == [
        "Fails when one of these certificates is not valid: Type certificate."
    ]
    toy = Attribute((Limit("weight_g", below=Decimal(100)),), (PartLimit("camera", fitted=False),))
    assert criterion_sentences(toy, lists) == [
        "Must be below 100 g: Weight.",
        "Must not have: Camera.",
    ]


def test_a_list_that_is_not_known_is_named_by_its_code() -> None:
    assert "“red”" in criterion_sentences(ClearedBuild("red"), {})[0]


@pytest.mark.parametrize("address", ["/policies/", "/policies/{policy}/", "/rules/{rule}/results/"])
def test_pages_of_policies_take_as_many_queries_for_many_results_as_for_one(
    address: str, rin: Person, world: World
) -> None:
    client = signed_in(rin)
    address = address.format(policy=world.version.policy_id, rule=world.origin.pk)
    refresh([world.clean.pk])
    one = queries(client, address)
    evaluate(world)
    assert queries(client, address) == one
