"""The rulebook as the database holds it: all published versions, and all editions of the lists."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection

from compliance.models import ListMatch
from policy import models as stored
from policy.decoding import rule_facts
from policy.editions import (
    AnyList,
    ClearanceEdition,
    ClearanceList,
    ClearedEntry,
    EntityEdition,
    EntityList,
    Entry,
    JurisdictionEdition,
    JurisdictionList,
)
from policy.rules import Rulebook, VersionFacts
from policy.trace import Text


@dataclass(frozen=True, slots=True)
class LoadedRulebook:
    """The rulebook, and the stored rule behind each of its keys (`policy/version/code`)."""

    rules: Rulebook
    stored: Mapping[str, stored.Rule]


_STATE: Final = """
select string_agg(md5(of), ' ') from (
  select string_agg(concat_ws(' ', id, xmin, ctid), ',' order by id) as of from policy_policy
  union all
  select string_agg(concat_ws(' ', id, xmin, ctid), ',' order by id) from policy_policyversion
    where status = 'published'
  union all
  select string_agg(concat_ws(' ', r.id, r.xmin, r.ctid), ',' order by r.id) from policy_rule r
    join policy_policyversion v on v.id = r.version_id where v.status = 'published'
  union all
  select string_agg(concat_ws(' ', id, xmin, ctid), ',' order by id) from policy_referencelist
  union all
  select string_agg(concat_ws(' ', id, xmin, ctid), ',' order by id) from policy_edition
  union all
  select string_agg(concat_ws(' ', id, xmin, ctid), ',' order by id) from compliance_listmatch
    where decision = 'same'
  union all
  select concat(count(*), ' ', max(id)) from policy_entry
) parts
"""
"""Another text whenever a row that the rulebook is read from is another one: `xmin` and `ctid` name one version of
one row, also within a transaction that is undone later. Entries come with their edition and never change."""

_read: dict[str, LoadedRulebook] = {}
"""The rulebook that this process read last, by the state of the database that it was read from."""


def load_rulebook() -> LoadedRulebook:
    """As it stands at this moment. One query where it is what this process read last, else six.

    Shared by all who ask: nobody changes it.
    """
    state = _state()
    known = _read.get(state)
    if known is None:
        known = _load()
        _read.clear()
        _read[state] = known
    return known


def _state() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        return f"{connection.settings_dict['NAME']} {cursor.fetchone()[0]}"


def forget_rulebook() -> None:
    """The next who asks reads the database."""
    _read.clear()


def _load() -> LoadedRulebook:
    """Five queries. Entries of entities and of cleared builds are limited to those that a match names."""
    by_version: dict[int, list[stored.Rule]] = defaultdict(list)
    published = stored.Rule.objects.filter(version__status=stored.PolicyVersion.Status.PUBLISHED)
    for rule in published.select_related("version__policy"):
        by_version[rule.version_id].append(rule)
    versions = list(stored.PolicyVersion.objects.published().select_related("policy"))
    book = Rulebook(
        tuple(_version(each, by_version[each.pk]) for each in versions),
        tuple(_lists()),
    )
    keys = {
        f"{version.policy.code}/{version.label}/{rule.code}": rule
        for version in versions
        for rule in by_version[version.pk]
    }
    return LoadedRulebook(book, keys)


def _version(version: stored.PolicyVersion, rules: list[stored.Rule]) -> VersionFacts:
    return VersionFacts(
        policy=version.policy.code,
        version=version.label,
        in_force_from=version.in_force.lower,
        in_force_to=version.in_force.upper,
        sensitive_missions=frozenset(version.sensitive_missions),
        rules=tuple(rule_facts(rule) for rule in rules),
        name=Text(version.policy.name_en, version.policy.name_local),
    )


def _lists() -> list[AnyList]:
    editions: dict[int, list[stored.Edition]] = defaultdict(list)
    for edition in stored.Edition.objects.order_by("list_id", "effective_from", "edition"):
        editions[edition.list_id].append(edition)
    entries: dict[int, list[stored.Entry]] = defaultdict(list)
    for entry in _entries_that_matter():
        entries[entry.edition_id].append(entry)
    return [_list(each, editions[each.pk], entries) for each in stored.ReferenceList.objects.all()]


def _entries_that_matter() -> list[stored.Entry]:
    matched = ListMatch.objects.filter(decision=ListMatch.Decision.SAME).values("entry_key")
    listed = stored.Entry.objects.only("edition_id", "key", "name", "listed_on", "ended_on")
    whole = stored.ReferenceList.Kind.JURISDICTIONS
    return [
        *listed.filter(edition__list__kind=whole),
        *listed.exclude(edition__list__kind=whole).filter(key__in=matched),
    ]


def _list(
    source: stored.ReferenceList,
    editions: list[stored.Edition],
    entries: dict[int, list[stored.Entry]],
) -> AnyList:
    name = Text(source.name_en, source.name_local)
    if source.kind == stored.ReferenceList.Kind.JURISDICTIONS:
        return JurisdictionList(
            source.code, name, tuple(_jurisdictions(e, entries[e.pk]) for e in editions)
        )
    if source.kind == stored.ReferenceList.Kind.CLEARANCES:
        return ClearanceList(
            source.code, name, tuple(_clearances(e, entries[e.pk]) for e in editions)
        )
    return EntityList(source.code, name, tuple(_entities(e, entries[e.pk]) for e in editions))


def _jurisdictions(edition: stored.Edition, entries: list[stored.Entry]) -> JurisdictionEdition:
    return JurisdictionEdition(
        edition.edition,
        edition.effective_from,
        edition.digest,
        frozenset(each.key for each in entries),
    )


def _entities(edition: stored.Edition, entries: list[stored.Entry]) -> EntityEdition:
    return EntityEdition(
        edition.edition,
        edition.effective_from,
        edition.digest,
        tuple(
            Entry(each.key, each.name, each.ended_on)
            for each in sorted(entries, key=lambda each: each.key)
        ),
    )


def _clearances(edition: stored.Edition, entries: list[stored.Entry]) -> ClearanceEdition:
    return ClearanceEdition(
        edition.edition,
        edition.effective_from,
        edition.digest,
        tuple(
            ClearedEntry(each.key, each.name, each.listed_on, each.ended_on)
            for each in sorted(entries, key=lambda each: each.key)
        ),
    )
