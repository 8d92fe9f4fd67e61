"""Rules of the catalogue that a constraint cannot say: refused claims, merged vendors, unknown builds."""

from audit.operations import Sql

FACT_TABLES = (
    "registry_vendor",
    "registry_vendorname",
    "registry_vendoridentifier",
    "registry_declaration",
    "registry_ownershiplink",
    "registry_dronemodel",
    "registry_build",
    "registry_component",
    "registry_measure",
    "registry_attribute",
    "registry_dronecertificate",
)

# A fact that changes is a new claim: neither checked nor refused.
_UNCHECK = """
create or replace function registry_uncheck() returns trigger language plpgsql as $$
declare apart text[] := array['verified_by_id', 'claimed_by_id'{apart}] || string_to_array(tg_argv[0], ',');
begin
  if to_jsonb(new) - apart is distinct from to_jsonb(old) - apart then
    new.verified_by_id := null;
    new.claimed_by_id := app_person();{also}
  end if;
  return new;
end $$;
"""

# Nobody refuses in another's name.
REFUSE = Sql(
    _UNCHECK.format(
        apart=", 'refused_by_id', 'refused_because'",
        also="\n    new.refused_by_id := null;\n    new.refused_because := '';",
    )
    + """
    create function registry_refused_by_actor() returns trigger language plpgsql as $$
    begin
      if new.refused_by_id is distinct from app_person() and app_person() is not null then
        raise exception 'A claim is refused by the person who refuses it.' using errcode = '42501';
      end if;
      return new;
    end $$;
    """
    + "".join(
        f"""
        create trigger {table}_refused_new before insert on {table} for each row
          when (new.refused_by_id is not null) execute function registry_refused_by_actor();
        create trigger {table}_refused before update on {table} for each row
          when (new.refused_by_id is not null and new.refused_by_id is distinct from old.refused_by_id)
          execute function registry_refused_by_actor();
        """
        for table in FACT_TABLES
    ),
    "".join(
        f"drop trigger {table}_refused_new on {table}; drop trigger {table}_refused on {table};"
        for table in FACT_TABLES
    )
    + "drop function registry_refused_by_actor();"
    + _UNCHECK.format(apart="", also=""),
)

# A vendor is merged once, into one that stands, so that redirects never form a chain or a cycle.
MERGE = Sql(
    """
    create function registry_merge_vendor() returns trigger language plpgsql as $$
    declare target bigint;
    begin
      if new.merged_into_id is null then
        raise exception 'A vendor that was merged stays merged.' using errcode = '23514';
      end if;
      select v.merged_into_id into target from registry_vendor v where v.id = new.merged_into_id for share;
      if target is not null or new.merged_into_id = new.id
         or exists (select 1 from registry_vendor v where v.merged_into_id = new.id) then
        raise exception 'A vendor is merged into another that stands by itself.' using errcode = '23514';
      end if;
      return new;
    end $$;
    create trigger registry_vendor_merge before update of merged_into_id on registry_vendor for each row
      when (new.merged_into_id is distinct from old.merged_into_id) execute function registry_merge_vendor();
    """,
    "drop trigger registry_vendor_merge on registry_vendor; drop function registry_merge_vendor();",
)

POINTING = (
    ("registry_vendorname", "vendor_id"),
    ("registry_vendoridentifier", "vendor_id"),
    ("registry_ownershiplink", "holder_id"),
    ("registry_ownershiplink", "subject_id"),
    ("registry_dronemodel", "manufacturer_id"),
    ("registry_build", "design_licensed_from_id"),
    ("registry_component", "maker_id"),
)

# Nothing new points to a record that was merged. The lock makes whoever comes during a merge wait and see it.
NOT_MERGED = Sql(
    """
    create function registry_not_merged() returns trigger language plpgsql as $$
    declare target bigint;
    begin
      select v.merged_into_id into target from registry_vendor v
        where v.id = (to_jsonb(new) ->> tg_argv[0])::bigint for key share;
      if target is not null then
        raise exception 'This vendor was merged into another: point to that one.' using errcode = '23514';
      end if;
      return new;
    end $$;
    """,
    "drop function registry_not_merged();",
)
POINT_TO_STANDING = Sql(
    "".join(
        f"""
        create trigger {table}_{column}_merged before insert on {table} for each row
          when (new.{column} is not null) execute function registry_not_merged('{column}');
        create trigger {table}_{column}_merged_later before update of {column} on {table} for each row
          when (new.{column} is not null and new.{column} is distinct from old.{column})
          execute function registry_not_merged('{column}');
        """
        for table, column in POINTING
    ),
    "".join(
        f"drop trigger {table}_{column}_merged on {table};"
        f" drop trigger {table}_{column}_merged_later on {table};"
        for table, column in POINTING
    ),
)

PARTS = ("registry_component", "registry_measure", "registry_attribute")

# The build that stands for not knowing the configuration stays so, and has no parts.
UNKNOWN_BUILD = Sql(
    """
    create function registry_unknown_build() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from registry_build b where b.id = new.build_id and not b.configuration_known) then
        raise exception 'Nothing is known of a build whose configuration is not known.' using errcode = '23514';
      end if;
      return new;
    end $$;
    create function registry_build_stays() returns trigger language plpgsql as $$
    begin
      raise exception 'A build stays known, or not known.' using errcode = '23514';
    end $$;
    create trigger registry_build_stays before update of configuration_known on registry_build for each row
      when (new.configuration_known is distinct from old.configuration_known)
      execute function registry_build_stays();
    """,
    """
    drop trigger registry_build_stays on registry_build;
    drop function registry_build_stays(); drop function registry_unknown_build();
    """,
)
PARTS_OF_KNOWN_BUILDS = Sql(
    "".join(
        f"""
        create trigger {table}_of_known_build before insert or update of build_id on {table}
          for each row execute function registry_unknown_build();
        """
        for table in PARTS
    ),
    "".join(f"drop trigger {table}_of_known_build on {table};" for table in PARTS),
)

# The names were part of their vendors until they became facts of their own.
NAMES_AS_FACTS = Sql(
    """
    select set_config('app.actor', 'system:migrate', true);
    update registry_vendorname n set claimed_by_id = v.claimed_by_id, verified_by_id = v.verified_by_id
      from registry_vendor v where v.id = n.vendor_id and (v.claimed_by_id, v.verified_by_id) is distinct from (null, null);
    """
)
