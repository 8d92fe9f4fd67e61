"""What happens to aircraft, as the database enforces it.

The app's roles may not write a status, a custodian, a loan or a confirmation. They insert a row into
`registry_droneevent`; a trigger that runs as the owner locks the aircraft, compares, refuses, or moves
it. Refusals carry an SQLSTATE of their own: RG404 not there, RG403 not allowed, RG409 not now; the
detail names the guard, whose words stand in `registry/refusals.py`.
"""

from collections.abc import Iterable

from audit.operations import Sql

EDITABLE = (
    "build_id, serial_number, serial_missing_because, registration_id, missions, place, firmware,"
    " flight_hours, acquired_on, acquired_how, price, currency, price_given, note, unsure"
)

RIGHTS = Sql(
    f"""
    revoke update on registry_drone from {{app}}, {{central}};
    grant update ({EDITABLE}) on registry_drone to {{app}}, {{central}};
    revoke update, delete on registry_droneevent from {{app}}, {{central}};
    revoke insert, update, delete on registry_dronetransition, registry_transferoffer, registry_incomingtransfer
      from {{app}}, {{central}};
    """,
    "grant update on registry_drone to {app}, {central};",
)

REFUSE = Sql(
    """
    create function registry_refuse(code text, guard text, message text) returns void language plpgsql as $$
    begin
      raise exception using errcode = code, message = message, detail = guard;
    end $$;

    create function registry_today() returns date language sql stable
    as $$ select (now() at time zone '{timezone}')::date $$;

    -- Whether somebody has a post at this agency or above it today.
    create function registry_belongs(person bigint, agency bigint) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select exists (select 1 from public.agencies_membership m
        where m.person_id = person and m.agency_id = any (public.agencies_above(agency))
          and m.since <= public.registry_today() and (m.until is null or public.registry_today() < m.until)) $$;
    """,
    """
    drop function registry_belongs(bigint, bigint); drop function registry_today();
    drop function registry_refuse(text, text, text);
    """,
)

DRONE = Sql(
    """
    -- Runs as whoever inserts: the owner's own functions, and the program itself, may begin elsewhere.
    create function registry_begin_drone() returns trigger language plpgsql as $$
    begin
      if app_person() is not null and current_user <> (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = tg_relid) then
        perform registry_refuse('RG403', 'begins', 'An aircraft is logged as in service, stored or grounded.');
      end if;
      return new;
    end $$;
    create trigger registry_drone_begin before insert on registry_drone for each row
      when (new.status not in ('in_service', 'stored', 'grounded') or new.events_made <> 0 or new.version <> 1
            or new.status_before <> '' or new.lent_to <> '' or new.grounded_by_order)
      execute function registry_begin_drone();

    create function registry_custodian_belongs() returns trigger language plpgsql as $$
    begin
      if not registry_belongs(new.custodian_id, new.agency_id) then
        perform registry_refuse('RG409', 'custodian_elsewhere', 'The custodian has no post at this agency.');
      end if;
      return new;
    end $$;
    create trigger registry_drone_custodian before insert on registry_drone for each row
      when (new.custodian_id is not null) execute function registry_custodian_belongs();

    -- Each change counts as a version; what is closed changes only with an event.
    create function registry_change_drone() returns trigger language plpgsql as $$
    begin
      if old.status in ('transferred', 'disposed', 'entered_in_error') and new.events_made = old.events_made then
        perform registry_refuse('RG409', 'closed', 'The record of this aircraft is closed.');
      end if;
      new.version := old.version + 1;
      return new;
    end $$;
    create trigger registry_drone_change before update on registry_drone for each row
      when (old.* is distinct from new.*) execute function registry_change_drone();
    """,
    """
    drop trigger registry_drone_change on registry_drone; drop trigger registry_drone_custodian on registry_drone;
    drop trigger registry_drone_begin on registry_drone;
    drop function registry_change_drone(); drop function registry_custodian_belongs();
    drop function registry_begin_drone();
    """,
)

EVENT = Sql(
    """
    -- Runs as whoever inserts: what comes of an offer is recorded by the owner's functions alone.
    create function registry_event_source() returns trigger language plpgsql as $$
    begin
      if current_user <> (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = tg_relid) then
        perform registry_refuse('RG403', 'by_offer', 'This comes of an offer and its answer.');
      end if;
      return new;
    end $$;
    create trigger registry_droneevent_a_source before insert on registry_droneevent for each row
      when (new.action in ('offer', 'withdraw_offer', 'decline_offer', 'transfer', 'arrive'))
      execute function registry_event_source();

    create function registry_check_event(e registry_droneevent, d registry_drone, t registry_dronetransition)
    returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare me bigint := app_person(); back text := coalesce(nullif(d.status_before, ''), 'in_service');
    begin
      if e.actor_id is distinct from me then
        perform registry_refuse('RG403', 'actor', 'An event is recorded by the person who acts.');
      end if;
      if cardinality(t.roles) > 0 and
         (me is null or not agencies_holds(me, t.roles::text[], d.agency_id, registry_today())) then
        perform registry_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      if t.needs_reason and btrim(e.reason) = '' then
        perform registry_refuse('RG409', 'reason', 'Give the reason.');
      end if;
      if e.happened_on > registry_today() then
        perform registry_refuse('RG409', 'future', 'This day is still to come.');
      end if;
      if e.action in ('release', 'reinstate') and e.to_status <> back then
        perform registry_refuse('RG409', 'status_before', 'The aircraft goes back to what it was before.');
      end if;
      if e.action = 'release' and d.grounded_by_order
         and not agencies_holds(me, array['security_reviewer', 'steward'], d.agency_id, registry_today()) then
        perform registry_refuse('RG403', 'grounded_by_order', 'Who ordered it to the ground releases it.');
      end if;
      if e.action = 'hand_over' and (e.custodian_id is null) = (btrim(e.custodian_name) = '') then
        perform registry_refuse('RG409', 'custodian', 'Name one custodian.');
      end if;
      if e.custodian_id is not null and not registry_belongs(e.custodian_id, d.agency_id) then
        perform registry_refuse('RG409', 'custodian_elsewhere', 'The custodian has no post at this agency.');
      end if;
      if e.action in ('lend', 'prolong')
         and (btrim(e.lent_to) = '' or coalesce(e.lent_until < e.happened_on, true)) then
        perform registry_refuse('RG409', 'loan', 'Say to whom and until when.');
      end if;
      if e.action = 'give_back' and d.lent_to = '' then
        perform registry_refuse('RG409', 'not_lent', 'The aircraft is not lent out.');
      end if;
      if e.action in ('dispose', 'enter_in_error', 'offer', 'transfer', 'swap') and d.lent_to <> '' then
        perform registry_refuse('RG409', 'still_lent', 'The aircraft is still lent out.');
      end if;
      if e.action = 'swap' and not exists (select 1 from registry_build old, registry_build new
           where old.id = d.build_id and new.id = e.build_to_id and new.model_id = old.model_id
             and new.id <> old.id and e.component_role <> '') then
        perform registry_refuse('RG409', 'swap', 'A swap leads to another build of the same model.');
      end if;
      if e.action = 'dispose' and (e.sanitised = '' or btrim(e.sanitisation_record) = ''
           or (e.sanitised = 'not_possible' and d.status <> 'lost')) then
        perform registry_refuse('RG409', 'sanitisation', 'Say how its data was removed and where that is recorded.');
      end if;
      if e.action in ('dispose', 'enter_in_error') and exists (
           select 1 from registry_transferoffer o where o.drone_id = d.id and o.status = 'open') then
        perform registry_refuse('RG409', 'offered', 'The aircraft is offered to another agency.');
      end if;
    end $$;

    create function registry_apply_event() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare d registry_drone; t registry_dronetransition;
    begin
      select * into d from registry_drone x where x.id = new.drone_id and x.agency_id = new.agency_id for update;
      if not found then
        perform registry_refuse('RG404', 'drone', 'There is no such aircraft.');
      end if;
      if (d.status, d.events_made + 1) is distinct from (new.from_status, new.no) then
        perform registry_refuse('RG409', 'moved', 'Something happened to the aircraft since.');
      end if;
      select * into t from registry_dronetransition x
        where (x.action, x.from_status, x.to_status) = (new.action, new.from_status, new.to_status);
      if not found then
        perform registry_refuse('RG409', 'transition', 'This is not possible in this status.');
      end if;
      perform registry_check_event(new, d, t);
      new.at := clock_timestamp();
      new.build_from_id := case when new.action = 'swap' then d.build_id end;
      new.by_order := new.action = 'ground'
        and not agencies_holds(app_person(), array['custodian'], d.agency_id, registry_today());
      update registry_drone x set
        status = new.to_status, events_made = new.no,
        build_id = case when new.action = 'swap' then new.build_to_id else d.build_id end,
        status_before = case
          when new.action in ('ground', 'enter_in_error') and new.from_status <> new.to_status then d.status
          when new.action = 'find' then 'stored'
          when new.action = 'give_back' and d.status_before = 'lent' then 'in_service'
          when new.from_status = new.to_status then d.status_before
          else '' end,
        custodian_id = case when new.action = 'hand_over' then new.custodian_id else d.custodian_id end,
        custodian_name = case when new.action = 'hand_over' then new.custodian_name else d.custodian_name end,
        lent_to = case when new.action in ('lend', 'prolong') then new.lent_to
          when new.action in ('give_back', 'lose') then '' else d.lent_to end,
        lent_until = case when new.action in ('lend', 'prolong') then new.lent_until
          when new.action in ('give_back', 'lose') then null else d.lent_until end,
        grounded_by_order = new.by_order or (d.grounded_by_order and new.action <> 'release'),
        last_confirmed_on = case when new.action in ('receive', 'confirm', 'find', 'arrive')
          then greatest(new.happened_on, d.last_confirmed_on) else d.last_confirmed_on end
        where x.id = d.id;
      return new;
    end $$;
    create trigger registry_droneevent_apply before insert on registry_droneevent
      for each row execute function registry_apply_event();

    create function registry_event_stays() returns trigger language plpgsql as $$
    begin
      raise exception 'What happened to an aircraft stays as it was recorded.' using errcode = '42501';
    end $$;
    create trigger registry_droneevent_stays before update or delete on registry_droneevent
      for each row execute function registry_event_stays();
    """,
    """
    drop trigger registry_droneevent_stays on registry_droneevent; drop function registry_event_stays();
    drop trigger registry_droneevent_apply on registry_droneevent; drop function registry_apply_event();
    drop function registry_check_event(registry_droneevent, registry_drone, registry_dronetransition);
    drop trigger registry_droneevent_a_source on registry_droneevent; drop function registry_event_source();
    """,
)


def transition_rows(rows: Iterable[tuple[str, str, str, list[str], bool]]) -> Sql:
    """The table of what may happen, replaced whole. Each row: action, from, to, roles, needs_reason."""
    values = ",\n      ".join(
        f"('{action}', '{source}', '{target}', '{{{','.join(roles)}}}', {str(reason).lower()})"
        for action, source, target, roles, reason in rows
    )
    return Sql(
        "delete from registry_dronetransition; insert into registry_dronetransition"  # noqa: S608  # words of a migration
        f" (action, from_status, to_status, roles, needs_reason) values\n      {values};"
    )
