"""The audit trail as the feed of changes: whatever way a change came, it left an event.

Events are read by transaction, not by id: a transaction that is still open may hold events with lower ids than
others that are finished, and would be missed. Every transaction below the frontier had ended before its
events were read; events above it may be read again next time. The frontier is stored once all that the events before it touch has been evaluated; whoever is interrupted begins there again.
"""

from dataclasses import dataclass
from typing import Final

from django.db import connection

from agencies.context import acting_as
from compliance.assess import Assessed, assess_builds
from compliance.models import Feed
from compliance.processes import cores
from registry.models import Build

FRONTIER: Final = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
TOUCHED: Final = """
with recursive event as (
  select e.record_table as of, e.record_id as id, e.canon::jsonb -> 'old' as old, e.canon::jsonb -> 'new' as new
  from audit_event e
  where e.xid >= %(since)s::text::xid8 and e.action <> 'refuse' and e.record_table = any (%(tables)s)
),
said as (  -- builds that rows name, before and after
  select (e.old ->> 'build_id')::bigint as build from event e where e.old ? 'build_id'
  union select (e.new ->> 'build_id')::bigint from event e where e.new ? 'build_id'
),
paper as (select e.id::bigint as id from event e where e.of = 'registry_declaration'),
vendor(id) as (  -- whoever changed, and everybody that links join to them
  select e.id::bigint from event e where e.of = 'registry_vendor'
  union select (x ->> 'vendor_id')::bigint from event e, unnest(array[e.old, e.new]) x
    where e.of = 'compliance_listmatch' and x ->> 'vendor_id' is not null
  union select m.vendor_id from event e join compliance_listmatch m on m.id::text = e.id
    where e.of = 'compliance_listmatch' and m.vendor_id is not null
  union select (x ->> k)::bigint from event e, unnest(array[e.old, e.new]) x, unnest(array['holder_id', 'subject_id']) k
    where e.of = 'registry_ownershiplink' and x ->> k is not null
  union select unnest(array[l.holder_id, l.subject_id]) from registry_ownershiplink l
    where l.id::text in (select e.id from event e where e.of = 'registry_ownershiplink')
       or l.declaration_id in (select id from paper)
  union select v.id from registry_vendor v where v.declaration_id in (select id from paper)
),
joined(id) as (
  select id from vendor
  union
  select case when l.holder_id = j.id then l.subject_id else l.holder_id end
  from registry_ownershiplink l join joined j on j.id in (l.holder_id, l.subject_id)
),
drone as (
  select e.id::uuid as id from event e where e.of = 'registry_drone'
  union select (x ->> 'drone_id')::uuid from event e, unnest(array[e.old, e.new]) x
    where e.of = 'registry_dronecertificate' and x ->> 'drone_id' is not null
  union select c.drone_id from registry_dronecertificate c
    where c.id::text in (select e.id from event e where e.of = 'registry_dronecertificate')
       or c.declaration_id in (select id from paper)
  union select unnest(w.drones) from compliance_waiver w join event e on e.of = 'compliance_waiver' and e.id = w.id::text
),
touched as (
  select build from said
  union select e.id::bigint from event e where e.of = 'registry_build'
  union select b.id from registry_build b join event e on e.of = 'registry_dronemodel' and e.id = b.model_id::text
  union select c.build_id from registry_component c
    where c.id::text in (select e.id from event e where e.of = 'registry_component')
       or c.declaration_id in (select id from paper) or c.maker_id in (select id from joined)
  union select m.build_id from registry_measure m
    where m.id::text in (select e.id from event e where e.of = 'registry_measure')
       or m.declaration_id in (select id from paper)
  union select a.build_id from registry_attribute a
    where a.id::text in (select e.id from event e where e.of = 'registry_attribute')
       or a.declaration_id in (select id from paper)
  union select b.id from registry_build b join registry_dronemodel m on m.id = b.model_id
    where b.declaration_id in (select id from paper) or b.design_licensed_from_id in (select id from joined)
       or m.manufacturer_id in (select id from joined)
  union select m.build_id from compliance_listmatch m join event e on e.of = 'compliance_listmatch' and e.id = m.id::text
  union select d.build_id from registry_drone d where d.id in (select id from drone)
  union select unnest(w.builds) from compliance_waiver w join event e on e.of = 'compliance_waiver' and e.id = w.id::text
  union select b.id from registry_build b
    where exists (select from event e where e.of = any (%(rules)s))
)
select b.id from registry_build b
where b.id in (select build from touched)
   or not exists (select from compliance_assessment a where a.build_id = b.id)
order by b.id
"""
RULES: Final = ("policy_policyversion", "policy_rule", "policy_referencelist", "policy_edition")
"""Whatever a version or an edition changes, every build is looked at; only the rules concerned are evaluated."""
TABLES: Final = (
    *RULES,
    *("registry_build", "registry_component", "registry_measure", "registry_attribute"),
    *("registry_dronemodel", "registry_vendor", "registry_ownershiplink", "registry_declaration"),
    *("registry_drone", "registry_dronecertificate", "compliance_listmatch", "compliance_waiver"),
)


@dataclass(frozen=True, slots=True)
class Touched:
    """Builds to look at, and the frontier up to which the trail was read for them."""

    builds: list[int]
    frontier: int


def read_feed() -> Touched:
    """What events since the frontier touch, and every build that was never evaluated; without a frontier, all."""
    with acting_as(None), connection.cursor() as cursor:
        until = read_frontier()
        since = Feed.objects.values_list("frontier", flat=True).first()
        # In a restored database transactions are counted from a lower number again.
        if since is None or since > until:
            return Touched(list(Build.objects.order_by("pk").values_list("pk", flat=True)), until)
        cursor.execute(TOUCHED, _asked(since))
        return Touched([build for (build,) in cursor.fetchall()], until)


def _asked(since: int) -> dict[str, list[str] | int]:
    return {"since": since, "tables": list(TABLES), "rules": list(RULES)}


def assess_touched() -> Assessed:
    """Evaluate what events since the last time touch. Interrupted and run again, it ends the same."""
    touched = read_feed()
    done = assess_builds(touched.builds, workers=cores())
    _advance(touched.frontier)
    return done


def assess_everything(*, afresh: bool = False) -> Assessed:
    """Look at every build and aircraft, whatever the trail says."""
    frontier = read_frontier()
    done = assess_builds(afresh=afresh, workers=cores())
    _advance(frontier)
    return done


def read_frontier() -> int:
    """Every transaction below this one has ended."""
    with connection.cursor() as cursor:
        cursor.execute(FRONTIER)
        return int(cursor.fetchone()[0])


def _advance(frontier: int) -> None:
    """All that events before this frontier touch has been evaluated."""
    with acting_as(None, reason="assessment"):
        Feed.objects.update_or_create(pk=1, defaults={"frontier": frontier})
