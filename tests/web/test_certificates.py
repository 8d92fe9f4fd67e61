"""The certificates of an aircraft on its pages: from the form to the result of the rule."""

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import refresh
from policy.models import Policy, PolicyVersion, Rule
from registry.models import Declaration, DroneCertificate
from tests.people import People
from tests.web.pages import Answer, queries, shown, signed_in
from tests.worlds import IN_FORCE, World


def address(world: World) -> str:
    return f"/drones/{world.patrol.pk}/certificates/"


def record(person: Person, world: World, code: str = "registration", **form: Any) -> Answer:
    return signed_in(person).post(f"{address(world)}{code}/", {"held": "yes", **form})


def stored(person: Person) -> DroneCertificate:
    with acting_as(person):
        return DroneCertificate.objects.visible_to(person).get()


def enact(people: People) -> None:
    with acting_as(None):
        version = PolicyVersion.objects.create(
            policy=Policy.objects.create(code="air", name_en="Air law", name_local="航空法"),
            label="1",
            in_force=DateRange(IN_FORCE, None),
            drafted_by=people.hana,
        )
        Rule.objects.create(
            version=version,
            code="papers",
            clause_en="Only registered aircraft fly.",
            clause_local="登録を受けた機体に限る。",
            citation="C",
            level="block",
            on_unknown="block",
            scope={"kind": "all", "of": []},
            criterion={"kind": "certificate", "certificates": ["registration"]},
            held={"effect": "ground", "months": None, "missions": [], "counted_from": None},
        )
        PolicyVersion.objects.filter(pk=version.pk).update(
            status="published", published_by=people.fumi, published_at=timezone.now()
        )


def test_a_custodian_records_a_certificate_as_a_claim(world: World, aiko: Person) -> None:
    form = {"number": "JU1234567890", "valid_from": "2025-01-01", "valid_until": "2999-12-31"}
    assert record(aiko, world, **form).status_code == 302
    row = stored(aiko)
    assert (row.held, row.number, row.valid_until) == (True, "JU1234567890", date(2999, 12, 31))
    assert (row.claimed_by_id, row.verified_by_id) == (aiko.pk, None)
    page = shown(signed_in(aiko), address(world))
    assert "JU1234567890" in page
    assert "Valid</span>" in page


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"valid_until": "2020-12-31"}, "Expired"),
        ({"valid_from": "2999-01-01"}, "Not yet valid"),
        ({"held": "no"}, "Not held"),
        ({"held": ""}, "Not known"),
    ],
)
def test_the_page_says_how_a_certificate_stands_today(
    form: dict[str, str], word: str, world: World, aiko: Person
) -> None:
    assert record(aiko, world, **form).status_code == 302
    row = shown(signed_in(aiko), address(world)).split("Registration of the aircraft")[1]
    assert f"{word}</span>" in row.split("</tr>")[0]


def test_it_is_changed_at_the_same_address_and_not_recorded_twice(
    world: World, aiko: Person, mika: Person
) -> None:
    record(aiko, world, number="JU1")
    assert 'value="JU1"' in shown(signed_in(mika), f"{address(world)}registration/")
    assert record(mika, world, number="JU2").status_code == 302
    assert (stored(aiko).number, stored(aiko).claimed_by_id) == ("JU2", mika.pk)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"held": "no", "number": "JU1"}, "Only a certificate that is or was held"),
        ({"valid_from": "2026-02-02", "valid_until": "2026-02-01"}, "cannot lie before the first"),
        ({"held": "perhaps"}, "not one of the available choices"),
        ({"valid_until": "next year"}, "Enter a valid date"),
    ],
)
def test_a_wrong_form_says_what_is_wrong(
    form: dict[str, str], words: str, world: World, aiko: Person
) -> None:
    answer = record(aiko, world, **form)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_certificate_that_nobody_knows_has_no_page(world: World, aiko: Person) -> None:
    assert record(aiko, world, "licence_to_kill").status_code == 404


def test_a_checked_certificate_on_a_checked_paper_passes_the_rule_of_the_aircraft(
    world: World, people: People
) -> None:
    enact(people)
    with acting_as(people.goro):
        paper = Declaration.objects.create(
            title="Registration notice",
            kind="certificate",
            claimant="MLIT",
            dated=IN_FORCE,
            grade=Declaration.Grade.DOCUMENTED,
            verified_by=people.goro,
        )
    refresh([world.clean.pk])
    results, steward = f"/drones/{world.patrol.pk}/results/", signed_in(people.goro)
    assert "Whether there is the certificate" in shown(steward, results)
    record(people.aiko, world, declaration=paper.pk)
    assert "rests on evidence below the grade" in shown(steward, results)
    page, row = shown(steward, address(world)), stored(people.goro)
    seen = page.split(f"/certificates/{row.pk}/verify/")[1].split('name="seen" value="')[1]
    form = {"seen": seen.split('"')[0], "next": address(world)}
    assert steward.post(f"/certificates/{row.pk}/verify/", form).status_code == 302
    assert stored(people.goro).verified_by_id == people.goro.pk
    page = shown(steward, results)
    assert "Passes: every required certificate is valid." in page
    assert "Whether there is the certificate" in shown(
        steward, f"/builds/{world.clean.pk}/results/"
    ), "the build has no papers of its own"


def test_a_lapsed_certificate_fails_the_rule_whatever_it_rests_on(
    world: World, people: People
) -> None:
    enact(people)
    record(people.aiko, world, valid_until="2020-12-31")
    refresh([world.clean.pk])
    page = shown(signed_in(people.rin), f"/drones/{world.patrol.pk}/results/")
    assert "Fails: a required certificate is not valid." in page
    assert "is no longer valid." in page


def test_the_history_of_the_aircraft_tells_of_its_certificates(world: World, aiko: Person) -> None:
    record(aiko, world)
    page = shown(signed_in(aiko), f"/drones/{world.patrol.pk}/history/")
    assert "Recorded the certificate" in page


def test_the_page_takes_as_many_queries_for_five_certificates_as_for_one(
    world: World, aiko: Person
) -> None:
    record(aiko, world)
    one = queries(signed_in(aiko), address(world))
    for code in ("remote_id", "type_certificate", "airworthiness_certificate", "radio_licence"):
        record(aiko, world, code)
    assert queries(signed_in(aiko), address(world)) == one
