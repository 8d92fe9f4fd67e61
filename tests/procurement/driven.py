"""A purchase in the program beside its model: each step is taken by both, and they are compared.

The world is set up once; each run is a transaction that is taken back. The day is the model's, in Python and in the
database. Memberships are dated back, since only the day that a role was recorded is to count.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Membership, Person
from compliance.models import ListMatch
from procurement import workflow
from procurement.claims import claim_on, claim_review, release_review
from procurement.errors import NotAllowed, NotNow, Refused
from procurement.follow_ups import Demand, Wanted
from procurement.models import Line, Offer, Purchase, Tie
from procurement.receipts import Unit
from procurement.requests import Request
from procurement.services import edit_purchase
from procurement.tenders import record_offer
from procurement.ties import declare_tie
from procurement.workflow import available_actions, lines_of, perform
from tests.compliance.test_rulebooks import ALLOWED, enact
from tests.compliance.waivers import granted
from tests.databases import FreshDatabase
from tests.people import POSTS, SINCE, Society, settle
from tests.procurement.reference import AGENCY_ROLES, PROGRAM, Case, Model, Refusal, Try
from tests.worlds import World, draft, furnish, publish

FLAGGED = frozenset({"flagged", "security", "blocked"})
SECURITY = frozenset({"security"})
NOTHING: frozenset[str] = frozenset()
KITE, SORA = {"kite works": "KITE WORKS CO., LTD."}, {"sora aircraft": "SORA AIRCRAFT"}
NOW = r"\(now\(\) at time zone '[^']*'\)::date"
WAIVED_DAYS, CONTRACT_DAYS = 20, 25

# What is asked for: the case of the model, then the build, the missions, and the rest of the draft.
CASES: dict[str, tuple[Case, str, str, dict[str, Any]]] = {
    each[0].name: each
    for each in (
        (Case("plain", NOTHING, NOTHING), "clean", "training", {}),
        (Case("sensitive", SECURITY, FLAGGED), "clean", "criminal_investigation", {}),
        (Case("forbidden", FLAGGED), "listed", "criminal_investigation", {}),
        (Case("waived", FLAGGED - {"blocked"}, waived=True), "listed", "rescue", {}),
        (Case("consulted", FLAGGED - {"blocked"} | {"consultation"}), "listed", "forestry", {}),
        (
            Case("unsure", *(FLAGGED - {"blocked"} | {"acceptance"},) * 2),
            "no_radio",
            "forestry",
            {},
        ),
        (
            Case("urgent", SECURITY, FLAGGED, emergency=True),
            "clean",
            "criminal_investigation",
            {"emergency": "People are missing at sea."},
        ),
        (
            Case("lease", NOTHING, NOTHING, for_a_time=True),
            "clean",
            "training",
            {"kind": "lease"},
        ),
        (
            Case("service", SECURITY, FLAGGED, for_a_time=True, delivers=False),
            "clean",
            "criminal_investigation",
            {"kind": "service"},
        ),
        (
            Case("specified", SECURITY, FLAGGED, specification=True),
            "clean",
            "criminal_investigation",
            {},
        ),
    )
}


@dataclass(frozen=True)
class Row:
    """What became of a purchase, as the database has it."""

    status: str
    version: int
    round: int
    moves: int
    evidence: bool
    units: int
    holder: str
    digest: str


READ = """
    select p.status, p.version, p.round, p.moves_made, p.evidence_asked_at is not null,
      (select count(*) from procurement_receivedunit r where r.purchase_id = p.id),
      coalesce((select split_part(x.email, '@', 1) from procurement_claim c join agencies_person x on x.id = c.person_id
                where c.purchase_id = p.id and c.ended_at is null
                  and (c.until >= %s or p.evidence_asked_at is not null)), ''),
      coalesce((select d.digest from procurement_dossier d where d.id = p.dossier_id), '')
    from procurement_purchase p where p.id = %s"""


class CrashedError(Exception):
    """The process dies after the step was stored and before it was committed."""


@dataclass(frozen=True)
class Stage:
    """The world of all runs; `day` is the day on which they begin."""

    society: Society
    world: World
    day: date


@contextmanager
def staged(database: FreshDatabase) -> Iterator[Stage]:
    """The world, with the days of the program and of the database in our hands."""
    society = settle()
    world = furnish(society)
    day = timezone.localdate()
    coast_guard = society.tree.coast_guard
    enact(
        society.people,
        level="consult",
        on_unknown="consult",
        held=ALLOWED,
        scope={"kind": "mission_in", "missions": ["forestry"]},
    )
    until = day + timedelta(WAIVED_DAYS)
    granted(society.people, coast_guard, world, missions=["rescue"], valid_until=until)
    _match_sora(society, world, day)
    _own_clock(database)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(timezone, "localdate", lambda *given: _today(day))
        yield Stage(society, world, day)


def _match_sora(society: Society, world: World, day: date) -> None:
    """The entry is known to be the maker of the clean build before any edition names it."""
    with acting_as(society.people.goro):
        ListMatch.objects.create(
            list=world.companies,
            entry_key="sora aircraft",
            vendor=world.sora,
            decision=ListMatch.Decision.SAME,
            reason="Same name and seat.",
            decided_by=society.people.goro,
            decided_on=day,
        )


def _own_clock(database: FreshDatabase) -> None:
    """Every day that the database works out is so many days later as its transaction says."""
    later = "coalesce(nullif(current_setting('test.days', true), ''), '0')::int"
    with psycopg2.connect(database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute(
            "select pg_get_functiondef(p.oid) from pg_proc p where p.pronamespace = 'public'::regnamespace"
            " and p.prosrc ~ %s and pg_get_userbyid(p.proowner) = current_user",
            [NOW],
        )
        found = [definition for (definition,) in cursor.fetchall()]
        assert len(found) > 1
        for definition in found:
            cursor.execute(re.sub(NOW, lambda day: f"({day[0]} + {later})", definition))


_DAYS = {"passed": 0}


def _today(day: date) -> date:
    return day + timedelta(_DAYS["passed"])


@contextmanager
def run(stage: Stage, name: str) -> Iterator["Driven"]:
    """One purchase of this case, and its model; nothing of it stays."""
    with transaction.atomic():
        _DAYS["passed"] = 0
        with (
            connection.cursor() as cursor
        ):  # a machine that stands still for a while is no reason to fail
            cursor.execute("set local idle_in_transaction_session_timeout = 0")
        yield Driven(stage, name)
        transaction.set_rollback(True)


class Driven:
    def __init__(self, stage: Stage, name: str) -> None:
        self.stage = stage
        case, build, mission, more = CASES[name]
        ends = stage.day + timedelta(CONTRACT_DAYS)
        if case.for_a_time:
            more = {**more, "begins": stage.day, "ends": ends}
        self.model = Model(
            case,
            stage.day,
            stage.day + timedelta(WAIVED_DAYS),
            ends,
            requester="aiko",
            posts=_posts(),
            hands={"aiko"},
        )
        self.purchase = draft(
            self.person("aiko"),
            stage.society.tree.coast_guard,
            getattr(stage.world, build),
            missions=[mission],
            **more,
        )
        if case.specification:
            self._specify()
        with acting_as(None):
            self.line = Line.objects.unscoped(reason="the only one").get(purchase=self.purchase)
        self.offers: list[Offer] = []
        self.serials = 0
        self.row = self._read()
        self.model.version = self.row.version

    def _specify(self) -> None:
        aiko = self.person("aiko")
        with acting_as(aiko):
            Line.objects.visible_to(aiko).filter(purchase=self.purchase).update(
                kind="specification", build=None, supplier=None, description="Flies in rain"
            )

    def person(self, name: str) -> Person:
        """As they come in anew: what their posts allow is asked again."""
        found: Person = getattr(self.stage.society.people, name)
        found.__dict__.pop("scope", None)
        return found

    def _read(self) -> Row:
        with acting_as(None), connection.cursor() as cursor:
            cursor.execute(READ, [self.model.today, self.purchase.pk])
            return Row(*cursor.fetchone())

    # ---- Steps

    def take(self, tried: Try, *, crash: bool = False) -> None:
        """Try it in both. With `crash` the program first loses the step half-way, and tries again."""
        expected = self.model.verdict(tried)
        request = self._request(tried)
        if crash:
            self._lose(tried, request)
        found = _outcome(lambda: self._perform(tried, request))
        assert found == expected, f"{tried}: the program says {found}, the model {expected}"
        if expected is None:
            self.model.make(tried)
        self.compare()

    def _perform(self, tried: Try, request: Request) -> None:
        by = None if tried.who == PROGRAM else self.person(tried.who)
        with acting_as(by):
            perform(tried.action, self.purchase.pk, by=by, request=request)

    def _lose(self, tried: Try, request: Request) -> None:
        def dies(*_given: object) -> None:
            raise CrashedError

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(workflow, "follow_up", dies)
            with pytest.raises((CrashedError, Refused, ValidationError, Purchase.DoesNotExist)):
                self._perform(tried, request)
        self.compare()

    def _request(self, tried: Try) -> Request:
        seen = self.row
        words: dict[str, Any] = {}
        if tried.complete:
            words = {
                "reasons": ("other",),
                "letter": "Because it is needed.",
                "contract_reference": "R8-1",
                "conditions": [Demand("Fly without the app.")],
                "evidence": Wanted("Who made the radio", "Sora", self.model.today),
                "offers": [self.offers[-1].pk] if self.offers else [],
            }
        return Request(
            version=seen.version - tried.stale,
            digest="0" * 64 if tried.other_dossier else seen.digest,
            answer=tried.answer,
            units=[self._unit() for _ in range(tried.units)],
            **words,
        )

    def _unit(self) -> Unit:
        self.serials += 1
        return Unit(self.line.pk, f"S1-{self.serials}")

    # ---- Beside the steps

    def edit(self, who: str) -> None:
        by = self.person(who)
        with acting_as(by):
            seen = Purchase.objects.visible_to(by).get(pk=self.purchase.pk)
            seen.title = f"{seen.title}."
            edit_purchase(purchase=seen, lines=lines_of(seen, by), by=by)
        self.model.version += 1
        self.model.hands.add(who)
        self.compare()

    def offer(self, who: str) -> None:
        by, build = self.person(who), self.stage.world.clean
        with acting_as(by):
            made = Offer(
                purchase=self.purchase,
                line=self.line,
                build=build,
                supplier=self.stage.world.sora,
                unit_price=500_000 + len(self.offers),
            )
            self.offers.append(record_offer(offer=made, by=by))
        self.model.offers += 1
        self.model.hands.add(who)
        self.compare()

    def pass_days(self, days: int) -> None:
        self.model.pass_days(days)
        _DAYS["passed"] += days
        with connection.cursor() as cursor:
            cursor.execute("select set_config('test.days', %s, true)", [str(_DAYS["passed"])])
        self.compare()

    def list_maker(self, *, listed: bool) -> None:
        """The next edition names the maker of what is asked for, or names it no more."""
        self.pass_days(1)
        with acting_as(None):
            publish(self.stage.world.companies, self.model.today, KITE | (SORA if listed else {}))
        self.model.listed = listed
        self.compare()

    def give(self, who: str, role: str) -> None:
        tree = self.stage.society.tree
        node = tree.coast_guard if role in AGENCY_ROLES else tree.centre
        with acting_as(None):
            Membership.objects.create(person=self.person(who), agency=node, role=role, since=SINCE)
        self.model.posts[who].add(role)
        self.compare()

    def end(self, who: str, role: str) -> None:
        with acting_as(None):
            every = Membership.objects.unscoped(reason="a post of the tests")
            rows = every.filter(person=self.person(who), role=role)
            rows.update(until=self.model.today)
        self.model.posts[who].discard(role)
        self.compare()

    def tie(self, who: str) -> None:
        by = self.person(who)
        with acting_as(by):
            declare_tie(tie=Tie(purchase=self.purchase, what="My brother sells it."), by=by)
        self.model.tied.add(who)
        self.compare()

    def claim(self, who: str, *, over: bool) -> None:
        by = self.person(who)
        named = self.model.claimed() if over else ""

        def act() -> None:
            with acting_as(by):
                held = claim_on(self.purchase, by, self.model.today) if over else None
                claim_review(
                    purchase_id=self.purchase.pk, by=by, instead_of=held.pk if held else None
                )

        self._both(f"{who} claims", act, self.model.claim(who, named))

    def release(self, who: str) -> None:
        by = self.person(who)

        def act() -> None:
            with acting_as(by):
                release_review(purchase_id=self.purchase.pk, by=by)

        self._both(f"{who} lets go", act, self.model.release(who))

    def _both(self, what: str, act: Callable[[], None], expected: Refusal | None) -> None:
        found = _outcome(act)
        assert found == expected, f"{what}: the program says {found}, the model {expected}"
        self.compare()

    # ---- Comparing

    def compare(self) -> None:
        self.row, model = self._read(), self.model
        assert self.row == Row(
            model.status,
            model.version,
            model.round,
            model.moves,
            model.evidence,
            model.units,
            model.claimed(),
            self.row.digest,
        )

    def compare_shown(self, who: str) -> None:
        """Both offer this person the same steps, and say the same of those that wait."""
        if not self.model.sees(who):
            return
        by = self.person(who)
        with acting_as(by):
            rows = Purchase.objects.visible_to(by).select_related("dossier", "agency")
            steps = available_actions(rows.get(pk=self.purchase.pk), by)
        found = {step.action.value: step.guard for step in steps}
        assert found == self.model.shown(who), f"offered to {who} in {self.model.status}"


def _posts() -> dict[str, set[str]]:
    ours = {"coast_guard", "centre"}
    return {
        who: {r.value for r in roles} if node in ours else set()
        for who, (node, roles) in POSTS.items()
    }


def _outcome(act: Callable[[], None]) -> Refusal | None:
    try:
        with transaction.atomic():
            act()
    except (NotAllowed, NotNow) as refused:
        return type(refused).__name__, refused.guard
    except Purchase.DoesNotExist:
        return "DoesNotExist", ""
    except ValidationError:
        return "ValidationError", ""
    return None
