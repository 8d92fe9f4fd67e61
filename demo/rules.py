"""The lists of the reference files and the packs of policies, recorded and published by the people they name."""

from datetime import date
from typing import Any

from agencies.context import acting_as
from agencies.models import Person
from compliance.models import ListMatch
from demo.reference_files import read_bytes, read_json
from policy.drafts import load_pack, propose
from policy.list_formats.entries import EntryRow
from policy.list_formats.formats import read_list
from policy.models import PolicyVersion, ReferenceList
from policy.packs import read_pack
from policy.services import publish, record_edition
from registry.models import Build, Vendor

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


def load_policies() -> None:
    """Each pack as a draft of one officer, published by another; one that nobody published stays a draft."""
    for entry in read_json("policy.json"):
        pack = read_pack(entry["pack"])
        if PolicyVersion.objects.filter(policy__code=pack.policy, label=pack.version).exists():
            continue
        drafter = Person.objects.get(email=entry["drafted_by"])
        with acting_as(drafter):
            draft = load_pack(pack=pack, by=drafter).version
            draft.rules.filter(code__in=entry["leave_out"]).delete()
        if entry["published_by"]:
            _publish(draft, drafter, Person.objects.get(email=entry["published_by"]))


def _publish(draft: PolicyVersion, drafter: Person, publisher: Person) -> None:
    with acting_as(drafter):
        propose(version=draft, by=drafter)
    with acting_as(publisher):
        publish(version=draft, by=publisher)


def load_matches(vendors: dict[str, Vendor], builds: dict[str, Build]) -> None:
    for entry in read_json("matches.json"):
        ListMatch.objects.get_or_create(
            list=ReferenceList.objects.get(code=entry["list"]),
            entry_key=entry["entry"],
            vendor=vendors.get(entry.get("vendor", "")),
            build=builds.get(entry.get("build", "")),
            defaults={
                "decision": entry.get("decision", ListMatch.Decision.SAME),
                "reason": entry["reason"],
                "decided_by": Person.objects.get(email=entry["decided_by"]),
                "decided_on": entry["decided_on"],
            },
        )
