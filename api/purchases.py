"""`/api/v1/purchases/`: purchases of the reader's agencies, and the steps of their workflow."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.purchase_serializers import (
    DraftSerializer,
    PurchaseDetailSerializer,
    PurchaseSerializer,
    StepSerializer,
)
from api.views import Records
from procurement.errors import NotAllowed
from procurement.evidence import evidence_json, evidence_of
from procurement.filters import PurchaseFilter, purchases_for_list
from procurement.models import Line, Move, Purchase
from procurement.permissions import may_request
from procurement.states import Action
from procurement.workflow import perform


@extend_schema_view(
    list=extend_schema(
        summary="List purchases", description="The purchases that the reader may see, newest first."
    ),
    retrieve=extend_schema(summary="Read one purchase", responses={200: PurchaseDetailSerializer}),
)
class PurchaseViewSet(ListModelMixin, RetrieveModelMixin, Records[Purchase]):
    serializer_class = PurchaseSerializer
    filterset_class = PurchaseFilter
    queryset = Purchase.objects.all()

    def get_serializer_class(self) -> Any:
        return PurchaseDetailSerializer if self.action == "retrieve" else PurchaseSerializer

    def get_queryset(self) -> QuerySet[Purchase]:
        lines = Line.objects.visible_to(self.person).select_related(
            "build__model__manufacturer", "supplier"
        )
        rows = purchases_for_list(self.person).select_related("agency", "requester", "dossier")
        if self.action == "list":
            rows = rows.defer("dossier__body")
        return rows.prefetch_related(Prefetch("lines", queryset=lines, to_attr="listed_lines"))

    @extend_schema(
        summary="Ask for a purchase",
        description="By a custodian of the agency. It begins as a draft.",
        responses={201: PurchaseDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self._answer(serializer.save(), 201)

    @extend_schema(
        summary="Change a draft",
        description="By a custodian of its agency. `lines`, when sent, are all lines there shall be.",
        request=DraftSerializer,
        responses={200: PurchaseDetailSerializer},
    )
    def partial_update(self, request: Request, pk: UUID) -> Response:
        purchase = self._locked(pk)
        if not may_request(self.person, purchase.agency_id):
            raise NotAllowed("role", _("Only a custodian of its agency changes a purchase."))
        context = self.get_serializer_context()
        serializer = DraftSerializer(purchase, data=request.data, partial=True, context=context)
        serializer.is_valid(raise_exception=True)
        return self._answer(serializer.save(), 200)

    @extend_schema(
        summary="Take a step of the workflow",
        description="403 when you may not take it, 409 when it is not possible now or something changed.",
        parameters=[OpenApiParameter("step", str, OpenApiParameter.PATH, enum=Action.values)],
        request=StepSerializer,
        responses={200: PurchaseDetailSerializer},
    )
    def take_step(self, request: Request, pk: UUID, step: str) -> Response:
        purchase = get_object_or_404(Purchase.objects.visible_to(self.person), pk=pk)
        if step not in Action.values:
            raise Http404
        serializer = StepSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        perform(step, purchase.pk, by=self.person, request=serializer.step())
        return self._answer(purchase, 200)

    @extend_schema(
        summary="Read the evidence of a decision",
        description="All that a decision, an order or a receipt rested on, as it was frozen then. Always the same bytes.",
        parameters=[OpenApiParameter("no", int, OpenApiParameter.PATH)],
        responses={200: OpenApiTypes.OBJECT},
    )
    def evidence(self, request: Request, pk: UUID, no: int) -> HttpResponse:
        purchase = get_object_or_404(Purchase.objects.visible_to(self.person), pk=pk)
        try:
            pack = evidence_of(purchase, no, self.person)
        except Move.DoesNotExist:
            raise Http404 from None
        return HttpResponse(evidence_json(pack), content_type="application/json")

    def _locked(self, pk: UUID) -> Purchase:
        """Nobody else changes or moves it until this request ends."""
        Purchase.objects.visible_to(self.person).select_for_update().filter(pk=pk).first()
        return self.get_object()

    def _answer(self, purchase: Purchase, status: int) -> Response:
        stored = self.get_queryset().get(pk=purchase.pk)
        context = self.get_serializer_context()
        return Response(PurchaseDetailSerializer(stored, context=context).data, status=status)
