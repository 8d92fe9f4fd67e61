"""Kept answers are of one person, who reads and enters their own; the program deletes the old ones."""

from audit.operations import Sql

PRIVATE = Sql(
    """
    alter table records_keptanswer enable row level security;
    alter table records_keptanswer force row level security;
    create policy records_keptanswer_own on records_keptanswer for select
      using (person_id = (select app_person()) and agencies <@ (select app_agencies())::bigint[]);
    create policy records_keptanswer_enter on records_keptanswer for insert
      with check (person_id = (select app_person()));
    create policy records_keptanswer_program on records_keptanswer to {central}
      using ((select app_actor()) = 'system:job') with check ((select app_actor()) = 'system:job');
    revoke update on records_keptanswer from {app}, {central};
    revoke delete on records_keptanswer from {app};
    """,
    """
    drop policy records_keptanswer_program on records_keptanswer;
    drop policy records_keptanswer_enter on records_keptanswer;
    drop policy records_keptanswer_own on records_keptanswer;
    """,
)
