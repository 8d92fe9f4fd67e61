"""Clearance lists: a cleared build beside one that is not, from the decision to the result on its page."""

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import ListMatch, RuleResult
from policy.list_formats.entries import EntryRow
from policy.models import Policy, PolicyVersion, ReferenceList, Rule
from policy.services import record_edition
from registry.models import Build
from tests.people import Society
from tests.web.pages import Answer, shown, signed_in
from tests.worlds import IN_FORCE, World

CLEARED_UNTIL = date(2999, 12, 31)


@pytest.fixture
def cleared(world: World, society: Society) -> ReferenceList:
    """A list with a clearance of one S-1 and one that has ended, and a rule that asks for it."""
    with acting_as(None):
        listed = ReferenceList.objects.create(
            code="cleared", kind="clearances", name_en="Cleared aircraft", name_local="承認機"
        )
        rows = [
            EntryRow(1, "Sora S-1 (standard set)", "s1", parent_name="Sora Aircraft Co., Ltd."),
            EntryRow(2, "S-1", "ended", ended_on=date(2024, 12, 31)),
            EntryRow(3, "K-9 by somebody else", "k9", parent_name="Other Ltd"),
        ]
        record_edition(of=listed, edition=IN_FORCE, rows=rows)
        _enact(society)
    return listed


def _enact(society: Society) -> None:
    version = PolicyVersion.objects.create(
        policy=Policy.objects.create(code="us", name_en="US", name_local="米国"),
        label="1",
        in_force=DateRange(IN_FORCE, None),
        drafted_by=society.people.hana,
    )
    Rule.objects.create(
        version=version,
        code="cleared",
        clause_en="Only cleared builds.",
        clause_local="承認済みの構成に限る。",
        citation="C",
        level="block",
        on_unknown="block",
        scope={"kind": "all", "of": []},
        criterion={"kind": "cleared_build", "list": "cleared"},
        held={"effect": "allowed", "months": None, "missions": [], "counted_from": None},
    )
    PolicyVersion.objects.filter(pk=version.pk).update(
        status="published", published_by=society.people.fumi, published_at=timezone.now()
    )


def decide(person: Person, listed: ReferenceList, build: Build, **changes: Any) -> Answer:
    form = {
        "entry_key": "s1",
        "build": build.pk,
        "decision": "same",
        "reason": "Same part list.",
        **changes,
    }
    return signed_in(person).post(f"/lists/{listed.pk}/matches/new/", form)


def result(build: Build) -> RuleResult:
    return RuleResult.objects.on(timezone.localdate()).get(build=build, rule__code="cleared")


def test_a_decision_clears_one_build_and_no_other_of_its_model(
    world: World, cleared: ReferenceList, goro: Person
) -> None:
    assert decide(goro, cleared, world.clean).status_code == 302
    assert decide(goro, cleared, world.no_radio, decision="different").status_code == 302
    assert result(world.clean).outcome == "pass"
    assert result(world.no_radio).outcome == "fail"


def test_a_clearance_that_has_ended_clears_nothing(
    world: World, cleared: ReferenceList, goro: Person
) -> None:
    assert decide(goro, cleared, world.clean, entry_key="ended").status_code == 302
    assert result(world.clean).outcome == "fail"
    page = shown(signed_in(goro), f"/builds/{world.clean.pk}/results/")
    assert "which is this build, is not valid on the day" in page


def test_a_model_named_in_an_entry_is_proposed_with_all_its_known_builds_and_clears_none(
    world: World, cleared: ReferenceList, rin: Person
) -> None:
    found = signed_in(rin).get(f"/lists/{cleared.pk}/matches/").context["proposals"]
    pairs = {(each.entry.key, each.build.pk, each.maker) for each in found}
    assert pairs == {
        ("s1", world.clean.pk, "Sora Aircraft Co., Ltd."),
        ("s1", world.no_radio.pk, "Sora Aircraft Co., Ltd."),
        ("ended", world.clean.pk, ""),
        ("ended", world.no_radio.pk, ""),
    }, "the K-9 of another maker is not proposed"
    assert not ListMatch.objects.filter(build__isnull=False).exists()


def test_a_pair_that_was_decided_is_not_proposed_again(
    world: World, cleared: ReferenceList, goro: Person
) -> None:
    decide(goro, cleared, world.no_radio, decision="different")
    found = signed_in(goro).get(f"/lists/{cleared.pk}/matches/").context["proposals"]
    assert ("s1", world.no_radio.pk) not in {(each.entry.key, each.build.pk) for each in found}
    assert ("s1", world.clean.pk) in {(each.entry.key, each.build.pk) for each in found}


def test_the_configuration_nobody_knows_cannot_be_cleared(
    world: World, cleared: ReferenceList, goro: Person
) -> None:
    answer = decide(goro, cleared, world.unknown)
    assert answer.status_code == 422
    assert "not one of the available choices" in answer.content.decode()
    with acting_as(goro), pytest.raises(Exception, match="whose configuration is known"):
        ListMatch(
            list=cleared,
            entry_key="s1",
            build=world.unknown,
            decision="same",
            reason="R",
            decided_by=goro,
            decided_on=IN_FORCE,
        ).full_clean()


def test_a_clearance_is_of_a_build_and_a_company_list_of_vendors(
    world: World, cleared: ReferenceList, goro: Person
) -> None:
    form = {"entry_key": "s1", "vendor": world.sora.pk, "decision": "same", "reason": "R"}
    address = f"/lists/{cleared.pk}/matches/new/"
    assert signed_in(goro).post(address, form).status_code == 422
    form = {**form, "entry_key": "kite works", "build": world.clean.pk}
    del form["vendor"]
    address = f"/lists/{world.companies.pk}/matches/new/"
    assert signed_in(goro).post(address, form).status_code == 422
    assert not ListMatch.objects.filter(build__isnull=False).exists()


def test_the_pages_of_a_clearance_list_lead_to_the_build(
    world: World, cleared: ReferenceList, goro: Person, rin: Person
) -> None:
    decide(goro, cleared, world.clean)
    client, build = signed_in(rin), f"/builds/{world.clean.pk}/"
    edition = shown(client, f"/editions/{cleared.editions.get().pk}/")
    assert build in edition
    assert "Same part list." in edition
    page = shown(client, f"/lists/{cleared.pk}/")
    assert build in page
    assert "s1 = S-1 — Standard" in shown(client, "/history/")
