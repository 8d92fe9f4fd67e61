"""A row of the Coast Guard in every table whose rows belong to agencies."""

from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Disclosure, Person, Substitution
from compliance.models import Standing, WaiverStep
from procurement.looks import look_at
from procurement.models import (
    Claim,
    Condition,
    Dossier,
    EvidenceRequest,
    Line,
    Move,
    Offer,
    Purchase,
    ReceivedUnit,
    RefusedUnit,
)
from records.services import attach, write_note
from registry.aliases import remember
from registry.models import DroneCertificate, ImportedRow, ImportSession
from registry.transfers import offer
from reporting.counting import count
from tests.compliance.waivers import requested, take
from tests.people import People
from tests.worlds import World

BODY = '{"claimants": [], "flags": {"security": false, "specification": false}}'


def scoped_models() -> list[type[models.Model]]:
    """Every model with a foreign key to the agency its rows belong to."""
    return [
        model
        for model in apps.get_models()
        if any(
            field.name == "agency" and field.related_model is Agency
            for field in model._meta.get_fields()
        )
    ]


def fill_every_table(world: World, purchase: Purchase, people: People) -> None:
    """A dossier, moves, a received aircraft, a certificate, a file, a note, a standing and a waiver beside what they hold."""
    of_it: Any = {"agency": purchase.agency, "purchase": purchase}
    with acting_as(people.ben):
        Disclosure.objects.create(agency=purchase.agency)
    with acting_as(people.aiko):
        specified = Line.objects.create(
            **of_it, kind="specification", description="Flies 40 minutes in rain"
        )
        purchase.refresh_from_db(fields=["version"])
        dossier = Dossier.objects.create(
            agency=purchase.agency,
            purchase=purchase,
            version=purchase.version,
            digest=Dossier.digest_of(BODY),
            body=BODY,
        )
    _move(purchase, dossier, people.aiko, "submit", "draft", "agency_review")
    with acting_as(people.ben):
        today = timezone.localdate()
        Substitution.objects.create(
            agency=purchase.agency,
            person=people.ben,
            substitute=people.nao,
            role="approver",
            since=today,
            until=today + timedelta(days=9),
            set_by=people.ben,
        )
        Claim.objects.create(**of_it, person=people.ben)
    asked = _move(purchase, dossier, people.ben, "ask_evidence", "agency_review", "agency_review")
    with acting_as(people.ben):
        EvidenceRequest.objects.create(
            **of_it, move=asked, what="Who made it?", from_whom="Sora", by_when=date(2026, 5, 1)
        )
    approved = _move(purchase, dossier, people.ben, "approve", "agency_review", "approved")
    with acting_as(people.ben):
        Condition.objects.create(**of_it, move=approved, text="Fly without the app.")
    with acting_as(people.aiko):
        Offer.objects.create(
            **of_it,
            line=specified,
            supplier=world.sora,
            build=world.clean,
            recorded_by=people.aiko,
        )
        purchase.contract_reference = "R8-1"
        purchase.save(update_fields=["contract_reference"])
    _move(purchase, dossier, people.aiko, "order", "approved", "ordered")
    with acting_as(people.emi):
        ReceivedUnit.objects.create(
            agency=purchase.agency,
            purchase=purchase,
            line=Line.objects.unscoped(reason="the only one").get(
                purchase=purchase, kind="aircraft"
            ),
            drone=world.patrol,
            received_on=date(2026, 4, 1),
            inspector=people.emi,
        )
        RefusedUnit.objects.create(
            **of_it,
            line=specified,
            serial_number="S1-X",
            difference="Another radio.",
            refused_on=date(2026, 4, 1),
            inspector=people.emi,
        )
    with acting_as(people.aiko):
        remember(
            maker="Sora",
            model="the blue one",
            build=world.clean,
            agency_id=purchase.agency_id,
            by=people.aiko,
        )
        attach(to=world.patrol, upload=SimpleUploadedFile("a.txt", b"seen"), by=people.aiko)
        write_note(on=world.patrol, text="Seen.", by=people.aiko)
        DroneCertificate.objects.create(
            agency=purchase.agency, drone=world.patrol, certificate="registration", held=True
        )
    with acting_as(people.aiko):
        offer(
            drone=world.patrol,
            seen=0,
            to=world.timber.agency,
            message="",
            by=people.aiko,
        )
    with acting_as(people.daisuke):
        offer(
            drone=world.timber,
            seen=0,
            to=world.patrol.agency,
            message="",
            by=people.daisuke,
        )
    with acting_as(people.aiko):
        session = ImportSession.objects.create(
            agency=purchase.agency, digest="0" * 64, file_name="fleet.csv", started_by=people.aiko
        )
        ImportedRow.objects.create(
            agency=purchase.agency, session=session, drone=world.patrol, digest="0" * 64, row=2
        )
    with acting_as(None):
        Standing.objects.create(
            agency=purchase.agency,
            drone=world.patrol,
            begins=date(2026, 4, 1),
            state="clear",
            state_without_waivers="clear",
        )
    count([purchase.agency_id])
    with acting_as(people.aiko):
        world.patrol.place = "Naha"
        world.patrol.save(update_fields=["place"])
    for person in (people.aiko, people.chie):
        with acting_as(person):
            look_at(purchase, person)
    take(WaiverStep.ENDORSE, requested(people.aiko, purchase.agency, world), people.chie)


def _move(
    purchase: Purchase, dossier: Dossier, by: Person, action: str, source: str, target: str
) -> Move:
    with acting_as(by):
        return Move.objects.create(
            agency=purchase.agency,
            purchase=purchase,
            action=action,
            from_status=source,
            to_status=target,
            version=purchase.version,
            round=0 if action == "submit" else 1,
            dossier=dossier,
            digest=dossier.digest,
            actor=by,
        )
