"""Whether a step may be taken from where a purchase stands, whoever takes it: its flags, its days, and what it needs."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from procurement.errors import NotNow
from procurement.models import Purchase
from procurement.requests import Request
from procurement.states import Action, ConsultationAnswer
from procurement.transitions import TRANSITIONS, Transition

# Flags that say what kind of purchase it is: a step that they close is not offered at all.
OF_ITS_KIND = frozenset({"deliveries", "ordered_first", "may_order_first"})


def flags_met(transition: Transition, flags: Mapping[str, bool]) -> bool:
    """A flag that the dossier does not know closes the step that asks for its absence."""
    return all(_met(flag, flags) for flag in transition.requires)


def _met(flag: str, flags: Mapping[str, bool]) -> bool:
    return flags.get(flag.lstrip("!"), True) != flag.startswith("!")


def unmet(ways: Sequence[Transition], flags: Mapping[str, bool]) -> str:
    """The guard, named like the flag, that closes the last of these ways."""
    return next(
        (
            flag.lstrip("!")
            for way in reversed(ways)
            for flag in way.requires
            if not _met(flag, flags)
        ),
        "transition",
    )


def ways_from(purchase: Purchase, action: Action, answer: str) -> list[Transition]:
    """The transitions of this step from here, none when there is none; with an answer those that it leads to.

    Raises NotNow when the step needs an answer that is not given.
    """
    ways = [way for way in TRANSITIONS if (way.action, way.source) == (action, purchase.status)]
    led_to = [way for way in ways if not way.answers or answer in way.answers]
    if ways and not led_to:
        raise NotNow("say_the_answer")
    return led_to


def offered(transition: Transition, purchase: Purchase, flags: Mapping[str, bool]) -> bool:
    """Whether a purchase of this kind knows this step at all."""
    if transition.action == Action.ORDER_FIRST:
        return bool(purchase.emergency)
    if transition.action == Action.NAME_OFFER:
        return flags.get("specification", False)
    if transition.action == Action.GIVE_EVIDENCE:
        return bool(purchase.evidence_open)
    if transition.action == Action.ASK_EVIDENCE:
        return not purchase.evidence_open
    return all(_met(flag, flags) for flag in transition.requires if flag.lstrip("!") in OF_ITS_KIND)


def waits(action: Action, purchase: Purchase, today: date) -> str:
    """The guard that makes this step wait for a day; empty when none does."""
    for_a_time = purchase.kind in Purchase.FOR_A_TIME
    if action == Action.CLOSE and for_a_time and purchase.ends and purchase.ends >= today:
        return "not_ended"
    return ""


def demand_complete(action: Action, request: Request, dossier: Mapping[str, Any] | None) -> None:
    """Raises NotNow when something is missing that this step cannot be without."""
    flags = (dossier or {}).get("flags", {})
    said = bool(request.letter.strip())
    if action == Action.APPROVE and flags.get("acceptance") and not said:
        raise NotNow("accept_in_writing")
    if action in (Action.AMEND, Action.ORDER_FIRST, Action.GIVE_EVIDENCE) and not said:
        raise NotNow("say_why")
    if action == Action.ASK_EVIDENCE and request.evidence is None:
        raise NotNow("say_what_is_needed")
    if request.answer == ConsultationAnswer.CONDITIONS and not request.conditions:
        raise NotNow("name_the_conditions")
