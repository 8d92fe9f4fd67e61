"""Groups of aircraft that the rules cannot tell apart, each judged once by `judge`.

A group is all aircraft of one build with the same missions at the same kind of agency, under the
same waivers, with papers that say the same. The database forms the groups and writes what was
judged to all aircraft of each; it never judges.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from compliance.facts import Gathered
from compliance.rulebooks import LoadedRulebook
from compliance.waivers import COVERED
from policy.criteria import Certificate
from policy.facts import BuildFacts, CertificateFacts, Evidence, Grade
from policy.rules import Rulebook
from policy.scopes import Acquisition
from policy.verdicts import Case, Waiver

FLEET = "".join(
    (
        COVERED,
        """,
scope as (
  select d.id, d.agency_id, d.build_id, d.missions from registry_drone d
  where d.build_id = any (%(builds)s)
    and (%(drones)s::uuid[] is null or d.id = any (%(drones)s::uuid[]))
),
papers as (
  select c.drone_id as drone, jsonb_agg(jsonb_build_array(
           c.certificate, c.held, c.valid_from, c.valid_until,
           case when p.id is null then null
                when c.verified_by_id is null or p.verified_by_id is null then 1 else p.grade end,
           p.expires) order by c.certificate)::text as papers
  from scope d join registry_dronecertificate c on c.drone_id = d.id
  left join registry_declaration p on p.id = c.declaration_id
  where c.certificate = any (%(certificates)s::varchar[])
  group by c.drone_id
),
fleet as (
  select d.id, d.agency_id, d.build_id, d.missions::text[] as missions, a.kind::text as kind,
         coalesce(c.waivers, '{}')::text[] as waivers, coalesce(p.papers, '[]') as papers
  from scope d join agencies_agency a on a.id = d.agency_id
  left join covered c on c.drone = d.id
  left join papers p on p.drone = d.id
)
""",
    )
)
"""How a statement begins that reads `fleet`: each aircraft of `%(builds)s`, or of them `%(drones)s` alone, with
what makes its group: `build_id`, `missions`, `kind`, `waivers` and `papers`."""

MARK = """sum(hash_record_extended(row({begins}, {of}.ends, {of}.state::text, {of}.{bare}::text,
  {of}.rule_id, {of}.by, {of}.{barred}::text[]), 0))::text"""
"""A number for a set of periods, whatever their order: the same for the same periods."""

SIMILAR = "".join(
    (
        FLEET,
        """,
stored as (
  select s.drone_id, """,
        MARK.format(
            of="s",
            begins="greatest(s.begins, %(on)s)",
            bare="state_without_waivers",
            barred="barred_missions",
        ),
        """ as mark
  from scope d join compliance_standing s on s.drone_id = d.id
  where s.ends > %(on)s group by s.drone_id
)
select f.build_id, f.missions, f.kind, f.waivers, f.papers, f.agency_id, s.mark, array_agg(f.id)::text
from fleet f left join stored s on s.drone_id = f.id
group by f.build_id, f.missions, f.kind, f.waivers, f.papers, f.agency_id, s.mark
""",
    )
)


@dataclass(frozen=True, slots=True)
class Group:
    """`papers` is JSON as the database made it; see `certificates`."""

    gathered: Gathered
    missions: tuple[str, ...]
    agency_kind: str
    waivers: tuple[str, ...] = ()
    papers: str = "[]"

    @property
    def facts(self) -> BuildFacts:
        """Those of the build, with the papers of its aircraft."""
        facts = self.gathered.facts
        return replace(facts, certificates=(*facts.certificates, *certificates(self.papers)))

    def under(self, waivers: Mapping[str, Waiver]) -> tuple[Waiver, ...]:
        """The waivers of the group, as they read for all its aircraft: those are picked already."""
        build = frozenset({self.gathered.build.pk})
        return tuple(replace(waivers[pk], builds=build, agencies=None) for pk in self.waivers)

    def case(self) -> Case:
        build = self.gathered.build
        weight = None if build.model.weight_g is None else Decimal(build.model.weight_g)
        return Case(
            kind=Acquisition.HELD,
            missions=frozenset(self.missions) or None,
            build=build.pk,
            agency_kind=self.agency_kind,
            weight_min_g=weight,
            weight_max_g=weight,
        )


@dataclass(frozen=True, slots=True)
class Similar:
    """Aircraft of one group and one agency of which the same is stored from the day on.

    `mark` numbers the stored periods, None where there are none. `aircraft` are their ids, as the database writes
    an array: Python never takes them apart.
    """

    agency: int
    mark: str | None
    aircraft: str


def read_groups(
    gathered: Mapping[int, Gathered], scope: Mapping[str, Any]
) -> list[tuple[Group, list[Similar]]]:
    """The groups of the aircraft in this scope of `FLEET`, from the day `on` of the scope. One query."""
    found: dict[tuple[Any, ...], list[Similar]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR, scope)
        for build, missions, kind, waivers, papers, *similar in cursor.fetchall():
            key = (build, tuple(missions), kind, tuple(waivers), papers)
            found[key].append(Similar(*similar))
    return [(Group(gathered[build], *rest), some) for (build, *rest), some in found.items()]


def certificates(papers: str) -> Iterator[CertificateFacts]:
    """The papers of a group as the engine reads them. What does not decide is left out of them."""
    for code, held, begins, ends, grade, expires in json.loads(papers):
        evidence = None if grade is None else _evidence(grade, _day(expires))
        yield CertificateFacts(
            code, held=held, valid_from=_day(begins), valid_until=_day(ends), evidence=evidence
        )


def _evidence(grade: int, expires: date | None) -> Evidence:
    return Evidence(0, "", "", "", Grade(grade), date.min, expires)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def about_aircraft(rules: Rulebook) -> frozenset[str]:
    """The keys of the rules that look at the papers of each aircraft."""
    clauses = rules.clause_by_key.items()
    return frozenset(
        key for key, clause in clauses if isinstance(clause.rule.criterion, Certificate)
    )


def certificates_asked(book: LoadedRulebook) -> list[str]:
    """The codes of the certificates that some rule asks for."""
    return sorted(set(_asked(book.rules)))


def _asked(rules: Rulebook) -> Iterable[str]:
    for clause in rules.clause_by_key.values():
        if isinstance(clause.rule.criterion, Certificate):
            yield from clause.rule.criterion.certificates
