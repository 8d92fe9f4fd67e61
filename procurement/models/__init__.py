from procurement.models.claims import Claim, ClaimQuerySet, ReviewTerm
from procurement.models.decisions import Contributor, Dossier, Move, Transition
from procurement.models.follow_ups import Condition, EvidenceRequest
from procurement.models.looks import Look, LookQuerySet
from procurement.models.purchases import Line, Offer, Purchase, PurchaseManager, PurchaseQuerySet
from procurement.models.receipts import ReceivedUnit, RefusedUnit
from procurement.models.ties import Tie

__all__ = [
    "Claim",
    "ClaimQuerySet",
    "Condition",
    "Contributor",
    "Dossier",
    "EvidenceRequest",
    "Line",
    "Look",
    "LookQuerySet",
    "Move",
    "Offer",
    "Purchase",
    "PurchaseManager",
    "PurchaseQuerySet",
    "ReceivedUnit",
    "RefusedUnit",
    "ReviewTerm",
    "Tie",
    "Transition",
]
