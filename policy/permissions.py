"""Who may write and publish policies. Predicates: (person, object) -> bool."""

from agencies.models import Membership, Person
from policy.models import PolicyVersion

Role = Membership.Role


def may_write_policy(person: Person) -> bool:
    """Policy officers write drafts, load packs and ask for publication."""
    return person.scope.holds(Role.POLICY_OFFICER)


def may_publish(person: Person, version: PolicyVersion) -> bool:
    """A policy officer whose work the version is not, once its publication is asked for."""
    return (
        may_write_policy(person)
        and version.status == PolicyVersion.Status.PROPOSED
        and not version.is_work_of(person.pk)
    )


def may_record_editions(person: Person) -> bool:
    """Stewards and policy officers record what a publisher of a list published."""
    return person.scope.holds(Role.STEWARD) or may_write_policy(person)
