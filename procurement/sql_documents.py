"""The files of a purchase as the database holds them against its dossier."""

from audit.operations import Sql

# A file comes in and is decided on one after the other: both take the row of the purchase.
FILES = Sql(
    """
    create or replace function procurement_file_added() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      perform 1 from procurement_purchase p where p.id = new.record_id::uuid for key share;
      perform procurement_contribute(new.record_id::uuid, new.agency_id, 'uploaded');
      return null;
    end $$;
    """,
    """
    create or replace function procurement_file_added() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      perform procurement_contribute(new.record_id::uuid, new.agency_id, 'uploaded');
      return null;
    end $$;
    """,
)

# Fires after procurement_move_purchase, which took the row of the purchase; a withdrawal is waited for.
HOLD = Sql(
    """
    create function procurement_documents_hold() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare frozen text[]; today text[]; body jsonb;
    begin
      select d.body::jsonb into body from procurement_dossier d where d.id = new.dossier_id;
      if body -> 'documents' is null then return new; end if;
      select coalesce(array_agg(x ->> 'digest' order by x ->> 'digest'), '{}') into frozen
        from jsonb_array_elements(body -> 'documents') x where jsonb_typeof(x -> 'declaration') = 'null';
      perform 1 from records_agencyattachment a
        where a.record_table = 'procurement_purchase' and a.record_id = new.purchase_id::text for share;
      select coalesce(array_agg(a.digest::text order by a.digest), '{}') into today
        from records_agencyattachment a
        where a.record_table = 'procurement_purchase' and a.record_id = new.purchase_id::text
          and a.withdrawn_at is null;
      if frozen <> today then
        perform procurement_refuse('RG409', 'documents', 'The files are not those that the dossier names.');
      end if;
      return new;
    end $$;
    create trigger procurement_move_with_documents before insert on procurement_move for each row
      when (new.action in ('approve', 'record_answer', 'order', 'receive'))
      execute function procurement_documents_hold();
    """,
    "drop trigger procurement_move_with_documents on procurement_move; drop function procurement_documents_hold();",
)
