"""Files and notes of a waiver: of those at its body and above it, and nobody's below or beside."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from agencies.models import Person
from compliance.models import Waiver
from tests.compliance.waivers import requested
from tests.people import People, Tree
from tests.web.pages import shown, signed_in
from tests.worlds import World


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def waiver(world: World, tree: Tree, aiko: Person) -> Waiver:
    return requested(aiko, tree.coast_guard, world)


def test_who_asked_adds_a_document_and_whoever_decides_opens_it_from_the_waiver(
    waiver: Waiver, people: People
) -> None:
    record = f"/waivers/{waiver.pk}/"
    paper = SimpleUploadedFile("risk.pdf", b"%PDF-1.7 risk")
    sent = {"file": paper, "about": "Risk assessment of the radio"}
    assert signed_in(people.aiko).post(f"{record}files/", sent).status_code == 302
    reviewer = signed_in(people.chie)
    asked = reviewer.post(f"{record}notes/", {"text": "Which radio?", "audience": "shared"})
    assert asked["Location"] == f"{record}notes/"
    page = shown(reviewer, record)
    for tab in ("files", "notes"):
        assert f'href="{record}{tab}/"' in page
    assert "Risk assessment of the radio" in shown(reviewer, f"{record}files/")
    assert "Which radio?" in shown(signed_in(people.aiko), f"{record}notes/")


def test_of_a_waiver_of_a_body_above_a_reader_sees_neither_files_nor_notes(
    world: World, tree: Tree, people: People
) -> None:
    above = requested(people.hana, tree.mlit, world)
    aiko, record = signed_in(people.aiko), f"/waivers/{above.pk}/"
    page = shown(aiko, record)
    assert "files/" not in page
    assert "notes/" not in page
    for tab in ("files", "notes"):
        assert aiko.get(f"{record}{tab}/").status_code == 404
        assert signed_in(people.hana).get(f"{record}{tab}/").status_code == 200
