"""What the results of a build mean for one aircraft: which rules apply to its work, and what follows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from compliance.checks import Request, check_aircraft
from policy.criteria import Certificate
from policy.scopes import Acquisition
from policy.trace import Result
from policy.verdicts import Reason
from registry.models import Drone, DroneCertificate
from web.explanations import Clause, Explanation, explain, worst_first
from web.values import mission_names


@dataclass(frozen=True, slots=True)
class Effect:
    """One mission under one rule. `until`: the first day on the ground, or the last of a waiver."""

    mission: str
    standing: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Consequence:
    """A rule with its effects; without any, it does not apply to the missions of this aircraft."""

    explanation: Explanation
    effects: Sequence[Effect]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from each rule, and the standing that comes of all of them: that of the aircraft, unless
    something was changed since it was evaluated."""

    rules: Sequence[Consequence]
    standing: str

    @property
    def explanations(self) -> list[Explanation]:
        return worst_first(each.explanation for each in self.rules)


def consequences(
    drone: Drone,
    explanations: Iterable[Explanation],
    certificates: Iterable[DroneCertificate],
    day: date,
) -> Consequences:
    """In the order of the explanations. Judged anew, by the same rules that made the standing.

    Rules on certificates are explained by the papers of this aircraft, not by those of its build.
    """
    held = Request(
        Acquisition.HELD,
        frozenset(drone.missions),
        drone.agency_id,
        drone.agency.kind,
        drone=drone.pk,
    )
    check = check_aircraft(drone.build_id, certificates, held, day)
    own = {each.rule: each for each in check.results if each.trace.criterion == Certificate.kind}
    effects: dict[str, list[Effect]] = defaultdict(list)
    for reason in check.verdict.reasons:
        effects[reason.rule].append(_effect(reason))
    rules = [Consequence(_of_aircraft(each, own), effects[each.key]) for each in explanations]
    return Consequences(rules, check.verdict.standing.value)


def _of_aircraft(explanation: Explanation, own: Mapping[str, Result]) -> Explanation:
    """What the rule says of the aircraft itself, where it asks about more than its build."""
    if explanation.key not in own:
        return explanation
    clause = Clause(
        explanation.clause,
        explanation.citation,
        explanation.level,
        explanation.url,
        explanation.to_check,
    )
    return explain(own[explanation.key], clause)


def _effect(reason: Reason) -> Effect:
    mission = mission_names([reason.mission]) if reason.mission else _("missions not recorded")
    return Effect(mission, reason.standing.value, reason.waived_until or reason.deadline)
