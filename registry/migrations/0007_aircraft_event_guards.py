from django.db import migrations

from audit.operations import Sql, composite_key, govern, isolate
from registry import sql_events, sql_transfers

TABLES = ("droneevent", "transferoffer", "incomingtransfer")

# action, from, to, roles, needs_reason
TRANSITIONS = [
    ("receive", "in_service", "in_service", ["inspector"], False),
    ("receive", "stored", "stored", ["inspector"], False),
    ("receive", "grounded", "grounded", ["inspector"], False),
    ("hand_over", "in_service", "in_service", ["custodian"], False),
    ("hand_over", "stored", "stored", ["custodian"], False),
    ("hand_over", "grounded", "grounded", ["custodian"], False),
    ("confirm", "in_service", "in_service", ["custodian"], False),
    ("confirm", "stored", "stored", ["custodian"], False),
    ("confirm", "grounded", "grounded", ["custodian"], False),
    ("confirm", "lent", "lent", ["custodian"], False),
    ("store", "in_service", "stored", ["custodian"], False),
    ("deploy", "stored", "in_service", ["custodian"], False),
    ("lend", "in_service", "lent", ["custodian"], False),
    ("lend", "stored", "lent", ["custodian"], False),
    ("prolong", "lent", "lent", ["custodian"], False),
    ("give_back", "lent", "in_service", ["custodian"], False),
    ("give_back", "grounded", "grounded", ["custodian"], False),
    ("ground", "in_service", "grounded", ["custodian", "security_reviewer", "steward"], True),
    ("ground", "stored", "grounded", ["custodian", "security_reviewer", "steward"], True),
    ("ground", "lent", "grounded", ["custodian", "security_reviewer", "steward"], True),
    ("ground", "grounded", "grounded", ["custodian", "security_reviewer", "steward"], True),
    ("release", "grounded", "in_service", ["custodian", "security_reviewer", "steward"], True),
    ("release", "grounded", "stored", ["custodian", "security_reviewer", "steward"], True),
    ("release", "grounded", "lent", ["custodian", "security_reviewer", "steward"], True),
    ("lose", "in_service", "lost", ["custodian"], True),
    ("lose", "stored", "lost", ["custodian"], True),
    ("lose", "grounded", "lost", ["custodian"], True),
    ("lose", "lent", "lost", ["custodian"], True),
    ("find", "lost", "grounded", ["custodian"], True),
    ("swap", "in_service", "in_service", ["custodian"], True),
    ("swap", "stored", "stored", ["custodian"], True),
    ("swap", "grounded", "grounded", ["custodian"], True),
    ("dispose", "in_service", "disposed", ["custodian"], True),
    ("dispose", "stored", "disposed", ["custodian"], True),
    ("dispose", "grounded", "disposed", ["custodian"], True),
    ("dispose", "lost", "disposed", ["custodian"], True),
    ("enter_in_error", "in_service", "entered_in_error", ["custodian"], True),
    ("enter_in_error", "stored", "entered_in_error", ["custodian"], True),
    ("enter_in_error", "grounded", "entered_in_error", ["custodian"], True),
    ("enter_in_error", "lost", "entered_in_error", ["custodian"], True),
    ("reinstate", "entered_in_error", "in_service", ["custodian"], True),
    ("reinstate", "entered_in_error", "stored", ["custodian"], True),
    ("reinstate", "entered_in_error", "grounded", ["custodian"], True),
    ("reinstate", "entered_in_error", "lost", ["custodian"], True),
    ("offer", "in_service", "in_service", [], False),
    ("offer", "stored", "stored", [], False),
    ("offer", "grounded", "grounded", [], False),
    ("withdraw_offer", "in_service", "in_service", [], False),
    ("withdraw_offer", "stored", "stored", [], False),
    ("withdraw_offer", "grounded", "grounded", [], False),
    ("withdraw_offer", "lent", "lent", [], False),
    ("withdraw_offer", "lost", "lost", [], False),
    ("withdraw_offer", "transferred", "transferred", [], False),
    ("withdraw_offer", "disposed", "disposed", [], False),
    ("withdraw_offer", "entered_in_error", "entered_in_error", [], False),
    ("decline_offer", "in_service", "in_service", [], False),
    ("decline_offer", "stored", "stored", [], False),
    ("decline_offer", "grounded", "grounded", [], False),
    ("decline_offer", "lent", "lent", [], False),
    ("decline_offer", "lost", "lost", [], False),
    ("decline_offer", "transferred", "transferred", [], False),
    ("decline_offer", "disposed", "disposed", [], False),
    ("decline_offer", "entered_in_error", "entered_in_error", [], False),
    ("transfer", "in_service", "transferred", [], False),
    ("transfer", "stored", "transferred", [], False),
    ("transfer", "grounded", "transferred", [], False),
    ("arrive", "stored", "stored", [], False),
    ("arrive", "grounded", "grounded", [], False),
]

# Attached again below, without the counters.
UNGOVERN = Sql(
    "drop trigger registry_drone_audit_write on registry_drone;"
    " drop trigger registry_drone_audit_update on registry_drone;"
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_aircraft_events")]

    operations = [
        UNGOVERN,
        govern("registry_drone", agency="agency_id", leave_out=["version", "events_made"]),
        *(govern(f"registry_{table}", agency="agency_id") for table in TABLES),
        govern("registry_dronetransition"),
        *(isolate(f"registry_{table}") for table in TABLES),
        *(composite_key(f"registry_{table}", "drone_id", "registry_drone") for table in TABLES),
        sql_events.RIGHTS,
        sql_events.REFUSE,
        sql_events.DRONE,
        sql_events.EVENT,
        sql_transfers.TRANSFERS,
        sql_events.transition_rows(TRANSITIONS),
    ]
