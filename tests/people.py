"""The people of the tests, by name, in a small tree of government bodies.

    centre ── MLIT ── Japan Coast Guard: Aiko, Ben, Emi, Mika, Nao, Rin
           └─ MAFF ── Forestry Agency: Daisuke, Eri
    centre: Chie, Haru, Fumi, Goro, Hana, Iori, Jun, Kei

A test names those it needs as fixtures. A test on a fresh database calls `settle()` itself.
"""

from dataclasses import dataclass, fields
from datetime import date

import pytest

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person
from tests import stages

Role = Membership.Role
PASSWORD = "a long enough phrase for tests"
SINCE = date(2020, 4, 1)


@dataclass(frozen=True)
class Tree:
    centre: Agency
    mlit: Agency
    coast_guard: Agency
    maff: Agency
    forestry: Agency


@dataclass(frozen=True)
class People:
    aiko: Person  # custodian, Coast Guard
    ben: Person  # approver, Coast Guard
    emi: Person  # inspector, Coast Guard
    mika: Person  # a second custodian, Coast Guard
    nao: Person  # custodian and approver, Coast Guard
    rin: Person  # viewer, Coast Guard
    daisuke: Person  # custodian, Forestry Agency
    eri: Person  # approver, Forestry Agency
    chie: Person  # security reviewer, centre
    haru: Person  # a second security reviewer, centre
    fumi: Person  # leader, centre
    goro: Person  # steward, centre
    hana: Person  # policy officer, centre
    iori: Person  # auditor, centre
    jun: Person  # administrator, centre
    kei: Person  # consultation officer, centre


@dataclass(frozen=True)
class Society:
    tree: Tree
    people: People


POSTS: dict[str, tuple[str, tuple[Role, ...]]] = {
    "aiko": ("coast_guard", (Role.CUSTODIAN,)),
    "ben": ("coast_guard", (Role.APPROVER,)),
    "emi": ("coast_guard", (Role.INSPECTOR,)),
    "mika": ("coast_guard", (Role.CUSTODIAN,)),
    "nao": ("coast_guard", (Role.CUSTODIAN, Role.APPROVER)),
    "rin": ("coast_guard", (Role.VIEWER,)),
    "daisuke": ("forestry", (Role.CUSTODIAN,)),
    "eri": ("forestry", (Role.APPROVER,)),
    "chie": ("centre", (Role.SECURITY_REVIEWER,)),
    "haru": ("centre", (Role.SECURITY_REVIEWER,)),
    "fumi": ("centre", (Role.LEADER,)),
    "goro": ("centre", (Role.STEWARD,)),
    "hana": ("centre", (Role.POLICY_OFFICER,)),
    "iori": ("centre", (Role.AUDITOR,)),
    "jun": ("centre", (Role.ADMINISTRATOR,)),
    "kei": ("centre", (Role.CONSULTATION_OFFICER,)),
}


@stages.layer("society")
def settle() -> Society:
    """The tree, the people and their posts, stored as the program itself does it."""
    with acting_as(None, reason="people of the tests"):
        tree = _plant()
        people = People(**{name: _person(name) for name in POSTS})
        Person.objects.bulk_create(getattr(people, name) for name in POSTS)
        Membership.objects.bulk_create(
            Membership(
                person=getattr(people, name), agency=getattr(tree, node), role=role, since=SINCE
            )
            for name, (node, roles) in POSTS.items()
            for role in roles
        )
    return Society(tree, people)


def _plant() -> Tree:
    centre = _body("jp-gov", Agency.Kind.CENTRAL, "Government of Japan", "日本国政府")
    mlit = _body("mlit", Agency.Kind.MINISTRY, "MLIT", "国土交通省", centre)
    maff = _body("maff", Agency.Kind.MINISTRY, "MAFF", "農林水産省", centre)
    coast_guard = _body("jcg", Agency.Kind.AGENCY, "Japan Coast Guard", "海上保安庁", mlit)
    forestry = _body("rinya", Agency.Kind.AGENCY, "Forestry Agency", "林野庁", maff)
    return Tree(centre, mlit, coast_guard, maff, forestry)


def _body(code: str, kind: str, en: str, local: str, parent: Agency | None = None) -> Agency:
    return Agency.objects.create(code=code, kind=kind, name_en=en, name_local=local, parent=parent)


def _person(name: str) -> Person:
    person = Person(email=f"{name}@test.example", name_en=name.capitalize(), language="en")
    person.set_password(PASSWORD)
    return person


@pytest.fixture
def society(db: None) -> Society:
    return stages.made("society") or settle()


@pytest.fixture
def tree(society: Society) -> Tree:
    return society.tree


@pytest.fixture
def people(society: Society) -> People:
    return society.people


@pytest.fixture
def aiko(people: People) -> Person:
    """Custodian of the Coast Guard: logs aircraft and asks for purchases."""
    return people.aiko


@pytest.fixture
def ben(people: People) -> Person:
    """Approver of the Coast Guard."""
    return people.ben


@pytest.fixture
def emi(people: People) -> Person:
    """Inspector of the Coast Guard."""
    return people.emi


@pytest.fixture
def mika(people: People) -> Person:
    """A second custodian of the Coast Guard."""
    return people.mika


@pytest.fixture
def nao(people: People) -> Person:
    """Custodian and approver of the Coast Guard at once: who must still not decide on their own work."""
    return people.nao


@pytest.fixture
def rin(people: People) -> Person:
    """Viewer of the Coast Guard."""
    return people.rin


@pytest.fixture
def daisuke(people: People) -> Person:
    """Custodian of the Forestry Agency: must see nothing of the Coast Guard."""
    return people.daisuke


@pytest.fixture
def eri(people: People) -> Person:
    """Approver of the Forestry Agency."""
    return people.eri


@pytest.fixture
def chie(people: People) -> Person:
    """Security reviewer at the centre."""
    return people.chie


@pytest.fixture
def haru(people: People) -> Person:
    """A second security reviewer at the centre."""
    return people.haru


@pytest.fixture
def fumi(people: People) -> Person:
    """Leader at the centre."""
    return people.fumi


@pytest.fixture
def goro(people: People) -> Person:
    """Steward of the catalogue."""
    return people.goro


@pytest.fixture
def hana(people: People) -> Person:
    """Policy officer."""
    return people.hana


@pytest.fixture
def iori(people: People) -> Person:
    """Auditor."""
    return people.iori


@pytest.fixture
def jun(people: People) -> Person:
    """Administrator."""
    return people.jun


@pytest.fixture
def kei(people: People) -> Person:
    """Consultation officer at the centre."""
    return people.kei


assert {field.name for field in fields(People)} == set(POSTS)
