"""Migration operations: rights, governed tables and row-level security, said once per table."""

from collections.abc import Iterable

from django.conf import settings
from django.db.migrations.operations import RunSQL


def roles(sql: str) -> str:
    """Fill in the database roles, ``{app}``, ``{central}``, ``{owner}``, and the government's ``{timezone}``."""
    names = {
        "app": settings.APP_DATABASE_ROLE,
        "central": settings.CENTRAL_DATABASE_ROLE,
        "owner": settings.OWNER_DATABASE_ROLE,
    }
    for key, name in names.items():
        sql = sql.replace("{" + key + "}", '"' + name.replace('"', '""') + '"')
    return sql.replace("{timezone}", settings.TIME_ZONE)


class Sql(RunSQL):
    """SQL that names the database roles, run when the migration runs."""

    def __init__(self, sql: str, reverse_sql: str = RunSQL.noop) -> None:
        super().__init__(roles(sql), roles(reverse_sql) if reverse_sql else reverse_sql)


def govern(table: str, *, agency: str = "", leave_out: Iterable[str] = ()) -> Sql:
    """Every insert, update and delete of this table leaves an event.

    ``agency`` says where the agency of a row stands: a column, ``"self"``, ``"root"``
    (only the centre reads its history) or ``""`` (every member reads it).
    ``leave_out`` names columns that never enter the trail, such as password hashes.
    """
    call = f"execute function audit_record('{agency}', '{','.join(leave_out)}')"
    return Sql(
        f"""
        create trigger {table}_audit_write after insert or delete on {table} for each row {call};
        create trigger {table}_audit_update after update on {table} for each row
          when (old.* is distinct from new.*) {call};
        """,
        f"drop trigger {table}_audit_write on {table}; drop trigger {table}_audit_update on {table};",
    )


def govern_many(table: str, *, agency: str, leave_out: Iterable[str] = ()) -> Sql:
    """As `govern`, for a governed table that is filled by the thousand: what one statement inserts is recorded by one
    statement. No trigger of such a table may change, after the insert of a row, that row itself."""
    arguments = f"('{agency}', '{','.join(leave_out)}')"
    return Sql(
        f"""
        drop trigger {table}_audit_write on {table};
        create trigger {table}_audit_write after insert on {table}
          referencing new table as written for each statement execute function audit_record_rows{arguments};
        create trigger {table}_audit_delete after delete on {table}
          for each row execute function audit_record{arguments};
        """,
        f"""
        drop trigger {table}_audit_write on {table}; drop trigger {table}_audit_delete on {table};
        create trigger {table}_audit_write after insert or delete on {table}
          for each row execute function audit_record{arguments};
        """,
    )


def isolate(table: str, *, agency: str = "agency_id") -> Sql:
    """Row-level security: an agency's rows are seen and written only in its context.

    The policy holds for every role, the owner too; the central role sees all. No ``or``
    in a policy: it would cost the index.
    """
    return Sql(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy {table}_scope on {table}
          using ({agency} = any ((select app_agencies())::bigint[]))
          with check ({agency} = any ((select app_agencies())::bigint[]));
        create policy {table}_central on {table} to {{central}} using (true) with check (true);
        """,
        f"""
        drop policy {table}_scope on {table}; drop policy {table}_central on {table};
        alter table {table} no force row level security; alter table {table} disable row level security;
        """,
    )


def composite_key(table: str, column: str, target: str, *, agency: str = "agency_id") -> Sql:
    """A child may only point to a row of its own agency.

    A plain foreign key is checked without row-level security and could reach a row that
    its author cannot see.
    """
    name = f"{table}_{column}_same_agency"
    return Sql(
        f"""
        alter table {table} add constraint {name}
          foreign key ({agency}, {column}) references {target} (agency_id, id);
        """,
        f"alter table {table} drop constraint {name};",
    )
