"""The pages of files and notes: adding, reading, sending out, withdrawing; and what is not taken."""

import hashlib
from pathlib import Path
from typing import cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from pytest_django.fixtures import Settings

from agencies.context import acting_as
from agencies.models import Person
from procurement.models import Purchase
from records.models import AgencyAttachment, AgencyNote, CatalogueAttachment, CatalogueNote
from records.services import attach, write_note
from tests.web.pages import Answer, queries, shown, signed_in
from tests.worlds import World

PDF = b"%PDF-1.7 declaration"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def add(person: Person, record: str, content: bytes = PDF, name: str = "origin.pdf") -> Answer:
    form = {"file": SimpleUploadedFile(name, content, "text/html"), "about": "Origin of the parts"}
    return signed_in(person).post(f"{record}files/", form)


def drone(world: World) -> str:
    return f"/drones/{world.patrol.pk}/"


def file_id(person: Person) -> str:
    with acting_as(person):
        return str(AgencyAttachment.objects.visible_to(person).get().pk)


def body(answer: Answer) -> bytes:
    return b"".join(cast("StreamingHttpResponse", answer))


def test_a_file_comes_back_as_it_was_and_is_only_saved_never_shown(
    world: World, aiko: Person, rin: Person
) -> None:
    assert add(aiko, drone(world)).status_code == 302
    answer = signed_in(rin).get(f"/files/{file_id(rin)}/")
    assert body(answer) == PDF
    assert {name: answer[name] for name in sorted(answer.headers) if name in EXPECTED} == EXPECTED


EXPECTED = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": 'attachment; filename="origin.pdf"',
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Content-Type": "application/pdf",
    "X-Content-Type-Options": "nosniff",
}


def test_the_page_says_what_a_file_is_and_who_added_it(world: World, aiko: Person) -> None:
    add(aiko, drone(world))
    page = shown(signed_in(aiko), f"{drone(world)}files/")
    for words in ("origin.pdf", "Origin of the parts", "application/pdf", "Aiko"):
        assert words in page
    assert hashlib.sha256(PDF).hexdigest()[:12] in page


@pytest.mark.parametrize(("what", "word"), [("files", "Files"), ("notes", "Notes")])
def test_the_page_says_in_its_trail_which_of_the_two_it_is(
    what: str, word: str, world: World, aiko: Person
) -> None:
    trail = shown(signed_in(aiko), f"{drone(world)}{what}/").split("</ol>")[0]
    assert word in trail.rsplit("<li", 1)[1]


@pytest.mark.parametrize("record", ["drones", "purchases", "agencies"])
def test_files_and_notes_of_another_agency_are_as_if_they_were_not(
    record: str, world: World, purchase: Purchase, aiko: Person, daisuke: Person
) -> None:
    keys = {"drones": world.patrol, "purchases": purchase, "agencies": purchase.agency}
    address = f"/{record}/{keys[record].pk}/"
    assert add(aiko, address).status_code == 302
    stranger, key = signed_in(daisuke), file_id(aiko)
    for asked in (
        f"{address}files/",
        f"{address}notes/",
        f"/files/{key}/",
        f"/files/{key}/withdraw/",
    ):
        assert stranger.get(asked).status_code == 404
    assert add(daisuke, address).status_code == 404
    assert stranger.post(f"{address}notes/", {"text": "x", "audience": "shared"}).status_code == 404


@pytest.mark.parametrize("record", ["builds", "models", "vendors"])
def test_files_of_the_catalogue_are_read_by_every_member(
    record: str, world: World, aiko: Person, daisuke: Person
) -> None:
    keys = {"builds": world.clean.pk, "models": world.clean.model_id, "vendors": world.sora.pk}
    address = f"/{record}/{keys[record]}/"
    assert add(aiko, address).status_code == 302
    file = CatalogueAttachment.objects.get()
    assert body(signed_in(daisuke).get(f"/files/{file.pk}/")) == PDF
    assert "origin.pdf" in shown(signed_in(daisuke), f"{address}files/")
    assert f'{address}files/">Files<span class="count">1</span>' in shown(
        signed_in(daisuke), address
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"MZ\x90\x00 a program", "This kind of file is not taken."),
        (b"%PDF-" + b"x" * (25 * 1024 * 1024), "The file is too large: at most 25 MB are taken."),
    ],
    ids=["empty", "a program", "too large"],
)
def test_what_is_not_taken_is_said_and_leaves_nothing(
    content: bytes, words: str, world: World, aiko: Person, place: Path
) -> None:
    answer = add(aiko, drone(world), content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert [path for path in place.rglob("*") if path.is_file()] == []
    with acting_as(aiko):
        assert not AgencyAttachment.objects.visible_to(aiko).exists()


def test_a_request_of_a_hundred_megabytes_is_refused_before_it_is_read(
    world: World, aiko: Person, place: Path
) -> None:
    answer = add(aiko, drone(world), b"%PDF-" + b"x" * (100 * 1024 * 1024))
    assert answer.status_code == 400
    assert "at most 40 MB are read" in answer.content.decode()
    assert not (place / "files").exists()


def test_a_form_without_a_file_says_so(world: World, aiko: Person) -> None:
    answer = signed_in(aiko).post(f"{drone(world)}files/", {"about": "Nothing"})
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()


def test_a_name_that_deceives_is_shown_as_what_it_is(world: World, aiko: Person) -> None:
    add(aiko, drone(world), name="invoice\u202efdp.exe")
    assert "invoicefdp.exe.pdf" in shown(signed_in(aiko), f"{drone(world)}files/")


def test_a_page_in_html_goes_out_as_plain_text(world: World, aiko: Person) -> None:
    add(aiko, drone(world), b"<script>alert(1)</script>", name="page.html")
    answer = signed_in(aiko).get(f"/files/{file_id(aiko)}/")
    assert body(answer) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "text/plain"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html.txt"'


def test_a_withdrawn_file_stays_with_its_reason_and_goes_out_to_auditors_alone(
    world: World, aiko: Person, mika: Person, rin: Person, iori: Person
) -> None:
    add(aiko, drone(world))
    address = f"/files/{file_id(aiko)}/"
    assert signed_in(rin).post(f"{address}withdraw/", {"because": "No"}).status_code == 403
    assert signed_in(mika).post(f"{address}withdraw/", {"because": ""}).status_code == 422
    done = signed_in(mika).post(f"{address}withdraw/", {"because": "Of another aircraft."})
    assert done.status_code == 302
    page = shown(signed_in(rin), f"{drone(world)}files/")
    assert "Of another aircraft." in page
    assert "Mika" in page
    assert signed_in(aiko).get(address).status_code == 403
    assert body(signed_in(iori).get(address)) == PDF
    assert signed_in(aiko).post(f"{address}withdraw/", {"because": "Again"}).status_code == 403


def test_who_only_reads_adds_nothing(world: World, rin: Person, aiko: Person) -> None:
    assert add(rin, drone(world)).status_code == 403
    answer = signed_in(rin).post(f"{drone(world)}notes/", {"text": "x", "audience": "shared"})
    assert answer.status_code == 403
    for what in ("files", "notes"):
        assert 'name="csrfmiddlewaretoken"' not in main(rin, f"{drone(world)}{what}/")
        assert 'name="csrfmiddlewaretoken"' in main(aiko, f"{drone(world)}{what}/")


def main(person: Person, address: str) -> str:
    return shown(signed_in(person), address).split("<main")[1].split("</main>")[0]


def test_notes_are_listed_newest_first_with_their_authors(
    world: World, aiko: Person, ben: Person
) -> None:
    for by, text in ((aiko, "First look"), (ben, "Second look")):
        form = {"text": text, "audience": "shared"}
        assert signed_in(by).post(f"{drone(world)}notes/", form).status_code == 302
    page = shown(signed_in(aiko), f"{drone(world)}notes/")
    assert page.index("Second look") < page.index("First look")
    assert "Ben" in page
    with acting_as(aiko):
        assert AgencyNote.objects.visible_to(aiko).count() == 2


def test_an_internal_note_is_no_word_to_the_other_side_anywhere(
    world: World, aiko: Person, chie: Person
) -> None:
    form = {"text": "Between us at the agency", "audience": "internal"}
    signed_in(aiko).post(f"{drone(world)}notes/", form)
    for address in (f"{drone(world)}notes/", drone(world), "/history/"):
        assert "Between us" not in shown(signed_in(chie), address)
    assert 'Notes<span class="count">0</span>' in shown(signed_in(chie), drone(world))
    assert "Between us" in shown(signed_in(aiko), f"{drone(world)}notes/")


def test_a_note_on_the_catalogue_has_no_sides(world: World, aiko: Person, daisuke: Person) -> None:
    address = f"/vendors/{world.sora.pk}/notes/"
    assert "audience" not in shown(signed_in(aiko), address)
    assert signed_in(aiko).post(address, {"text": "Moved its seat."}).status_code == 302
    assert CatalogueNote.objects.get().author == aiko
    assert "Moved its seat." in shown(signed_in(daisuke), address)


def test_a_lost_content_is_not_there(world: World, aiko: Person, place: Path) -> None:
    add(aiko, drone(world))
    for path in place.rglob("*"):
        if path.is_file():
            path.unlink()
    assert signed_in(aiko).get(f"/files/{file_id(aiko)}/").status_code == 404


@pytest.mark.parametrize("what", ["files", "notes"])
def test_the_number_of_queries_does_not_grow_with_files_and_notes(
    what: str, world: World, aiko: Person
) -> None:
    client, address = signed_in(aiko), f"{drone(world)}{what}/"
    counts = []
    for number in range(3):
        with acting_as(aiko):
            upload = SimpleUploadedFile(f"{number}.txt", b"x%d" % number)
            attach(to=world.patrol, upload=upload, by=aiko)
            write_note(on=world.patrol, text=str(number), by=aiko)
        counts.append(queries(client, address))
    assert len(set(counts)) == 1
