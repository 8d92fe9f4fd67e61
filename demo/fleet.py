from datetime import date
from decimal import Decimal

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person
from demo.people import SCOPE
from demo.reference_files import read_csv
from registry.models import Build, Drone, DroneModel
from registry.services import log_drone


def load_fleet(models: dict[str, DroneModel], builds: dict[str, Build]) -> None:
    """The aircraft of the reference file, each logged by a custodian of its agency."""
    unknown = {build.model_id: build for build in Build.objects.filter(configuration_known=False)}
    for row in read_csv("drones.csv"):
        agency = Agency.objects.get(code=row["agency"])
        if _known(agency, row):
            continue
        model = models[row["model"]]
        build = builds[row["build"]] if row["build"] else unknown[model.pk]
        build.model = model
        with acting_as(_custodian(agency)):
            log_drone(drone=_drone(agency, build, row), today=timezone.localdate())


def _known(agency: Agency, row: dict[str, str]) -> bool:
    here = Drone.objects.unscoped(reason=SCOPE).filter(agency=agency)
    if row["serial_number"]:
        return here.filter(serial_number=row["serial_number"]).exists()
    return here.filter(
        serial_missing_because=row["serial_missing_because"], note=row["note"]
    ).exists()


def _custodian(agency: Agency) -> Person:
    held = Membership.objects.unscoped(reason=SCOPE).filter(
        agency=agency, role=Membership.Role.CUSTODIAN
    )
    return held.select_related("person")[0].person


def _drone(agency: Agency, build: Build, row: dict[str, str]) -> Drone:
    return Drone(
        agency=agency,
        build=build,
        serial_number=row["serial_number"],
        serial_missing_because=row["serial_missing_because"],
        status=row["status"],
        missions=sorted(row["missions"].split(";")) if row["missions"] else [],
        acquired_on=date.fromisoformat(row["acquired_on"]) if row["acquired_on"] else None,
        acquired_how=row["acquired_how"],
        price=int(row["price"]) if row["price"] else None,
        currency="JPY",
        registration_id=row["registration_id"],
        firmware=row["firmware"],
        flight_hours=Decimal(row["flight_hours"]) if row["flight_hours"] else None,
        custodian_name=row["custodian_name"],
        place=row["place"],
        note=row["note"],
    )
