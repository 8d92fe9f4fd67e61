"""Which tables leave events in the audit trail, and why the others do not.

This list is compared with the triggers of the database and with every table there is
(tests/test_layers.py): a new table is entered here, on one side or the other, or the tests fail.
The triggers themselves are attached by the migration of each app (`audit.operations.govern`).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Governed:
    """How the events of a table are made.

    `agency` says whose history it is: the column that names the agency, "self" for an agency's own
    row, "root" for what only the centre reads, "" for what every member reads. `left_out` are the
    columns that never enter the trail. `many`: what a statement inserts is recorded by one statement.
    """

    agency: str = ""
    left_out: tuple[str, ...] = ()
    many: bool = False


OF_AGENCY: Final = Governed(agency="agency_id")
OF_EVERYBODY: Final = Governed()

GOVERNED: Final[dict[str, Governed]] = {
    "agencies_agency": Governed(agency="self"),
    "agencies_person": Governed(agency="root", left_out=("password", "last_login")),
    "agencies_apitoken": Governed(agency="root", left_out=("digest",)),
    "agencies_membership": OF_AGENCY,
    "agencies_substitution": OF_AGENCY,
    "agencies_disclosure": OF_AGENCY,
    "records_agencyattachment": OF_AGENCY,
    "records_agencynote": OF_AGENCY,
    "records_catalogueattachment": OF_EVERYBODY,
    "records_cataloguenote": OF_EVERYBODY,
    "registry_vendor": OF_EVERYBODY,
    "registry_vendorname": OF_EVERYBODY,
    "registry_vendoridentifier": OF_EVERYBODY,
    "registry_distinctvendors": OF_EVERYBODY,
    "registry_ownershiplink": OF_EVERYBODY,
    "registry_declaration": OF_EVERYBODY,
    "registry_dronemodel": OF_EVERYBODY,
    "registry_build": OF_EVERYBODY,
    "registry_component": OF_EVERYBODY,
    "registry_measure": OF_EVERYBODY,
    "registry_attribute": OF_EVERYBODY,
    "registry_drone": Governed(agency="agency_id", left_out=("version", "events_made"), many=True),
    "registry_droneevent": OF_AGENCY,
    "registry_transferoffer": OF_AGENCY,
    "registry_incomingtransfer": OF_AGENCY,
    "registry_dronetransition": OF_EVERYBODY,
    "registry_agencyalias": OF_AGENCY,
    "registry_commonalias": OF_EVERYBODY,
    "registry_dronecertificate": OF_AGENCY,
    "registry_importsession": Governed(agency="agency_id", left_out=("report", "next_row")),
    "policy_policy": OF_EVERYBODY,
    "policy_policyversion": OF_EVERYBODY,
    "policy_rule": OF_EVERYBODY,
    "policy_referencelist": OF_EVERYBODY,
    "policy_edition": OF_EVERYBODY,
    "policy_entry": OF_EVERYBODY,
    "compliance_listmatch": OF_EVERYBODY,
    "compliance_waiver": OF_AGENCY,
    "compliance_waiverdecision": OF_AGENCY,
    "reporting_export": Governed(agency="root"),
    "procurement_purchase": OF_AGENCY,
    "procurement_line": OF_AGENCY,
    "procurement_dossier": OF_AGENCY,
    "procurement_move": OF_AGENCY,
    "procurement_contributor": OF_AGENCY,
    "procurement_receivedunit": OF_AGENCY,
    "procurement_offer": OF_AGENCY,
    "procurement_evidencerequest": OF_AGENCY,
    "procurement_condition": OF_AGENCY,
    "procurement_refusedunit": OF_AGENCY,
    "procurement_claim": OF_AGENCY,
    "procurement_tie": Governed(agency="root"),
    "procurement_reviewterm": OF_EVERYBODY,
    "procurement_transition": OF_EVERYBODY,
}

NOT_GOVERNED: Final[dict[str, str]] = {
    "records_notice": "told to one person; what it tells of is governed",
    "records_mailentry": "mails on their way out; what they tell of is governed",
    "records_keptanswer": "answers kept for a day, each read by its person alone; what was done is governed",
    "records_bookmark": "up to where a job has come",
    "registry_importedrow": "says which row of a file an aircraft came from; the aircraft is governed, and its first event names the import",
    "audit_event": "the trail itself",
    "policy_rulebookstate": "a counter that locks decisions against changes of the rules; what changed is governed",
    "compliance_ruleresult": "derived from governed facts and rules; superseded results are kept as rows",
    "compliance_factssnapshot": "derived, named by its own digest and never changed",
    "compliance_assessment": "derived: when a build was last evaluated",
    "compliance_feed": "up to where the trail itself was read by the job that evaluates",
    "reporting_tally": "derived: aircraft counted",
    "reporting_buildtally": "derived: aircraft counted",
    "reporting_origin": "derived: read from the catalogue",
    "reporting_placed": "derived: when the catalogue was read",
    "reporting_unplaced": "says that the catalogue is to be read again; what was written is governed",
    "reporting_standingtally": "derived: aircraft counted",
    "reporting_counted": "derived: when aircraft were counted",
    "reporting_uncounted": "says whose aircraft are to be counted again; what was written is governed",
    "compliance_standing": "derived, and rewritten for a whole fleet at once",
    "procurement_look": "what a person last saw, for that person alone; what they saw is governed",
    "procurement_counter": "the last number of an agency's year; the numbers stand in the governed purchases",
    "procurement_closed_day": "the calendar of standards/working_days.py, which migrations lay down",
    "account_emailaddress": "kept by the sign-in package beside the address in agencies_person, which is governed",
    "account_emailconfirmation": "short-lived secrets of the sign-in package",
    "auth_group": "not used: rights come from memberships",
    "auth_group_permissions": "not used: rights come from memberships",
    "auth_permission": "not used: rights come from memberships; rows are made from the models",
    "cache_entry": "a cache",
    "django_content_type": "made from the models",
    "django_migrations": "the state of the schema, written by the owner alone",
    "django_session": "sessions come and go",
    "django_tasks_database_dbtaskresult": "jobs come and go; what a job changes is governed",
}
