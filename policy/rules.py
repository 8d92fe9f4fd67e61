"""Rules, the versions of policies that hold them, and the rulebook of all of them with their lists."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import cached_property, lru_cache

from policy.criteria import AnyCriterion
from policy.editions import AnyList
from policy.facts import Grade
from policy.scopes import Scope, check_depth
from policy.trace import Text
from standards.canonical import Json, digest
from standards.codec import decode, decode_union, encode
from standards.missions import MISSIONS

UNNAMED = Text("")
ENGINE = 2
"""Raised by whoever changes what a criterion answers on the same facts: stored results are then worked out anew."""


class Level(IntEnum):
    """What failing a rule means for an acquisition."""

    INFORM = 1
    CONSULT = 2
    BLOCK = 3


class Effect(StrEnum):
    """What failing a rule means for an aircraft already held."""

    ALLOWED = "allowed"
    TRAINING_ONLY = "training_only"
    PHASE_OUT = "phase_out"
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class MissionMonths:
    mission: str
    months: int

    def __post_init__(self) -> None:
        if self.mission not in MISSIONS:
            raise ValueError(
                f"{self.mission!r} is no mission; use one of {', '.join(MISSIONS.codes)}"
            )
        if self.months < 0:
            raise ValueError(f"{self.months} months is less than none")


@dataclass(frozen=True, slots=True)
class HeldEffect:
    """As JSON: `{"effect": "phase_out", "months": 24, "missions": [{"mission": …, "months": …}]}`.

    Months of a phase-out count from `counted_from`, or else from the day the version came into
    force; a later version of a policy that must not restart the clock gives `counted_from`.
    """

    effect: Effect
    months: int | None = None
    missions: tuple[MissionMonths, ...] = ()
    counted_from: date | None = None

    def __post_init__(self) -> None:
        phasing = self.effect is Effect.PHASE_OUT
        if phasing and (self.months is None or self.months < 0):
            raise ValueError("a phase_out needs the number of months that usually apply")
        if not phasing and (self.months is not None or self.missions or self.counted_from):
            raise ValueError(f"months belong to phase_out, not to {self.effect.value}")
        if len({each.mission for each in self.missions}) != len(self.missions):
            raise ValueError("a mission is named twice")

    def deadline(self, mission: str | None, in_force_from: date) -> date:
        """The first day on which the aircraft may no longer fly the mission."""
        own = {each.mission: each.months for each in self.missions}
        months = own.get(mission, self.months) if mission is not None else self.months
        return months_after(self.counted_from or in_force_from, months or 0)

    def deadlines(self, in_force_from: date) -> Iterator[date]:
        """All deadlines that some mission has; none unless phased out."""
        if self.effect is Effect.PHASE_OUT:
            yield self.deadline(None, in_force_from)
            for each in self.missions:
                yield self.deadline(each.mission, in_force_from)


@lru_cache(maxsize=10_000)
def months_after(day: date, months: int) -> date:
    """The same day of the month, or its last day: 31 January + 1 month is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause that can be evaluated. `authoritative` is the language ("en" or "ja") of the
    clause text that decides where the two differ."""

    code: str
    clause: Text
    authoritative: str
    citation: str
    level: Level
    scope: Scope
    criterion: AnyCriterion
    on_unknown: Level
    held: HeldEffect
    min_grade: Grade = Grade.DOCUMENTED

    def __post_init__(self) -> None:
        if self.authoritative not in {"en", "ja"}:
            raise ValueError(f"authoritative is {self.authoritative!r}; it must be en or ja")
        if self.on_unknown > self.level:
            raise ValueError(
                f"on_unknown {self.on_unknown.name.lower()} weighs more than the level"
                f" {self.level.name.lower()}: not knowing would be worse than failing"
            )
        if self.level is Level.INFORM and self.held.effect is not Effect.ALLOWED:
            raise ValueError("a rule that only informs leaves aircraft already held allowed")
        check_depth(self.scope)

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, value: object, at: str = "rule") -> "Rule":
        """Raises ShapeError, whose message starts with the path of the mistake."""
        return decode(cls, value, at)


def criterion_from_json(value: object, at: str = "criterion") -> AnyCriterion:
    criterion: AnyCriterion = decode_union(AnyCriterion, value, at)
    return criterion


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One published edition of a policy, in force on days with in_force_from <= day < in_force_to."""

    policy: str
    version: str
    in_force_from: date
    in_force_to: date | None
    sensitive_missions: frozenset[str]
    rules: tuple[Rule, ...]
    name: Text = UNNAMED

    def __post_init__(self) -> None:
        if self.in_force_to is not None and self.in_force_to <= self.in_force_from:
            raise ValueError(f"{self.policy}/{self.version} ends before it begins")
        codes = sorted(rule.code for rule in self.rules)
        if len(set(codes)) != len(codes):
            raise ValueError(f"{self.policy}/{self.version} has a rule code twice")
        ordered = tuple(sorted(self.rules, key=lambda rule: rule.code))
        object.__setattr__(self, "rules", ordered)

    def in_force(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_to is None or day < self.in_force_to)

    def key(self, rule: Rule) -> str:
        return f"{self.policy}/{self.version}/{rule.code}"


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule in its version."""

    key: str
    rule: Rule
    version: VersionFacts


@dataclass(frozen=True)
class Rulebook:
    """All versions and lists; their order carries no meaning."""

    policies: tuple[VersionFacts, ...] = ()
    lists: tuple[AnyList, ...] = ()

    def __post_init__(self) -> None:
        policies = tuple(sorted(self.policies, key=lambda each: (each.policy, each.version)))
        object.__setattr__(self, "policies", policies)
        object.__setattr__(self, "lists", tuple(sorted(self.lists, key=lambda each: each.code)))
        self._check()

    def _check(self) -> None:
        if len(self.list_by_code) != len(self.lists):
            raise ValueError("the rulebook has a list code twice")
        if len(self.clause_by_key) != sum(len(version.rules) for version in self.policies):
            raise ValueError("the rulebook has a version of a policy twice")

    @cached_property
    def list_by_code(self) -> Mapping[str, AnyList]:
        return {each.code: each for each in self.lists}

    @cached_property
    def clause_by_key(self) -> Mapping[str, Clause]:
        return {
            version.key(rule): Clause(version.key(rule), rule, version)
            for version in self.policies
            for rule in version.rules
        }

    def clauses_in_force(self, day: date) -> tuple[Clause, ...]:
        return tuple(each for each in self.clause_by_key.values() if each.version.in_force(day))

    def sensitive_on(self, day: date) -> frozenset[str]:
        """A mission is sensitive if any version in force says so."""
        in_force = [each.sensitive_missions for each in self.policies if each.in_force(day)]
        return frozenset().union(*in_force)

    def clause_digests(self) -> dict[str, str]:
        """By the key of each clause a digest of all that decides its results besides the facts and the
        day: the rule itself, the days it is in force, the editions of its lists, and the engine."""
        return dict(self._clause_digests)

    @cached_property
    def _clause_digests(self) -> Mapping[str, str]:
        return {key: self._clause_digest(clause) for key, clause in self.clause_by_key.items()}

    def _clause_digest(self, clause: Clause) -> str:
        codes = sorted(clause.rule.criterion.list_codes())
        named = [self.list_by_code[code].identity() for code in codes if code in self.list_by_code]
        force = [clause.version.in_force_from, clause.version.in_force_to]
        return digest([ENGINE, encode(clause.rule), force, named])

    def to_json(self) -> Json:
        """Versions with their rules in full; of the lists what names their editions."""
        return {
            "policies": [encode(version) for version in self.policies],
            "lists": [each.identity() for each in self.lists],
        }

    def digest(self) -> str:
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return digest(self.to_json())
