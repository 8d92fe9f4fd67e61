"""Who may decide, as the database asks it: nobody who had a hand in it or is tied to it, nobody who came into the
role for it, and a substitute only for somebody who might have decided themselves.

`procurement_may_act` (procurement/sql.py) calls these; pages and lists ask them through `procurement_involvement` and
`procurement_may_decide`.
"""

from audit.operations import Sql

TIES = Sql(
    """
    revoke update, delete on procurement_tie from {app}, {central};
    alter table procurement_tie enable row level security;
    alter table procurement_tie force row level security;
    -- A tie is its person's own affair; what it bars is asked by functions of the owner.
    create policy procurement_tie_own on procurement_tie using (person_id = (select app_person()))
      with check (person_id = (select app_person()));
    create policy procurement_tie_owner on procurement_tie to {owner} using (true) with check (true);

    create function procurement_declare_tie() returns trigger language plpgsql as $$
    begin
      if app_person() is null or new.person_id is distinct from app_person() then
        perform procurement_refuse('RG403', 'actor', 'A tie is declared by the person who has it.');
      end if;
      if new.purchase_id is not null and not exists (select 1 from procurement_purchase p where p.id = new.purchase_id) then
        perform procurement_refuse('RG404', 'purchase', 'There is no such purchase.');
      end if;
      new.declared_at := clock_timestamp(); new.ended_at := null;
      return new;
    end $$;
    create trigger procurement_tie_declare before insert on procurement_tie
      for each row execute function procurement_declare_tie();

    create function procurement_end_tie(tie uuid) returns void language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      update procurement_tie set ended_at = clock_timestamp()
        where id = tie and person_id = app_person() and ended_at is null;
      if not found then
        perform procurement_refuse('RG409', 'tie_ended', 'There is no such tie, or it has ended.');
      end if;
    end $$;

    -- Every vendor that the facts of the dossier name: makers, parts' makers, suppliers, owners near and far.
    create function procurement_vendors(body jsonb) returns bigint[] language sql immutable as $$
      select coalesce(array_agg(distinct v::bigint), '{}') from (
        select jsonb_path_query(body, '$.builds[*].facts.vendors[*].id') #>> '{}' v
        union all select jsonb_path_query(body, '$.lines[*].supplier.id') #>> '{}'
        union all select jsonb_path_query(body, '$.lines[*].maker.id') #>> '{}') named where v is not null $$;

    -- Whether a person has declared a tie to the purchase or to a vendor named in its dossier. One that was ended bars
    -- the rounds that had begun by then: nobody ends a tie in order to decide. A vendor that was merged is the other too.
    create function procurement_tied(person bigint, p procurement_purchase, d procurement_dossier) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select exists (
        select 1 from procurement_tie t
        where t.person_id = person and (t.ended_at is null or t.ended_at > p.round_began)
          and (t.purchase_id = p.id or t.vendor_id is not null and exists (
            select 1 from registry_vendor a, registry_vendor b
            where a.id = t.vendor_id and coalesce(a.merged_into_id, a.id) = coalesce(b.merged_into_id, b.id)
              and b.id = any (procurement_vendors(d.body::jsonb))))) $$;
    """,
    """
    drop function procurement_tied(bigint, procurement_purchase, procurement_dossier);
    drop function procurement_vendors(jsonb); drop function procurement_end_tie(uuid);
    drop trigger procurement_tie_declare on procurement_tie; drop function procurement_declare_tie();
    """,
)

_BAR = """
    -- What keeps this person from deciding on this purchase whatever their roles; null when nothing does. A decision that
    -- begins a round was made in the one before it.
    create or replace function procurement_bar(person bigint, p procurement_purchase, d procurement_dossier) returns text
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    declare body jsonb := d.body::jsonb;
    begin
      if exists (select 1 from procurement_contributor c where c.purchase_id = p.id and c.person_id = person) then
        return 'own_work';
      elsif body -> 'claimants' @> to_jsonb(person) then return 'claimed_a_fact';
      elsif body -> 'waiver_authors' @> to_jsonb(person) then return 'waiver_author';
      elsif procurement_tied(person, p, d) then return 'declared_tie';
      elsif exists (select 1 from procurement_move m join procurement_transition x
                      on (x.action, x.from_status, x.to_status) = (m.action, m.from_status, m.to_status)
                    where m.purchase_id = p.id and m.round - x.begins_round::int = p.round and x.decides
                      and person in (m.actor_id, m.acted_for_id)) then
        return 'once_per_round';
      end if;
      return null;
    end $$;
    """
DECIDERS = Sql(
    _BAR  # noqa: S608  # words of a migration
    + """
    -- The people who held one of these roles for the purchase's agency when its round began, as it was known then, hold one
    -- today, and are kept from deciding by nothing.
    create function procurement_in_time(p procurement_purchase, roles text[]) returns setof bigint
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      with held as (
        select m.* from agencies_membership m join agencies_person x on x.id = m.person_id
        where x.is_active and m.role = any (roles) and m.agency_id = any (agencies_above(p.agency_id)))
      select distinct m.person_id from held m join held n on n.person_id = m.person_id
      where m.recorded_at <= p.round_began and m.since <= procurement_day(p.round_began)
        and (m.until is null or procurement_day(p.round_began) < m.until)
        and n.since <= app_today() and (n.until is null or app_today() < n.until) $$;

    -- Whether somebody else than these could decide who held the role in time.
    create function procurement_others_could(p procurement_purchase, d procurement_dossier, roles text[], besides bigint[])
    returns boolean language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select exists (select 1 from procurement_in_time(p, roles) person
                     where person <> all (besides) and procurement_bar(person, p, d) is null) $$;

    -- Who came into the role after the round had begun does not decide, unless nobody could who was there in time.
    create function procurement_late(person bigint, p procurement_purchase, d procurement_dossier, roles text[])
    returns boolean language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select p.round_began is not null and person not in (select procurement_in_time(p, roles))
        and procurement_others_could(p, d, roles, array[person]) $$;

    -- The person for whom this one stands in, with one of these roles, for this purchase. The substitution holds today, the
    -- one holds the role today, and neither had a hand in it. Raises where only that stands against it; null where there is
    -- no substitution. For a decision, one that somebody else laid down after the round had begun counts only if nobody
    -- else could decide.
    create function procurement_stands_in(me bigint, p procurement_purchase, d procurement_dossier, roles text[], decides boolean)
    returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare s agencies_substitution; guard text; why text;
    begin
      for s in select * from agencies_substitution x
        where x.substitute_id = me and x.role = any (roles) and x.agency_id = any (agencies_above(p.agency_id))
          and x.since <= app_today() and app_today() < x.until and x.ended_at is null
        order by x.id for share
      loop
        guard := null;
        if not agencies_holds(s.person_id, array[s.role]::text[], p.agency_id, app_today()) then continue; end if;
        if exists (select 1 from procurement_contributor c where c.purchase_id = p.id and c.person_id in (me, s.person_id))
           or (decides and procurement_bar(s.person_id, p, d) is not null) then
          guard := 'substituted_had_a_hand';
        elsif decides and (procurement_late(s.person_id, p, d, roles)
              or s.recorded_at > p.round_began and s.set_by_id <> s.person_id
                and procurement_others_could(p, d, roles, array[me, s.person_id])) then
          guard := 'late_role';
        end if;
        if guard is null then return s.person_id; end if;
        why := coalesce(why, guard);
      end loop;
      if why is not null then
        perform procurement_refuse('RG403', why, 'The person for whom you stand in may not do this either.');
      end if;
      return null;
    end $$;

    -- For whom the person who acts takes this step; null for themselves.
    create function procurement_acts_for(p procurement_purchase, t procurement_transition, d procurement_dossier)
    returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare me bigint := app_person(); roles text[] := array(select a from unnest(t.actors) a where a not in ('requester', 'system'));
    begin
      if me is null or ('requester' = any (t.actors) and p.requester_id = me) or cardinality(roles) = 0
         or agencies_holds(me, roles, p.agency_id, app_today()) then
        return null;
      end if;
      return procurement_stands_in(me, p, d, roles, t.decides);
    end $$;

    -- Asked by the trigger after the role: refuses with the name of what stands against a decision.
    create function procurement_demand_free(p procurement_purchase, t procurement_transition, d procurement_dossier)
    returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare me bigint := app_person(); bar text := procurement_bar(me, p, d);
      roles text[] := array(select a from unnest(t.actors) a where a not in ('requester', 'system'));
    begin
      if bar is not null then
        perform procurement_refuse('RG403', bar, 'This person does not decide on this purchase.');
      end if;
      if agencies_holds(me, roles, p.agency_id, app_today()) and procurement_late(me, p, d, roles) then
        perform procurement_refuse('RG403', 'late_role', 'The role was gained after the round had begun.');
      end if;
    end $$;

    -- What the person who asks has to do with a purchase: what keeps them from deciding, for whom they would, and what
    -- keeps them from standing in. `guard` and `late` are about decisions in the state it is in.
    create function procurement_involvement(purchase uuid)
    returns table (contributed boolean, bar text, late boolean, stands_in_for bigint, not_for text)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare p procurement_purchase; d procurement_dossier; t procurement_transition; me bigint := app_person(); roles text[];
    begin
      select * into p from procurement_purchase x where x.id = purchase;
      if not found or me is null then return; end if;
      select * into d from procurement_dossier x where x.id = p.dossier_id;
      select * into t from procurement_transition x where x.action = 'return' and x.from_status = p.status;
      roles := coalesce(t.actors, '{}');
      contributed := exists (select 1 from procurement_contributor c where c.purchase_id = p.id and c.person_id = me);
      bar := procurement_bar(me, p, d);
      late := procurement_late(me, p, d, roles);
      begin
        stands_in_for := procurement_stands_in(me, p, d, roles, true);
      exception when sqlstate 'RG403' then
        get stacked diagnostics not_for = pg_exception_detail;
      end;
      return next;
    end $$;

    -- The same as one answer, for lists; asked of rows under review in states that a role of the reader decides on.
    create function procurement_may_decide(purchase uuid) returns boolean language plpgsql cost 10000
    security definer set search_path = pg_catalog, public, pg_temp as $$
    declare p procurement_purchase; d procurement_dossier; t procurement_transition;
    begin
      select * into p from procurement_purchase x where x.id = purchase;
      select * into d from procurement_dossier x where x.id = p.dossier_id;
      select * into t from procurement_transition x where x.action = 'return' and x.from_status = p.status;
      if not found then return false; end if;
      perform procurement_may_act(p, t, d);
      return true;
    exception when sqlstate 'RG403' then
      return false;
    end $$;
    """,
    """
    drop function procurement_may_decide(uuid); drop function procurement_involvement(uuid);
    drop function procurement_demand_free(procurement_purchase, procurement_transition, procurement_dossier);
    drop function procurement_acts_for(procurement_purchase, procurement_transition, procurement_dossier);
    drop function procurement_stands_in(bigint, procurement_purchase, procurement_dossier, text[], boolean);
    drop function procurement_late(bigint, procurement_purchase, procurement_dossier, text[]);
    drop function procurement_others_could(procurement_purchase, procurement_dossier, text[], bigint[]);
    drop function procurement_in_time(procurement_purchase, text[]);
    drop function procurement_bar(bigint, procurement_purchase, procurement_dossier);
    """,
)
BAR = Sql(_BAR)
