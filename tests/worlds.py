"""A small world for tests: two makers, four builds, one policy with two rules and two lists.

Sora Aircraft is Japanese and fully documented; Kite Works is Chinese and listed. `World.clean` passes
both rules, `World.listed` fails both, `World.no_radio` has a radio whose place of manufacture nobody
knows, and `World.unknown` is the build of the Sora S-1 whose configuration is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Person
from compliance.models import ListMatch
from policy.models import Edition, Entry, Policy, PolicyVersion, ReferenceList, Rule
from procurement.models import Line, Purchase
from registry.models import Build, Component, Declaration, Drone, DroneModel, Vendor
from registry.services import add_model, add_vendor
from standards.component_roles import ROLES
from tests import stages
from tests.people import People, Society

IN_FORCE = date(2021, 4, 1)
SENSITIVE = ("criminal_investigation", "rescue")
ASKED_ROLES = ("flight_controller", "radio", "camera")
SERIAL = "JCG-SECRET-0001"
FOREST_SERIAL = "RINYA-SECRET-0001"
HELD = {"effect": "phase_out", "months": 24, "missions": [], "counted_from": None}
ORIGIN = {
    "kind": "origin",
    "list": "concern",
    "where": "inside",
    "aircraft": ["assembled_in", "maker_domicile"],
    "components": [{"roles": list(ASKED_ROLES), "meanings": ["made_in"]}],
    "ownership": {"mode": "share", "threshold": "50", "control": True, "undisclosed": False},
}
LISTED_PARTY = {
    "kind": "listed_party",
    "list": "companies",
    "parties": ["component_maker", "licensor", "maker", "supplier"],
    "roles": list(ASKED_ROLES),
    "ownership": {"mode": "share", "threshold": "50", "control": True, "undisclosed": False},
}


@dataclass(frozen=True)
class World:
    sora: Vendor
    kite: Vendor
    paper: Declaration
    clean: Build
    no_radio: Build
    unknown: Build
    listed: Build
    version: PolicyVersion
    origin: Rule
    listed_party: Rule
    concern: ReferenceList
    companies: ReferenceList
    patrol: Drone  # the Coast Guard's
    timber: Drone  # the Forestry Agency's


@stages.layer("world")
def furnish(society: Society) -> World:
    """The catalogue, the lists, the policy, and one aircraft of each of the two agencies."""
    people = society.people
    with acting_as(None, reason="world of the tests"):
        catalogue = _catalogue(people.goro)
        lists = _lists(catalogue["kite"], people.goro)
        rules = _policy(people)
    clean = catalogue["clean"]
    return World(
        **catalogue,
        **lists,
        **rules,
        patrol=log(society.tree.coast_guard, clean, SERIAL, place="Patrol vessel Akitsushima"),
        timber=log(society.tree.forestry, clean, FOREST_SERIAL, place="Forest office Takao"),
    )


def log(agency: Agency, build: Build, serial: str = "", **more: Any) -> Drone:
    """An aircraft as the program itself stores it."""
    given = {"serial_missing_because": "" if serial else "plate not readable", **more}
    with acting_as(None):
        return Drone.objects.create(agency=agency, build=build, serial_number=serial, **given)


def draft(
    by: Person,
    agency: Agency,
    build: Build,
    *,
    quantity: int = 2,
    missions: Sequence[str] = SENSITIVE[:1],
    **more: Any,
) -> Purchase:
    """A draft of one line, to be bought from the maker, written by the person who asks."""
    given = {"title": "Two aircraft", "purpose": "Search along the coast", **more}
    with acting_as(by):
        purchase = Purchase.objects.create(
            agency=agency, requester=by, missions=list(missions), **given
        )
        Line.objects.create(
            agency=agency,
            purchase=purchase,
            build=build,
            quantity=quantity,
            unit_price=600_000,
            supplier=build.model.manufacturer,
        )
        purchase.refresh_from_db()
    return purchase


def _catalogue(steward: Person) -> dict[str, Any]:
    paper = Declaration.objects.create(
        title="Declaration of origin",
        kind=Declaration.Kind.MAKER,
        claimant="Sora Aircraft",
        dated=date(2025, 4, 1),
        grade=Declaration.Grade.DOCUMENTED,
        verified_by=steward,
    )
    sora = _vendor("Sora Aircraft", "空航空機", "JP", paper, steward)
    kite = _vendor("Kite Works", "风筝工业", "CN", paper, steward)
    s1 = add_model(model=DroneModel(manufacturer=sora, name="S-1", weight_g=1200), by=None)
    k9 = add_model(model=DroneModel(manufacturer=kite, name="K-9", weight_g=900), by=None)
    return {
        "sora": sora,
        "kite": kite,
        "paper": paper,
        "clean": _build(s1, "Standard", "JP", paper, steward),
        "no_radio": _build(s1, "Long range", "JP", paper, steward, not_known="radio"),
        "unknown": s1.builds.get(configuration_known=False),
        "listed": _build(k9, "Standard", "CN", paper, steward),
    }


def _vendor(name: str, local: str, country: str, paper: Declaration, steward: Person) -> Vendor:
    return add_vendor(
        vendor=Vendor(
            name=name,
            name_local=local,
            incorporated_in=[country],
            headquartered_in=[country],
            declaration=paper,
            verified_by=steward,
        ),
        by=None,
    )


def _build(
    model: DroneModel,
    name: str,
    country: str,
    paper: Declaration,
    steward: Person,
    not_known: str = "",
) -> Build:
    """A build with every part that the rules ask for; the part `not_known` lacks its country."""
    build = Build.objects.create(
        model=model, name=name, assembled_in=[country], design_known=True, declaration=paper
    )
    Component.objects.bulk_create(
        Component(
            build=build,
            role=role,
            part=ROLES[role].en,
            maker=model.manufacturer,
            made_in=None if role == not_known else [country],
            declaration=paper,
            verified_by=steward,
        )
        for role in ASKED_ROLES
    )
    Build.objects.filter(pk=build.pk).update(verified_by=steward)
    build.refresh_from_db()
    return build


def _lists(kite: Vendor, steward: Person) -> dict[str, Any]:
    concern = _list(
        "concern", ReferenceList.Kind.JURISDICTIONS, "Places of concern", "懸念国・地域"
    )
    companies = _list("companies", ReferenceList.Kind.ENTITIES, "Companies of concern", "懸念企業")
    publish(concern, IN_FORCE, {"CN": "China"})
    publish(companies, IN_FORCE, {"kite works": "KITE WORKS CO., LTD."})
    ListMatch.objects.create(
        list=companies,
        entry_key="kite works",
        vendor=kite,
        decision=ListMatch.Decision.SAME,
        reason="Same name and seat.",
        decided_by=steward,
        decided_on=IN_FORCE,
    )
    return {"concern": concern, "companies": companies}


def _list(code: str, kind: str, en: str, local: str) -> ReferenceList:
    return ReferenceList.objects.create(code=code, kind=kind, name_en=en, name_local=local)


def publish(listed: ReferenceList, day: date, entries: dict[str, str]) -> Edition:
    """A new edition with these entries (key: name), in force from its own day."""
    edition = Edition.objects.create(
        list=listed, edition=day, effective_from=day, digest=f"{day:%Y%m%d}".ljust(64, "0")
    )
    Entry.objects.bulk_create(
        Entry(edition=edition, key=key, name=name) for key, name in entries.items()
    )
    return edition


def _policy(people: People) -> dict[str, Any]:
    policy = Policy.objects.create(
        code="jp", name_en="Policy of the tests", name_local="試験用方針"
    )
    version = PolicyVersion.objects.create(
        policy=policy,
        label="1",
        in_force=DateRange(IN_FORCE, None),
        sensitive_missions=list(SENSITIVE),
        drafted_by=people.hana,
    )
    origin = _rule(version, "origin", ORIGIN, "No part from a place of concern.")
    listed = _rule(version, "listed_party", LISTED_PARTY, "No party of concern takes part.")
    PolicyVersion.objects.filter(pk=version.pk).update(
        status=PolicyVersion.Status.PUBLISHED, published_by=people.fumi, published_at=timezone.now()
    )
    version.refresh_from_db()
    return {"version": version, "origin": origin, "listed_party": listed}


def _rule(version: PolicyVersion, code: str, criterion: dict[str, Any], clause: str) -> Rule:
    return Rule.objects.create(
        version=version,
        code=code,
        clause_en=clause,
        clause_local="懸念のあるものを用いないこと。",
        citation="Agreement of 14 September 2020",
        level=Rule.Level.BLOCK,
        on_unknown=Rule.Level.BLOCK,
        scope={"kind": "sensitive_mission"},
        criterion=criterion,
        held=HELD,
    )


@pytest.fixture
def world(society: Society) -> World:
    return stages.made("world") or furnish(society)


@pytest.fixture
def purchase(world: World, society: Society) -> Purchase:
    """A draft of Aiko's for the Coast Guard: two of the clean build, for criminal investigation."""
    return draft(society.people.aiko, society.tree.coast_guard, world.clean)
