"""Files and notes in the database: whose they are, and that they stay."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from pytest_django.fixtures import Settings

from agencies.context import acting_as
from agencies.models import Person
from procurement.models import Contributor, Purchase
from records.models import (
    AgencyAttachment,
    AgencyNote,
    Attachment,
    CatalogueAttachment,
    CatalogueNote,
)
from records.services import attach, withdraw, write_note
from tests.people import People
from tests.refusals import BROKEN_KEY, NO_RIGHT, refused
from tests.worlds import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def added(to: Model, by: Person, content: bytes = b"seen") -> Attachment:
    with acting_as(by):
        return attach(to=to, upload=SimpleUploadedFile("a.txt", content), by=by)


def test_a_file_of_an_aircraft_belongs_to_its_agency_and_one_of_a_build_to_nobody(
    world: World, people: People
) -> None:
    of_drone, of_build = added(world.patrol, people.aiko), added(world.clean, people.aiko)
    assert isinstance(of_drone, AgencyAttachment)
    assert of_drone.agency_id == world.patrol.agency_id
    assert isinstance(of_build, CatalogueAttachment)
    with acting_as(people.daisuke):
        assert not AgencyAttachment.objects.visible_to(people.daisuke).exists()
        assert CatalogueAttachment.objects.get() == of_build
    with acting_as(people.chie):
        assert AgencyAttachment.objects.visible_to(people.chie).get() == of_drone


@pytest.mark.parametrize("by_whom", ["daisuke", "chie"])
def test_nothing_is_hung_on_an_aircraft_under_another_agency(
    by_whom: str, world: World, people: People
) -> None:
    """Daisuke cannot see the aircraft; Chie sees it and still cannot call it the Forestry Agency's."""
    by = getattr(people, by_whom)
    with refused(BROKEN_KEY), acting_as(by):
        AgencyNote.objects.create(
            agency=world.timber.agency,
            record_table="registry_drone",
            record_id=str(world.patrol.pk),
            text="Mine.",
            author=by,
            side="agency",
        )


def test_nothing_is_hung_on_what_is_not_there(world: World, people: People) -> None:
    with refused(BROKEN_KEY), acting_as(people.aiko):
        AgencyNote.objects.create(
            agency=world.patrol.agency,
            record_table="registry_drone",
            record_id="01890a5d-ac96-774b-bcce-b302099a8057",
            text="Where?",
            author=people.aiko,
            side="agency",
        )


def test_nobody_writes_in_the_name_of_another(world: World, people: People) -> None:
    with refused(NO_RIGHT), acting_as(people.aiko):
        write_note(on=world.patrol, text="Ben agrees.", by=people.ben)
    with refused(NO_RIGHT), acting_as(people.aiko):
        attach(to=world.clean, upload=SimpleUploadedFile("a.txt", b"x"), by=people.goro)


@pytest.mark.parametrize("model", [AgencyNote, CatalogueNote])
def test_a_note_is_permanent(
    model: type[AgencyNote | CatalogueNote], world: World, people: People
) -> None:
    on: Model = world.patrol if model is AgencyNote else world.clean
    with acting_as(people.aiko):
        note = write_note(on=on, text="Rotor 2 replaced.", by=people.aiko)
    for who in (people.aiko, people.jun):
        with refused(NO_RIGHT), acting_as(who):
            model._base_manager.filter(pk=note.pk).update(text="Nothing happened.")
        with refused(NO_RIGHT), acting_as(who):
            model._base_manager.filter(pk=note.pk).delete()


@pytest.mark.parametrize("on_agency", [True, False])
def test_a_file_is_withdrawn_once_and_neither_changed_nor_deleted(
    on_agency: bool, world: World, people: People
) -> None:
    file = added(world.patrol if on_agency else world.clean, people.aiko)
    rows = file._meta.model._base_manager
    for change in ({"digest": "0" * 64}, {"name": "other.txt"}, {"about": "else"}):
        with refused(NO_RIGHT), acting_as(people.aiko):
            rows.filter(pk=file.pk).update(withdrawn_by=people.aiko, **change)
    with refused(NO_RIGHT), acting_as(people.jun):
        rows.filter(pk=file.pk).delete()
    with acting_as(people.aiko):
        with pytest.raises(ValidationError, match="Say why"):
            withdraw(attachment=file, because="  ", by=people.aiko)
        withdraw(attachment=file, because="Wrong aircraft.", by=people.aiko)
        with pytest.raises(ValidationError, match="already"):
            withdraw(attachment=file, because="Again.", by=people.aiko)
    with refused(NO_RIGHT), acting_as(people.aiko):
        rows.filter(pk=file.pk).update(
            withdrawn_at=None, withdrawn_because="", withdrawn_by=people.aiko
        )
    with acting_as(people.aiko):
        kept = rows.values("withdrawn_by", "withdrawn_because").get(pk=file.pk)
    assert kept == {"withdrawn_by": people.aiko.pk, "withdrawn_because": "Wrong aircraft."}


def test_an_internal_note_is_read_by_the_side_that_wrote_it(world: World, people: People) -> None:
    for by in (people.aiko, people.chie):
        with acting_as(by):
            write_note(on=world.patrol, text=f"{by.name_en}, internal", audience="internal", by=by)
            write_note(on=world.patrol, text=f"{by.name_en}, shared", by=by)
    read = {}
    for reader in (people.ben, people.kei):
        with acting_as(reader):
            read[reader.name_en] = {n.text for n in AgencyNote.objects.visible_to(reader)}
    shared = {"Aiko, shared", "Chie, shared"}
    assert read == {"Ben": shared | {"Aiko, internal"}, "Kei": shared | {"Chie, internal"}}


def test_whoever_adds_a_file_to_a_purchase_has_a_hand_in_it(
    purchase: Purchase, people: People
) -> None:
    added(purchase, people.ben)
    with acting_as(people.ben):
        write_note(on=purchase, text="A note is no evidence.", by=people.ben)
        hands = Contributor.objects.visible_to(people.ben).filter(purchase=purchase)
        assert set(hands.values_list("person_id", "how")) == {
            (people.aiko.pk, "requested"),
            (people.aiko.pk, "edited"),
            (people.ben.pk, "uploaded"),
        }
