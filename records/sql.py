"""Rules of files and notes that a constraint cannot say."""

from audit.operations import Sql

OF_AGENCIES = ("records_agencyattachment", "records_agencynote")
ATTACHMENTS = ("records_agencyattachment", "records_catalogueattachment")
NOTES = ("records_agencynote", "records_cataloguenote")
WITHDRAWAL = "array['withdrawn_by_id', 'withdrawn_at', 'withdrawn_because']"

# What hangs on a record of an agency belongs to that agency. The record is looked up with the
# rights of whoever writes, so that nothing hangs on what its author cannot see.
SAME_AGENCY = Sql(
    """
    create function records_same_agency() returns trigger language plpgsql as $$
    declare owner bigint;
    begin
      if new.record_table = 'agencies_agency' then
        owner := new.record_id::bigint;
      else
        execute format('select agency_id from %I where id = $1', new.record_table)
          into owner using new.record_id::uuid;
      end if;
      if owner is distinct from new.agency_id then
        raise exception 'A file or note belongs to the agency of its record.' using errcode = '23503';
      end if;
      return new;
    end $$;
    """,
    "drop function records_same_agency();",
)
HOLD_SAME_AGENCY = Sql(
    "".join(
        f"""
        create trigger {table}_same_agency before insert on {table}
          for each row execute function records_same_agency();
        """
        for table in OF_AGENCIES
    ),
    "".join(f"drop trigger {table}_same_agency on {table};" for table in OF_AGENCIES),
)

# Who adds, writes or withdraws is who it says.
BY_ACTOR = Sql(
    """
    create function records_by_actor() returns trigger language plpgsql as $$
    begin
      if (to_jsonb(new) ->> tg_argv[0])::bigint is distinct from app_person() then
        raise exception 'Nobody adds, writes or withdraws in the name of another.' using errcode = '42501';
      end if;
      return new;
    end $$;
    """
    + "".join(
        f"""
        create trigger {table}_by_actor before insert on {table}
          for each row execute function records_by_actor('uploaded_by_id');
        create trigger {table}_withdrawn_by_actor before update on {table}
          for each row execute function records_by_actor('withdrawn_by_id');
        """
        for table in ATTACHMENTS
    )
    + "".join(
        f"""
        create trigger {table}_by_actor before insert on {table}
          for each row execute function records_by_actor('author_id');
        """
        for table in NOTES
    ),
    "".join(f"drop trigger {table}_by_actor on {table};" for table in (*ATTACHMENTS, *NOTES))
    + "".join(f"drop trigger {table}_withdrawn_by_actor on {table};" for table in ATTACHMENTS)
    + "drop function records_by_actor();",
)

# A note stays as it was written. A file is withdrawn once, and neither changes nor goes.
PERMANENT = Sql(
    f"""
    create function records_note_fixed() returns trigger language plpgsql as $$
    begin
      raise exception 'A note stays as it was written: write another one.' using errcode = '42501';
    end $$;
    create function records_file_fixed() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and old.withdrawn_at is null and new.withdrawn_at is not null
         and to_jsonb(new) - {WITHDRAWAL} = to_jsonb(old) - {WITHDRAWAL} then
        return new;
      end if;
      raise exception 'A file stays as it was added: withdraw it, and add another one.' using errcode = '42501';
    end $$;
    """
    + "".join(
        f"""
        create trigger {table}_fixed before update or delete on {table}
          for each row execute function records_{kind}_fixed();
        """
        for kind, tables in (("note", NOTES), ("file", ATTACHMENTS))
        for table in tables
    ),
    "".join(f"drop trigger {table}_fixed on {table};" for table in (*NOTES, *ATTACHMENTS))
    + "drop function records_note_fixed(); drop function records_file_fixed();",
)
