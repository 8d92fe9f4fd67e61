"""Who may ask for and edit purchases. What may be done in the workflow is answered by procurement/workflow.py alone.

Predicates: (person, object) -> bool; no I/O beyond the person's scope.
"""

from agencies.models import Membership, Person
from procurement.models import Purchase
from procurement.states import HOLDERS

Role = Membership.Role


def may_request(person: Person, agency_id: int | None = None) -> bool:
    """A custodian of the agency asks for purchases, or anywhere when none is named."""
    return person.scope.holds(Role.CUSTODIAN, agency_id)


def may_edit(person: Person, purchase: Purchase) -> bool:
    """Whoever may ask for the agency edits its drafts, and by that takes no part in the decision."""
    return purchase.editable and may_request(person, purchase.agency_id)


def may_review(person: Person) -> bool:
    """Holds a role somewhere that decides on purchases in one of the states of review."""
    return any(person.scope.holds_any(roles) for roles in HOLDERS.values())
