from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from procurement.follow_ups import Demand, Wanted
from procurement.receipts import Unit


@dataclass(frozen=True, slots=True)
class Request:
    """All that somebody hands in with a step.

    `answer`: of the central authority. `offers`: ids of those named, one for each specification.
    """

    version: int
    digest: str = ""
    reasons: Sequence[str] = ()
    letter: str = ""
    contract_reference: str = ""
    units: Sequence[Unit] = field(default=())
    answer: str = ""
    conditions: Sequence[Demand] = ()
    evidence: Wanted | None = None
    offers: Sequence[UUID] = ()
