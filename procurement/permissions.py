"""Who may ask for and edit purchases. What may be done in the workflow is answered by procurement/workflow.py alone.

Predicates: (person, object) -> bool; no I/O beyond the person's scope.
"""

from agencies.models import Membership, Person
from procurement.models import Purchase
from procurement.states import HOLDERS, Status

Role = Membership.Role


def may_request(person: Person, agency_id: int | None = None) -> bool:
    """A custodian of the agency asks for purchases, or anywhere when none is named."""
    return person.scope.holds(Role.CUSTODIAN, agency_id)


def may_edit(person: Person, purchase: Purchase) -> bool:
    """Whoever may ask for the agency edits its drafts, and by that takes no part in the decision."""
    return purchase.editable and may_request(person, purchase.agency_id)


def may_review(person: Person) -> bool:
    """Holds a role somewhere, or stands in for somebody who does, that decides on purchases in one of the states of review."""
    lent = {loan.role for loan in person.scope.loans}
    return any(person.scope.holds_any(roles) or lent & set(roles) for roles in HOLDERS.values())


def may_offer(person: Person, purchase: Purchase) -> bool:
    """A custodian of the agency records offers on a specification that was approved."""
    return purchase.status == Status.APPROVED and may_request(person, purchase.agency_id)


def may_refuse(person: Person, purchase: Purchase) -> bool:
    """An inspector of the agency who did not ask for it refuses aircraft that come in on an order."""
    inspects = person.scope.holds(Role.INSPECTOR, purchase.agency_id)
    ordered = purchase.status in (Status.ORDERED, Status.EMERGENCY)
    return ordered and inspects and purchase.requester_id != person.pk


def may_find_met(person: Person, purchase: Purchase) -> bool:
    """Whoever decides on purchases of the agency, and did not ask for this one. The database knows who else had a hand in it."""
    roles = {role for holders in HOLDERS.values() for role in holders}
    decides = person.scope.holds_any(roles, purchase.agency_id)
    return decides and purchase.requester_id != person.pk
