"""Waivers as the database guards them: what is asked for never changes, and a row of
`compliance_waiverdecision` is the only way to decide.

Refusals carry an SQLSTATE of their own: RG404 not there, RG403 not allowed, RG409 not now; the
detail names the guard, whose words stand in compliance/waiver_refusals.py.
"""

from audit.operations import Sql

GROUND = Sql(
    """
    create function compliance_today() returns date language sql stable
    as $$ select (now() at time zone '{timezone}')::date $$;

    create function compliance_refuse(code text, guard text, message text) returns void language plpgsql as $$
    begin
      raise exception using errcode = code, message = message, detail = guard;
    end $$;

    -- These bodies and all above them.
    create function compliance_concerned(agencies bigint[]) returns bigint[] language sql stable as $$
      with recursive line(id, parent_id) as (
        select a.id, a.parent_id from agencies_agency a where a.id = any (agencies)
        union select a.id, a.parent_id from agencies_agency a join line on a.id = line.parent_id
      ) select coalesce(array_agg(id), '{}') from line $$;
    """,
    """
    drop function compliance_concerned(bigint[]); drop function compliance_refuse(text, text, text);
    drop function compliance_today();
    """,
)


def concern(table: str) -> Sql:
    """Rows of a body are read by everybody at it and below it, and written in its own context alone.

    After `isolate`, whose policy it widens for reading.
    """
    return Sql(
        f"""
        alter policy {table}_scope on {table}
          using (agency_id = any ((select compliance_concerned(app_agencies()))::bigint[]));
        """,
        f"alter policy {table}_scope on {table} using (agency_id = any ((select app_agencies())::bigint[]));",
    )


RIGHTS = Sql(
    "revoke update, delete on compliance_waiver, compliance_waiverdecision from {app}, {central};",
    "grant update, delete on compliance_waiver, compliance_waiverdecision to {app}, {central};",
)

REQUEST = Sql(
    """
    -- What a waiver may be asked for. The strictest of its policies says how long it may last.
    create function compliance_request_waiver() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare me bigint := app_person(); today date := compliance_today(); months int; known int; e compliance_waiver;
    begin
      if me is null or new.requested_by_id is distinct from me then
        perform compliance_refuse('RG403', 'requester_is_actor', 'A waiver is asked for by the person who stores it.');
      end if;
      if not agencies_holds(me, array['custodian', 'approver', 'policy_officer'], new.agency_id, today) then
        perform compliance_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      select count(*), min(v.waiver_max_months) into known, months
        from policy_rule r join policy_policyversion v on v.id = r.version_id
        where r.id = any (new.rules) and v.status = 'published';
      if known <> cardinality(new.rules) then
        perform compliance_refuse('RG409', 'rules', 'A waiver names rules of published versions, each once.');
      end if;
      if (select count(*) from registry_build b where b.id = any (new.builds)) <> cardinality(new.builds) then
        perform compliance_refuse('RG409', 'builds', 'A waiver names builds that exist, each once.');
      end if;
      if (select count(*) from registry_drone d where d.id = any (new.drones)
            and d.agency_id = any (agencies_below(new.agency_id))) <> cardinality(new.drones) then
        perform compliance_refuse('RG409', 'drones', 'A waiver names aircraft of its own body, each once.');
      end if;
      if new.valid_from < today then
        perform compliance_refuse('RG409', 'retroactive', 'A waiver begins today or later.');
      end if;
      if new.valid_until >= (new.valid_from + make_interval(months => months))::date then
        perform compliance_refuse('RG409', 'max_period', 'The waiver lasts longer than the policy allows.');
      end if;
      if new.extends_id is not null then
        select * into e from compliance_waiver x where x.id = new.extends_id and x.agency_id = new.agency_id;
        if not found or e.status <> 'granted' or not (
             new.rules <@ e.rules and new.builds <@ e.builds and new.drones <@ e.drones
             and (e.all_missions or (not new.all_missions and new.missions <@ e.missions))) then
          perform compliance_refuse('RG409', 'extends', 'An extension covers no more than what it extends.');
        end if;
      end if;
      new.status := 'requested'; new.decisions_made := 0; new.ended_from := null; new.requested_at := clock_timestamp();
      return new;
    end $$;
    create trigger compliance_waiver_request before insert on compliance_waiver
      for each row execute function compliance_request_waiver();
    """,
    "drop trigger compliance_waiver_request on compliance_waiver; drop function compliance_request_waiver();",
)

# The lock in the first statement is what makes two acts at one moment one act and one refusal.
DECIDE = Sql(
    """
    create function compliance_decide_waiver() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare w compliance_waiver; way record; me bigint := app_person(); today date := compliance_today();
    begin
      select * into w from compliance_waiver x where x.id = new.waiver_id and x.agency_id = new.agency_id for update;
      if not found then
        perform compliance_refuse('RG404', 'waiver', 'There is no such waiver.');
      end if;
      if new.no <> w.decisions_made + 1 then
        perform compliance_refuse('RG409', 'moved', 'Somebody has decided on the waiver since.');
      end if;
      if me is null or new.actor_id is distinct from me then
        perform compliance_refuse('RG403', 'actor', 'A decision is made by the person who acts.');
      end if;
      select * into way from (values
          ('endorse', 'requested', 'endorsed', array['security_reviewer'], false, true),
          ('grant', 'endorsed', 'granted', array['consultation_officer', 'policy_officer'], false, true),
          ('decline', 'requested', 'declined', array['security_reviewer'], false, true),
          ('decline', 'endorsed', 'declined', array['consultation_officer', 'policy_officer'], false, true),
          ('withdraw', 'requested', 'withdrawn', array[]::text[], true, false),
          ('withdraw', 'endorsed', 'withdrawn', array[]::text[], true, false),
          ('end', 'granted', 'granted', array['security_reviewer', 'consultation_officer', 'policy_officer'], true, false)
        ) t (step, source, target, roles, requester, decides) where t.step = new.step and t.source = w.status;
      if not found then
        perform compliance_refuse('RG409', 'step', 'This is not possible in this state.');
      end if;
      if not ((way.requester and w.requested_by_id = me)
              or (cardinality(way.roles) > 0 and agencies_holds(me, way.roles, w.agency_id, today))) then
        perform compliance_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      if way.decides and w.requested_by_id = me then
        perform compliance_refuse('RG403', 'own_request', 'Nobody decides on a waiver they asked for.');
      end if;
      if way.decides and exists (select 1 from compliance_waiverdecision x where x.waiver_id = w.id and x.actor_id = me) then
        perform compliance_refuse('RG403', 'second_person', 'The second decision is made by another person.');
      end if;
      if new.step in ('endorse', 'grant') and w.valid_until < today or new.step = 'end' and w.last_day < today then
        perform compliance_refuse('RG409', 'over', 'The period of the waiver is over.');
      end if;
      if new.step in ('decline', 'withdraw', 'end') and btrim(new.reason) = '' then
        perform compliance_refuse('RG409', 'reason', 'Say why.');
      end if;
      if new.step <> 'end' then
        new.ends_from := null;
      elsif new.ends_from is null or new.ends_from < today or new.ends_from > w.last_day then
        perform compliance_refuse('RG409', 'ends_from', 'It ends early today or later, before it would end anyway.');
      end if;
      new.at := clock_timestamp();
      update compliance_waiver set status = way.target, decisions_made = new.no,
        ended_from = coalesce(new.ends_from, ended_from),
        valid_from = case when new.step = 'grant' then greatest(valid_from, today) else valid_from end
        where id = w.id;
      return new;
    end $$;
    create trigger compliance_waiverdecision_decide before insert on compliance_waiverdecision
      for each row execute function compliance_decide_waiver();
    -- Decisions on purchases hold the rulebook: what is waived does not change under them either.
    create trigger compliance_waiverdecision_counts after insert on compliance_waiverdecision
      for each row execute function policy_count_change();
    """,
    """
    drop trigger compliance_waiverdecision_counts on compliance_waiverdecision;
    drop trigger compliance_waiverdecision_decide on compliance_waiverdecision;
    drop function compliance_decide_waiver();
    """,
)
