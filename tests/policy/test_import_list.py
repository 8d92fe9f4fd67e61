"""Editions of lists, from published files and as records that never change."""

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from agencies.context import acting_as
from policy.list_formats.entries import EntryRow
from policy.models import Edition, Entry, PolicyVersion, ReferenceList, Rule, RulebookState
from policy.services import publish, record_edition
from tests.people import People
from tests.refusals import NO_RIGHT, refused
from tests.worlds import HELD, IN_FORCE, ORIGIN, World

pytestmark = pytest.mark.django_db

HEAD = "Name,Clean Name,Alias,Previous Name,Parent Name,Note,Start date,End date,Source Url\n"
FIRST = HEAD + (
    "Alpha Co.,Alpha Co.,Alfa,,,,2025-01-07,,https://example.org/notice\n"
    "Beta Ltd.,Beta Ltd.,,,Alpha Co.,,2025-01-07,,https://example.org/notice\n"
    "Gamma Inc.,Gamma Inc.,,,,,2025-01-07,,https://example.org/notice\n"
)
SECOND = HEAD + (
    "Alpha Co.,Alpha Co.,Alfa; Alpha Aero,,,,2025-01-07,,https://example.org/notice\n"
    "Gamma Inc.,Gamma Inc.,,,,,2025-01-07,,https://example.org/notice\n"
    "Delta S.A.,Delta S.A.,,,,,2026-06-08,,https://example.org/notice\n"
)


def import_list(file: Path, edition: str, code: str = "companies") -> dict[str, object]:
    out = StringIO()
    call_command(
        "import_list",
        str(file),
        "--list",
        code,
        "--edition",
        edition,
        "--format",
        "dod1260h",
        "--json",
        stdout=out,
    )
    report: dict[str, object] = json.loads(out.getvalue())
    return report


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    file = tmp_path / "notice.csv"
    file.write_text(FIRST, encoding="utf-8")
    return file


@pytest.fixture
def companies(society: object) -> ReferenceList:
    with acting_as(None):
        return ReferenceList.objects.create(
            code="companies", kind="entities", name_en="Companies", name_local="企業"
        )


def test_an_edition_is_recorded_with_names_aliases_and_parents(
    companies: ReferenceList, notice: Path
) -> None:
    report = import_list(notice, "2025-01-07")
    assert (report["entries"], report["added"]) == (3, ["Alpha Co.", "Beta Ltd.", "Gamma Inc."])
    beta = Entry.objects.get(name="Beta Ltd.")
    assert (beta.parent_name, beta.listed_on) == ("Alpha Co.", date(2025, 1, 7))
    assert Entry.objects.get(name="Alpha Co.").aliases == ["Alfa"]


def test_the_next_edition_reports_exactly_what_changed(
    companies: ReferenceList, notice: Path
) -> None:
    import_list(notice, "2025-01-07")
    notice.write_text(SECOND, encoding="utf-8")
    report = import_list(notice, "2026-06-08")
    assert (report["added"], report["removed"], report["changed"], report["same"]) == (
        ["Delta S.A."],
        ["Beta Ltd."],
        ["Alpha Co."],
        1,
    )


def test_the_same_edition_again_changes_nothing(companies: ReferenceList, notice: Path) -> None:
    import_list(notice, "2025-01-07")
    assert import_list(notice, "2025-01-07")["already_recorded"] is True
    assert (Edition.objects.count(), Entry.objects.count()) == (1, 3)


def test_the_same_day_with_other_entries_is_refused(companies: ReferenceList, notice: Path) -> None:
    import_list(notice, "2025-01-07")
    notice.write_text(SECOND, encoding="utf-8")
    with pytest.raises(CommandError, match=r"An edition never changes|変更") as refusal:
        import_list(notice, "2025-01-07")
    assert refusal.value.returncode == 2
    assert Entry.objects.count() == 3


def test_a_list_that_is_not_known_is_named_with_those_that_are(
    companies: ReferenceList, notice: Path
) -> None:
    with pytest.raises(CommandError, match=r"no list 'comapnies'.*companies"):
        import_list(notice, "2025-01-07", code="comapnies")


def test_a_new_list_is_begun_when_it_is_given_a_name(
    companies: ReferenceList, notice: Path
) -> None:
    call_command(
        "import_list",
        str(notice),
        "--list=notices",
        "--edition=2025-01-07",
        "--format=dod1260h",
        "--new=Notices",
        stdout=StringIO(),
    )
    begun = ReferenceList.objects.get(code="notices")
    assert (begun.kind, begun.name_en, begun.editions.count()) == ("entities", "Notices", 1)


def test_a_malformed_file_is_refused_whole(
    companies: ReferenceList, notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notice.write_text(FIRST + "Delta,Delta,,,,,sometime,,\n,,,,,,2025-01-07,,\n", encoding="utf-8")
    with pytest.raises(CommandError, match="nothing was stored"):
        import_list(notice, "2025-01-07")
    said = capsys.readouterr().err
    assert "row 5" in said
    assert "row 6" in said
    assert not Edition.objects.exists()


def test_an_edition_never_changes_and_takes_no_entry_later(world: World) -> None:
    with acting_as(None):
        with refused(NO_RIGHT):
            Edition.objects.filter(list=world.companies).update(source="other")
        with refused(NO_RIGHT):
            Entry.objects.filter(edition__list=world.companies).update(name="other")
        with refused(NO_RIGHT):
            Entry.objects.filter(edition__list=world.companies).delete()


def test_every_edition_recorded_is_counted_once(world: World) -> None:
    before = RulebookState.objects.get().changes
    rows = [EntryRow(row=2, name="A", key="a"), EntryRow(row=3, name="B", key="b")]
    with acting_as(None):
        record_edition(of=world.companies, edition=date(2026, 1, 1), rows=rows)
    assert RulebookState.objects.get().changes == before + 1


@pytest.fixture
def next_version(world: World, people: People) -> PolicyVersion:
    """A draft by Hana that would follow the version in force, with one rule."""
    with acting_as(people.hana):
        version = PolicyVersion.objects.create(
            policy=world.version.policy,
            label="2",
            in_force=DateRange(date(2027, 4, 1), None),
            drafted_by=people.hana,
        )
        Rule.objects.create(
            version=version,
            code="origin",
            clause_en="No part from there.",
            clause_local="用いないこと。",
            citation="test",
            level="block",
            on_unknown="block",
            scope={"kind": "all", "of": []},
            criterion=ORIGIN,
            held=HELD,
        )
    return version


def _limit(attribute: str, **bounds: Any) -> dict[str, Any]:
    empty = {"at_least": None, "at_most": None, "below": None, "present": None}
    return {
        "kind": "attribute",
        "limits": [{"attribute": attribute, **empty, **bounds}],
        "parts": [],
    }


def test_who_drafted_a_version_does_not_publish_it(
    next_version: PolicyVersion, people: People
) -> None:
    with acting_as(people.hana), pytest.raises(ValidationError, match="did not draft"):
        publish(version=next_version, by=people.hana)


def test_versions_of_one_policy_never_overlap(next_version: PolicyVersion, people: People) -> None:
    with acting_as(people.fumi), pytest.raises(ValidationError, match="in force on some of these"):
        publish(version=next_version, by=people.fumi)


def test_a_version_takes_over_on_the_day_the_one_before_is_given_as_its_last(
    world: World, next_version: PolicyVersion, people: People
) -> None:
    with acting_as(people.fumi):
        period = DateRange(IN_FORCE, date(2027, 4, 1))
        PolicyVersion.objects.filter(pk=world.version.pk).update(in_force=period)
        publish(version=next_version, by=people.fumi)
    in_force = PolicyVersion.objects.in_force_on
    assert in_force(date(2027, 3, 31)).get().label == "1"
    assert in_force(date(2027, 4, 1)).get().label == "2"


def test_a_published_version_and_its_rules_stay_as_they_are(world: World) -> None:
    with acting_as(None):
        with refused(NO_RIGHT):
            PolicyVersion.objects.filter(pk=world.version.pk).update(sensitive_missions=[])
        with refused(NO_RIGHT):
            PolicyVersion.objects.filter(pk=world.version.pk).update(status="draft")
        with refused(NO_RIGHT):
            Rule.objects.filter(pk=world.origin.pk).update(level="inform")
        with refused(NO_RIGHT):
            Rule.objects.filter(pk=world.origin.pk).delete()


def test_a_version_without_rules_is_not_published(
    next_version: PolicyVersion, people: People
) -> None:
    with acting_as(people.hana):
        next_version.rules.all().delete()
    with acting_as(people.fumi), pytest.raises(ValidationError, match="without rules"):
        publish(version=next_version, by=people.fumi)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": "inform", "on_unknown": "block"}, "origin: "),
        ({"scope": {"kind": "no_such_scope"}}, "origin: scope"),
        ({"criterion": {**ORIGIN, "list": "nowhere"}}, "no list 'nowhere' of jurisdictions"),
        ({"criterion": {**ORIGIN, "list": "companies"}}, "no list 'companies' of jurisdictions"),
    ],
)
def test_a_version_with_a_rule_that_cannot_be_evaluated_is_not_published(
    next_version: PolicyVersion, people: People, change: dict[str, Any], words: str
) -> None:
    with acting_as(people.hana):
        next_version.rules.update(**change)
    with acting_as(people.fumi), pytest.raises(ValidationError, match=words):
        publish(version=next_version, by=people.fumi)


@pytest.mark.parametrize(
    ("criterion", "said"),
    [
        (
            {"kind": "required_measure", "measures": ["encription"]},
            "'encription' is no security measure; use one of: encryption_at_rest,",
        ),
        (
            {"kind": "certificate", "certificates": ["licence_to_fly"]},
            "'licence_to_fly' is no certificate; use one of: registration,",
        ),
        (
            _limit("colour", at_most="1"),
            "'colour' is no attribute; use one of: weight_g,",
        ),
        (
            _limit("weight_g", present=True),
            "weight_g is a quantity in g; give at_least, at_most or below instead of present",
        ),
        (
            _limit("sold_as_toy", below="1"),
            "sold_as_toy is a yes or no; give present instead of a number",
        ),
    ],
)
def test_a_rule_that_names_what_the_vocabularies_do_not_have_is_not_published(
    criterion: dict[str, Any], said: str, next_version: PolicyVersion, people: People
) -> None:
    """Its facts could never be recorded, so it would be unknown for ever."""
    with acting_as(people.hana):
        Rule.objects.filter(version=next_version).update(criterion=criterion)
    with acting_as(people.fumi), pytest.raises(ValidationError, match=re.escape(said)):
        publish(version=next_version, by=people.fumi)
