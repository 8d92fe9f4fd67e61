"""Who may have builds evaluated. Predicates of the person's scope alone."""

from agencies.models import Membership, Person

Role = Membership.Role
WORKING = (
    Role.CUSTODIAN,
    Role.APPROVER,
    Role.INSPECTOR,
    Role.SECURITY_REVIEWER,
    Role.CONSULTATION_OFFICER,
    Role.STEWARD,
    Role.POLICY_OFFICER,
)


def may_evaluate(person: Person) -> bool:
    """Whoever works with results; those who only read wait until somebody does it, or the job."""
    return any(person.scope.holds(role) for role in WORKING)
