"""What the results of all rules mean for one case: an aircraft held, or one to be acquired."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from policy.rules import Clause, Effect, Level, Rulebook
from policy.scopes import Acquisition, Circumstance
from policy.trace import Outcome, Result
from standards.canonical import Json, digest
from standards.codec import decode, encode
from standards.logic import Range, Truth

TRAINING = "training"


class Standing(StrEnum):
    """What an aircraft may do on a day, worst first.

    For a planned acquisition `ground` means that it may not be acquired, and `consult`, which
    no aircraft already held has, that the central authority answers first.
    """

    GROUND = "ground"
    PHASE_OUT = "phase_out"
    TRAINING_ONLY = "training_only"
    UNDETERMINED = "undetermined"
    CONSULT = "consult"
    WAIVED = "waived"
    CLEAR = "clear"


WORST_FIRST: tuple[Standing, ...] = tuple(Standing)
_RANK = {standing: rank for rank, standing in enumerate(WORST_FIRST)}


def worst(standings: Iterable[Standing]) -> Standing:
    """The worst of them; clear when there is none."""
    return min(standings, key=_RANK.__getitem__, default=Standing.CLEAR)


@dataclass(frozen=True, slots=True)
class Case:
    """The circumstances of one aircraft or purchase line.

    `missions` None: not known what it is for. `weight_g` is a range in grams; `value` is in
    `currency` (ISO 4217). `build` and `agency` are ids, `drone` and
    `purchase` the text of theirs, for waivers.
    """

    kind: Acquisition
    missions: frozenset[str] | None
    build: int
    agency: int | None = None
    agency_kind: str | None = None
    drone: str | None = None
    purchase: str | None = None
    acquired_on: date | None = None
    weight_min_g: Decimal | None = None
    weight_max_g: Decimal | None = None
    value: Decimal | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        if self.missions is not None and not self.missions:
            raise ValueError("a case without missions says None: not known what it is for")

    @property
    def held(self) -> bool:
        return self.kind is Acquisition.HELD

    def circumstances(self, sensitive: frozenset[str]) -> Iterator[Circumstance]:
        """One for each mission, in order; one without a mission when none is known.

        `sensitive` are the missions that any version in force holds sensitive; whether an
        unknown mission is sensitive is unknown unless no version names any.
        """
        missions: list[str | None] = [None] if self.missions is None else [*sorted(self.missions)]
        for mission in missions:
            yield Circumstance(
                kind=self.kind,
                mission=mission,
                sensitive=_sensitive(mission, sensitive),
                agency_kind=self.agency_kind,
                weight_g=Range(self.weight_min_g, self.weight_max_g),
                value=self.value,
                currency=self.currency,
            )

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, value: object, at: str = "case") -> "Case":
        return decode(cls, value, at)

    def digest(self) -> str:
        return digest(self.to_json())


def _sensitive(mission: str | None, sensitive: frozenset[str]) -> Truth:
    if mission is None:
        return None if sensitive else False
    return mission in sensitive


@dataclass(frozen=True, slots=True)
class Waiver:
    """A decided exception from the rules named, through both its days.

    It covers a case that is one of its builds, drones or purchases; of `missions` and
    `agencies` (ids, subtrees already spelt out) None means all. `id`, like those of drones and
    purchases, is the text of a record's id.
    """

    id: str
    rules: frozenset[str]
    valid_from: date
    valid_until: date
    builds: frozenset[int] = frozenset()
    drones: frozenset[str] = frozenset()
    purchases: frozenset[str] = frozenset()
    missions: frozenset[str] | None = None
    agencies: frozenset[int] | None = None

    def covers(self, rule: str, case: Case, mission: str | None, on: date) -> bool:
        """A mission that is not known is covered only by a waiver for all missions."""
        return (
            rule in self.rules
            and self.valid_from <= on <= self.valid_until
            and self._covers_subject(case)
            and (self.agencies is None or case.agency in self.agencies)
            and (self.missions is None or mission in self.missions)
        )

    def _covers_subject(self, case: Case) -> bool:
        return (
            case.build in self.builds
            or case.drone in self.drones
            or case.purchase in self.purchases
        )

    def change_days(self) -> tuple[date, date]:
        return self.valid_from, self.valid_until + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reason:
    """What one rule comes to in one mission of the case.

    `applies` None: it is not known whether the rule applies. `weight` is what it weighs in an
    acquisition: the level of a fail, `on_unknown` of an unknown, inform for a pass. `would_be` is the standing without
    a waiver, `standing` with it. `deadline` is the first day of a phase-out on which the
    aircraft stays on the ground; `waived_until` the last day of the waiver.
    """

    rule: str
    mission: str | None
    outcome: Outcome
    level: Level
    weight: Level
    applies: Truth
    standing: Standing
    would_be: Standing
    deadline: date | None = None
    waiver: str | None = None
    waived_until: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`until`: for phase_out the first day on the ground, for waived the waiver's last day.

    `barred_missions` may not be flown on this day (of an acquisition: not be acquired for).
    `flagged`: some rule that may apply fails or is unknown at level consult or block, waived or
    not. `blocked`, `consult` and `unknown` name rules without a waiver: of an acquisition those
    that fail at the level, and those whose unknown weighs more than `inform`.
    """

    standing: Standing
    without_waivers: Standing
    deciding: str | None
    until: date | None
    reasons: tuple[Reason, ...]
    barred_missions: frozenset[str]
    sensitive: Truth
    flagged: bool
    blocked: tuple[str, ...]
    consult: tuple[str, ...]
    unknown: tuple[str, ...]

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, value: object, at: str = "verdict") -> "Verdict":
        return decode(cls, value, at)


_Question = tuple[str, Outcome, date | None]


class MissingResultError(ValueError):
    """A rule in force has no result: it would be skipped, which is never done."""


def judge(
    results: Iterable[Result],
    case: Case,
    rules: Rulebook,
    waivers: Iterable[Waiver],
    on: date,
) -> Verdict:
    """The worst over all rules in force and all missions of the case.

    Results of rules not in force on the day are left aside. Raises MissingResultError when a rule
    in force has none.
    """
    return Judge(rules).judge(results, case, waivers, on)


@dataclass(frozen=True, slots=True)
class _Day:
    """What the rulebook is on a day: the clauses in force by key, and the sensitive missions."""

    clauses: tuple[Clause, ...]
    sensitive: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judge:
    """`judge` for many cases under one rulebook: what a rule comes to in a circumstance is worked out once."""

    rules: Rulebook
    _days: dict[date, _Day] = field(default_factory=dict)
    _reasons: dict[Circumstance, dict[_Question, Reason | None]] = field(default_factory=dict)

    def judge(
        self, results: Iterable[Result], case: Case, waivers: Iterable[Waiver], on: date
    ) -> Verdict:
        outcomes = {result.rule: result.outcome for result in results}
        day, standing_waivers = self._day(on), tuple(waivers)
        circumstances = tuple(case.circumstances(day.sensitive))
        known = [(each, self._reasons.setdefault(each, {})) for each in circumstances]
        reasons: list[Reason] = []
        for clause in day.clauses:
            if clause.key not in outcomes:
                raise MissingResultError(f"rule {clause.key} is in force on {on} and has no result")
            for circumstance, worked_out in known:
                reason = _remembered(clause, outcomes[clause.key], circumstance, on, worked_out)
                if reason is not None:
                    reasons.append(_waived(reason, case, standing_waivers, on))
        return _verdict(tuple(reasons), case, _any_sensitive(circumstances))

    def _day(self, on: date) -> _Day:
        if on not in self._days:
            clauses = sorted(self.rules.clauses_in_force(on), key=lambda each: each.key)
            self._days[on] = _Day(tuple(clauses), self.rules.sensitive_on(on))
        return self._days[on]


def _remembered(
    clause: Clause,
    outcome: Outcome,
    circumstance: Circumstance,
    on: date,
    known: dict[_Question, Reason | None],
) -> Reason | None:
    """Only a phase-out reads differently from day to day."""
    question = (clause.key, outcome, on if clause.rule.held.effect is Effect.PHASE_OUT else None)
    if question not in known:
        known[question] = _reason(clause, outcome, circumstance, on)
    return known[question]


def _any_sensitive(circumstances: tuple[Circumstance, ...]) -> Truth:
    answers = {each.sensitive for each in circumstances}
    return True if True in answers else None if None in answers else False


def _reason(
    clause: Clause, outcome: Outcome, circumstance: Circumstance, on: date
) -> Reason | None:
    """None where the rule does not apply or asks nothing of this build."""
    applies = clause.rule.scope.applies(circumstance)
    if applies is False or outcome is Outcome.NOT_APPLICABLE:
        return None
    standing = _standing(clause, outcome, circumstance, applies, on)
    deadline = None
    if standing in {Standing.PHASE_OUT, Standing.GROUND} and _phases_out(clause, circumstance):
        deadline = clause.rule.held.deadline(circumstance.mission, clause.version.in_force_from)
    return Reason(
        rule=clause.key,
        mission=circumstance.mission,
        outcome=outcome,
        level=clause.rule.level,
        weight=_weight(clause, outcome),
        applies=applies,
        standing=standing,
        would_be=standing,
        deadline=deadline,
    )


def _weight(clause: Clause, outcome: Outcome) -> Level:
    if outcome is Outcome.FAIL:
        return clause.rule.level
    return clause.rule.on_unknown if outcome is Outcome.UNKNOWN else Level.INFORM


def _standing(
    clause: Clause, outcome: Outcome, circumstance: Circumstance, applies: Truth, on: date
) -> Standing:
    """A fail under a scope that is not known to apply is undetermined, if it would restrict."""
    if outcome is Outcome.PASS:
        return Standing.CLEAR
    held = circumstance.kind is Acquisition.HELD
    if outcome is Outcome.UNKNOWN:
        return _unknown(clause, held)
    failed = _failed_held(clause, circumstance, on) if held else _FAILED_NEW[clause.rule.level]
    if applies is None and failed is not Standing.CLEAR:
        return Standing.UNDETERMINED
    return failed


_FAILED_NEW = {
    Level.BLOCK: Standing.GROUND,
    Level.CONSULT: Standing.CONSULT,
    Level.INFORM: Standing.CLEAR,
}


def _unknown(clause: Clause, held: bool) -> Standing:
    """Undetermined, unless the rule takes unknowns as mere information or allows a failing
    aircraft that is already held."""
    if clause.rule.on_unknown is Level.INFORM:
        return Standing.CLEAR
    if held and clause.rule.held.effect is Effect.ALLOWED:
        return Standing.CLEAR
    return Standing.UNDETERMINED


def _failed_held(clause: Clause, circumstance: Circumstance, on: date) -> Standing:
    effect = clause.rule.held.effect
    if effect is Effect.GROUND:
        return Standing.GROUND
    if effect is Effect.TRAINING_ONLY:
        training = circumstance.mission == TRAINING
        return Standing.CLEAR if training else Standing.TRAINING_ONLY
    if effect is Effect.PHASE_OUT:
        end = clause.rule.held.deadline(circumstance.mission, clause.version.in_force_from)
        return Standing.PHASE_OUT if on < end else Standing.GROUND
    return Standing.CLEAR


def _phases_out(clause: Clause, circumstance: Circumstance) -> bool:
    held = circumstance.kind is Acquisition.HELD
    return held and clause.rule.held.effect is Effect.PHASE_OUT


def _waived(reason: Reason, case: Case, waivers: tuple[Waiver, ...], on: date) -> Reason:
    """The reason under the waiver that lasts longest, if one covers it and it would restrict."""
    if not waivers or reason.standing is Standing.CLEAR:
        return reason
    covering = [each for each in waivers if each.covers(reason.rule, case, reason.mission, on)]
    if not covering:
        return reason
    last = max(each.valid_until for each in covering)
    waiver = min((each for each in covering if each.valid_until == last), key=lambda each: each.id)
    return replace(
        reason, standing=Standing.WAIVED, waiver=waiver.id, waived_until=waiver.valid_until
    )


def _verdict(reasons: tuple[Reason, ...], case: Case, sensitive: Truth) -> Verdict:
    standing = worst(reason.standing for reason in reasons)
    deciding = _deciding(reasons, standing)
    return Verdict(
        standing=standing,
        without_waivers=worst(reason.would_be for reason in reasons),
        deciding=None if deciding is None else deciding.rule,
        until=_until(deciding),
        reasons=reasons,
        barred_missions=_barred(reasons),
        sensitive=sensitive,
        flagged=any(_flags(reason) for reason in reasons),
        blocked=_rules(reasons, Standing.GROUND, held=case.held),
        consult=_rules(reasons, Standing.CONSULT, held=case.held),
        unknown=_distinct(
            reason.rule for reason in reasons if reason.standing is Standing.UNDETERMINED
        ),
    )


def _deciding(reasons: tuple[Reason, ...], standing: Standing) -> Reason | None:
    """The reason that made the standing: of phase-outs and waivers the one that ends first."""
    if standing is Standing.CLEAR:
        return None
    made = [reason for reason in reasons if reason.standing is standing]
    return min(made, key=lambda each: (_until(each) or date.max, each.rule))


def _until(reason: Reason | None) -> date | None:
    if reason is None:
        return None
    if reason.standing is Standing.PHASE_OUT:
        return reason.deadline
    return reason.waived_until if reason.standing is Standing.WAIVED else None


def _barred(reasons: tuple[Reason, ...]) -> frozenset[str]:
    barring = {Standing.GROUND, Standing.TRAINING_ONLY}
    return frozenset(
        reason.mission
        for reason in reasons
        if reason.mission is not None and reason.standing in barring
    )


def _flags(reason: Reason) -> bool:
    """Waived or not: a waiver does not make a flag invisible."""
    return reason.weight > Level.INFORM


def _rules(reasons: tuple[Reason, ...], standing: Standing, *, held: bool) -> tuple[str, ...]:
    if held:
        return ()
    return _distinct(reason.rule for reason in reasons if reason.standing is standing)


def _distinct(rules: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rules))
