"""How the database notes which agencies' aircraft have to be counted again, and that the catalogue was written.

One row for each agency and statement, appended: nobody waits for anybody, and what is noted twice is counted once.
The agency of an aircraft never changes, and nobody deletes one, so that its new rows say all.
"""

from audit.operations import Sql

CATALOGUE = tuple(
    (f"registry_{table}", event)
    for table in ("build", "component", "dronemodel", "ownershiplink", "vendor")
    for event in ("insert", "update", "delete")
)
AIRCRAFT = (
    ("registry_drone", "insert"),
    ("registry_drone", "update"),
    ("compliance_standing", "insert"),
    ("compliance_standing", "update"),
    ("compliance_standing", "delete"),
)


def _trigger(table: str, event: str) -> str:
    rows = "old" if event == "delete" else "new"
    return f"""
    create trigger {table}_uncounted_{event} after {event} on {table}
      referencing {rows} table as written for each statement execute function reporting_note_aircraft();
    """


NOTE = """
    create function reporting_note_aircraft() returns trigger language plpgsql
    security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      insert into public.reporting_uncounted (agency_id) select distinct agency_id from written;
      return null;
    end $$;
    create function reporting_note_catalogue() returns trigger language plpgsql
    security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      insert into public.reporting_unplaced default values;
      return null;
    end $$;
"""
_WATCH = """
    create trigger {table}_unplaced_{event} after {event} on {table}
      for each statement execute function reporting_note_catalogue();
"""
_LEAVE = "drop trigger {table}_{kind}_{event} on {table};"

NOTICED = Sql(
    "".join(
        (
            NOTE,
            *(_trigger(*each) for each in AIRCRAFT),
            *(_WATCH.format(table=table, event=event) for table, event in CATALOGUE),
        )
    ),
    "".join(
        (
            *(_LEAVE.format(table=t, event=e, kind="uncounted") for t, e in AIRCRAFT),
            *(_LEAVE.format(table=t, event=e, kind="unplaced") for t, e in CATALOGUE),
            "drop function reporting_note_aircraft(); drop function reporting_note_catalogue();",
        )
    ),
)
