"""Every address of the site, filled with rows of the Coast Guard, for the tests that walk over all of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import Waiver
from procurement.dossiers import compose
from procurement.models import Purchase
from procurement.workflow import lines_of
from records.models import Attachment, Notice
from records.notice_kinds import NoticeKind
from records.services import attach, write_note
from records.telling import Cause, tell_people
from registry.models import (
    Attribute,
    Build,
    Drone,
    DroneCertificate,
    ImportSession,
    Measure,
    OwnershipLink,
    VendorIdentifier,
)
from registry.transfers import offer
from tests.compliance.waivers import requested
from tests.people import People, Society
from tests.procurement.steps import freeze, step
from tests.web.pages import signed_in
from tests.worlds import World, draft

READERS = ("stranger", "daisuke", "aiko", "ben", "chie", "goro", "fumi")
"""Nobody; another agency; custodian, approver; at the centre: reviewer, steward, leader."""

ELSEWHERE = ("api/",)  # tests/api/test_access.py walks over the interface for programs

MARK = "MARKER-TETSUMON"
"""Stands in everything that the Coast Guard alone may read."""


def routes() -> dict[str, URLPattern]:
    """Every page by the name of its route."""
    return {str(route.name): route for route in _walk(get_resolver().url_patterns)}


def _walk(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif str(pattern.pattern) not in ELSEWHERE:
            yield from _walk(pattern.url_patterns)


def plain(answer: HttpResponse, *without: object) -> str:
    """What the reader gets, headers and all, without what differs from request to request."""
    text = f"{answer.status_code}\n{answer.headers}\n{answer.content.decode()}"
    for word in without:
        text = text.replace(str(word), "…")
    return re.sub(TOKENS, "…", text)


TOKENS = r"""csrfmiddlewaretoken" value="\w+|csrftoken=[^']*|"X-CSRFToken": "\w+|nonce-[^']*|name="key" value="[^"]*"""


def whole(answer: HttpResponseBase) -> HttpResponse:
    """The answer with all that it streams."""
    if isinstance(answer, HttpResponse):
        return answer
    body = b"".join(cast("StreamingHttpResponse", answer))
    return HttpResponse(body, status=answer.status_code, headers=dict(answer.headers))


@dataclass(frozen=True)
class Readers:
    """The browsers of READERS; every request starts from the same cookies and leaves nothing behind."""

    sessions: dict[str, str]

    @classmethod
    def of(cls, people: People) -> "Readers":
        clients = {name: signed_in(getattr(people, name)) for name in READERS[1:]}
        cookie = settings.SESSION_COOKIE_NAME
        return cls({name: client.cookies[cookie].value for name, client in clients.items()})

    def ask(
        self, reader: str, method: str, address: str, body: Mapping[str, str] = {}
    ) -> HttpResponse:
        client = Client(headers={"accept-language": "en"})
        if reader in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[reader]
        with transaction.atomic():
            answer = whole(getattr(client, method.lower())(address, body))
            transaction.set_rollback(True)
        return answer


NOBODYS = UUID("0190a000-0000-7000-8000-000000000000")


@dataclass(frozen=True)
class Rows:
    """What the addresses are filled with: all of the Coast Guard, or of the catalogue."""

    world: World
    draft: Purchase
    waiting: Purchase  # for a security reviewer
    link: OwnershipLink
    measure: Measure
    attribute: Attribute
    file: Attachment
    waiver: Waiver  # waits for its first decision
    offered: UUID = NOBODYS  # by the Forestry Agency to the Coast Guard

    def address(self, name: str) -> str:
        """The address of this route, filled."""
        pattern = routes()[name].pattern
        if name in FIXED or not pattern.converters:
            return reverse(name, kwargs=FIXED.get(name))
        keys = dict.fromkeys(pattern.converters, self._key(name))
        if "line_pk" in keys:
            keys["line_pk"] = self.line
        return reverse(name, kwargs={**keys, **CODES.get(name, {})})

    def _key(self, name: str) -> object:
        """By the first part of the address; `purchases/` by what the page needs."""
        world = self.world
        keys: dict[str, object] = {
            "agencies": world.patrol.agency_id,
            "attributes": self.attribute.pk,
            "builds": world.clean.pk,
            "certificates": self.certificate,
            "components": self.component,
            "dashboards": world.patrol.agency_id,
            "declarations": world.paper.pk,
            "drones": world.patrol.pk,
            "editions": self.edition,
            "identifiers": self.identifier,
            "files": self.file.pk,
            "imports": self.imported.pk,
            "links": self.link.pk,
            "lists": world.companies.pk,
            "measures": self.measure.pk,
            "models": world.clean.model_id,
            "notices": self.told,
            "policies": world.version.policy_id,
            "purchases": (self.draft if name in OF_THE_DRAFT else self.waiting).pk,
            "reviews": self.waiting.pk,
            "rules": world.origin.pk,
            "substitutes": 0,  # nobody's: ending is told apart in the tests of the page
            "ties": UUID(int=0),
            "vendor-names": self.name,
            "transfers": self.offered,
            "vendors": world.sora.pk,
            "versions": world.version.pk,
            "waivers": self.waiver.pk,
        }
        return keys[str(routes()[name].pattern).split("/")[0]]

    @cached_property
    def line(self) -> UUID:
        """Of the draft."""
        with acting_as(None):
            lines = self.draft.lines.unscoped(reason="of the draft")
            return lines.values_list("pk", flat=True)[0]

    @cached_property
    def imported(self) -> ImportSession:
        """A spreadsheet that waits to be checked."""
        with acting_as(None):
            return ImportSession.objects.create(
                agency=self.world.patrol.agency, digest="0" * 64, file_name=f"{MARK}.csv"
            )

    @cached_property
    def told(self) -> UUID:
        """What Aiko was told about an aircraft."""
        with acting_as(None):
            aiko = Person.objects.get(email="aiko@test.example")
            cause = Cause(NoticeKind.DECLINED, "a page", self.world.patrol, f"Told {MARK}")
            tell_people([(aiko, cause)])
            return Notice.objects.values_list("pk", flat=True).get(cause="a page")

    @property
    def certificate(self) -> UUID:
        """Of the aircraft that the file hangs on."""
        with acting_as(None):
            papers = DroneCertificate.objects.unscoped(reason="the only one of the aircraft")
            return papers.values_list("pk", flat=True).get(drone_id=self.file.record_id)

    @property
    def component(self) -> int:
        return self.world.clean.components.values_list("pk", flat=True)[0]

    @property
    def identifier(self) -> int:
        return self.world.sora.identifiers.values_list("pk", flat=True)[0]

    @property
    def name(self) -> int:
        return self.world.sora.names.values_list("pk", flat=True)[0]

    @property
    def edition(self) -> int:
        return self.world.companies.editions.values_list("pk", flat=True)[0]


OF_THE_DRAFT = (
    *("purchase", "edit_purchase", "purchase_submit"),
    *(f"purchase_step_{name}" for name in ("request", "lines", "terms", "documents", "overview")),
    *("check_step_request", "check_step_terms", "new_line", "check_new_line"),
    *("edit_line", "check_line", "remove_line"),
)
EXPORTS = (
    *("drones", "models", "builds", "vendors", "purchases", "waivers"),
    *("reviews", "reviews_mine", "reviews_others", "reviews_overdue"),
)
CODES: dict[str, dict[str, object]] = {
    "edit_certificate": {"code": "registration"},
    "purchase_evidence": {"no": 2, "form": "html"},
}
FIXED: dict[str, dict[str, str]] = {
    **{f"export_{name}": {"form": "csv"} for name in EXPORTS},
    "share_name": {"pk": str(NOBODYS)},
    "withdraw_name": {"pk": "0"},
    "account_confirm_email": {"key": "no-such-key"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "no-such-key"},
}


def rows_of_the_coast_guard(world: World, society: Society) -> Rows:
    aiko, ben, agency = society.people.aiko, society.people.ben, society.tree.coast_guard
    fresh, waiting = (
        draft(aiko, agency, world.clean, title=f"Title {MARK}", purpose=f"Purpose {MARK}")
        for _ in range(2)
    )
    with acting_as(aiko):
        composed = compose(waiting, lines_of(waiting, aiko), timezone.localdate())
    dossier = freeze(waiting, aiko, body=composed.text, digest=composed.digest)
    step(waiting, "submit", "agency_review", aiko, dossier=dossier, letter=f"Letter {MARK}")
    step(waiting, "approve", "security_review", ben)
    waiver = requested(aiko, agency, world, reason=f"Reason {MARK}", conditions=f"Under {MARK}")
    mark(world, aiko)
    daisuke = society.people.daisuke
    with acting_as(daisuke):
        offered = offer(drone=world.timber, seen=0, to=agency, message="", by=daisuke)
    return Rows(
        world,
        fresh,
        waiting,
        small_holding(world),
        *said_of(world.clean),
        file_of(world.patrol, aiko),
        waiver,
        offered,
    )


def file_of(drone: Drone, by: Person) -> Attachment:
    """A file, a note and a certificate of an aircraft, each with the marker in it."""
    upload = SimpleUploadedFile(f"{MARK}.txt", f"Content {MARK}".encode())
    with acting_as(by):
        write_note(on=drone, text=f"Note {MARK}", by=by)
        DroneCertificate.objects.create(
            agency=drone.agency, drone=drone, certificate="radio_licence", held=True, number=MARK
        )
        return attach(to=drone, upload=upload, about=f"About {MARK}", by=by)


def said_of(build: Build) -> tuple[Measure, Attribute]:
    """A measure and an attribute of the build that no rule of the tests asks for, and a number of its maker."""
    with acting_as(None):
        VendorIdentifier.objects.create(
            vendor=build.model.manufacturer, scheme="duns", value="690549662"
        )
        return (
            Measure.objects.create(build=build, measure="update_control", claimed=True),
            Attribute.objects.create(build=build, attribute="range_m", low=4000, high=4000),
        )


def small_holding(world: World) -> OwnershipLink:
    """A small holding of the good maker in the listed one: it changes no result."""
    with acting_as(None):
        return OwnershipLink.objects.create(
            holder=world.sora, subject=world.kite, kind=OwnershipLink.Kind.SHAREHOLDING, share_max=1
        )


def mark(world: World, by: Person) -> None:
    drone = world.patrol
    drone.serial_number, drone.place, drone.note = MARK, f"Place {MARK}", f"Note {MARK}"
    with acting_as(by, reason=f"Reason {MARK}"):
        drone.save(update_fields=["serial_number", "place", "note"])
