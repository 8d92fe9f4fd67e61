"""The lists and the policy of the reference files, recorded and published by the people they name."""

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import ListMatch
from demo.reference_files import read_bytes, read_json
from policy.list_formats.entries import EntryRow
from policy.list_formats.formats import read_list
from policy.models import Policy, PolicyVersion, ReferenceList, Rule
from policy.services import publish, record_edition
from registry.models import Vendor

Entry = dict[str, Any]


def load_lists() -> None:
    for entry in read_json("lists.json"):
        stored, _ = ReferenceList.objects.get_or_create(
            code=entry["code"],
            defaults={
                "kind": entry["kind"],
                "name_en": entry["name_en"],
                "name_local": entry["name_ja"],
                "kept_by": entry["kept_by"],
                "illustrative": entry["illustrative"],
            },
        )
        for edition in entry["editions"]:
            record_edition(
                of=stored,
                edition=date.fromisoformat(edition["edition"]),
                effective_from=date.fromisoformat(edition["effective_from"]),
                rows=_rows(edition),
                source=edition["source"],
            )


def _rows(edition: Entry) -> list[EntryRow]:
    if "file" in edition:
        return list(read_list(edition["format"], read_bytes(edition["file"])))
    return [EntryRow(row=0, name=code, key=code, country=code) for code in edition["entries"]]


def load_policy() -> None:
    entry = read_json("policy.json")
    policy, _ = Policy.objects.get_or_create(
        code=entry["code"],
        defaults={
            "name_en": entry["name_en"],
            "name_local": entry["name_ja"],
            "illustrative": entry["illustrative"],
        },
    )
    drafter = Person.objects.get(email=entry["drafted_by"])
    publisher = Person.objects.get(email=entry["published_by"])
    for version in entry["versions"]:
        if not policy.versions.filter(label=version["version"]).exists():
            with acting_as(drafter):
                draft = _draft(policy, version, drafter)
            with acting_as(publisher):
                publish(version=draft, by=publisher)


def _draft(policy: Policy, entry: Entry, drafter: Person) -> PolicyVersion:
    last = entry["in_force_to"]
    period = DateRange(
        date.fromisoformat(entry["in_force_from"]), last and date.fromisoformat(last)
    )
    version = PolicyVersion.objects.create(
        policy=policy,
        label=entry["version"],
        in_force=period,
        sensitive_missions=entry["sensitive_missions"],
        source=entry["source"],
        drafted_by=drafter,
    )
    for rule in entry["rules"]:
        Rule.objects.create(
            version=version,
            code=rule["code"],
            clause_en=rule["clause"]["en"],
            clause_local=rule["clause"]["ja"],
            authoritative=rule["authoritative"],
            citation=rule["citation"],
            level=rule["level"],
            on_unknown=rule["on_unknown"],
            min_grade={"claimed": 1, "documented": 2, "verified": 3}[rule["min_grade"]],
            scope=rule["scope"],
            criterion=rule["criterion"],
            held=rule["held"],
        )
    return version


def load_matches(vendors: dict[str, Vendor]) -> None:
    for entry in read_json("matches.json"):
        ListMatch.objects.get_or_create(
            list=ReferenceList.objects.get(code=entry["list"]),
            entry_key=entry["entry"],
            vendor=vendors[entry["vendor"]],
            defaults={
                "decision": ListMatch.Decision.SAME,
                "reason": entry["reason"],
                "decided_by": Person.objects.get(email=entry["decided_by"]),
                "decided_on": entry["decided_on"],
            },
        )
