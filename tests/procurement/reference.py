"""A purchase as docs/workflow.md describes it, in memory: what a step would come to, said without asking the program.

`Model.verdict` gives the refusal of a step, as (exception, guard), or None; `Model.make` takes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from standards.working_days import working_day_after
from tests.procurement.reference_table import (
    ACTIONS,
    ANSWERS,
    RESTS,
    REVIEWED_BY,
    WAYS,
    Way,
    ways,
)

PROGRAM = "program"
AGENCY_ROLES = {"viewer", "custodian", "approver", "inspector"}
WAIVER_AUTHORS = frozenset({"hana", "chie", "kei"})
CLAIM_DAYS = 5
Refusal = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """What is asked for, and what rules say of it. `flags`: of a dossier while nothing changes; `listed`: of one that is
    composed while its maker is on the list of companies, None where its maker is another."""

    name: str
    flags: frozenset[str]
    listed: frozenset[str] | None = None
    emergency: bool = False
    waived: bool = False
    specification: bool = False
    for_a_time: bool = False
    delivers: bool = True


@dataclass(frozen=True)
class Try:
    """A step as somebody tries it; `stale` and `other_dossier`: what they saw is not what there is."""

    who: str
    action: str
    answer: str = ""
    units: int = 1
    complete: bool = True
    stale: bool = False
    other_dossier: bool = False


@dataclass(frozen=True)
class Frozen:
    """A dossier: its flags, what the facts were, and who wrote the waivers that it relies on."""

    flags: frozenset[str]
    facts: tuple[bool, bool]
    waiver_authors: frozenset[str]


@dataclass
class Model:
    case: Case
    today: date
    waived_until: date
    ends: date
    requester: str
    posts: dict[str, set[str]]  # the roles of each person that count for this agency
    status: str = "draft"
    version: int = 2  # the purchase, and its line
    round: int = 0
    moves: int = 0
    units: int = 0
    left: str = ""  # the state that the last move left
    listed: bool = False
    ordered_first: bool = False
    evidence: bool = False
    offers: int = 0
    named: int = 0  # the offer that the line took over, the latest of so many
    specified: bool = True  # a line of the specification has no build yet
    dossier: Frozen | None = None
    hands: set[str] = field(default_factory=set)
    tied: set[str] = field(default_factory=set)
    decided: set[tuple[int, str]] = field(default_factory=set)
    in_time: dict[str, set[str]] = field(default_factory=dict)
    holder: str = ""
    until: date = date.min

    # ---- What the world looks like today

    def facts(self) -> tuple[bool, bool]:
        """Whether the maker of what is asked for is listed, and whether a waiver holds."""
        judged = not (self.case.specification and self.specified)
        listed = self.listed and self.case.listed is not None and judged
        return listed, self.case.waived and self.today <= self.waived_until

    def composed(self) -> Frozen:
        listed, waived = self.facts()
        flags = self.case.listed if listed and self.case.listed is not None else self.case.flags
        kind = {
            "blocked": self.case.waived and not waived,
            "deliveries": self.case.delivers,
            "specification": self.case.specification and self.specified,
            "ordered_first": self.ordered_first,
            "may_order_first": self.case.emergency,
        }
        authors = WAIVER_AUTHORS if waived else frozenset()
        return Frozen(flags | {name for name, on in kind.items() if on}, self.facts(), authors)

    @property
    def under_review(self) -> bool:
        return self.status in REVIEWED_BY

    # ---- Who

    def sees(self, who: str) -> bool:
        return who == PROGRAM or bool(self.posts[who])

    def holds(self, who: str, way: Way) -> bool:
        if who == PROGRAM:
            return PROGRAM in way.who
        asked_for_it = who == self.requester and "requester" in way.who
        return asked_for_it or bool(self.posts[who] & way.who)

    def bar(self, who: str) -> str:
        """Why this person decides on nothing here; empty when nothing stands against it."""
        if who in self.hands:
            return "own_work"
        if self.dossier and who in self.dossier.waiver_authors:
            return "waiver_author"
        if who in self.tied:
            return "declared_tie"
        return "once_per_round" if (self.round, who) in self.decided else ""

    def late(self, who: str, role: str) -> bool:
        """Came into the role after the round had begun, while somebody who was there in time could decide."""
        there = {each for each in self.in_time.get(role, set()) if role in self.posts[each]}
        return who not in there and any(not self.bar(each) for each in there - {who})

    def person_refused(self, who: str, way: Way) -> str:
        if not self.holds(who, way):
            return "role"
        if who == PROGRAM:
            return ""
        if way.action == "receive" and who == self.requester:
            return "requester_does_not_receive"
        if way.action == "ask_evidence" and who in self.hands:
            return "own_work"
        if not way.decides:
            return ""
        late = self.late(who, REVIEWED_BY[way.source])
        return self.bar(who) or ("late_role" if late else "")

    def could_before(self, who: str, action: str) -> bool:
        """Whether the step was theirs to take in the state that the last move left."""
        return any(
            self.holds(who, way) and not (action == "receive" and who == self.requester)
            for way in WAYS
            if (way.action, way.source) == (action, self.left)
        )

    def claimed(self) -> str:
        """Who holds the review today."""
        open_still = self.until >= self.today or self.evidence
        return self.holder if self.under_review and open_still else ""

    # ---- A step

    def verdict(self, tried: Try) -> Refusal | None:
        if not self.sees(tried.who):
            return "DoesNotExist", ""
        found = ways(tried.action, self.status)
        if found and found[0].answer:
            found = [way for way in found if way.answer == tried.answer]
            if not found:
                return "NotNow", "say_the_answer"
        if not found:
            return "NotNow", "transition"
        if tried.stale:
            return "NotNow", "moved"
        return self._of_the_person(tried, found) or self._of_the_step(tried, found)

    def _of_the_person(self, tried: Try, found: list[Way]) -> Refusal | None:
        refused = self.person_refused(tried.who, found[0])
        if refused == "role" and self.could_before(tried.who, tried.action):
            return "NotNow", "moved"
        if refused:
            return "NotAllowed", refused
        if self._hindered(tried.who, found[0]):
            return "NotNow", "held_by_another"
        return None

    def _hindered(self, who: str, way: Way) -> bool:
        concerns = way.decides or way.action == "ask_evidence"
        return concerns and self.claimed() not in ("", who)

    def _of_the_step(self, tried: Try, found: list[Way]) -> Refusal | None:
        if not tried.complete and (missing := self._missing_words(tried)):
            return "NotNow", missing
        named = tried.complete and self.offers and self.case.specification
        if tried.action == "name_offer" and not named:
            return "NotNow", "one_offer_each"
        if tried.action in RESTS and (changed := self._changed(tried)):
            return "NotNow", changed
        if closed := self._closed(found, self._flags_for(tried.action, found)):
            return "NotNow", closed
        return self._of_the_form(tried, found)

    def _missing_words(self, tried: Try) -> str:
        flags = self.dossier.flags if self.dossier else frozenset()
        if tried.action == "approve":
            return "accept_in_writing" if "acceptance" in flags else ""
        if tried.answer == "conditions":
            return "name_the_conditions"
        said = {"amend": "say_why", "order_first": "say_why", "give_evidence": "say_why"}
        return {**said, "ask_evidence": "say_what_is_needed"}.get(tried.action, "")

    def _changed(self, tried: Try) -> str:
        if self.dossier is None or tried.other_dossier:
            return "dossier"
        return "" if self.dossier.facts == self.facts() else "dossier_no_longer_holds"

    def _flags_for(self, action: str, found: list[Way]) -> frozenset[str]:
        if action == "name_offer":
            return replace(self, specified=False).composed().flags
        if found[0].freezes or action in RESTS or self.dossier is None:
            return self.composed().flags
        return self.dossier.flags

    def _closed(self, found: list[Way], flags: frozenset[str]) -> str:
        """The flag that closes the last of these ways; empty while one of them is open."""
        if any(_met(way, flags) for way in found):
            return ""
        unmet = [flag for way in reversed(found) for flag in way.flags if not _fits(flag, flags)]
        return unmet[0].lstrip("!")

    def _of_the_form(self, tried: Try, found: list[Way]) -> Refusal | None:
        if tried.action == "receive" and not 0 < tried.units <= 2 - self.units:
            return "ValidationError", ""
        if "R" in found[0].marks and not tried.complete:
            return "NotNow", "reasons"
        if tried.action in ("give_evidence", "ask_evidence"):
            asked = tried.action == "ask_evidence"
            if asked == self.evidence:
                return "NotNow", "asked_already" if asked else "nothing_asked"
        if tried.action == "close" and self.case.for_a_time and self.ends >= self.today:
            return "NotNow", "not_ended"
        if tried.action == "order" and not tried.complete:
            return "NotNow", "contract"
        return None

    def make(self, tried: Try) -> None:
        """Take a step that nothing refuses."""
        found = ways(tried.action, self.status)
        if tried.action == "name_offer":
            self.version += self.named != self.offers
            self.specified, self.named = False, self.offers
        flags = self._flags_for(tried.action, found)
        way = next(way for way in found if _met(way, flags) and way.answer in ("", tried.answer))
        before = self.round
        if way.freezes:
            self.dossier = self.composed()
        if way.action == "receive":
            self.units += tried.units
        if way.decides:
            self.decided.add((before, tried.who))
        if "N" in way.marks:
            self._begin_round()
        self._carry_claim(tried, way)
        self.evidence = self._evidence_after(way)
        self.ordered_first |= way.action == "order_first"
        self.left, self.status = self.status, self._target(way)
        self.moves += 1

    def _begin_round(self) -> None:
        self.round += 1
        self.in_time = {
            role: {who for who, roles in self.posts.items() if role in roles}
            for role in REVIEWED_BY.values()
        }

    def _target(self, way: Way) -> str:
        if way.action in ("order", "receive") and way.source in ("approved", "ordered"):
            return "received" if self.case.delivers and self.units == 2 else "ordered"
        return way.target

    def _evidence_after(self, way: Way) -> bool:
        if way.action == "ask_evidence":
            return True
        stays = way.source == way.target and way.action != "give_evidence"
        return self.evidence and stays

    def _carry_claim(self, tried: Try, way: Way) -> None:
        if way.source != way.target and way.action not in ("order", "receive"):
            self.holder = ""
        elif self.claimed() and (tried.who == self.holder or way.action == "give_evidence"):
            self.until = working_day_after(self.today, CLAIM_DAYS)

    # ---- What is offered

    def shown(self, who: str) -> dict[str, str]:
        """The steps offered to a person, each with what it waits for; empty when for nothing."""
        offered: dict[str, list[Way]] = {}
        for way in WAYS:
            if way.source == self.status and self._known(way) and not self.person_refused(who, way):
                offered.setdefault(way.action, []).append(way)
        return {action: self._waits(who, found) for action, found in offered.items()}

    def _known(self, way: Way) -> bool:
        flags = self.dossier.flags if self.dossier else frozenset()
        match way.action:
            case "order_first":
                return self.case.emergency
            case "name_offer":
                return "specification" in flags
            case "give_evidence":
                return self.evidence
            case "ask_evidence":
                return not self.evidence
        kind = ("deliveries", "ordered_first")
        return all(_fits(flag, flags) for flag in way.flags if flag.lstrip("!") in kind)

    def _waits(self, who: str, found: list[Way]) -> str:
        if self._hindered(who, found[0]):
            return "held_by_another"
        if found[0].action == "close" and self.case.for_a_time and self.ends >= self.today:
            return "not_ended"
        flags = self.dossier.flags if self.dossier else frozenset()
        return "" if found[0].freezes else self._closed(found, flags)

    def possible(self, people: Iterable[str]) -> list[Try]:
        """Every step that nothing refuses now."""
        tries = (
            Try(who, action, answer)
            for who in people
            if self.sees(who)
            for action in ACTIONS
            if ways(action, self.status)
            for answer in (ANSWERS if action == "record_answer" else ("",))
        )
        return [each for each in tries if self.verdict(each) is None]

    # ---- Beside the moves

    def claim(self, who: str, over: str) -> Refusal | None:
        """`over`: the holder whose claim is taken over by that."""
        if not self.sees(who):
            return "DoesNotExist", ""
        if not self.under_review:
            return "NotNow", "not_under_review"
        (way,) = ways("return", self.status)
        if refused := self.person_refused(who, way):
            return "NotAllowed", refused
        held = self.claimed()
        if held == who:
            return "NotNow", "held_already"
        if held and held != over:
            return "NotNow", "held_by_another"
        self.holder, self.until = who, working_day_after(self.today, CLAIM_DAYS)
        return None

    def release(self, who: str) -> Refusal | None:
        if not self.sees(who):
            return "DoesNotExist", ""
        if not self.claimed():
            return "NotNow", "not_held"
        if self.claimed() != who:
            return "NotAllowed", "not_the_holder"
        self.holder = ""
        return None

    def pass_days(self, days: int) -> None:
        self.today += timedelta(days=days)
        if not self.claimed():
            self.holder = ""  # what has ended by itself never comes back


def _fits(flag: str, flags: frozenset[str]) -> bool:
    return (flag.lstrip("!") in flags) != flag.startswith("!")


def _met(way: Way, flags: frozenset[str]) -> bool:
    return all(_fits(flag, flags) for flag in way.flags)
