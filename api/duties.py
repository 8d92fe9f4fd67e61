"""`/api/v1/ties/` and `/api/v1/substitutions/`: what keeps one from deciding, and who decides in one's stead."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import LENT_ROLE_CHOICES, Person, Substitution
from agencies.substitutions import end_substitution, lay_down, substitutions_of
from api.fields import Code, Day, Related, Text, text_of
from api.serializers import AgencyCode, StrictSerializer
from api.views import RegistryView
from procurement.models import Purchase, Tie
from procurement.ties import declare_tie, end_tie, ties_of
from registry.models import Vendor


class TieSerializer(StrictSerializer):
    """What ties the reader to a vendor or to a purchase that they see. One that has ended stays in the list."""

    id = serializers.UUIDField(read_only=True)
    vendor = Related(queryset=Vendor.objects.current(), required=False, allow_null=True)
    purchase = serializers.UUIDField(source="purchase_id", required=False, allow_null=True)
    what = text_of(Tie, "what", allow_blank=False, lines=True)
    declared_at = serializers.DateTimeField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def validate_purchase(self, pk: UUID | None) -> UUID | None:
        if pk and not Purchase.objects.visible_to(self.person).filter(pk=pk).exists():
            raise serializers.ValidationError(_("There is none of this id that you may name here."))
        return pk


class SubstitutionSerializer(serializers.Serializer[Substitution]):
    """Somebody stands in for another from `since` through `last_day`, unless it was ended before."""

    id = serializers.IntegerField()
    away = serializers.EmailField(source="person.email", help_text="Who is away.")
    substitute = serializers.EmailField(source="substitute.email")
    role = serializers.ChoiceField(LENT_ROLE_CHOICES)
    agency = serializers.CharField(source="agency.code")
    since = serializers.DateField()
    last_day = serializers.SerializerMethodField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_last_day(self, row: Substitution) -> str:
        return (row.until - timedelta(days=1)).isoformat()


class NewSubstitutionSerializer(StrictSerializer):
    """`away` is who is away: the reader when it is left out; an administrator names others."""

    away = Text(required=False, max_length=254)
    substitute = Text(max_length=254)
    role = Code(choices=LENT_ROLE_CHOICES)
    agency = AgencyCode()
    since = Day()
    last_day = Day()

    def validate_away(self, email: str) -> Person:
        return _person(email)

    def validate_substitute(self, email: str) -> Person:
        return _person(email)

    def substitution(self) -> Substitution:
        given = dict(self.validated_data)
        until = given.pop("last_day") + timedelta(days=1)
        return Substitution(person=given.pop("away", self.person), until=until, **given)


def _person(email: str) -> Person:
    found = Person.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise serializers.ValidationError(_("Nobody signs in under this address."))
    return found


class TiesView(RegistryView):
    @extend_schema(summary="List your ties", responses={200: TieSerializer(many=True)})
    def get(self, request: Request) -> Response:
        return Response(TieSerializer(ties_of(self.person), many=True).data)

    @extend_schema(
        summary="Declare a tie",
        description="You decide on nothing that concerns it from now on. Nobody else reads it but in the audit trail.",
        request=TieSerializer,
        responses={201: TieSerializer},
    )
    def post(self, request: Request) -> Response:
        given = TieSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        tie = declare_tie(tie=Tie(**given.validated_data), by=self.person)
        return Response(TieSerializer(tie).data, status=201)


class EndTieView(RegistryView):
    @extend_schema(summary="End a tie", request=None, responses={200: TieSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        try:
            return Response(TieSerializer(end_tie(tie_id=pk, by=self.person)).data)
        except Tie.DoesNotExist:
            raise Http404 from None


class SubstitutionsView(RegistryView):
    @extend_schema(
        summary="List your substitutions",
        description="Those in which you are away or stand in, and those that you laid down, newest first.",
        responses={200: SubstitutionSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        rows: Any = substitutions_of(self.person)
        return Response(SubstitutionSerializer(rows, many=True).data)

    @extend_schema(
        summary="Name a substitute",
        request=NewSubstitutionSerializer,
        responses={201: SubstitutionSerializer},
    )
    def post(self, request: Request) -> Response:
        given = NewSubstitutionSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        stored = lay_down(substitution=given.substitution(), by=self.person)
        return Response(SubstitutionSerializer(stored).data, status=201)


class EndSubstitutionView(RegistryView):
    @extend_schema(
        summary="End a substitution",
        description="By one of the two people, or an administrator.",
        request=None,
        responses={200: SubstitutionSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        try:
            return Response(SubstitutionSerializer(end_substitution(pk=pk, by=self.person)).data)
        except Substitution.DoesNotExist:
            raise Http404 from None
