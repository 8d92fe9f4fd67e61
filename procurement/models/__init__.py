from procurement.models.decisions import Contributor, Dossier, Move, Transition
from procurement.models.purchases import Line, Purchase, PurchaseManager, PurchaseQuerySet
from procurement.models.receipts import ReceivedUnit

__all__ = [
    "Contributor",
    "Dossier",
    "Line",
    "Move",
    "Purchase",
    "PurchaseManager",
    "PurchaseQuerySet",
    "ReceivedUnit",
    "Transition",
]
