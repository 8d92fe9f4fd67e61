"""The database side of the audit trail and of the request context, as SQL that migrations run.

The event table is append-only for every role. Its rows are written by one trigger
function (`audit_record`), which runs as the owner, so no role needs a right to insert.
Each row carries the exact text that was hashed (`canon`), its leaf hash, the transaction
id by which a sealer can order rows later, and a sequence number per record.
"""

CONTEXT = """
create function app_agencies() returns bigint[] language sql stable parallel safe
as $$ select coalesce(string_to_array(nullif(current_setting('app.agencies', true), ''), ',')::bigint[], '{}') $$;

create function app_actor() returns text language sql stable parallel safe
as $$ select nullif(current_setting('app.actor', true), '') $$;

-- The person behind the current actor, or null for a system actor or a stranger.
create function app_person() returns bigint language sql stable parallel safe
as $$ select substring(app_actor() from '^user:([0-9]+)$')::bigint $$;
"""

EVENT_TABLE = """
create table audit_event (
  id           bigint generated always as identity primary key,
  xid          xid8        not null default pg_current_xact_id(),
  at           timestamptz not null,
  agency_id    bigint,
  actor        text        not null,
  actor_name   text        not null,
  request      text        not null,
  reason       text        not null,
  record_table text        not null,
  record_id    text        not null,
  record_no    integer     not null,
  action       text        not null check (action in ('insert', 'update', 'delete')),
  fields       text[]      not null,
  canon        text        not null,
  leaf         bytea       not null check (octet_length(leaf) = 32),
  constraint audit_event_one_line_per_record unique (record_table, record_id, record_no)
);
create index audit_event_frontier on audit_event (xid, id);
create index audit_event_agency on audit_event (agency_id, id);
create index audit_event_actor on audit_event (actor, id);

create function audit_deny() returns trigger language plpgsql as $$
begin
  raise exception 'The audit trail can only be added to.' using errcode = '42501';
end $$;
create trigger audit_event_no_change before update or delete on audit_event
  for each row execute function audit_deny();
create trigger audit_event_no_truncate before truncate on audit_event
  for each statement execute function audit_deny();
alter table audit_event enable always trigger audit_event_no_change;
alter table audit_event enable always trigger audit_event_no_truncate;
"""

# Arguments of the trigger: [0] where the agency of the record stands (a column name,
# 'self' for an agency, 'root' for what only the centre may read, '' for what has none);
# [1] the columns left out, separated by commas.
RECORD_FUNCTION = """
create function audit_record() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'iso_8601' as $$
declare
  was jsonb; now_ jsonb; row_ jsonb; changed text[]; agency bigint; no_ integer := 0;
  prev bytea; moment timestamptz := clock_timestamp(); line text; who text := app_actor();
  left_out text[] := string_to_array(tg_argv[1], ',');
begin
  if who is null then
    raise exception 'A change of % needs an actor: set the context first.', tg_table_name
      using errcode = '42501';
  end if;
  if tg_op <> 'INSERT' then was := to_jsonb(old) - left_out; end if;
  if tg_op <> 'DELETE' then now_ := to_jsonb(new) - left_out; end if;
  row_ := coalesce(now_, was);
  if tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into changed
      from jsonb_each(now_) n where was -> n.key is distinct from n.value;
    if changed is null then return null; end if;
    select jsonb_object_agg(f, was -> f), jsonb_object_agg(f, now_ -> f) into was, now_ from unnest(changed) f;
  else
    select array_agg(k order by k) into changed from jsonb_object_keys(row_) k;
  end if;
  agency := case tg_argv[0]
    when '' then null
    when 'self' then (row_ ->> 'id')::bigint
    when 'root' then (select min(a.id) from public.agencies_agency a where a.parent_id is null)
    else (row_ ->> tg_argv[0])::bigint end;
  select e.record_no, e.leaf into no_, prev from public.audit_event e
    where e.record_table = tg_table_name and e.record_id = row_ ->> 'id'
    order by e.record_no desc limit 1;
  no_ := coalesce(no_, 0) + 1;
  line := json_build_object(
    'v', 1, 'at', to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'actor', who, 'name', coalesce(current_setting('app.actor_name', true), ''),
    'request', coalesce(current_setting('app.request', true), ''),
    'reason', coalesce(current_setting('app.reason', true), ''),
    'db', session_user, 'agency', agency, 'table', tg_table_name, 'record', row_ ->> 'id',
    'no', no_, 'prev', encode(prev, 'hex'), 'action', lower(tg_op), 'fields', changed,
    'old', was, 'new', now_)::text;
  insert into public.audit_event (at, agency_id, actor, actor_name, request, reason,
      record_table, record_id, record_no, action, fields, canon, leaf)
  values (moment, agency, who, coalesce(current_setting('app.actor_name', true), ''),
      coalesce(current_setting('app.request', true), ''), coalesce(current_setting('app.reason', true), ''),
      tg_table_name, row_ ->> 'id', no_, lower(tg_op), changed, line,
      sha256('\\x00'::bytea || convert_to(line, 'UTF8')));
  return null;
end $$;
"""

# The same again, quicker. A record that is inserted has no event before, nearly always: its first one is stored
# unless the unique key has one already, and only then is it looked for. The name of the table is text: compared as a
# `name`, which has another collation, the index would not lead to it.
QUICKER_RECORD_FUNCTION = """
create or replace function audit_record() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'iso_8601' as $$
declare
  was jsonb; now_ jsonb; row_ jsonb; changed text[]; agency bigint; no_ integer := 1; prev bytea;
  moment timestamptz := clock_timestamp(); line text; who text := app_actor();
  who_name text := coalesce(current_setting('app.actor_name', true), '');
  request_ text := coalesce(current_setting('app.request', true), '');
  reason_ text := coalesce(current_setting('app.reason', true), '');
  table_ text := tg_table_name; id_ text;
begin
  if who is null then
    raise exception 'A change of % needs an actor: set the context first.', tg_table_name
      using errcode = '42501';
  end if;
  if tg_op <> 'INSERT' then was := to_jsonb(old); end if;
  if tg_op <> 'DELETE' then now_ := to_jsonb(new); end if;
  if tg_argv[1] <> '' then
    was := was - string_to_array(tg_argv[1], ',');
    now_ := now_ - string_to_array(tg_argv[1], ',');
  end if;
  row_ := coalesce(now_, was);
  id_ := row_ ->> 'id';
  if tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into changed
      from jsonb_each(now_) n where was -> n.key is distinct from n.value;
    if changed is null then return null; end if;
    select jsonb_object_agg(f, was -> f), jsonb_object_agg(f, now_ -> f) into was, now_ from unnest(changed) f;
  else
    changed := array(select k from jsonb_object_keys(row_) k order by k);
  end if;
  agency := case tg_argv[0]
    when '' then null
    when 'self' then id_::bigint
    when 'root' then (select min(a.id) from public.agencies_agency a where a.parent_id is null)
    else (row_ ->> tg_argv[0])::bigint end;
  for attempt in 1 .. 2 loop
    if tg_op <> 'INSERT' or attempt = 2 then
      select e.record_no + 1, e.leaf into no_, prev from public.audit_event e
        where e.record_table = table_ and e.record_id = id_
        order by e.record_no desc limit 1;
      no_ := coalesce(no_, 1);
    end if;
    line := json_build_object(
      'v', 1, 'at', to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      'actor', who, 'name', who_name, 'request', request_, 'reason', reason_,
      'db', session_user, 'agency', agency, 'table', table_, 'record', id_,
      'no', no_, 'prev', encode(prev, 'hex'), 'action', lower(tg_op), 'fields', changed,
      'old', was, 'new', now_)::text;
    insert into public.audit_event (at, agency_id, actor, actor_name, request, reason,
        record_table, record_id, record_no, action, fields, canon, leaf)
    values (moment, agency, who, who_name, request_, reason_, table_, id_, no_, lower(tg_op), changed, line,
        sha256('\\x00'::bytea || convert_to(line, 'UTF8')))
    on conflict (record_table, record_id, record_no) do nothing;
    if found then return null; end if;
  end loop;
  raise exception 'Event % of this record was written meanwhile: begin again.', no_ using errcode = '40001';
end $$;
"""

# The same for all rows that one statement inserts, in one statement: for tables that are filled by the thousand. What
# is the same for all of them (who, when, why, the names of the fields) is made once. A record that has events already
# continues its line, as it does there.
_ROWS_LINE = """
  json_build_object(
    'v', 1, 'at', at_, 'actor', who, 'name', who_name, 'request', request_, 'reason', reason_,
    'db', session_user, 'agency', (row_ ->> agency_)::bigint, 'table', table_, 'record', row_ ->> 'id',
    'no', {no}, 'prev', {prev}, 'action', 'insert', 'fields', fields_, 'old', null::jsonb, 'new', row_)::text"""
_ROWS_STORE = """
  insert into public.audit_event (at, agency_id, actor, actor_name, request, reason,
      record_table, record_id, record_no, action, fields, canon, leaf)
  select moment, (row_ ->> agency_)::bigint, who, who_name, request_, reason_, table_, row_ ->> 'id', {no},
      'insert', fields_, line, sha256('\\x00'::bytea || convert_to(line, 'UTF8'))"""
RECORD_ROWS_FUNCTION = "".join(
    (
        """
create function audit_record_rows() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'iso_8601' as $$
declare
  moment timestamptz := clock_timestamp(); at_ text := to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  who text := app_actor(); who_name text := coalesce(current_setting('app.actor_name', true), '');
  request_ text := coalesce(current_setting('app.request', true), '');
  reason_ text := coalesce(current_setting('app.reason', true), '');
  table_ text := tg_table_name; agency_ text := tg_argv[0]; left_out text[] := string_to_array(tg_argv[1], ',');
  fields_ text[]; stored text[];
begin
  select array(select k from jsonb_object_keys(to_jsonb(w) - left_out) k order by k) into fields_ from written w limit 1;
  if not found then return null; end if;
  if who is null then
    raise exception 'A change of % needs an actor: set the context first.', tg_table_name
      using errcode = '42501';
  end if;
  with lines as (
    select row_,""",
        _ROWS_LINE.format(no="1", prev="null"),
        """ as line
    from (select to_jsonb(w) - left_out as row_ from written w offset 0) as rows offset 0
  ), first as (""",
        _ROWS_STORE.format(no="1"),
        """ from lines
    on conflict (record_table, record_id, record_no) do nothing returning record_id
  )
  select array_agg(record_id) into stored from first;
  if cardinality(stored) = (select count(*) from written) then return null; end if;
  with lines as (
    select row_, before.record_no + 1 as no_,""",
        _ROWS_LINE.format(no="before.record_no + 1", prev="encode(before.leaf, 'hex')"),
        """ as line
    from (select to_jsonb(w) - left_out as row_ from written w offset 0) as rows,
      lateral (select e.record_no, e.leaf from public.audit_event e
        where e.record_table = table_ and e.record_id = row_ ->> 'id' order by e.record_no desc limit 1) as before
    where row_ ->> 'id' <> all (coalesce(stored, '{}')) offset 0
  )""",
        _ROWS_STORE.format(no="no_"),
        """ from lines;
  return null;
end $$;
""",
    )
)
