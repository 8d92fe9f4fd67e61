"""The moves of a purchase, written by hand from docs/workflow.md and from nothing in the program.

One line a move: `action: from -> to; who; flags; marks`. Flags must be set in the dossier, or with "!" must not be. Marks:
D decides, R needs reasons, N begins a round, F freezes a dossier of today.
"""

from dataclasses import dataclass

WRITTEN = """
submit: draft -> agency_review; requester; ; NF
submit: emergency -> agency_review; requester; ; NF
order_first: draft -> emergency; requester; may_order_first; F
withdraw: draft -> withdrawn; requester; ;

approve: agency_review -> security_review; approver; security; D
approve: agency_review -> approved; approver; !security; D
return: agency_review -> draft; approver; ; DR
decline: agency_review -> declined; approver; ; DR
ask_evidence: agency_review -> agency_review; approver; ;
give_evidence: agency_review -> agency_review; requester custodian; ;
refresh: agency_review -> agency_review; approver program; ; F
withdraw: agency_review -> withdrawn; requester; !ordered_first;
receive: agency_review -> agency_review; inspector; deliveries ordered_first;

approve: security_review -> consultation; security_reviewer; !blocked consultation; D
approve: security_review -> approved; security_reviewer; !blocked !consultation; D
return: security_review -> draft; security_reviewer; ; DR
decline: security_review -> declined; security_reviewer; ; DR
ask_evidence: security_review -> security_review; security_reviewer; ;
give_evidence: security_review -> security_review; requester custodian; ;
refresh: security_review -> security_review; security_reviewer program; ; F
withdraw: security_review -> withdrawn; requester; !ordered_first;
receive: security_review -> security_review; inspector; deliveries ordered_first;

record_answer/cleared: consultation -> approved; consultation_officer; ; D
record_answer/conditions: consultation -> approved; consultation_officer; ; D
record_answer/asks: consultation -> security_review; consultation_officer; ; DN
record_answer/refused: consultation -> declined; consultation_officer; ; DR
return: consultation -> draft; consultation_officer; ; DR
decline: consultation -> declined; consultation_officer; ; DR
ask_evidence: consultation -> consultation; consultation_officer; ;
give_evidence: consultation -> consultation; requester custodian; ;
refresh: consultation -> consultation; consultation_officer program; ; F
withdraw: consultation -> withdrawn; requester; !ordered_first;
receive: consultation -> consultation; inspector; deliveries ordered_first;

receive: emergency -> emergency; inspector; deliveries;
cancel: emergency -> cancelled; requester approver; ; R

name_offer: approved -> security_review; requester; !specification; NF
recheck: approved -> security_review; security_reviewer program; ; NF
amend: approved -> draft; requester; ;
cancel: approved -> cancelled; requester approver; ; R
order: approved -> ordered; requester; !specification;
order: approved -> received; requester; !specification;

recheck: ordered -> security_review; security_reviewer program; ; NF
amend: ordered -> draft; requester; ;
cancel: ordered -> cancelled; requester approver; ; R
receive: ordered -> ordered; inspector; deliveries;
receive: ordered -> received; inspector; deliveries;
close: ordered -> closed; approver; !deliveries;
close: received -> closed; approver; ;
"""
REVIEWED_BY = {
    "agency_review": "approver",
    "security_review": "security_reviewer",
    "consultation": "consultation_officer",
}
ANSWERS = ("cleared", "conditions", "asks", "refused")
RESTS = ("approve", "record_answer", "order", "receive")


@dataclass(frozen=True)
class Way:
    """One line of the table."""

    action: str
    answer: str
    source: str
    target: str
    who: frozenset[str]
    flags: tuple[str, ...]
    marks: str

    @property
    def decides(self) -> bool:
        return "D" in self.marks

    @property
    def freezes(self) -> bool:
        return "F" in self.marks


def _read(line: str) -> Way:
    moved, who, flags, marks = (part.strip() for part in line.split(";"))
    action, arrow = moved.split(": ")
    source, target = arrow.split(" -> ")
    action, _, answer = action.partition("/")
    return Way(action, answer, source, target, frozenset(who.split()), tuple(flags.split()), marks)


WAYS = tuple(_read(line) for line in WRITTEN.strip().splitlines() if line)
ACTIONS = tuple(dict.fromkeys(way.action for way in WAYS))


BY_STEP: dict[tuple[str, str], list[Way]] = {}
for _way in WAYS:
    BY_STEP.setdefault((_way.action, _way.source), []).append(_way)


def ways(action: str, source: str) -> list[Way]:
    """Those of this action from this state."""
    return BY_STEP.get((action, source), [])
