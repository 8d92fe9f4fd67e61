"""What bodies have in common: only names that can be written, each with its own sentence when wrong."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from agencies.models import Agency, Person
from api.fields import RelatedByCode
from api.permissions import person_of
from registry.filters import reader_agencies
from registry.models import Build, DroneModel, Vendor


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses names it does not know and names that are only read: nothing sent is left out silently."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            if wrong := {
                name: [self._refusal(name, writable)] for name in data if name not in writable
            }:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)

    def _refusal(self, name: str, writable: set[str]) -> str:
        if name in self.fields:
            return _("This is read here and not written.")
        return _("There is no such field; there are: %(known)s.") % {
            "known": ", ".join(sorted(writable))
        }

    @property
    def person(self) -> Person:
        request: Request = self.context["request"]
        return person_of(request)


@extend_schema_field(OpenApiTypes.STR)
class AgencyCode(RelatedByCode):
    """An agency by its code, out of those whose records the reader may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", **kwargs)

    def get_queryset(self) -> QuerySet[Agency]:
        return reader_agencies(self.context.get("request"))


class MakerSerializer(serializers.Serializer[Vendor]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_local = serializers.CharField()


class ModelNameSerializer(serializers.Serializer[DroneModel]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_local = serializers.CharField()
    maker = MakerSerializer(source="manufacturer")


class BuildNameSerializer(serializers.Serializer[Build]):
    """A build with the names of what it is one of."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    configuration_known = serializers.BooleanField()
    model = ModelNameSerializer()
