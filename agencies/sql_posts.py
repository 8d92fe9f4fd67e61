"""When posts were laid down, and who stands in for whom, as the database knows it."""

from audit.operations import Sql

# A post that is said to have begun earlier was still laid down when it was.
RECORDED = Sql(
    """
    update agencies_membership set recorded_at = since::timestamp at time zone '{timezone}';

    create function agencies_record_post() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' or (new.person_id, new.agency_id, new.role, new.since)
           is distinct from (old.person_id, old.agency_id, old.role, old.since)
         or coalesce(new.until, 'infinity') > coalesce(old.until, 'infinity') then
        new.recorded_at := clock_timestamp();
      else
        new.recorded_at := old.recorded_at;
      end if;
      return new;
    end $$;
    create trigger agencies_membership_record before insert or update on agencies_membership
      for each row execute function agencies_record_post();
    """,
    "drop trigger agencies_membership_record on agencies_membership; drop function agencies_record_post();",
)

SUBSTITUTIONS = Sql(
    """
    create policy agencies_substitution_owner on agencies_substitution to {owner} using (true) with check (true);
    revoke update, delete on agencies_substitution from {app}, {central};

    create function agencies_refuse(code text, guard text, message text) returns void language plpgsql as $$
    begin
      raise exception using errcode = code, message = message, detail = guard;
    end $$;

    create function agencies_today() returns date language sql stable
    as $$ select (now() at time zone '{timezone}')::date $$;

    create function agencies_substitute() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare me bigint := app_person(); today date := agencies_today();
    begin
      if me is null or new.set_by_id is distinct from me then
        perform agencies_refuse('RG403', 'actor', 'A substitution is laid down by the person who stores it.');
      end if;
      if new.person_id <> me and not agencies_holds(me, array['administrator'], new.agency_id, today) then
        perform agencies_refuse('RG403', 'not_yours', 'Who is away or an administrator lays it down.');
      end if;
      if not exists (select 1 from agencies_membership m where m.person_id = new.person_id and m.role = new.role
                       and m.agency_id = new.agency_id and (m.until is null or m.until > greatest(new.since, today))) then
        perform agencies_refuse('RG409', 'no_such_post', 'The person who is away does not hold this role there.');
      end if;
      if not exists (select 1 from agencies_membership m join agencies_person x on x.id = m.person_id
                     where m.person_id = new.substitute_id and x.is_active and m.since <= new.since
                       and (m.until is null or m.until > greatest(new.since, today))
                       and (m.agency_id = any (agencies_above(new.agency_id))
                            or m.agency_id = any (agencies_below(new.agency_id)))) then
        perform agencies_refuse('RG409', 'no_colleague', 'The substitute holds no post there.');
      end if;
      if new.until <= today then
        perform agencies_refuse('RG409', 'past', 'It would have ended already.');
      end if;
      new.recorded_at := clock_timestamp(); new.ended_at := null;
      return new;
    end $$;
    create trigger agencies_substitution_begin before insert on agencies_substitution
      for each row execute function agencies_substitute();

    create function agencies_end_substitution(substitution bigint) returns void language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare s agencies_substitution; me bigint := app_person();
    begin
      select * into s from agencies_substitution x where x.id = substitution for update;
      if not found or not (me in (s.person_id, s.substitute_id)
                           or agencies_holds(me, array['administrator'], s.agency_id, agencies_today())) then
        perform agencies_refuse('RG403', 'not_yours', 'One of the two or an administrator ends it.');
      end if;
      if s.ended_at is not null then
        perform agencies_refuse('RG409', 'ended', 'It has ended.');
      end if;
      update agencies_substitution set ended_at = clock_timestamp() where id = substitution;
    end $$;

    -- As before, with what others' absence lends: `instead_of` is the person for whom this one stands in.
    drop function agencies_scope(bigint, date);
    create function agencies_scope(person bigint, day date)
    returns table (role text, node bigint, agencies bigint[], central boolean, instead_of bigint)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select m.role::text, m.agency_id, agencies_below(m.agency_id), a.parent_id is null, null::bigint
      from public.agencies_membership m join public.agencies_agency a on a.id = m.agency_id
      where m.person_id = person and m.since <= day and (m.until is null or day < m.until)
      union all
      select s.role::text, s.agency_id, agencies_below(s.agency_id), a.parent_id is null, s.person_id
      from public.agencies_substitution s join public.agencies_agency a on a.id = s.agency_id
      where s.substitute_id = person and s.since <= day and day < s.until and s.ended_at is null
        and exists (select 1 from public.agencies_membership m where m.person_id = s.person_id and m.role = s.role
                      and m.agency_id = s.agency_id and m.since <= day and (m.until is null or day < m.until)) $$;
    """,
)
