"""Transfer between agencies, as functions of the owner: they reach over to the other agency's row and back.

Every function locks the giver's offer first, so that of two answers at one moment one counts and
the other is refused. `registry_reach` widens the context to both agencies for the length of the call.
"""

from audit.operations import Sql

TRANSFERS = Sql(
    """
    -- Adds an agency to the context and answers what it was before.
    create function registry_reach(agency bigint) returns text language plpgsql as $$
    declare before text := coalesce(current_setting('app.agencies', true), '');
    begin
      perform set_config('app.agencies', concat_ws(',', nullif(before, ''), agency), true);
      return before;
    end $$;

    create function registry_note_event(d registry_drone, what text, target text, why text, other bigint)
    returns void language sql as $$
      insert into registry_droneevent (id, agency_id, drone_id, no, action, from_status, to_status, happened_on, at,
        actor_id, by_order, reason, custodian_name, lent_to, component_role, sanitised, sanitisation_record, firmware,
        other_agency_id)
      values (gen_random_uuid(), d.agency_id, d.id, d.events_made + 1, what, d.status, target, registry_today(), now(),
        app_person(), false, why, '', '', '', '', '', '', other) $$;

    create function registry_offer(drone uuid, seen int, receiver bigint, words text) returns uuid
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare d registry_drone; o uuid := gen_random_uuid(); before text;
    begin
      select * into d from registry_drone x where x.id = drone and x.agency_id = any (app_agencies()) for update;
      if not found then
        perform registry_refuse('RG404', 'drone', 'There is no such aircraft.');
      end if;
      if not agencies_holds(app_person(), array['custodian'], d.agency_id, registry_today()) then
        perform registry_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      if d.events_made <> seen then
        perform registry_refuse('RG409', 'moved', 'Something happened to the aircraft since.');
      end if;
      if receiver = d.agency_id or not exists (select 1 from agencies_agency a where a.id = receiver) then
        perform registry_refuse('RG409', 'receiver', 'An aircraft is offered to another agency.');
      end if;
      if exists (select 1 from registry_transferoffer x where x.drone_id = d.id and x.status = 'open') then
        perform registry_refuse('RG409', 'offered', 'The aircraft is offered already.');
      end if;
      perform registry_note_event(d, 'offer', d.status, words, receiver);
      insert into registry_transferoffer (id, agency_id, drone_id, to_agency_id, status, message, answer, offered_at,
          events_made, offered_by_id)
        values (o, d.agency_id, d.id, receiver, 'open', words, '', clock_timestamp(), d.events_made + 1, app_person());
      before := registry_reach(receiver);
      insert into registry_incomingtransfer (id, agency_id, from_agency_id, status, message, answer, offered_at,
          build_id, serial_number, firmware, flight_hours, grounded)
        values (o, receiver, d.agency_id, 'open', words, '', clock_timestamp(),
          d.build_id, d.serial_number, d.firmware, d.flight_hours, d.status = 'grounded');
      perform set_config('app.agencies', before, true);
      return o;
    end $$;

    create function registry_withdraw_offer(offer uuid, words text) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare o registry_transferoffer; d registry_drone; before text;
    begin
      select * into o from registry_transferoffer x where x.id = offer and x.agency_id = any (app_agencies()) for update;
      if not found then
        perform registry_refuse('RG404', 'offer', 'There is no such offer.');
      end if;
      if not agencies_holds(app_person(), array['custodian'], o.agency_id, registry_today()) then
        perform registry_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      if o.status <> 'open' then
        perform registry_refuse('RG409', 'offer_closed', 'The offer is no longer open.');
      end if;
      select * into d from registry_drone x where x.id = o.drone_id for update;
      perform registry_note_event(d, 'withdraw_offer', d.status, words, o.to_agency_id);
      update registry_transferoffer set status = 'withdrawn', answer = words, answered_at = clock_timestamp() where id = o.id;
      before := registry_reach(o.to_agency_id);
      update registry_incomingtransfer set status = 'withdrawn', answer = words, answered_at = clock_timestamp() where id = o.id;
      perform set_config('app.agencies', before, true);
    end $$;

    -- The offer behind what came in here, locked and still open; the context reaches over to the giver.
    create function registry_hold_offer(incoming uuid) returns registry_transferoffer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare i registry_incomingtransfer; o registry_transferoffer;
    begin
      select * into i from registry_incomingtransfer x where x.id = incoming and x.agency_id = any (app_agencies());
      if not found then
        perform registry_refuse('RG404', 'offer', 'There is no such offer.');
      end if;
      if not agencies_holds(app_person(), array['custodian'], i.agency_id, registry_today()) then
        perform registry_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      perform registry_reach(i.from_agency_id);
      select * into o from registry_transferoffer x where x.id = incoming for update;
      if o.status <> 'open' then
        perform registry_refuse('RG409', 'offer_closed', 'The offer is no longer open.');
      end if;
      return o;
    end $$;
    revoke execute on function registry_hold_offer(uuid) from public;

    create function registry_decline_offer(incoming uuid, words text) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare before text := coalesce(current_setting('app.agencies', true), ''); o registry_transferoffer; d registry_drone;
    begin
      o := registry_hold_offer(incoming);
      if btrim(words) = '' then
        perform registry_refuse('RG409', 'reason', 'Give the reason.');
      end if;
      select * into d from registry_drone x where x.id = o.drone_id for update;
      perform registry_note_event(d, 'decline_offer', d.status, words, o.to_agency_id);
      update registry_transferoffer set status = 'declined', answer = words, answered_at = clock_timestamp() where id = o.id;
      update registry_incomingtransfer set status = 'declined', answer = words, answered_at = clock_timestamp(),
        answered_by_id = app_person() where id = o.id;
      perform set_config('app.agencies', before, true);
    end $$;

    -- The giver's row closes with its history; a new row opens at the receiver with the same airframe and nothing
    -- of what the giver wrote about it.
    create function registry_accept_offer(incoming uuid, new_id uuid, tag text, work text[], stands_at text) returns uuid
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare before text := coalesce(current_setting('app.agencies', true), '');
      o registry_transferoffer; i registry_incomingtransfer; d registry_drone; n registry_drone;
    begin
      o := registry_hold_offer(incoming);
      select * into i from registry_incomingtransfer x where x.id = incoming;
      if o.offered_by_id = app_person() then
        perform registry_refuse('RG403', 'own_offer', 'Who offered an aircraft does not accept it.');
      end if;
      select * into d from registry_drone x where x.id = o.drone_id for update;
      if (d.events_made, d.build_id, d.serial_number) is distinct from (o.events_made, i.build_id, i.serial_number) then
        perform registry_refuse('RG409', 'changed_since_offer', 'The aircraft changed since it was offered.');
      end if;
      if d.serial_number <> '' and exists (select 1 from registry_drone x where x.agency_id = o.to_agency_id
           and x.serial_number = d.serial_number and x.status not in ('transferred', 'entered_in_error')) then
        perform registry_refuse('RG409', 'serial_taken', 'Your agency has an aircraft with this serial number.');
      end if;
      perform registry_note_event(d, 'transfer', 'transferred', '', o.to_agency_id);
      insert into registry_drone (id, agency_id, airframe, build_id, serial_number, serial_missing_because,
          registration_id, asset_tag, status, missions, place, firmware, flight_hours, acquired_on, acquired_how, note,
          grounded_by_order, recorded_at)
        values (new_id, o.to_agency_id, d.airframe, d.build_id, d.serial_number, d.serial_missing_because,
          d.registration_id, tag, case when d.status = 'grounded' then 'grounded' else 'stored' end, work, stands_at,
          d.firmware, d.flight_hours, registry_today(), 'transfer', '', d.grounded_by_order, clock_timestamp())
        returning * into n;
      perform registry_note_event(n, 'arrive', n.status, '', o.agency_id);
      update registry_transferoffer set status = 'accepted', answered_at = clock_timestamp() where id = o.id;
      update registry_incomingtransfer set status = 'accepted', answered_at = clock_timestamp(),
        answered_by_id = app_person(), drone_id = n.id where id = o.id;
      perform set_config('app.agencies', before, true);
      return n.id;
    end $$;
    """,
    """
    drop function registry_accept_offer(uuid, uuid, text, text[], text); drop function registry_decline_offer(uuid, text);
    drop function registry_hold_offer(uuid); drop function registry_withdraw_offer(uuid, text);
    drop function registry_offer(uuid, int, bigint, text);
    drop function registry_note_event(registry_drone, text, text, text, bigint); drop function registry_reach(bigint);
    """,
)
