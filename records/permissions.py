"""Who may add files and notes to a record that they may see. Predicates; no I/O beyond the person's scope."""

from django.db.models import Model

from agencies.models import Membership, Person
from records.keys import agency_of
from records.models import Attachment

Role = Membership.Role
WORKING = (
    Role.CUSTODIAN,
    Role.APPROVER,
    Role.INSPECTOR,
    Role.SECURITY_REVIEWER,
    Role.STEWARD,
    Role.POLICY_OFFICER,
    Role.CONSULTATION_OFFICER,
    Role.ADMINISTRATOR,
)
"""Roles that act. Viewers, leaders and auditors only read."""


def may_add(person: Person, record: Model) -> bool:
    """Of an agency's record: whoever holds a role that acts for it. Of the catalogue: every member."""
    agency = agency_of(record)
    return bool(person.scope.grants) if agency is None else person.scope.holds_any(WORKING, agency)


def may_withdraw(person: Person, attachment: Attachment) -> bool:
    """Who added it; of an agency its custodians; of the catalogue a steward."""
    if attachment.withdrawn:
        return False
    agency = getattr(attachment, "agency_id", None)
    keeper = Role.STEWARD if agency is None else Role.CUSTODIAN
    return attachment.uploaded_by_id == person.pk or person.scope.holds(keeper, agency)


def may_open(person: Person, attachment: Attachment) -> bool:
    """A withdrawn content is kept for those who look into how it was used."""
    return not attachment.withdrawn or person.scope.holds(Role.AUDITOR)
