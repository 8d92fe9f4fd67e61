"""The rulebook as it is loaded: each word of a stored rule, version and list counts."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency
from compliance.assess import assess_builds
from compliance.checks import Request, check_builds
from compliance.models import ListMatch, RuleResult
from compliance.rulebooks import load_rulebook
from policy.editions import EntityEdition, EntityList
from policy.models import Edition, Entry, Policy, PolicyVersion, ReferenceList, Rule
from policy.scopes import Acquisition
from policy.verdicts import Standing
from registry.models import Build
from tests.people import People
from tests.worlds import IN_FORCE, ORIGIN, SENSITIVE, World, publish

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
ALWAYS: dict[str, Any] = {"kind": "all", "of": []}
ALLOWED: dict[str, Any] = {
    "effect": "allowed",
    "months": None,
    "missions": [],
    "counted_from": None,
}


def enact(
    people: People, *, until: date | None = None, published: bool = True, **more: Any
) -> Rule:
    """A second policy of one rule on origin that always applies, unless `more` says otherwise."""
    words = {
        "scope": ALWAYS,
        "criterion": ORIGIN,
        "held": {"effect": "ground", "months": None, "missions": [], "counted_from": None},
        "level": Rule.Level.BLOCK,
        "on_unknown": Rule.Level.BLOCK,
        **more,
    }
    with acting_as(None):
        version = PolicyVersion.objects.create(
            policy=Policy.objects.create(code="two", name_en="Two", name_local="二"),
            label="1",
            in_force=DateRange(IN_FORCE, until),
            drafted_by=people.hana,
        )
        rule = Rule.objects.create(
            version=version, code="only", clause_en="C", clause_local="条", citation="C", **words
        )
        if published:
            PolicyVersion.objects.filter(pk=version.pk).update(
                status=PolicyVersion.Status.PUBLISHED,
                published_by=people.fumi,
                published_at=timezone.now(),
            )
    return rule


def verdict_of(build: Build, **more: Any) -> Any:
    """What the second policy alone says of a purchase by an agency for training."""
    asked = {
        "kind": Acquisition.PURCHASE,
        "missions": frozenset({"training"}),
        "agency_id": 0,
        "agency_kind": Agency.Kind.AGENCY,
        **more,
    }
    return check_builds([build.pk], Request(**asked), TODAY)[build.pk].verdict


def companies_loaded() -> tuple[EntityEdition, ...]:
    (companies,) = (each for each in load_rulebook().rules.lists if isinstance(each, EntityList))
    return companies.editions


def outcome(build: Build, rule: Rule, day: date) -> str | None:
    results = RuleResult.objects.on(day).filter(build=build, rule=rule)
    return results.values_list("outcome", flat=True).first()


def test_a_draft_is_no_part_of_the_rulebook(world: World, people: People) -> None:
    enact(people, published=False)
    assert {each.policy for each in load_rulebook().rules.policies} == {"jp"}
    assert verdict_of(world.listed).standing is Standing.CLEAR


def test_a_version_ends_on_its_last_day(world: World, people: People) -> None:
    rule = enact(people, until=date(2027, 4, 1))
    assess_builds([world.listed.pk], on=TODAY)
    assert outcome(world.listed, rule, date(2027, 3, 31)) == "fail"
    assert outcome(world.listed, rule, date(2027, 4, 1)) is None


def test_a_rule_may_ask_for_verified_evidence(world: World, people: People) -> None:
    rule = enact(people, min_grade=3)
    assess_builds([world.clean.pk], on=TODAY)
    assert outcome(world.clean, rule, TODAY) == "unknown"
    assert outcome(world.clean, world.origin, TODAY) == "pass"


@pytest.mark.parametrize(
    ("level", "standing"),
    [("block", Standing.GROUND), ("consult", Standing.CONSULT), ("inform", Standing.CLEAR)],
)
def test_the_level_says_what_a_fail_comes_to(
    world: World, people: People, level: str, standing: Standing
) -> None:
    enact(people, level=level, on_unknown="inform", held=ALLOWED)
    assert verdict_of(world.listed).standing is standing


@pytest.mark.parametrize(
    ("on_unknown", "standing"), [("block", Standing.UNDETERMINED), ("inform", Standing.CLEAR)]
)
def test_what_an_unknown_comes_to_is_said_apart_from_the_level(
    world: World, people: People, on_unknown: str, standing: Standing
) -> None:
    enact(people, on_unknown=on_unknown)
    assert verdict_of(world.no_radio).standing is standing


@pytest.mark.parametrize(
    ("scope", "asked", "applies"),
    [
        ({"kind": "acquisition_kind_in", "kinds": ["lease"]}, {"kind": Acquisition.LEASE}, True),
        ({"kind": "acquisition_kind_in", "kinds": ["lease"]}, {}, False),
        ({"kind": "agency_kind_in", "kinds": ["ministry"]}, {"agency_kind": "ministry"}, True),
        ({"kind": "agency_kind_in", "kinds": ["ministry"]}, {}, False),
        ({"kind": "weight_range_g", "from_g": "900"}, {}, True),
        ({"kind": "weight_range_g", "from_g": "901"}, {}, False),
        ({"kind": "mission_in", "missions": ["training"]}, {}, True),
        ({"kind": "mission_in", "missions": ["rescue"]}, {}, False),
    ],
)
def test_the_scope_is_asked_of_the_request_and_the_model(
    world: World, people: People, scope: dict[str, Any], asked: dict[str, Any], applies: bool
) -> None:
    enact(people, scope=scope)
    assert (verdict_of(world.listed, **asked).standing is Standing.GROUND) is applies


def test_a_request_without_missions_may_be_sensitive(world: World) -> None:
    verdict = verdict_of(world.listed, missions=frozenset())
    assert (verdict.sensitive, verdict.standing) == (None, Standing.UNDETERMINED)
    assert verdict_of(world.listed).sensitive is False
    assert verdict_of(world.listed, missions=frozenset(SENSITIVE)).sensitive is True


@pytest.mark.parametrize("which", ["concern", "companies"])
def test_an_edition_counts_from_the_day_it_takes_effect(world: World, which: str) -> None:
    listed: ReferenceList = getattr(world, which)
    effective = date(2027, 6, 1)
    with acting_as(None):
        Edition.objects.create(
            list=listed, edition=date(2026, 1, 1), effective_from=effective, digest="0" * 64
        )
    assess_builds([world.listed.pk], on=TODAY)
    rule = world.origin if which == "concern" else world.listed_party
    assert outcome(world.listed, rule, date(2027, 5, 31)) == "fail"
    assert outcome(world.listed, rule, effective) == "pass"


def test_an_entry_of_a_company_counts_through_its_last_day(world: World) -> None:
    last = date(2027, 5, 31)
    with acting_as(None):
        edition = publish(world.companies, TODAY, {})
        Entry.objects.create(edition=edition, key="kite works", name="KITE", ended_on=last)
    assess_builds([world.listed.pk], on=TODAY)
    assert outcome(world.listed, world.listed_party, last) == "fail"
    assert outcome(world.listed, world.listed_party, date(2027, 6, 1)) == "pass"


def test_only_entries_that_somebody_found_to_be_a_vendor_are_loaded(
    world: World, people: People
) -> None:
    with acting_as(None):
        publish(world.companies, TODAY, {"kite works": "KITE", "else": "ELSE", "other": "OTHER"})
        ListMatch.objects.create(
            list=world.companies,
            entry_key="other",
            vendor=world.sora,
            decision=ListMatch.Decision.DIFFERENT,
            reason="Another seat.",
            decided_by=people.goro,
            decided_on=TODAY,
        )
    loaded = {entry.key for edition in companies_loaded() for entry in edition.entries}
    assert loaded == {"kite works"}


def test_a_rulebook_that_was_read_is_read_again_only_when_something_of_it_changed(
    world: World, django_assert_num_queries: Any
) -> None:
    first = load_rulebook()
    with django_assert_num_queries(1):
        assert load_rulebook() is first


def _enact(world: World, people: People) -> None:
    enact(people)


def _end(world: World, people: People) -> None:
    version = PolicyVersion.objects.get()
    version.in_force = DateRange(version.in_force.lower, date(2027, 4, 1))
    version.save(update_fields=["in_force"])


def _rename(world: World, people: People) -> None:
    Policy.objects.update(name_en="Another name")


def _record(world: World, people: People) -> None:
    publish(world.companies, TODAY, {"kite works": "KITE"})


def _match(world: World, people: People) -> None:
    ListMatch.objects.update(decision=ListMatch.Decision.DIFFERENT)


@pytest.mark.parametrize("change", [_enact, _end, _rename, _record, _match])
def test_every_change_of_the_rulebook_is_read_at_once_and_forgotten_when_it_is_undone(
    world: World, people: People, change: Callable[[World, People], None]
) -> None:
    before = load_rulebook().rules
    with transaction.atomic():
        with acting_as(None):
            change(world, people)
        assert load_rulebook().rules != before
        transaction.set_rollback(True)
    assert load_rulebook().rules == before


def test_two_changes_of_one_row_in_one_transaction_are_both_read(world: World) -> None:
    names = []
    with acting_as(None):
        for name in ("One", "Two"):
            Policy.objects.update(name_en=name)
            names += [each.name.en for each in load_rulebook().rules.policies]
    assert names == ["One", "Two"]
