"""`/api/v1/purchases/<id>/claim/` and `release/`: who holds a review."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import Uuid
from api.serializers import StrictSerializer
from api.views import RegistryView
from procurement.claims import claim_review, release_review
from procurement.models import Claim


class ClaimSerializer(serializers.Serializer[Claim]):
    """Somebody holds a review. It ends by itself after `until` unless they take a step."""

    id = serializers.UUIDField()
    person = serializers.EmailField(source="person.email")
    since = serializers.DateTimeField(source="begun_at")
    until = serializers.DateField()
    instead_of = serializers.UUIDField(
        source="instead_of_id", allow_null=True, help_text="The claim that was taken over by it."
    )


class TakeSerializer(StrictSerializer):
    """`instead_of` is the id of the claim of another that is taken over; leave it out where nobody holds the review."""

    instead_of = Uuid(required=False, allow_null=True)


class ClaimView(RegistryView):
    @extend_schema(
        summary="Take a review",
        description=(
            "By whoever may decide on it. 409 with `held_by_another` when somebody holds it: read the claim of the"
            " purchase and name it in `instead_of` to take it over, which is recorded."
        ),
        request=TakeSerializer,
        responses={200: ClaimSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        given = TakeSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        over: Any = given.validated_data.get("instead_of")
        claim = claim_review(purchase_id=pk, by=self.person, instead_of=over)
        return Response(ClaimSerializer(claim).data)


class ReleaseView(RegistryView):
    @extend_schema(
        summary="Let a review go",
        description="By its holder. Others may take it then.",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        release_review(purchase_id=pk, by=self.person)
        return Response(status=204)
