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

# A version is written, then asked for, then published by somebody whose work it is not; or withdrawn.
SECOND_PERSON = Sql(
    """
    create or replace function policy_version_fixed() returns trigger language plpgsql as $$
    declare
      moved text[] := array['status', 'proposed_by_id', 'proposed_at', 'published_by_id', 'published_at'];
    begin
      if tg_op = 'INSERT' then
        if new.status <> 'draft' then
          raise exception 'A version begins as a draft.' using errcode = '42501';
        end if;
        new.edited_by := array_remove(array[app_person()], null);
        return new;
      end if;
      if old.status in ('published', 'withdrawn') then
        -- A published version may only be given its last day; its rules and its text stay.
        if tg_op = 'UPDATE' and old.status = 'published'
           and to_jsonb(new) - 'in_force' = to_jsonb(old) - 'in_force'
           and upper_inf(old.in_force) and lower(new.in_force) = lower(old.in_force)
           and upper(new.in_force) > lower(new.in_force) then
          return new;
        end if;
        raise exception 'A version that is published or withdrawn never changes: draft a new one.'
          using errcode = '42501';
      end if;
      if tg_op = 'DELETE' then
        return old;
      end if;
      new.edited_by := old.edited_by;
      if new.drafted_by_id is distinct from old.drafted_by_id then
        raise exception 'Who drafted a version stays.' using errcode = '42501';
      end if;
      if old.status = 'draft' and new.status in ('draft', 'proposed')
         and app_person() is not null and app_person() <> all (old.edited_by) then
        new.edited_by := old.edited_by || app_person();
      end if;
      if new.status = 'published' then
        if (to_jsonb(new) - moved) - 'in_force' <> (to_jsonb(old) - moved) - 'in_force' then
          raise exception 'What is published is what was written: publishing changes nothing else.'
            using errcode = '42501';
        end if;
        if new.published_by_id is null or new.published_by_id <> coalesce(app_person(), new.published_by_id)
           or new.published_by_id = old.drafted_by_id or new.published_by_id = any (old.edited_by)
           or old.drafted_by_id is null and old.edited_by = '{}' then
          raise exception 'A version is published by somebody whose work it is not.'
            using errcode = '42501';
        end if;
      elsif old.status = 'proposed' and to_jsonb(new) - moved <> to_jsonb(old) - moved then
        raise exception 'Take the version back before it is changed.' using errcode = '42501';
      end if;
      return new;
    end $$;
    drop trigger policy_policyversion_fixed on policy_policyversion;
    create trigger policy_policyversion_fixed before insert or update or delete on policy_policyversion
      for each row execute function policy_version_fixed();

    create or replace function policy_rule_fixed() returns trigger language plpgsql as $$
    declare
      written bigint;
      standing text;
    begin
      for written in select distinct v from unnest(array[new.version_id, old.version_id]) v where v is not null loop
        -- Whoever publishes the version at this moment waits, or is waited for.
        select status into standing from policy_policyversion where id = written for update;
        if standing <> 'draft' then
          raise exception 'The rules of a version change only while it is a draft.' using errcode = '42501';
        end if;
        update policy_policyversion set edited_by = edited_by
          where id = written and app_person() is not null and app_person() <> all (edited_by);
      end loop;
      return coalesce(new, old);
    end $$;
    """
)

# Codes are what rules and results name each other by; emptying a table is a change of all its rows.
NAMES_STAY = Sql(
    """
    create function policy_code_fixed() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from policy_policyversion v where v.policy_id = old.id and v.status = 'published') then
        raise exception 'The code of a policy that was published stays.' using errcode = '42501';
      end if;
      return new;
    end $$;
    create trigger policy_policy_code_fixed before update of code on policy_policy
      for each row when (new.code <> old.code) execute function policy_code_fixed();
    create function policy_list_code_fixed() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from policy_edition e where e.list_id = old.id) then
        raise exception 'Code and kind of a list that has an edition stay.' using errcode = '42501';
      end if;
      return new;
    end $$;
    create trigger policy_referencelist_code_fixed before update of code, kind on policy_referencelist
      for each row when (new.code <> old.code or new.kind <> old.kind) execute function policy_list_code_fixed();

    create function policy_never_emptied() returns trigger language plpgsql as $$
    begin
      raise exception 'What was published is never emptied.' using errcode = '42501';
    end $$;
    create trigger policy_policyversion_no_truncate before truncate on policy_policyversion
      for each statement execute function policy_never_emptied();
    create trigger policy_rule_no_truncate before truncate on policy_rule
      for each statement execute function policy_never_emptied();
    create trigger policy_edition_no_truncate before truncate on policy_edition
      for each statement execute function policy_never_emptied();
    create trigger policy_entry_no_truncate before truncate on policy_entry
      for each statement execute function policy_never_emptied();
    """,
    """
    drop trigger policy_entry_no_truncate on policy_entry; drop trigger policy_edition_no_truncate on policy_edition;
    drop trigger policy_rule_no_truncate on policy_rule;
    drop trigger policy_policyversion_no_truncate on policy_policyversion;
    drop function policy_never_emptied();
    drop trigger policy_referencelist_code_fixed on policy_referencelist; drop function policy_list_code_fixed();
    drop trigger policy_policy_code_fixed on policy_policy; drop function policy_code_fixed();
    """,
)
