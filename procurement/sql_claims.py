"""Who holds a review, as the database keeps it: one holder at a time, until they move it on, let go or do nothing."""

from audit.operations import Sql

_CARRY = """
    -- Called by the trigger that moves purchases, after the move: a claim ends with the state, and lives on with each move
    -- of its holder. One that has run out is closed at the next move, or a later question would let it hold again.
    create or replace function procurement_carry_claim(p procurement_purchase, t procurement_transition) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      update procurement_claim c set ended_at = clock_timestamp(), ended_how = 'lapsed'
        where c.purchase_id = p.id and c.ended_at is null and not procurement_holds_still(c, p);
      if t.to_status <> p.status then
        update procurement_claim c set ended_at = clock_timestamp(), ended_how = 'moved_on'
          where c.purchase_id = p.id and c.ended_at is null;
      else
        update procurement_claim c set until = procurement_working_day_after(app_today(), procurement_term('claim'))
          where c.purchase_id = p.id and c.ended_at is null
            and (c.person_id = app_person() or t.action = 'give_evidence');
      end if;
    end $$;
    """
CLAIM = Sql(
    """
    revoke update, delete on procurement_claim from {app}, {central};

    -- A claim that is open holds until its last day, and on while the clock of the review stands.
    create function procurement_holds_still(c procurement_claim, p procurement_purchase) returns boolean
    language sql stable as $$ select c.until >= app_today() or p.evidence_asked_at is not null $$;

    create function procurement_claim_begin() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare p procurement_purchase; t procurement_transition; d procurement_dossier; held procurement_claim;
    begin
      select * into p from procurement_purchase x where x.id = new.purchase_id and x.agency_id = new.agency_id for update;
      if not found then
        perform procurement_refuse('RG404', 'purchase', 'There is no such purchase.');
      end if;
      if app_person() is null or new.person_id is distinct from app_person() then
        perform procurement_refuse('RG403', 'actor', 'A review is claimed by the person who acts.');
      end if;
      -- Whoever may return it may decide on it: the same question, asked of the same function.
      select * into t from procurement_transition x where x.action = 'return' and x.from_status = p.status;
      if not found then
        perform procurement_refuse('RG409', 'not_under_review', 'It is not under review.');
      end if;
      select * into d from procurement_dossier x where x.id = p.dossier_id;
      perform procurement_may_act(p, t, d);
      select * into held from procurement_claim c where c.purchase_id = p.id and c.ended_at is null;
      if found then
        if not procurement_holds_still(held, p) then
          new.instead_of_id := null;
          update procurement_claim set ended_at = clock_timestamp(), ended_how = 'lapsed' where id = held.id;
        elsif held.person_id = new.person_id then
          perform procurement_refuse('RG409', 'held_already', 'You hold this review already.');
        elsif new.instead_of_id is distinct from held.id then
          perform procurement_refuse('RG409', 'held_by_another', 'Somebody else holds this review.');
        else
          update procurement_claim set ended_at = clock_timestamp(), ended_how = 'taken_over' where id = held.id;
        end if;
      else
        new.instead_of_id := null;
      end if;
      new.begun_at := clock_timestamp(); new.ended_at := null; new.ended_how := '';
      new.until := procurement_working_day_after(app_today(), procurement_term('claim'));
      return new;
    end $$;
    create trigger procurement_claim_begin before insert on procurement_claim
      for each row execute function procurement_claim_begin();

    -- The holder lets go. Nobody has a right to write the end of a claim.
    create function procurement_release(claim uuid) returns void language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare held procurement_claim;
    begin
      perform 1 from procurement_purchase p join procurement_claim c on c.purchase_id = p.id where c.id = claim for update of p;
      select * into held from procurement_claim c where c.id = claim;
      if not found then
        perform procurement_refuse('RG404', 'purchase', 'There is no such claim.');
      end if;
      if held.person_id is distinct from app_person() then
        perform procurement_refuse('RG403', 'not_the_holder', 'Only the holder lets a review go.');
      end if;
      if held.ended_at is not null then
        perform procurement_refuse('RG409', 'not_held', 'The claim has ended.');
      end if;
      update procurement_claim set ended_at = clock_timestamp(), ended_how = 'released' where id = claim;
    end $$;

    -- Asked by the trigger that moves purchases, which holds the lock: nobody decides over the head of the holder.
    create function procurement_respect_claim(p procurement_purchase, t procurement_transition) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      if (t.decides or t.action = 'ask_evidence') and exists (
           select 1 from procurement_claim c where c.purchase_id = p.id and c.ended_at is null
             and c.person_id <> app_person() and procurement_holds_still(c, p)) then
        perform procurement_refuse('RG409', 'held_by_another', 'Somebody else holds this review.');
      end if;
    end $$;
    """  # noqa: S608  # words of a migration
    + _CARRY,
    """
    drop function procurement_carry_claim(procurement_purchase, procurement_transition);
    drop function procurement_respect_claim(procurement_purchase, procurement_transition);
    drop function procurement_release(uuid);
    drop trigger procurement_claim_begin on procurement_claim; drop function procurement_claim_begin();
    drop function procurement_holds_still(procurement_claim, procurement_purchase);
    """,
)
CARRY = Sql(_CARRY)
