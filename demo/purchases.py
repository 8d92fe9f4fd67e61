from typing import Any

from agencies.context import acting_as
from agencies.models import Agency, Person
from demo.people import SCOPE
from demo.reference_files import read_json
from procurement.models import Line, Purchase
from procurement.requests import Request
from procurement.services import start_purchase
from procurement.workflow import perform
from registry.models import Build, Vendor

Entry = dict[str, Any]


def load_purchases(builds: dict[str, Build], vendors: dict[str, Vendor]) -> None:
    """Each purchase asked for by its requester and moved by the people named, through the workflow itself."""
    for entry in read_json("purchases.json"):
        agency = Agency.objects.get(code=entry["agency"])
        known = Purchase.objects.unscoped(reason=SCOPE).filter(agency=agency, title=entry["title"])
        if not known.exists():
            _move(_start(agency, entry, builds, vendors), entry["moves"])


def _start(
    agency: Agency, entry: Entry, builds: dict[str, Build], vendors: dict[str, Vendor]
) -> Purchase:
    requester = Person.objects.get(email=entry["requester"])
    purchase = Purchase(
        agency=agency,
        kind=entry["kind"],
        title=entry["title"],
        purpose=entry["purpose"],
        missions=entry["missions"],
    )
    lines = [
        Line(
            build=builds[line["build"]],
            quantity=line["quantity"],
            unit_price=line["unit_price"],
            supplier=vendors[line["supplier"]],
        )
        for line in entry["lines"]
    ]
    with acting_as(requester):
        return start_purchase(purchase=purchase, lines=lines, by=requester)


def _move(purchase: Purchase, moves: list[Entry]) -> None:
    for move in moves:
        person = Person.objects.get(email=move["by"])
        with acting_as(person):
            now = Purchase.objects.visible_to(person).select_related("dossier").get(pk=purchase.pk)
            digest = now.dossier.digest if now.dossier else ""
            request = Request(version=now.version, digest=digest, letter=move.get("letter", ""))
            perform(move["action"], purchase.pk, by=person, request=request)
