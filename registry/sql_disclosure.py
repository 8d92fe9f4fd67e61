"""What an agency does not tell the centre of its aircraft, as the database keeps it."""

from agencies.sql import withhold
from audit.operations import Sql

OF_AIRCRAFT = (
    "registry_drone",
    "registry_droneevent",
    "registry_dronecertificate",
    "registry_transferoffer",
    "registry_incomingtransfer",
    "registry_agencyalias",
    "registry_importsession",
    "registry_importedrow",
)
"""The tables of this app whose rows tell how many aircraft there are."""
HUNG_ON = ("records_agencyattachment", "records_agencynote")

_NAMES = ",".join(OF_AIRCRAFT)

ROWS = [
    *(withhold(table) for table in OF_AIRCRAFT),
    *(withhold(table, only=f"record_table = any ('{{{_NAMES}}}')") for table in HUNG_ON),
]

TRAIL = Sql(
    f"""
    -- The history of what the centre does not see, and of prices that it was not to see.
    create policy audit_event_withheld on audit_event as restrictive for select to {{central}} using (
      not (record_table = any ('{{{_NAMES},{",".join(HUNG_ON)}}}')
           and coalesce(agency_id, 0) = any ((select agencies_withheld())::bigint[]))
      and not (record_table = 'registry_drone' and 'price' = any (fields)
           and coalesce(agency_id, 0) = any ((select agencies_price_withheld())::bigint[])));
    """,
    "drop policy audit_event_withheld on audit_event;",
)

# Row security keeps `like` from the trigram index, because an operator that is not leakproof must not see rows before
# the policy has. The owner may read all aircraft, and this function of the owner gives out ids of the agencies of the
# context alone, without those that the reader is not shown. The owner's other functions name the agency themselves.
SEARCH = Sql(
    """
    create policy registry_drone_owner on registry_drone for select to {owner} using (true);
    set local role {central};
    drop function registry_drones_with_key(text, integer);
    reset role;
    create function registry_drones_with_key(words text, most integer) returns setof uuid
    language plpgsql stable rows 100 security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      if registry_folded(words) = '' then return; end if;
      return query execute
        'select id from public.registry_drone where (registry_folded(serial_number) || ''|'' ||
           registry_folded(registration_id) || ''|'' || registry_folded(asset_tag)) like $1
           and agency_id = any ($2) and agency_id <> all ($4) limit $3'
        using '%' || registry_folded(words) || '%', app_agencies(), most,
          case when current_setting('role') = btrim('{central}', '"') then agencies_withheld() else '{}' end;
    end $$;
    """,
    "drop policy registry_drone_owner on registry_drone;",
)

PRICES = Sql(
    """
    create function registry_rounded_price(price bigint) returns bigint language sql immutable strict
    as $$ select round(price::numeric, least(0, 2 - length(price::text)))::bigint $$;

    create function registry_keep_price() returns trigger language plpgsql as $$
    declare kept text := (select d.prices from agencies_disclosure d where d.agency_id = new.agency_id);
    begin
      if kept = 'withheld' then
        perform registry_refuse('RG409', 'price_withheld', 'The agency withholds its prices.');
      end if;
      if kept = 'approximate' then
        if new.price <> registry_rounded_price(new.price) then
          perform registry_refuse('RG409', 'price_approximate', 'The agency gives its prices to two digits.');
        end if;
        new.price_given := 'approximate';
      end if;
      return new;
    end $$;
    create trigger registry_drone_price before insert or update of price, price_given on registry_drone
      for each row when (new.price is not null) execute function registry_keep_price();

    -- What is recorded already follows the statement of the agency, closed records too.
    create function registry_apply_disclosure() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      if new.prices = 'withheld' then
        update registry_drone set price = null, price_given = 'withheld'
          where agency_id = new.agency_id and price is not null;
      elsif new.prices = 'approximate' then
        update registry_drone set price = registry_rounded_price(price), price_given = 'approximate'
          where agency_id = new.agency_id and price is not null
            and (price <> registry_rounded_price(price) or price_given <> 'approximate');
      end if;
      return null;
    end $$;
    create trigger agencies_disclosure_apply after insert or update on agencies_disclosure
      for each row execute function registry_apply_disclosure();

    create or replace function registry_change_drone() returns trigger language plpgsql as $$
    begin
      if old.status in ('transferred', 'disposed', 'entered_in_error') and new.events_made = old.events_made and not (
           current_user = (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = tg_relid)
           and to_jsonb(new) - '{price,price_given}'::text[] = to_jsonb(old) - '{price,price_given}'::text[]) then
        perform registry_refuse('RG409', 'closed', 'The record of this aircraft is closed.');
      end if;
      new.version := old.version + 1;
      return new;
    end $$;
    """,
    """
    drop trigger agencies_disclosure_apply on agencies_disclosure; drop function registry_apply_disclosure();
    drop trigger registry_drone_price on registry_drone; drop function registry_keep_price();
    drop function registry_rounded_price(bigint);
    """,
)
