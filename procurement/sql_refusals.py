"""A refusal of the database says which purchase it is about, so that the audit trail can."""

from audit.operations import Sql

BY_PURCHASE = (
    "procurement_move",
    "procurement_line",
    "procurement_offer",
    "procurement_claim",
    "procurement_receivedunit",
    "procurement_refusedunit",
    "procurement_evidencerequest",
    "procurement_condition",
    "procurement_dossier",
)

# Triggers of one event run in the order of their names: this one before all that may refuse.
CONCERNS = Sql(
    """
    create or replace function procurement_refuse(code text, guard text, message text) returns void language plpgsql as $$
    begin
      raise exception using errcode = code, message = message, detail = guard,
        hint = coalesce(current_setting('app.concerns', true), '');
    end $$;

    create function procurement_concerns() returns trigger language plpgsql as $$
    declare row_ jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
    begin
      perform set_config('app.concerns', 'procurement_purchase:' || (row_ ->> tg_argv[0]), true);
      if tg_op = 'DELETE' then return old; end if;
      return new;
    end $$;
    create trigger a_concerns before insert or update on procurement_purchase
      for each row execute function procurement_concerns('id');
    """
    + "".join(
        f"""
        create trigger a_concerns before insert or update or delete on {table}
          for each row execute function procurement_concerns('purchase_id');
        """
        for table in BY_PURCHASE
    ),
    "".join(
        f"drop trigger a_concerns on {table};" for table in ("procurement_purchase", *BY_PURCHASE)
    )
    + """
    drop function procurement_concerns();
    create or replace function procurement_refuse(code text, guard text, message text) returns void language plpgsql as $$
    begin
      raise exception using errcode = code, message = message, detail = guard;
    end $$;
    """,
)
