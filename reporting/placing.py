"""Reading from the catalogue where each build comes from, so that figures by origin are sums.

The senses are those of the filters of aircraft, and the conditions are theirs: what a figure counts, the list shows.
"""

from datetime import date
from typing import Final

from django.db import connection
from django.utils import timezone

from agencies.context import acting_as
from registry.filters import PART_COUNTRIES
from reporting.models import Placed, Unplaced

LOCK: Final = 0x7A12

_PARTS: Final = " || ".join(f"coalesce(c.{column}, '{{}}')" for column in PART_COUNTRIES)
_SEATS: Final = "coalesce(v.incorporated_in, '{}') || coalesce(v.headquartered_in, '{}')"

PLACE: Final = "".join(
    (
        "with seats as (select distinct unnest(",
        _SEATS,
        """) as country from registry_vendor v),
controlled as (select s.country, c.id as vendor from seats s, registry_controlled_from(s.country) as c(id)),
found(build_id, meaning, country) as (
  select b.id, 'maker', unnest(""",
        _SEATS,
        """) from registry_build b
    join registry_dronemodel m on m.id = b.model_id join registry_vendor v on v.id = m.manufacturer_id
  union select b.id, 'control', c.country from registry_build b
    join registry_dronemodel m on m.id = b.model_id join controlled c on c.vendor = m.manufacturer_id
  union select b.id, 'assembly', unnest(b.assembled_in) from registry_build b
  union select b.id, 'assembly', '' from registry_build b where b.assembled_in is null
  union select c.build_id, 'parts', unnest(""",
        _PARTS,
        """) from registry_component c
  union select b.id, 'configuration', '' from registry_build b where not b.configuration_known
)
insert into reporting_origin (build_id, meaning, country) select * from found""",
    )
)


def keep_placed(today: date) -> None:
    """Reads the catalogue anew if it was written, or if owners may have changed overnight. One query when it was not."""
    if not _is_placed(today):
        place()


def _is_placed(today: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            'select exists (select from reporting_placed where "on" = %s)'
            " and not exists (select from reporting_unplaced)",
            [today],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def place() -> None:
    """Replaces what was read before. Five queries; one reads at a time."""
    with acting_as(None, reason="reading origins"):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
            Unplaced.objects.all().delete()
            cursor.execute("delete from reporting_origin")
            cursor.execute(PLACE)
        Placed.objects.update_or_create(pk=1, defaults={"on": timezone.localdate()})
