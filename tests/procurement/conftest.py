"""A purchase on its way: handed in, approved, ordered."""

import pytest

from agencies.context import acting_as
from agencies.models import Person
from procurement.models import Purchase
from tests.procurement.steps import step, submit


@pytest.fixture
def in_review(purchase: Purchase) -> Purchase:
    """Aiko's purchase, handed in: it waits for Ben."""
    submit(purchase)
    return purchase


@pytest.fixture
def approved(in_review: Purchase, ben: Person, chie: Person) -> Purchase:
    step(in_review, "approve", "security_review", ben)
    step(in_review, "approve", "approved", chie)
    return in_review


@pytest.fixture
def ordered(approved: Purchase, aiko: Person) -> Purchase:
    with acting_as(aiko):
        approved.contract_reference = "JCG-2026-17"
        approved.save(update_fields=["contract_reference"])
    step(approved, "order", "ordered", aiko)
    return approved
