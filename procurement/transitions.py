"""The workflow as a table. The database holds the same one (a test compares them) and enforces it."""

from dataclasses import dataclass

from procurement.states import (
    APPROVER,
    CONSULTATION_OFFICER,
    HOLDERS,
    INSPECTOR,
    REQUESTER,
    SECURITY_REVIEWER,
    SYSTEM,
    Action,
    Status,
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move.

    `actors`: roles that cover the agency, or the requester, or the system.
    `decides`: a decision, closed to contributors and to whoever decided in this round already.
    `new_dossier`: the move brings a newly frozen dossier; any other rests on the current one.
    `requires`: flags of the dossier that must be set, or with "!" must not be.
    """

    action: Action
    source: Status
    target: Status
    actors: tuple[str, ...]
    decides: bool = False
    needs_reasons: bool = False
    begins_round: bool = False
    new_dossier: bool = False
    requires: tuple[str, ...] = ()


_REVIEW = tuple(
    transition
    for status, holders in HOLDERS.items()
    for transition in (
        Transition(
            Action.RETURN,
            status,
            Status.DRAFT,
            holders,
            decides=True,
            needs_reasons=True,
        ),
        Transition(
            Action.DECLINE,
            status,
            Status.DECLINED,
            holders,
            decides=True,
            needs_reasons=True,
        ),
        Transition(Action.REFRESH, status, status, (*holders, SYSTEM), new_dossier=True),
        Transition(Action.WITHDRAW, status, Status.WITHDRAWN, (REQUESTER,)),
    )
)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Action.SUBMIT,
        Status.DRAFT,
        Status.AGENCY_REVIEW,
        (REQUESTER,),
        begins_round=True,
        new_dossier=True,
    ),
    Transition(
        Action.APPROVE,
        Status.AGENCY_REVIEW,
        Status.SECURITY_REVIEW,
        (APPROVER,),
        decides=True,
        requires=("security",),
    ),
    Transition(
        Action.APPROVE,
        Status.AGENCY_REVIEW,
        Status.APPROVED,
        (APPROVER,),
        decides=True,
        requires=("!security",),
    ),
    Transition(
        Action.APPROVE,
        Status.SECURITY_REVIEW,
        Status.CONSULTATION,
        (SECURITY_REVIEWER,),
        decides=True,
        requires=("!blocked", "consultation"),
    ),
    Transition(
        Action.APPROVE,
        Status.SECURITY_REVIEW,
        Status.APPROVED,
        (SECURITY_REVIEWER,),
        decides=True,
        requires=("!blocked", "!consultation"),
    ),
    Transition(
        Action.RECORD_ANSWER,
        Status.CONSULTATION,
        Status.APPROVED,
        (CONSULTATION_OFFICER,),
        decides=True,
    ),
    *_REVIEW,
    Transition(Action.WITHDRAW, Status.DRAFT, Status.WITHDRAWN, (REQUESTER,)),
    *(
        Transition(
            Action.RECHECK,
            status,
            Status.SECURITY_REVIEW,
            (SECURITY_REVIEWER, SYSTEM),
            begins_round=True,
            new_dossier=True,
        )
        for status in (Status.APPROVED, Status.ORDERED)
    ),
    *(
        Transition(
            Action.CANCEL,
            status,
            Status.CANCELLED,
            (REQUESTER, APPROVER),
            needs_reasons=True,
        )
        for status in (Status.APPROVED, Status.ORDERED)
    ),
    Transition(Action.ORDER, Status.APPROVED, Status.ORDERED, (REQUESTER,)),
    Transition(Action.RECEIVE, Status.ORDERED, Status.ORDERED, (INSPECTOR,)),
    Transition(Action.RECEIVE, Status.ORDERED, Status.RECEIVED, (INSPECTOR,)),
    Transition(Action.CLOSE, Status.RECEIVED, Status.CLOSED, (APPROVER,)),
)
