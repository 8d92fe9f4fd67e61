"""Every operation of the interface for every kind of reader. One that is missing here fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.urls import URLPattern
from django.utils import timezone
from rest_framework.test import APIClient

from agencies.context import acting_as
from agencies.models import ApiToken, Membership, Person
from api.urls import version_1
from audit.models import Event
from compliance.models import Waiver
from procurement.models import Purchase
from records.models import Notice
from records.notice_kinds import NoticeKind
from records.telling import Cause, tell_people
from registry.transfers import offer
from tests.api.programs import API, Program, aircraft, program_of, request_for
from tests.compliance.waivers import requested
from tests.people import Society
from tests.worlds import World, draft

READERS = ("stranger", "expired", "other_agency", "custodian", "reviewer", "read_only")
EVERY_MEMBER = (401, 401, 200, 200, 200, 200)
OF_THE_AGENCY = (401, 401, 404, 200, 200, 200)
AIKOS = (401, 401, 404, 200, 404, 200)

# (method, address) of everything the interface does -> the answer to each of READERS, all about the Coast Guard.
OPERATIONS: dict[tuple[str, str], tuple[int, ...]] = {
    ("get", "agencies/"): EVERY_MEMBER,
    ("get", "agencies/<slug:code>/"): OF_THE_AGENCY,
    ("get", "vendors/"): EVERY_MEMBER,
    ("get", "vendors/<int:pk>/"): EVERY_MEMBER,
    ("get", "models/"): EVERY_MEMBER,
    ("get", "models/<int:pk>/"): EVERY_MEMBER,
    ("get", "builds/"): EVERY_MEMBER,
    ("get", "builds/<int:pk>/"): EVERY_MEMBER,
    ("get", "waivers/"): EVERY_MEMBER,
    ("get", "waivers/<uuid:pk>/"): OF_THE_AGENCY,
    ("get", "drones/"): EVERY_MEMBER,
    ("post", "drones/"): (401, 401, 400, 201, 403, 403),
    ("get", "drones/<uuid:pk>/"): OF_THE_AGENCY,
    ("patch", "drones/<uuid:pk>/"): (401, 401, 404, 200, 403, 403),
    ("get", "drones/<uuid:pk>/events/"): OF_THE_AGENCY,
    ("post", "drones/<uuid:pk>/actions/<slug:step>/"): (401, 401, 404, 200, 403, 403),
    ("get", "transfers/"): EVERY_MEMBER,
    ("get", "transfers/<uuid:pk>/"): OF_THE_AGENCY,
    ("post", "transfers/<uuid:pk>/actions/<slug:step>/"): (401, 401, 404, 200, 403, 403),
    ("get", "purchases/"): EVERY_MEMBER,
    ("post", "purchases/"): (401, 401, 400, 201, 403, 403),
    ("get", "purchases/<uuid:pk>/"): OF_THE_AGENCY,
    ("patch", "purchases/<uuid:pk>/"): (401, 401, 404, 200, 403, 403),
    ("post", "purchases/<uuid:pk>/actions/<slug:step>/"): (401, 401, 404, 200, 403, 403),
    # Nothing was decided on the draft.
    ("get", "purchases/<uuid:pk>/moves/<int:no>/evidence/"): (401, 401, 404, 404, 404, 404),
    ("get", "notices/"): EVERY_MEMBER,
    ("get", "notices/<uuid:pk>/"): AIKOS,
    ("post", "notices/read/"): (401, 401, 200, 200, 200, 403),
    ("post", "notices/<uuid:pk>/read/"): (401, 401, 404, 200, 404, 403),
    ("post", "purchases/<uuid:pk>/claim/"): (401, 401, 404, 409, 409, 403),
    ("post", "purchases/<uuid:pk>/release/"): (401, 401, 404, 409, 409, 403),
    ("get", "ties/"): EVERY_MEMBER,
    ("post", "ties/"): (401, 401, 201, 201, 201, 403),
    ("post", "ties/<uuid:pk>/end/"): (401, 401, 404, 404, 404, 403),
    ("get", "substitutions/"): EVERY_MEMBER,
    ("post", "substitutions/"): (401, 401, 400, 400, 400, 403),
    ("post", "substitutions/<int:pk>/end/"): (401, 401, 404, 404, 404, 403),
    ("post", "check/"): (401, 401, 400, 200, 200, 200),
    ("get", "schema/"): EVERY_MEMBER,
    # A page for browsers: without a session it leads to the sign-in page.
    ("get", "docs/"): (302, 302, 302, 302, 302, 302),
}
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Readers:
    """A program for each of READERS, and what it asks about."""

    programs: dict[str, Program]
    world: World
    purchase: Purchase
    waiver: Waiver
    notice: Notice
    offered: UUID

    def ask(self, reader: str, method: str, address: str) -> int:
        body = self._body(method, address)
        with transaction.atomic():
            answer = getattr(self.programs[reader], method)(self._filled(address), body)
            transaction.set_rollback(True)  # the next reader finds the same
        return int(answer.status_code)

    def _filled(self, address: str) -> str:
        keys = {
            "<slug:code>": "jcg",
            "<slug:step>": self._step(address),
            "<int:no>": "1",
            "<uuid:pk>": self._id(address),
            "<int:pk>": self._number(address),
        }
        for key, value in keys.items():
            address = address.replace(key, str(value))
        return f"{API}/{address}"

    def _id(self, address: str) -> UUID:
        one = {
            "purchases": self.purchase.pk,
            "waivers": self.waiver.pk,
            "notices": self.notice.pk,
            "transfers": self.offered,
        }
        return one.get(address.split("/", maxsplit=1)[0], self.world.patrol.pk)

    def _step(self, address: str) -> str:
        one = {"drones": "store", "transfers": "decline"}
        return one.get(address.split("/", maxsplit=1)[0], "submit")

    def _number(self, address: str) -> int:
        one = {"vendors": self.world.sora.pk, "models": self.world.clean.model_id}
        return one.get(address.split("/", maxsplit=1)[0], self.world.clean.pk)

    def _body(self, method: str, address: str) -> dict[str, Any] | None:
        build = self.world.clean.pk
        version = {"version": self.purchase.version}
        bodies: dict[tuple[str, str], dict[str, Any]] = {
            ("post", "drones/"): aircraft(build),
            ("patch", "drones/<uuid:pk>/"): {"place": "Yokohama"},
            ("post", "purchases/"): request_for(self.world.clean),
            ("patch", "purchases/<uuid:pk>/"): {"title": "Three aircraft", **version},
            ("post", "purchases/<uuid:pk>/actions/<slug:step>/"): version,
            ("post", "drones/<uuid:pk>/actions/<slug:step>/"): {"seen": 0},
            ("post", "transfers/<uuid:pk>/actions/<slug:step>/"): {"reason": "No hangar"},
            ("post", "ties/"): {"vendor": self.world.sora.pk, "what": "A share."},
            ("post", "check/"): {"build": build, "kind": "purchase", "agency": "jcg"},
        }
        return bodies.get((method, address))


@pytest.fixture
def readers(society: Society, world: World) -> Readers:
    people = society.people
    programs = {
        "stranger": Program(),
        "expired": program_of(people.aiko, days=1, ago=2),
        "other_agency": program_of(people.daisuke),
        "custodian": program_of(people.aiko),
        "reviewer": program_of(people.chie),
        "read_only": program_of(people.aiko, read_only=True),
    }
    agency = society.tree.coast_guard
    purchase = draft(people.aiko, agency, world.clean)
    with acting_as(None):
        cause = Cause(NoticeKind.DECLINED, "a step", purchase, str(purchase))
        tell_people([(people.aiko, cause)])
        notice = Notice.objects.get()
    with acting_as(people.daisuke):
        offered = offer(drone=world.timber, seen=0, to=agency, message="", by=people.daisuke)
    waiver = requested(people.aiko, agency, world)
    return Readers(programs, world, purchase, waiver, notice, offered)


def operations() -> Iterator[tuple[str, str]]:
    """What the routes really answer to."""
    for pattern in version_1:
        assert isinstance(pattern, URLPattern)
        answered = getattr(pattern.callback, "actions", None) or _methods_of(pattern.callback)
        yield from ((each, str(pattern.pattern)) for each in answered if each in METHODS)


def _methods_of(callback: Any) -> list[str]:
    inner = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    inner = inner or callback.__wrapped__.view_class
    return [method for method in METHODS if hasattr(inner, method)]


def test_every_operation_stands_in_the_table() -> None:
    assert set(operations()) == set(OPERATIONS)


@pytest.mark.parametrize(("method", "address"), OPERATIONS)
def test_an_operation_answers_each_reader_as_the_table_says(
    readers: Readers, method: str, address: str
) -> None:
    answers = {reader: readers.ask(reader, method, address) for reader in READERS}
    assert answers == dict(zip(READERS, OPERATIONS[method, address], strict=True))


def test_a_stranger_is_told_to_bring_a_token(readers: Readers) -> None:
    answer = readers.programs["stranger"].get(f"{API}/drones/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_that_nobody_made_is_refused(society: Society) -> None:
    answer = Program("drg_" + "A" * 43).get(f"{API}/drones/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_revoked_token_is_refused(society: Society) -> None:
    program = program_of(society.people.aiko)
    assert program.get(f"{API}/drones/").status_code == 200
    with acting_as(None):
        ApiToken.objects.update(revoked_at=timezone.now())
    assert program.get(f"{API}/drones/").status_code == 401


def test_a_token_of_somebody_who_may_no_longer_sign_in_is_refused(society: Society) -> None:
    program = program_of(society.people.aiko)
    with acting_as(None):
        Person.objects.filter(pk=society.people.aiko.pk).update(is_active=False)
    assert program.get(f"{API}/drones/").status_code == 401


def test_a_token_is_good_through_its_last_day(society: Society) -> None:
    assert program_of(society.people.aiko, days=2, ago=2).get(f"{API}/drones/").status_code == 200


def test_somebody_without_a_role_today_is_told_so(society: Society) -> None:
    with acting_as(None):
        Membership.objects.unscoped(reason="test").filter(person=society.people.rin).delete()
    answer = program_of(society.people.rin).get(f"{API}/vendors/")
    assert (answer.status_code, answer.json()["guard"]) == (403, "member")


def test_a_session_changes_something_only_with_the_csrf_token(
    society: Society, world: World
) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    with acting_as(None):
        browser.force_login(society.people.aiko)
    body = aircraft(world.clean.pk)
    assert browser.get(f"{API}/drones/").status_code == 200
    refused = browser.post(f"{API}/drones/", body, format="json")
    assert (refused.status_code, refused.json()["guard"]) == (403, "csrf")
    browser.get("/accounts/password/change/")
    token = browser.cookies["csrftoken"].value
    stored = browser.post(f"{API}/drones/", body, format="json", headers={"X-CSRFToken": token})
    assert stored.status_code == 201


def test_what_a_program_stores_is_the_act_of_its_person(society: Society, world: World) -> None:
    answer = program_of(society.people.aiko).post(f"{API}/drones/", aircraft(world.clean.pk))
    event = Event.objects.filter(record_table="registry_drone").latest("id")
    assert (answer.status_code, event.actor) == (201, society.people.aiko.actor)
