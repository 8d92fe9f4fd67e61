"""Rules of the registry that a constraint cannot say."""

from audit.operations import Sql

# The tables of facts of the first migration, and the columns that are not the fact itself.
FACTS = {
    "registry_vendor": ("note",),
    "registry_declaration": (),
    "registry_ownershiplink": (),
    "registry_dronemodel": (),
    "registry_build": (),
    "registry_component": (),
}


def _checked(table: str) -> tuple[str, str]:
    """Triggers by which nobody signs a check in another's name, and how to take them away."""
    return (
        f"""
        create trigger {table}_check_by_actor before insert on {table}
          for each row when (new.verified_by_id is not null) execute function registry_check_by_actor();
        create trigger {table}_check_by_actor_later before update on {table} for each row
          when (new.verified_by_id is not null and new.verified_by_id is distinct from old.verified_by_id)
          execute function registry_check_by_actor();
        """,
        f"drop trigger {table}_check_by_actor on {table}; drop trigger {table}_check_by_actor_later on {table};",
    )


def _unchecked(table: str, apart: tuple[str, ...]) -> tuple[str, str]:
    """The trigger by which a fact that changes loses its check, and how to take it away."""
    return (
        f"""
        create trigger {table}_uncheck before update on {table}
          for each row when (old.* is distinct from new.*) execute function registry_uncheck('{",".join(apart)}');
        """,
        f"drop trigger {table}_uncheck on {table};",
    )


def fact(table: str, *apart: str) -> Sql:
    """A further table of facts: claimed by whoever changed it last, until somebody else checks it."""
    checked, unchecked = _checked(table), _unchecked(table, apart)
    return Sql(checked[0] + unchecked[0], checked[1] + unchecked[1])


# Nobody signs a check in another's name, and nobody checks what they claim themselves.
CHECK = Sql(
    """
    create function registry_check_by_actor() returns trigger language plpgsql as $$
    begin
      if new.verified_by_id is distinct from app_person() and app_person() is not null then
        raise exception 'A fact is checked by the person who checks it.' using errcode = '42501';
      end if;
      return new;
    end $$;
    """
    + "".join(_checked(table)[0] for table in FACTS),
    "".join(_checked(table)[1] for table in FACTS) + "drop function registry_check_by_actor();",
)

# A fact that changes is only claimed again, by whoever changed it, whatever way the change came.
UNCHECK = Sql(
    """
    create function registry_uncheck() returns trigger language plpgsql as $$
    declare apart text[] := array['verified_by_id', 'claimed_by_id'] || string_to_array(tg_argv[0], ',');
    begin
      if to_jsonb(new) - apart is distinct from to_jsonb(old) - apart then
        new.verified_by_id := null;
        new.claimed_by_id := app_person();
      end if;
      return new;
    end $$;
    """
    + "".join(_unchecked(table, apart)[0] for table, apart in FACTS.items()),
    "".join(_unchecked(table, apart)[1] for table, apart in FACTS.items())
    + "drop function registry_uncheck();",
)

# A part list belongs to the build that was checked: another part makes the build a claim again.
UNCHECK_BUILD = Sql(
    """
    create function registry_uncheck_build() returns trigger language plpgsql as $$
    begin
      update registry_build set verified_by_id = null, claimed_by_id = app_person()
        where id in (new.build_id, old.build_id) and verified_by_id is not null;
      return null;
    end $$;
    create trigger registry_component_uncheck_build after insert or delete or update of build_id on registry_component
      for each row execute function registry_uncheck_build();
    """,
    "drop trigger registry_component_uncheck_build on registry_component; drop function registry_uncheck_build();",
)

# Aircraft are never deleted: what was entered by mistake is marked so.
KEEP_DRONES = Sql(
    "revoke delete on registry_drone from {app}, {central};",
    "grant delete on registry_drone to {app}, {central};",
)
