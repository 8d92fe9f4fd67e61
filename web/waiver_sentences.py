"""What a waiver covers, in words: the names behind its ids, and one sentence of it all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from compliance.models import Waiver, WaiverDecision, WaiverState, WaiverStep
from compliance.models.waivers import WaiverQuerySet, concerned
from compliance.waiver_filters import waivers_for_list
from policy.models import Rule
from registry.models import Build, Drone
from web.elements import Event
from web.templatetags.formats import day_text
from web.values import mission_names

M = TypeVar("M", bound=Model)
NEXT: Mapping[str, Promise] = {
    WaiverState.REQUESTED: gettext_lazy(
        "A security reviewer of the body makes the first decision."
    ),
    WaiverState.ENDORSED: gettext_lazy(
        "A consultation officer or a policy officer makes the second decision. It is neither the person who asked nor the one who decided first."
    ),
    WaiverState.UPCOMING: gettext_lazy("It comes into force on its first day by itself."),
    WaiverState.VALID: gettext_lazy(
        "It ends by itself after its last day. A longer time is asked for and decided anew."
    ),
    WaiverState.ENDED: gettext_lazy("The rules hold again without exception."),
    WaiverState.DECLINED: gettext_lazy("It changes nothing. It can be asked for anew."),
    WaiverState.WITHDRAWN: gettext_lazy("It changes nothing. It can be asked for anew."),
}
LABELS: Mapping[WaiverStep, Promise] = {
    WaiverStep.ENDORSE: gettext_lazy("Make the first decision"),
    WaiverStep.GRANT: gettext_lazy("Make the second decision"),
    WaiverStep.DECLINE: gettext_lazy("Decline"),
    WaiverStep.WITHDRAW: gettext_lazy("Withdraw"),
    WaiverStep.END: gettext_lazy("End early"),
}
CONSEQUENCES: Mapping[WaiverStep, Promise] = {
    WaiverStep.ENDORSE: gettext_lazy(
        "You decide in favour as the first of two. It changes nothing until a second person decides in favour too."
    ),
    WaiverStep.GRANT: gettext_lazy(
        "You decide in favour as the second of two. The aircraft covered have their new standing at once, or on the first day of the waiver."
    ),
    WaiverStep.DECLINE: gettext_lazy("The request ends here. It changes nothing."),
    WaiverStep.WITHDRAW: gettext_lazy("The request ends here. It changes nothing."),
    WaiverStep.END: gettext_lazy(
        "From the day you name, the rules hold again without exception: aircraft have the standing that they would have without the waiver, and purchases that rely on it are checked again."
    ),
}
DONE: Mapping[str, Promise] = {
    WaiverStep.ENDORSE: gettext_lazy("Decided in favour, as the first of two."),
    WaiverStep.GRANT: gettext_lazy("Decided in favour, as the second of two."),
    WaiverStep.DECLINE: gettext_lazy("Declined."),
    WaiverStep.WITHDRAW: gettext_lazy("Withdrawn."),
    WaiverStep.END: gettext_lazy("Ended early."),
}
TONES = {
    WaiverStep.GRANT: "positive",
    WaiverStep.ENDORSE: "positive",
    WaiverStep.DECLINE: "critical",
    WaiverStep.END: "serious",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a waiver names. `hidden` aircraft are named too, but the reader may not see them."""

    rules: Sequence[Rule]
    builds: Sequence[Build]
    drones: Sequence[Drone]
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A waiver with what it names, as rows and cards show it."""

    waiver: Waiver
    scope: Scope

    @property
    def state(self) -> str:
        return str(vars(self.waiver)["state"])

    @property
    def aircraft(self) -> str:
        return _aircraft(self.scope)

    @property
    def missions(self) -> str:
        return (
            _("every mission") if self.waiver.all_missions else mission_names(self.waiver.missions)
        )

    @property
    def sentence(self) -> str:
        return sentence(self.waiver, self.scope)


def listed(waivers: Iterable[Waiver], reader: Person) -> list[Listed]:
    """Three queries, however many there are."""
    rows = list(waivers)
    rules = _by_id(Rule.objects.select_related("version__policy"), _named(rows, "rules"))
    builds = _by_id(Build.objects.select_related("model"), _named(rows, "builds"))
    seen = Drone.objects.visible_to(reader).select_related("build__model")
    drones = {row.pk: row for row in seen.filter(pk__in=_named(rows, "drones"))}
    return [Listed(row, _scope(row, rules, builds, drones)) for row in rows]


def _named(waivers: Iterable[Waiver], column: str) -> list[Any]:
    return list({pk for waiver in waivers for pk in getattr(waiver, column)})


def _by_id(rows: "QuerySet[M]", pks: list[Any]) -> "dict[int, M]":
    return {row.pk: row for row in rows.filter(pk__in=pks)}


def _scope(
    waiver: Waiver,
    rules: Mapping[int, Rule],
    builds: Mapping[int, Build],
    drones: Mapping[UUID, Drone],
) -> Scope:
    seen = [drones[pk] for pk in waiver.drones if pk in drones]
    return Scope(
        [rules[pk] for pk in waiver.rules],
        [builds[pk] for pk in waiver.builds],
        seen,
        len(waiver.drones) - len(seen),
    )


def sentence(waiver: Waiver, scope: Scope) -> str:
    """All that it covers, in one sentence."""
    words = {
        "agency": waiver.agency,
        "rules": _rules(scope.rules),
        "aircraft": _aircraft(scope),
        "begins": day_text(waiver.valid_from),
        "ends": day_text(waiver.last_day),
    }
    if waiver.all_missions:
        return (
            _(
                "%(agency)s and the bodies below it may use %(aircraft)s for every mission despite %(rules)s, from %(begins)s through %(ends)s."
            )
            % words
        )
    words["missions"] = mission_names(waiver.missions)
    return (
        _(
            "%(agency)s and the bodies below it may use %(aircraft)s for %(missions)s despite %(rules)s, from %(begins)s through %(ends)s."
        )
        % words
    )


def _rules(rules: Sequence[Rule]) -> str:
    """Each version once, with its rules: "Policy 2021-04-01 (origin, listed_party)"."""
    by_version: dict[str, list[str]] = {}
    for rule in rules:
        by_version.setdefault(str(rule.version), []).append(rule.code)
    return _(", ").join(
        f"{version} ({_(', ').join(codes)})" for version, codes in by_version.items()
    )


def _aircraft(scope: Scope) -> str:
    named = [str(each) for each in scope.builds]
    named += [f"{each.build.model} {each}" for each in scope.drones]
    if scope.hidden:
        named.append(_("%(count)s aircraft that you may not see") % {"count": scope.hidden})
    return _(", ").join(named)


def waivers_of_build(build: Build, reader: Person) -> list[Listed]:
    """Those in force or still to come for a build that concern the reader's agencies. At most five queries."""
    return _live(reader, Q(builds__contains=[build.pk]))


def waivers_of_drone(drone: Drone, reader: Person) -> list[Listed]:
    """Those in force or still to come that name an aircraft or its build, and are granted to its body or one above it."""
    wanted = Q(builds__contains=[drone.build_id]) | Q(drones__contains=[drone.pk])
    above = concerned(frozenset([drone.agency_id]))
    return _live(reader, wanted & Q(agency__in=above))


def _live(reader: Person, wanted: Q) -> list[Listed]:
    rows: WaiverQuerySet = waivers_for_list(reader, timezone.localdate())
    live = rows.filter(wanted, Q(("state__in", (WaiverState.VALID, WaiverState.UPCOMING))))
    return listed(live, reader)


def decision_event(decision: WaiverDecision) -> Event:
    return Event(
        at=decision.at,
        actor=str(decision.actor),
        sentence=DONE[decision.step],
        reason=decision.reason,
        tone=TONES.get(WaiverStep(decision.step), "active"),
    )
