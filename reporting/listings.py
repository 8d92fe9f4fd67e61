"""The lists that pages show and files carry: their rows, filters, orders and columns, said once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Person
from compliance.filters import STANDINGS, DroneFilter
from compliance.models import Waiver, WaiverState
from compliance.models.waivers import waiver_name
from compliance.standings import with_standing
from compliance.waiver_filters import WaiverFilter
from policy.models import Rule
from procurement.answers import Answer, with_answer
from procurement.filters import PurchaseFilter
from procurement.models import Purchase
from procurement.queues import REVIEW_QUEUES
from procurement.states import Status
from registry.filtering import ListFilterSet
from registry.filters import BuildFilter, DroneModelFilter, VendorFilter
from registry.models import Build, Component, Drone, DroneModel, Vendor
from reporting.columns import (
    Column,
    Words,
    coded,
    local_time,
    localised,
    plain,
    seats,
    set_of,
    worded,
)
from reporting.keyset import NEWEST_FIRST, Order
from reporting.words import mission_names
from standards.asset_tags import printed_asset_tag


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. `bare` rows are filtered, counted and ordered; `shown` adds what a row shows, for a day."""

    name: str
    filters: type[ListFilterSet]
    bare: Callable[[Person], QuerySet[Any]]
    shown: Callable[[QuerySet[Any], date], QuerySet[Any]]
    columns: Sequence[Column]
    first: Order = NEWEST_FIRST
    orders: Mapping[str, Order] = field(default_factory=dict)

    def order(self, name: str) -> Order | None:
        """As the address names it, `-` for descending; None for an order that the list does not have."""
        if not name:
            return self.first
        known = self.orders.get(name.removeprefix("-"))
        return None if known is None else replace(known, descending=name.startswith("-"))


def _drones(person: Person) -> QuerySet[Any]:
    return Drone.objects.visible_to(person)


def _drones_shown(rows: Any, day: date) -> QuerySet[Any]:
    joined: Any = rows.select_related("agency", "build__model__manufacturer", "custodian")
    listed: QuerySet[Any] = (
        joined if "standing_state" in rows.query.annotations else with_standing(joined, day)
    )
    return listed


DRONES = Listing(
    "drones",
    DroneFilter,
    _drones,
    _drones_shown,
    (
        localised(_("Model"), "build__model__name", "build__model__name_local"),
        localised(
            _("Maker"), "build__model__manufacturer__name", "build__model__manufacturer__name_local"
        ),
        plain(_("Build"), "build__name"),
        plain(_("Serial number"), "serial_number"),
        worded(_("Asset tag"), "asset_tag", printed_asset_tag),
        plain(_("Registration ID"), "registration_id"),
        localised(_("Agency"), "agency__name_en", "agency__name_local"),
        plain(_("Place"), "place"),
        coded(_("Status"), "status", Drone.Status.choices),
        set_of(_("Missions"), "missions", mission_names),
        plain(_("Acquired on"), "acquired_on"),
        plain(_("Last confirmed on"), "last_confirmed_on"),
        coded(_("Standing"), "standing_state", STANDINGS),
        plain(_("Standing until"), "standing_by"),
    ),
    orders={
        "recorded": Order("id"),
        "serial": Order("serial_number", blank="text"),
        "acquired": Order("acquired_on", blank="null"),
        "confirmed": Order("last_confirmed_on", blank="null"),
    },
)


def _models_shown(rows: "QuerySet[DroneModel]", day: date) -> "QuerySet[Any]":
    return rows.select_related("manufacturer").annotate(build_count=Count("builds"))


MODELS = Listing(
    "models",
    DroneModelFilter,
    lambda person: DroneModel.objects.all(),
    _models_shown,
    (
        localised(_("Model"), "name", "name_local"),
        localised(_("Maker"), "manufacturer__name", "manufacturer__name_local"),
        plain(_("Weight (g)"), "weight_g"),
        plain(_("Builds"), "build_count"),
    ),
    first=Order("name", descending=False),
    orders={
        "name": Order("name"),
        "maker": Order("manufacturer__name"),
        "weight": Order("weight_g", blank="null"),
    },
)


def _builds_shown(rows: "QuerySet[Build]", day: date) -> "QuerySet[Any]":
    return rows.select_related("model__manufacturer").annotate(part_count=Count("components"))


BUILDS = Listing(
    "builds",
    BuildFilter,
    lambda person: Build.objects.all(),
    _builds_shown,
    (
        localised(_("Model"), "model__name", "model__name_local"),
        plain(_("Build"), "name"),
        localised(_("Maker"), "model__manufacturer__name", "model__manufacturer__name_local"),
        coded(
            _("Configuration"), "configuration_known", ((True, _("known")), (False, _("not known")))
        ),
        seats(_("Place of final assembly"), "assembled_in"),
        plain(_("Components"), "part_count"),
    ),
    first=Order("model__name", descending=False),
    orders={"model": Order("model__name"), "maker": Order("model__manufacturer__name")},
)


def _vendors_shown(rows: "QuerySet[Vendor]", day: date) -> "QuerySet[Any]":
    """Counted each by itself: joined to each other, models and components would multiply."""
    return rows.annotate(
        model_count=_number_of(DroneModel, "manufacturer"),
        component_count=_number_of(Component, "maker"),
    )


def _number_of(model: type[Model], key: str) -> Coalesce:
    """How many rows of this table name the vendor under this key."""
    rows = model._default_manager.filter(**{key: OuterRef("pk")}).order_by().values(key)
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


VENDORS = Listing(
    "vendors",
    VendorFilter,
    lambda person: Vendor.objects.current(),
    _vendors_shown,
    (
        plain(_("Vendor"), "name"),
        plain(_("Name in its own script"), "name_local"),
        seats(_("Country of incorporation"), "incorporated_in"),
        seats(_("Country of headquarters"), "headquartered_in"),
        plain(_("Models"), "model_count"),
        plain(_("Components"), "component_count"),
    ),
    first=Order("name", descending=False),
    orders={"name": Order("name")},
)


def _purchases(person: Person) -> QuerySet[Any]:
    return with_answer(Purchase.objects.visible_to(person))


def _purchases_shown(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    return rows.select_related("agency", "requester")


PURCHASES = Listing(
    "purchases",
    PurchaseFilter,
    _purchases,
    _purchases_shown,
    (
        plain(_("Number"), "number"),
        plain(_("Title"), "title"),
        localised(_("Agency"), "agency__name_en", "agency__name_local"),
        localised(_("Requester"), "requester__name_en", "requester__name_local"),
        coded(_("Status"), "status", Status.choices),
        worded(_("In this state since"), "since", local_time),
        coded(_("Result"), "answer", Answer.choices),
    ),
    orders={
        "recorded": Order("id"),
        "number": Order("number"),
        "title": Order("title"),
        "since": Order("since"),
    },
)


def _reviews(queue: Callable[[Person, date], Any]) -> Callable[[Person], QuerySet[Any]]:
    return lambda person: with_answer(queue(person, timezone.localdate()))


def _reviews_shown(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    return rows.select_related("agency", "requester", "dossier")


REVIEWS = {
    name: Listing(
        "reviews",
        PurchaseFilter,
        _reviews(queue),
        _reviews_shown,
        (*PURCHASES.columns, plain(_("Due"), "due_on")),
        first=Order("since", descending=False),
        orders={**PURCHASES.orders, "due": Order("due_on", blank="null")},
    )
    for name, queue in REVIEW_QUEUES.items()
}


def _waivers(person: Person) -> QuerySet[Any]:
    return Waiver.objects.visible_to(person).on(timezone.localdate())


def _waivers_shown(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    return rows.select_related("agency", "requested_by")


def _named_rules() -> Words:
    """One query for each file."""
    rules = Rule.objects.select_related("version__policy")
    names = {rule.pk: f"{rule.version} {rule.code}" for rule in rules}
    return lambda pks: "; ".join(names[pk] for pk in pks)


def _named_builds() -> Words:
    """One query for each file."""
    names = {build.pk: str(build) for build in Build.objects.select_related("model")}
    return lambda pks: "; ".join(names[pk] for pk in pks)


YES_OR_NO = ((True, _("yes")), (False, _("no")))

WAIVERS = Listing(
    "waivers",
    WaiverFilter,
    _waivers,
    _waivers_shown,
    (
        worded(_("Waiver"), "id", waiver_name),
        localised(_("Agency"), "agency__name_en", "agency__name_local"),
        coded(_("Kind"), "kind", Waiver.Kind.choices),
        Column(_("Rules"), lambda: "rules", _named_rules),
        Column(_("Builds"), lambda: "builds", _named_builds),
        worded(_("Number of particular aircraft"), "drones", len),
        coded(_("For every mission"), "all_missions", YES_OR_NO),
        worded(_("Missions"), "missions", mission_names),
        plain(_("First day"), "valid_from"),
        plain(_("Last day"), "last_day"),
        coded(_("State"), "state", WaiverState.choices),
        localised(_("Asked for by"), "requested_by__name_en", "requested_by__name_local"),
        plain(_("Reason"), "reason"),
        plain(_("Conditions"), "conditions"),
    ),
    orders={
        "recorded": Order("id"),
        "begins": Order("valid_from"),
        "ends": Order("last_day"),
        "agency": Order("agency__code"),
    },
)
