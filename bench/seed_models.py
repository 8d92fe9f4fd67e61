"""Builds of ten components each, and for every model the build of unknown configuration."""

import random
from collections.abc import Iterator, Sequence

from psycopg2 import extensions

from bench.copying import copy_into
from bench.seed_vendors import COUNTRIES, SHARES
from bench.size import BUILDS_PER_MODEL, Size
from registry.models import Build, Component, DroneModel

PART_MAKERS = 4  # whom one model is made of
COMPONENT_ROLES = (
    *("flight_controller", "radio", "data_transmission", "camera", "gimbal"),
    *("gnss_navigation", "gcs_software", "network_service", "battery", "motor"),
)
NAMES = ("Hayabusa", "Tsubame", "Kestrel", "Swift", "Mavis", "Anvil", "Comet", "Pelican")
JAPANESE_NAMES = ("隼", "燕", "", "", "鶫", "", "彗星", "")


def seed_models(db: extensions.connection, size: Size, chance: random.Random, steward: int) -> None:
    """Models have the ids 1 … `size.models`, their builds 1 … `size.builds`, those not known follow."""
    makers = [chance.randrange(1, size.vendors + 1) for _ in range(size.models)]
    copy_into(
        db,
        DroneModel,
        (
            *("id", "manufacturer_id", "name", "name_local", "weight_g", "endurance_min"),
            *("price_guide_yen", "verified_by_id"),
        ),
        _models(makers, chance, steward),
    )
    copy_into(
        db,
        Build,
        (
            *("id", "model_id", "name", "configuration_known", "assembled_in", "design_known"),
            *("declaration_id",),
        ),
        _builds(size, makers, chance),
    )
    copy_into(
        db,
        Component,
        (
            *("build_id", "role", "part", "maker_id", "made_in", "developed_in", "data_stored_in"),
            *("administered_from", "declaration_id", "verified_by_id"),
        ),
        _components(size, makers, chance, steward),
    )
    with db.cursor() as cursor:
        cursor.execute(
            "update registry_build set verified_by_id = %s where configuration_known and id %% 10 <> 0",
            [steward],
        )


def _models(makers: list[int], chance: random.Random, steward: int) -> Iterator[Sequence[object]]:
    for number, maker in enumerate(makers, start=1):
        name = f"{NAMES[number % len(NAMES)]} {number}"
        local = JAPANESE_NAMES[number % len(NAMES)]
        weight = chance.choice([99, 249, 900, 1_388, 2_700, 6_300, 24_000])
        yield (
            *(number, maker, name, f"{local}{number}" if local else "", weight),
            *(chance.randint(10, 90), chance.randint(90, 9_000) * 1_000, steward),
        )


def _builds(size: Size, makers: list[int], chance: random.Random) -> Iterator[Sequence[object]]:
    for number in range(1, size.builds + 1):
        model = (number - 1) // BUILDS_PER_MODEL + 1
        yield number, model, f"Lot {number}", True, _country(chance), True, makers[model - 1]
    for model in range(1, size.models + 1):
        yield size.builds + model, model, "", False, None, False, None


def _components(
    size: Size, makers: list[int], chance: random.Random, steward: int
) -> Iterator[Sequence[object]]:
    for number in range(1, size.builds + 1):
        own = makers[(number - 1) // BUILDS_PER_MODEL]
        around = random.Random((number - 1) // BUILDS_PER_MODEL)  # noqa: S311 - a draw to repeat
        others = [around.randrange(1, size.vendors + 1) for _ in range(PART_MAKERS)]
        for role in COMPONENT_ROLES:
            maker = own if chance.random() < 0.3 else chance.choice(others)
            yield (
                *(number, role, f"{role[:3].upper()}-{chance.randrange(1_000)}", maker),
                *_places(role, chance),
                *(maker if chance.random() < 0.9 else None, steward),
            )


def _places(role: str, chance: random.Random) -> tuple[list[str] | None, ...]:
    """Made in, developed in, data stored in, administered from."""
    where = _country(chance)
    if role == "gcs_software":
        return None, where, None, None
    return (None, None, where, where) if role == "network_service" else (where, None, None, None)


def _country(chance: random.Random) -> list[str] | None:
    return None if chance.random() < 0.03 else [chance.choices(COUNTRIES, SHARES)[0]]
