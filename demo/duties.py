"""What people declare of themselves and of their agencies: ties, who stands in for whom, what the centre is not told."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Disclosure, Person, Substitution
from agencies.substitutions import lay_down, substitutions_of
from demo.people import SCOPE
from demo.reference_files import read_json
from procurement.models import Tie
from procurement.ties import declare_tie, ties_of
from registry.disclosures import disclose
from registry.models import Vendor

Entry = dict[str, Any]


def load_duties(vendors: Mapping[str, Vendor]) -> None:
    entries = read_json("duties.json")
    for entry in entries["ties"]:
        _tie(entry, vendors)
    for entry in entries["substitutions"]:
        _substitute(entry)


def _tie(entry: Entry, vendors: Mapping[str, Vendor]) -> None:
    by, vendor = Person.objects.get(email=entry["by"]), vendors[entry["vendor"]]
    with acting_as(by):
        if not ties_of(by).filter(vendor=vendor).exists():
            declare_tie(tie=Tie(vendor=vendor, what=entry["what"]), by=by)


def _substitute(entry: Entry) -> None:
    """Laid down by the person who is away; the days are counted from the day of loading."""
    away = Person.objects.get(email=entry["person"])
    today = timezone.localdate()
    with acting_as(away):
        if not substitutions_of(away).exists():
            lay_down(
                substitution=Substitution(
                    person=away,
                    substitute=Person.objects.get(email=entry["substitute"]),
                    agency=Agency.objects.get(code=entry["agency"]),
                    role=entry["role"],
                    since=today + timedelta(days=entry["since"]),
                    until=today + timedelta(days=entry["until"]),
                ),
                by=away,
            )


def load_disclosures() -> None:
    """Said by approvers of the agencies, once all else is there."""
    for entry in read_json("duties.json")["disclosures"]:
        agency = Agency.objects.get(code=entry["agency"])
        if Disclosure.objects.unscoped(reason=SCOPE).filter(agency=agency).exists():
            continue
        with acting_as(Person.objects.get(email=entry["by"])):
            as_of = entry["as_of"] and date.fromisoformat(entry["as_of"])
            told = {name: entry[name] for name in ("aircraft", "about", "basis")}
            disclose(Disclosure(agency=agency, as_of=as_of, **told))
