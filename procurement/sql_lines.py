"""What may be written beside a purchase: its lines, and what a review and a delivery leave behind (procurement/sql.py)."""

from audit.operations import Sql

# A line changes in a draft. On an approved specification it takes over an offer, whole and unchanged.
# What has come in on it stays what it was.
LINE = Sql(
    """
    create or replace function procurement_takes_an_offer(old procurement_line, new procurement_line) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      return new.kind = 'specification'
        and to_jsonb(old) - 'build_id' - 'supplier_id' - 'unit_price'
          = to_jsonb(new) - 'build_id' - 'supplier_id' - 'unit_price'
        and exists (select 1 from procurement_offer o where o.line_id = new.id
          and (o.build_id, o.supplier_id) = (new.build_id, new.supplier_id)
          and o.unit_price is not distinct from new.unit_price);
    end $$;
    revoke execute on function procurement_takes_an_offer(procurement_line, procurement_line) from public;

    create or replace function procurement_edit_line() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare state text; units bigint; whole procurement_line := coalesce(new, old);
    begin
      if tg_op = 'UPDATE' and (new.purchase_id <> old.purchase_id or new.agency_id <> old.agency_id) then
        perform procurement_refuse('RG403', 'line_stays', 'A line stays with its purchase.');
      end if;
      update procurement_purchase set version = version + 1
        where id = whole.purchase_id returning status into state;
      if state <> 'draft' and not (tg_op = 'UPDATE' and state = 'approved' and procurement_takes_an_offer(old, new)) then
        perform procurement_refuse('RG409', 'not_a_draft', 'A purchase is edited as a draft only.');
      end if;
      if tg_op <> 'INSERT' then
        select count(*) into units from procurement_receivedunit r where r.line_id = old.id;
        if units > 0 and (tg_op = 'DELETE' or (new.build_id, new.kind) is distinct from (old.build_id, old.kind)
                          or new.quantity < units) then
          perform procurement_refuse('RG409', 'units_are_in', 'Aircraft have come in on this line: it stays what it was.');
        end if;
      end if;
      perform procurement_contribute(whole.purchase_id, whole.agency_id, 'edited');
      return whole;
    end $$;
    """,
)
LINE_TRIGGER = Sql(
    """
    create trigger procurement_line_edit before insert or update or delete on procurement_line
      for each row execute function procurement_edit_line();
    """,
    "drop trigger procurement_line_edit on procurement_line; drop function procurement_edit_line();",
)

# Offers on an approved specification, requests for evidence, conditions, refused aircraft: who may write them.
FOLLOW_UPS = Sql(
    """
    drop trigger procurement_purchase_edit on procurement_purchase;
    create trigger procurement_purchase_edit
      before update of kind, title, purpose, missions, needed_by, currency, budget_line, budget, begins, ends, emergency
      on procurement_purchase for each row
      when ((old.kind, old.title, old.purpose, old.missions, old.needed_by, old.currency, old.budget_line, old.budget,
             old.begins, old.ends, old.emergency)
            is distinct from
            (new.kind, new.title, new.purpose, new.missions, new.needed_by, new.currency, new.budget_line, new.budget,
             new.begins, new.ends, new.emergency))
      execute function procurement_edit_purchase();
    grant update (currency, budget_line, budget, begins, ends, emergency) on procurement_purchase to {app}, {central};

    -- The maker of a part follows the redirect of a merged vendor as its supplier does, and so does that of an offer.
    drop trigger procurement_line_edit_later on procurement_line;
    create trigger procurement_line_edit_later before update on procurement_line for each row
      when (to_jsonb(new) - 'supplier_id' - 'maker_id' is distinct from to_jsonb(old) - 'supplier_id' - 'maker_id'
            or not (new.supplier_id is not distinct from old.supplier_id
                    or procurement_follows_merge(old.supplier_id, new.supplier_id))
            or not (new.maker_id is not distinct from old.maker_id
                    or procurement_follows_merge(old.maker_id, new.maker_id)))
      execute function procurement_edit_line();
    create function procurement_offer_stays() returns trigger language plpgsql as $$
    begin
      perform procurement_refuse('RG403', 'offer_stays', 'An offer stays as it was recorded.');
      return new;
    end $$;
    create trigger procurement_offer_stays before update on procurement_offer for each row
      when (not procurement_follows_merge(old.supplier_id, new.supplier_id))
      execute function procurement_offer_stays();

    revoke update, delete on procurement_offer, procurement_refusedunit from {app}, {central};
    grant update (supplier_id) on procurement_offer to {app}, {central};
    revoke update, delete on procurement_evidencerequest, procurement_condition from {app}, {central};
    grant update (answered_id) on procurement_evidencerequest to {app}, {central};
    grant update (met_on, met_by_id, met_note) on procurement_condition to {app}, {central};

    create function procurement_record_offer() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare p procurement_purchase; l procurement_line;
    begin
      select * into p from procurement_purchase x
        where x.id = new.purchase_id and x.agency_id = new.agency_id for update;
      if not found then
        perform procurement_refuse('RG404', 'purchase', 'There is no such purchase.');
      end if;
      select * into l from procurement_line x where x.id = new.line_id and x.purchase_id = p.id;
      if not found or l.kind <> 'specification' then
        perform procurement_refuse('RG409', 'not_a_specification', 'Offers are made on a specification of this purchase.');
      end if;
      if p.status <> 'approved' then
        perform procurement_refuse('RG409', 'specification_not_approved', 'Offers are recorded on an approved specification.');
      end if;
      if new.recorded_by_id is distinct from app_person() then
        perform procurement_refuse('RG403', 'actor', 'An offer is recorded by the person who stores it.');
      end if;
      if not agencies_holds(app_person(), array['custodian'], p.agency_id, app_today()) then
        perform procurement_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      perform procurement_contribute(p.id, p.agency_id, 'offer');
      return new;
    end $$;
    create trigger procurement_offer_record before insert on procurement_offer
      for each row execute function procurement_record_offer();

    create function procurement_follow_up() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare m procurement_move; wanted text[] := tg_argv::text[];
    begin
      select * into m from procurement_move x where x.id = new.move_id and x.purchase_id = new.purchase_id;
      if not found or m.actor_id is distinct from app_person() or not (m.action = any (wanted)) then
        perform procurement_refuse('RG403', 'follow_up', 'It belongs to the step that brought it, and is written with it.');
      end if;
      return new;
    end $$;
    create trigger procurement_evidencerequest_move before insert on procurement_evidencerequest
      for each row execute function procurement_follow_up('ask_evidence');
    create trigger procurement_condition_move before insert on procurement_condition
      for each row execute function procurement_follow_up('approve', 'record_answer');

    create function procurement_answer_evidence() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    begin
      if old.answered_id is not null or not exists (select 1 from procurement_move asked
           join procurement_move x on x.purchase_id = asked.purchase_id and x.no > asked.no
           where asked.id = new.move_id and x.id = new.answered_id
             and (x.action = 'give_evidence' or x.from_status <> x.to_status)) then
        perform procurement_refuse('RG409', 'nothing_asked', 'Nothing has been asked for.');
      end if;
      return new;
    end $$;
    create trigger procurement_evidencerequest_answer before update on procurement_evidencerequest
      for each row execute function procurement_answer_evidence();

    create function procurement_meet_condition() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare p procurement_purchase; me bigint := app_person();
    begin
      select * into p from procurement_purchase x where x.id = new.purchase_id;
      if old.met_on is not null then
        perform procurement_refuse('RG409', 'condition_met', 'The condition has been found to be met already.');
      end if;
      if new.met_by_id is distinct from me then
        perform procurement_refuse('RG403', 'actor', 'Who finds a condition met signs for it.');
      end if;
      if not agencies_holds(me, array['approver', 'security_reviewer', 'consultation_officer'], p.agency_id, app_today()) then
        perform procurement_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      if exists (select 1 from procurement_contributor c where c.purchase_id = p.id and c.person_id = me) then
        perform procurement_refuse('RG403', 'own_work', 'Nobody decides on their own work.');
      end if;
      return new;
    end $$;
    create trigger procurement_condition_meet before update on procurement_condition
      for each row execute function procurement_meet_condition();

    create function procurement_refuse_unit() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare p procurement_purchase; me bigint := app_person();
    begin
      select * into p from procurement_purchase x where x.id = new.purchase_id and x.agency_id = new.agency_id;
      if not found or not exists (select 1 from procurement_line l where l.id = new.line_id and l.purchase_id = p.id) then
        perform procurement_refuse('RG404', 'purchase', 'There is no such purchase.');
      end if;
      if new.inspector_id is distinct from me then
        perform procurement_refuse('RG403', 'actor', 'Who refuses an aircraft signs for it.');
      end if;
      if p.requester_id = me or not agencies_holds(me, array['inspector'], p.agency_id, app_today()) then
        perform procurement_refuse('RG403', 'role', 'Your roles do not allow this for this agency.');
      end if;
      if p.status not in ('ordered', 'emergency') and p.ordered_first_at is null then
        perform procurement_refuse('RG409', 'not_ordered', 'Aircraft come in on an order only.');
      end if;
      return new;
    end $$;
    create trigger procurement_refusedunit_refuse before insert on procurement_refusedunit
      for each row execute function procurement_refuse_unit();
    """,
    """
    drop trigger procurement_refusedunit_refuse on procurement_refusedunit; drop function procurement_refuse_unit();
    drop trigger procurement_condition_meet on procurement_condition; drop function procurement_meet_condition();
    drop trigger procurement_evidencerequest_answer on procurement_evidencerequest; drop function procurement_answer_evidence();
    drop trigger procurement_condition_move on procurement_condition;
    drop trigger procurement_evidencerequest_move on procurement_evidencerequest; drop function procurement_follow_up();
    drop trigger procurement_offer_stays on procurement_offer; drop function procurement_offer_stays();
    drop trigger procurement_offer_record on procurement_offer; drop function procurement_record_offer();
    """,
)

DEMAND = Sql(
    """
    -- A draft that is filled in step by step may be empty; nobody reviews one that is.
    create function procurement_demand_lines() returns trigger language plpgsql as $$
    begin
      if not exists (select 1 from procurement_line l where l.purchase_id = new.purchase_id) then
        perform procurement_refuse('RG409', 'no_lines', 'Nothing is asked for yet: add at least one line.');
      end if;
      return new;
    end $$;
    create trigger procurement_move_with_lines before insert on procurement_move for each row
      when (new.action in ('submit', 'order_first')) execute function procurement_demand_lines();
    """,
    "drop trigger procurement_move_with_lines on procurement_move; drop function procurement_demand_lines();",
)
