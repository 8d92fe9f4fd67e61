"""Who reads and writes notices: a person their own, the program all of them, nobody else any.

`system:job` is the program itself, which works as the central role. People of the centre work as that
role too, and see nothing but their own.
"""

from audit.operations import Sql

PRIVATE = Sql(
    """
    alter table records_notice enable row level security;
    alter table records_notice force row level security;
    create policy records_notice_own on records_notice for select
      using (person_id = (select app_person())
             and (about_agency_id is null or about_agency_id = any ((select app_agencies())::bigint[])));
    create policy records_notice_read on records_notice for update
      using (person_id = (select app_person()));
    create policy records_notice_program on records_notice to {central}
      using ((select app_actor()) = 'system:job') with check ((select app_actor()) = 'system:job');
    revoke update, delete on records_notice from {app}, {central};
    grant update (read_at) on records_notice to {app}, {central};
    grant update (mail_id) on records_notice to {central};

    alter table records_mailentry enable row level security;
    alter table records_mailentry force row level security;
    create policy records_mailentry_program on records_mailentry to {central}
      using ((select app_actor()) = 'system:job') with check ((select app_actor()) = 'system:job');
    create policy records_mailentry_administrator on records_mailentry for select to {central}
      using ((select agencies_administers(app_person())));
    create policy records_mailentry_again on records_mailentry for update to {central}
      using ((select agencies_administers(app_person())) and state in ('unsure', 'dead'))
      with check (state = 'waiting');
    revoke all on records_mailentry from {app};
    revoke delete on records_mailentry from {central};

    revoke all on records_bookmark from {app};
    revoke delete on records_bookmark from {central};
    """,
    """
    drop policy records_mailentry_again on records_mailentry;
    drop policy records_mailentry_administrator on records_mailentry;
    drop policy records_mailentry_program on records_mailentry;
    drop policy records_notice_program on records_notice;
    drop policy records_notice_read on records_notice; drop policy records_notice_own on records_notice;
    """,
)
ADMINISTERS = Sql(
    """
    -- Whether a person is an administrator at the root of the tree today.
    create function agencies_administers(person bigint) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select exists (
        select 1 from public.agencies_scope(person, (now() at time zone '{timezone}')::date) g
        where g.role = 'administrator' and g.central) $$;
    """,
    "drop function agencies_administers(bigint);",
)
