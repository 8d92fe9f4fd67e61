"""The evidence pack of a decision: all that it rested on, from what was frozen then and from nothing that changes.

It is made of the dossier's text, of the steps up to the decision with what each demanded, and of their events
in the audit trail. So it is the same bytes whenever, wherever and in whatever language it is made.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import override
from django_countries import countries

from agencies.models import Person
from audit.models import Event
from policy.sentences import lines
from policy.wording import Names
from procurement.answers import results_of
from procurement.models import Condition, EvidenceRequest, Move, Purchase
from procurement.states import DECISIONS, Action, Reason
from procurement.transitions import TRANSITIONS
from standards.canonical import canonical

FORM: Final = 1
WITH_EVIDENCE: Final = (*DECISIONS, Action.ORDER_FIRST, Action.ORDER, Action.RECEIVE)
"""Steps that a pack is made for: each decision, the order and the receipt."""
LANGUAGES: Final = ("en", "ja")


def evidence_of(purchase: Purchase, no: int, reader: Person) -> dict[str, Any]:
    """The pack of the step of this number. Raises Move.DoesNotExist where there is none of these.

    Five queries, whatever the number of steps.
    """
    moves = list(
        purchase.moves.visible_to(reader)
        .select_related("dossier")
        .filter(no__lte=no)
        .order_by("no")
    )
    decided = next((each for each in moves if each.no == no), None)
    if decided is None or decided.action not in WITH_EVIDENCE or decided.dossier is None:
        raise Move.DoesNotExist
    body: dict[str, Any] = json.loads(decided.dossier.body)
    return {
        "form": FORM,
        "purchase": {"id": str(purchase.pk), "number": purchase.number},
        "decision": no,
        "steps": _steps(purchase, moves, reader),
        "dossier": {"digest": decided.dossier.digest, "body": body},
        "sentences": [each for build in body["builds"] for each in _sentences(build)],
    }


def evidence_json(pack: Mapping[str, Any]) -> bytes:
    """The bytes of the pack: canonical JSON, so that equal packs are equal bytes."""
    return (canonical(pack) + "\n").encode()


def _steps(purchase: Purchase, moves: Iterable[Move], reader: Person) -> list[dict[str, Any]]:
    events = _events(moves)
    demanded = _conditions(purchase, reader)
    asked = _requests(purchase, reader)
    return [
        _step(move, events[str(move.pk)])
        | {"conditions": demanded.get(str(move.pk), []), "asked": asked.get(str(move.pk))}
        for move in moves
    ]


def _step(move: Move, event: Event) -> dict[str, Any]:
    """A step as its row and its event in the trail say: who it was, and for whom a substitute acted, is the address of
    that day."""
    away = {"for": move.acted_for_name} if move.acted_for_name else {}
    return away | {
        "no": move.no,
        "action": move.action,
        "from": move.from_status,
        "to": move.to_status,
        "at": json.loads(event.canon)["new"]["at"],
        "by": event.actor_name or event.actor,
        "as": _roles(move),
        "version": move.version,
        "round": move.round,
        "digest": move.digest,
        "reasons": [{"code": each, **_in_both(Reason(each).label)} for each in move.reasons],
        "letter": move.letter,
        "answer": move.answer,
        "event": {"record": event.record_id, "leaf": bytes(event.leaf).hex(), "text": event.canon},
    }


def _roles(move: Move) -> list[str]:
    """The roles that this step is open to."""
    ways = (
        each
        for each in TRANSITIONS
        if (each.action, each.source) == (move.action, move.from_status)
    )
    return sorted({actor for way in ways if way.target == move.to_status for actor in way.actors})


def _in_both(label: object) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = str(label)
    return said


def _events(moves: Iterable[Move]) -> dict[str, Event]:
    """The event by which each step came into the trail."""
    found = Event.objects.get_queryset().filter(
        record_table=Move._meta.db_table, record_id__in=[str(each.pk) for each in moves]
    )
    return {each.record_id: each for each in found.filter(action=Event.Action.INSERT)}


def _conditions(purchase: Purchase, reader: Person) -> dict[str, list[dict[str, Any]]]:
    """What each step demanded, by the step. Whether it was met since is no part of the decision."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in Condition.objects.visible_to(reader).filter(purchase=purchase).order_by("id"):
        due = each.due_on.isoformat() if each.due_on else None
        found.setdefault(str(each.move_id), []).append({"text": each.text, "due_on": due})
    return found


def _requests(purchase: Purchase, reader: Person) -> dict[str, dict[str, Any]]:
    """What evidence each step asked for, by the step."""
    return {
        str(each.move_id): {
            "what": each.what,
            "from_whom": each.from_whom,
            "by_when": each.by_when.isoformat(),
        }
        for each in EvidenceRequest.objects.visible_to(reader).filter(purchase=purchase)
    }


def _sentences(build: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Each result of a build in words, in both languages, from the trace that was frozen."""
    for result in results_of(build):
        said = {}
        for language in LANGUAGES:
            with override(language):
                told = lines(result, language, Names(country=_country))
                said[language] = [each.text for each in told]
        yield {"id": build["id"], "supplier": build["supplier"], "rule": result.rule, **said}


def _country(code: str) -> str:
    return str(countries.name(code)) or code
