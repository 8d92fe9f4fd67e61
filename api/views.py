"""What every view of the interface has in common."""

from functools import partial
from typing import Any, TypeVar

from django.db.models import Model
from django.http import Http404
from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from agencies.models import Person
from api.authentication import TokenAuthentication
from api.filtering import StrictFilters
from api.idempotency import Handler, key_of, once
from api.openapi import RegistrySchema
from api.pagination import CursorPages
from api.parsers import StrictJSONParser
from api.permissions import IsMember, TokenMayWrite, person_of
from api.throttles import PersonThrottle

M = TypeVar("M", bound=Model)


class AlwaysJSON(DefaultContentNegotiation):
    """Answers JSON whatever the client says it accepts; reads what the view's parsers read."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class RegistryView(APIView):
    """`person` asks. Answers are of one person and kept by nobody on the way."""

    # The first one says how to sign in: 401 with `WWW-Authenticate: Bearer`.
    authentication_classes = (TokenAuthentication, SessionAuthentication)
    permission_classes = (IsMember, TokenMayWrite)
    throttle_classes = (PersonThrottle,)
    parser_classes = (StrictJSONParser,)
    content_negotiation_class: type[BaseContentNegotiation] = AlwaysJSON
    http_method_names = ["get", "head", "post", "patch"]
    schema = RegistrySchema()

    @property
    def person(self) -> Person:
        return person_of(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A change that is sent under a key is done once: its handler is asked through `once`."""
        super().initial(request, *args, **kwargs)
        key = key_of(request, self)
        method = str(request.method).lower()
        handler: Handler | None = getattr(self, method, None)
        if key and handler:
            setattr(self, method, partial(once, handler, key, self.person))

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {**super().default_response_headers, "Cache-Control": "no-store"}


class Records(RegistryView, GenericViewSet[M]):
    """Records of one kind: filtered, in pages, read one by one."""

    filter_backends = (StrictFilters,)
    pagination_class = CursorPages


class NothingHere(RegistryView):
    """Any other address under `/api/`."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404
