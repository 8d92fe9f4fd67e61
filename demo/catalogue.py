"""Vendors, links, models, builds and components of the reference files.

They are stored by the program and checked by a steward, except what rests on a mere claim.
"""

from typing import Any

from agencies.models import Person
from demo.reference_files import read_json
from registry.models import Build, Component, Declaration, DroneModel, OwnershipLink, Vendor
from registry.services import add_model, add_vendor

Entry = dict[str, Any]


class CatalogueLoader:
    """Loads in the order in which things refer to each other; what is there already stays as it is."""

    def __init__(self, steward: Person) -> None:
        self.steward = steward
        self.papers: dict[str, Declaration] = {}
        self.vendors: dict[str, Vendor] = {}
        self.models: dict[str, DroneModel] = {}
        self.builds: dict[str, Build] = {}

    def load(self) -> None:
        for entry in read_json("declarations.json"):
            self.papers[entry["key"]] = self._paper(entry)
        for entry in read_json("vendors.json"):
            self.vendors[entry["key"]] = self._vendor(entry)
        for entry in read_json("ownership.json"):
            self._link(entry)
        for entry in read_json("models.json"):
            self.models[entry["key"]] = self._model(entry)
            for build in entry["builds"]:
                self.builds[build["key"]] = self._build(self.models[entry["key"]], build)

    def _checked(self, entry: Entry) -> Person | None:
        """A steward has checked what rests on more than a claim."""
        paper = self.papers.get(entry.get("declaration") or "")
        return (
            self.steward if paper is not None and paper.grade > Declaration.Grade.CLAIMED else None
        )

    def _paper(self, entry: Entry) -> Declaration:
        known = Declaration.objects.filter(title=entry["title"]).first()
        grade = Declaration.Grade[entry["grade"].upper()]
        return known or Declaration.objects.create(
            title=entry["title"],
            kind=entry["kind"],
            claimant=entry["claimant"],
            dated=entry["dated"],
            expires=entry["expires"],
            grade=grade,
            verified_by=self.steward if grade > Declaration.Grade.CLAIMED else None,
        )

    def _vendor(self, entry: Entry) -> Vendor:
        known = Vendor.objects.filter(name=entry["name"]).first()
        if known is not None:
            return known
        vendor = Vendor(
            name=entry["name"],
            name_local=entry.get("name_local", ""),
            incorporated_in=entry.get("incorporated_in"),
            headquartered_in=entry.get("headquartered_in"),
            declaration=self.papers.get(entry.get("declaration") or ""),
            note=entry.get("note", ""),
            verified_by=self._checked(entry),
        )
        names = [(each["name"], each["kind"]) for each in entry.get("names", ())]
        return add_vendor(vendor=vendor, names=names, by=None)

    def _link(self, entry: Entry) -> None:
        ends = {"holder": self.vendors[entry["holder"]], "subject": self.vendors[entry["subject"]]}
        OwnershipLink.objects.get_or_create(
            **ends,
            kind=entry["kind"],
            status=entry["status"],
            defaults={
                "share_min": entry["share_min"],
                "share_max": entry["share_max"],
                "since": entry["since"],
                "until": entry["until"],
                "declaration": self.papers.get(entry.get("declaration") or ""),
                "verified_by": self._checked(entry),
            },
        )

    def _model(self, entry: Entry) -> DroneModel:
        maker = self.vendors[entry["manufacturer"]]
        known = DroneModel.objects.filter(manufacturer=maker, name=entry["name"]).first()
        return known or add_model(
            model=DroneModel(
                manufacturer=maker,
                name=entry["name"],
                name_local=entry.get("name_local", ""),
                weight_g=entry.get("weight_g"),
                mtow_g=entry.get("mtow_g"),
                endurance_min=entry.get("endurance_min"),
                price_guide_yen=entry.get("price_guide_yen"),
                serial_scheme=entry["serial_scheme"],
                verified_by=self.steward,
            ),
            by=None,
        )

    def _build(self, model: DroneModel, entry: Entry) -> Build:
        build, is_new = Build.objects.get_or_create(
            model=model,
            name=entry["name"],
            defaults={
                "assembled_in": entry.get("assembled_in"),
                "design_known": "design_licensed_from" in entry,
                "design_licensed_from": self.vendors.get(entry.get("design_licensed_from") or ""),
                "not_fitted": entry.get("not_fitted", []),
                "declaration": self.papers.get(entry.get("declaration") or ""),
            },
        )
        if is_new:
            Component.objects.bulk_create(
                self._component(build, each) for each in entry["components"]
            )
            Build.objects.filter(pk=build.pk).update(verified_by=self._checked(entry))
        return build

    def _component(self, build: Build, entry: Entry) -> Component:
        return Component(
            build=build,
            role=entry["role"],
            part=entry.get("part", ""),
            maker=self.vendors.get(entry.get("maker") or ""),
            made_in=entry.get("made_in"),
            developed_in=entry.get("developed_in"),
            data_stored_in=entry.get("data_stored_in"),
            administered_from=entry.get("administered_from"),
            declaration=self.papers.get(entry.get("declaration") or ""),
            verified_by=self._checked(entry),
        )
