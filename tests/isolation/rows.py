"""A row of the Coast Guard in every table whose rows belong to agencies."""

from datetime import date

from django.apps import apps
from django.db import models

from agencies.context import acting_as
from agencies.models import Agency
from compliance.models import Standing
from procurement.models import Dossier, Line, Move, Purchase, ReceivedUnit
from tests.people import People
from tests.worlds import World

BODY = '{"claimants": [], "flags": {}}'


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
    """A dossier, a move, a received aircraft and a standing beside what `world` and `purchase` hold."""
    agency = purchase.agency
    with acting_as(people.aiko):
        dossier = Dossier.objects.create(
            agency=agency,
            purchase=purchase,
            version=purchase.version,
            digest=Dossier.digest_of(BODY),
            body=BODY,
        )
        Move.objects.create(
            agency=agency,
            purchase=purchase,
            action="submit",
            from_status="draft",
            to_status="agency_review",
            version=purchase.version,
            round=0,
            dossier=dossier,
            digest=dossier.digest,
            actor=people.aiko,
        )
    with acting_as(None):
        ReceivedUnit.objects.create(
            agency=agency,
            purchase=purchase,
            line=Line.objects.unscoped(reason="the only one").get(purchase=purchase),
            drone=world.patrol,
            received_on=date(2026, 4, 1),
            inspector=people.emi,
        )
        Standing.objects.create(
            agency=agency,
            drone=world.patrol,
            begins=date(2026, 4, 1),
            state="clear",
            state_without_waivers="clear",
        )
