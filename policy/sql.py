"""What is published stays as it was, for every role."""

from audit.operations import Sql

IMMUTABLE = Sql(
    """
    -- A published version may only be given its last day; its rules and its text stay.
    create function policy_version_fixed() returns trigger language plpgsql as $$
    begin
      if old.status = 'published' then
        if tg_op = 'UPDATE'
           and to_jsonb(new) - 'in_force' = to_jsonb(old) - 'in_force'
           and upper_inf(old.in_force) and lower(new.in_force) = lower(old.in_force)
           and upper(new.in_force) > lower(new.in_force) then
          return new;
        end if;
        raise exception 'A published version never changes: publish a new one.' using errcode = '42501';
      end if;
      return coalesce(new, old);
    end $$;
    create trigger policy_policyversion_fixed before update or delete on policy_policyversion
      for each row execute function policy_version_fixed();

    create function policy_rule_fixed() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from policy_policyversion v where v.status = 'published'
                 and v.id in (new.version_id, old.version_id)) then
        raise exception 'The rules of a published version never change.' using errcode = '42501';
      end if;
      return coalesce(new, old);
    end $$;
    create trigger policy_rule_fixed before insert or update or delete on policy_rule
      for each row execute function policy_rule_fixed();

    create function policy_edition_fixed() returns trigger language plpgsql as $$
    begin
      raise exception 'An edition of a list never changes: record a new one.' using errcode = '42501';
    end $$;
    create trigger policy_edition_fixed before update or delete on policy_edition
      for each row execute function policy_edition_fixed();
    create trigger policy_entry_fixed before update or delete on policy_entry
      for each row execute function policy_edition_fixed();
    -- Entries come with their edition, in one transaction, and none is added afterwards.
    alter table policy_edition add column recorded_xid xid8 not null default pg_current_xact_id();
    create function policy_edition_stamp() returns trigger language plpgsql as $$
    begin
      new.recorded_xid := pg_current_xact_id();
      new.recorded_at := clock_timestamp();
      return new;
    end $$;
    create trigger policy_edition_stamp before insert on policy_edition
      for each row execute function policy_edition_stamp();
    create function policy_entry_with_edition() returns trigger language plpgsql as $$
    begin
      if not exists (select 1 from policy_edition e
                     where e.id = new.edition_id and e.recorded_xid = pg_current_xact_id()
                       -- The counter of transactions begins anew in a restored database; time does not.
                       and e.recorded_at >= transaction_timestamp()) then
        raise exception 'Entries are recorded together with their edition.' using errcode = '42501';
      end if;
      return new;
    end $$;
    create trigger policy_entry_with_edition before insert on policy_entry
      for each row execute function policy_entry_with_edition();
    """,
    """
    drop trigger policy_entry_with_edition on policy_entry; drop trigger policy_entry_fixed on policy_entry;
    drop trigger policy_edition_fixed on policy_edition; drop trigger policy_rule_fixed on policy_rule;
    drop trigger policy_policyversion_fixed on policy_policyversion;
    drop function policy_entry_with_edition(); drop function policy_edition_fixed();
    drop trigger policy_edition_stamp on policy_edition; drop function policy_edition_stamp();
    alter table policy_edition drop column recorded_xid;
    drop function policy_rule_fixed(); drop function policy_version_fixed();
    """,
)

# Whoever publishes a version or records an edition takes this row; a decision holds it for reading.
CHANGES = Sql(
    """
    create function policy_count_change() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      update public.policy_rulebookstate set changes = changes + 1 where id = 1;
      return null;
    end $$;
    create trigger policy_edition_counts after insert on policy_edition
      for each row execute function policy_count_change();
    create trigger policy_version_counts after insert or update on policy_policyversion
      for each row when (new.status = 'published') execute function policy_count_change();
    insert into policy_rulebookstate (id, changes) values (1, 0);
    -- Decisions made at the same time share the row; a change of the rules waits for them, or they for it.
    create function policy_hold_rulebook() returns bigint language sql volatile security definer
    set search_path = pg_catalog, public, pg_temp
    as $$ select changes from public.policy_rulebookstate where id = 1 for share $$;
    revoke insert, update, delete on policy_rulebookstate from {app}, {central};
    """,
    """
    drop trigger policy_version_counts on policy_policyversion; drop trigger policy_edition_counts on policy_edition;
    drop function policy_count_change(); drop function policy_hold_rulebook();
    """,
)
