"""Who may change the registry. Predicates: (person, object) -> bool; no I/O beyond the person's scope."""

from agencies.models import Membership, Person
from registry.models import Drone

Role = Membership.Role


def may_log_drones(person: Person, agency_id: int | None = None) -> bool:
    """A custodian of the agency, or anywhere when none is named."""
    return person.scope.holds(Role.CUSTODIAN, agency_id)


def may_change_drone(person: Person, drone: Drone) -> bool:
    return person.scope.holds(Role.CUSTODIAN, drone.agency_id)


def may_propose(person: Person) -> bool:
    """Anyone who holds a role anywhere may propose a fact of the catalogue: it is a claim."""
    return bool(person.scope.grants)


def may_keep_catalogue(person: Person) -> bool:
    """Stewards check what others propose."""
    return person.scope.holds(Role.STEWARD)
