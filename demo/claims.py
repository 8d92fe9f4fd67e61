"""Numbers of vendors in registers, and what a steward finds: claims to check, a suspected duplicate, a merged record."""

from collections.abc import Mapping

from agencies.context import acting_as
from agencies.models import Person
from compliance.merging import merge, merger
from demo.reference_files import read_json
from registry.models import OwnershipLink, Vendor, VendorIdentifier, VendorName
from registry.proposals import name_vendor, propose
from registry.services import add_vendor


def load_identifiers(vendors: Mapping[str, Vendor], steward: Person) -> None:
    for entry in read_json("vendors.json"):
        for given in entry.get("identifiers", ()):
            if not VendorIdentifier.objects.filter(**given).exists():
                propose(
                    VendorIdentifier(vendor=vendors[entry["key"]], verified_by=steward, **given),
                    None,
                )


def load_claims(vendors: Mapping[str, Vendor]) -> None:
    """As custodian@ proposed them in the name of the Coast Guard; a steward merged what was entered twice."""
    custodian = Person.objects.get(email="custodian@demo.example")
    steward = Person.objects.get(email="steward@demo.example")
    for entry in read_json("claims.json"):
        if entry["kind"] == "vendor":
            _vendor(entry, vendors, custodian, steward)
        elif entry["kind"] == "name":
            _name(vendors[entry["vendor"]], entry["name"], custodian)
        else:
            _link(vendors[entry["holder"]], vendors[entry["subject"]], custodian)


def _vendor(
    entry: Mapping[str, str], vendors: Mapping[str, Vendor], custodian: Person, steward: Person
) -> None:
    if Vendor.objects.filter(name=entry["name"]).exists():
        return
    with acting_as(custodian):
        vendor = add_vendor(vendor=Vendor(name=entry["name"]), by=custodian)
    if entry.get("merged_into"):
        kept = vendors[entry["merged_into"]]
        with acting_as(steward):
            seen = merger(kept=kept, gone=vendor, by=steward).digest
            merge(kept=kept, gone=vendor, seen=seen, by=steward)


def _name(vendor: Vendor, name: str, by: Person) -> None:
    if not VendorName.objects.filter(vendor=vendor, name=name).exists():
        with acting_as(by):
            name_vendor(vendor=vendor, name=name, kind=VendorName.Kind.TRADE, by=by)


def _link(holder: Vendor, subject: Vendor, by: Person) -> None:
    given = {"holder": holder, "subject": subject, "kind": OwnershipLink.Kind.AFFILIATION}
    if not OwnershipLink.objects.filter(**given).exists():
        with acting_as(by):
            propose(OwnershipLink(**given), by)
