"""Pages by the place of their last row: the last page is as quick as the first."""

import re
from typing import Any, Final

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from api.fields import ascii_number

_CURSOR: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}", re.ASCII)


class CursorPages(CursorPagination):
    """`?cursor=` as `next` and `previous` give it, `?page_size=` from 1 to 200; newest first."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    page_size_query_description = "Rows on a page: 50 unless said otherwise, at most 200."
    cursor_query_description = "As `next` or `previous` of another page gives it."
    ordering = "-id"
    template = None
    _model: type[Model]

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        self._model = queryset.model
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        size = ascii_number(given)
        if size is None or not 1 <= size <= self.max_page_size:
            wrong = _("Give a number from 1 to %(most)d.") % {"most": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [wrong]})
        return size

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Raises ValidationError where REST framework would answer 404, or pass nonsense to the database."""
        given = request.query_params.get(self.cursor_query_param)
        try:
            if given is not None and not _CURSOR.fullmatch(given):
                raise NotFound
            cursor = super().decode_cursor(request)
            if cursor is not None and cursor.position is not None:
                self._model._meta.pk.to_python(cursor.position)
        except (NotFound, DjangoValidationError):
            wrong = _("Take the cursor from `next` or `previous` of another page.")
            raise ValidationError({self.cursor_query_param: [wrong]}) from None
        return cursor
