"""`/api/v1/notices/`: what the reader was told, in both languages, and marking it as read."""

from uuid import UUID

from django.utils.translation import override
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import Records
from records.models import Notice, NoticeQuerySet
from records.notice_kinds import NoticeKind
from records.notice_words import LANGUAGES, address, sentence
from reporting.inbox import NoticeFilter, inbox_of


class SentenceSerializer(serializers.Serializer[dict[str, str]]):
    en = serializers.CharField()
    ja = serializers.CharField()


class NoticeSerializer(serializers.Serializer[Notice]):
    """Something that the reader was told about a record."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(NoticeKind.choices)
    about = serializers.CharField(source="label", help_text="What the record is called.")
    sentence = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="Where it leads, from the root of the site.")
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(SentenceSerializer)
    def get_sentence(self, notice: Notice) -> dict[str, str]:
        said = {}
        for language in LANGUAGES:
            with override(language):
                said[language] = sentence(notice)
        return said

    @extend_schema_field({"type": "string"})
    def get_page(self, notice: Notice) -> str:
        return address(notice)


class MarkedSerializer(serializers.Serializer[dict[str, int]]):
    marked = serializers.IntegerField(help_text="How many were not read before.")


@extend_schema_view(
    list=extend_schema(
        summary="List notices", description="What the reader was told, newest first."
    ),
    retrieve=extend_schema(summary="Read one notice"),
)
class NoticeViewSet(ListModelMixin, RetrieveModelMixin, Records[Notice]):
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    queryset = Notice.objects.all()

    def get_queryset(self) -> NoticeQuerySet:
        return inbox_of(self.person)

    @extend_schema(
        summary="Mark a notice as read",
        description="Once more changes nothing.",
        request=None,
        responses={200: NoticeSerializer},
    )
    def mark(self, request: Request, pk: UUID) -> Response:
        notice = self.get_object()
        self.get_queryset().filter(pk=notice.pk).mark_read()
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        operation_id="notices_read_all",
        summary="Mark all notices as read",
        request=None,
        responses={200: MarkedSerializer},
    )
    def mark_all(self, request: Request) -> Response:
        return Response({"marked": self.get_queryset().mark_read()})
