"""Functions by which the database knows memberships. They run as the owner, because they are
needed before any context is set, and answer only what is asked."""

from audit.operations import Sql

TREE = Sql(
    """
    create function agencies_below(node bigint) returns bigint[] language sql stable as $$
      with recursive tree(id) as (
        select node union select a.id from agencies_agency a join tree on a.parent_id = tree.id
      ) select array_agg(id order by id) from tree $$;

    create function agencies_above(node bigint) returns bigint[] language sql stable as $$
      with recursive line(id, parent_id) as (
        select a.id, a.parent_id from agencies_agency a where a.id = node
        union select a.id, a.parent_id from agencies_agency a join line on a.id = line.parent_id
      ) select array_agg(id) from line $$;

    -- The grants of a person on a day: role, node, all agencies covered, and whether the node is the root.
    create function agencies_scope(person bigint, day date)
    returns table (role text, node bigint, agencies bigint[], central boolean)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select m.role::text, m.agency_id, agencies_below(m.agency_id), a.parent_id is null
      from public.agencies_membership m join public.agencies_agency a on a.id = m.agency_id
      where m.person_id = person and m.since <= day and (m.until is null or day < m.until)
      order by m.id $$;

    -- Whether a person holds one of these roles for an agency on a day. The grants it rests on
    -- are locked, so that taking a role away waits for the act, or the act sees it gone.
    create function agencies_holds(person bigint, roles text[], agency bigint, day date)
    returns boolean language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      perform 1 from public.agencies_membership m
        where m.person_id = person and m.role = any (roles) and m.agency_id = any (agencies_above(agency))
          and m.since <= day and (m.until is null or day < m.until)
        for share;
      return found;
    end $$;
    create policy agencies_membership_owner on agencies_membership to {owner} using (true) with check (true);
    """,
    """
    drop policy agencies_membership_owner on agencies_membership;
    drop function agencies_holds(bigint, text[], bigint, date); drop function agencies_scope(bigint, date);
    drop function agencies_above(bigint); drop function agencies_below(bigint);
    """,
)

NO_CYCLE = Sql(
    """
    create function agencies_no_cycle() returns trigger language plpgsql as $$
    begin
      if new.parent_id = any (agencies_below(new.id)) then
        raise exception 'A body cannot stand below itself.' using errcode = '23514', constraint = 'agency_no_cycle';
      end if;
      return null;
    end $$;
    create constraint trigger agencies_agency_no_cycle after insert or update of parent_id on agencies_agency
      deferrable initially immediate for each row execute function agencies_no_cycle();
    """,
    "drop trigger agencies_agency_no_cycle on agencies_agency; drop function agencies_no_cycle();",
)

DISCLOSURE = Sql(
    """
    create policy agencies_disclosure_owner on agencies_disclosure for select to {owner} using (true);

    -- The agencies whose aircraft the centre does not see. Asked before any context is set, so it runs as the owner.
    create function agencies_withholding() returns bigint[] language sql stable parallel safe security definer
    set search_path = pg_catalog, public, pg_temp as $$
      select coalesce(array_agg(d.agency_id), '{}') from public.agencies_disclosure d where d.aircraft <> 'exact' $$;

    -- The same for policies of the central role: they hold for people, the program itself sees all.
    create function agencies_withheld() returns bigint[] language sql stable parallel safe
    as $$ select case when app_person() is null then '{}'::bigint[] else agencies_withholding() end $$;

    create function agencies_price_withheld() returns bigint[] language sql stable parallel safe security definer
    set search_path = pg_catalog, public, pg_temp as $$
      select case when public.app_person() is null then '{}'::bigint[] else
        (select coalesce(array_agg(d.agency_id), '{}') from public.agencies_disclosure d where d.prices <> 'exact') end $$;

    -- An approver of the agency, or of one above it, decides; never somebody who works as the centre.
    create function agencies_keep_disclosure() returns trigger language plpgsql as $$
    begin
      if app_person() is not null and (current_user = btrim('{central}', '"') or not agencies_holds(
           app_person(), array['approver'], new.agency_id, (now() at time zone '{timezone}')::date)) then
        raise exception 'An approver of the agency decides what the centre is told.' using errcode = '42501';
      end if;
      if tg_op = 'UPDATE' and new.agency_id <> old.agency_id then
        raise exception 'A statement stays with its agency.' using errcode = '42501';
      end if;
      return new;
    end $$;
    create trigger agencies_disclosure_keep before insert or update on agencies_disclosure
      for each row execute function agencies_keep_disclosure();
    revoke delete on agencies_disclosure from {app}, {central};
    """,
    """
    drop trigger agencies_disclosure_keep on agencies_disclosure; drop function agencies_keep_disclosure();
    drop function agencies_price_withheld(); drop function agencies_withheld(); drop function agencies_withholding();
    drop policy agencies_disclosure_owner on agencies_disclosure;
    """,
)


def withhold(table: str, *, only: str = "") -> Sql:
    """Rows of agencies that withhold their aircraft do not exist for people of the centre.

    `only` narrows it to some rows of the table. The program itself, and every agency, see theirs.
    """
    rule = "agency_id <> all ((select agencies_withheld())::bigint[])"
    condition = f"not ({only}) or {rule}" if only else rule
    return Sql(
        f"create policy {table}_withheld on {table} as restrictive to {{central}} using ({condition});",
        f"drop policy {table}_withheld on {table};",
    )
