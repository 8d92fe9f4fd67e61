"""Pairs of acts on a purchase that can meet, and what they may come to."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Membership, Person
from compliance.models import Waiver
from procurement.claims import claim_review, release_review
from procurement.errors import NotAllowed, NotNow
from procurement.models import Claim, Line, Move, Purchase, ReceivedUnit
from procurement.receipts import Unit
from procurement.requests import Request
from procurement.services import edit_purchase
from procurement.states import Action
from procurement.workflow import lines_of, perform
from tests.compliance.waivers import ended, granted
from tests.people import SINCE, Role, Society
from tests.worlds import IN_FORCE, World, draft, publish

DONE = "done"
OVERTAKEN = ("NotNow moved", "NotNow transition")
Outcomes = Collection[tuple[str, str]]
Act = Callable[["Race"], object]


@dataclass
class Race:
    """A purchase before two acts at one moment; `number` counts the races of a pair."""

    society: Society
    world: World
    number: int
    purchase: Purchase
    waiver: Waiver | None = None
    claimed: Claim | None = None

    def person(self, name: str) -> Person:
        """As they come in anew, so that their posts are asked again; each window has its own."""
        with acting_as(None):
            return Person.objects.get(email=f"{name}@test.example")

    def take(self, action: Action, name: str | None, *, after: bool = False, **given: Any) -> Move:
        """A step by somebody who saw the purchase before the race, or who looks at it now."""
        by = self.person(name) if name else None
        seen = self.now() if after else self.purchase
        digest = seen.dossier.digest if seen.dossier else ""
        request = replace(Request(seen.version, digest, reasons=("other",)), **given)
        with acting_as(by):
            return perform(action, seen.pk, by=by, request=request)

    def now(self) -> Purchase:
        with acting_as(None):
            rows = Purchase.objects.unscoped(reason="as it is now").select_related("dossier")
            return rows.get(pk=self.purchase.pk)

    def moves(self) -> list[Move]:
        with acting_as(None):
            rows = Move.objects.unscoped(reason="what a race left")
            return list(rows.filter(purchase=self.purchase).order_by("no"))


# ---- Where races begin


def drafted(
    society: Society, world: World, build: str = "clean", mission: str = "rescue"
) -> Purchase:
    coast_guard = society.tree.coast_guard
    return draft(society.people.aiko, coast_guard, getattr(world, build), missions=[mission])


def carried(race: Race, *steps: tuple[Action, str]) -> None:
    for action, name in steps:
        race.take(action, name, after=True, contract_reference="R8-1")
    race.purchase = race.now()


def in_draft(_race: Race) -> None:
    """As it was drafted."""


def in_review(race: Race) -> None:
    carried(race, (Action.SUBMIT, "aiko"), (Action.APPROVE, "ben"))


def held_by_chie(race: Race) -> None:
    in_review(race)
    claim(race, "chie")


def approved(race: Race) -> None:
    in_review(race)
    carried(race, (Action.APPROVE, "chie"))


def ordered(race: Race) -> None:
    approved(race)
    carried(race, (Action.ORDER, "aiko"))


def waived(race: Race) -> None:
    """Of the listed maker, under a waiver that was asked for and granted by others than Haru."""
    people, coast_guard = race.society.people, race.society.tree.coast_guard
    until = timezone.localdate() + timedelta(20)
    race.waiver = granted(people, coast_guard, race.world, missions=["rescue"], valid_until=until)
    race.purchase = drafted(race.society, race.world, "listed")
    in_review(race)


# ---- What is done in them


def claim(race: Race, name: str, over: Claim | None = None) -> None:
    by = race.person(name)
    with acting_as(by):
        claim_review(
            purchase_id=race.purchase.pk, by=by, instead_of=over.pk if over is not None else None
        )


def takes_over(race: Race) -> None:
    """Haru takes the review from Chie, as Haru saw it before the race."""
    claim(race, "haru", race.claimed)


def lets_go(race: Race) -> None:
    chie = race.person("chie")
    with acting_as(chie):
        release_review(purchase_id=race.purchase.pk, by=chie)


def edits(race: Race) -> None:
    nao = race.person("nao")
    with acting_as(nao):
        lines = lines_of(race.purchase, nao)
        lines[0].quantity = 3
        edit_purchase(purchase=race.purchase, lines=lines, by=nao)


def loses_the_role(race: Race) -> None:
    with acting_as(None):
        posts = Membership.objects.unscoped(reason="posts of the tests")
        posts.filter(person__email="chie@test.example").update(until=timezone.localdate())


def lists_the_maker(race: Race) -> None:
    entries = {"kite works": "KITE WORKS CO., LTD.", "sora aircraft": "SORA AIRCRAFT"}
    with acting_as(None), transaction.atomic():
        publish(race.world.companies, IN_FORCE + timedelta(2 * race.number + 1), entries)


def ends_the_waiver(race: Race) -> None:
    assert race.waiver is not None
    ended(race.waiver, race.person("kei"))


def step_of(action: Action, name: str | None) -> Act:
    return lambda race: race.take(action, name, contract_reference="R8-1", letter="Needed.")


def receives(race: Race) -> Move:
    """Both units, on the plates that everybody reads."""
    line = lines_of_all(race)[0]
    units = [Unit(line.pk, f"S1-{race.number}-{plate}") for plate in (1, 2)]
    return race.take(Action.RECEIVE, "emi", units=units)


def lines_of_all(race: Race) -> list[Line]:
    with acting_as(None):
        return list(Line.objects.unscoped(reason="its line").filter(purchase=race.purchase))


# ---- What must be so afterwards


def no_order(race: Race) -> None:
    """Whoever came first: what was approved on the old facts is not ordered."""
    if race.now().status == "approved":
        with pytest.raises(NotNow) as refused:
            race.take(Action.ORDER, "aiko", after=True, contract_reference="R8-1")
        assert refused.value.guard == "dossier_no_longer_holds"


def delists(race: Race) -> None:
    no_order(race)
    with acting_as(None), transaction.atomic():
        day = IN_FORCE + timedelta(2 * race.number + 2)
        publish(race.world.companies, day, {"kite works": "KITE WORKS CO., LTD."})


def no_step_of_chie(race: Race) -> None:
    """And she has the post again for the next race, whose round begins after that."""
    with pytest.raises((NotAllowed, NotNow, Purchase.DoesNotExist)):
        race.take(Action.DECLINE, "chie", after=True)
    with acting_as(None):
        chie = race.person("chie")
        centre = race.society.tree.centre
        Membership.objects.unscoped(reason="posts of the tests").filter(person=chie).delete()
        Membership.objects.create(
            person=chie, agency=centre, role=Role.SECURITY_REVIEWER, since=SINCE
        )


def one_holder(race: Race) -> None:
    with acting_as(None):
        rows = Claim.objects.unscoped(reason="what a race left").filter(purchase=race.purchase)
        held = list(rows.filter(ended_at=None))
    assert len(held) == (race.now().status == "security_review")


def two_units(race: Race) -> None:
    with acting_as(None):
        rows = ReceivedUnit.objects.unscoped(reason="what a race left")
        assert rows.filter(purchase=race.purchase).count() == 2


def nothing_more(_race: Race) -> None:
    """The steps alone say it."""


@dataclass(frozen=True)
class Pair:
    """`allowed`: what the two may come to. Where both may be done, either order of the two is one that could have been."""

    begins: Act
    mine: Act
    theirs: Act
    allowed: Outcomes
    afterwards: Act = nothing_more


def either(mine: Collection[str], theirs: Collection[str]) -> Outcomes:
    """One of the two is done, and the other refused in one of these ways."""
    return {(DONE, each) for each in theirs} | {(each, DONE) for each in mine}


HELD = ("NotNow held_by_another",)
CLAIMED_TOO_LATE = ("NotNow not_under_review",)
CHANGED = {(DONE, DONE), (DONE, "NotNow dossier_no_longer_holds")}
PAIRS: dict[str, Pair] = {
    "decision and decision": Pair(
        in_review,
        step_of(Action.RETURN, "chie"),
        step_of(Action.DECLINE, "haru"),
        either(OVERTAKEN, OVERTAKEN),
    ),
    "approval and approval": Pair(
        in_review,
        step_of(Action.APPROVE, "chie"),
        step_of(Action.APPROVE, "haru"),
        either(OVERTAKEN, OVERTAKEN),
    ),
    "approval and withdrawal": Pair(
        in_review,
        step_of(Action.APPROVE, "chie"),
        step_of(Action.WITHDRAW, "aiko"),
        either(OVERTAKEN, OVERTAKEN),
    ),
    "edit and submission": Pair(
        in_draft,
        edits,
        step_of(Action.SUBMIT, "aiko"),
        either(("NotNow not_a_draft",), OVERTAKEN),
    ),
    "claim and claim": Pair(
        in_review,
        lambda race: claim(race, "chie"),
        lambda race: claim(race, "haru"),
        either(HELD, HELD),
        one_holder,
    ),
    "claim and decision": Pair(
        in_review,
        lambda race: claim(race, "chie"),
        step_of(Action.DECLINE, "haru"),
        either(CLAIMED_TOO_LATE, HELD),
        one_holder,
    ),
    "taking over and decision": Pair(
        held_by_chie,
        takes_over,
        step_of(Action.DECLINE, "chie"),
        either(CLAIMED_TOO_LATE, HELD),
        one_holder,
    ),
    "letting go and taking over": Pair(
        held_by_chie,
        lets_go,
        takes_over,
        {(DONE, DONE), *either(("NotAllowed not_the_holder", "NotNow not_held"), ())},
        one_holder,
    ),
    "end of a role and decision": Pair(
        in_review,
        loses_the_role,
        step_of(Action.DECLINE, "chie"),
        {
            (DONE, DONE),
            (DONE, "NotAllowed role"),
            (DONE, "NotAllowed late_role"),
            (DONE, "DoesNotExist"),
        },
        no_step_of_chie,
    ),
    "edition and approval": Pair(
        in_review, lists_the_maker, step_of(Action.APPROVE, "chie"), CHANGED, delists
    ),
    "edition and order": Pair(
        approved, lists_the_maker, step_of(Action.ORDER, "aiko"), CHANGED, delists
    ),
    "end of a waiver and approval": Pair(
        waived, ends_the_waiver, step_of(Action.APPROVE, "haru"), CHANGED, no_order
    ),
    "order and amendment": Pair(
        approved,
        step_of(Action.ORDER, "aiko"),
        step_of(Action.AMEND, "aiko"),
        {(DONE, DONE), *either(OVERTAKEN, OVERTAKEN)},
    ),
    "receipt and receipt": Pair(
        ordered, receives, receives, either(OVERTAKEN, OVERTAKEN), two_units
    ),
}
