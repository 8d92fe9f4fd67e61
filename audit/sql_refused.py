"""How the database records that somebody was refused something."""

# One more kind of event, and the only way to write one besides the triggers: the actor, the request and the
# reason come from the context, as they do there. The record's own row is locked, so that its events stay one line.
REFUSED = """
alter table audit_event drop constraint audit_event_action_check;
alter table audit_event add constraint audit_event_action_check
  check (action in ('insert', 'update', 'delete', 'refuse'));

-- The first of these ids that is a row of this governed table and that the actor may see, with its agency.
create function audit_concerned(p_table text, p_records text[], out record text, out agency bigint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare each text; held jsonb; kind text; of_agency text;
begin
  select format_type(a.atttypid, null), split_part(encode(t.tgargs, 'escape'), '\\000', 1) into kind, of_agency
    from pg_trigger t join pg_attribute a on a.attrelid = t.tgrelid and a.attname = 'id'
    where t.tgrelid = to_regclass('public.' || quote_ident(p_table)) and t.tgname = p_table || '_audit_write';
  if not found then return; end if;
  foreach each in array p_records loop
    if not pg_input_is_valid(each, kind) then continue; end if;
    execute format('select to_jsonb(x) from public.%I x where x.id = $1::%s for update', p_table, kind)
      into held using each;
    if held is not null then
      record := each;
      agency := (held ->> case of_agency when 'self' then 'id' when 'root' then '' else of_agency end)::bigint;
      return;
    end if;
  end loop;
end $$;
revoke execute on function audit_concerned(text, text[]) from public;

create function audit_refused(p_table text, p_records text[], p_attempt text, p_guard text, p_through text)
returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  about record; no_ integer; prev bytea; moment timestamptz := clock_timestamp(); line text; who text := app_actor();
  agency bigint; of text := p_table; id_ text;
begin
  if who is null then
    raise exception 'A refusal needs an actor: set the context first.' using errcode = '42501';
  end if;
  select * into about from audit_concerned(p_table, p_records);
  id_ := about.record;
  agency := coalesce(about.agency, (select min(a.id) from public.agencies_agency a where a.parent_id is null));
  if id_ is null then
    of := 'audit_refusal'; id_ := gen_random_uuid()::text;
  end if;
  select e.record_no, e.leaf into no_, prev from public.audit_event e
    where e.record_table = of and e.record_id = id_ order by e.record_no desc limit 1;
  no_ := coalesce(no_, 0) + 1;
  line := json_build_object(
    'v', 1, 'at', to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'actor', who, 'name', coalesce(current_setting('app.actor_name', true), ''),
    'request', coalesce(current_setting('app.request', true), ''),
    'reason', coalesce(current_setting('app.reason', true), ''),
    'db', session_user, 'agency', agency, 'table', of, 'record', id_,
    'no', no_, 'prev', encode(prev, 'hex'), 'action', 'refuse', 'fields', array['attempt', 'guard', 'through'],
    'old', null, 'new', json_build_object('attempt', p_attempt, 'guard', p_guard, 'through', p_through))::text;
  insert into public.audit_event (at, agency_id, actor, actor_name, request, reason,
      record_table, record_id, record_no, action, fields, canon, leaf)
  values (moment, agency, who, coalesce(current_setting('app.actor_name', true), ''),
      coalesce(current_setting('app.request', true), ''), coalesce(current_setting('app.reason', true), ''),
      of, id_, no_, 'refuse', array['attempt', 'guard', 'through'], line,
      sha256('\\x00'::bytea || convert_to(line, 'UTF8')));
end $$;
"""
UNDO = """
drop function audit_refused(text, text[], text, text, text); drop function audit_concerned(text, text[]);
alter table audit_event drop constraint audit_event_action_check;
alter table audit_event add constraint audit_event_action_check check (action in ('insert', 'update', 'delete'));
"""
