"""Purchases as their people asked for them and moved them, through the workflow itself."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Person
from demo.aircraft_events import build_of
from demo.people import SCOPE
from demo.reference_files import read_json
from procurement.claims import claim_review
from procurement.follow_ups import Demand, Wanted
from procurement.models import Line, Offer, Purchase
from procurement.receipts import Unit, refuse_unit
from procurement.requests import Request
from procurement.services import start_purchase
from procurement.tenders import record_offer
from procurement.workflow import lines_of, perform
from registry.models import Build, Vendor

Entry = dict[str, Any]
PLAIN = ("title", "purpose", "missions", "kind", "emergency", "budget_line", "budget")
DAYS = ("needed_by", "begins", "ends")


class Purchases:
    """Loads each once: an agency that has a purchase of this title already is left as it is."""

    def __init__(self, builds: Mapping[str, Build], vendors: Mapping[str, Vendor]) -> None:
        self.builds, self.vendors = builds, vendors
        self.today = timezone.localdate()

    def load(self) -> None:
        for entry in read_json("purchases.json"):
            agency = Agency.objects.get(code=entry["agency"])
            known = Purchase.objects.unscoped(reason=SCOPE).filter(
                agency=agency, title=entry["title"]
            )
            if not known.exists():
                purchase = self._start(agency, entry)
                for step in entry["moves"]:
                    self._take(purchase, step, Person.objects.get(email=step["by"]))

    def _day(self, days: int | None) -> date | None:
        return None if days is None else self.today + timedelta(days=days)

    def _start(self, agency: Agency, entry: Entry) -> Purchase:
        requester = Person.objects.get(email=entry["requester"])
        purchase = Purchase(
            agency=agency,
            **{name: entry[name] for name in PLAIN if name in entry},
            **{name: self._day(entry.get(name)) for name in DAYS},
        )
        lines = [self._line(each) for each in entry["lines"]]
        with acting_as(requester):
            return start_purchase(purchase=purchase, lines=lines, by=requester)

    def _line(self, entry: Entry) -> Line:
        return Line(
            kind=entry.get("kind", Line.Kind.AIRCRAFT),
            build=build_of(entry["build"], self.builds) if "build" in entry else None,
            description=entry.get("description", ""),
            quantity=entry["quantity"],
            unit_price=entry.get("unit_price"),
            supplier=self.vendors.get(entry.get("supplier", "")),
            role=entry.get("role", ""),
            maker=self.vendors.get(entry.get("maker", "")),
            made_in=entry.get("made_in"),
        )

    def _take(self, purchase: Purchase, step: Entry, by: Person) -> None:
        with acting_as(by):
            now = Purchase.objects.visible_to(by).select_related("dossier").get(pk=purchase.pk)
            match step["action"]:
                case "claim":
                    claim_review(purchase_id=now.pk, by=by)
                case "offer":
                    self._offer(now, step, by)
                case "refuse":
                    self._refuse(now, step, by)
                case action:
                    perform(action, now.pk, by=by, request=self._request(now, step, by))

    def _offer(self, purchase: Purchase, step: Entry, by: Person) -> None:
        """What a supplier offers for the first line, which is a specification."""
        offer = Offer(
            purchase=purchase,
            line=lines_of(purchase, by)[0],
            build=self.builds[step["build"]],
            supplier=self.vendors[step["supplier"]],
            unit_price=step["unit_price"],
        )
        record_offer(offer=offer, by=by)

    def _refuse(self, purchase: Purchase, step: Entry, by: Person) -> None:
        refuse_unit(
            purchase=purchase,
            line_id=lines_of(purchase, by)[0].pk,
            serial_number=step["serial_number"],
            difference=step["difference"],
            by=by,
            today=self.today,
        )

    def _request(self, now: Purchase, step: Entry, by: Person) -> Request:
        wanted = step.get("evidence")
        units = step.get("units", ())
        line = lines_of(now, by)[0].pk if units else None
        return Request(
            version=now.version,
            digest=now.dossier.digest if now.dossier else "",
            letter=step.get("letter", ""),
            reasons=step.get("reasons", ()),
            contract_reference=step.get("contract", ""),
            answer=step.get("answer", ""),
            conditions=[
                Demand(each["text"], self._day(each["days"])) for each in step.get("conditions", ())
            ],
            evidence=wanted and Wanted(wanted["what"], wanted["from"], self._soon(wanted["days"])),
            units=[Unit(line, each["serial_number"], each["place"]) for each in units if line],
        )

    def _soon(self, days: int) -> date:
        return self.today + timedelta(days=days)
