from datetime import date
from decimal import Decimal

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency
from demo.fleets import Aircraft, Fleet, fleets
from demo.imports import Inventories, custodian_of
from demo.people import SCOPE
from demo.reference_files import read_csv, read_json
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
        with acting_as(custodian_of(agency)):
            log_drone(drone=_drone(agency, build, row), today=timezone.localdate())


def load_fleets(models: dict[str, DroneModel], builds: dict[str, Build]) -> None:
    """Those that the file of fleets counts: some logged one by one, the others as inventories that were imported."""
    codes = {entry["key"]: entry["maker_codes"] for entry in read_json("models.json")}
    counted = [
        (fleet, list(fleet.aircraft(models[fleet.model], codes[fleet.model])))
        for fleet in fleets(timezone.localdate())
    ]
    unknown = {build.model_id: build for build in Build.objects.filter(configuration_known=False)}
    for fleet, aircraft in counted:
        if fleet.way == "log":
            model = models[fleet.model]
            build = builds[fleet.build] if fleet.build else unknown[model.pk]
            build.model = model
            _log(fleet, aircraft, build)
    Inventories(models, builds).load(counted)


def _log(fleet: Fleet, aircraft: list[Aircraft], build: Build) -> None:
    agency = Agency.objects.get(code=fleet.agency)
    here = Drone.objects.unscoped(reason=SCOPE).filter(agency=agency)
    serials = [each.serial_number for each in aircraft]
    known = set(here.filter(serial_number__in=serials).values_list("serial_number", flat=True))
    with acting_as(custodian_of(agency)):
        for each in aircraft:
            if each.serial_number not in known:
                log_drone(drone=_counted(fleet, each, agency, build))


def _counted(fleet: Fleet, each: Aircraft, agency: Agency, build: Build) -> Drone:
    return Drone(
        agency=agency,
        build=build,
        serial_number=each.serial_number,
        registration_id=each.registration_id,
        missions=sorted(fleet.missions),
        acquired_on=each.acquired_on,
        acquired_how=Drone.Acquired.PURCHASE,
        price=each.price,
        place=each.place,
    )


def _known(agency: Agency, row: dict[str, str]) -> bool:
    here = Drone.objects.unscoped(reason=SCOPE).filter(agency=agency)
    if row["serial_number"]:
        return here.filter(serial_number=row["serial_number"]).exists()
    return here.filter(
        serial_missing_because=row["serial_missing_because"], note=row["note"]
    ).exists()


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
