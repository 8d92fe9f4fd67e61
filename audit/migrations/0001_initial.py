from django.db import migrations, models
from django.db.migrations.operations.base import Operation

import audit.operations
from audit import sql

# Tables made later by the owner are open to the app and central roles, as far as
# row-level security and narrower grants of their own migrations let them.
RIGHTS = """
grant usage on schema public to {app}, {central};
grant select, insert, update, delete on all tables in schema public to {app}, {central};
grant usage, select on all sequences in schema public to {app}, {central};
alter default privileges in schema public grant select, insert, update, delete on tables to {app}, {central};
alter default privileges in schema public grant usage, select on sequences to {app}, {central};
revoke insert, update, delete on django_migrations from {app}, {central};
"""

EVENT_RIGHTS = """
revoke all on audit_event from {app}, {central};
revoke all on sequence audit_event_id_seq from {app}, {central};
grant select on audit_event to {app}, {central};
alter table audit_event enable row level security;
alter table audit_event force row level security;
-- An event without an agency (a vendor, a policy) is everybody's: 0 stands for it.
create policy audit_event_scope on audit_event for select
  using (coalesce(agency_id, 0) = any ((select app_agencies() || 0::bigint)::bigint[]));
create policy audit_event_central on audit_event for select to {central} using (true);
create policy audit_event_writer on audit_event to {owner} using (true) with check (true);
"""

EVENT_STATE: list[Operation] = [
    migrations.CreateModel(
        name="Event",
        fields=[("id", models.BigAutoField(primary_key=True, serialize=False))],
        options={"managed": False, "db_table": "audit_event", "ordering": ["-id"]},
    )
]


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        audit.operations.Sql(RIGHTS),
        audit.operations.Sql(
            sql.CONTEXT,
            "drop function app_person(); drop function app_actor(); drop function app_agencies();",
        ),
        audit.operations.Sql(
            sql.EVENT_TABLE + EVENT_RIGHTS,
            "drop table audit_event; drop function audit_deny();",
        ),
        audit.operations.Sql(sql.RECORD_FUNCTION, "drop function audit_record();"),
        migrations.SeparateDatabaseAndState(state_operations=EVENT_STATE),
    ]
