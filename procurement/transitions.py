"""The workflow as a table. The database holds the same one (a test compares them) and enforces it."""

from dataclasses import dataclass

from procurement.states import (
    APPROVER,
    CONSULTATION_OFFICER,
    CUSTODIAN,
    HOLDERS,
    INSPECTOR,
    REQUESTER,
    SECURITY_REVIEWER,
    SYSTEM,
    Action,
    ConsultationAnswer,
    Status,
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move.

    `actors`: roles that cover the agency, or the requester, or the system.
    `decides`: a decision, closed to contributors and to whoever decided in this round already.
    `new_dossier`: the move brings a newly frozen dossier; any other rests on the current one.
    `requires`: flags of the dossier that must be set, or with "!" must not be.
    `answers`: those of the central authority that lead this way; empty where none is asked.
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
    answers: tuple[str, ...] = ()


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
        Transition(Action.ASK_EVIDENCE, status, status, holders),
        Transition(Action.GIVE_EVIDENCE, status, status, (REQUESTER, CUSTODIAN)),
        Transition(Action.REFRESH, status, status, (*holders, SYSTEM), new_dossier=True),
        Transition(
            Action.WITHDRAW, status, Status.WITHDRAWN, (REQUESTER,), requires=("!ordered_first",)
        ),
        Transition(
            Action.RECEIVE, status, status, (INSPECTOR,), requires=("deliveries", "ordered_first")
        ),
    )
)

TRANSITIONS: tuple[Transition, ...] = (
    *(
        Transition(
            Action.SUBMIT,
            status,
            Status.AGENCY_REVIEW,
            (REQUESTER,),
            begins_round=True,
            new_dossier=True,
        )
        for status in (Status.DRAFT, Status.EMERGENCY)
    ),
    Transition(
        Action.ORDER_FIRST,
        Status.DRAFT,
        Status.EMERGENCY,
        (REQUESTER,),
        new_dossier=True,
        requires=("may_order_first",),
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
        answers=(ConsultationAnswer.CLEARED, ConsultationAnswer.CONDITIONS),
    ),
    Transition(
        Action.RECORD_ANSWER,
        Status.CONSULTATION,
        Status.SECURITY_REVIEW,
        (CONSULTATION_OFFICER,),
        decides=True,
        begins_round=True,
        answers=(ConsultationAnswer.ASKS,),
    ),
    Transition(
        Action.RECORD_ANSWER,
        Status.CONSULTATION,
        Status.DECLINED,
        (CONSULTATION_OFFICER,),
        decides=True,
        needs_reasons=True,
        answers=(ConsultationAnswer.REFUSED,),
    ),
    *_REVIEW,
    Transition(Action.WITHDRAW, Status.DRAFT, Status.WITHDRAWN, (REQUESTER,)),
    Transition(
        Action.NAME_OFFER,
        Status.APPROVED,
        Status.SECURITY_REVIEW,
        (REQUESTER,),
        begins_round=True,
        new_dossier=True,
        requires=("!specification",),
    ),
    *(
        transition
        for status in (Status.APPROVED, Status.ORDERED)
        for transition in (
            Transition(
                Action.RECHECK,
                status,
                Status.SECURITY_REVIEW,
                (SECURITY_REVIEWER, SYSTEM),
                begins_round=True,
                new_dossier=True,
            ),
            Transition(Action.AMEND, status, Status.DRAFT, (REQUESTER,)),
            Transition(
                Action.CANCEL, status, Status.CANCELLED, (REQUESTER, APPROVER), needs_reasons=True
            ),
        )
    ),
    Transition(
        Action.ORDER, Status.APPROVED, Status.ORDERED, (REQUESTER,), requires=("!specification",)
    ),
    Transition(
        Action.ORDER,
        Status.APPROVED,
        Status.RECEIVED,
        (REQUESTER,),
        requires=("!specification",),
    ),
    Transition(
        Action.CANCEL,
        Status.EMERGENCY,
        Status.CANCELLED,
        (REQUESTER, APPROVER),
        needs_reasons=True,
    ),
    Transition(
        Action.RECEIVE, Status.EMERGENCY, Status.EMERGENCY, (INSPECTOR,), requires=("deliveries",)
    ),
    Transition(
        Action.RECEIVE, Status.ORDERED, Status.ORDERED, (INSPECTOR,), requires=("deliveries",)
    ),
    Transition(
        Action.RECEIVE, Status.ORDERED, Status.RECEIVED, (INSPECTOR,), requires=("deliveries",)
    ),
    Transition(Action.CLOSE, Status.ORDERED, Status.CLOSED, (APPROVER,), requires=("!deliveries",)),
    Transition(Action.CLOSE, Status.RECEIVED, Status.CLOSED, (APPROVER,)),
)
