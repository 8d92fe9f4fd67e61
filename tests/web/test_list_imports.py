"""New editions of lists on pages: upload, report, confirmation."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from agencies.models import Person
from compliance.models import RuleResult
from policy.models import Edition, Entry
from tests.web.pages import Answer, shown, signed_in
from tests.worlds import World

FILE = (
    "name,key,aliases,addresses,country,note\n"
    'KITE WORKS CO LTD,kite works,Kite; 风筝,"1 Road, Shenzhen, CN",CN,new reason\n'
    "Other Ltd,other,,,,\n"
)


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "lists"


def asked(**changes: Any) -> dict[str, Any]:
    given = {"form": "csv", "edition": "2026-06-08", "effective_from": "", "source": "Gazette"}
    return {**given, **changes}


def upload(person: Person, world: World, content: str = FILE, **changes: Any) -> Answer:
    file = SimpleUploadedFile("list.csv", content.encode())
    address = f"/lists/{world.companies.pk}/import/"
    return signed_in(person).post(address, asked(file=file, **changes))


def confirm(person: Person, world: World, content: str = FILE, **changes: Any) -> Answer:
    digest = hashlib.sha256(content.encode()).hexdigest()
    address = f"/lists/{world.companies.pk}/import/confirm/"
    return signed_in(person).post(address, asked(digest=digest, **changes))


def test_an_uploaded_file_is_reported_and_nothing_is_stored(goro: Person, world: World) -> None:
    answer = upload(goro, world)
    report = answer.context["report"]
    assert (report.added, report.removed, report.changed) == (
        ("Other Ltd",),
        (),
        ("KITE WORKS CO LTD",),
    )
    assert "Nothing is stored yet." in answer.content.decode()
    assert Edition.objects.filter(list=world.companies).count() == 1


def test_a_confirmed_edition_is_recorded_with_who_did_it_and_evaluated(
    goro: Person, world: World, uploads: Path
) -> None:
    upload(goro, world)
    answer = confirm(goro, world)
    edition = Edition.objects.get(list=world.companies, edition="2026-06-08")
    assert answer["Location"] == f"/editions/{edition.pk}/"
    assert (edition.recorded_by, edition.source) == (goro, "Gazette")
    kite = edition.entries.get(key="kite works")
    assert (kite.aliases, kite.addresses) == (["Kite", "风筝"], ["1 Road, Shenzhen, CN"])
    assert RuleResult.objects.current().exists()
    assert list(uploads.iterdir()) == []
    page = shown(signed_in(goro), f"/editions/{edition.pk}/")
    assert "1 added, 0 removed, 1 changed" in page
    assert "<ins>new reason</ins>" in page


def test_an_officer_of_policies_may_record_an_edition_too(hana: Person, world: World) -> None:
    assert upload(hana, world).status_code == 200
    assert "Record an edition" in shown(signed_in(hana), f"/lists/{world.companies.pk}/")


def test_every_problem_of_a_file_is_named_with_its_row(goro: Person, world: World) -> None:
    answer = upload(goro, world, "name,country\n,CN\nB,XX\n")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "row 2, column name: is empty" in page
    assert "row 3, column country" in page
    assert not Entry.objects.filter(name="B").exists()


def test_an_edition_that_is_recorded_with_other_entries_is_refused(
    goro: Person, world: World
) -> None:
    answer = upload(goro, world, edition="2021-04-01")
    assert answer.status_code == 422
    assert "An edition never changes." in answer.content.decode()


def test_a_list_of_countries_takes_no_companies(goro: Person, world: World) -> None:
    file = SimpleUploadedFile("list.csv", FILE.encode())
    answer = signed_in(goro).post(f"/lists/{world.concern.pk}/import/", asked(file=file))
    assert answer.status_code == 422
    assert "these entries are none: KITE WORKS CO LTD, Other Ltd" in answer.content.decode()


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", ""])
def test_a_confirmation_without_its_file_records_nothing(
    goro: Person, world: World, digest: str
) -> None:
    address = f"/lists/{world.companies.pk}/import/confirm/"
    answer = signed_in(goro).post(address, asked(digest=digest), follow=True)
    assert "Upload it again." in answer.content.decode() or not digest
    assert Edition.objects.filter(list=world.companies).count() == 1


def test_the_same_edition_again_says_that_it_is_there(goro: Person, world: World) -> None:
    upload(goro, world)
    confirm(goro, world)
    assert "This very edition is recorded already" in upload(goro, world).content.decode()
    confirm(goro, world)
    assert Edition.objects.filter(list=world.companies).count() == 2


def test_a_file_that_is_too_large_is_not_read(
    goro: Person, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.forms.editions.LARGEST", 10)
    answer = upload(goro, world)
    assert answer.status_code == 422
    assert "The file is larger than" in answer.content.decode()


def test_others_are_refused(rin: Person, chie: Person, world: World) -> None:
    for person in (rin, chie):
        assert upload(person, world).status_code == 403
        assert confirm(person, world).status_code == 403
        assert "Record an edition" not in shown(signed_in(person), f"/lists/{world.companies.pk}/")


def test_the_report_says_how_many_entries_have_ended_already(goro: Person, world: World) -> None:
    dated = "name,key,ended_on\nOne,one,2026-06-07\nTwo,two,2026-06-08\nThree,three,\nFour,four,2026-01-01\n"
    page = upload(goro, world, dated).content.decode()
    assert "2 entries have ended before the edition takes effect" in page


def test_of_many_names_fifty_are_listed_in_order_and_the_rest_counted(
    goro: Person, world: World
) -> None:
    many = "name\n" + "".join(f"Company {number:03}\n" for number in range(120, 0, -1))
    page = upload(goro, world, many).content.decode()
    assert "Added (120)" in page
    assert page.index("Company 001") < page.index("Company 050")
    assert "Company 051" not in page
    assert "and 70 more" in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("This reads as “Section 1260H list (CSV)”: choose that form.", "row 1, column ")),
        (
            "ja",
            (
                "形式です。その形式を選択してください。",
                "1行目、列「Clean Name」:この形式にない列です。",
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_the_language_of_the_reader(
    language: str, said: tuple[str, ...], goro: Person, world: World
) -> None:
    client = signed_in(goro)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    file = SimpleUploadedFile("list.csv", b"Name,Clean Name\nKite (KT),Kite\n")
    answer = client.post(f"/lists/{world.companies.pk}/import/", asked(file=file))
    assert answer.status_code == 422
    for words in said:
        assert words in answer.content.decode()
