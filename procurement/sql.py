"""The workflow as the database enforces it.

The app's roles may not write a status. They insert a row into `procurement_move`, and a trigger
that runs as the owner locks the purchase, compares, refuses or moves it. Refusals carry an
SQLSTATE of their own: RG404 not there, RG403 not allowed, RG409 not now; the detail names the guard.
"""

from collections.abc import Iterable

from audit.operations import Sql

RIGHTS = Sql(
    """
    revoke update, delete on procurement_purchase from {app}, {central};
    grant update (kind, title, purpose, missions, needed_by, contract_reference, edited_at)
      on procurement_purchase to {app}, {central};
    revoke update, delete on procurement_move, procurement_dossier, procurement_receivedunit from {app}, {central};
    revoke insert, update, delete on procurement_transition, procurement_contributor from {app}, {central};

    create table procurement_counter (
      agency_id bigint not null references agencies_agency, year int not null, last int not null,
      primary key (agency_id, year));
    revoke all on procurement_counter from {app}, {central};
    """,
    "drop table procurement_counter;",
)

TODAY = Sql(
    """
    create function app_today() returns date language sql stable
    as $$ select (now() at time zone '{timezone}')::date $$;
    """,
    "drop function app_today();",
)

PURCHASE = Sql(
    """
    create function procurement_refuse(code text, guard text, message text) returns void language plpgsql as $$
    begin
      raise exception using errcode = code, message = message, detail = guard;
    end $$;

    -- A purchase begins as a draft of the person who stores it, with the next number of its agency and fiscal year.
    create function procurement_begin() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare fiscal int := extract(year from app_today() - interval '3 months'); n int;
    begin
      if new.requester_id is distinct from app_person() then
        perform procurement_refuse('RG403', 'requester_is_actor', 'A purchase is asked for by the person who stores it.');
      end if;
      insert into procurement_counter as c values (new.agency_id, fiscal, 1)
        on conflict (agency_id, year) do update set last = c.last + 1 returning last into n;
      select upper(a.code) || '-' || fiscal || '-' || lpad(n::text, 4, '0') into new.number
        from agencies_agency a where a.id = new.agency_id;
      new.status := 'draft'; new.version := 1; new.round := 0; new.moves_made := 0; new.dossier_id := null;
      return new;
    end $$;
    create trigger procurement_purchase_begin before insert on procurement_purchase
      for each row execute function procurement_begin();

    create function procurement_contribute(purchase uuid, agency bigint, what text) returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
      insert into procurement_contributor (id, agency_id, purchase_id, person_id, how)
      select gen_random_uuid(), agency, purchase, app_person(), what where app_person() is not null
      on conflict do nothing $$;
    revoke execute on function procurement_contribute(uuid, bigint, text) from public;

    -- Content changes in a draft only; each change counts as a version and makes its author a contributor.
    create function procurement_edit_purchase() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      if old.status <> 'draft' then
        perform procurement_refuse('RG409', 'not_a_draft', 'A purchase is edited as a draft only.');
      end if;
      new.version := old.version + 1;
      perform procurement_contribute(new.id, new.agency_id, 'edited');
      return new;
    end $$;
    create trigger procurement_purchase_edit
      before update of kind, title, purpose, missions, needed_by on procurement_purchase for each row
      when ((old.kind, old.title, old.purpose, old.missions, old.needed_by)
            is distinct from (new.kind, new.title, new.purpose, new.missions, new.needed_by))
      execute function procurement_edit_purchase();

    create function procurement_first_contributor() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      perform procurement_contribute(new.id, new.agency_id, 'requested');
      return null;
    end $$;
    create trigger procurement_purchase_first after insert on procurement_purchase
      for each row execute function procurement_first_contributor();

    create function procurement_contract() returns trigger language plpgsql as $$
    begin
      if old.status not in ('approved', 'draft') then
        perform procurement_refuse('RG409', 'not_approved', 'The contract reference is entered with the order.');
      end if;
      return new;
    end $$;
    create trigger procurement_purchase_contract before update of contract_reference on procurement_purchase for each row
      when (old.contract_reference is distinct from new.contract_reference) execute function procurement_contract();
    """,
    """
    drop trigger procurement_purchase_contract on procurement_purchase;
    drop trigger procurement_purchase_first on procurement_purchase;
    drop trigger procurement_purchase_edit on procurement_purchase;
    drop trigger procurement_purchase_begin on procurement_purchase;
    drop function procurement_contract();
    drop function procurement_first_contributor(); drop function procurement_edit_purchase();
    drop function procurement_contribute(uuid, bigint, text); drop function procurement_begin();
    drop function procurement_refuse(text, text, text);
    """,
)

FROZEN = Sql(
    """
    create function procurement_frozen() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if new.digest <> encode(sha256(convert_to(new.body, 'UTF8')), 'hex') then
          perform procurement_refuse('RG409', 'digest', 'The digest is not that of the dossier.');
        end if;
        return new;
      end if;
      raise exception 'What was decided and what was decided on stay as they are.' using errcode = '42501';
    end $$;
    create trigger procurement_dossier_frozen before insert or update or delete on procurement_dossier
      for each row execute function procurement_frozen();
    create trigger procurement_move_frozen before update or delete on procurement_move
      for each row execute function procurement_frozen();
    """,
    """
    drop trigger procurement_move_frozen on procurement_move;
    drop trigger procurement_dossier_frozen on procurement_dossier; drop function procurement_frozen();
    """,
)

# The lock in the first statement is what makes two acts at one moment one act and one refusal.
MOVE = Sql(
    """
    create or replace function procurement_may_act(p procurement_purchase, t procurement_transition, d procurement_dossier)
    returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare me bigint := app_person(); roles text[] := array(select a from unnest(t.actors) a where a not in ('requester', 'system'));
    begin
      if me is null then
        if not ('system' = any (t.actors) and app_actor() = 'system:job') then
          perform procurement_refuse('RG403', 'role', 'The program itself may not do this.');
        end if;
        return;
      end if;
      if not (('requester' = any (t.actors) and p.requester_id = me)
              or (cardinality(roles) > 0 and (agencies_holds(me, roles, p.agency_id, app_today())
                                              or procurement_acts_for(p, t, d) is not null))) then
        perform procurement_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      if t.action = 'receive' and p.requester_id = me then
        perform procurement_refuse('RG403', 'requester_does_not_receive', 'Who asked for it does not receive it.');
      end if;
      if (t.decides or t.action = 'ask_evidence')
         and exists (select 1 from procurement_contributor c where c.purchase_id = p.id and c.person_id = me) then
        perform procurement_refuse('RG403', 'own_work', 'Nobody decides on their own work.');
      end if;
      if t.decides then perform procurement_demand_free(p, t, d); end if;
    end $$;

    create or replace function procurement_dossier_for(p procurement_purchase, t procurement_transition, m procurement_move)
    returns procurement_dossier language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare d procurement_dossier; word text;
    begin
      if not t.new_dossier then
        if m.dossier_id is distinct from p.dossier_id then
          perform procurement_refuse('RG409', 'dossier', 'The dossier is not the one this purchase stands on.');
        end if;
        if m.dossier_id is null then return null; end if;
      end if;
      select * into d from procurement_dossier x where x.id = m.dossier_id and x.purchase_id = p.id;
      -- Who withdraws a draft leaves what was edited since its last review.
      if not found or d.digest <> m.digest or (d.version <> p.version and (t.new_dossier or p.status <> 'draft')) then
        perform procurement_refuse('RG409', 'dossier', 'The dossier is not that of this version of the purchase.');
      end if;
      foreach word in array t.requires loop
        if coalesce((d.body::jsonb -> 'flags' ->> ltrim(word, '!'))::boolean, true) = starts_with(word, '!') then
          perform procurement_refuse('RG409', ltrim(word, '!'), 'The dossier does not allow this step.');
        end if;
      end loop;
      return d;
    end $$;

    create or replace function procurement_move_purchase() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare p procurement_purchase; t procurement_transition; d procurement_dossier;
    begin
      select * into p from procurement_purchase x where x.id = new.purchase_id and x.agency_id = new.agency_id for update;
      if not found then
        perform procurement_refuse('RG404', 'purchase', 'There is no such purchase.');
      end if;
      if (p.status, p.version, p.round) is distinct from (new.from_status, new.version, new.round) then
        perform procurement_refuse('RG409', 'moved', 'The purchase has moved on since.');
      end if;
      select * into t from procurement_transition x
        where (x.action, x.from_status, x.to_status) = (new.action, new.from_status, new.to_status);
      if not found then
        perform procurement_refuse('RG409', 'transition', 'This step is not possible from here.');
      end if;
      if new.actor_id is distinct from app_person() then
        perform procurement_refuse('RG403', 'actor', 'A move is made by the person who acts.');
      end if;
      d := procurement_dossier_for(p, t, new);
      perform procurement_may_act(p, t, d);
      perform procurement_respect_claim(p, t);
      if t.needs_reasons and cardinality(new.reasons) = 0 then
        perform procurement_refuse('RG409', 'reasons', 'Give at least one reason.');
      end if;
      if cardinality(t.answers) > 0 and not (new.answer = any (t.answers)) then
        perform procurement_refuse('RG409', 'answer', 'The answer does not lead there.');
      end if;
      if new.action in ('amend', 'order_first') and btrim(new.letter) = '' then
        perform procurement_refuse('RG409', 'say_why', 'Say why.');
      end if;
      if new.action = 'give_evidence' and p.evidence_asked_at is null then
        perform procurement_refuse('RG409', 'nothing_asked', 'Nothing has been asked for.');
      end if;
      if new.action = 'ask_evidence' and p.evidence_asked_at is not null then
        perform procurement_refuse('RG409', 'asked_already', 'Evidence has been asked for already.');
      end if;
      if new.action = 'close' and p.kind in ('lease', 'loan', 'service') and p.ends >= app_today() then
        perform procurement_refuse('RG409', 'not_ended', 'It is closed when its time has ended.');
      end if;
      if new.action in ('order', 'order_first') and p.contract_reference = '' then
        perform procurement_refuse('RG409', 'contract', 'An order needs the reference of its contract.');
      end if;
      if new.to_status = 'received' and
         (select count(*) from procurement_receivedunit r where r.purchase_id = p.id)
         <> (select sum(l.quantity) from procurement_line l
             where l.purchase_id = p.id and l.kind in ('aircraft', 'specification')) then
        perform procurement_refuse('RG409', 'units', 'Not all units are in.');
      end if;
      new.acted_for_id := procurement_acts_for(p, t, d);
      new.acted_for_name := coalesce((select x.email from agencies_person x where x.id = new.acted_for_id), '');
      new.no := p.moves_made + 1;
      new.round := p.round + t.begins_round::int;
      new.at := clock_timestamp();
      update procurement_purchase set status = t.to_status, round = new.round, moves_made = new.no,
        dossier_id = coalesce(new.dossier_id, dossier_id), since = case when status = t.to_status then since else new.at end,
        ordered_first_at = case when t.action = 'order_first' then new.at else ordered_first_at end,
        evidence_asked_at = case when t.action = 'ask_evidence' then new.at
          when t.action = 'give_evidence' or status <> t.to_status then null else evidence_asked_at end,
        clock_stood = case when status <> t.to_status then 0 when t.action = 'give_evidence'
          then clock_stood + extract(epoch from new.at - evidence_asked_at)::bigint else clock_stood end,
        round_began = case when t.begins_round then new.at else round_began end,
        due_on = procurement_due_on(p, t, new.at)
        where id = p.id;
      perform procurement_carry_claim(p, t);
      return new;
    end $$;
    """,
)
MOVE_TRIGGER = Sql(
    """
    create trigger procurement_move_purchase before insert on procurement_move
      for each row execute function procurement_move_purchase();
    """,
    """
    drop trigger procurement_move_purchase on procurement_move; drop function procurement_move_purchase();
    drop function procurement_dossier_for(procurement_purchase, procurement_transition, procurement_move);
    drop function procurement_may_act(procurement_purchase, procurement_transition, procurement_dossier);
    """,
)

# Fires after procurement_move_purchase: triggers of one event run in the order of their names.
WAIVER_AUTHOR = Sql(
    """
    create function procurement_no_waiver_author() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      if exists (select 1 from procurement_transition t
                 where (t.action, t.from_status, t.to_status) = (new.action, new.from_status, new.to_status) and t.decides)
         and exists (select 1 from procurement_dossier d
                     where d.id = new.dossier_id and d.body::jsonb -> 'waiver_authors' @> to_jsonb(new.actor_id)) then
        perform procurement_refuse('RG403', 'waiver_author', 'Who authored a waiver used here does not decide on the purchase.');
      end if;
      return new;
    end $$;
    create trigger procurement_move_waiver_author before insert on procurement_move
      for each row execute function procurement_no_waiver_author();
    """,
    "drop trigger procurement_move_waiver_author on procurement_move; drop function procurement_no_waiver_author();",
)

# An aircraft comes in on an order, on a line of it, as the build that was approved, once, by an inspector.
RECEIPT = Sql(
    """
    create or replace function procurement_receive() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare p procurement_purchase; l procurement_line; me bigint := app_person();
    begin
      select * into p from procurement_purchase x
        where x.id = new.purchase_id and x.agency_id = new.agency_id for update;
      if not found then
        perform procurement_refuse('RG404', 'purchase', 'There is no such purchase.');
      end if;
      if p.status not in ('ordered', 'emergency') and not (p.ordered_first_at is not null
           and p.status in ('agency_review', 'security_review', 'consultation')) then
        perform procurement_refuse('RG409', 'not_ordered', 'Aircraft come in on an order only.');
      end if;
      if new.inspector_id is distinct from me then
        perform procurement_refuse('RG403', 'actor', 'Who receives an aircraft signs for it.');
      end if;
      if p.requester_id = me then
        perform procurement_refuse('RG403', 'requester_does_not_receive', 'Who asked for it does not receive it.');
      end if;
      if not agencies_holds(me, array['inspector'], p.agency_id, app_today()) then
        perform procurement_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      select * into l from procurement_line x where x.id = new.line_id and x.purchase_id = p.id;
      if not found then
        perform procurement_refuse('RG409', 'line', 'The line is not one of this purchase.');
      end if;
      if not exists (select 1 from registry_drone d where d.id = new.drone_id and d.build_id = l.build_id) then
        perform procurement_refuse('RG409', 'build', 'The aircraft is not of the build that was approved.');
      end if;
      if (select count(*) from procurement_receivedunit r where r.line_id = l.id) >= l.quantity then
        perform procurement_refuse('RG409', 'quantity', 'More units than were ordered.');
      end if;
      return new;
    end $$;
    """,
)
RECEIPT_TRIGGER = Sql(
    """
    create trigger procurement_receivedunit_receive before insert on procurement_receivedunit
      for each row execute function procurement_receive();
    """,
    """
    drop trigger procurement_receivedunit_receive on procurement_receivedunit;
    drop function procurement_receive();
    """,
)


COLUMNS = "action, from_status, to_status, actors, decides, needs_reasons, begins_round, new_dossier, requires"


def transition_rows(rows: Iterable[tuple[object, ...]], columns: str = COLUMNS) -> Sql:
    """The table of allowed moves, replaced whole; each row holds these columns in this order."""

    def literal(value: object) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list | tuple):
            return "array[" + ", ".join(f"'{item}'" for item in value) + "]::text[]"
        return f"'{value}'"

    values = ",\n      ".join(
        "(" + ", ".join(literal(value) for value in row) + ")" for row in rows
    )
    return Sql(
        f"delete from procurement_transition; insert into procurement_transition ({columns}) values\n      {values};"  # noqa: S608  # words of a migration
    )


# Whoever adds a file to a purchase has a hand in it, whatever way the file came.
FILES = Sql(
    """
    create function procurement_file_added() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      perform procurement_contribute(new.record_id::uuid, new.agency_id, 'uploaded');
      return null;
    end $$;
    create trigger procurement_file_contributes after insert on records_agencyattachment
      for each row when (new.record_table = 'procurement_purchase') execute function procurement_file_added();
    """,
    """
    drop trigger procurement_file_contributes on records_agencyattachment;
    drop function procurement_file_added();
    """,
)
