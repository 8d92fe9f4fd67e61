"""What happens to an aircraft: `/drones/<id>/events/`, `/drones/<id>/actions/<action>/` and `/transfers/`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Agency, Membership, Person
from api.drones import DroneDetailSerializer, DroneViewSet
from api.fields import Code, Codes, Day, Number, Related, RelatedByCode, Text, text_of
from api.serializers import BuildNameSerializer, StrictSerializer
from api.views import Records
from compliance.assess import refresh_drone
from registry.drone_events import ELSEWHERE, Report, record
from registry.models import (
    Build,
    Drone,
    DroneEvent,
    IncomingTransfer,
    TransferOffer,
    TransferStatus,
)
from registry.refusals import NotNow
from registry.transfers import Place, accept, decline, offer, withdraw
from registry.transitions import BY_OFFER, TRANSITIONS, Action
from standards.component_roles import ROLES
from standards.missions import MISSIONS

GIVING = (Action.OFFER, Action.WITHDRAW_OFFER)
"""Taken by the giver through the functions of transfers; the other steps are events."""
STEPS = {
    each.action.value: each.action
    for each in TRANSITIONS
    if (each.roles != BY_OFFER and each.action not in ELSEWHERE) or each.action in GIVING
}
ALWAYS = frozenset({"seen", "on", "reason"})
TAKES: Mapping[str, frozenset[str]] = {
    Action.HAND_OVER: frozenset({"custodian", "custodian_name"}),
    Action.LEND: frozenset({"lent_to", "lent_until"}),
    Action.PROLONG: frozenset({"lent_to", "lent_until"}),
    Action.SWAP: frozenset({"build_to", "component_role"}),
    Action.DISPOSE: frozenset({"sanitised", "sanitisation_record"}),
    Action.OFFER: frozenset({"to"}),
}
"""What a step takes beside what all take."""


class ReportSerializer(StrictSerializer):
    """What is reported. `seen` is `events_made` of the aircraft as you read it; `reason` is the message of an offer."""

    seen = Number(min_value=0)
    on = Day(required=False, help_text="When it happened; today unless said.")
    reason = Text(required=False, allow_blank=True, lines=True, max_length=2000)
    custodian = serializers.EmailField(
        required=False, help_text="Somebody with a role at the agency."
    )
    custodian_name = text_of(DroneEvent, "custodian_name", required=False)
    lent_to = text_of(DroneEvent, "lent_to", required=False)
    lent_until = Day(required=False)
    build_to = Related(queryset=Build.objects.all(), required=False)
    component_role = text_of(
        DroneEvent, "component_role", required=False, help_text="A role as components have it."
    )
    sanitised = Code(choices=DroneEvent.Sanitisation.choices, required=False)
    sanitisation_record = text_of(DroneEvent, "sanitisation_record", required=False)
    to = RelatedByCode(slug_field="code", queryset=Agency.objects.all(), required=False)

    def validate_custodian(self, email: str) -> Person:
        today = timezone.localdate()
        posts = Membership.objects.visible_to(self.person).filter(
            Q(until__isnull=True) | Q(until__gt=today),
            agency=self.context["drone"].agency_id,
            since__lte=today,
        )
        found = Person.objects.filter(email__iexact=email, pk__in=posts.values("person")).first()
        if found is None:
            raise serializers.ValidationError(
                _("Nobody with this address has a role at the agency of the aircraft today.")
            )
        return found

    def validate_component_role(self, role: str) -> str:
        if role not in ROLES.codes:
            known = ", ".join(ROLES.codes)
            raise serializers.ValidationError(_("Give one of: %(known)s.") % {"known": known})
        return role

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A step takes what it needs and nothing else."""
        step = self.context["step"]
        takes = TAKES.get(step, frozenset())
        if wrong := sorted(set(attrs) - ALWAYS - takes):
            raise serializers.ValidationError(
                {name: [_("This step does not take it.")] for name in wrong}
            )
        if step == Action.OFFER and "to" not in attrs:
            raise serializers.ValidationError({"to": [_("Name the agency by its code.")]})
        return attrs


class DroneEventSerializer(serializers.Serializer[DroneEvent]):
    """One thing that happened to the aircraft. `no` counts from 1."""

    no = serializers.IntegerField()
    action = serializers.ChoiceField(DroneEvent.Action.choices)
    happened_on = serializers.DateField()
    at = serializers.DateTimeField()
    actor = serializers.EmailField(source="actor.email", default=None, allow_null=True)
    by_order = serializers.BooleanField()
    reason = serializers.CharField()
    custodian = serializers.EmailField(source="custodian.email", default=None, allow_null=True)
    custodian_name = serializers.CharField()
    lent_to = serializers.CharField()
    lent_until = serializers.DateField(allow_null=True)
    build_from = serializers.IntegerField(source="build_from_id", allow_null=True)
    build_to = serializers.IntegerField(source="build_to_id", allow_null=True)
    component_role = serializers.CharField()
    sanitised = serializers.CharField()
    sanitisation_record = serializers.CharField()
    other_agency = serializers.SlugField(source="other_agency.code", default=None, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        return {
            **super().get_fields(),
            "from": serializers.ChoiceField(Drone.Status.choices, source="from_status"),
            "to": serializers.ChoiceField(Drone.Status.choices, source="to_status"),
        }


class DroneEventViewSet(DroneViewSet):
    """What happened to one aircraft, and recording more."""

    @extend_schema(
        summary="Read what happened to an aircraft",
        description="All of it, newest first.",
        responses={200: DroneEventSerializer(many=True)},
        filters=False,
    )
    def events(self, request: Request, pk: UUID) -> Response:
        drone = get_object_or_404(Drone.objects.visible_to(self.person), pk=pk)
        rows = drone.events.visible_to(self.person).order_by("-no")
        joined = rows.select_related("actor", "custodian", "other_agency")
        return Response([DroneEventSerializer(each).data for each in joined])

    @extend_schema(
        summary="Record what happened to an aircraft",
        description="403 when you may not, 409 when it is not possible now or something happened since `seen`:"
        " the same body sent twice is recorded once.",
        parameters=[OpenApiParameter("step", str, OpenApiParameter.PATH, enum=list(STEPS))],
        request=ReportSerializer,
        responses={200: DroneDetailSerializer},
    )
    def take_step(self, request: Request, pk: UUID, step: str) -> Response:
        drone = get_object_or_404(Drone.objects.visible_to(self.person), pk=pk)
        if step not in STEPS:
            raise Http404
        context = {**self.get_serializer_context(), "drone": drone, "step": step}
        serializer = ReportSerializer(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        given = dict(serializer.validated_data)
        self._happen(drone, STEPS[step], given.pop("seen"), given)
        return self._answer(Drone.objects.visible_to(self.person).get(pk=pk), 200)

    def _happen(
        self, drone: Drone, step: DroneEvent.Action, seen: int, given: dict[str, Any]
    ) -> None:
        if step is Action.OFFER:
            said = given.get("reason", "")
            offer(drone=drone, seen=seen, to=given["to"], message=said, by=self.person)
        elif step is Action.WITHDRAW_OFFER:
            offers = TransferOffer.objects.visible_to(self.person)
            offered = offers.filter(drone=drone, status=TransferStatus.OPEN).first()
            if offered is None:
                raise NotNow("offer_closed")
            withdraw(offer_id=offered.pk, reason=given.get("reason", ""), by=self.person)
        else:
            record(step, drone.pk, by=self.person, seen=seen, report=Report(**given))


class TransferSerializer(serializers.Serializer[IncomingTransfer]):
    """An aircraft that another agency offers to one of yours: what is needed to consent."""

    id = serializers.UUIDField()
    agency = serializers.SlugField(source="agency.code")
    status = serializers.ChoiceField(TransferStatus.choices)
    message = serializers.CharField()
    answer = serializers.CharField()
    offered_at = serializers.DateTimeField()
    built_as = BuildNameSerializer(source="build")
    serial_number = serializers.CharField()
    firmware = serializers.CharField()
    flight_hours = serializers.DecimalField(8, 1, allow_null=True, coerce_to_string=False)
    grounded = serializers.BooleanField()
    drone = serializers.UUIDField(
        source="drone_id", allow_null=True, help_text="Yours, once it was accepted."
    )

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.SlugField(source="from_agency.code")}


class AnswerSerializer(StrictSerializer):
    """`accept` takes what it will be used for and where it will stand, `decline` the reason."""

    missions = Codes(child=Code(choices=MISSIONS.choices("en")), required=False)
    place = text_of(Drone, "place", required=False)
    reason = Text(required=False, allow_blank=True, lines=True, max_length=2000)


@extend_schema_view(
    list=extend_schema(summary="List aircraft that other agencies offer", filters=False),
    retrieve=extend_schema(summary="Read one offer"),
)
class TransferViewSet(ListModelMixin, RetrieveModelMixin, Records[IncomingTransfer]):
    serializer_class = TransferSerializer
    queryset = IncomingTransfer.objects.all()

    def get_queryset(self) -> QuerySet[IncomingTransfer]:
        return IncomingTransfer.objects.visible_to(self.person).select_related(
            "agency", "from_agency", "build__model__manufacturer"
        )

    @extend_schema(
        summary="Accept or decline an aircraft",
        description="By a custodian of the agency that it is offered to, and not by who offered it.",
        parameters=[
            OpenApiParameter("step", str, OpenApiParameter.PATH, enum=["accept", "decline"])
        ],
        request=AnswerSerializer,
        responses={200: TransferSerializer},
    )
    def take_step(self, request: Request, pk: UUID, step: str) -> Response:
        offered = get_object_or_404(self.get_queryset(), pk=pk)
        if step not in ("accept", "decline"):
            raise Http404
        serializer = AnswerSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        if step == "accept":
            settled = Place(given.get("missions", ()), given.get("place", ""))
            row = accept(offer_id=offered.pk, settled=settled, by=self.person)
            refresh_drone(Drone.objects.visible_to(self.person).get(pk=row))
        else:
            decline(offer_id=offered.pk, reason=given.get("reason", ""), by=self.person)
        return Response(self.get_serializer(self.get_queryset().get(pk=pk)).data)
