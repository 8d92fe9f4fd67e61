"""Read-only: models, builds, vendors and agencies, so that the ids which bodies name can be found."""

from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from agencies.models import Agency, Disclosure
from api.serializers import BuildNameSerializer, MakerSerializer
from api.views import Records
from registry.filters import DroneModelFilter, VendorFilter, reader_agencies
from registry.models import (
    Attribute,
    Build,
    CatalogueRecord,
    Component,
    DroneModel,
    Measure,
    Vendor,
    VendorIdentifier,
)
from standards.attributes import ATTRIBUTES
from standards.component_roles import ROLE_CHOICES
from standards.identifiers import ORGANISATION_SCHEMES
from standards.measures import MEASURES

COUNTRIES = "ISO 3166-1 codes; null: not known."


def _countries() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text=COUNTRIES
    )


class Verified(serializers.BooleanField):
    """Whether a steward who did not claim it has checked it."""

    def __init__(self) -> None:
        super().__init__(read_only=True)

    def get_attribute(self, instance: CatalogueRecord) -> bool:
        return instance.verified_by_id is not None


class IdentifierSerializer(serializers.Serializer[VendorIdentifier]):
    """The number of a vendor in a register."""

    scheme = serializers.ChoiceField([(each.code, each.en) for each in ORGANISATION_SCHEMES])
    value = serializers.CharField()
    verified = Verified()


class VendorSerializer(MakerSerializer):
    """A company or body: maker, supplier, owner or designer. One with `merged_into` is a redirect."""

    identifiers = IdentifierSerializer(many=True)
    ultimate = serializers.BooleanField(
        help_text="A person, a state or another body that nobody can own."
    )
    merged_into = MakerSerializer(allow_null=True)

    incorporated_in = _countries()
    headquartered_in = _countries()
    verified = Verified()


class DroneModelSerializer(serializers.Serializer[DroneModel]):
    """What a maker sells under a name. Origin belongs to its builds."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    name_local = serializers.CharField()
    maker = MakerSerializer(source="manufacturer")
    weight_g = serializers.IntegerField(allow_null=True)
    mtow_g = serializers.IntegerField(allow_null=True)
    endurance_min = serializers.IntegerField(allow_null=True)
    price_guide_yen = serializers.IntegerField(allow_null=True)
    verified = Verified()


class ComponentSerializer(serializers.Serializer[Component]):
    """A part of a build, with each meaning of "country" apart."""

    role = serializers.ChoiceField(ROLE_CHOICES)
    part = serializers.CharField()
    maker = MakerSerializer(allow_null=True)
    made_in = _countries()
    developed_in = _countries()
    data_stored_in = _countries()
    administered_from = _countries()
    verified = Verified()


class MeasureSerializer(serializers.Serializer[Measure]):
    """A security measure; `claimed` null: not known."""

    measure = serializers.ChoiceField([(each.code, each.en) for each in MEASURES])
    claimed = serializers.BooleanField(allow_null=True)
    verified = Verified()


class AttributeSerializer(serializers.Serializer[Attribute]):
    """A quantity between two bounds, or a yes or no; null: not known."""

    attribute = serializers.ChoiceField([(each.code, each.en) for each in ATTRIBUTES])
    low = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    high = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    present = serializers.BooleanField(allow_null=True)
    verified = Verified()


class BuildSerializer(BuildNameSerializer):
    """One configuration of a model with its parts."""

    assembled_in = _countries()
    not_fitted = serializers.ListField(child=serializers.CharField())
    design_known = serializers.BooleanField()
    design_licensed_from = MakerSerializer(allow_null=True)
    components = ComponentSerializer(many=True)
    measures = MeasureSerializer(many=True)
    attributes = AttributeSerializer(many=True)
    verified = Verified()


class ToldSerializer(serializers.Serializer[Any]):
    """Number of aircraft and prices: exact, approximate or withheld; about how many, as of when, and why."""

    aircraft = serializers.ChoiceField(Disclosure.Given.choices)
    about = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateField(allow_null=True)
    prices = serializers.ChoiceField(Disclosure.Given.choices)
    basis = serializers.CharField()


class AgencySerializer(serializers.Serializer[Agency]):
    """A government body whose records the reader may see. `parent` is a code.

    `told` is what it tells the centre of its aircraft; null: everything.
    """

    code = serializers.SlugField()
    kind = serializers.ChoiceField(Agency.Kind.choices)
    name_en = serializers.CharField()
    name_local = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """`parent` is a word of serializers too."""
        superior = serializers.CharField(source="parent.code", allow_null=True)
        return {**super().get_fields(), "parent": superior, "told": ToldSerializer(allow_null=True)}


@extend_schema_view(
    list=extend_schema(summary="List vendors"), retrieve=extend_schema(summary="Read one vendor")
)
class VendorViewSet(ListModelMixin, RetrieveModelMixin, Records[Vendor]):
    serializer_class = VendorSerializer
    filterset_class = VendorFilter
    queryset = Vendor.objects.select_related("merged_into").prefetch_related("identifiers")

    def get_queryset(self) -> QuerySet[Vendor]:
        """The list leaves out merged records; one that is asked for by its number says where it went."""
        rows = super().get_queryset()
        return rows.filter(merged_into=None) if self.action == "list" else rows


@extend_schema_view(
    list=extend_schema(summary="List drone models"),
    retrieve=extend_schema(summary="Read one model"),
)
class DroneModelViewSet(ListModelMixin, RetrieveModelMixin, Records[DroneModel]):
    serializer_class = DroneModelSerializer
    filterset_class = DroneModelFilter
    queryset = DroneModel.objects.select_related("manufacturer")


@extend_schema_view(
    list=extend_schema(summary="List builds"), retrieve=extend_schema(summary="Read one build")
)
class BuildViewSet(ListModelMixin, RetrieveModelMixin, Records[Build]):
    serializer_class = BuildSerializer
    filterset_fields = ("model",)
    queryset = Build.objects.select_related(
        "model__manufacturer", "design_licensed_from"
    ).prefetch_related(
        Prefetch("components", Component.objects.select_related("maker")), "measures", "attributes"
    )


@extend_schema_view(
    list=extend_schema(summary="List agencies"), retrieve=extend_schema(summary="Read one agency")
)
class AgencyViewSet(ListModelMixin, RetrieveModelMixin, Records[Agency]):
    serializer_class = AgencySerializer
    lookup_field = "code"
    queryset = Agency.objects.select_related("parent")

    def get_queryset(self) -> QuerySet[Agency]:
        said = Disclosure.objects.visible_to(self.person).filter(agency=OuterRef("pk"))
        names = ("aircraft", "about", "as_of", "prices", "basis")
        told = said.values(told=JSONObject(**{name: name for name in names}))
        return (
            reader_agencies(self.request).select_related("parent").annotate(told=Subquery(told[:1]))
        )
