"""Security measures of builds and certificates of aircraft, as the reference files give them."""

from datetime import date

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from demo.fleets import day_of
from demo.imports import custodian_of
from demo.people import SCOPE
from demo.reference_files import read_csv, read_json
from registry.models import Build, Declaration, Drone, DroneCertificate, Measure

ANSWERS = {"yes": True, "no": False, "": None}


def load_measures(
    builds: dict[str, Build], papers: dict[str, Declaration], steward: Person
) -> None:
    """A steward has checked what rests on more than a claim."""
    for entry in read_json("measures.json"):
        paper = papers[entry["declaration"]]
        checked = steward if paper.grade > Declaration.Grade.CLAIMED else None
        for code, claimed in entry["measures"].items():
            Measure.objects.get_or_create(
                build=builds[entry["build"]],
                measure=code,
                defaults={"claimed": claimed, "declaration": paper, "verified_by": checked},
            )


def load_certificates(papers: dict[str, Declaration], steward: Person) -> None:
    """Each recorded by a custodian of the agency that holds the aircraft; a steward has checked those with a paper."""
    rows = Drone.objects.unscoped(reason=SCOPE).select_related("agency")
    for row in read_csv("certificates.csv"):
        drone = rows.get(serial_number=row["serial_number"])
        paper = papers.get(row["declaration"])
        by = custodian_of(drone.agency)
        with acting_as(by):
            stored, is_new = DroneCertificate.objects.visible_to(by).get_or_create(
                drone=drone,
                certificate=row["certificate"],
                defaults={
                    "agency": drone.agency,
                    "claimed_by": by,
                    "held": ANSWERS[row["held"]],
                    "number": row["number"],
                    "valid_from": _day(row["valid_from"]),
                    "valid_until": _day(row["valid_until"]),
                    "declaration": paper,
                },
            )
        if is_new and paper is not None:
            with acting_as(steward):
                stored.verified_by = steward
                stored.save(update_fields=["verified_by"])


def _day(text: str) -> date | None:
    return day_of(text, timezone.localdate()) if text else None
