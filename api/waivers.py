"""`/api/v1/waivers/`: exceptions from rules that concern the reader's agencies, to be read."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from api.views import Records
from compliance.models import Waiver, WaiverDecision, WaiverState, WaiverStep
from compliance.waiver_filters import WaiverFilter, waivers_for_list
from policy.models import Rule
from registry.models import Drone


class WaiverDecisionSerializer(serializers.Serializer[WaiverDecision]):
    """A step that somebody took."""

    no = serializers.IntegerField()
    step = serializers.ChoiceField(WaiverStep.choices)
    by = serializers.CharField(source="actor.email")
    reason = serializers.CharField()
    ends_from = serializers.DateField(allow_null=True)
    at = serializers.DateTimeField()


class WaiverSerializer(serializers.Serializer[Waiver]):
    """An exception, in force from `valid_from` through `last_day` when its state of today is `valid`."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="__str__", help_text="What it is called, as W-3F9A21CD.")
    agency = serializers.CharField(
        source="agency.code", help_text="The body it is granted to; it covers all below it too."
    )
    state = serializers.ChoiceField(WaiverState.choices)
    kind = serializers.ChoiceField(Waiver.Kind.choices)
    rules = serializers.SerializerMethodField(help_text="`policy/version/rule`.")
    builds = serializers.ListField(child=serializers.IntegerField())
    drones = serializers.SerializerMethodField(
        help_text="Of the particular aircraft named, those that you may see."
    )
    all_missions = serializers.BooleanField()
    missions = serializers.ListField(child=serializers.CharField())
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(help_text="As it was asked for.")
    last_day = serializers.DateField(help_text="The day before it was ended early, if it was.")
    reason = serializers.CharField()
    conditions = serializers.CharField()
    extends = serializers.UUIDField(source="extends_id", allow_null=True)
    requested_by = serializers.CharField(source="requested_by.email")
    requested_at = serializers.DateTimeField()
    decisions = WaiverDecisionSerializer(many=True, source="listed_decisions")

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_rules(self, waiver: Waiver) -> list[str]:
        keys: dict[int, str] = self.context["rule_keys"]
        return [keys[pk] for pk in waiver.rules]

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}})
    def get_drones(self, waiver: Waiver) -> list[str]:
        seen: set[UUID] = self.context["drones_seen"]
        return [str(pk) for pk in waiver.drones if pk in seen]


@extend_schema_view(
    list=extend_schema(
        summary="List waivers",
        description="Those granted to, or asked for, the reader's agencies or a body above them, newest first.",
    ),
    retrieve=extend_schema(summary="Read one waiver"),
)
class WaiverViewSet(ListModelMixin, RetrieveModelMixin, Records[Waiver]):
    serializer_class = WaiverSerializer
    filterset_class = WaiverFilter
    queryset = Waiver.objects.all()

    def get_queryset(self) -> QuerySet[Waiver]:
        decisions = WaiverDecision.objects.visible_to(self.person).select_related("actor")
        rows = waivers_for_list(self.person, timezone.localdate())
        return rows.prefetch_related(
            Prefetch("decisions", queryset=decisions, to_attr="listed_decisions")
        )

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With the names behind the ids of all rows at once: two queries."""
        if not args:
            return super().get_serializer(**kwargs)
        rows: list[Waiver] = list(args[0]) if kwargs.get("many") else [args[0]]
        context = {**self.get_serializer_context(), **self._named(rows)}
        return super().get_serializer(*args, **kwargs, context=context)

    def _named(self, rows: list[Waiver]) -> dict[str, Any]:
        rules = Rule.objects.filter(pk__in={pk for row in rows for pk in row.rules})
        drones = Drone.objects.visible_to(self.person).order_by()
        named = {pk for row in rows for pk in row.drones}
        return {
            "rule_keys": {
                rule.pk: f"{rule.version.policy.code}/{rule.version.label}/{rule.code}"
                for rule in rules.select_related("version__policy")
            },
            "drones_seen": set(drones.filter(pk__in=named).values_list("pk", flat=True)),
        }
