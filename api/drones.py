"""`/api/v1/drones/`: the aircraft of the reader's agencies."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Case, CharField, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Agency
from api.fields import Code, Codes, Day, Number, Related, code_of, text_of
from api.serializers import AgencyCode, BuildNameSerializer, StrictSerializer
from api.views import Records
from compliance.assess import refresh_drone
from compliance.filters import DroneFilter, drones_for_list
from compliance.models import StandingState
from procurement.errors import NotAllowed
from registry.drone_events import available_events
from registry.models import Build, Drone
from registry.models.drones import UNSURE_OF
from registry.permissions import may_change_drone, may_log_drones
from registry.refusals import as_refusal
from registry.services import log_drone
from standards.missions import MISSIONS

# `policy/version/rule` of the rule that decided the standing; null where none did.
RULE_KEY = Case(
    When(
        on_day__rule__isnull=False,
        then=Concat(
            "on_day__rule__version__policy__code",
            Value("/"),
            "on_day__rule__version__label",
            Value("/"),
            "on_day__rule__code",
            output_field=CharField(),
        ),
    )
)


BY_EVENT = ("status", "custodian_name")
"""Given when an aircraft is logged; afterwards they follow from its events."""
STAYS = (*BY_EVENT, "agency")


class StandingSerializer(serializers.Serializer[Drone]):
    """What the aircraft may do today, until when, and by which rule (`policy/version/rule`)."""

    state = serializers.ChoiceField(StandingState.choices, source="standing_state")
    by = serializers.DateField(source="standing_by", allow_null=True)
    rule = serializers.CharField(source="standing_rule", allow_null=True)
    without_waivers = serializers.ChoiceField(StandingState.choices, source="standing_without")


class DroneSerializer(StrictSerializer):
    """One aircraft."""

    id = serializers.UUIDField(read_only=True)
    airframe = serializers.UUIDField(read_only=True)
    agency = AgencyCode()
    build = Related(queryset=Build.objects.select_related("model"))
    built_as = BuildNameSerializer(source="build", read_only=True)
    serial_number = text_of(Drone, "serial_number", required=False)
    serial_missing_because = text_of(Drone, "serial_missing_because", required=False)
    asset_tag = serializers.CharField(source="tag", read_only=True)
    status = code_of(Drone, "status", required=False)
    registration_id = text_of(Drone, "registration_id", required=False)
    missions = Codes(child=Code(choices=MISSIONS.choices("en")), required=False)
    custodian = serializers.CharField(source="custodian_label", read_only=True)
    custodian_name = text_of(Drone, "custodian_name", required=False)
    place = text_of(Drone, "place", required=False)
    lent_to = serializers.CharField(read_only=True)
    lent_until = serializers.DateField(read_only=True)
    firmware = text_of(Drone, "firmware", required=False)
    flight_hours = serializers.DecimalField(
        8, 1, required=False, allow_null=True, min_value=0, coerce_to_string=False
    )
    acquired_on = Day(required=False, allow_null=True)
    acquired_how = code_of(Drone, "acquired_how", required=False)
    price = Number(required=False, allow_null=True, min_value=0, max_value=2**63 - 1)
    currency = text_of(Drone, "currency", required=False)
    price_given = code_of(Drone, "price_given", required=False)
    unsure = Codes(child=Code(choices=[(name, name) for name in UNSURE_OF]), required=False)
    note = text_of(Drone, "note", required=False, lines=True)
    last_confirmed_on = serializers.DateField(read_only=True)
    recorded_at = serializers.DateTimeField(read_only=True)
    standing = StandingSerializer(source="*", read_only=True)

    def validate_acquired_on(self, day: date | None) -> date | None:
        if day and day > timezone.localdate():
            raise serializers.ValidationError(
                _("An aircraft cannot have been acquired in the future.")
            )
        return day

    def validate_agency(self, agency: Agency) -> Agency:
        if self.instance is not None and self.instance.agency_id != agency.pk:
            raise serializers.ValidationError(_("An aircraft stays with its agency."))
        return agency

    def create(self, validated_data: Mapping[str, Any]) -> Drone:
        agency = validated_data["agency"]
        if not may_log_drones(self.person, agency.pk):
            raise NotAllowed("role", _("Only a custodian logs aircraft."))
        return log_drone(drone=Drone(**validated_data), today=timezone.localdate())

    def update(self, instance: Drone, validated_data: Mapping[str, Any]) -> Drone:
        """Stores only what was sent, so that two who change different fields do not undo each other."""
        given = {name: value for name, value in validated_data.items() if name not in STAYS}
        for name, value in given.items():
            setattr(instance, name, value)
        instance.full_clean()
        try:
            with transaction.atomic():
                instance.save(update_fields=list(given))
        except DatabaseError as error:
            raise as_refusal(error) from error
        return instance

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What follows from events may be sent as it is, and is not changed here."""
        changed = [
            name
            for name in BY_EVENT
            if name in attrs
            and self.instance is not None
            and attrs[name] != getattr(self.instance, name)
        ]
        if changed:
            raise serializers.ValidationError(
                {
                    name: _(
                        "This follows from what happens to the aircraft: record it on its page."
                    )
                    for name in changed
                }
            )
        return attrs


class DroneDetailSerializer(DroneSerializer):
    """One aircraft with what the reader may record of it now; `events_made` is the `seen` of that."""

    events_made = serializers.IntegerField(read_only=True)
    available_actions = serializers.SerializerMethodField()

    def get_available_actions(self, drone: Drone) -> list[str]:
        return [str(each) for each in available_events(drone, self.person)]


@extend_schema_view(
    list=extend_schema(
        summary="List aircraft", description="The aircraft that the reader may see, newest first."
    ),
    retrieve=extend_schema(summary="Read one aircraft", responses={200: DroneDetailSerializer}),
)
class DroneViewSet(ListModelMixin, RetrieveModelMixin, Records[Drone]):
    serializer_class = DroneSerializer
    filterset_class = DroneFilter
    queryset = Drone.objects.all()

    def get_serializer_class(self) -> Any:
        return DroneSerializer if self.action == "list" else DroneDetailSerializer

    def get_queryset(self) -> QuerySet[Drone]:
        listed = drones_for_list(self.person, timezone.localdate())
        return listed.annotate(standing_rule=RULE_KEY)

    @extend_schema(
        summary="Log an aircraft",
        description="By a custodian of the agency. Its standing is worked out at once.",
        request=DroneSerializer,
        responses={201: DroneDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self._answer(serializer.save(), 201)

    @extend_schema(
        summary="Change an aircraft",
        description="By a custodian of its agency. Only the fields sent are changed.",
        request=DroneSerializer,
        responses={200: DroneDetailSerializer},
    )
    def partial_update(self, request: Request, pk: UUID) -> Response:
        drone = self.get_object()
        if not may_change_drone(self.person, drone):
            raise NotAllowed("role", _("Only a custodian of its agency changes an aircraft."))
        serializer = self.get_serializer(drone, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        return self._answer(serializer.save(), 200)

    def _answer(self, drone: Drone, status: int) -> Response:
        refresh_drone(drone)
        stored = self.get_queryset().get(pk=drone.pk)
        return Response(self.get_serializer(stored).data, status=status)
