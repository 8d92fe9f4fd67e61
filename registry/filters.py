"""Filters of the catalogue, and of aircraft by what the registry knows; one set serves page, API and export."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_filters import CharFilter, ChoiceFilter

from agencies.models import Agency, Person
from registry.filtering import Blank, LightSelect, ListFilterSet, RecordFilter, Strict
from registry.models import Build, Component, DroneModel, Vendor
from registry.search import (
    controlled_from,
    search_builds,
    search_models,
    search_text,
    search_vendors,
)
from standards.component_roles import ROLES
from standards.missions import MISSIONS

__all__ = [
    "BuildFilter",
    "DroneModelFilter",
    "VendorFilter",
    "country_choices",
    "mission_choices",
    "reader_agencies",
    "role_choices",
    "search_text",
    "with_below",
]

PART_COUNTRIES = ("made_in", "developed_in", "data_stored_in", "administered_from")


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


def role_choices() -> list[tuple[str, str]]:
    return ROLES.choices(get_language() or "en")


def country_choices() -> list[tuple[str, str]]:
    """Every country by its name in the reader's language."""
    return _countries(get_language() or "en")


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    """Sorted once for each language: the list of names does not change."""
    with override(language):
        return [(str(code), str(name)) for code, name in countries]


def makers() -> "QuerySet[Vendor]":
    return Vendor.objects.filter(models__isnull=False).distinct()


def of_country(vendor: str, code: str) -> Q:
    """Vendors, at the end of this path, that are incorporated or have their headquarters there."""
    prefix = f"{vendor}__" if vendor else ""
    return Q(**{f"{prefix}incorporated_in__contains": [code]}) | Q(
        **{f"{prefix}headquartered_in__contains": [code]}
    )


def with_parts(*, country: str, role: str) -> "QuerySet[Any, Any]":
    """The ids of builds with a part of this role that is made, developed, keeps data or is run there."""
    parts = Component.objects.all()
    if role:
        parts = parts.filter(role=role)
    if country:
        somewhere = Q()
        for meaning in PART_COUNTRIES:
            somewhere |= Q(**{f"{meaning}__contains": [country]})
        parts = parts.filter(somewhere)
    return Build.objects.filter(pk__in=parts.values("build")).values("pk")


class OriginFilters(ListFilterSet):
    """Questions about where builds come from; `build_path` leads from a row to its build."""

    build_path = ""
    maker_country = ChoiceFilter(
        label=_("Maker's country"),
        method="with_maker_country",
        choices=country_choices,
        widget=LightSelect,
        help_text=_("Where the maker is incorporated or has its headquarters."),
    )
    controlled_from = ChoiceFilter(
        label=_("Maker controlled from"),
        method="with_control",
        choices=country_choices,
        widget=LightSelect,
        help_text=_("The maker is domiciled there, or held by half or more by somebody who is."),
    )
    assembled_in = ChoiceFilter(
        label=_("Assembled in"),
        method="with_assembly",
        choices=country_choices,
        widget=LightSelect,
    )
    part_country = ChoiceFilter(
        label=_("Country of a part"),
        method="with_part_country",
        choices=country_choices,
        widget=LightSelect,
        help_text=_("Made or developed there, keeps data there or is run from there."),
    )
    part_role = ChoiceFilter(
        label=_("Kind of the part"),
        method="with_part_role",
        choices=role_choices,
        widget=LightSelect,
    )

    def path(self, *names: str) -> str:
        return "__".join(name for name in (self.build_path, *names) if name)

    def with_maker_country(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        models = DroneModel.objects.filter(of_country("manufacturer", value)).values("pk")
        return rows.filter(**{f"{self.path('model')}__in": models})

    def with_control(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        models = DroneModel.objects.filter(manufacturer__in=controlled_from(value)).values("pk")
        return rows.filter(**{f"{self.path('model')}__in": models})

    def with_assembly(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        builds = Build.objects.filter(assembled_in__contains=[value]).values("pk")
        return rows.filter(**{f"{self.path('pk')}__in": builds})

    def with_part_country(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        """Country and kind are asked of the same part."""
        role = self.form.cleaned_data.get("part_role", "")
        return rows.filter(**{f"{self.path('pk')}__in": with_parts(country=value, role=role)})

    def with_part_role(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        if self.form.cleaned_data.get("part_country"):
            return rows
        return rows.filter(**{f"{self.path('pk')}__in": with_parts(country="", role=value)})


VENDOR_BLANKS = {
    "name_local": (_("Name in its own script"), Q(name_local="")),
    "incorporated_in": (_("Country of incorporation"), Q(incorporated_in__isnull=True)),
    "headquartered_in": (_("Country of headquarters"), Q(headquartered_in__isnull=True)),
    "declaration": (_("Declaration"), Q(declaration__isnull=True)),
    "verified_by": (_("Checked by a steward"), Q(verified_by__isnull=True)),
}
MODEL_BLANKS = {
    "weight_g": (_("Weight"), Q(weight_g__isnull=True)),
    "mtow_g": (_("Maximum take-off weight"), Q(mtow_g__isnull=True)),
    "price_guide_yen": (_("Price guide"), Q(price_guide_yen__isnull=True)),
    "verified_by": (_("Checked by a steward"), Q(verified_by__isnull=True)),
}
BUILD_BLANKS = {
    "assembled_in": (_("Place of final assembly"), Q(assembled_in__isnull=True)),
    "design": (_("Origin of the design"), Q(design_known=False)),
    "declaration": (_("Declaration"), Q(declaration__isnull=True)),
    "verified_by": (_("Checked by a steward"), Q(verified_by__isnull=True)),
}


class VendorFilter(ListFilterSet):
    first = ("q", "country", "controlled_from", "makes")
    q = CharFilter(
        label=_("Search"), method="search", help_text=_("A name of the vendor, in any script.")
    )
    country = ChoiceFilter(
        label=_("Country"), method="of_country", choices=country_choices, widget=LightSelect
    )
    controlled_from = ChoiceFilter(
        label=_("Controlled from"),
        method="with_control",
        choices=country_choices,
        widget=LightSelect,
        help_text=_("Domiciled there, or held by half or more by somebody who is."),
    )
    makes = ChoiceFilter(
        label=_("Makes"),
        method="that_make",
        choices=[("models", _("drone models")), ("components", _("components"))],
    )
    empty = Blank(VENDOR_BLANKS, recorded=False)
    filled = Blank(VENDOR_BLANKS, recorded=True)

    class Meta(Strict):
        model = Vendor

    def search(self, vendors: "QuerySet[Vendor]", name: str, value: str) -> "QuerySet[Vendor]":
        return search_vendors(vendors, value)

    def of_country(self, vendors: "QuerySet[Vendor]", name: str, value: str) -> "QuerySet[Vendor]":
        return vendors.filter(of_country("", value))

    def with_control(
        self, vendors: "QuerySet[Vendor]", name: str, value: str
    ) -> "QuerySet[Vendor]":
        return vendors.filter(pk__in=controlled_from(value))

    def that_make(self, vendors: "QuerySet[Vendor]", name: str, value: str) -> "QuerySet[Vendor]":
        made = {
            "models": DroneModel.objects.values("manufacturer"),
            "components": Component.objects.filter(maker__isnull=False).values("maker"),
        }
        return vendors.filter(pk__in=made[value])


class DroneModelFilter(ListFilterSet):
    first = ("q", "maker", "maker_country")
    q = CharFilter(
        label=_("Search"), method="search", help_text=_("A name of the model or of its maker.")
    )
    maker = RecordFilter(label=_("Maker"), field_name="manufacturer", queryset=makers())
    maker_country = ChoiceFilter(
        label=_("Maker's country"),
        method="with_maker_country",
        choices=country_choices,
        widget=LightSelect,
    )
    empty = Blank(MODEL_BLANKS, recorded=False)
    filled = Blank(MODEL_BLANKS, recorded=True)

    class Meta(Strict):
        model = DroneModel

    def search(
        self, models: "QuerySet[DroneModel]", name: str, value: str
    ) -> "QuerySet[DroneModel]":
        return search_models(models, value)

    def with_maker_country(
        self, models: "QuerySet[DroneModel]", name: str, value: str
    ) -> "QuerySet[DroneModel]":
        return models.filter(of_country("manufacturer", value))


class BuildFilter(OriginFilters):
    first = ("q", "model", "maker", "part_country", "part_role")
    q = CharFilter(
        label=_("Search"),
        method="search",
        help_text=_("A name of the build, of its model or of its maker."),
    )
    model = RecordFilter(label=_("Model"), queryset=DroneModel.objects.all(), listed=False)
    maker = RecordFilter(label=_("Maker"), field_name="model__manufacturer", queryset=makers())
    configuration = ChoiceFilter(
        label=_("Configuration"),
        method="with_configuration",
        choices=[("known", _("known")), ("not_known", _("not known"))],
        widget=forms.Select,
    )
    empty = Blank(BUILD_BLANKS, recorded=False)
    filled = Blank(BUILD_BLANKS, recorded=True)

    class Meta(Strict):
        model = Build

    def search(self, builds: "QuerySet[Build]", name: str, value: str) -> "QuerySet[Build]":
        return search_builds(builds, value)

    def with_configuration(
        self, builds: "QuerySet[Build]", name: str, value: str
    ) -> "QuerySet[Build]":
        return builds.filter(configuration_known=value == "known")
