"""Filters of the catalogue and of aircraft by what the registry knows; one set serves page, API and export."""

import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet, ModelChoiceFilter

from agencies.models import Agency, Person
from registry.models import Build, DroneModel, Vendor
from standards.asset_tags import AssetTagError, read_asset_tag
from standards.missions import MISSIONS

if TYPE_CHECKING:
    from registry.models import Drone


def reader_agencies(request: HttpRequest | None) -> QuerySet[Agency]:
    """The agencies whose rows the reader may see; none without a reader."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return Agency.objects.none()
    agencies = Agency.objects.all()
    return (
        agencies if person.scope.central else agencies.filter(pk__in=sorted(person.scope.agencies))
    )


def with_below(agencies: Iterable[Agency]) -> set[int]:
    """The ids of these bodies and of all below them: questions about a body mean its subtree. One query."""
    parents = dict(Agency.objects.values_list("pk", "parent_id"))
    wanted = {agency.pk for agency in agencies}

    def within(pk: int | None) -> bool:
        return pk is not None and (pk in wanted or within(parents[pk]))

    return {pk for pk in parents if within(pk)}


def mission_choices() -> list[tuple[str, str]]:
    return MISSIONS.choices(get_language() or "en")


def search_text(text: str) -> str:
    """As it is compared: full and half width made one, no spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def search_vendors(vendors: "QuerySet[Vendor]", text: str) -> "QuerySet[Vendor]":
    """Vendors one of whose names contains the text."""
    text = search_text(text)
    named = Vendor.objects.filter(names__name__icontains=text).values("pk")
    return vendors.filter(Q(name__icontains=text) | Q(name_local__icontains=text) | Q(pk__in=named))


def search_models(models: "QuerySet[DroneModel]", text: str) -> "QuerySet[DroneModel]":
    """Models whose own name or whose maker's name contains the text."""
    makers = search_vendors(Vendor.objects.all(), text).values("pk")
    text = search_text(text)
    return models.filter(
        Q(name__icontains=text) | Q(name_local__icontains=text) | Q(manufacturer__in=makers)
    )


def search_drones(drones: "QuerySet[Drone]", text: str) -> "QuerySet[Drone]":
    """Aircraft whose serial number, model or maker contains the text, or whose asset tag it is.

    The builds are looked up first (one query): conditions on the aircraft alone keep its indexes usable.
    """
    models = search_models(DroneModel.objects.all(), text)
    builds = list(Build.objects.filter(model__in=models.values("pk")).values_list("pk", flat=True))
    wanted = Q(serial_number__icontains=search_text(text)) | Q(build__in=builds)
    with suppress(AssetTagError):
        wanted |= Q(asset_tag=read_asset_tag(text))
    return drones.filter(wanted)


class VendorFilter(FilterSet):
    q = CharFilter(
        label=_("Search"), method="search", help_text=_("A name of the vendor, in any script.")
    )

    class Meta:
        model = Vendor
        fields: tuple[str, ...] = ()

    def search(self, vendors: "QuerySet[Vendor]", name: str, value: str) -> "QuerySet[Vendor]":
        return search_vendors(vendors, value)


class DroneModelFilter(FilterSet):
    q = CharFilter(
        label=_("Search"), method="search", help_text=_("A name of the model or of its maker.")
    )
    maker = ModelChoiceFilter(
        label=_("Maker"),
        field_name="manufacturer",
        queryset=Vendor.objects.filter(models__isnull=False).distinct(),
    )

    class Meta:
        model = DroneModel
        fields: tuple[str, ...] = ()

    def search(
        self, models: "QuerySet[DroneModel]", name: str, value: str
    ) -> "QuerySet[DroneModel]":
        return search_models(models, value)
