"""What the results of a build mean for one aircraft: which rules apply to its work, and what follows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from compliance.checks import Request, check_builds
from policy.scopes import Acquisition
from policy.verdicts import Reason
from registry.models import Drone
from web.explanations import Explanation
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


def consequences(drone: Drone, explanations: Iterable[Explanation], day: date) -> list[Consequence]:
    """In the order of the explanations. Judged anew, by the same rules that made the standing."""
    held = Request(Acquisition.HELD, frozenset(drone.missions), drone.agency_id, drone.agency.kind)
    verdict = check_builds([drone.build_id], held, day)[drone.build_id].verdict
    effects: dict[str, list[Effect]] = defaultdict(list)
    for reason in verdict.reasons:
        effects[reason.rule].append(_effect(reason))
    return [Consequence(each, effects[each.key]) for each in explanations]


def _effect(reason: Reason) -> Effect:
    mission = mission_names([reason.mission]) if reason.mission else _("missions not recorded")
    return Effect(mission, reason.standing.value, reason.waived_until or reason.deadline)
