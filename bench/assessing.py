"""What it costs to evaluate again: one component, one rule, everything."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from bench.harness import Bench, clock
from bench.report import Budget, Measure
from bench.seed_people import DRAFTER, PUBLISHER
from compliance.assess import refresh
from compliance.feed import assess_everything, assess_touched
from policy.models import Policy, PolicyVersion
from policy.services import publish
from registry.models import Component

SECTION: Final = "assess"
COMPONENTS: Final = 5
RULE: Final[dict[str, Any]] = {
    "code": "added",
    "citation": "Article 1",
    "clause_en": "No camera from a place of concern.",
    "clause_local": "懸念のあるカメラを用いないこと。",
    "level": "block",
    "on_unknown": "consult",
    "scope": {"kind": "all", "of": []},
    "criterion": {
        "kind": "origin",
        "list": "concern",
        "where": "inside",
        "aircraft": [],
        "components": [{"roles": ["camera"], "meanings": ["made_in"]}],
        "ownership": {"mode": "share", "threshold": "50", "control": True, "undisclosed": False},
    },
    "held": {"effect": "ground"},
}


COPY: Final = """
create temp table written on commit drop as select * from compliance_standing where id > %(last)s;
create temp table ended on commit drop as
  select id, ends from compliance_standing where id <= %(last)s and ends = %(on)s;
delete from compliance_standing where id > %(last)s;
update compliance_standing s set ends = 'infinity' from ended e where s.id = e.id;
"""
SAME: Final = """
with ended as (
  update compliance_standing s set ends = e.ends from ended e where s.id = e.id
)
insert into compliance_standing select * from written
"""


def measure(bench: Bench) -> Iterator[Measure]:
    yield Measure(
        section=SECTION,
        name="one component of the build with the most aircraft",
        unit="s",
        runs=[_component(country) for country in ("US", "CN", "JP", "CN", "TW")],
        budget=Budget(1),
    )
    yield _rule()
    yield Measure(
        section=SECTION,
        name="assess --all, nothing changed",
        unit="s",
        runs=[clock(assess_everything)],
        budget=Budget(60),
    )
    yield Measure(
        section=SECTION,
        name="assess --all --afresh",
        unit="s",
        runs=[clock(lambda: assess_everything(afresh=True))],
        budget=Budget(60),
    )


def _component(country: str) -> float:
    """Seconds from the change of a part to the standing of all aircraft of its build."""
    build = _largest_build()
    with acting_as(None, reason="benchmark"):
        Component.objects.filter(build=build, role="camera").update(made_in=[country])
    return clock(lambda: refresh([build]))


def _largest_build() -> int:
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute(
            "select build_id from registry_drone where build_id in"
            " (select build_id from registry_component) group by build_id order by count(*) desc limit 1"
        )
        return int(cursor.fetchone()[0])


def _rule() -> Measure:
    """A rule more, beside the one statement that writes the standings that it changed."""
    assess_touched()  # the seed did what was before
    last = _last_standing()
    _enact()
    taken = clock(assess_touched)
    seconds, rows = _bare(last)
    return Measure(
        section=SECTION,
        name="one rule more",
        unit="s",
        runs=[taken],
        bare=[seconds],
        factor=3,
        note=f"{rows} periods written",
    )


def _enact() -> None:
    drafter, publisher = (Person.objects.get(email=email) for email in (DRAFTER, PUBLISHER))
    with acting_as(drafter):
        policy = Policy.objects.create(code="added", name_en="Added", name_local="追加方針")
        version = PolicyVersion.objects.create(
            policy=policy,
            label="1",
            in_force=DateRange(timezone.localdate() - timedelta(days=1), None),
            sensitive_missions=[],
            drafted_by=drafter,
        )
        version.rules.create(**RULE)
    with acting_as(publisher):
        publish(version=version, by=publisher)


def _last_standing() -> int:
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from compliance_standing")
        return int(cursor.fetchone()[0])


def _bare(last: int) -> tuple[float, int]:
    """Seconds of one statement that ends the same periods and inserts the same ones into the same table, from a copy
    of them, until it is committed: most of its foreign keys are checked then."""
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("set local role none")  # the app role may make temporary tables
        cursor.execute(COPY, {"last": last, "on": timezone.localdate()})
        began = time.perf_counter()
        cursor.execute(SAME)
        rows = cursor.rowcount
    return time.perf_counter() - began, rows
