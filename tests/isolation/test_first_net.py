"""The first net, in Python: rows of agencies cannot be read, counted or written before they are scoped."""

import ast
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Prefetch
from django.utils.translation import override

from agencies.context import acting_as
from agencies.models import Membership, Person
from agencies.scopes import load_scope
from agencies.scoping import ScopedQuerySet, Unscoped
from compliance.models import Standing
from procurement.models import Contributor, Line, Purchase, ReceivedUnit
from registry.models import Build, Drone
from tests.isolation.rows import scoped_models
from tests.people import SINCE, People, Role, Tree
from tests.worlds import SERIAL, World, log

PROJECT = Path(__file__).parent.parent.parent
Rows = ScopedQuerySet[Drone]

# Where rows are read without a scope, and how often. More of it needs a reason that holds here too.
UNSCOPED_USES = {
    "agencies/substitutions.py": 1,  # one's own, at whatever node they stand
    "agencies/posts.py": 2,  # who is told something, wherever their post stands
    "compliance/management/commands/assess.py": 1,  # counts the standings it wrote
    "compliance/notices.py": 3,  # the program tells the people of every agency
    "compliance/waiver_filters.py": 1,  # narrows rows that are scoped
    "compliance/waiver_steps.py": 1,  # builds of the aircraft that a waiver names
    "compliance/waivers.py": 3,  # what is waived decides what a check answers; the second net limits it
    "procurement/documents.py": 1,  # files of a purchase that was resolved already
    "demo/aircraft_events.py": 1,  # whether anything happened yet
    "demo/duties.py": 1,  # the demo world is loaded over all agencies
    "demo/fleet.py": 2,
    "demo/imports.py": 1,
    "demo/people.py": 1,
    "demo/properties.py": 1,
    "demo/purchases.py": 1,
    "compliance/intake.py": 1,  # the job reads the import it is about
    "registry/disclosures.py": 1,  # how one agency gives its prices, for whoever stores one
    "registry/imports/sessions.py": 2,  # a file that was begun by somebody else of the agency
    "demo/waivers.py": 1,
    "registry/aliases.py": 1,  # names that the agency of an import remembers
    "procurement/notices.py": 7,  # the program tells the people of every agency
    "procurement/recheck.py": 2,  # steps of the program itself
    "reporting/counting.py": 6,  # aircraft are counted for each agency, and read by visible_to
    "registry/notices.py": 3,  # the program tells the people of every agency
    "procurement/follow_ups.py": 1,  # steps of the program itself
    "procurement/workflow.py": 2,  # steps of the program itself
    "records/management/commands/sweep_files.py": 1,  # contents serve the rows of every agency
    "web/checks.py": 1,  # a declaration that is checked serves the aircraft of every agency
}

EVALUATIONS: dict[str, Callable[[Rows], object]] = {
    "iteration": list,
    "length": len,
    "truth": bool,
    "index": lambda rows: rows[0],
    "slice": lambda rows: list(rows[:1]),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(Drone(pk="01890a5d-ac96-774b-bcce-b302099a8057")),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "annotate": lambda rows: list(rows.annotate(n=Count("standings"))),
    "iterator": lambda rows: list(rows.iterator()),
    "in_bulk": lambda rows: rows.in_bulk(),
    "first": lambda rows: rows.first(),
    "latest": lambda rows: rows.latest("recorded_at"),
    "get": lambda rows: rows.get(serial_number=SERIAL),
    "get or create": lambda rows: rows.get_or_create(serial_number=SERIAL),
    "values": lambda rows: list(rows.values("serial_number")),
    "values list": lambda rows: list(rows.values_list("serial_number", flat=True)),
    "dates": lambda rows: list(rows.datetimes("recorded_at", "day")),
    "filtered": lambda rows: list(
        rows.filter(serial_number=SERIAL).exclude(note="x").order_by("id")
    ),
    "custom": lambda rows: list(rows.all().order_by("id").distinct()),
    "update": lambda rows: rows.update(note="x"),
    "union with itself": lambda rows: list(rows.union(rows)),
    "deferred": lambda rows: list(rows.defer("note").select_related("build")),
}


def test_every_model_of_an_agency_has_scoped_rows() -> None:
    found = scoped_models()
    assert {Drone, Purchase, Line, Membership, ReceivedUnit, Contributor} <= set(found)
    for model in found:
        assert isinstance(model._default_manager.get_queryset(), ScopedQuerySet), model
        assert "base_manager_name" not in model._meta.original_attrs, model


@pytest.mark.parametrize("evaluation", EVALUATIONS)
def test_rows_that_nobody_scoped_cannot_be_evaluated_by(
    evaluation: str, world: World, aiko: Person
) -> None:
    with acting_as(aiko):
        with pytest.raises(Unscoped, match="Drone rows belong to agencies"):
            EVALUATIONS[evaluation](Drone.objects.get_queryset())
        EVALUATIONS[evaluation](Drone.objects.visible_to(aiko))


def test_rows_that_nobody_scoped_cannot_be_deleted(world: World, aiko: Person) -> None:
    with acting_as(aiko):
        with pytest.raises(Unscoped):
            Standing.objects.get_queryset().delete()
        assert Standing.objects.visible_to(aiko).delete() == (0, {})


@pytest.mark.parametrize(
    "mix",
    [
        lambda scoped, rest: scoped | rest,
        lambda scoped, rest: rest | scoped,
        lambda scoped, rest: scoped ^ rest,
        lambda scoped, rest: scoped.union(rest),
        lambda scoped, rest: rest.union(scoped),
        lambda scoped, rest: scoped.union(scoped, rest),
    ],
)
def test_unscoped_rows_do_not_come_in_together_with_scoped_ones(
    mix: Callable[[Any, Any], Any], world: World, chie: Person
) -> None:
    with acting_as(chie):
        scoped = Drone.objects.visible_to(chie)
        with pytest.raises(Unscoped):
            list(mix(scoped, Drone.objects.get_queryset()))
        assert len(list(mix(scoped, scoped.filter(serial_number=SERIAL)))) in {1, 2}


def test_related_rows_are_scoped_too(world: World, purchase: Purchase, aiko: Person) -> None:
    with acting_as(aiko):
        with pytest.raises(Unscoped):
            list(purchase.lines.all())
        with pytest.raises(Unscoped):
            world.clean.drones.count()
        assert purchase.lines.visible_to(aiko).count() == 1
        assert world.clean.drones.visible_to(aiko).count() == 1


def test_prefetched_rows_are_scoped_too(world: World, purchase: Purchase, aiko: Person) -> None:
    with acting_as(aiko):
        with pytest.raises(Unscoped):
            list(Purchase.objects.visible_to(aiko).prefetch_related("lines"))
        with pytest.raises(Unscoped):
            list(Build.objects.prefetch_related("drones"))
        mine = Prefetch("lines", queryset=Line.objects.visible_to(aiko))
        (found,) = Purchase.objects.visible_to(aiko).prefetch_related(mine)
        assert len(found.lines.all()) == 1


def test_a_scope_needs_a_person_or_a_reason(world: World, aiko: Person) -> None:
    with pytest.raises(ValueError, match="Say why"):
        Drone.objects.unscoped(reason="")
    with acting_as(aiko):
        assert Drone.objects.unscoped(reason="a test of the second net").count() == 1


def test_the_scope_of_each_person_is_their_agencies(
    world: World, people: People, tree: Tree
) -> None:
    seen = {}
    with acting_as(None):  # lets every row through the second net
        for name in ("aiko", "daisuke", "chie"):
            rows = Drone.objects.visible_to(getattr(people, name))
            seen[name] = set(rows.values_list("pk", flat=True))
    assert seen == {
        "aiko": {world.patrol.pk},
        "daisuke": {world.timber.pk},
        "chie": {world.patrol.pk, world.timber.pk},
    }


def test_a_ministry_sees_the_rows_of_the_bodies_below_it(
    world: World, jun: Person, tree: Tree
) -> None:
    with acting_as(None):
        Membership.objects.unscoped(reason="clears the posts of one").filter(person=jun).delete()
        Membership.objects.create(person=jun, agency=tree.maff, role=Role.LEADER, since=SINCE)
        jun.__dict__.pop("scope", None)
        (seen,) = Drone.objects.visible_to(jun)
    assert seen == world.timber
    assert load_scope(jun.pk, SINCE).agencies == {tree.maff.pk, tree.forestry.pk}


def test_what_a_row_points_to_can_be_followed(purchase: Purchase, aiko: Person) -> None:
    with acting_as(aiko):
        line = purchase.lines.visible_to(aiko).get()
        again = Line.objects.visible_to(aiko).get(pk=line.pk)
        assert again.purchase == purchase
        assert again.purchase.agency.code == "jcg"
        again.refresh_from_db()
        again.quantity = 3
        again.save()
        assert Line.objects.visible_to(aiko).filter(quantity=F("quantity")).count() == 1


def test_a_second_aircraft_of_one_serial_number_is_refused_with_a_sentence(
    world: World, tree: Tree, aiko: Person
) -> None:
    twin = Drone(agency=tree.coast_guard, build=world.clean, serial_number=SERIAL)
    with acting_as(aiko), override("en"), pytest.raises(ValidationError) as refused:
        twin.full_clean()
    assert refused.value.message_dict == {
        "__all__": ["Your agency already has an aircraft with this serial number."]
    }


def test_the_serial_number_of_another_agency_is_free_and_not_betrayed(
    world: World, tree: Tree, daisuke: Person
) -> None:
    same = Drone(agency=tree.forestry, build=world.clean, serial_number=SERIAL)
    with acting_as(daisuke):
        same.full_clean()
        same.save(force_insert=True)
    assert log(tree.forestry, world.clean).pk is not None


def test_every_unique_check_of_an_agencys_row_works_behind_the_net(
    world: World, purchase: Purchase, aiko: Person, emi: Person
) -> None:
    with acting_as(aiko):
        line = purchase.lines.visible_to(aiko).get()
        unit = ReceivedUnit(
            agency_id=purchase.agency_id,
            purchase=purchase,
            line=line,
            drone=world.patrol,
            received_on=date(2026, 4, 1),
            inspector=emi,
        )
        for row in (world.patrol, purchase, line, unit):
            row.full_clean()
        twice = Contributor(
            agency_id=purchase.agency_id, purchase=purchase, person=aiko, how="edited"
        )
        with pytest.raises(ValidationError):
            twice.full_clean()


def test_the_places_that_read_without_a_scope_are_known() -> None:
    assert unscoped_uses() == UNSCOPED_USES


def unscoped_uses() -> dict[str, int]:
    """How often each module of the program calls `unscoped(…)`."""
    found: Counter[str] = Counter()
    for path in sorted(PROJECT.glob("*/**/*.py")):
        name = path.relative_to(PROJECT).as_posix()
        if name.startswith((".", "tests/")) or name == "agencies/scoping.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found[name] += node.func.attr == "unscoped"
    return {name: count for name, count in found.items() if count}
