"""How the interface is described in OpenAPI."""

from typing import Any

from django_filters import (
    BooleanFilter,
    Filter,
    ModelChoiceFilter,
    ModelMultipleChoiceFilter,
    MultipleChoiceFilter,
)
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiFilterExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from api.idempotency import HEADER, LONGEST_KEY, takes_key
from api.problems import MEDIA_TYPE

READING = (400, 401, 403, 404, 429)
WRITING = (*READING, 409, 413, 415, 422)


KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description=(
        "A name of your own for this change, such as a UUID. Sent again with the same body it answers the same bytes"
        " and does nothing more; with anything else it is refused (422). Kept for 24 hours."
    ),
)


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457. `errors` with 400, `guard` with 403 and 409, `differences` and `moves` with 409."""

    def get_fields(self) -> dict[str, Any]:
        """In a dictionary: some of these names mean something else to serializers."""
        sentences = serializers.ListField(child=serializers.CharField())
        objects = serializers.ListField(child=serializers.DictField(), required=False)
        return {
            "type": serializers.CharField(),
            "title": serializers.CharField(),
            "status": serializers.IntegerField(),
            "detail": serializers.CharField(),
            "errors": serializers.DictField(
                child=sentences,
                required=False,
                help_text="Sentences by the path of the field, such as lines.0.build.",
            ),
            "guard": serializers.CharField(required=False, help_text="What refused it."),
            "differences": objects,
            "moves": objects,
        }


class RegistrySchema(AutoSchema):
    """Every operation can also answer with a problem."""

    def get_tags(self) -> list[str]:
        """The noun after the version."""
        return [self.path.split("/")[3]]

    def get_override_parameters(self) -> list[Any]:
        return [KEY] if takes_key(self.method, self.view) else []

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code in READING if self.method == "GET" else WRITING:
            problem = self._get_response_for_code(  # type: ignore[no-untyped-call]  # has no types
                ProblemSerializer(), str(code), [MEDIA_TYPE]
            )
            bodies.setdefault(str(code), problem)
        return bodies


class FilterParameters(OpenApiFilterExtension):  # type: ignore[no-untyped-call]  # registers itself
    """The filters of a list as they are declared; nothing is guessed from models."""

    target_class = "api.filtering.StrictFilters"
    priority = 1

    def get_schema_operation_parameters(
        self, auto_schema: Any, *args: Any, **kwargs: Any
    ) -> list[dict[str, Any]]:
        view = auto_schema.view
        kind = self.target.get_filterset_class(view, view.queryset)
        return [
            _parameter(name, each) for name, each in (kind.base_filters if kind else {}).items()
        ]


def _parameter(name: str, filter_: Filter) -> dict[str, Any]:
    several = isinstance(filter_, MultipleChoiceFilter | ModelMultipleChoiceFilter)
    schema = _value_schema(filter_)
    return {
        "name": name,
        "in": "query",
        "description": str(filter_.extra.get("help_text") or filter_.label),
        "schema": {"type": "array", "items": schema} if several else schema,
    }


def _value_schema(filter_: Filter) -> dict[str, Any]:
    if isinstance(filter_, BooleanFilter):
        return {"type": "boolean"}
    if isinstance(filter_, ModelChoiceFilter | ModelMultipleChoiceFilter):
        return {"type": "string" if "to_field_name" in filter_.extra else "integer"}
    choices = filter_.extra.get("choices")
    if choices is None:
        return {"type": "string"}
    return {
        "type": "string",
        "enum": [code for code, _label in (choices() if callable(choices) else choices)],
    }


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made by `manage.py create_token`.",
        }
