"""Twelve ways to approve one's own purchase. Each is refused by a guard with a name, and each attempt stands in the trail."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from agencies.context import acting_as
from agencies.models import Membership, Person
from audit.models import Event
from procurement.errors import NotAllowed
from procurement.models import Move, Purchase
from procurement.states import Action, Status
from records.services import attach
from registry.models import Component
from tests.api.programs import API, Program, program_of
from tests.compliance.waivers import granted
from tests.people import SINCE, People, Tree
from tests.procurement.test_deciders import post, substitute
from tests.procurement.test_workflow import now, status, take
from tests.web.pages import signed_in
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Scene:
    people: People
    tree: Tree
    world: World

    def own(self, by: Person) -> Purchase:
        """A purchase of this person's, handed in."""
        purchase = draft(by, self.tree.coast_guard, self.world.clean)
        take(purchase, Action.SUBMIT, by)
        return purchase

    def aikos(self) -> Purchase:
        return self.own(self.people.aiko)


@pytest.fixture
def scene(people: People, tree: Tree, world: World, tmp_path: Path, settings: Settings) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return Scene(people, tree, world)


Tried = tuple[Purchase, Person]
"""What somebody tried to approve, and who tried."""


def body_of(purchase: Purchase, by: Person) -> dict[str, Any]:
    with acting_as(by):
        seen = now(purchase, by)
        assert seen.dossier is not None
        return {"version": seen.version, "digest": seen.dossier.digest}


def on_the_page(scene: Scene) -> Tried:
    nao = scene.people.nao
    purchase = scene.own(nao)
    client = signed_in(nao)
    answer = client.post(f"/purchases/{purchase.pk}/approve/", body_of(purchase, nao))
    assert answer.status_code == 403
    return purchase, nao


def approve_by(program: APIClient, purchase: Purchase, by: Person) -> None:
    address = f"{API}/purchases/{purchase.pk}/actions/approve/"
    answer = program.post(address, body_of(purchase, by), format="json")
    assert answer.status_code == 403, answer.content


def through_the_interface(scene: Scene) -> Tried:
    nao, program = scene.people.nao, Program()
    purchase = scene.own(nao)
    with acting_as(nao):
        program.force_login(nao)
    approve_by(program, purchase, nao)
    return purchase, nao


def with_a_token(scene: Scene) -> Tried:
    nao = scene.people.nao
    purchase = scene.own(nao)
    approve_by(program_of(nao), purchase, nao)
    return purchase, nao


def _approval(purchase: Purchase, by: Person) -> Move:
    return Move(
        agency_id=purchase.agency_id,
        purchase=purchase,
        action=Action.APPROVE,
        from_status=purchase.status,
        to_status=Status.SECURITY_REVIEW,
        version=purchase.version,
        round=purchase.round,
        dossier=purchase.dossier,
        digest=purchase.dossier.digest if purchase.dossier else "",
        actor=by,
    )


def in_bulk(scene: Scene) -> Tried:
    nao = scene.people.nao
    purchase = scene.own(nao)
    with pytest.raises(DatabaseError), acting_as(nao):
        Move.objects.bulk_create([_approval(now(purchase, nao), nao)])
    return purchase, nao


def as_administrator(scene: Scene) -> Tried:
    """Jun, who gives out roles, asks as a custodian and approves as the administrator."""
    jun = scene.people.jun
    with acting_as(None):
        Membership.objects.create(
            person=jun, agency=scene.tree.coast_guard, role=Membership.Role.CUSTODIAN, since=SINCE
        )
    purchase = scene.own(Person.objects.get(pk=jun.pk))
    client = signed_in(jun)
    assert client.get("/admin/").status_code == 404
    answer = client.post(f"/purchases/{purchase.pk}/approve/", body_of(purchase, jun))
    assert answer.status_code == 403
    return purchase, jun


def by_an_update(scene: Scene) -> Tried:
    nao = scene.people.nao
    purchase = scene.own(nao)
    with pytest.raises(DatabaseError), acting_as(nao):
        Purchase.objects.visible_to(nao).filter(pk=purchase.pk).update(status=Status.APPROVED)
    return purchase, nao


BY_HAND = """
insert into procurement_move (id, agency_id, purchase_id, no, action, from_status, to_status, version, round,
  dossier_id, digest, actor_id, reasons, letter, at)
select gen_random_uuid(), p.agency_id, p.id, 0, 'approve', p.status, 'security_review', p.version, p.round,
  p.dossier_id, d.digest, app_person(), '{}', '', now()
from procurement_purchase p join procurement_dossier d on d.id = p.dossier_id where p.id = %s
"""


def by_sql(scene: Scene) -> Tried:
    nao = scene.people.nao
    purchase = scene.own(nao)
    with pytest.raises(DatabaseError), acting_as(nao), connection.cursor() as cursor:
        cursor.execute(BY_HAND, [purchase.pk])
    return purchase, nao


def _refused(purchase: Purchase, by: Person) -> Tried:
    with pytest.raises(NotAllowed):
        take(purchase, Action.APPROVE, by)
    return purchase, by


def as_substitute(scene: Scene) -> Tried:
    """Nao asks, is away, and has Rin approve in her place."""
    nao, rin = scene.people.nao, scene.people.rin
    purchase = scene.own(nao)
    substitute(nao, rin, scene.tree.coast_guard)
    return _refused(purchase, rin)


def in_a_late_role(scene: Scene) -> Tried:
    """Rin is made an approver once it has been handed in."""
    purchase = scene.aikos()
    post(scene.people.rin, scene.tree.coast_guard, Membership.Role.APPROVER)
    return _refused(purchase, scene.people.rin)


def as_uploader(scene: Scene) -> Tried:
    """Ben adds the paper that is to convince him."""
    aiko, ben = scene.people.aiko, scene.people.ben
    purchase = draft(aiko, scene.tree.coast_guard, scene.world.clean)
    with acting_as(ben):
        attach(to=purchase, upload=SimpleUploadedFile("offer.txt", b"cheap"), by=ben)
    take(purchase, Action.SUBMIT, aiko)
    return _refused(purchase, ben)


def as_claimant(scene: Scene) -> Tried:
    """Ben has said what camera it is."""
    with acting_as(scene.people.ben):
        cameras = Component.objects.filter(build=scene.world.clean, role="camera")
        cameras.update(part="Camera 2")
    return _refused(scene.aikos(), scene.people.ben)


def as_waiver_author(scene: Scene) -> Tried:
    """Ben asked for the waiver that lets it pass."""
    people, agency = scene.people, scene.tree.coast_guard
    granted(people, agency, scene.world, by=people.ben)
    purchase = draft(people.aiko, agency, scene.world.listed, missions=["rescue"])
    take(purchase, Action.SUBMIT, people.aiko)
    return _refused(purchase, people.ben)


Way = Callable[[Scene], Tried]
# The way -> what is tried by the name the trail gives it, the guard, and the door.
WAYS: dict[Way, tuple[str, str, str]] = {
    on_the_page: ("purchase_approve", "own_work", "page"),
    through_the_interface: ("approve", "own_work", "api"),
    with_a_token: ("approve", "own_work", "token"),
    in_bulk: ("insert procurement_move", "own_work", "sql"),
    as_administrator: ("purchase_approve", "role", "page"),
    by_an_update: ("update procurement_purchase", "no_right", "sql"),
    by_sql: ("insert procurement_move", "own_work", "sql"),
    as_substitute: ("approve", "substituted_had_a_hand", "program"),
    in_a_late_role: ("approve", "late_role", "program"),
    as_uploader: ("approve", "own_work", "program"),
    as_claimant: ("approve", "claimed_a_fact", "program"),
    as_waiver_author: ("approve", "waiver_author", "program"),
}


def test_there_are_twelve() -> None:
    assert len(WAYS) == 12


def refusals_of(purchase: Purchase) -> Iterator[tuple[Event, dict[str, str]]]:
    with acting_as(None):
        for event in Event.objects.of(purchase).filter(action="refuse").order_by("record_no"):
            yield event, json.loads(event.canon)["new"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nobody_approves_their_own_purchase_and_the_attempt_is_recorded(
    way: Way, scene: Scene
) -> None:
    purchase, by = way(scene)
    what, guard, door = WAYS[way]
    ((event, said),) = refusals_of(purchase)
    assert said == {"attempt": what, "guard": guard, "through": door}
    assert (event.actor, event.agency_id) == (by.actor, purchase.agency_id)
    assert status(purchase, scene.people.chie) == Status.AGENCY_REVIEW
