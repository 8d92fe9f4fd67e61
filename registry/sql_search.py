"""The database side of the quick search, and of the question who is controlled from where."""

from audit.operations import Sql

_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
_ACCENTED, _PLAIN = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ", "aaaaaaceeeeiiiinoooooouuuuyy"

# As an index on it demands, the function never changes: another folding would be another function. What is plain
# ASCII, such as nearly every serial number, takes a path four times as quick.
# Not strict, so that it is inlined.
FOLDED = Sql(
    f"""
    create function registry_folded(words text) returns text
    language sql immutable parallel safe as $$
      select regexp_replace(case when octet_length(words) = length(words) then lower(words)
        else translate(lower(normalize(words, NFKC)), '{_HIRAGANA}{_ACCENTED}', '{_KATAKANA}{_PLAIN}') end,
        '[^[:alnum:]]+', '', 'g') $$;
    """,
    "drop function registry_folded(text);",
)

# Row security keeps `like` away from the trigram index, because an operator that is not leakproof must not see rows
# before the policy has. This function runs as the central role, whose policy lets the index be used, and gives out
# ids of the agencies of the context alone: the same setting that the policy reads.
WITH_KEY = Sql(
    """
    create function registry_drones_with_key(words text, most integer) returns setof uuid
    language plpgsql stable rows 100 security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      if registry_folded(words) = '' then return; end if;
      return query execute
        'select id from public.registry_drone where (registry_folded(serial_number) || ''|'' ||
           registry_folded(registration_id) || ''|'' || registry_folded(asset_tag)) like $1
           and agency_id = any ($2) limit $3'
        using '%' || registry_folded(words) || '%', app_agencies(), most;
    end $$;
    grant create on schema public to {central};
    alter function registry_drones_with_key(text, integer) owner to {central};
    revoke create on schema public from {central};
    """,
    "drop function registry_drones_with_key(text, integer);",
)

CONTROLLED_FROM = Sql(
    """
    create function registry_controlled_from(country text) returns setof bigint language sql stable as $$
      with recursive controlled(id) as (
        select v.id from registry_vendor v
          where v.incorporated_in @> array[country]::varchar[] or v.headquartered_in @> array[country]::varchar[]
        union
        select l.subject_id from registry_ownershiplink l join controlled c on c.id = l.holder_id
          where l.status = 'asserted' and (l.kind = 'control' or l.kind = 'shareholding' and l.share_min >= 50)
            and (l.since is null or l.since <= current_date) and (l.until is null or current_date < l.until)
      ) select id from controlled $$;
    """,
    "drop function registry_controlled_from(text);",
)
